"""The labels of a target: which rows are the minority, which have none, and labels in several spellings."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from smote_bench.data.values.conditions import Condition, find_condition, how_to_limit, why_no_condition
from smote_bench.data.values.number_texts import number, seen, some
from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "MISSING_MARKERS",
    "YamlTruth",
    "check_labels",
    "check_share",
    "is_minority",
    "is_missing",
    "number",
    "several",
    "some",
]

# What stands for a missing cell in a user's CSV file. "None" is not among them: many surveys answer it.
MISSING_MARKERS = ("", "?", "NA", "N/A", "NaN", "nan", "NULL", "null")
_MARKS_OF_PROGRAMS = (
    "#N/A",
    "<NA>",
)  # a spreadsheet's and pandas': no labels, though a feature may have them
_QUOTES = "'\"`´“”‘’„«»"
_MINUS = str.maketrans({"−": "-", "–": "-"})
_SUMS = re.compile(
    r"""['"]*\W*(grand total|sub-?total|total|sum|summe|gesamt|average|mean)\b""", re.IGNORECASE
)
_SHOWN = 8
_MEASURED = 20
"""So many labels that are all numbers are measurements, not classes."""
_BYTES = re.compile(r"""b(['"])(.*)\1""")
_TRUTHS = {True: ("true", "yes", "on", "y", "t"), False: ("false", "no", "off", "n", "f")}


class YamlTruth(str):
    """A ``minority`` that is true or false, as YAML reads ``yes`` too: nobody knows what was meant.

    Where the labels are truth values themselves, it is one of them.
    """

    __slots__ = ()


def is_minority(values: Sequence[str], minority: str | Sequence[str]) -> list[bool]:
    """Tell for each value of a target, given as text, whether it is the minority.

    `minority` is a value of the target, or, if every value is a number, it may be a condition: one of ``>``,
    ``>=``, ``<``, ``<=`` and a number. For a condition numbers may have a currency, a percent sign, a unit,
    thousands or a decimal comma. Numbers are compared as numbers, so that ``1`` finds ``1.0``; of words,
    case, blanks and quotes around them do not count. Several are the minority together.

    >>> is_minority(["0.2", "0.7"], ">0.65")
    [False, True]
    >>> is_minority(["<=50K", ">50K"], ">50K")
    [False, True]
    >>> is_minority(["$1,234.50", "$7.50"], "> $1,000")
    [True, False]
    >>> is_minority(["a", "b", "C "], ["a", "c"])
    [True, False, True]
    """
    if not isinstance(minority, str):
        each = [is_minority(values, one) for one in minority]
        return [any(flags) for flags in zip(*each, strict=True)]
    if (condition := find_condition(minority, values)) is not None:
        return [condition.holds(value) for value in values]
    wanted = _folded(minority)
    return [value == minority or _folded(value) == wanted for value in values]


def is_missing(text: str, minority: str | Sequence[str], markers: Iterable[str] = MISSING_MARKERS) -> bool:
    """Tell whether a cell of the target is a missing label: no number, or a marker, however it is spelled.

    What `minority` names is a label, and so is another spelling of it, about which `check_labels` asks.

    >>> is_missing("NA", "yes"), is_missing("NA", "NA"), is_missing("", "NA"), is_missing(" na", "yes")
    (True, False, True, True)
    """
    folded = _folded(text)
    if any(text == one or folded == _folded(one) for one in several(minority)):
        return False
    value = number(_bare(text))
    return (value is not None and value != value) or folded in _folded_marks(tuple(markers))


@functools.cache
def _folded_marks(markers: tuple[str, ...]) -> frozenset[Any]:
    return frozenset(map(_folded, (*markers, *_MARKS_OF_PROGRAMS)))


