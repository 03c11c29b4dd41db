"""How a ClearML Dataset is named in an experiment: ``clearml:NAME@VERSION``, with a project, or by its id."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from smote_bench.data.cards import VERSIONS, catalogue_names, get_card
from smote_bench.errors import ConfigError

__all__ = ["PROJECT", "ClearMLName", "expected_digest", "is_clearml", "parse_clearml", "version_of"]

PROJECT = "SMOTE Test Bench"
"""The project that is meant where none is named, as in the original test bench."""

_PREFIX = "clearml:"
_ID = re.compile(r"[0-9a-fA-F]{32}")
_NAME = re.compile(r"(?:(?P<project>[^@]+)/)?(?P<name>[^/@]+)@(?P<version>[^/@]+)")


@dataclass(frozen=True)
class ClearMLName:
    """A ClearML Dataset as it is asked for.

    Parameters
    ----------
    source : str
        As in the experiment.
    id : str
        Its id; empty where it is named.
    project, name, version : str
        Empty where it is asked for by id.
    """

    source: str
    id: str = ""
    project: str = ""
    name: str = ""
    version: str = ""


def is_clearml(source: object) -> bool:
    """Tell whether a source is written ``clearml:...``."""
    return isinstance(source, str) and source.startswith(_PREFIX)


def parse_clearml(source: str) -> ClearMLName:
    """Read ``clearml:NAME@VERSION``, ``clearml:PROJECT/NAME@VERSION`` or ``clearml:ID``; asks no network.

    Raises
    ------
    ConfigError
        If it is neither.

    Examples
    --------
    >>> parse_clearml("clearml:My tables/Ecoli@raw").project
    'My tables'
    """
    text = source.removeprefix(_PREFIX)
    if _ID.fullmatch(text):
        return ClearMLName(source, id=text.lower())
    found = _NAME.fullmatch(text)
    parts = {key: value or "" for key, value in found.groupdict().items()} if found else {}
    if not found or any(part != part.strip() for part in parts.values()):
        raise ConfigError(
            "expected 'clearml:NAME@VERSION', 'clearml:PROJECT/NAME@VERSION' or 'clearml:ID' with an id of "
            f"32 hexadecimal digits, got {source!r}{_hint(text)}"
        )
    return ClearMLName(source, **{**parts, "project": parts["project"] or PROJECT})


def version_of(source: object) -> str | None:
    """Return ``raw`` or ``processed`` where the name of a ClearML Dataset tells which it is, or None.

    >>> version_of("clearml:Ecoli@processed-2")
    'processed'
    """
    if not is_clearml(source):
        return None
    named = parse_clearml(str(source)).version
    return next((v for v in VERSIONS if named == v or named.startswith(f"{v}-")), None)


def expected_digest(name: str, version: str) -> str | None:
    """Return the digest that the catalogue has for a name and a version, or None if it has no such set."""
    if name not in catalogue_names() or version not in VERSIONS:
        return None
    card = get_card(name)
    return card.digest if version == "raw" else card.digest_processed


def _hint(text: str) -> str:
    if "@" not in text:
        close = difflib.get_close_matches(text, catalogue_names(), n=1)
        likely = text if re.fullmatch(r"[\w.-]+", text) and not close else (close or ["Ecoli"])[0]
        return f": name a version too, as in 'clearml:{likely}@raw'"
    return ": one '@' stands between name and version, and '/' only behind the project"
