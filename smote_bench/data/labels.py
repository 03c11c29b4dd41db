"""The labels of a target: which rows are the minority, which have none, and labels in several spellings."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["MISSING_MARKERS", "check_labels", "is_minority", "is_missing", "number", "some"]

# What stands for a missing cell in a user's CSV file. "None" is not among them: many surveys answer it.
MISSING_MARKERS = ("", "?", "NA", "N/A", "NaN", "nan", "NULL", "null")
_MARKS_OF_PROGRAMS = (
    "#N/A",
    "<NA>",
)  # a spreadsheet's and pandas': no labels, though a feature may have them
_QUOTES = "'\"`´“”‘’„«»"
_CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*(.+)")
_SHOWN = 8


def is_minority(values: Sequence[str], minority: str) -> list[bool]:
    """Tell for each value of a target, given as text, whether it is the minority.

    `minority` is a value of the target, or, if every value is a number, it may be a condition: one of ``>``,
    ``>=``, ``<``, ``<=`` and a number. Numbers are compared as numbers, so that ``1`` finds ``1.0``.

    >>> is_minority(["0.2", "0.7"], ">0.65")
    [False, True]
    >>> is_minority(["<=50K", ">50K"], ">50K")
    [False, True]
    """
    numbers = [number(value) for value in values]
    condition = _CONDITION.fullmatch(minority)
    if condition and None not in numbers:
        limit = number(condition[2])
        if limit is not None:
            compare = {">": "__gt__", ">=": "__ge__", "<": "__lt__", "<=": "__le__"}[condition[1]]
            return [getattr(value, compare)(limit) for value in numbers]
    wanted = number(minority)
    if wanted is None:
        return [value == minority for value in values]
    return [value == minority or here == wanted for value, here in zip(values, numbers, strict=True)]


def is_missing(text: str, minority: str, markers: Iterable[str] = MISSING_MARKERS) -> bool:
    """Tell whether a cell of the target is a missing label: no number, or a marker, however it is spelled.

    What `minority` names is a label, and so is another spelling of it, about which `check_labels` asks.

    >>> is_missing("NA", "yes"), is_missing("NA", "NA"), is_missing("", "NA"), is_missing(" na", "yes")
    (True, False, True, True)
    """
    folded = _folded(text)
    if text == minority or folded == _folded(minority):
        return False
    value = number(_bare(text))
    return (value is not None and value != value) or folded in _folded_marks(tuple(markers))


@functools.cache
def _folded_marks(markers: tuple[str, ...]) -> frozenset[Any]:
    return frozenset(map(_folded, (*markers, *_MARKS_OF_PROGRAMS)))


def check_labels(
    counts: Mapping[str, int], missing: Mapping[str, int], minority: str, *, name: str, column: str, file: str
) -> list[str]:
    """Check that a target has the minority that was named, and has it in one spelling.

    Parameters
    ----------
    counts : mapping of str to int
        How many rows have each label.
    missing : mapping of str to int
        How many rows have each mark of a missing label.
    minority : str
        As in `is_minority`.
    name, column, file : str
        Of the data set, its target and its file, for messages.

    Returns
    -------
    list of str
        What was taken for the same label although it is written in several ways.

    Raises
    ------
    ConfigError
        If there are no rows, rows without a label, no minority rows, more of them than of the others, or
        labels beside the minority's that are another spelling of it.
    """
    n_rows = sum(counts.values())
    if missing or not n_rows:
        marks = ", ".join(f"{mark!r} in {n}" for mark, n in missing.items() if mark)
        raise ConfigError(
            f"{name}: expected a value of {column!r} in every row of {file}, got {sum(missing.values())} "
            f"rows without and {n_rows} with one: remove the rows or fill them in"
            + (f" ({marks} stands for no value unless it is what 'minority' names)" if marks else "")
        )
    values = list(counts)
    chosen = [value for value, flag in zip(values, is_minority(values, minority), strict=True) if flag]
    folded = {_folded(value) for value in (*chosen, *([] if _is_condition(minority, values) else [minority]))}
    others = [value for value in values if value not in chosen and _folded(value) in folded]
    if others and (chosen or len(others) > 1):
        raise ConfigError(
            f"{name}: expected the minority {minority!r} of {column!r} in one spelling, got "
            f"{_counted([*chosen, *others], counts)} in {file}: write them all in the same way if they mean "
            "the same, or else rename one"
        )
    if not chosen:
        raise ConfigError(
            f"{name}: expected rows of {file} with {column} = {minority!r}, got none:"
            f"{did_you_mean(minority, values)} set 'minority' to one of {some(values)}"
        )
    n_minority = sum(counts[value] for value in chosen)
    if n_minority * 2 > n_rows:
        raise ConfigError(
            f"{name}: expected {column} = {minority!r} to be the minority of {file}, got "
            f"{n_minority} of {n_rows} rows: set 'minority' to the rarer class"
        )
    return _remarks(counts, minority, column, file)


def _remarks(counts: Mapping[str, int], minority: str, column: str, file: str) -> list[str]:
    if _is_condition(minority, counts):
        return []  # 0.5 beside 0.50 is no question of spelling where a limit decides
    alike: dict[Any, list[str]] = {}
    for value in counts:
        alike.setdefault(_folded(value), []).append(value)
    return [
        f"{file}: {column}: {_counted(spellings, counts)} are taken for one label"
        for spellings in alike.values()
        if len(spellings) > 1
    ]


def _is_condition(minority: str, values: Iterable[str]) -> bool:
    return bool(_CONDITION.fullmatch(minority)) and all(number(value) is not None for value in values)


def _folded(text: str) -> Any:
    """Return what two spellings of one label have in common: all but case, blanks, quotes, a stop at the end.

    >>> _folded("YES ") == _folded("'yes'"), _folded("1") == _folded("1.0"), _folded("-1") == _folded("1")
    (True, True, False)
    """
    bare = _bare(text)
    value = number(bare)
    if value is not None and value == value:
        return value
    return bare.casefold()


def _bare(text: str) -> str:
    """Return a text without what is easily overlooked: blanks and quotes around it, signs of no width."""
    words = unicodedata.normalize("NFKC", text).split()
    seen = "".join(sign for sign in " ".join(words) if not unicodedata.category(sign).startswith("C"))
    return seen.strip(_QUOTES + " ").rstrip(".,; ")


def number(text: str) -> float | None:
    """Return a text's number, or None if it is none."""
    if "_" in text:  # Python reads 1_0 as ten; in a table it is a label
        return None
    try:
        return float(text)
    except ValueError:
        return None


def some(values: Iterable[Any]) -> str:
    """Return the first few of some values for a message."""
    shown = [repr(value) for value in values]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _counted(values: Sequence[str], counts: Mapping[str, int]) -> str:
    shown = [f"{value!r} in {counts[value]} rows" for value in values[:_SHOWN]]
    more = [f"{len(values) - _SHOWN} more"] if len(values) > _SHOWN else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 and not more else shown + more)
