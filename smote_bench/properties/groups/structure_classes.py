"""Structure with more than two classes: which of them grow, from which rows, with what randomness."""

from __future__ import annotations

import dataclasses
import time
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import check_box, check_counts, check_originals, counts
from smote_bench.properties.cases import Case
from smote_bench.properties.families import OVERSAMPLERS
from smote_bench.properties.groups.contract_labels import codes_of
from smote_bench.properties.groups.structure import Targets, check_strategies
from smote_bench.properties.kit import prop
from smote_bench.properties.segments import explain
from smote_bench.properties.strategies import cases, imbalanced_datasets, seeds
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import OutOfTime, Refused, Violation, shown

__all__ = [
    "a_callable_strategy_is_given_the_labels",
    "classes_get_their_own_randomness",
    "copies_are_of_their_own_class",
    "hundreds_of_classes_are_told_apart",
    "new_rows_stay_with_their_class",
    "only_the_classes_asked_for_grow",
]

_RENAMED = ((0, 1, 2), (2, 1, 0), (1, 2, 0), (5, -3, 0), (1, 9, 10))
_FAR = 64.0


@st.composite
def _ladder_datasets(
    draw: st.DrawFn, /, *, n_minority: tuple[int, int], n_features: tuple[int, int], **_: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Draw three classes: 0 is the largest, or as large as another; 1 and 2 follow in either order."""
    smallest = draw(st.integers(n_minority[0], n_minority[0] + 2))
    middle = smallest + draw(st.integers(1, 3))
    largest = middle + draw(st.sampled_from([0, 2, 4, 6]))
    first, second = draw(st.sampled_from([(smallest, middle), (middle, smallest)]))
    y = np.repeat([0, 1, 2], [largest, first, second])
    rng = np.random.default_rng(draw(seeds()))
    order = rng.permutation(len(y))
    return rng.normal(size=(len(y), draw(st.integers(*n_features)))).round(3)[order], y[order]


@st.composite
def _three_classes(draw: st.DrawFn, /, subject: Subject) -> Case:
    case = draw(cases(subject, dataset=_ladder_datasets))
    renamed = np.array(draw(st.sampled_from(_RENAMED)))
    return dataclasses.replace(case, y=renamed[case.y], layout={"largest": int(renamed[0])})


@prop(
    "structure",
    "with several classes the wrong ones grow, or by the wrong number of rows",
    families=OVERSAMPLERS,
    needs=("multiclass",),
    cases=_three_classes,
    examples=6,
)
def only_the_classes_asked_for_grow(subject: Subject, case: Case) -> None:
    before = counts(case.y)
    # Of two classes of one size that which was drawn as a minority has rows to grow from.
    first = case.layout.get("largest")
    smallest, middle, largest = sorted(before, key=lambda label: (before[label], label == first))
    strategies = [
        "auto",
        "minority",
        "not minority",
        "not majority",
        "all",
        {smallest: before[largest]},
        {middle: before[largest] + 1},
        {smallest: before[middle], middle: before[largest]},
        [smallest],
        Targets({smallest: before[middle]}),
    ]
    check_strategies(subject, case, strategies)


@st.composite
def _islands(
    draw: st.DrawFn, /, *, n_minority: tuple[int, int], n_features: tuple[int, int], **_: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Draw classes 1 and 2 far from each other, each amid rows of class 0."""
    sizes = [draw(st.integers(n_minority[0], n_minority[0] + 3)) for _ in range(2)]
    n_around = max(sizes) + draw(st.integers(0, 3))
    y = np.repeat([0, 1, 0, 2], [n_around, sizes[0], n_around, sizes[1]])
    island = np.repeat([1, 1, 2, 2], [n_around, sizes[0], n_around, sizes[1]])
    rng = np.random.default_rng(draw(seeds()))
    X = rng.normal(size=(len(y), draw(st.integers(*n_features)))).round(3)
    X[:, 0] += _FAR * island
    order = rng.permutation(len(y))
    return X[order], y[order]


# Whose order as numbers is one, and as texts another.
_NAMES = np.array([1, 9, 10])


@prop(
    "structure",
    "a row made for one class is labelled as another, or was made out of rows of several classes",
    families=tuple(family for family in OVERSAMPLERS if family != "generic"),
    needs=("multiclass",),
    cases=partial(cases, dataset=_islands),
    examples=15,
)
def new_rows_stay_with_their_class(subject: Subject, case: Case) -> None:
    _demand_own_place(subject, case, *subject.arrays(case))
    with shown(setup=f"y = np.array({_NAMES.tolist()})[y]"):
        try:
            X, labels = subject.call(subject.build(case), case.X.copy(), _NAMES[case.y])
        except Exception:  # whether other labels have to be taken is for `labels_do_not_decide_the_minority`
            return
        _demand_own_place(subject, case, *rows_and_labels(X, codes_of(labels, _NAMES), case))


def _demand_own_place(subject: Subject, case: Case, X: np.ndarray, y: np.ndarray) -> None:
    """Raise unless new rows of classes 1 and 2 lie where their class does."""
    check_originals(case, X, y)
    n = len(case.y)
    check_box(subject, case, X, y)
    lost = np.flatnonzero(np.abs(X[n:, 0] - _FAR * y[n:]) > _FAR / 2)
    if lost.size:
        row = lost[0] + n
        raise Violation(
            f"expected new rows of class {y[row]} near {_FAR * y[row]:g} in column 0, where that class lies, "
            f"got {X[row, 0]!r}"
        )


@st.composite
def _twins(
    draw: st.DrawFn, /, *, n_minority: tuple[int, int], n_features: tuple[int, int], **_: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one data set twice, the second time far away and with class 2 in place of 1."""
    X, y = draw(
        imbalanced_datasets(
            n_minority=n_minority, n_extra=(8, 12), n_features=(max(2, n_features[0]), 3), layouts=("cloud",)
        )
    )
    return np.vstack([X, X + _FAR]), np.concatenate([y, 2 * y])


@prop(
    "structure",
    "the seed is read again for every class, so that two classes get the same picks and the same steps",
    families=OVERSAMPLERS,
    needs=("multiclass", "seed"),
    cases=partial(cases, dataset=_twins),
    examples=6,
)
def classes_get_their_own_randomness(subject: Subject, case: Case) -> None:
    X, y = (
        rows_and_labels(*subject.answer(case), case) if subject.style == "estimator" else subject.arrays(case)
    )
    n = len(case.y)
    first, second = X[n:][y[n:] == 1], X[n:][y[n:] == 2] - _FAR
    if len(first) != len(second) or len(first) < 8:
        return
    if np.allclose(first, second, rtol=0, atol=1e-9):
        raise Violation(
            f"expected classes 1 and 2, which are the same rows {_FAR:g} apart, to get different new rows; "
            f"all {len(first)} are the same, row by row, such as {first[0].tolist()}"
        )
    if subject.family in ("smote", "borderline1", "adasyn") and _same_steps(case, first, second):
        raise Violation(
            f"expected classes 1 and 2 to get different steps; all {len(first)} are the same, row by row"
        )


def _same_steps(case: Case, first: np.ndarray, second: np.ndarray) -> bool:
    rows = np.flatnonzero(case.y == 1)
    seeds_, neighbors = (rows[ends] for ends in np.nonzero(~np.eye(len(rows), dtype=bool)))
    one, two = (explain(new, case.X, seeds_, neighbors) for new in (first, second))
    return all(
        bool((np.abs(one.steps[i, one.fits[i]][:, None] - two.steps[i, two.fits[i]][None, :]) < 1e-7).any())
        for i in range(len(first))
    )


class _AsManyAs:
    """A `sampling_strategy` that is called with y: one class is to get as many rows as another has."""

    def __init__(self, label: int, other: int) -> None:
        self.label, self.other = label, other

    def __call__(self, y: Any) -> dict[int, int]:
        return {self.label: sum(int(each == self.other) for each in np.asarray(y).tolist())}

    def __repr__(self) -> str:
        return f"lambda y: {{{self.label}: sum(int(each == {self.other}) for each in y)}}"


# Labels that are numbers of classes too, of other ones.
_CALLED = ((1, 2), (2, 1), (3, 0))


@prop(
    "structure",
    "a sampling_strategy that is called with y gets codes of classes, or a part of y, in place of the labels",
    families=OVERSAMPLERS,
    needs=("sampling_strategy",),
    cases=partial(cases, n_extra=(20, 30), layouts=("cloud",)),
    examples=3,
)
def a_callable_strategy_is_given_the_labels(subject: Subject, case: Case) -> None:
    n = int((case.y == 0).sum())
    for majority, minority in _CALLED:
        named = dataclasses.replace(case, y=np.where(case.y == 0, majority, minority))
        plain, called = (
            dataclasses.replace(named, params={**case.params, "sampling_strategy": strategy})
            for strategy in ({minority: n}, _AsManyAs(minority, majority))
        )
        try:
            wanted = counts(subject.arrays(plain)[1])
            with shown(case=called):
                check_counts(subject, called, subject.arrays(called)[1], wanted)
        except Refused:
            continue  # `every_strategy_gives_exact_counts` says who has to take what


@st.composite
def _no_two_equal(
    draw: st.DrawFn,
    /,
    *,
    n_minority: tuple[int, int],
    n_extra: tuple[int, int],
    n_features: tuple[int, int],
    **_: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw two classes of rows with all their digits: no row is another by rounding."""
    n = 20 + draw(st.integers(*n_minority))
    rng = np.random.default_rng(draw(seeds()))
    y = rng.permutation(np.repeat([0, 1], [n + draw(st.integers(*n_extra)), n]))
    return rng.normal(size=(len(y), draw(st.integers(*n_features)))), y


@prop(
    "structure",
    "copies of rows of another class, the majority or another minority, are labelled as one",
    families=OVERSAMPLERS,
    cases=partial(cases, dataset=_no_two_equal, n_extra=(40, 50), n_features=(2, 3), k=(3, 5)),
    examples=4,
)
def copies_are_of_their_own_class(subject: Subject, case: Case) -> None:
    _demand_own_copies(subject, case)
    if subject.lacks("multiclass"):
        return
    # Of two classes of different sizes, so that labels in another order are others.
    rows = np.flatnonzero(case.y == 0)[: int((case.y == 1).sum()) // 2].tolist()
    labels = case.y.copy()
    labels[rows] = 2
    with shown(setup=f"y[{rows}] = 2"):
        try:
            _demand_own_copies(subject, dataclasses.replace(case, y=labels))
        except Refused:  # whether three classes have to be taken is for `only_the_classes_asked_for_grow`
            return


def _demand_own_copies(subject: Subject, case: Case) -> None:
    """Raise where a new row is the copy of a row of another class."""
    X, y = subject.arrays(case)
    n = len(case.y)
    label_of = dict(zip(map(tuple, case.X.tolist()), case.y.tolist(), strict=True))
    if len(label_of) < n:
        return  # categories
    sources = [label_of.get(tuple(row)) for row in X[n:].tolist()]
    # Safe-level SMOTE steps towards rows of any class, and all the way to one if that is the safer one.
    if subject.family == "generic" and None in sources:
        return
    for number, (source, label) in enumerate(zip(sources, y[n:].tolist(), strict=True), start=n):
        if source not in (None, label):
            raise Violation(
                f"expected copies of rows of class {label} alone, row {number} is {X[number].tolist()}, "
                f"which in the input is of class {source}",
                point=X[number].tolist(),
            )


_N_CLASSES, _N_FEW, _N_WANTED = 260, 20, 2
_LONGEST_SECONDS = 10.0


def _hundreds(subject: Subject, seed: int, smoke: bool, *, n_classes: int = _N_CLASSES) -> Case:
    """Lay out classes of a few rows, each far from all others."""
    params = {subject.k_name: 1} if subject.k_name and subject.accepts(subject.k_name) else {}
    n = subject.k(Case(np.empty((0, 0)), np.empty(0), params=params)) + 1
    recipe = (
        f"y = np.r_[np.repeat(np.arange({n_classes}), {n}), np.zeros({_N_WANTED}, dtype=int)]\n"
        f"X = np.random.default_rng({seed}).normal(size=(len(y), 2)).round(3)\nX[:, 0] += {_FAR} * y"
    )
    y = np.r_[np.repeat(np.arange(n_classes), n), np.zeros(_N_WANTED, dtype=int)]
    X = np.random.default_rng(seed).normal(size=(len(y), 2)).round(3)
    X[:, 0] += _FAR * y
    return Case(X, y, seed % 2**16, params, recipe)


@prop(
    "structure",
    "of some hundred classes, more than a number of one byte tells apart, new rows get the label of another",
    families=("interpolating", "smote"),
    needs=("multiclass", "default counts"),
    design=_hundreds,
    full_only=True,
)
def hundreds_of_classes_are_told_apart(subject: Subject, case: Case) -> None:
    started = time.process_time()
    try:
        subject.arrays(_hundreds(subject, case.seed, False, n_classes=_N_FEW))
        # As if each class were compared with all rows: slow is not wrong.
        if (time.process_time() - started) * (_N_CLASSES / _N_FEW) ** 2 > _LONGEST_SECONDS:
            raise OutOfTime
        X, y = subject.arrays(case)
    except Refused:  # so many classes need not be taken
        return
    _demand_own_place(subject, case, X, y)
