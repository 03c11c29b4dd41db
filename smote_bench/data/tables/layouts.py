"""How the columns of a file are to be read, and whether it has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from smote_bench.data.files.formats import format_of
from smote_bench.data.files.header_lines import line_with
from smote_bench.data.files.read_keys import read_keys
from smote_bench.data.findings import Finding
from smote_bench.data.tables.kind_keys import KindKeys
from smote_bench.data.values.labels import number, some
from smote_bench.data.values.markers import MARKERS
from smote_bench.data.values.number_marks import NumberMarks
from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "FEATURE_MARKERS",
    "Layout",
    "check_columns",
    "dropped",
    "kind_keys",
    "likely_target",
    "markers_of",
    "marks_of",
    "no_features",
    "readings_of",
]

_LIBSVM = re.compile(r"[+-]?\d[\d.e+-]*( +qid:\d+)?( +\d+:[+-]?[\d.]+(e[+-]?\d+)?)+", re.IGNORECASE)

FEATURE_MARKERS = tuple(sorted(MARKERS))
"""What stands for a missing cell of a feature in a user's file, in any case, with blanks around it or not."""


class Layout(Protocol):
    """How the columns of a file are to be read."""

    @property
    def name(self) -> str:
        """What messages call the table."""

    @property
    def target(self) -> str:
        """The column of labels."""

    @property
    def minority(self) -> str | tuple[str, ...]:
        """Which rows are the minority: a value of the target, several, or a condition such as ``>0.65``."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The features, in order; None for every column but the target and those with roles."""

    @property
    def nominal(self) -> tuple[str, ...]:
        """The columns of categories without an order."""

    @property
    def ordinal(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The columns of categories with an order, each with its values from the lowest on."""

    @property
    def role_columns(self) -> tuple[str, ...]:
        """The columns that are no features: groups, time, split and weights."""

    @property
    def kinds_stated(self) -> bool:
        """Whether a column that is neither nominal nor ordinal is numeric; otherwise its values decide."""


def check_columns(present: Iterable[str], layout: Layout, path: Path) -> None:
    """Check that a file has the columns that `layout` names.

    Raises
    ------
    ConfigError
        If one is missing.
    """
    there = list(present)
    for column in (
        layout.target,
        *(layout.columns or ()),
        *layout.nominal,
        *(name for name, _ in layout.ordinal),
        *layout.role_columns,
        *dropped(layout),
        *(keys.columns if (keys := kind_keys(layout)) else ()),
    ):
        if column not in there:
            raise ConfigError(
                f"{layout.name}: expected a column {column!r} in {path.name}, got "
                f"{some(there) or 'an empty file'}{_hint(there, path, column)}."
                f"{did_you_mean(column, there) or (likely_target(there) if column == layout.target else '')}"
            )


_OF_TARGETS = ("target", "label", "labels", "class", "y", "outcome")


def likely_target(names: Sequence[str]) -> str:
    """Ask whether a column is the target, by its name; empty where none is called like one.

    >>> likely_target(["age", "Label"]), likely_target(["age"])
    (" Is 'Label' the target?", '')
    """
    found = next((name for one in _OF_TARGETS for name in names if name.strip().casefold() == one), None)
    return f" Is {found!r} the target?" if found else ""


def _hint(header: Sequence[str], path: Path, column: str) -> str:
    """Return what is likely wrong with a header that lacks a column."""
    is_text = format_of(path) == "text"
    if is_text and (line := line_with(path, column)):
        return f" (line {line} has {column!r}: 'read: {{header: {line}}}' says that the names are there)"
    if _LIBSVM.fullmatch(" ".join(header).strip()):
        return " (it looks like LIBSVM: give the file the ending .libsvm, and its target is 'label')"
    if len(header) == 1 and is_text:
        return " (is the file separated by commas? 'read: {sep: ...}' says by what)"
    if sum(number(name) is not None for name in header) * 2 > len(header):
        return (
            " (the first line looks like data: put a line with the names of the columns before it; 'read: "
            "{header: false}' says that there is none, the columns are c1, c2, ... then, or 'read: {header: "
            "[a, b, ...]}' names them)"
        )
    return ""


def markers_of(layout: Layout) -> tuple[str, ...]:
    """Return what stands for a missing cell."""
    # The catalogue's files are known to mark a missing cell by leaving it empty.
    if layout.kinds_stated:
        return ("",)
    reading = read_keys(layout)
    return ("", *reading.na) if reading.only_na else (*FEATURE_MARKERS, *reading.na)


def dropped(layout: Layout) -> tuple[str, ...]:
    """Return the columns that a user leaves out by name; a card names its features instead."""
    return tuple(getattr(layout, "drop", ()))


def kind_keys(layout: Layout) -> KindKeys | None:
    """Return what a user says of the kinds of columns; None of tables that are no user's own file."""
    return getattr(layout, "kind_keys", None)


def readings_of(layout: Layout) -> Mapping[str, Any] | None:
    """Return how columns are read, by name, that the values of another file decided; None if none did."""
    return getattr(layout, "readings", None)


def marks_of(layout: Layout) -> NumberMarks | None:
    """Return the decimal mark that another file of the same table has decided; None if none did."""
    return getattr(layout, "marks", None)


def no_features(layout: Layout, path: Path, findings: Sequence[Finding] = ()) -> ConfigError:
    """Return the error of a file that has nothing but its target; `findings` say what was left out."""
    why = "".join(f"; {finding}" for finding in findings if finding.kind == "left out")
    return ConfigError(f"{layout.name}: expected features beside the target in {path.name}, got none{why}")
