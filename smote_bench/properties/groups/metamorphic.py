"""Metamorphic: what a change of the data has to do to the result, whatever the result is.

With the same seed, and without ties, most samplers of the papers' families choose the same seeds, neighbours
and steps for data that were moved, scaled or turned: their results are compared row by row. Where the rows
differ, a sampler may have used its random stream otherwise, and new rows of many seeds are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import check_originals
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.kit import prop
from smote_bench.properties.reference import least_gap
from smote_bench.properties.same_law import demand_same_law
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = [
    "column_order_does_not_matter",
    "moved_data_give_moved_rows",
    "renamed_labels_give_the_same_rows",
    "scaled_data_give_scaled_rows",
    "turned_data_give_turned_rows",
]

_LEAST_GAP = 1e-7
"""Between squared distances: far more than the rounding of a change of the data, even where distances are
computed as x'x - 2x'y + y'y."""

_ROUNDING = 1e-9


def _without_ties(subject: Subject, **settings: Any) -> st.SearchStrategy[Case]:
    """Draw cases in which no way to compute distances changes who is near to whom."""
    drawn = cases(subject, n_features=(2, 4), layouts=("cloud", "two clouds"), **settings)
    return drawn.filter(lambda case: least_gap(case.X) > _LEAST_GAP)


@st.composite
def _changed(
    draw: st.DrawFn, /, subject: Subject, change: Callable[[int], st.SearchStrategy[Any]], **settings: Any
) -> Case:
    """Draw a case and, for its number of columns, what is to be done to it."""
    case = draw(_without_ties(subject, **settings))
    return replace(case, layout={"change": draw(change(case.X.shape[1]))})


def _compare(subject: Subject, case: Case, change: Callable[[np.ndarray], np.ndarray], setup: str) -> None:
    """Demand that resampling changed data gives the changed result."""
    X, y = subject.arrays(case)
    changed = change(case.X)
    answer = subject.answer(case, changed.copy(), case.y.copy(), setup=setup)
    X_changed, y_changed = rows_and_labels(*answer, case)
    try:
        _demand_same(change(X), y, X_changed, y_changed, np.abs(changed).max(), setup)
    except Violation:
        if len(np.unique(y)) != len(np.unique(y_changed)):
            raise
        check_originals(replace(case, X=changed), X_changed, y_changed, setup=setup)
        demand_same_law(subject, case, replace(case, X=changed), change=change, setup=setup)


def _demand_same(
    X: np.ndarray, y: np.ndarray, X_got: np.ndarray, y_got: np.ndarray, scale: float, setup: str
) -> None:
    if X.shape != X_got.shape or (y != y_got).any():
        raise Violation(
            f"expected {len(y)} rows of the same classes as before the change, got {len(y_got)} "
            f"(classes and counts {_counts(y)} before, {_counts(y_got)} after)",
            setup=setup,
        )
    off = np.abs(X - X_got).max(axis=1)
    wrong = np.flatnonzero(~(off <= _ROUNDING * scale))
    if wrong.size:
        row = wrong[0]
        raise Violation(
            f"expected row {row} to be {X[row].tolist()}, as the result without the change has it, "
            f"got {X_got[row].tolist()}; {wrong.size} of {len(y)} rows differ",
            setup=setup,
        )


def _counts(y: np.ndarray) -> dict[Any, int]:
    labels, counts = np.unique(y, return_counts=True)
    return dict(zip(labels.tolist(), counts.tolist(), strict=True))


def _shifts(width: int) -> st.SearchStrategy[list[float]]:
    amounts = st.sampled_from([0.0, 1.0, -100.0, 100.0, 7.3, -0.7])
    return st.lists(amounts, min_size=width, max_size=width).filter(any)


@prop(
    "metamorphic",
    "moving the origin, as by another unit of temperature, changes more than the position of the new rows",
    families=SMOTE_LIKE,
    needs=("seed",),
    cases=partial(_changed, change=_shifts),
    examples=15,
    false_alarm=LEVEL,
)
def moved_data_give_moved_rows(subject: Subject, case: Case) -> None:
    shift = case.layout["change"]
    _compare(
        subject, case, lambda X: X + np.array(shift), f"X = X + np.array({shift})  # compare without this"
    )


