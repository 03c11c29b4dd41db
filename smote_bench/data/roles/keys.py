"""The keys by which a user's file says how its rows are split and weighted.

Everything here runs while pytest collects, so it imports no pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["ROLE_KEYS", "RoleKeys", "parse_role_keys"]

ROLE_KEYS = ("groups", "time", "test", "split", "weights", "sample_weight")
"""As written in an experiment; ``sample_weight`` is another name of ``weights``."""

_TOGETHER = {
    ("test", "split"): "both give the hold-out: keep one",
    ("groups", "time"): (
        "folds in the order of time have a group on both sides where it goes on: keep one. Rows of new "
        "groups need 'groups', later rows of known groups need 'time'"
    ),
}


@dataclass(frozen=True)
class RoleKeys:
    """Columns that are no features, and a file of test rows; None where a file's entry does not name one.

    Parameters
    ----------
    groups : str, optional
        Rows with one value here are never on two sides of a split.
    time : str, optional
        Rows are tested later than all rows that train.
    test : Path, optional
        Absolute path of a file with the rows of the hold-out.
    split : str, optional
        Says of each row whether it is one of the hold-out.
    weights : str, optional
        How much a row counts in fitting and in scores.
    """

    groups: str | None = None
    time: str | None = None
    test: Path | None = None
    split: str | None = None
    weights: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are no features."""
        return tuple(name for name in (self.groups, self.time, self.split, self.weights) if name is not None)

    def to_json(self) -> dict[str, str]:
        """Return the keys that are set, as JSON values; of the test file its name."""
        named = {"groups": self.groups, "time": self.time, "split": self.split, "weights": self.weights}
        test = {} if self.test is None else {"test": self.test.name}
        return {**{key: column for key, column in named.items() if column is not None}, **test}

    def __bool__(self) -> bool:
        return bool(self.columns) or self.test is not None


def parse_role_keys(value: Mapping[str, Any], base_dir: Path, label: str) -> RoleKeys:
    """Check the keys of one user's file.

    Parameters
    ----------
    value : mapping
        The whole entry; other keys are not looked at.
    base_dir : Path
        The folder that ``test`` is relative to.
    label : str
        What messages begin with.

    Raises
    ------
    ConfigError
        If one is no text, two contradict each other, or there is no such test file.
    """
    given = {key: _text(value, key, label) for key in ROLE_KEYS if key in value}
    if "weights" in given and "sample_weight" in given:
        raise ConfigError(f"{label}: expected 'weights' or 'sample_weight', got both: keep one")
    for (one, other), why in _TOGETHER.items():
        if one in given and other in given:
            raise ConfigError(f"{label}: expected {one!r} or {other!r}, got both: {why}")
    test = (base_dir / Path(given["test"]).expanduser()).resolve() if "test" in given else None
    if test is not None and not test.is_file():
        raise ConfigError(f"{label}: expected a file at {test}, but there is none: correct 'test'")
    return RoleKeys(
        groups=given.get("groups"),
        time=given.get("time"),
        test=test,
        split=given.get("split"),
        weights=given.get("weights", given.get("sample_weight")),
    )


def _text(value: Mapping[str, Any], key: str, label: str) -> str:
    text = value[key]
    if not isinstance(text, str) or not text:
        noun = "the path of a file" if key == "test" else "the name of a column"
        mend = (
            "write their values into one column" if isinstance(text, list) and key != "test" else "quote it"
        )
        raise ConfigError(
            f"{label}: expected {noun} for {key!r}, got {text!r} ({type(text).__name__}): {mend}"
        )
    return text
