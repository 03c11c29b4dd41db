"""Degenerate: data at the edge of what can be resampled, where shortcuts in the arithmetic show."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import check_box, check_counts, check_originals, counts, slack
from smote_bench.properties.cases import Case
from smote_bench.properties.families import FAMILIES, SMOTE_LIKE
from smote_bench.properties.kit import Violation, prop
from smote_bench.properties.strategies import cases, has_seeds, imbalanced_datasets, seeds
from smote_bench.properties.subject import Subject, one_line, rows_and_labels

__all__ = [
    "equal_rows_give_equal_rows",
    "extreme_magnitudes_are_kept",
    "heavy_imbalance_is_dealt_with",
    "integers_stay_in_their_range",
    "large_offsets_keep_their_digits",
    "more_columns_than_rows_is_no_matter",
    "nothing_to_start_from_is_said",
    "one_column_is_enough",
    "one_row_is_made_where_one_is_missing",
    "shared_rows_are_no_matter",
    "single_precision_is_enough",
    "the_fewest_rows_are_enough",
]

_INTERPOLATING = tuple(family for family in FAMILIES if family != "generic")
_FROM_ANY_ROW = ("smote", "interpolating", "generic")
Dataset = Callable[..., st.SearchStrategy[tuple[np.ndarray, np.ndarray]]]


def _check(
    subject: Subject,
    case: Case,
    X: np.ndarray | None = None,
    *,
    setup: str = "",
    dtype: type = np.float64,
    exact: bool = True,
    must: bool | None = None,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Raise a `Violation` unless the answer is valid: the input first, new rows in the box, counts as due.

    Parameters
    ----------
    subject : Subject
    case : Case
    X : ndarray, optional
        The same rows in another dtype.
    setup : str
        The code that makes these of the case's.
    dtype : type
        In which the sampler may compute.
    exact : bool
        Whether classes have to be balanced in the families that balance them.
    must : bool, optional
        Whether there has to be an answer, with all the rows that are wanted; default, whether there are rows
        that the family starts from and, for adasyn, more wanted than may all round to none.

    Returns
    -------
    tuple of ndarray, or None
        What came back; None where the subject may refuse, and does.
    """
    if must is None:
        must = has_seeds(subject, case) and _n_missing(case) > slack(subject, case, 1)
    try:
        answer = subject.call(subject.build(case), case.X.copy() if X is None else X.copy(), case.y.copy())
    except Violation as violation:
        raise Violation(violation.message, setup=setup) from None
    except Exception as error:
        if not must and isinstance(error, ValueError | RuntimeError):
            return None
        raise Violation(
            f"expected an answer, it raised {one_line(error)}",
            setup=setup,
        ) from error
    try:
        X_new, y_new = rows_and_labels(*answer, case)
    except Violation as violation:
        raise Violation(violation.message, setup=setup) from None
    check_originals(case, X_new, y_new, setup=setup)
    check_box(subject, case, X_new, y_new, dtype=dtype, setup=setup)
    if exact and must and subject.family in SMOTE_LIKE and not subject.lacks("default counts"):
        largest = max(counts(case.y).values())
        check_counts(subject, case, y_new, dict.fromkeys(counts(case.y), largest), setup=setup)
    return X_new, y_new


def _n_missing(case: Case) -> int:
    return counts(case.y)[0] - counts(case.y)[1]


