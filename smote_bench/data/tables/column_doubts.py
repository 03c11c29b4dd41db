"""What looks wrong in a column that is kept: sentinels, one value, hardly any, digits that are lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.preprocessing import MOST_CATEGORIES, most_categories
from smote_bench.data.tables.extreme_numbers import EXACT_INTEGERS, lost_digits_finding
from smote_bench.data.tables.readings import says_no
from smote_bench.data.values.labels import some
from smote_bench.data.values.loose_texts import loosely, without_zeros_behind_words
from smote_bench.data.values.number_texts import seen
from smote_bench.data.values.sentinels import outlying_sentinels

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "are_seen_once",
    "constants_finding",
    "crowded_finding",
    "doubts_of_categories",
    "doubts_of_numbers",
]

_ALMOST_EMPTY = 0.05
_FEWEST_ROWS = 20
_MANY_LEVELS, _ROWS_A_LEVEL = 20, 2
_SHOWN = 8


def doubts_of_numbers(column: pd.Series, values: np.ndarray, file: str) -> list[Finding]:
    """Return what looks wrong in a column of numbers.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        As it was read.
    values : ndarray of shape (n_rows,), float64
        Its numbers, NaN where missing.
    file : str
        What the findings begin with.
    """
    import numpy as np
    import pandas as pd

    name, what = str(column.name), f"{file}: column {column.name!r}"
    present = values[~np.isnan(values)]
    found = _almost_empty(name, what, len(present), len(values))
    if (
        pd.api.types.is_integer_dtype(column.dtype)
        and len(present)
        and np.abs(present).max() >= EXACT_INTEGERS
    ):
        found += _lost_digits(column, what)
    # texts and types of time may be days, of which it is said where they are read
    found += _sentinels(name, what, present, of_any=pd.api.types.is_numeric_dtype(column.dtype))
    return found


def doubts_of_categories(column: pd.Series, file: str, *, is_stated: bool = False) -> list[Finding]:
    """Return what looks wrong in a column of categories.

    Parameters
    ----------
    column : Series of shape (n_rows,), category
    file : str
        What the findings begin with.
    is_stated : bool
        Whether the owner says that they are categories, however many.
    """
    name, what = str(column.name), f"{file}: column {column.name!r}"
    levels = column.cat.categories
    n_present = int(column.notna().sum())
    found = _almost_empty(name, what, n_present, len(column))
    found += _alike(name, what, levels)
    if not column.cat.ordered and not is_stated:
        found += _seen_once(name, what, column, n_present)
    if len(levels) > MOST_CATEGORIES and not column.cat.ordered:
        found.append(
            Finding(
                "read",
                name,
                f"{what} has {len(levels):,} categories: in each fold up to {MOST_CATEGORIES}, the most "
                "frequent, are features of their own, all rarer ones are one together",
                f"'drop: [{yaml_name(name)}]' leaves it out",
            )
        )
    return found


def are_seen_once(counts: np.ndarray) -> bool:
    """Tell whether categories are many, and most of them in one row each, by how many rows have each."""
    n_levels, n_present = len(counts), int(counts.sum())
    if n_levels < _MANY_LEVELS or n_levels * _ROWS_A_LEVEL <= n_present:
        return False
    return int((counts == 1).sum()) * _ROWS_A_LEVEL > n_levels


def _seen_once(name: str, what: str, column: pd.Series, n_present: int) -> list[Finding]:
    """Name a column of which most categories are in one row each: many are numbers or dates, not read."""
    import numpy as np

    levels = column.cat.categories
    codes = column.cat.codes.to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    if not are_seen_once(counts):
        return []
    n_once = int((counts == 1).sum())
    said = (
        f"{what} has {len(levels):,} categories in {n_present:,} rows, such as {some(list(levels[:2]))}: "
        f"{n_once:,} are seen once, and a form of numbers, dates or names is not known"
    )
    remedy = f"write them as numbers, or as fewer categories; 'drop: [{yaml_name(name)}]' leaves it out"
    return [Finding("suspect", name, said, remedy)]


def _alike(name: str, what: str, levels: pd.Index) -> list[Finding]:
    """Name categories that differ in capitals, in what is not seen, in accents, signs or zeros: they are two.

    A target's labels would be one, or named as well.
    """
    found = []
    known: set[str] = set()
    for difference, key, written in (
        ("capitals alone", str.casefold, repr),
        ("what is not seen, such as a kind of blank or how an accent is stored,", seen, ascii),
        ("accents, dashes, apostrophes or signs between words alone", loosely, repr),
        ("zeros in front of numbers behind words alone", without_zeros_behind_words, repr),
    ):
        together: dict[str, list[str]] = {}
        for level in map(str, levels):
            if level not in known:
                together.setdefault(key(level), []).append(level)
        known.update(*(spellings for spellings in together.values() if len(spellings) > 1))
        alike = [spellings for spellings in together.values() if len(spellings) > 1]
        if not alike:
            continue
        shown = "; ".join(" and ".join(map(written, spellings)) for spellings in alike[:3])
        more = f" and {len(alike) - 3:,} more" if len(alike) > 3 else ""
        said = f"{what} has categories that differ in {difference} ({shown}{more}): they are kept apart"
        found.append(Finding("suspect", name, said, "write them alike, if they are one"))
    return found


def crowded_finding(columns: Mapping[str, pd.Series], file: str) -> list[Finding]:
    """Return what is said where all categories together would be more numbers than a cell may hold.

    Parameters
    ----------
    columns : mapping of str to Series of shape (n_rows,), float64, bool or category
    file : str
        What the finding begins with.
    """
    import pandas as pd

    kinds = {name: column.dtype for name, column in columns.items()}
    n_categories = {
        name: len(kind.categories)
        for name, kind in kinds.items()
        if isinstance(kind, pd.CategoricalDtype) and not kind.ordered
    }
    n_rows = len(next(iter(columns.values()), ()))
    most = most_categories(n_rows, list(n_categories.values()))
    of_many = {name: n for name, n in n_categories.items() if n > most}
    if most == MOST_CATEGORIES or not of_many:
        return []
    largest = sorted(of_many, key=lambda name: -of_many[name])[:_SHOWN]
    n_features = sum(min(n, MOST_CATEGORIES + 1) for n in n_categories.values())
    said = (
        f"{file}: its categories would be {n_features:,} features of {n_rows:,} rows, too many numbers for "
        f"memory: in {len(of_many):,} columns up to about {most}, the most frequent in each fold, are "
        "features of their own, all rarer ones are one together"
    )
    remedy = f"'drop: [{', '.join(map(yaml_name, largest))}]' leaves out the largest"
    return [Finding("suspect", "", said, remedy)]


def constants_finding(
    columns: Mapping[str, pd.Series], file: str, *, stated: Collection[str] = ()
) -> list[Finding]:
    """Return one finding for all features that have one value alone; those with hardly any are named anyway.

    Parameters
    ----------
    columns : mapping of str to Series of shape (n_rows,), float64, bool or category
    file : str
        What the finding begins with.
    stated : collection of str
        Columns of which the owner says what they are.
    """
    only = {name: value for name, column in columns.items() if (value := _only_value(column))}
    if not only:
        return []
    names = list(only)
    remedy = f"'drop: [{', '.join(map(yaml_name, names[:_SHOWN]))}{', ...' if len(names) > _SHOWN else ''}]'"
    words = [name for name in names if name not in stated and _may_say_yes(columns[name])]
    instead = (
        f", 'kinds: {{{yaml_name(words[0])}: boolean}}' takes a cell without a value for no" if words else ""
    )
    # Where a word stands in some cells and others are empty, these may say no.
    kind = "suspect" if words else "read"
    if len(names) == 1:
        n_empty = int(columns[names[0]].isna().sum())
        others = f"; {n_empty:,} have none" if words else ""
        said = (
            f"{file}: column {names[0]!r} has one value, {only[names[0]]}, in all rows that have one{others}"
        )
        return [Finding(kind, names[0], said, f"{remedy} leaves it out{instead}")]
    said = f"{file}: {len(names):,} columns have one value each in all rows: {some(names)}"
    return [Finding(kind, "", said, f"{remedy} leaves them out{instead}")]


def _may_say_yes(column: pd.Series) -> bool:
    """Tell whether the only word of a column may say yes, and its many cells without a value no."""
    if column.dtype != "category" or column.isna().mean() <= _ALMOST_EMPTY:
        return False
    return not says_no(str(column.dropna().iloc[0]))


def _only_value(column: pd.Series) -> str:
    """Return the value that is the only one of a column, in many rows; empty if there are others."""
    import numpy as np
    import pandas as pd

    is_category = isinstance(column.dtype, pd.CategoricalDtype)
    values = column.cat.codes.to_numpy() if is_category else column.to_numpy(dtype=np.float64)
    present = values[values >= 0] if is_category else values[~np.isnan(values)]
    if len(present) < 2 or len(present) <= _ALMOST_EMPTY * len(column) or present.min() != present.max():
        return ""
    return repr(str(column.cat.categories[present[0]])) if is_category else f"{present[0]:g}"


def _almost_empty(name: str, what: str, n_present: int, n_rows: int) -> list[Finding]:
    if not n_present or n_rows < _FEWEST_ROWS or n_present > _ALMOST_EMPTY * n_rows:
        return []
    said = f"{what} has a value in {n_present:,} of {n_rows:,} rows; the others are filled in"
    return [Finding("read", name, said, f"'drop: [{yaml_name(name)}]' leaves it out")]


def _lost_digits(column: pd.Series, what: str) -> list[Finding]:
    import numpy as np

    whole = column.dropna().to_numpy()
    back = whole.astype(np.float64)
    within = np.abs(back) < 2.0**63
    lost = int((back[within].astype(np.int64) != whole[within].astype(np.int64)).sum()) + int((~within).sum())
    if not lost:
        return []
    return [lost_digits_finding(str(column.name), what, len(whole), lost)]


def _sentinels(name: str, what: str, present: np.ndarray, *, of_any: bool) -> list[Finding]:
    return [
        Finding(
            "suspect",
            name,
            f"{what} has {one.value:g} in {one.n_rows:,} of {len(present):,} rows, all others are from "
            f"{one.low:g} to {one.high:g}: it may stand for a missing cell, and is taken as a number",
            "empty those cells, if it does",
        )
        for one in outlying_sentinels(present, of_any=of_any)
    ]
