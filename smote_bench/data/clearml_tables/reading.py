"""Data sets that lie in ClearML, as an experiment names them: fetched once into the cache, checked when read.

ClearML's library is used in a process apart (`process`); without it, without credentials or a server
what is in the cache is read all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.clearml_tables.metadata import TableNotes, notes_of
from smote_bench.data.clearml_tables.names import ClearMLName, expected_digest, parse_clearml
from smote_bench.data.clearml_tables.process import answers_of, check_reachable
from smote_bench.data.digests import DigestMismatch, content_digest, file_sha256
from smote_bench.data.fetching import once, turn
from smote_bench.data.providers import cache_folder
from smote_bench.data.tables.table_files import read_table
from smote_bench.errors import ConfigError, SmoteBenchError, UnavailableError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "ClearMLTable",
    "clearml_identity",
    "clearml_remarks",
    "clearml_size",
    "fetch",
    "fetch_once",
    "read_clearml_table",
]

_TABLE = "table.csv"
_NOTES = "dataset.json"
_SCHEMA = 1
_UNKNOWN_SIZE = (1000, 10)

_failures: dict[tuple[str, Path], SmoteBenchError] = {}


@dataclass(frozen=True)
class ClearMLTable:
    """A data set in the cache.

    Parameters
    ----------
    folder : Path
        Of the cache.
    id, project, name, version, server : str
        What it is in ClearML, and where.
    notes : TableNotes
        How it is read.
    digest : str
        Of the content when it was fetched.
    rows, features : int
    """

    folder: Path
    id: str
    project: str
    name: str
    version: str
    server: str
    notes: TableNotes
    digest: str
    rows: int
    features: int

    @property
    def path(self) -> Path:
        """The CSV file."""
        return self.folder / _TABLE

    @property
    def where(self) -> str:
        """What it is in ClearML, in words."""
        named = f"{self.project}/{self.name}, version {self.version}"
        return f"ClearML data set {self.id} ({named}) at {self.server}"


def fetch_once(source: str) -> ClearMLTable:
    """Like `fetch`, but from the cache where it is there, and a failure is repeated without asking again."""
    known = _cached(parse_clearml(source))
    if known is not None:
        return known
    return once(_failures, (source, cache_folder()), lambda: fetch(source, again=False))


def fetch(source: str, *, again: bool = True) -> ClearMLTable:
    """Fetch a data set from ClearML into the cache, and check it before it is put in place.

    Parameters
    ----------
    source : str
        ``clearml:...``.
    again : bool
        Whether to fetch although it is there.

    Raises
    ------
    ConfigError
        If the name is wrong, or the table cannot be read.
    UnavailableError
        If ClearML cannot be asked or has no such data set.
    DigestMismatch
        If the content is not what its metadata, the catalogue or the cache say; the cache is left as it was.
    """
    name = parse_clearml(source)
    check_reachable(source)
    folder = _folder(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with turn("fetch", folder, provider="ClearML") as failed_meanwhile:
            known = _cached(name)
            if known is not None and not again:
                return known
            if failed_meanwhile:
                raise UnavailableError(failed_meanwhile, "try again later")
            return _fetch_into(folder, name, known)
    except OSError as error:
        raise UnavailableError(
            f"the cache {folder} cannot be written ({error})", "set SMOTE_BENCH_CACHE"
        ) from error


def read_clearml_table(source: str) -> tuple[ClearMLTable, pd.DataFrame, np.ndarray]:
    """Return a data set's description, features and binary target; fetch it if it is not in the cache.

    Raises
    ------
    ConfigError, UnavailableError, DigestMismatch
        As `fetch`; the digest is checked at every reading.
    """
    table = fetch_once(source)
    remedy = f"run `smote-bench datasets fetch '{source}'` to fetch it again"
    try:
        X, y = read_table(table.path, table.notes)
        found = content_digest(X, y)
    except ConfigError as error:
        found = f"none ({error})"
    expected = expected_digest(table.name, table.version) or table.digest
    if found != expected:
        raise DigestMismatch(source, str(table.path), expected=expected, found=found, remedy=remedy)
    return table, X, y


def clearml_identity(source: str) -> dict[str, Any]:
    """Return what identifies the content that would be read; it is fetched if it is not in the cache.

    Raises
    ------
    ConfigError, UnavailableError, DigestMismatch
        As `fetch`.
    """
    table = fetch_once(source)
    return {"clearml": table.id, "file": file_sha256(table.path), "layout": table.notes.to_json()}


def clearml_size(source: str) -> tuple[int, int]:
    """Return rows and features where the cache knows them, or else a guess; asks no network."""
    known = _cached(parse_clearml(source))
    return (known.rows, known.features) if known else _UNKNOWN_SIZE


def clearml_remarks(source: str) -> tuple[str, ...]:
    """Return how a data set without our metadata was read, in words, once the cache has it."""
    try:
        known = _cached(parse_clearml(source))
    except ConfigError:  # the cells have said so
        return ()
    return (known.notes.remarks,) if known is not None and not known.notes.kinds_stated else ()


def _fetch_into(folder: Path, name: ClearMLName, known: ClearMLTable | None) -> ClearMLTable:
    # The temporary folder lies inside the cache, so that files can be put in place in one step.
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as scratch:
        path = Path(scratch, _TABLE)
        asked = {"id": name.id, "project": name.project, "name": name.name, "version": name.version}
        (answer,) = answers_of({"do": "fetch", "to": str(path), **asked})
        notes = notes_of(answer["metadata"], name.source, path)
        X, y = read_table(path, notes)
        digest = content_digest(X, y)
        kept = {key: str(answer[key]) for key in ("id", "project", "name", "version", "server")}
        table = ClearMLTable(folder, notes=notes, digest=digest, rows=len(X), features=X.shape[1], **kept)
        _check(table, known)
        described = {"schema": _SCHEMA, **kept, "digest": digest, "rows": len(X), "features": X.shape[1]}
        notes_file = Path(scratch, _NOTES)
        notes_file.write_text(
            json.dumps({**described, "notes": notes.to_json()}, indent=1) + "\n", encoding="utf-8"
        )
        path.replace(table.path)
        notes_file.replace(folder / _NOTES)  # last: what has no notes is not there
    return table


def _check(table: ClearMLTable, known: ClearMLTable | None) -> None:
    """Raise unless the content is what the metadata, the catalogue and an earlier fetch say."""
    source, found = table.notes.name, table.digest
    nothing = "nothing was stored"
    if table.notes.digest not in ("", found):
        raise DigestMismatch(
            source,
            table.where,
            expected=table.notes.digest,
            found=found,
            remedy=f"{nothing}; its file is not the one its metadata are of: publish it again under another "
            "version with `smote-bench datasets push ... --as VERSION`",
        )
    of_catalogue = expected_digest(table.name, table.version)
    if of_catalogue not in (None, found):
        raise DigestMismatch(
            source,
            table.where,
            expected=str(of_catalogue),
            found=found,
            remedy=f"{nothing}; that is not the catalogue's {table.name}: publish changed data under a name "
            "of their own, or under another version",
        )
    if known is not None and known.digest != found:
        raise DigestMismatch(
            source,
            table.where,
            expected=known.digest,
            found=found,
            remedy=f"{nothing}; it has changed since it was fetched: if that is right, remove "
            f"{table.folder} and fetch it again",
        )


def _cached(name: ClearMLName) -> ClearMLTable | None:
    """Return what the cache has, or None."""
    folder = _folder(name)
    try:
        values: Mapping[str, Any] = json.loads((folder / _NOTES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{name.source}: expected the notes of a fetched data set in {folder / _NOTES}, got {error}: "
            f"remove {folder}"
        ) from error
    try:
        if values["schema"] != _SCHEMA:
            return None
        notes = TableNotes.from_json(values["notes"])
        rest = {key: value for key, value in values.items() if key not in ("schema", "notes")}
        table = ClearMLTable(folder, notes=notes, **rest)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{name.source}: expected the notes of a fetched data set in {folder / _NOTES}, got other ones "
            f"({type(error).__name__}: {error}): remove {folder}"
        ) from error
    return table if table.path.is_file() else None


def _folder(name: ClearMLName) -> Path:
    """Return the folder of a data set in the cache; by name it is another one on another server."""
    asked = [name.id] if name.id else [_server(), name.project, name.name, name.version]
    digest = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]
    shown = re.sub(r"[^\w.+-]+", "_", name.id or f"{name.name}@{name.version}")
    return cache_folder() / "clearml" / f"{shown[:60]}-{digest}"


def _server() -> str:
    """Return which server ClearML is set up for, as far as that can be seen without its library."""
    named = os.environ.get("CLEARML_API_HOST")
    if named:
        return named.rstrip("/")
    path = Path(os.environ.get("CLEARML_CONFIG_FILE") or "~/clearml.conf").expanduser()
    try:
        found = re.search(
            r"^\s*api_server\s*[:=]\s*\"?([^\s\"#]+)", path.read_text("utf-8"), flags=re.MULTILINE
        )
    except (OSError, ValueError):
        found = None
    return found[1].rstrip("/") if found else ""