def _with(change: Callable[[st.DrawFn, np.ndarray, np.ndarray], np.ndarray], **fixed: Any) -> Dataset:
    """Return data sets whose values are changed; `fixed` are arguments of `imbalanced_datasets`."""

    @st.composite
    def datasets(draw: st.DrawFn, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
        X, y = draw(imbalanced_datasets(**{**kwargs, **fixed}))
        return change(draw, X, y), y

    return datasets


@st.composite
def _fewest(draw: st.DrawFn, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
    n = kwargs["n_minority"][0]
    made: tuple[np.ndarray, np.ndarray] = draw(imbalanced_datasets(**{**kwargs, "n_minority": (n, n)}))
    return made


@prop(
    "degenerate",
    "k + 1 rows of a class, of which each has just k neighbours, are too few (with k = 1 two rows)",
    families=FAMILIES,
    cases=partial(cases, dataset=_fewest, k=(1, 4), layouts=("cloud",)),
    examples=15,
)
def the_fewest_rows_are_enough(subject: Subject, case: Case) -> None:
    _check(subject, case)


@st.composite
def _one_point(draw: st.DrawFn, subject: Subject, *, family_k: tuple[int, int] = (1, 3)) -> Case:
    """Draw a case whose minority is one point, k + 1 times, amid the majority."""
    settings: dict[str, Any] = {}
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = draw(st.integers(*family_k))
    k = subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = 2 * k  # k equal rows and k others: half, which is DANGER
    n_minority = k + 1
    y = np.repeat([0, 1], [n_minority + draw(st.integers(k, k + 6)), n_minority])
    rng = np.random.default_rng(draw(seeds()))
    X = rng.normal(size=(len(y), draw(st.integers(1, 3)))).round(3)
    X[y == 1] = X[-1]
    order = rng.permutation(len(y))
    return Case(X[order], y[order], draw(seeds()), settings)


@prop(
    "degenerate",
    "a class whose rows are all equal gives other rows, NaN or an error",
    families=FAMILIES,
    cases=_one_point,
    examples=12,
)
def equal_rows_give_equal_rows(subject: Subject, case: Case) -> None:
    _check(subject, case)


@prop(
    "degenerate",
    "where one row is missing none is made, or two, or an error is raised",
    families=FAMILIES,
    cases=partial(cases, n_extra=(1, 1), layouts=("cloud",)),
    examples=12,
)
def one_row_is_made_where_one_is_missing(subject: Subject, case: Case) -> None:
    _check(subject, case, must=has_seeds(subject, case))


@st.composite
def _scaled(draw: st.DrawFn, subject: Subject) -> Case:
    case = draw(cases(subject, layouts=("cloud",)))
    # A generic sampler may need the variance, which has no room for the largest values.
    exponents = (-300, -150, 150) if subject.family == "generic" else (-300, -150, 150, 300)
    drawn = st.sampled_from(exponents).map(lambda exponent: float(f"1e{exponent}"))
    columns = case.X.shape[1]
    same = draw(st.booleans())
    scales = np.full(columns, draw(drawn)) if same else np.array([draw(drawn) for _ in range(columns)])
    return dataclasses.replace(case, X=case.X * scales)


@prop(
    "degenerate",
    "values as small as 1e-300 or as large as 1e300 become 0, infinity or NaN",
    families=FAMILIES,
    cases=_scaled,
    examples=20,
)
def extreme_magnitudes_are_kept(subject: Subject, case: Case) -> None:
    # Squares of such values are 0 or infinite. So to refuse the large ones is right, and who is near whom,
    # and so in DANGER or hard to learn, cannot be told from distances. What comes back has to be valid.
    large = bool(np.abs(case.X).max() > 1.0)
    _check(subject, case, exact=False, must=subject.family in _FROM_ANY_ROW and not large)


def _single(draw: st.DrawFn, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return values that fit float32; in half the cases such as float16 has no digits for."""
    moved = X / 4 + 4097.3 if draw(st.booleans()) else X
    return moved.astype(np.float32).astype(np.float64)


@prop(
    "degenerate",
    "float32 data are refused, changed, or give rows outside of their range",
    families=FAMILIES,
    cases=partial(cases, dataset=_with(_single), layouts=("cloud",)),
    examples=10,
)
def single_precision_is_enough(subject: Subject, case: Case) -> None:
    must = (
        subject.family in _FROM_ANY_ROW
    )  # distances in single precision may find others near than in double
    setup = "X = X.astype(np.float32)"
    _check(subject, case, case.X.astype(np.float32), setup=setup, dtype=np.float32, exact=False, must=must)


@prop(
    "degenerate",
    "columns of integers are refused, wrap around, or give values outside of their range",
    families=FAMILIES,
    cases=partial(
        cases,
        dataset=_with(lambda draw, X, y: np.round(X * draw(st.sampled_from((1, 8, 2**31))))),
        layouts=("cloud", "lattice"),
    ),
    examples=18,
)
def integers_stay_in_their_range(subject: Subject, case: Case) -> None:
    setup = "X = X.astype(np.int64)"
    answer = _check(subject, case, case.X.astype(np.int64), setup=setup, exact=False)
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
    "a table of one column is refused, or gives wrong rows",
    families=FAMILIES,
    cases=partial(cases, n_features=(1, 1)),
    examples=12,
)
def one_column_is_enough(subject: Subject, case: Case) -> None:
    _check(subject, case)


@prop(
    "degenerate",
    "a table with more columns than rows is refused, or gives wrong rows",
    families=FAMILIES,
    cases=partial(cases, n_features=(26, 28), n_extra=(1, 2), k=(1, 2), layouts=("cloud",), dataset=_fewest),
    examples=6,
)
def more_columns_than_rows_is_no_matter(subject: Subject, case: Case) -> None:
    _check(subject, case)


def _share_rows(draw: st.DrawFn, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    minority, majority = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    n = draw(st.integers(1, len(minority) - 1))
    X = X.copy()
    X[majority[:n]] = X[minority[:n]]
    X[minority[-1]] = X[minority[0]]
    return X


@prop(
    "degenerate",
    "rows that stand in both classes, or twice in one, are dropped or lead to an error",
    families=FAMILIES,
    cases=partial(cases, dataset=_with(_share_rows), layouts=("cloud",)),
    examples=15,
)
def shared_rows_are_no_matter(subject: Subject, case: Case) -> None:
    _check(subject, case)


@st.composite
def _one_in_a_hundred(draw: st.DrawFn, subject: Subject) -> Case:
    """Draw k + 1 rows of the minority beside 500: close together for DANGER, apart for rows that are hard."""
    settings: dict[str, Any] = {}
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = 4
    k = subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = 2 * k
    seed, spread = draw(seeds()), 1.0 if subject.family == "adasyn" else 1e-3
    recipe = (
        f"rng = np.random.default_rng({seed})\ny = np.repeat([0, 1], [500, {k + 1}])\n"
        f"X = rng.normal(size=(len(y), 2))\nX[y == 1] *= {spread}"
    )
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], [500, k + 1])
    X = rng.normal(size=(len(y), 2))
    X[y == 1] *= spread
    return Case(X, y, draw(seeds()), settings, recipe)


@prop(
    "degenerate",
    "a handful of rows beside hundreds does not become as many",
    families=FAMILIES,
    cases=_one_in_a_hundred,
    examples=5,
)
def heavy_imbalance_is_dealt_with(subject: Subject, case: Case) -> None:
    _check(subject, case)


@prop(
    "degenerate",
    "values with a large offset (times, identifiers, coordinates) lose the digits that tell them apart",
    families=_INTERPOLATING,
    cases=partial(
        cases, dataset=_with(lambda draw, X, y: X + draw(st.sampled_from((1e8, -1e8)))), layouts=("cloud",)
    ),
    examples=8,
)
def large_offsets_keep_their_digits(subject: Subject, case: Case) -> None:
    # Distances by |a|^2 + |b|^2 - 2ab have no digits left here, so that who is in DANGER may come out wrong.
    _check(subject, case, exact=False, must=subject.family in _FROM_ANY_ROW)


@st.composite
def _apart(draw: st.DrawFn, subject: Subject) -> Case:
    """Draw two classes so far apart that no row of one has the other near it."""
    settings: dict[str, Any] = {}
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = draw(st.integers(1, 3))
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = draw(st.integers(2, 6))
    probe = Case(np.empty((0, 0)), np.empty(0), params=settings)
    n_minority = max(subject.k(probe), subject.m(probe)) + 1 + draw(st.integers(0, 3))
    y = np.repeat([0, 1], [n_minority + draw(st.integers(1, 8)), n_minority])
    rng = np.random.default_rng(draw(seeds()))
    X = rng.normal(size=(len(y), draw(st.integers(1, 3)))).round(3)
    X[y == 1] += 100.0
    order = rng.permutation(len(y))
    return Case(X[order], y[order], draw(seeds()), settings)


@prop(
    "degenerate",
    "where no row is near another class there is nothing to start from, and NaN or a crash comes of it",
    families=("borderline1", "borderline2", "adasyn"),
    cases=_apart,
    examples=8,
)
def nothing_to_start_from_is_said(subject: Subject, case: Case) -> None:
    _check(subject, case)
