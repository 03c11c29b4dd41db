"""Structure of samplers that make rows and remove some: rows of the input, and new ones of their class."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from smote_bench.properties.answers import check_labels
from smote_bench.properties.cases import Case
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Refused, Violation, shown

__all__ = ["new_rows_are_not_beyond_their_class", "rows_of_the_input_keep_values_and_labels"]

# Beside 1: more than any sum in double precision is off by, and less than rows that are drawn anew.
_ALTERED, _DRAWN = 1e-10, 1e-3


@prop(
    "structure",
    "rows of the input come back with the label of another class, or with their last digits lost",
    families=("combined",),
    cases=partial(cases, n_extra=(8, 16), n_features=(2, 4), layouts=("cloud", "two clouds")),
    examples=6,
)
def rows_of_the_input_keep_values_and_labels(subject: Subject, case: Case) -> None:
    try:
        check_labels(subject, case, *subject.arrays(case))
    except Violation as violation:
        if violation.convention:
            _demand_labels_of_the_minority(subject, case.seed)
        raise
    apart = replace(case, X=case.X / 3 + 100 * case.y[:, None])
    with shown(setup="X = X / 3 + 100 * y[:, None]"):
        try:
            X, y = subject.arrays(apart)
        except Refused:  # those that start from doubtful rows have nothing to start from
            return
        check_labels(subject, apart, X, y)
        _demand_digits(apart.X[apart.y == 0], X[y == 0])


_N_CLOUDS, _IN_CLOUD = 8, (60, 12)


def _demand_labels_of_the_minority(subject: Subject, seed: int) -> None:
    """Raise where rows of the minority become the majority's, and not only the other way round."""
    y = np.repeat([0, 1], _IN_CLOUD)
    for number in range(_N_CLOUDS):
        cloud = Case(np.random.default_rng([seed, number]).normal(size=(len(y), 2)).round(3), y, seed)
        try:
            with shown(case=cloud):
                check_labels(subject, cloud, *subject.arrays(cloud))
        except Refused:
            return
        except Violation as violation:
            if not violation.convention:
                raise


def _demand_digits(rows: np.ndarray, came: np.ndarray) -> None:
    """Raise where most rows that came are rows of the input but for a last digit."""
    if not len(came):
        return
    apart = np.abs(came[:, None] - rows[None]).max(axis=2)
    off = apart.min(axis=1)
    altered = np.flatnonzero((off > _ALTERED) & (off < _DRAWN))
    # A row that is made, and so far from all others, is this near to one of the input hardly ever.
    if 2 * len(altered) > len(came):
        row = came[altered[0]].tolist()
        given = rows[apart[altered[0]].argmin()].tolist()
        raise Violation(
            f"expected {given}, which is far from class 1, to stay as it is or to go, got {row}", point=row
        )


_N_AXES, _N_AMID, _N_FAR, _FAR = 4, 3, 200, 50.0
_ROUNDING, _ALMOST = 1e-6, 1e-3


def _around_others(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out the minority around a few rows of the majority, which are nearest to each of its rows.

    So many new rows are wanted that those on one segment are nearer to each other than to its ends: cleaning
    leaves most of them.
    """
    rng = np.random.default_rng(seed)
    ends = np.vstack([np.eye(_N_AXES), -np.eye(_N_AXES)]) + 0.05 * rng.normal(size=(2 * _N_AXES, _N_AXES))
    amid = 0.1 * rng.normal(size=(_N_AMID, _N_AXES))
    far = _FAR + rng.normal(size=(_N_FAR, _N_AXES))
    y = np.repeat([0, 1], [_N_AMID + _N_FAR, len(ends)])
    order = rng.permutation(len(y))
    return Case(np.vstack([amid, far, ends])[order].round(4), y[order], seed % 2**16)


@prop(
    "structure",
    "new rows lie on lines through two rows of their class but far beyond both, or nearer to another class's "
    "row, towards which they were made, than to their own",
    families=("combined",),
    design=_around_others,
)
def new_rows_are_not_beyond_their_class(subject: Subject, case: Case) -> None:
    try:
        X, y = subject.arrays(case)
    except Refused:
        return
    known = {tuple(row) for row in case.X.tolist()}
    made = np.array([row for row in X[y == 1].tolist() if tuple(row) not in known]).reshape(-1, _N_AXES)
    own, others = case.X[case.y == 1], case.X[case.y == 0]
    steps = _steps(made, own, own)
    # Some extrapolate, away from the border, by up to half of the way to a neighbour.
    on_a_line = ~np.isnan(steps).all(axis=1)
    between = ((steps >= -0.5 - _ALMOST) & (steps <= 1.5 + _ALMOST)).any(axis=1)
    beyond = np.flatnonzero(on_a_line & ~between)
    if beyond.size:
        row = made[beyond[0]].tolist()
        raise Violation(
            "expected new rows of class 1 between two of its rows, or where no line through two of them "
            f"leads, got {row}: it is on such a line, beyond both by more than half of their distance",
            point=row,
        )
    # Borderline-2 takes steps towards other classes, of up to half of the way.
    far = (_steps(made, own, others) > 0.5 + _ALMOST).any(axis=1)
    towards = np.flatnonzero(far & ~on_a_line)
    if towards.size:
        row = made[towards[0]].tolist()
        raise Violation(
            f"expected new rows of class 1 to keep to their class, got {row}: it is on the way from a row of "
            "class 1 to one of class 0, and more than half-way there",
            point=row,
        )


def _steps(made: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return where rows lie on the line from each start to each end, 0 at the start; NaN for beside it.

    Returns
    -------
    ndarray of shape (n_made, n_starts * n_ends)
    """
    each = []
    for start in starts:
        way = ends[(ends != start).any(axis=1)] - start
        from_start = made - start
        steps = from_start @ way.T / (way**2).sum(axis=1)
        beside = np.abs(from_start[:, None] - steps[:, :, None] * way[None]).max(axis=2)
        each.append(np.where(beside <= _ROUNDING, steps, np.nan))
    return np.hstack(each)
