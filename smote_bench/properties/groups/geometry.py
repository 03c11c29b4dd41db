"""Geometry: where new rows may lie."""

from __future__ import annotations

from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import SAME_CLASS_SEGMENTS, SMOTE_LIKE
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.strategies import cases, has_seeds, imbalanced_datasets, seeds
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "a_row_is_no_neighbor_of_itself",
    "collinear_rows_stay_collinear",
    "constant_columns_stay_constant",
    "large_units_scatter_no_rows",
    "new_rows_differ",
    "rows_lie_between_neighbors",
    "rows_lie_between_rows_of_their_class",
    "rows_of_many_columns_lie_on_segments",
    "rows_stay_in_the_box",
]

_LEVEL = 1e-6
_ROUNDING = 1e-9
"""Relative to the largest value of the data; a step's rounding is a million times smaller."""


def _any_classes(subject: Subject, **settings: Any) -> st.SearchStrategy[Case]:
    """Draw cases of two classes or, where the subject promises to deal with them, of three."""
    binary = cases(subject, **settings)
    if subject.lacks("multiclass"):
        return binary
    return st.one_of(binary, cases(subject, n_classes=3, **settings))


@prop(
    "geometry",
    "a new row is not on a segment from a seed that the method allows to one of its k nearest rows",
    families=SMOTE_LIKE,
    cases=_any_classes,
    examples=40,
)
def rows_lie_between_neighbors(subject: Subject, case: Case) -> None:
    demand_allowed_rows(subject, case.X, case.y, subject.arrays(case), k=subject.k(case), m=subject.m(case))


@prop(
    "geometry",
    "a new row is not on a segment between any two rows of its class: it was not interpolated",
    families=("interpolating",),
    cases=_any_classes,
)
def rows_lie_between_rows_of_their_class(subject: Subject, case: Case) -> None:
    demand_allowed_rows(subject, case.X, case.y, subject.arrays(case), k=subject.k(case), m=subject.m(case))


_N_COLUMNS, _N_WIDE = 70, (30, 12)


def _many_columns(subject: Subject, seed: int, smoke: bool) -> Case:
    y = np.repeat([0, 1], _N_WIDE)
    X = np.random.default_rng(seed).normal(size=(len(y), _N_COLUMNS))
    recipe = (
        f"y = np.repeat([0, 1], {_N_WIDE})\n"
        f"X = np.random.default_rng({seed}).normal(size=(len(y), {_N_COLUMNS}))"
    )
    return Case(X, y, seed % 2**16, recipe=recipe)


@prop(
    "geometry",
    "of a table with many columns some get another step, or none: they are worked on in blocks",
    families=(*SAME_CLASS_SEGMENTS, "borderline2"),
    design=_many_columns,
)
def rows_of_many_columns_lie_on_segments(subject: Subject, case: Case) -> None:
    if has_seeds(subject, case):
        answer = subject.arrays(case)
        demand_allowed_rows(subject, case.X, case.y, answer, k=subject.k(case), m=subject.m(case))


