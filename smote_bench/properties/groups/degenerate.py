"""Degenerate: few rows, equal rows, one column, many columns, nothing to start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import hypothesis
import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import check_answer, check_said
from smote_bench.properties.cases import Case
from smote_bench.properties.families import OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases, has_seeds, imbalanced_datasets, seeds
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation, shown

__all__ = [
    "changed",
    "equal_rows_give_equal_rows",
    "heavy_imbalance_is_dealt_with",
    "more_columns_than_rows_is_no_matter",
    "nothing_to_start_from_is_said",
    "one_column_is_enough",
    "one_row_is_made_where_one_is_missing",
    "shared_rows_are_no_matter",
    "the_fewest_rows_are_enough",
]

Dataset = Callable[..., st.SearchStrategy[tuple[np.ndarray, np.ndarray]]]


def changed(change: Callable[[st.DrawFn, np.ndarray, np.ndarray], np.ndarray], **fixed: Any) -> Dataset:
    """Return data sets whose values are changed; `fixed` are arguments of `imbalanced_datasets`."""

    @st.composite
    def datasets(draw: st.DrawFn, /, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
        X, y = draw(imbalanced_datasets(**{**kwargs, **fixed}))
        return change(draw, X, y), y

    return datasets


@st.composite
def _fewest(draw: st.DrawFn, /, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
    n = kwargs["n_minority"][0]
    made: tuple[np.ndarray, np.ndarray] = draw(imbalanced_datasets(**{**kwargs, "n_minority": (n, n)}))
    return made


@prop(
    "degenerate",
    "k + 1 rows of a class, of which each has just k neighbours, are too few (with k = 1 two rows)",
    families=OVERSAMPLERS,
    cases=partial(cases, dataset=_fewest, k=(1, 4), layouts=("cloud",)),
    examples=15,
)
def the_fewest_rows_are_enough(subject: Subject, case: Case) -> None:
    check_answer(subject, case)


@st.composite
def _one_point(draw: st.DrawFn, /, subject: Subject) -> Case:
    """Draw a case whose minority is one point, k + 1 times, amid the majority."""
    settings: dict[str, Any] = {}
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = draw(st.integers(1, 3))
    k = subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = 2 * k  # k equal rows and k others: half, which is DANGER
    n_minority = max(k + 1, subject.needs.least_rows)
    y = np.repeat([0, 1], [n_minority + draw(st.integers(k, k + 6)), n_minority])
    rng = np.random.default_rng(draw(seeds()))
    hypothesis.assume("category" not in subject.needs.kinds)
    least = subject.needs.least_columns
    X = rng.normal(size=(len(y), draw(st.integers(least, max(least, 3))))).round(3)
    X[y == 1] = X[-1]
    order = rng.permutation(len(y))
    return Case(X[order], y[order], draw(seeds()), settings)


@prop(
    "degenerate",
    "a class whose rows are all equal gives other rows, NaN or an error",
    families=OVERSAMPLERS,
    cases=_one_point,
    examples=12,
)
def equal_rows_give_equal_rows(subject: Subject, case: Case) -> None:
    check_answer(subject, case)


@prop(
    "degenerate",
    "where one row is missing none is made, or two, or an error is raised",
    families=OVERSAMPLERS,
    cases=partial(cases, n_extra=(1, 1), layouts=("cloud",)),
    examples=12,
)
def one_row_is_made_where_one_is_missing(subject: Subject, case: Case) -> None:
    check_answer(subject, case, must=has_seeds(subject, case))


@prop(
    "degenerate",
    "a table of one column is refused, or gives wrong rows",
    families=OVERSAMPLERS,
    cases=partial(cases, n_features=(1, 1)),
    examples=12,
)
def one_column_is_enough(subject: Subject, case: Case) -> None:
    check_answer(subject, case)
    if subject.family == "smote" and not subject.lacks("k") and not subject.lacks("default counts"):
        _demand_several_pairs(subject, case)


_N_PAIRS, _PAIRS_APART = 10, 100.0


def _demand_several_pairs(subject: Subject, case: Case) -> None:
    """Raise where all new rows of a column lie in one of ten pairs of rows."""
    places = _PAIRS_APART * np.repeat(np.arange(_N_PAIRS), 2) + np.tile([0.0, 1.0], _N_PAIRS)
    others = -_PAIRS_APART * (2.0 + np.arange(6 * _N_PAIRS))
    y = np.repeat([1, 0], [len(places), len(others)])
    table = np.concatenate([places, others])[:, None]
    pairs = replace(case, X=table, y=y, params={**case.params, str(subject.k_name): 1})
    with shown(case=pairs):
        X, _ = subject.arrays(pairs)
        made = X[len(y) :, 0]
        if len(made) >= 2 * _N_PAIRS and len(np.unique(made // _PAIRS_APART)) == 1:
            raise Violation(
                f"expected {len(made)} new rows in several of {_N_PAIRS} pairs of rows, all are between "
                f"{made.min():g} and {made.max():g}"
            )


@prop(
    "degenerate",
    "a table with more columns than rows is refused, or gives wrong rows",
    families=OVERSAMPLERS,
    cases=partial(cases, n_features=(26, 28), n_extra=(1, 2), k=(1, 2), layouts=("cloud",), dataset=_fewest),
    examples=6,
)
def more_columns_than_rows_is_no_matter(subject: Subject, case: Case) -> None:
    check_answer(subject, case)


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
    families=OVERSAMPLERS,
    cases=partial(cases, dataset=changed(_share_rows), layouts=("cloud",)),
    examples=15,
)
def shared_rows_are_no_matter(subject: Subject, case: Case) -> None:
    check_answer(subject, case)


@st.composite
def _one_in_a_hundred(draw: st.DrawFn, /, subject: Subject) -> Case:
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
    families=OVERSAMPLERS,
    cases=_one_in_a_hundred,
    examples=5,
)
def heavy_imbalance_is_dealt_with(subject: Subject, case: Case) -> None:
    check_answer(subject, case)


@st.composite
def _apart(draw: st.DrawFn, /, subject: Subject) -> Case:
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
    "where no row is near another class there is nothing to start from: NaN or a crash comes of it, or the "
    "input, or rows made of others, without a word",
    families=("borderline1", "borderline2", "adasyn"),
    cases=_apart,
    examples=8,
)
def nothing_to_start_from_is_said(subject: Subject, case: Case) -> None:
    answer = check_answer(subject, case)
    if answer is not None:
        what = "a minority without a row near the other class"
        # Shares of ADASYN are 0 / 0 then: to take all rows as equally hard is a reading.
        check_said(subject, case, answer[1], what, also_of_new_rows=subject.family != "adasyn")