def check_labels(
    counts: Mapping[str, int],
    missing: Mapping[str, int],
    minority: str | Sequence[str],
    *,
    name: str,
    column: str,
    file: str,
    first: str = "",
    decides: bool = True,
    is_whole: bool = True,
) -> list[str]:
    """Check that a target has the minority that was named.

    Parameters
    ----------
    counts : mapping of str to int
        How many rows have each label.
    missing : mapping of str to int
        How many rows have each mark of a missing label.
    minority : str or sequence of str
        As in `is_minority`.
    name, column, file : str
        Of the data set, its target and its file, for messages.
    first : str
        The first row without a label, as a message shows it; empty where a file has no lines.
    decides : bool
        Whether these rows train: others may have any share of the minority.
    is_whole : bool
        Whether every label has to be there: the rows of a test file may lack some.

    Returns
    -------
    list of str
        What was taken for the same label although it is written in several ways, and which labels were put
        together.

    Raises
    ------
    ConfigError
        If there are no rows, rows without a label, no minority rows, or more of them than of the others.
    """
    n_rows = sum(counts.values())
    if not missing and not n_rows:
        raise ConfigError(
            f"{name}: expected rows with a value of {column!r} below the header, but {file} has no rows: "
            "put rows in, or name another file"
        )
    if missing:
        marks = ", ".join(f"{mark!r} in {n}" for mark, n in missing.items() if mark)
        raise ConfigError(
            f"{name}: expected a value of {column!r} in every row of {file}, got {sum(missing.values())} "
            f"rows without and {n_rows} with one: remove the rows or fill them in"
            + (f"; the first is {first}{_sums(first)}" if first else "")
            + (f" ({marks} stands for no value{_how_to_name(missing)})" if marks else "")
        )
    values = list(counts)
    if isinstance(minority, YamlTruth) and sum(_folded(value) == _folded(minority) for value in values) != 1:
        raise _truth_for_a_label(minority, values, name, file)
    for one in several(minority):
        if is_whole and not any(is_minority(values, one)):
            raise ConfigError(
                f"{name}: expected rows of {file} with {column} = {one!r}, got none:"
                f"{_what_to_set(one, values)}{_nearly_unique(counts, n_rows)}"
            )
    chosen = [value for value, flag in zip(values, is_minority(values, minority), strict=True) if flag]
    n_minority = sum(counts[value] for value in chosen)
    if decides:
        check_share(n_minority, n_rows, minority, name=name, column=column, file=file, values=values)
    return _remarks(counts, minority, chosen, f"{file}: {column}")


def check_share(
    n_minority: int,
    n_rows: int,
    minority: str | Sequence[str],
    *,
    name: str,
    column: str,
    file: str,
    values: Sequence[str] = (),
) -> None:
    """Check that the minority is at most half of the rows that train; `values` are its labels, if known.

    Raises
    ------
    ConfigError
        If there are more of them, or no others.
    """
    limit = how_to_limit(minority, values) if isinstance(minority, str) else ""
    if n_minority == n_rows:
        raise ConfigError(
            f"{name}: expected rows of two classes in {file}, got {column} = {_said(minority)} in all "
            f"{n_rows} rows: {limit or 'add rows with another label, or choose another target'}"
        )
    if n_minority * 2 > n_rows:
        limit = limit or "set 'minority' to the rarer class"
        raise ConfigError(
            f"{name}: expected {column} = {_said(minority)} to be the minority of {file}, got "
            f"{n_minority} of {n_rows} rows: {limit}; "
            "'positive' says which class metrics count as positive"
        )


def _sums(first: str) -> str:
    """Say that a row looks like the sums below a table; empty where it does not."""
    _, _, row = first.partition(": ")
    return ", which looks like a row of sums" if _SUMS.match(row) else ""


def _how_to_name(missing: Mapping[str, int]) -> str:
    first = next(filter(None, missing))
    return (
        " unless 'minority', 'majority' or 'positive' names it: if it is a label, write "
        f"'majority: [\"{first}\", ...]' with all labels that are not the minority"
    )


def several(minority: str | Sequence[str]) -> Sequence[str]:
    """Return the labels or the condition that a minority is made of."""
    return (minority,) if isinstance(minority, str) else minority


def _said(minority: str | Sequence[str]) -> str:
    return " or ".join(map(repr, several(minority)))


def _what_to_set(text: str, values: Sequence[str]) -> str:
    """Say what a minority that no row has may be instead."""
    why = why_no_condition(text, values)
    if not why:
        numeric = _condition_for(values)
        if numeric:
            return numeric
        return f"{did_you_mean(text, values)} set 'minority' to one of {some(values)}"
    return f" {why}; or set 'minority' to one of {some(values)}"