def _factors(width: int) -> st.SearchStrategy[float]:
    return st.sampled_from([2.0**20, 2.0**-20, 1000.0, 1 / 3, 1e-4, -1.0])


@prop(
    "metamorphic",
    "another unit for all columns changes more than the unit of the new rows",
    families=SMOTE_LIKE,
    needs=("seed",),
    cases=partial(_changed, change=_factors),
    examples=15,
    false_alarm=LEVEL,
)
def scaled_data_give_scaled_rows(subject: Subject, case: Case) -> None:
    factor = case.layout["change"]
    _compare(subject, case, lambda X: X * factor, f"X = X * {factor!r}  # compare without this")


def _rotation(width: int, seed: int) -> np.ndarray:
    Q: np.ndarray = np.linalg.qr(np.random.default_rng(seed).normal(size=(width, width)))[0]
    return Q


@prop(
    "metamorphic",
    "turning the data changes more than the direction of the new rows: distances are not Euclidean, or "
    "columns are stepped one by one",
    families=SMOTE_LIKE,
    needs=("seed",),
    # With few neighbours and many new rows: which rows are near, and that one is used, is to be seen.
    cases=partial(_changed, change=lambda width: st.integers(0, 99), k=(1, 3), n_extra=(12, 16)),
    examples=20,
    false_alarm=LEVEL,
)
def turned_data_give_turned_rows(subject: Subject, case: Case) -> None:
    width, seed = case.X.shape[1], case.layout["change"]
    Q = _rotation(width, seed)
    setup = (
        f"X = X @ np.linalg.qr(np.random.default_rng({seed}).normal(size=({width}, {width})))[0]"
        "  # compare without this"
    )
    _compare(subject, case, lambda X: X @ Q, setup)


@prop(
    "metamorphic",
    "the same table with its columns in another order gives other rows",
    families=SMOTE_LIKE,
    needs=("seed",),
    cases=partial(_changed, change=lambda width: st.permutations(range(width))),
    examples=15,
    false_alarm=LEVEL,
)
def column_order_does_not_matter(subject: Subject, case: Case) -> None:
    order = list(case.layout["change"])
    _compare(subject, case, lambda X: X[:, order], f"X = X[:, {order}]  # compare without this")


def _any_classes(subject: Subject) -> st.SearchStrategy[Case]:
    binary = _without_ties(subject)
    return binary if subject.lacks("multiclass") else st.one_of(binary, _without_ties(subject, n_classes=3))


@prop(
    "metamorphic",
    "what the classes are called decides about the new rows",
    families=OVERSAMPLERS,
    needs=("seed",),
    cases=_any_classes,
    examples=10,
    false_alarm=LEVEL,
)
def renamed_labels_give_the_same_rows(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    namings = [(np.array([3, 7, 8]), "np.array([3, 7, 8])")]
    if subject.style == "estimator":
        namings.append((np.array(["ant", "bee", "cow"]), 'np.array(["ant", "bee", "cow"])'))
    for names, code in namings:
        setup = f"y = {code}[y]  # compare without this"
        answer = subject.answer(case, case.X.copy(), names[case.y], setup=setup)
        X_named, y_named = rows_and_labels(*answer, case)
        try:
            same = y_named.astype(names.dtype)
        except (TypeError, ValueError):
            same = y_named
        if not np.isin(same, names).all():
            raise Violation(
                f"expected labels out of {names.tolist()}, got {sorted(set(y_named.tolist()), key=str)}",
                setup=setup,
            )
        try:
            _demand_same(X, names[y], X_named, same, np.abs(case.X).max(), setup)
        except Violation:
            named = replace(case, y=names[case.y])
            check_originals(named, X_named, same, setup=setup)
            demand_same_law(
                subject, case, named, change=lambda X: X, names=names[: case.y.max() + 1], setup=setup
            )
