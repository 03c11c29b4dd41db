"""What looks wrong in a test file beside the file that trains: labels, gaps, scale of numbers, sentinels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.values.labels import is_minority, some
from smote_bench.data.values.sentinels import outlying_sentinels

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["doubt_of_an_empty_column", "doubts_of_test_labels", "doubts_of_test_numbers"]

_FEWEST_ROWS = 5
_MOST_LABELS = 20
_MOSTLY_THERE = 0.5
_OTHER_SCALE = 20


def doubts_of_test_labels(
    known: Sequence[str], new: Mapping[str, int], trains: str, tests: str
) -> list[Finding]:
    """Return the labels of a test file that the file that trains has not: they are of the majority.

    Parameters
    ----------
    known : sequence of str
        Labels of the file that trains; of more than twenty nothing is said, they are numbers.
    new : mapping of str to int
        Labels of the test file, and how many rows have each.
    trains, tests : str
        Names of the files.
    """
    if len(known) > _MOST_LABELS or not known:
        return []
    strange = [text for text in new if not any(is_minority([text], known))]
    if not strange:
        return []
    n_rows = sum(new[text] for text in strange)
    said = (
        f"{tests}: {some(strange)} in {n_rows:,} of {sum(new.values()):,} rows "
        f"{'are labels' if len(strange) > 1 else 'is a label'} that {trains} has not, and of the majority"
    )
    remedy = "write them as there, or leave those rows out of the file"
    return [Finding("suspect", "", said, remedy)]


def doubt_of_an_empty_column(column: pd.Series, below: pd.Series, trains: str, tests: str) -> list[Finding]:
    """Return whether a feature that the file that trains has is missing in all rows of the test file.

    Parameters
    ----------
    column, below : Series of shape (n_train,) and (n_test,)
        The feature in the file that trains and in the test file.
    trains, tests : str
        Names of the files.
    """
    n_there = int(column.notna().sum())
    if below.notna().any() or len(below) < _FEWEST_ROWS or n_there < _MOSTLY_THERE * len(column):
        return []
    name = str(column.name)
    said = (
        f"{tests}: column {name!r} has no value in {len(below):,} rows, and has one in {n_there:,} of "
        f"{len(column):,} rows of {trains}: it is filled in for all rows that test"
    )
    return [Finding("suspect", name, said, f"'drop: [{yaml_name(name)}]' leaves the column out")]


def doubts_of_test_numbers(column: pd.Series, below: pd.Series, trains: str, tests: str) -> list[Finding]:
    """Return what looks wrong in a feature of a test file.

    Parameters
    ----------
    column, below : Series of shape (n_train,) and (n_test,)
        The feature in the file that trains and in the test file; of categories nothing is said.
    trains, tests : str
        Names of the files.

    Returns
    -------
    list of Finding
        Numbers that all lie outside of those that train, and are typically 20 times as large or as small; or
        numbers that may stand for missing cells, if they are in the test file alone.
    """
    import numpy as np

    if not all(one.dtype == np.float64 for one in (column, below)):
        return []
    known, new = (one.to_numpy()[one.notna().to_numpy()] for one in (column, below))
    if min(len(known), len(new)) < _FEWEST_ROWS:
        return []
    name = str(column.name)
    return [*_of_scale(name, known, new, trains, tests), *_of_sentinels(name, known, new, tests)]


def _of_scale(name: str, known: np.ndarray, new: np.ndarray, trains: str, tests: str) -> Iterator[Finding]:
    import numpy as np

    low, high = known.min(), known.max()
    if new.min() <= high and new.max() >= low:
        return
    before, after = (float(np.median(np.abs(values))) for values in (known, new))
    if not (before and after) or max(before, after) < _OTHER_SCALE * min(before, after):
        return
    times = (
        f"{after / before:,.0f} times as large" if after > before else f"{before / after:,.0f} times as small"
    )
    said = (
        f"{tests}: column {name!r} has numbers from {new.min():.6g} to {new.max():.6g}, typically {times} as "
        f"in {trains}, where they are from {low:.6g} to {high:.6g}: the files may have other units"
    )
    remedy = f"write them alike, or 'drop: [{yaml_name(name)}]' leaves the column out"
    yield Finding("suspect", name, said, remedy)


def _of_sentinels(name: str, known: np.ndarray, new: np.ndarray, tests: str) -> Iterator[Finding]:
    import numpy as np

    if not outlying_sentinels(new):  # among all rows at least as hard to tell
        return
    for one in outlying_sentinels(np.concatenate([known, new])):
        if (known == one.value).any():  # said of the file that trains
            continue
        n = int((new == one.value).sum())
        said = (
            f"{tests}: column {name!r} has {one.value:g} in {n:,} of {len(new):,} rows, all others of both "
            f"files are from {one.low:g} to {one.high:g}: it may stand for a missing cell, and is taken as a "
            "number"
        )
        yield Finding("suspect", name, said, "empty those cells, if it does")
