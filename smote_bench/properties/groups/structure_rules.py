"""Structure: the family's rule holds for several classes, sparse tables and frames as for plain arrays."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from scipy import sparse

from smote_bench.properties.answers import check_box, check_originals
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL
from smote_bench.properties.families import OVERSAMPLERS
from smote_bench.properties.groups.degenerate import changed
from smote_bench.properties.kit import prop
from smote_bench.properties.reference import ranked_neighbors
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.segments import explain
from smote_bench.properties.strategies import cases, seeds
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Refused, Violation, shown

__all__ = [
    "a_small_class_leaves_the_others_their_neighbors",
    "entries_that_occur_twice_are_summed",
    "frames_with_a_repeated_index_follow_the_rule",
    "several_classes_follow_the_rule",
    "sparse_tables_follow_the_rule",
]

_RULED = tuple(family for family in OVERSAMPLERS if family != "generic")


def _demand_rule(subject: Subject, case: Case, X: Any, y: Any, *, setup: str = "") -> None:
    """Raise unless an answer has the rows of the case first, and new ones where the family may put them."""
    X, y = rows_and_labels(X, y, case)
    check_originals(case, X, y, setup=setup)
    demand_allowed_rows(subject, case.X, case.y, (X, y), k=subject.k(case), m=subject.m(case), setup=setup)


@st.composite
def _around_another(
    draw: st.DrawFn, /, *, n_minority: tuple[int, int], n_features: tuple[int, int], **_: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a class around the core of another, both beside a large one.

    New rows of the first lie amid the core of the second, where no row of another class was before.
    """
    n_around, n_core = n_minority[0] + draw(st.integers(0, 2)), n_minority[0] + 4
    sizes = [draw(st.integers(50, 60)), n_around, n_core, 2]
    # Most samplers grow classes in the order of their labels.
    around, core = draw(st.sampled_from([(1, 2), (1, 2), (1, 2), (2, 1)]))
    y = np.repeat([0, around, core, core], sizes)
    rng = np.random.default_rng(draw(seeds()))
    width = draw(st.integers(*n_features))
    middle = np.eye(1, width)
    ring = rng.normal(size=(n_around, width))
    ring *= 1.2 / np.linalg.norm(ring, axis=1, keepdims=True)
    X = np.vstack(
        [
            2.5 * middle + 0.7 * rng.normal(size=(sizes[0], width)),
            ring,
            0.25 * rng.normal(size=(n_core, width)),
            2.0 * middle + 0.3 * rng.normal(size=(2, width)),
        ]
    )
    order = rng.permutation(len(y))
    return X.round(3)[order], y[order]


@prop(
    "structure",
    "with several classes new rows are made of other rows than the family has it: of new ones, or of others'",
    families=_RULED,
    needs=("multiclass",),
    cases=partial(cases, dataset=_around_another, n_features=(2, 3), k=(1, 3)),
    examples=20,
)
def several_classes_follow_the_rule(subject: Subject, case: Case) -> None:
    _demand_rule(subject, case, *subject.arrays(case))
    n = int((case.y == 0).sum())
    for strategy in ({1: n, 2: n}, {2: n, 1: n}):
        asked = dataclasses.replace(case, params={**case.params, "sampling_strategy": strategy})
        with shown(case=asked):
            try:
                answer = subject.arrays(asked)
            except Refused:  # which targets have to be taken is for `every_strategy_gives_exact_counts`
                return
            _demand_rule(subject, asked, *answer)


_SMALL, _K, _N_OTHERS, _N_MAJORITY = 3, 5, 14, 120


def _small_class(subject: Subject, seed: int, smoke: bool) -> Case:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat([0, 1, 2], [_N_MAJORITY, _SMALL, _N_OTHERS]))
    return Case(rng.normal(size=(len(y), 3)).round(3), y, seed % 2**16, {str(subject.k_name): _K})


@prop(
    "structure",
    "a class with few rows takes neighbours from the classes after it: its smaller k stays in force",
    families=("smote",),
    needs=("multiclass", "k"),
    design=_small_class,
    false_alarm=LEVEL,
)
def a_small_class_leaves_the_others_their_neighbors(subject: Subject, case: Case) -> None:
    for named in ([0, 1, 2], [0, 2, 1]):  # the small class comes first in one of them
        renamed = dataclasses.replace(case, y=np.array(named)[case.y])
        with shown(case=renamed):
            try:
                X, y = subject.arrays(renamed)
            except Refused:  # to refuse a class that is too small is right
                continue
            _check_far_neighbors(renamed, X, y, named[2])


