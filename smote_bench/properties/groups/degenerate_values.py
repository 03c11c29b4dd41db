"""Degenerate values: huge and tiny ones, coarse ones, and ones with a large offset."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import check_answer
from smote_bench.properties.cases import Case
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.groups.degenerate import changed
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.strategies import cases, imbalanced_datasets
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Refused, Violation, shown

__all__ = [
    "clouds_far_apart_keep_neighbors",
    "copies_keep_missing_values",
    "every_column_of_a_wide_table_counts",
    "extreme_magnitudes_are_kept",
    "integers_stay_in_their_range",
    "large_offsets_keep_neighbors",
    "large_offsets_keep_their_digits",
    "single_precision_is_enough",
    "tiny_and_huge_distances_keep_neighbors",
    "wide_tables_with_offsets_keep_neighbors",
]

_FROM_ANY_ROW = ("smote", "interpolating", "generic")


@st.composite
def _scaled(draw: st.DrawFn, /, subject: Subject) -> Case:
    case = draw(cases(subject, layouts=("cloud",)))
    # A generic sampler may need the variance, which has no room for the largest values.
    exponents = (-300, -150, 150) if subject.family == "generic" else (-300, -150, 150, 300)
    scales = [float(f"1e{exponent}") for exponent in exponents]
    mixed = [draw(st.sampled_from(scales)) for _ in range(case.X.shape[1])]
    return dataclasses.replace(case, layout={"scales": [*scales, mixed]})


@prop(
    "degenerate",
    "values as small as 1e-300 or as large as 1e300 become 0, infinity or NaN",
    families=OVERSAMPLERS,
    cases=_scaled,
    examples=10,
)
def extreme_magnitudes_are_kept(subject: Subject, case: Case) -> None:
    # Squares of such values are 0 or infinite. So to refuse the large ones is right, and who is near whom,
    # and so in DANGER or hard to learn, cannot be told from distances. What comes back has to be valid.
    for scale in case.layout["scales"]:
        scaled = dataclasses.replace(case, X=case.X * np.asarray(scale))
        large = bool(np.abs(scaled.X).max() > 1.0)
        with shown(case=scaled):
            try:
                answer = check_answer(
                    subject, scaled, exact=False, must=subject.family in _FROM_ANY_ROW and not large
                )
            except Violation as violation:
                if not large or isinstance(violation.__cause__, Violation) or violation.__cause__ is None:
                    raise
                # Whatever its search for neighbours makes of infinite distances, no wrong row came back.
                raise Violation(violation.message, convention="smote-bench") from violation.__cause__
            made = np.empty((0, 0)) if answer is None else answer[0][len(scaled.y) :]
            if (scaled.X != 0).all() and (made == 0).any():
                raise Violation(f"expected values about {scale}, as there are no others, got 0")


def _single(draw: st.DrawFn, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return values that fit float32; in half the cases such as float16 has no digits for."""
    moved = X / 4 + 4097.3 if draw(st.booleans()) else X
    return moved.astype(np.float32).astype(np.float64)


@prop(
    "degenerate",
    "float32 data are refused, changed, or give rows outside of their range",
    families=OVERSAMPLERS,
    cases=partial(cases, dataset=changed(_single), layouts=("cloud",)),
    examples=10,
)
def single_precision_is_enough(subject: Subject, case: Case) -> None:
    must = (
        subject.family in _FROM_ANY_ROW
    )  # distances in single precision may find others near than in double
    setup = "X = X.astype(np.float32)"
    check_answer(
        subject, case, case.X.astype(np.float32), setup=setup, dtype=np.float32, exact=False, must=must
    )


@prop(
    "degenerate",
    "columns of integers are refused, wrap around, or give values outside of their range",
    families=OVERSAMPLERS,
    cases=partial(
        cases,
        layouts=("cloud", "lattice"),
    ),
    examples=12,
)
def integers_stay_in_their_range(subject: Subject, case: Case) -> None:
    # Around zero what wraps around may come to lie in the range all the same, far from it not.
    for scale, offset in ((1, 0), (8, 0), (2**31, 0), (2**31, 100)):
        scaled = dataclasses.replace(case, X=np.round((case.X + offset) * scale))
        with shown(case=scaled):
            _check_integers(subject, scaled)