def _condition_for(values: Sequence[str]) -> str:
    """Say which condition may be meant where a target is measured; empty where its labels may be classes."""
    numbers = [value for value in map(number, values) if value is not None]
    if len(numbers) < len(values) or len(numbers) < _MEASURED:
        return ""
    limit = sorted(numbers)[-len(numbers) // 5]
    return (
        f" the target is numeric with {len(values):,} values: write a condition, such as "
        f"minority: '> {limit:.3g}'"
    )


def _nearly_unique(counts: Mapping[str, int], n_rows: int) -> str:
    n_once = sum(count == 1 for count in counts.values())
    if n_once * 2 <= n_rows:
        return ""
    return (
        f" (nearly every label occurs once: {len(counts):,} labels in {n_rows:,} rows; is a number of the "
        "record part of them, or is the target another column?)"
    )


def _truth_for_a_label(minority: YamlTruth, values: Sequence[str], name: str, file: str) -> ConfigError:
    """Return the error that names the label which YAML's true or false may stand for."""
    words = _TRUTHS[minority == "True"]
    meant = [value for value in values if _folded(value) in words]
    shown = meant[0] if len(meant) == 1 else None
    return ConfigError(
        f"{name}: expected a value of the target for 'minority', got {minority}, a truth value (YAML reads "
        f"{words[0]}, {words[1]} and {words[2]} as this), which is no label of {file}: write the label "
        + (f"as text, in quotes, as in {shown!r}" if shown else f"as text, in quotes, one of {some(values)}")
    )


def _remarks(
    counts: Mapping[str, int], minority: str | Sequence[str], chosen: Sequence[str], what: str
) -> list[str]:
    """Say which spellings are one label, and which labels make a class, where that is not plain."""
    if isinstance(minority, str) and (condition := find_condition(minority, counts)) is not None:
        # 0.5 beside 0.50 is no question of spelling where a limit decides
        return [_of_condition(condition, minority, counts, what, "is the minority, the others together")]
    alike: dict[Any, list[str]] = {}
    for value in counts:
        alike.setdefault(_folded(value), []).append(value)
    told = [
        f"{what}: {_counted(spellings, counts)} are taken for one label"
        for spellings in alike.values()
        if len(spellings) > 1
    ]
    others = [value for value in counts if value not in set(chosen)]
    for one in several(minority):
        if (condition := find_condition(one, counts)) is not None:
            told.append(_of_condition(condition, one, counts, what, "is of the minority"))
            continue
        meant = [value for value, flag in zip(chosen, is_minority(chosen, one), strict=True) if flag]
        if not meant:
            continue
        found = meant[0]
        if one not in meant and None in (number(one), number(found)):
            told.append(f"{what}: minority {one!r} is taken for the label {found!r}")
    if warning := _nearly_unique(counts, sum(counts.values())):
        told.append(f"{what}:{warning}")
    if len(alike) > 2:
        told.append(
            f"{what}: {_counted(chosen, counts)} {'are' if len(chosen) > 1 else 'is'} the minority; "
            f"{_counted(others, counts)} together are the majority"
        )
    return told


def _of_condition(condition: Condition, text: str, counts: Mapping[str, int], what: str, is_what: str) -> str:
    """Say in how many rows a condition holds, and how labels are read that are no plain numbers."""
    n = sum(count for value, count in counts.items() if condition.holds(value))
    how = condition.how_read(list(counts))
    said = f"{what}: {text} in {n:,} of {sum(counts.values()):,} rows {is_what}"
    return f"{said}; {how}" if how else said


@functools.lru_cache(maxsize=65536)
def _folded(text: str) -> Any:
    """Return what two spellings of one label have in common: all but case, blanks, quotes, a stop at the end.

    >>> _folded("YES ") == _folded("'yes'"), _folded("1") == _folded("1.0"), _folded("-1") == _folded("1")
    (True, True, False)
    >>> _folded("−1") == _folded("-1")
    True
    """
    bare = _bare(text)
    if found := _BYTES.fullmatch(text.strip()):
        bare = _bare(found[2])  # a text of bytes that was written as it is shown
    if (signed := bare.translate(_MINUS)) != bare and number(signed) is not None:
        bare = signed  # as in features
    value = number(bare)
    if value is None or value != value:
        return bare.casefold()
    return value if math.isinf(value) else Decimal(bare)  # exact: of long codes several are one float


def _bare(text: str) -> str:
    """Return a text without what is easily overlooked: blanks and quotes around it, signs of no width."""
    return seen(text).strip(_QUOTES + " ").rstrip(".,; ")


def _counted(values: Sequence[str], counts: Mapping[str, int]) -> str:
    shown = [f"{value!r} in {counts[value]} rows" for value in values[:_SHOWN]]
    more = [f"{len(values) - _SHOWN} more"] if len(values) > _SHOWN else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 and not more else shown + more)
