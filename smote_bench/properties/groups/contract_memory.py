"""Contract on memory: the caller's data stay as they are, in whatever layout they come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.reference import neighborhood
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = ["inputs_are_left_alone", "memory_layout_does_not_matter", "read_only_arrays_are_accepted"]

# More new rows than rows to start from: then no way of rounding ADASYN's shares leaves nothing to do.
_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))

# Labels that are no 0, 1, ...: the code that makes them of these, and the same as a function.
_CODES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "2 * y - 1": lambda y: 2 * y - 1,
    "np.array(['yes', 'no'], dtype=object)[y]": lambda y: np.array(["yes", "no"], dtype=object)[y],
}


@prop(
    "contract",
    "the caller's X or y is changed in place",
    families=NUMERIC,
    cases=partial(cases, n_extra=(12, 16)),
    examples=8,
)
def inputs_are_left_alone(subject: Subject, case: Case) -> None:
    X, y = case.X.copy(), case.y.copy()
    subject.answer(case, X=X, y=y)
    for name, now, before in (("X", X, case.X), ("y", y, case.y)):
        if not np.array_equal(now, before):
            raise Violation(
                f"expected {name} to stay as it was, {np.sum(now != before)} of its values changed"
            )
    _check_lists(subject, case)
    _check_labels(subject, case)
    if subject.style != "estimator":
        return
    setup = (
        "import pandas as pd\n"
        "X, y = pd.DataFrame(X, index=np.arange(len(y)) + 3).add_prefix('x'), pd.Series(y)"
    )
    frame = pd.DataFrame(case.X, index=np.arange(len(case.y)) + 3).add_prefix("x")
    series = pd.Series(case.y)
    given, labels = frame.copy(), series.copy()
    subject.answer(case, X=given, y=labels, setup=setup)
    if (
        not given.equals(frame)
        or not given.index.equals(frame.index)
        or list(given.columns) != list(frame.columns)
    ):
        raise Violation("expected the DataFrame to stay as it was, it changed", setup=setup)
    if not labels.equals(series):
        raise Violation("expected the Series of labels to stay as it was, it changed", setup=setup)


def _check_labels(subject: Subject, case: Case) -> None:
    """Raise if labels that are no 0, 1, ... are others afterwards."""
    for code, coded in _CODES.items():
        labels = coded(case.y)
        given = labels.copy()
        try:
            subject.call(subject.build(case), case.X.copy(), given)
        except Exception:  # whether such labels are taken is for other properties
            continue
        if not np.array_equal(given, labels):
            raise Violation(
                f"expected y to stay as it was, it has {np.unique(given).tolist()} in place of "
                f"{np.unique(labels).tolist()}",
                setup=f"y = {code}",
            )


def _check_lists(subject: Subject, case: Case) -> None:
    """Raise if lists that are taken are others afterwards."""
    rows, labels = case.X.tolist(), case.y.tolist()
    try:
        subject.call(subject.build(case), rows, labels)
    except Exception:  # to refuse lists is right
        return
    for name, now, before in (("X", rows, case.X.tolist()), ("y", labels, case.y.tolist())):
        if len(now) != len(before) or not np.array_equal(np.asarray(now), np.asarray(before)):
            raise Violation(
                f"expected the list {name} to stay as it was, its {len(before)} items are {len(now)} now"
                if len(now) != len(before)
                else f"expected the list {name} to stay as it was, its items changed",
                setup="X, y = X.tolist(), y.tolist()",
            )


_READ_ONLY = "X.setflags(write=False)\ny.setflags(write=False)"


@prop(
    "contract",
    "arrays that cannot be written are refused, as joblib's memory-mapped ones in a parallel search",
    families=NUMERIC,
    cases=_plain,
    examples=4,
)
def read_only_arrays_are_accepted(subject: Subject, case: Case) -> None:
    X, y = case.X.copy(), case.y.copy()
    X.setflags(write=False)
    y.setflags(write=False)
    subject.answer(case, X=X, y=y, setup=_READ_ONLY)


@prop(
    "contract",
    "the same values in another memory layout (Fortran order, every other row of an array) give other rows",
    families=OVERSAMPLERS,
    needs=("seed",),
    cases=partial(_plain, n_features=(2, 4)),
    examples=5,
)
def memory_layout_does_not_matter(subject: Subject, case: Case) -> None:
    expected, _ = rows_and_labels(*subject.answer(case), case)
    layouts = {
        "X = np.asfortranarray(X)": (np.asfortranarray(case.X), case.y.copy()),
        "X, y = np.repeat(X, 2, axis=0)[::2], np.repeat(y, 2)[::2]": (
            np.repeat(case.X, 2, axis=0)[::2],
            np.repeat(case.y, 2)[::2],
        ),
        "X = np.repeat(X, 2, axis=1)[:, ::2]": (np.repeat(case.X, 2, axis=1)[:, ::2], case.y.copy()),
    }
    for setup, (X_given, y_given) in layouts.items():
        X, _ = rows_and_labels(*subject.answer(case, X=X_given, y=y_given, setup=setup), case)
        if X.shape == expected.shape and np.allclose(X, expected, rtol=0, atol=1e-9):
            continue
        if _has_ties(subject, case):
            return  # sums in another order differ in the last digit, and so may settle a tie differently
        raise Violation(
            f"expected the same {len(expected)} rows as for a contiguous array, got {len(X)} others",
            setup=setup,
        )


def _has_ties(subject: Subject, case: Case) -> bool:
    own = np.flatnonzero(case.y == 1)
    groups: list[tuple[Any, Any, int]] = [(case.X[own], np.arange(len(own)), subject.k(case))]
    groups += [(case.X, np.arange(len(case.X)), m) for m in {subject.k(case), subject.m(case)}]
    found = (neighborhood(rows, rows, k, self_rows=numbers) for rows, numbers, k in groups)
    return any(bool((near.possible != near.certain).any()) for near in found)