def _check_integers(subject: Subject, case: Case) -> None:
    setup = "X = X.astype(np.int64)"
    answer = check_answer(subject, case, case.X.astype(np.int64), setup=setup, exact=False)
    n, own = len(case.y), case.X[case.y == 1]
    apart = len(np.unique(own, axis=0)) == len(own) and np.abs(own).min() > 1e5
    if answer is None or len(answer[1]) == n or not apart or subject.family not in SMOTE_LIKE:
        return
    same = (answer[0][n:, None, :] == own[None, :, :]).all(axis=2).any(axis=1)
    if same.all():
        raise Violation(
            f"expected rows between integers as far apart as {np.ptp(own, axis=0).max():.0f}, all "
            f"{len(same)} new rows are copies",
            setup=setup,
        )


@prop(
    "degenerate",
    "values with a large offset (times, identifiers, coordinates) lose the digits that tell them apart",
    families=tuple(family for family in OVERSAMPLERS if family != "generic"),
    cases=partial(
        cases, dataset=changed(lambda draw, X, y: X + draw(st.sampled_from((1e8, -1e8)))), layouts=("cloud",)
    ),
    examples=30,
)
def large_offsets_keep_their_digits(subject: Subject, case: Case) -> None:
    # Distances by |a|^2 + |b|^2 - 2ab have no digits left here, so that who is in DANGER may come out wrong.
    check_answer(subject, case, exact=False, must=subject.family in _FROM_ANY_ROW)


@prop(
    "degenerate",
    "distances below or above some fixed bound, as 1e-6 or 1e6, are taken for none, or for no neighbours",
    families=tuple(family for family in OVERSAMPLERS if family != "generic"),
    cases=partial(cases, n_extra=(12, 20), layouts=("cloud",), k=(1, 3)),
    examples=4,
)
def tiny_and_huge_distances_keep_neighbors(subject: Subject, case: Case) -> None:
    for exponent in (-40, 40):  # powers of two: no digit changes
        scaled = dataclasses.replace(case, X=case.X * 2.0**exponent)
        with shown(case=scaled):
            answer = subject.arrays(scaled)
            demand_allowed_rows(subject, scaled.X, case.y, answer, k=subject.k(scaled), m=subject.m(scaled))


_OFFSET = 1e8


def _check_neighbors(subject: Subject, case: Case) -> None:
    """Raise unless rows with a large offset get the neighbours that they have without it."""
    setup = f"X = X + {_OFFSET:g}"
    moved = case.X + _OFFSET
    X, y = rows_and_labels(*subject.answer(case, X=moved.copy(), setup=setup), case)
    back = moved - _OFFSET  # what is left of the digits, exactly
    k, m = subject.k(case), subject.m(case)
    demand_allowed_rows(subject, back, case.y, (X - _OFFSET, y), k=k, m=m, setup=setup, tolerance=1e-6)


