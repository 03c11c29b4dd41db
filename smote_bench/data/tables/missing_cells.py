"""What stands for a missing cell in a user's file, and what may stand for one and is a category elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.files.read_keys import ReadKeys, read_keys
from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.layouts import Layout, dropped, kind_keys, readings_of
from smote_bench.data.values.clock_times import find_clock
from smote_bench.data.values.clothed_numbers import find_clothes
from smote_bench.data.values.date_columns import find_date_form
from smote_bench.data.values.equal_numbers import are_versions, codes_finding
from smote_bench.data.values.labels import number
from smote_bench.data.values.markers import MARKERS, MAYBE_MARKERS
from smote_bench.data.values.number_marks import NumberMarks, plain_cell
from smote_bench.data.values.zero_led_columns import are_zero_led_codes

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Marked", "mark_missing"]

_TEXTS = ("nominal", "ordinal")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass
class Marked:
    """A table whose missing cells are NaN.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
    findings : list of Finding
        What was decided of words that may stand for a missing cell or be a category.
    markers : dict of str to dict of str to int
        For each column with some, what stands for a missing cell there, and how often; empty cells excepted.
    """

    frame: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    markers: dict[str, dict[str, int]] = field(default_factory=dict)


def mark_missing(
    frame: pd.DataFrame, layout: Layout, path: Path, *, is_typed: bool, marks: NumberMarks | None = None
) -> Marked:
    """Make NaN of what stands for a missing cell, in every column without a role.

    Text of numbers that such a word had kept from being numbers becomes numbers. A word such as ``none`` is a
    missing cell among numbers and a category among words; both are said.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Text, numbers or both in a column.
    layout : Layout
        Whose ``read`` may name further markers.
    path : Path
        What findings call the file.
    is_typed : bool
        Whether the file says of what type a column is: texts of numbers are left to whoever reads columns.
    marks : NumberMarks, optional
        How the file writes numbers, as markers may be written; in `frame` they have a decimal point.
    """
    reading = _in_plain_numbers(read_keys(layout), marks)
    keys = kind_keys(layout)
    stated = () if keys is None else (name for kind in _TEXTS for name in keys.named(kind))
    dates = set(() if keys is None else keys.named("date"))
    decided = {*layout.nominal, *(name for name, _ in layout.ordinal), *stated}
    known = {*(readings_of(layout) or {}), *(frame.columns if keys is None else keys.columns)}
    untouched = {layout.target, *layout.role_columns, *dropped(layout)}
    marked = Marked(frame)
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if name not in untouched and (layout.columns is None or name in layout.columns):
            may_convert = not (is_typed or name in decided or name in dates)
            column = _marked(
                column,
                reading,
                marked,
                path.name,
                is_decided=name in decided,
                may_convert=may_convert,
                is_stated=name in known,
            )
        columns[name] = column
    import pandas as pd

    marked.frame = pd.DataFrame(columns, index=frame.index)
    return marked


def _in_plain_numbers(reading: ReadKeys, marks: NumberMarks | None) -> ReadKeys:
    """Return what the owner says with markers such as ``-9,99`` as they are once the file is read as well."""
    if marks is None or not reading.na or not (marks.has_marks or marks.decimal == ","):
        return reading
    decimals = {marks.decimal, *(mark for _, mark in marks.own)}
    others = [text for text in reading.na if number(text) is None]
    plain = {made for text in others for mark in decimals if (made := plain_cell(text, mark)) != text}
    return replace(reading, na=(*reading.na, *sorted(plain)))


def _marked(
    column: pd.Series,
    reading: ReadKeys,
    marked: Marked,
    file: str,
    *,
    is_decided: bool,
    may_convert: bool,
    is_stated: bool,
) -> pd.Series:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column
    if not (pd.api.types.is_string_dtype(column.dtype) or column.dtype == object):
        return _numbers_marked(column, reading, marked)
    try:
        codes, values = pd.factorize(column)
    except TypeError:  # lists and the like: whoever reads the column refuses it by name
        return column
    found = _Values(list(values), reading, is_decided=is_decided)
    has_marks = bool(found.maybe or found.surely)
    among_numbers = has_marks and not is_decided and _are_numbers(found.others)
    missing = {*found.surely, *(found.maybe if among_numbers else ())}
    _say(column.name, found, codes, marked, file, among_numbers=among_numbers)
    is_number = may_convert and _all_numbers(found.others)
    texts = [str(value).strip() for value in found.others]
    is_number = is_number and not are_zero_led_codes(texts) and not are_versions(str(column.name), texts)
    if is_number and not is_stated:
        n_rows = int((codes >= 0).sum())
        marked.findings += codes_finding(str(column.name), f"{file}: column {column.name!r}", texts, n_rows)
    if is_number and (missing or all(isinstance(value, str) for value in values)):
        return _as_numbers(column, codes, found, missing)
    if not missing:
        return column
    return column.mask(pd.Series(_is_one_of(codes, missing, len(values)), index=column.index))


class _Values:
    """The different values of a column: which stand for a missing cell, which may, and the others."""

    def __init__(self, values: Sequence[Any], reading: ReadKeys, *, is_decided: bool) -> None:
        self.texts = values
        named = {_folded(text) for text in reading.na}
        sure = named if reading.only_na else named | MARKERS
        perhaps = frozenset() if reading.only_na else MAYBE_MARKERS - named
        folded = [_folded(value) if isinstance(value, str) else None for value in values]
        words = {n for n, text in enumerate(folded) if text is not None and (text in sure or not text)}
        self.maybe = [n for n, text in enumerate(folded) if text in perhaps]
        self.surely = sorted(words | _of_numbers(values, {*words, *self.maybe}, reading, is_decided))
        marks = {*self.surely, *self.maybe}
        self.others = [value for n, value in enumerate(values) if n not in marks]


def _of_numbers(values: Sequence[Any], marks: set[int], reading: ReadKeys, is_decided: bool) -> set[int]:
    """Return the places of the numbers that ``na`` names, however they are written: ``-999.0``, ``$-999``."""
    named = {value for text in reading.na if (value := number(text)) is not None}
    if not named:
        return set()
    texts = {n: str(value).strip() for n, value in enumerate(values) if n not in marks}
    found = {n for n, text in texts.items() if number(text) in named}
    dressed = None if is_decided else find_clothes(list(texts.values()), [1] * len(texts))
    if dressed is not None:
        found |= {n for n, text in texts.items() if dressed[0].number(text) in named}
    return found


def _folded(text: str) -> str:
    return text.strip().casefold()


def _all_numbers(values: Sequence[Any]) -> bool:
    """Tell whether values are plain numbers; of digits of other alphabets the column's words tell."""
    return bool(values) and all(
        not isinstance(value, bool) and number(text := str(value)) is not None and text.isascii()
        for value in values
    )


