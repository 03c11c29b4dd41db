"""The readable part of a baseline, ``NAME.json``: found by name, read and checked, listed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.runs.manifest_file import read_json

__all__ = [
    "FOLDER",
    "FORMAT",
    "ListedBaseline",
    "baseline_names",
    "check_digest",
    "check_name",
    "file_beside",
    "find_baseline",
    "list_baselines",
    "read_header",
    "readable_json",
]

FORMAT = 1
"""Version of the files; a release reads its own and older ones."""

FOLDER = "baselines"
_NAME = re.compile(r"\w[\w.+-]*")
_WIDE = 100
_KEYS = ("cases", "files", "history", "made_at", "metrics", "n_seeds", "n_splits", "reason")
"""Some of those that every header has."""


@dataclass(frozen=True)
class ListedBaseline:
    """What the list says of one baseline.

    Parameters
    ----------
    name : str
    path : Path
        Of its JSON file.
    n_bytes : int
        Of all its files.
    header : mapping
        What the JSON says; empty where it cannot be read.
    remark : str
        Why it cannot be read, and what to do; empty where it can.
    """

    name: str
    path: Path
    n_bytes: int
    header: Mapping[str, Any] = field(default_factory=dict)
    remark: str = ""


def check_name(name: str) -> None:
    """Refuse a name that would not do as a file's.

    Raises
    ------
    ConfigError
    """
    if not _NAME.fullmatch(name) or name.endswith(".json"):
        raise ConfigError(
            f"expected a baseline's name of letters, digits and the signs . _ + -, got {name!r}: "
            "name it like main or v1.2; the folder is given by --reports (from Python: out)"
        )


def baseline_names(reports: Path) -> list[str]:
    """Return the names of the baselines below a folder of reports, sorted."""
    return sorted(path.name.removesuffix(".json") for path in Path(reports, FOLDER).glob("*.json"))


def find_baseline(name_or_path: str | Path, reports: Path = Path("reports")) -> Path:
    """Return the JSON file of the baseline that is meant.

    Parameters
    ----------
    name_or_path : str or Path
        A name below ``reports/baselines``; or a path, with a folder in it or the suffix ``.json``.
    reports : Path

    Raises
    ------
    ConfigError
        If there is none.
    """
    text = str(name_or_path)
    if text.endswith(".json") or len(Path(text).parts) > 1:
        path = Path(text.removesuffix(".json") + ".json")
        names, place = baseline_names(path.parent.parent), path.parent
    else:
        path = Path(reports, FOLDER, f"{text}.json")
        names, place = baseline_names(reports), path.parent
    if path.is_file():
        return path
    wanted = path.name.removesuffix(".json")
    there = f"there are {', '.join(names)}" if names else "there is none"
    raise ConfigError(
        f"expected the name of a baseline in {str(place)!r}, or the path of one, got {text!r}."
        f"{did_you_mean(wanted, names)} In that folder {there}; `smote-bench baseline save {wanted}` makes it"
    )


def file_beside(path: Path, part: str) -> Path:
    """Return the path of a baseline's ``fits`` or ``samples``."""
    return path.with_name(f"{path.name.removesuffix('.json')}.{part}.parquet")


def read_header(path: Path) -> dict[str, Any]:
    """Return what a baseline's JSON says.

    Raises
    ------
    ConfigError
        If it is damaged, none, or of a newer release.
    """
    restore = "restore the baseline's files from git, or delete them and save it again"
    try:
        header = read_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"expected a baseline's JSON, got {str(path)!r}, which cannot be read ({error}): {restore}"
        ) from error
    found = header.get("format") if isinstance(header, dict) else None
    if type(found) is not int:
        raise ConfigError(
            f"expected a baseline's JSON with its format's number, got {str(path)!r} with "
            f"format {found!r}: {restore}"
        )
    if found > FORMAT:
        raise ConfigError(
            f"expected a baseline of format {FORMAT} at most, got format {found} in {str(path)!r}: upgrade "
            "smote-bench to the release that wrote it, or save the baseline again with this one"
        )
    missing = [key for key in _KEYS if key not in header]
    if missing:
        raise ConfigError(
            f"expected a baseline's JSON with {', '.join(_KEYS)}, got {str(path)!r} without "
            f"{', '.join(missing)}: {restore}"
        )
    return dict(header)


def check_digest(path: Path, part: str, expected: str) -> None:
    """Check that a baseline's other file is the one that was saved with its JSON.

    Raises
    ------
    ConfigError
        If it is missing, damaged, or from another save.
    """
    file = file_beside(path, part)
    remedy = f"restore {file.name} and {path.name} from one commit, or save the baseline again"
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(
            f"expected {str(file)!r} beside the baseline's JSON, got {error.strerror or error}: {remedy}"
        ) from error
    if found != expected:
        raise ConfigError(
            f"expected {str(file)!r} with the digest {expected[:16]} that {path.name} names, got "
            f"{found[:16]}: it is damaged or from another save; {remedy}"
        )


def list_baselines(reports: Path = Path("reports")) -> list[ListedBaseline]:
    """Return every baseline below a folder of reports by name; what cannot be read is named, not fatal."""
    found = []
    for name in baseline_names(reports):
        path = Path(reports, FOLDER, f"{name}.json")
        files = [path, file_beside(path, "fits"), file_beside(path, "samples")]
        n_bytes = sum(file.stat().st_size for file in files if file.is_file())
        try:
            found.append(ListedBaseline(name, path, n_bytes, read_header(path)))
        except ConfigError as error:
            found.append(ListedBaseline(name, path, n_bytes, remark=str(error)))
    return found


def readable_json(value: Any, indent: str = "") -> str:
    """Return JSON with sorted keys; what fits into a line stands in one, so that git shows what changed.

    >>> print(readable_json({"b": [1, 2], "a": {}}))
    {"a": {}, "b": [1, 2]}
    """
    line = json.dumps(value, sort_keys=True, ensure_ascii=False)
    is_flat = not isinstance(value, dict | list) or len(indent) + len(line) <= _WIDE
    if is_flat or not value:
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        items = [
            f"{json.dumps(k, ensure_ascii=False)}: {readable_json(value[k], deeper)}" for k in sorted(value)
        ]
        return "{\n" + ",\n".join(deeper + item for item in items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + readable_json(item, deeper) for item in value) + f"\n{indent}]"
