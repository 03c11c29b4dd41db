"""The cards of the catalogue: what is known of each dataset before a row of it is read.

Reading cards needs the standard library and PyYAML only, because pytest collects the grid from them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["VERSIONS", "Card", "catalogue_names", "check_version", "data_folder", "get_card"]

VERSIONS = ("raw", "processed")


@dataclass(frozen=True)
class Card:
    """What is known of a dataset: where it comes from, how its file is read, and what must be found in it.

    Parameters
    ----------
    name, title, source, licence, citation : str
        Who made the data, who passes them on, under which terms, and what to cite.
    file : str
        Name of the file in a data folder; ``.csv`` or ``.csv.gz``.
    target : str
        Name of the target column in `file`.
    minority : str
        Which rows are the minority: a value of the target, or for a numeric target a condition such as
        ``>0.65``.
    majority : str
        The other label of the target, where there is only one.
    columns : tuple of str or None
        The features, in this order; None takes every column but the target.
    nominal : tuple of str
        Features without an order; they are one-hot encoded.
    ordinal : tuple of (str, tuple of str)
        Features with ordered categories, each with its categories from lowest to highest.
    drop_duplicates : bool
        Whether repeated rows are removed, from the whole table, before anything is split.
    sha256, sha256_uncompressed : str
        Checksums of `file` as stored, and of its content where that is compressed.
    digest, digest_processed : str
        Digests of the content of the two versions (`smote_bench.data.digests.content_digest`).
    rows, features, minority_rows, duplicates, outliers, missing : int
        Counts in the raw version. A row is an outlier if any numeric feature lies more than three standard
        deviations from its mean; outliers are reported here and never removed.
    ratio : float
        Majority rows for each minority row in the raw version.
    openml : int or None
        Number of the same table on OpenML, where it can be fetched from.
    bytes : int
        Size of `file`.
    remarks : str
        What a user should know, errors in the literature included.
    """

    name: str
    title: str
    source: str
    licence: str
    citation: str
    file: str
    target: str
    minority: str
    rows: int
    features: int
    minority_rows: int
    majority: str = ""
    ratio: float = 0.0
    duplicates: int = 0
    outliers: int = 0
    missing: int = 0
    columns: tuple[str, ...] | None = None
    nominal: tuple[str, ...] = ()
    ordinal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    drop_duplicates: bool = True
    sha256: str = ""
    sha256_uncompressed: str = ""
    digest: str = ""
    digest_processed: str = ""
    openml: int | None = None
    bytes: int = 0
    remarks: str = ""

    role_columns = ()  # nothing but features and target
    kinds_stated = True  # the card names every column that is not numeric


def catalogue_names() -> tuple[str, ...]:
    """Return the names of the catalogue, in its order."""
    return tuple(_cards())


def get_card(name: str) -> Card:
    """Return the card of a dataset of the catalogue.

    Raises
    ------
    ConfigError
        If the catalogue has no dataset of that name.

    Examples
    --------
    >>> get_card("Mammography").rows
    11183
    """
    cards = _cards()
    if name not in cards:
        raise ConfigError(
            f"expected a dataset of the catalogue, got {name!r}.{did_you_mean(name, cards)} "
            f"There are: {', '.join(cards)}; 'keel:NAME'; 'clearml:NAME@VERSION'; or your own file as "
            f"{{name, file, target, minority}}"
        )
    return cards[name]


def check_version(version: str) -> str:
    """Return `version` if datasets have it.

    Raises
    ------
    ConfigError
        If it is neither ``raw`` nor ``processed``.
    """
    if version not in VERSIONS:
        raise ConfigError(
            f"expected a dataset version of {', '.join(VERSIONS)}, got "
            f"{version!r}.{did_you_mean(version, VERSIONS)}"
        )
    return version


def data_folder() -> Path:
    """Return the folder of the catalogue: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_datasets"
    return installed if installed.is_dir() else package.parent / "datasets"


@functools.cache
def _cards() -> dict[str, Card]:
    path = data_folder() / "catalogue.yaml"
    # libyaml reads the file ten times faster, but is not part of every build of PyYAML.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return {name: _card(name, entry, path) for name, entry in entries.items()}


def _card(name: str, entry: Mapping[str, Any], path: Path) -> Card:
    known = {field.name for field in fields(Card)}
    for key in entry:
        if key not in known:
            raise ConfigError(
                f"{path.name}: {name}: expected a field of a card, got {key!r}.{did_you_mean(key, known)}"
            )
    values = dict(entry)
    values["minority"] = str(entry["minority"])
    values["majority"] = str(entry.get("majority", ""))
    values["nominal"] = tuple(entry.get("nominal", ()))
    values["ordinal"] = tuple((column, tuple(order)) for column, order in entry.get("ordinal", {}).items())
    values["columns"] = tuple(entry["columns"]) if "columns" in entry else None
    return Card(name=name, **values)