@prop(
    "geometry",
    "a new row lies outside the range of its class, where no data were ever seen",
    families=(*SAME_CLASS_SEGMENTS, "borderline2"),
    cases=_any_classes,
    examples=15,
)
def rows_stay_in_the_box(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    n = len(case.y)
    slack = _ROUNDING * np.abs(case.X).max(initial=0.0)
    for label in np.unique(y[n:]):
        within = case.X if subject.family == "borderline2" else case.X[case.y == label]
        new = X[n:][y[n:] == label]
        low, high = within.min(axis=0), within.max(axis=0)
        outside = np.argwhere(~((new >= low - slack) & (new <= high + slack)))
        if outside.size:
            row, column = outside[0]
            raise Violation(
                f"expected column {column} of new rows of class {label} within "
                f"[{low[column]:g}, {high[column]:g}], got {new[row, column]!r}"
            )


@st.composite
def _with_constant_columns(draw: st.DrawFn, /, **settings: Any) -> tuple[np.ndarray, np.ndarray]:
    """Draw data with one column that never changes and one that only changes with the class."""
    X, y = draw(imbalanced_datasets(**settings))
    value = draw(st.sampled_from([0.0, 1.0, -0.1, 3.7, 1000.1, -1e6 / 3, 1e-12]))
    return np.column_stack([X, np.full(len(y), value), value + y]), y


@prop(
    "geometry",
    "a column that has one value in the whole class gets others: one-hot columns and units break",
    families=(*SAME_CLASS_SEGMENTS, "borderline2"),
    cases=partial(_any_classes, dataset=_with_constant_columns),
    examples=15,
)
def constant_columns_stay_constant(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    n = len(case.y)
    slack = 1e-12 * np.abs(case.X).max(initial=0.0)
    for label in np.unique(y[n:]):
        within = case.X if subject.family == "borderline2" else case.X[case.y == label]
        for column in np.flatnonzero((within == within[0]).all(axis=0)):
            value = within[0, column]
            new = X[n:, column][y[n:] == label]
            moved = np.flatnonzero(~(np.abs(new - value) <= slack))
            if moved.size:
                raise Violation(
                    f"expected column {column} to stay {value!r} as in every row of class {label}, "
                    f"got {new[moved[0]]!r} in {moved.size} of {len(new)} new rows"
                )


@st.composite
def _collinear(
    draw: st.DrawFn, /, *, n_features: tuple[int, int], **settings: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Draw data on one line that is parallel to no axis."""
    positions, y = draw(imbalanced_datasets(n_features=(1, 1), **settings))
    width = draw(st.integers(2, max(2, n_features[1])))
    slopes = st.integers(-3, 3).filter(bool)
    direction = np.array(draw(st.lists(slopes, min_size=width, max_size=width)), dtype=float)
    start = np.array(draw(st.lists(st.integers(-5, 5), min_size=width, max_size=width)), dtype=float)
    return start + positions * direction, y


@prop(
    "geometry",
    "rows on a line give rows off that line: linear relations between columns are lost",
    families=(*SAME_CLASS_SEGMENTS, "borderline2"),
    cases=partial(_any_classes, dataset=_collinear),
    examples=15,
)
def collinear_rows_stay_collinear(subject: Subject, case: Case) -> None:
    X, _ = subject.arrays(case)
    n = len(case.y)
    scale = np.abs(case.X).max(initial=0.0) or 1.0
    farthest = np.argmax(np.abs(case.X - case.X[0]).max(axis=1))
    direction = case.X[farthest] - case.X[0]
    length = np.linalg.norm(direction)
    if not length:
        return
    relative = X[n:] - case.X[0]
    off = np.linalg.norm(relative - np.outer(relative @ direction, direction) / length**2, axis=1)
    lost = np.flatnonzero(~(off <= _ROUNDING * scale))
    if lost.size:
        raise Violation(
            f"expected every new row on the line of the data; {lost.size} of {len(off)} are not, such as "
            f"{X[n + lost[0]].tolist()}, {off[lost[0]]:.3g} away from it"
        )


def _overlapping_clouds(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out two clouds of two columns, the minority's rows all different."""
    n_minority = max(20, subject.k(Case(np.empty((0, 0)), np.empty(0))) + 5)
    for attempt in range(100):
        rng = np.random.default_rng([seed, attempt])
        y = rng.permutation(np.repeat([0, 1], [n_minority + 100, n_minority]))
        case = Case((rng.normal(size=(len(y), 2)) + 1.5 * y[:, None]).round(3), y, seed % 2**16)
        if has_seeds(subject, case):
            return case
    raise AssertionError("no overlapping clouds with rows to start from")


@prop(
    "geometry",
    "new rows are copies of rows that were there: a row is its own neighbour, or nothing is interpolated",
    families=("interpolating", *SMOTE_LIKE),
    design=_overlapping_clouds,
    false_alarm=_LEVEL,
)
def a_row_is_no_neighbor_of_itself(subject: Subject, case: Case) -> None:
    X, _ = subject.arrays(case)
    new = X[len(case.y) :]
    n_copies = int((np.abs(new[:, None, :] - case.X[None, :, :]).max(axis=2) <= 1e-12).any(axis=1).sum())
    # Steps of 24 bits (float32) are exactly 0 once in 2^24: two among a hundred are no chance. Some
    # interpolating samplers copy a row that lies alone, so only copies throughout are held against them.
    allowed = len(new) - 1 if subject.family == "interpolating" else 1
    if n_copies > allowed:
        raise Violation(
            f"expected new rows between rows of the data, {n_copies} of {len(new)} are copies of one"
        )


@prop(
    "geometry",
    "new rows occur more than once: the step is always the same, or the generator starts again and again",
    families=SMOTE_LIKE,
    design=_overlapping_clouds,
    false_alarm=_LEVEL,
)
def new_rows_differ(subject: Subject, case: Case) -> None:
    X, _ = subject.arrays(case)
    new = X[len(case.y) :]
    n_repeated = len(new) - len(np.unique(new.round(12), axis=0))
    if n_repeated > 2:
        raise Violation(f"expected new rows that differ, {n_repeated} of {len(new)} repeat another one")


_UNIT, _N_EXTENTS, _AWAY = 1e6, 20, 120.0
"""Another unit; by how many extents of its class a new row is too far from it; where the data lie."""


@st.composite
def _in_small_units(draw: st.DrawFn, /, subject: Subject) -> Case:
    rng = np.random.default_rng(draw(seeds()))
    y = np.repeat([0, 1], [90, 30])
    X = _AWAY + rng.normal(size=(120, 2)) + y[:, None]
    order = rng.permutation(120)
    return Case((_UNIT * X[order]).round(), y[order], draw(seeds()))


@prop(
    "geometry",
    "in smaller units, as millimetres for kilometres, new rows lie far away from their class",
    families=("generic",),
    cases=_in_small_units,
    examples=3,
)
def large_units_scatter_no_rows(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    own = case.X[case.y == 1]
    extent = float(np.ptp(own, axis=0).max())
    made = X[len(case.y) :][y[len(case.y) :] == 1]
    far = np.array([np.abs(own - row).max(axis=1).min() for row in made])
    wrong = np.flatnonzero(~(far <= _N_EXTENTS * extent))
    if wrong.size:
        row = made[wrong[0]].tolist()
        raise Violation(
            f"expected new rows within {_N_EXTENTS} times the extent of their class, {extent:g}, got {row}, "
            f"which is {far[wrong[0]]:g} away from its nearest row; {wrong.size} of {len(made)} are as far",
            point=row,
        )
