"""Where the files of the catalogue come from: bundled, a folder of the user's, the cache, or OpenML.

They are asked in this order. Whatever the provider, the content is checked against the card when it is read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from smote_bench.data import openml
from smote_bench.data.cards import Card, data_folder
from smote_bench.errors import UnavailableError

__all__ = [
    "Located",
    "cache_folder",
    "fetch",
    "locate",
    "locate_or_fetch",
    "provider_of",
    "remedy_for_mismatch",
]


@dataclass(frozen=True)
class Located:
    """A file of the catalogue on this machine, and the provider that has it: bundled, directory or cache."""

    path: Path
    provider: str


def cache_folder() -> Path:
    """Return the folder where fetched datasets are kept; ``SMOTE_BENCH_CACHE`` overrides the platform's."""
    return Path(os.environ.get("SMOTE_BENCH_CACHE") or platformdirs.user_cache_dir("smote-bench"))


def locate(card: Card, data_dir: Path | None = None) -> Located | None:
    """Find the file of a card on this machine, without reading it.

    Parameters
    ----------
    card : Card
        A card of the catalogue.
    data_dir : Path, optional
        A folder of files named as on their cards; the default is the environment's ``SMOTE_BENCH_DATA``.
    """
    for provider, folder in _folders(data_dir):
        path = folder / card.file
        if path.is_file():
            return Located(path, provider)
    return None


def locate_or_fetch(card: Card, data_dir: Path | None = None) -> Located:
    """Find the file of a card on this machine, or fetch it.

    Raises
    ------
    UnavailableError
        If no provider has it; the reason says why for each of them.
    DigestMismatch
        If OpenML sends something else.
    """
    found = locate(card, data_dir)
    if found is not None:
        return found
    try:
        return Located(openml.fetch_once(card, cache_folder()), "cache")
    except UnavailableError as error:
        raise UnavailableError(_why_not(card, data_dir, error.reason), _remedy(card)) from error


def fetch(card: Card) -> Located:
    """Fetch a card's file into the cache unless it is bundled, again if the cache has it already.

    Raises
    ------
    UnavailableError
        If it cannot be fetched.
    DigestMismatch
        If OpenML sends something else; the cache is left as it was.
    """
    bundled = data_folder() / "data" / card.file
    if bundled.is_file():
        return Located(bundled, "bundled")
    try:
        return Located(openml.fetch(card, cache_folder()), "cache")
    except UnavailableError as error:
        raise UnavailableError(error.reason, _remedy(card)) from error


def provider_of(card: Card, data_dir: Path | None = None) -> str:
    """Say where a dataset would come from: bundled, directory, cache, openml or unavailable.

    No network is asked, so ``openml`` only means that it would be tried.
    """
    found = locate(card, data_dir)
    if found is not None:
        return found.provider
    return "unavailable" if openml.why_not(card) else "openml"


def remedy_for_mismatch(card: Card, located: Located) -> str:
    """Say what to do about a located file that is not what the card says."""
    if located.provider == "cache":
        return f"delete it, or run `smote-bench datasets fetch {card.name}`"
    if located.provider == "bundled":
        return "restore the bundled file, or name changed data as your own: {name, file, target, minority}"
    return "put the right file there, or name changed data as your own: {name, file, target, minority}"


def _directory(data_dir: Path | None) -> Path | None:
    if data_dir is not None:
        return Path(data_dir)
    named = os.environ.get("SMOTE_BENCH_DATA")
    return Path(named) if named else None


def _folders(data_dir: Path | None) -> list[tuple[str, Path]]:
    directory = _directory(data_dir)
    return [
        ("bundled", data_folder() / "data"),
        *([("directory", directory)] if directory is not None else []),
        ("cache", cache_folder()),
    ]


def _why_not(card: Card, data_dir: Path | None, why_not_openml: str) -> str:
    directory = _directory(data_dir)
    if directory is None:
        named = "no directory of data is named"
    elif not directory.is_dir():
        named = f"the directory {directory} does not exist"
    else:
        named = f"the directory {directory} has no {card.file}"
    return (
        f"{card.name} is not bundled, {named}, the cache {cache_folder()} has no {card.file}, "
        f"and {why_not_openml}"
    )


def _remedy(card: Card) -> str:
    return (
        f"get {card.file} and name its directory with --smote-data DIR or SMOTE_BENCH_DATA, "
        f"or run `smote-bench datasets fetch {card.name}` where OpenML can be reached"
    )