def _check_far_neighbors(case: Case, X: np.ndarray, y: np.ndarray, label: int) -> None:
    """Raise if no new row of a class lies towards a neighbour that the small class would not have."""
    n = len(case.y)
    new = X[n:][y[n:] == label]
    rows = case.X[case.y == label]
    near = ranked_neighbors(rows, _K)
    found = explain(new, rows, np.repeat(np.arange(len(rows)), _K), near.ravel())
    is_far = np.tile(np.arange(_K), len(rows)) >= _SMALL - 1
    n_known = int(found.explained.sum())
    n_far = int((found.fits[:, is_far].any(axis=1) & ~found.fits[:, ~is_far].any(axis=1)).sum())
    # About four in ten lie on such a segment: of sixty, none does once in ten million million.
    if n_known >= 60 and not n_far:
        raise Violation(
            f"expected new rows of class {label} towards each of the {_K} nearest rows, all {n_known} lie "
            f"towards the first {_SMALL - 1}, which is all that the class with {_SMALL} rows has"
        )


def _with_gaps(draw: st.DrawFn, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(draw(seeds()))
    gappy: np.ndarray = np.where(rng.random(X.shape) < 0.4, 0.0, X)
    return gappy


@prop(
    "structure",
    "new rows of sparse tables are not where the family puts them: what one of two rows has is left out",
    families=_RULED,
    needs=("estimator", "sparse"),
    cases=partial(cases, dataset=changed(_with_gaps), n_features=(2, 4), layouts=("cloud",)),
    examples=6,
)
def sparse_tables_follow_the_rule(subject: Subject, case: Case) -> None:
    try:
        answer = subject.call(subject.build(case), sparse.csr_matrix(case.X), case.y.copy())
    except Exception:  # `sparse_comes_back_sparse`
        return
    _demand_rule(subject, case, *answer, setup="from scipy import sparse\nX = sparse.csr_matrix(X)")


_HALVED = (
    "from scipy import sparse\nX = sparse.csr_matrix(X)\n"
    "halves = np.repeat(X.data / 2, 2), np.repeat(X.indices, 2), 2 * X.indptr\n"
    "X = sparse.csr_matrix(halves, shape=X.shape)"
)


@prop(
    "structure",
    "of entries of a sparse table that occur twice, which stand for their sum, one is read alone",
    families=OVERSAMPLERS,
    needs=("estimator", "sparse"),
    cases=partial(cases, dataset=changed(_with_gaps), n_features=(2, 4), layouts=("cloud",)),
    examples=3,
)
def entries_that_occur_twice_are_summed(subject: Subject, case: Case) -> None:
    whole = sparse.csr_matrix(case.X)
    halves = np.repeat(whole.data / 2, 2), np.repeat(whole.indices, 2), 2 * whole.indptr
    X = sparse.csr_matrix(halves, shape=whole.shape)
    try:
        answer = subject.call(subject.build(case), X, case.y.copy())
    except Exception:  # to refuse them is right
        return
    made = rows_and_labels(*answer, case)
    check_originals(case, *made, setup=_HALVED)
    if subject.family != "generic":
        check_box(subject, case, *made, setup=_HALVED)
    if subject.family in ("smote", "adasyn"):
        # Scikit-learn's distances between such rows are others than between their sums: any row may be near.
        k = int((case.y == 1).sum()) - 1
        demand_allowed_rows(subject, case.X, case.y, made, k=k, m=subject.m(case), setup=_HALVED)


@prop(
    "structure",
    "of frames whose index has doubles, as after concat, new rows are made of other rows than of arrays",
    families=_RULED,
    needs=("fit_resample",),
    cases=partial(cases, n_features=(2, 3), layouts=("cloud",)),
    examples=4,
)
def frames_with_a_repeated_index_follow_the_rule(subject: Subject, case: Case) -> None:
    index = np.arange(len(case.y)) // 2
    frame = pd.DataFrame(case.X, index=index).add_prefix("x")
    setup = (
        "import pandas as pd\nindex = np.arange(len(y)) // 2\n"
        'X, y = pd.DataFrame(X, index=index).add_prefix("x"), pd.Series(y, index=index)'
    )
    try:
        answer = subject.call(subject.build(case), frame.copy(), pd.Series(case.y, index=index))
    except Exception:  # whether frames have to be taken is a convention
        return
    _demand_rule(subject, case, *answer, setup=setup)