@st.composite
def _a_dozen(draw: st.DrawFn, /, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
    # Of fewer rows scikit-learn computes all distances, and by that formula.
    made: tuple[np.ndarray, np.ndarray] = draw(imbalanced_datasets(**{**kwargs, "n_minority": (12, 14)}))
    return made


_dozen = partial(cases, n_extra=(8, 12), layouts=("cloud",), dataset=_a_dozen, k=(1, 2))


@prop(
    "degenerate",
    "values with a large offset get other neighbours: distances made of squared lengths lose their digits",
    families=("smote",),
    cases=_dozen,
    examples=8,
)
def large_offsets_keep_neighbors(subject: Subject, case: Case) -> None:
    _check_neighbors(subject, case)


@prop(
    "degenerate",
    "the same of tables with more columns than rows, where many libraries compute distances that way",
    families=("smote",),
    cases=partial(_dozen, n_features=(26, 28)),
    examples=3,
    convention="smote-bench",
)
def wide_tables_with_offsets_keep_neighbors(subject: Subject, case: Case) -> None:
    _check_neighbors(subject, case)


_APART = 64.0


@st.composite
def _two_clouds(draw: st.DrawFn, /, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
    width = draw(st.integers(*kwargs["n_features"]))
    (X, y), (far, y_far) = (draw(_a_dozen(**{**kwargs, "n_features": (width, width)})) for _ in range(2))
    return np.vstack([X, far + _APART]), np.concatenate([y, y_far])


@prop(
    "degenerate",
    "rows in two clouds far from each other get other neighbours: to centre them first is of no help there",
    families=("smote",),
    cases=partial(cases, n_extra=(8, 12), layouts=("cloud",), dataset=_two_clouds, k=(1, 2)),
    examples=4,
)
def clouds_far_apart_keep_neighbors(subject: Subject, case: Case) -> None:
    setup = f"X = X + {_OFFSET:g} * (X[:, :1] > {_APART / 2:g})"
    offset = _OFFSET * (case.X[:, :1] > _APART / 2)
    moved = case.X + offset
    X, y = rows_and_labels(*subject.answer(case, X=moved.copy(), setup=setup), case)
    back = X - _OFFSET * (X[:, :1] > _OFFSET / 2)
    k, m = subject.k(case), subject.m(case)
    # What is left of the digits of each row, exactly, and new rows beside them.
    demand_allowed_rows(subject, moved - offset, case.y, (back, y), k=k, m=m, setup=setup, tolerance=1e-6)


_WIDTH, _N_WIDE = 1100, (24, 12)


def _last_columns_decide(subject: Subject, seed: int, smoke: bool) -> Case:
    y = np.repeat([0, 1], _N_WIDE)
    rng = np.random.default_rng(seed)
    X = 1e-6 * rng.normal(size=(len(y), _WIDTH))
    X[:, -2:] = rng.normal(size=(len(y), 2))
    recipe = (
        f"y, rng = np.repeat([0, 1], {_N_WIDE}), np.random.default_rng({seed})\n"
        f"X = 1e-6 * rng.normal(size=(len(y), {_WIDTH}))\nX[:, -2:] = rng.normal(size=(len(y), 2))"
    )
    return Case(X, y, seed % 2**16, {str(subject.k_name): 2}, recipe)


@prop(
    "degenerate",
    "of tables with a thousand columns only some are looked at: other rows are near than by all of them",
    families=("smote",),
    needs=("k",),
    design=_last_columns_decide,
)
def every_column_of_a_wide_table_counts(subject: Subject, case: Case) -> None:
    answer = subject.arrays(case)
    demand_allowed_rows(subject, case.X, case.y, answer, k=subject.k(case), m=subject.m(case))


_GAPS = ("X[y == 1, 0] = np.nan", "X[np.flatnonzero(y == 1)[::2], 0] = np.nan")


@prop(
    "degenerate",
    "where new rows are copies and missing values are taken, those of the copies are filled with something",
    families=("generic",),
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=3,
)
def copies_keep_missing_values(subject: Subject, case: Case) -> None:
    if _first_that_is_no_copy(case, *subject.arrays(case)) is not None:
        return  # it makes rows of its own
    own = np.flatnonzero(case.y == 1)
    for rows, setup in zip((own, own[::2]), _GAPS, strict=True):
        X = case.X.copy()
        X[rows, 0] = np.nan
        gaps = dataclasses.replace(case, X=X)
        try:
            answer = subject.arrays(gaps)
        except Refused:  # as is right
            continue
        row = _first_that_is_no_copy(gaps, *answer)
        if row is not None:
            raise Violation(
                f"expected copies of rows, as they are without missing values, got {answer[0][row].tolist()}",
                setup=setup,
            )


def _first_that_is_no_copy(case: Case, X: np.ndarray, y: np.ndarray) -> int | None:
    """Return the first new row that no row of its class is like, missing values for missing values."""
    for row in range(len(case.y), len(y)):
        own = case.X[case.y == y[row]]
        if not ((own == X[row]) | (np.isnan(own) & np.isnan(X[row]))).all(axis=1).any():
            return row
    return None
