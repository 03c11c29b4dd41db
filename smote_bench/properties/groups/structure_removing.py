"""Structure of samplers that remove rows: what comes back is of the input, and the minority stays."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import counts
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL
from smote_bench.properties.families import REMOVERS
from smote_bench.properties.groups.contract_labels import codes_of
from smote_bench.properties.groups.degenerate import changed
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases, seeds
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Refused, Violation, shown

__all__ = [
    "at_equal_distances",
    "classes_lose_rows_of_their_own",
    "demand_no_more",
    "kept_by_seeds",
    "no_row_comes_back_twice",
    "no_row_is_always_left_out",
    "no_row_of_equal_classes_comes_back_twice",
    "rows_stay_with_their_class",
    "rows_that_stay_are_of_the_input",
    "the_minority_gains_in_share",
    "the_minority_stays",
    "the_minority_stays_beside_equal_rows",
    "undersampling_balances",
    "undersampling_balances_several_classes",
    "undersampling_counts_doubles",
    "undersampling_keeps_to_counts",
    "what_labels_are_called_plays_no_part",
]

_APART = 64.0
_cloud = partial(cases, n_extra=(8, 16), layouts=("cloud", "two clouds"))


def _rows(X: np.ndarray, y: np.ndarray) -> Counter[tuple[object, ...]]:
    return Counter((*row, label) for row, label in zip(X.tolist(), y.tolist(), strict=True))


@prop(
    "structure",
    "rows come back that were not there, or with the label of another class",
    families=("undersampler", "cleaning"),
    cases=_cloud,
    examples=15,
)
def rows_that_stay_are_of_the_input(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    known = set(_rows(case.X, case.y))
    for row, label in zip(X, y, strict=True):
        if (*row.tolist(), label) in known:
            continue
        own = case.X[case.y == label]
        # Undersamplers may stand for many rows by one in their middle, as centroids of clusters are.
        middle = subject.family == "undersampler" and label != 1 and len(own) and len(y) < len(case.y)
        if not middle or not ((row >= own.min(axis=0) - 1e-9) & (row <= own.max(axis=0) + 1e-9)).all():
            raise Violation(f"expected rows of the input, got {row.tolist()} of class {label}")


@prop(
    "structure",
    "rows of the smallest class are removed, or other rows than asked for are made",
    families=("undersampler", "cleaning"),
    needs=("default counts",),
    cases=_cloud,
    examples=15,
)
def the_minority_stays(subject: Subject, case: Case) -> None:
    _demand_minority(case, *subject.arrays(case))


def _demand_minority(case: Case, X: np.ndarray, y: np.ndarray, called: str = "") -> None:
    before, after = counts(case.y), counts(y)
    own = case.y == 1
    lost = _rows(case.X[own], case.y[own]) - _rows(X, y)
    if lost or after.get(0, 0) > before[0]:
        raise Violation(
            f"expected the {before[1]} rows of class 1, the smallest, to stay and class 0 not to grow, "
            f"{before} became {after}{called}" + (f"; lost is {list(next(iter(lost)))[:-1]}" if lost else "")
        )


def _equal_to_others(draw: st.DrawFn, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return rows of which some of class 0, amid class 1, equal rows of class 1."""
    own, others = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    n = min(len(own), len(others) // 2)
    X[others[:n]] = X[own[:n]]
    return X


@prop(
    "structure",
    "rows of the smallest class are removed with rows of other classes that are equal to them",
    families=("undersampler", "cleaning"),
    needs=("default counts",),
    cases=partial(cases, n_extra=(8, 16), dataset=changed(_equal_to_others), layouts=("cloud",)),
    examples=10,
)
def the_minority_stays_beside_equal_rows(subject: Subject, case: Case) -> None:
    _demand_minority(case, *subject.arrays(case))


# Numbers from 1 on, with gaps, in the other order, negative.
_NAMES = ((1, 2), (2, 5), (9, 4), (3, -1))


@prop(
    "structure",
    "which class is the smallest is told by the number that it is called by, so that its rows are removed",
    families=("undersampler", "cleaning"),
    needs=("default counts",),
    cases=_cloud,
    examples=10,
)
def what_labels_are_called_plays_no_part(subject: Subject, case: Case) -> None:
    try:
        _demand_minority(case, *subject.arrays(case))
    except Violation:
        return  # `the_minority_stays`
    for names in _NAMES:
        with shown(case=case, setup=f"y = np.array({list(names)})[y]"):
            try:
                X, labels = subject.call(subject.build(case), case.X.copy(), np.array(names)[case.y])
            except Exception:  # whether other labels have to be taken is a convention
                return
            answer = rows_and_labels(X, codes_of(labels, np.array(names)), case)
            _demand_minority(
                case, *answer, called=f", with {names[1]} for class 1 and {names[0]} for class 0"
            )


@prop(
    "structure",
    "a row of the input comes back more often than it was there",
    families=("undersampler", "cleaning"),
    cases=_cloud,
    examples=15,
)
def no_row_comes_back_twice(subject: Subject, case: Case) -> None:
    demand_no_more(subject, case)


def demand_no_more(subject: Subject, case: Case) -> None:
    """Raise a `Violation` if a row of the input comes back more often than it was there."""
    if subject.params.get("replacement"):
        return
    X, y = subject.arrays(case)
    more = _rows(X, y) - _rows(case.X, case.y)
    known = _rows(case.X, case.y)
    twice = [row for row in more if row in known]
    if twice:
        raise Violation(
            f"expected row {list(twice[0])[:-1]} at most {known[twice[0]]} times, it comes more often"
        )


@prop(
    "structure",
    "without any setting the classes do not come back as large as the smallest",
    families=("undersampler",),
    needs=("default counts",),
    cases=_cloud,
    examples=10,
    convention="smote-bench",
)
def undersampling_balances(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    before, after = counts(case.y), counts(y)
    if after.get(0, 0) < before[1]:
        _demand_as_many_as_groups(subject, case.seed)
    if after.get(0, 0) != before[1]:
        raise Violation(f"expected {before[1]} rows of class 0, {before} became {after}")


_N_GROUPS, _IN_GROUP = 8, (4, 1)


def _demand_as_many_as_groups(subject: Subject, seed: int) -> None:
    """Raise where fewer rows stay than the smallest class has, though one of them is beside each of these.

    Elsewhere a method may find fewer: of those that are among the nearest of some row, say, as NearMiss-3.
    """
    y = np.tile(np.repeat([0, 1], _IN_GROUP), _N_GROUPS)
    X = np.random.default_rng(seed).normal(size=(len(y), 2)).round(3)
    X[:, 0] += 100.0 * (np.arange(len(y)) // sum(_IN_GROUP))
    groups = Case(X, y, seed)
    try:
        after = counts(subject.arrays(groups)[1])
    except Refused:
        return
    if after.get(0, 0) < _N_GROUPS:
        raise Violation(
            f"expected no class to end below the {_N_GROUPS} rows of the smallest, beside each of which lie "
            f"{_IN_GROUP[0]} of class 0, {counts(y)} became {after}",
            case=groups,
            convention="",
        )


@st.composite
def _apart(
    draw: st.DrawFn, /, *, n_minority: tuple[int, int], n_features: tuple[int, int], **_: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Draw three classes of three sizes, each in a cloud of its own."""
    smallest = n_minority[0] + draw(st.integers(6, 9))
    middle = smallest + draw(st.integers(5, 9))
    sizes = draw(st.permutations([smallest, middle]))
    y = np.repeat([0, 1, 2], [middle + draw(st.integers(15, 20)), *sizes])
    rng = np.random.default_rng(draw(seeds()))
    X = rng.normal(size=(len(y), draw(st.integers(*n_features)))).round(3)
    X[:, 0] += _APART * y
    order = rng.permutation(len(y))
    return X[order], y[order]


@st.composite
def _of_equal_sizes(draw: st.DrawFn, /, **wanted: Any) -> tuple[np.ndarray, np.ndarray]:
    """Draw three classes of which the two smaller ones have as many rows."""
    X, y = draw(_apart(**wanted))
    sizes = np.bincount(y)
    surplus = np.flatnonzero(y == 1 + sizes[1:].argmax())
    kept = np.setdiff1d(np.arange(len(y)), surplus[: abs(sizes[1] - sizes[2])])
    return X[kept], y[kept]


@prop(
    "structure",
    "of two classes that are the smallest one is drawn with replacement",
    families=("undersampler", "cleaning"),
    needs=("multiclass",),
    cases=partial(cases, dataset=_of_equal_sizes),
    examples=6,
)
def no_row_of_equal_classes_comes_back_twice(subject: Subject, case: Case) -> None:
    demand_no_more(subject, case)


@prop(
    "structure",
    "with several classes only the largest is cut, or not to the size of the smallest",
    families=("undersampler",),
    needs=("multiclass", "default counts"),
    cases=partial(cases, dataset=_apart),
    examples=5,
    convention="imbalanced-learn",
)
def undersampling_balances_several_classes(subject: Subject, case: Case) -> None:
    first, second = (counts(case.y)[label] for label in (1, 2))
    smaller = 1 if first < second else 2
    pair = np.isin(case.y, (0, smaller))
    two = replace(case, X=case.X[pair], y=np.where(case.y[pair] == 0, 0, 1))
    n = counts(case.y)[smaller]
    if counts(subject.arrays(two)[1]) != {0: n, 1: n}:
        return  # `undersampling_balances`
    before, after = counts(case.y), counts(subject.arrays(case)[1])
    if after != dict.fromkeys(before, n):
        raise Violation(f"expected {n} rows of each class, as of class {smaller}, {before} became {after}")


# Those that remove rows by a bound on some score come near to a number, and meet it often.
_N_CLOUDS, _N_IN_CLOUD, _N_PLACES = 30, (45, 15), 6


def _clouds(subject: Subject, seed: int, smoke: bool) -> Case:
    y = np.repeat([0, 1], _N_IN_CLOUD)
    clouds = [np.random.default_rng([seed, number]).normal(size=(len(y), 2)) for number in range(_N_CLOUDS)]
    code = f"X = np.random.default_rng([{seed}, 0]).normal(size=(len(y), 2))"
    recipe = f"y = np.repeat([0, 1], {_N_IN_CLOUD})\n{code}"
    return Case(clouds[0], y, seed % 2**16, recipe=recipe, layout={"clouds": clouds})


@prop(
    "structure",
    "rows that occur twice are counted once, so that more or fewer stay than of data without doubles",
    families=("undersampler",),
    needs=("default counts",),
    design=_clouds,
)
def undersampling_counts_doubles(subject: Subject, case: Case) -> None:
    n = counts(case.y)[1]
    for cloud in case.layout["clouds"]:
        if counts(subject.arrays(replace(case, X=cloud))[1]) != {0: n, 1: n}:
            return  # `undersampling_balances`
    doubled = replace(case, X=np.repeat(case.X, 2, axis=0), y=np.repeat(case.y, 2))
    after = counts(subject.arrays(doubled)[1])
    if after != {0: 2 * n, 1: 2 * n}:
        raise Violation(
            f"expected {2 * n} rows of each class, every row being there twice, {counts(doubled.y)} became "
            f"{after}",
            setup="X, y = np.repeat(X, 2, axis=0), np.repeat(y, 2)",
        )
    _demand_as_many_of_few_places(subject, case)


def _demand_as_many_of_few_places(subject: Subject, case: Case) -> None:
    """Raise unless as many rows stay where the majority lies at fewer places than that."""
    n_majority, n = counts(case.y)[0], counts(case.y)[1]
    first, second = (_rows(*subject.arrays(replace(case, seed=seed))) for seed in (case.seed, case.seed + 1))
    # Who does not draw may ask for more than places: neighbours of the minority, or centres of clusters.
    if subject.lacks("seed") or first == second or not set(first) <= set(_rows(case.X, case.y)):
        return
    few = np.where(case.y == 0, np.arange(len(case.y)) % _N_PLACES, np.arange(len(case.y)))
    try:
        after = counts(subject.arrays(replace(case, X=case.X[few]))[1])
    except Refused:
        return
    if after != {0: n, 1: n}:
        raise Violation(
            f"expected {n} rows of each class, of class 0 some of one place, since its {n_majority} rows lie "
            f"at {_N_PLACES} places, {counts(case.y)} became {after}",
            setup=f"rows = np.arange(len(y))\nX = X[np.where(y == 0, rows % {_N_PLACES}, rows)]",
            convention="smote-bench",  # of clusters a row each is a method, and there are no more clusters
        )


@prop(
    "structure",
    "with several classes rows made for one of them come back as another's",
    families=("combined",),
    needs=("multiclass", "default counts"),
    cases=partial(cases, dataset=_apart),
    examples=6,
)
def rows_stay_with_their_class(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    lost = np.flatnonzero(np.abs(X[:, 0] - _APART * y) > _APART / 2)
    if lost.size:
        row = int(lost[0])
        raise Violation(
            f"expected rows of class {y[row]} near {_APART * y[row]:g} in column 0, where that class lies, "
            f"got {X[row, 0]!r}"
        )


@prop(
    "structure",
    "sampling_strategy is not kept to: more or fewer rows of a class stay than were asked for",
    families=("undersampler",),
    needs=("sampling_strategy",),
    cases=_cloud,
    examples=6,
    convention="smote-bench",
)
def undersampling_keeps_to_counts(subject: Subject, case: Case) -> None:
    before = counts(case.y)
    wanted = before[1] + (before[0] - before[1]) // 2
    asked = replace(case, params={**case.params, "sampling_strategy": {0: wanted}})
    _, y = subject.arrays(asked)
    after = counts(y)
    if after != {0: wanted, 1: before[1]}:
        raise Violation(
            f"expected {wanted} rows of class 0 and the {before[1]} of class 1, {before} became {after}",
            case=asked,
        )


@prop(
    "structure",
    "the smallest class has a smaller share of the rows than before, or a class is gone",
    families=REMOVERS,
    needs=("default counts",),
    cases=_cloud,
    examples=10,
)
def the_minority_gains_in_share(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    before, after = counts(case.y), counts(y)
    gone = set(before) - set(after)
    if subject.family != "undersampler" and gone == {0}:
        return  # all of it was doubtful
    if gone or not set(after) <= set(before):
        raise Violation(f"expected rows of the classes {sorted(before)}, got {after}")
    if after[1] * len(case.y) < before[1] * len(y):
        raise Violation(f"expected class 1 to gain in share, {before} became {after}")


_N_ROWS, _N_KEPT = 12, 6
_CALLS, _FEWEST_CALLS, _SECONDS = 120, 80, 3.0
# Six of twelve are the same six once in 924 times.
_FEW_CALLS, _FEWEST_OF_FEW = 10, 3


def at_equal_distances(subject: Subject, seed: int, smoke: bool, *, n_large: int = 1) -> Case:
    """Lay out rows of which each is as far from all others: nothing but chance can prefer one."""
    y = np.repeat([*range(n_large), n_large], [_N_ROWS] * n_large + [_N_KEPT])
    return Case(np.eye(len(y)), y, seed % 2**16, recipe=f"y = np.array({y.tolist()})\nX = np.eye(len(y))")


def _kept(subject: Subject, case: Case, seed: int) -> np.ndarray | None:
    """Return which rows stay; None where one that comes back is none of them."""
    X, _ = subject.arrays(replace(case, seed=seed))
    if not (np.isin(X, (0.0, 1.0)).all() and (X.sum(axis=1) == 1).all()):
        return None
    return np.asarray(X.any(axis=0))


def kept_by_seeds(subject: Subject, case: Case, n_calls: int, seconds: float) -> np.ndarray | None:
    """Return which rows of class 0 stay with each of some seeds, of as many as there is time for.

    Returns
    -------
    ndarray of shape (n_calls or fewer, n rows of class 0), bool
        None where a row that comes back is none of the table.
    """
    answers = []
    started = time.process_time()
    for seed in range(case.seed, case.seed + n_calls):
        kept = _kept(subject, case, seed)
        if kept is None:
            return None
        answers.append(kept[case.y == 0])
        if time.process_time() - started > seconds:
            break
    return np.array(answers)


@prop(
    "structure",
    "a row is never kept, whatever the seed, though nothing tells it from those that are",
    families=("undersampler",),
    needs=("seed", "default counts"),
    design=at_equal_distances,
    false_alarm=LEVEL,
)
def no_row_is_always_left_out(subject: Subject, case: Case) -> None:
    answers = kept_by_seeds(subject, case, _CALLS, _SECONDS)
    if answers is None:
        return
    often = answers.mean(axis=0)
    # Without chance in it the first rows may be as good as any. Twelve rows, half of them kept: even of those
    # that a rule keeps less than half as often as others none is missed so often by chance.
    if len(answers) < _FEWEST_CALLS or len(np.unique(answers, axis=0)) == 1 or not 0.3 < often.mean() < 0.8:
        return
    never = np.flatnonzero(often == 0)
    if never.size:
        raise Violation(
            f"expected each of {_N_ROWS} rows, all at equal distances, to stay with some of {len(answers)} "
            f"seeds, as on average {often.mean() * len(answers):.0f} times; row {never[0]} never does"
        )


@prop(
    "structure",
    "the seed is read again for every class: of classes of one size the same positions stay",
    families=("undersampler",),
    needs=("seed", "multiclass", "default counts"),
    design=partial(at_equal_distances, n_large=2),
    false_alarm=LEVEL,
)
def classes_lose_rows_of_their_own(subject: Subject, case: Case) -> None:
    answers = []
    started = time.process_time()
    for seed in range(case.seed, case.seed + _FEW_CALLS):
        kept = _kept(subject, case, seed)
        if kept is None:
            return
        answers.append((kept[case.y == 0], kept[case.y == 1]))
        if len(answers) >= _FEWEST_OF_FEW and time.process_time() - started > _SECONDS:
            break
    varies = len(np.unique([first for first, _ in answers], axis=0)) > 1
    if varies and all(np.array_equal(first, second) for first, second in answers):
        raise Violation(
            f"expected two classes of {_N_ROWS} rows to keep other positions with some of {len(answers)} "
            "seeds, they are the same with each"
        )
