"""What identifies a dataset's content, and its size, before anything is loaded.

Everything here runs while pytest collects: bytes are hashed, nothing is parsed, and pandas is not imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smote_bench.data import keel
from smote_bench.data.cards import Card, check_version, get_card
from smote_bench.data.clearml_tables.names import is_clearml
from smote_bench.data.clearml_tables.reading import clearml_identity, clearml_size
from smote_bench.data.digests import file_sha256, files_sha256
from smote_bench.data.files.compressed import PACKED, READ_ERRORS, open_binary
from smote_bench.data.files.formats import format_of
from smote_bench.data.preprocessing import Preprocessing
from smote_bench.data.providers import locate
from smote_bench.data.sources import UserFile
from smote_bench.data.tables.layouts import FEATURE_MARKERS
from smote_bench.errors import ConfigError

__all__ = ["fingerprint", "size_hint"]

_HEAD_BYTES = 65536

# Part of every fingerprint: raise it when reading or the recipe gives other values from the same file.
_READING = 2
_READING_OF_FILES = 4
"""The same for users' own files: identifiers, dates and clothed numbers are no categories since 3; since 4
the decimal mark is one decision for all columns."""


def fingerprint(
    source: str | UserFile,
    version: str = "raw",
    *,
    data_dir: Path | None = None,
    recipe: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return JSON values that identify the content a source would load, without loading it.

    Nobody can tell what lies in ClearML before it is here: ``clearml:...`` is fetched into the cache first.

    If any cell of the file, the target, the minority, a column's kind, or the handling of duplicates changes,
    so does this. It is part of the key of every stored result.

    Parameters
    ----------
    source : str or UserFile
        What `parse_source` returned.
    version : {"raw", "processed"}
        The version of the dataset.
    data_dir : Path, optional
        As for `load_dataset`.
    recipe : mapping of JSON values, optional
        Parameters of the recipe (`Preprocessing.to_json`) that made ``processed``.

    Raises
    ------
    ConfigError, UnavailableError
        If there is no such source. That a set of the catalogue is on no disk here is no error: its digest is
        known.
    """
    known: dict[str, Any] = {"version": check_version(version), "reading": _READING}
    if version == "processed":
        known["recipe"] = dict(recipe) if recipe is not None else Preprocessing().to_json()
    if isinstance(source, UserFile):
        return {
            **known,
            "reading": _READING_OF_FILES,
            "file": _user_file_sha256(source),
            "missing": list(FEATURE_MARKERS),
            **_layout(source),
            # only where there are some: the keys of results without them stay as they were
            **({"roles": source.roles.to_json()} if source.roles else {}),
            **({"drop": sorted(source.drop)} if source.drop else {}),
            **({"read": source.read.to_json()} if source.read else {}),
            **({"kinds": kinds} if (kinds := source.kind_keys.to_json()) else {}),
        }
    if keel.is_keel(source):
        return {**known, **keel.keel_identity(source)}
    if is_clearml(source):
        return {**known, **clearml_identity(source)}
    card = get_card(source)
    located = locate(card, data_dir)
    found = None if located is None else file_sha256(located.path)
    # A file that is not, byte for byte, the card's has the card's content or fails to load; until it is read
    # nobody knows which, so it must not share the results of the right one.
    content = (
        {"digest": card.digest} if found in (None, card.sha256) else {"file": found, "digest": card.digest}
    )
    return {**known, **content, **_layout(card)}


def size_hint(source: str | UserFile) -> tuple[int, int]:
    """Return about how many rows and features a source has, to put the longest work first.

    Raises
    ------
    ConfigError, UnavailableError
        If there is no such source.
    """
    if isinstance(source, UserFile):
        return _parquet_size(source) if format_of(source.file) == "parquet" else _text_size(source)
    if keel.is_keel(source):
        known = keel.get_keel_set(source)
        return known.rows, known.features
    if is_clearml(source):
        return clearml_size(source)
    card = get_card(source)
    return card.rows, card.features


def _layout(source: Card | UserFile) -> dict[str, Any]:
    return {
        "target": source.target,
        "minority": source.minority if isinstance(source.minority, str) else list(source.minority),
        "columns": list(source.columns) if source.columns is not None else None,
        "nominal": list(source.nominal),
        "ordinal": [[name, list(order)] for name, order in source.ordinal],
        "drop_duplicates": source.drop_duplicates,
    }


def _user_file_sha256(source: UserFile) -> str:
    try:
        return files_sha256(source.file, source.roles.test)
    except OSError as error:
        raise ConfigError(f"{source.name}: expected to read {source.file}, got {error}") from error


def _parquet_size(source: UserFile) -> tuple[int, int]:
    import pyarrow.parquet

    known = pyarrow.parquet.read_metadata(source.file)
    return known.num_rows, known.num_columns - 1


def _text_size(source: UserFile) -> tuple[int, int]:
    packed = source.file.suffix.lower() in PACKED
    try:
        with open_binary(source.file) as stream:
            head = stream.read(_HEAD_BYTES)
    except READ_ERRORS:  # to be told when it is read
        head = b""
    n_lines = max(head.count(b"\n"), 1)
    # Text packs to about a quarter; reading a large file to its end would cost more than the answer is worth.
    n_bytes = source.file.stat().st_size * (4 if packed else 1)
    n_rows = n_lines - 1 if len(head) < _HEAD_BYTES else n_bytes * n_lines // len(head)
    first = head.split(b"\n", 1)[0]
    return max(n_rows, 1), max(*(first.count(mark) for mark in (b",", b";", b"\t", b"|")), 1)