def _are_numbers(values: Sequence[Any]) -> bool:
    """Tell whether values are numbers, perhaps with a unit or currency, dates or times; ``T1`` is a word."""
    units = set()
    for text in map(str, values):
        if number(text) is not None:
            continue
        if not any(map(str.isdigit, text)):
            return False
        units.add("".join(_LETTERS.findall(text)))
    if not values:
        return False
    texts = [str(value).strip() for value in values]
    named = [text for text in texts if text[:1].isalpha() and number(text) is None]
    if len(units) <= 1:
        found = find_clothes(texts, [1] * len(texts)) if named else None
        if not named or (found and all(found[0].number(text) is not None for text in named)):
            return True
    form = find_date_form(texts, [1] * len(texts)) or find_clock(texts, [1] * len(texts))
    return form is not None and form[1] == 1


def _say(
    name: Any, found: _Values, codes: np.ndarray, marked: Marked, file: str, *, among_numbers: bool
) -> None:
    import numpy as np

    counts = np.bincount(codes[codes >= 0], minlength=len(found.texts))
    missing = found.surely + (found.maybe if among_numbers else [])
    if told := {str(found.texts[n]): int(counts[n]) for n in missing if str(found.texts[n]).strip()}:
        marked.markers[str(name)] = told
    column = f"{file}: column {str(name)!r}"
    if found.maybe and among_numbers:
        marked.findings.append(
            Finding(
                "read",
                str(name),
                f"{column}: {_counted(found, found.maybe, counts)} read as missing, since the others are "
                "numbers",
                f"'nominal: [{yaml_name(str(name))}]' makes categories of all",
            )
        )
    elif found.maybe:
        marks = ", ".join(yaml_name(str(found.texts[n]).strip()) for n in found.maybe)
        marked.findings.append(
            Finding(
                "read",
                str(name),
                f"{column}: {_counted(found, found.maybe, counts)} read as a category",
                f"'read: {{na: [{marks}]}}' makes missing cells of it",
            )
        )
    words = [n for n in found.surely if str(found.texts[n]).strip()]
    if words and found.others and not among_numbers:
        marked.findings.append(
            Finding(
                "read",
                str(name),
                f"{column}: {_counted(found, words, counts)} read as missing",
                "'read: {na: {only: []}}' makes a category of it",
            )
        )


def _counted(found: _Values, places: Sequence[int], counts: np.ndarray) -> str:
    shown = ", ".join(f"{str(found.texts[n])!r} in {int(counts[n]):,} rows" for n in places)
    return f"{shown} {'is' if len(places) == 1 else 'are'}"


def _is_one_of(codes: np.ndarray, places: set[int], n_values: int) -> np.ndarray:
    import numpy as np

    flags = np.zeros(n_values + 1, dtype=bool)
    flags[list(places)] = True
    found: np.ndarray = flags[codes]
    return found


def _as_numbers(column: pd.Series, codes: np.ndarray, found: _Values, missing: set[int]) -> pd.Series:
    import numpy as np
    import pandas as pd

    numbers = [np.nan if n in missing else float(value) for n, value in enumerate(found.texts)]
    # a missing cell has the code -1, which takes the last entry
    return pd.Series(np.array([*numbers, np.nan])[codes], index=column.index, name=column.name)


def _numbers_marked(column: pd.Series, reading: ReadKeys, marked: Marked) -> pd.Series:
    """Make NaN of the numbers that ``na`` names."""
    import pandas as pd

    named = [value for text in reading.na if (value := number(text)) is not None]
    if (
        not named
        or pd.api.types.is_bool_dtype(column.dtype)
        or not pd.api.types.is_numeric_dtype(column.dtype)
    ):
        return column
    flags = column.isin(named)
    counts = column[flags].value_counts()
    if len(counts):
        marked.markers[str(column.name)] = {str(value): int(n) for value, n in counts.items()}
        return column.mask(flags)
    return column
