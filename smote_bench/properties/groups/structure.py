"""Structure: which rows come back, in which order, and how many of each class."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.answers import check_box, check_counts, check_originals, counts, slack
from smote_bench.properties.cases import Case
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.kit import prop
from smote_bench.properties.row_order import demand_in_any_order
from smote_bench.properties.strategies import cases, imbalanced_datasets, seeds
from smote_bench.properties.subject import Subject, one_line, rows_and_labels
from smote_bench.properties.violations import Refused, Violation, shown

__all__ = [
    "Targets",
    "balanced_data_is_left_alone",
    "check_strategies",
    "default_balances_fully",
    "every_strategy_gives_exact_counts",
    "labels_do_not_decide_the_minority",
    "only_minorities_grow",
    "originals_come_first",
    "row_order_does_not_change_counts",
    "the_minority_grows",
    "wanted_counts",
]

_BETWEEN = tuple(family for family in OVERSAMPLERS if family != "generic")


@prop(
    "structure",
    "rows of the input are changed, lost or moved, so that a result cannot be traced back to its data",
    families=OVERSAMPLERS,
    cases=cases,
)
def originals_come_first(subject: Subject, case: Case) -> None:
    returned = subject.arrays(case, in_order=False)
    demand_in_any_order(lambda answer: check_originals(case, *answer), case.X, case.y, returned)


@st.composite
def _ordinary_size(draw: st.DrawFn, /, subject: Subject) -> Case:
    """Draw thirty rows of the minority amid ninety others: no sampler has a reason to leave these alone."""
    rng = np.random.default_rng(draw(seeds()))
    y = np.repeat([0, 1], [90, 30])
    X = rng.normal(size=(120, 2)) + y[:, None]
    order = rng.permutation(120)
    return Case(X[order].round(3), y[order], draw(seeds()))


@prop(
    "structure",
    "nothing is made of data of an ordinary size: the input comes back, and is compared with itself",
    families=OVERSAMPLERS,
    needs=("default counts",),
    cases=_ordinary_size,
    examples=3,
)
def the_minority_grows(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    before, after = counts(case.y), counts(y)
    if after.get(1, 0) <= before[1]:
        raise Violation(f"expected more than the {before[1]} rows of class 1, {before} became {after}")


# Heavily enough imbalanced that an ADASYN with a threshold on the imbalance (d_th of the paper) has to act.
_clearly_imbalanced = partial(cases, n_extra=(10, 20), layouts=("cloud", "two clouds"))


@prop(
    "structure",
    "without any setting the classes do not come back balanced",
    families=SMOTE_LIKE,
    needs=("default counts",),
    cases=_clearly_imbalanced,
    examples=20,
)
def default_balances_fully(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    largest = max(counts(case.y).values())
    check_counts(subject, case, y, dict.fromkeys(counts(case.y), largest))


@prop(
    "structure",
    "rows are added to the majority, or a class loses rows, so that the oversampler does more than it says",
    families=OVERSAMPLERS,
    cases=partial(cases, layouts=("cloud",)),
    examples=15,
)
def only_minorities_grow(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    before, after = counts(case.y), counts(y)
    if after.get(0, 0) != before[0]:
        raise Violation(f"expected the {before[0]} rows of the majority, got {after.get(0, 0)} of class 0")
    if after.get(1, 0) < before[1]:
        raise Violation(f"expected at least {before[1]} rows of the minority, got {after.get(1, 0)}")


class Targets:
    """A `sampling_strategy` that is called with y, and reads as the code that makes it."""

    def __init__(self, targets: Mapping[int, int]) -> None:
        self.targets = dict(targets)

    def __call__(self, y: Any) -> dict[int, int]:
        return dict(self.targets)

    def __repr__(self) -> str:
        return f"lambda y: {self.targets!r}"


@st.composite
def _roomy_datasets(
    draw: st.DrawFn,
    /,
    *,
    n_minority: tuple[int, int],
    n_extra: tuple[int, int],
    n_classes: int,
    **kwargs: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a data set with 4 j rows of the majority, at least twice the minority: 1/2 and 3/4 are exact."""
    n_min = draw(st.integers(n_minority[0], n_minority[0] + 3))
    n_majority = 4 * ((2 * n_min + 3) // 4 + draw(st.integers(1, 3)))
    extra = (n_majority - n_min,) * 2
    made: tuple[np.ndarray, np.ndarray] = draw(
        imbalanced_datasets(n_minority=(n_min, n_min), n_extra=extra, n_classes=n_classes, **kwargs)
    )
    return made


def wanted_counts(strategy: Any, before: Mapping[int, int]) -> dict[int, int]:
    """Return the counts that a `sampling_strategy` asks for, as imbalanced-learn defines it for oversamplers.

    Parameters
    ----------
    strategy : str, float, mapping, list or callable
    before : mapping from label to count
    """
    largest = max(before.values())
    majority = max(before, key=lambda label: before[label])
    minority = min(before, key=lambda label: before[label])
    if isinstance(strategy, float):
        return {minority: round(strategy * largest)}
    if isinstance(strategy, Targets):
        return strategy.targets
    if isinstance(strategy, list):
        return dict.fromkeys(strategy, largest)
    if not isinstance(strategy, str):
        return dict(strategy)
    grow = {
        "minority": {minority},
        "not minority": set(before) - {minority},
        "all": set(before),
    }.get(strategy, set(before) - {majority})
    return dict.fromkeys(grow, largest)


@prop(
    "structure",
    "sampling_strategy is not kept to: there are more or fewer rows than were asked for",
    families=OVERSAMPLERS,
    needs=("sampling_strategy",),
    cases=partial(cases, dataset=_roomy_datasets, layouts=("cloud",)),
    examples=6,
)
def every_strategy_gives_exact_counts(subject: Subject, case: Case) -> None:
    before = counts(case.y)
    more, beyond = before[1] + 1, before[0] + 2
    strategies = [
        "auto",
        "minority",
        "not minority",
        "not majority",
        "all",
        0.5,
        0.75,
        1.0,
        {1: more},
        {0: before[0], 1: more},
        {1: beyond},
        {1: before[1]},
        [1],
        Targets({1: more}),
    ]
    check_strategies(subject, case, strategies)


def check_strategies(subject: Subject, case: Case, strategies: list[Any]) -> None:
    """Raise a `Violation` unless each `sampling_strategy` gives the counts it asks for.

    Raises
    ------
    Refused
        If the subject raised on each of them.
    """
    refusals = []
    for strategy in strategies:
        asked = dataclasses.replace(case, params={**case.params, "sampling_strategy": strategy})
        wanted = wanted_counts(strategy, counts(case.y))
        try:
            with shown(case=asked):
                check_counts(subject, asked, _labels_of(subject, asked, wanted), wanted)
        except Refused as refusal:
            refusals.append(refusal)
    if len(refusals) == len(strategies):
        raise refusals[0]


def _labels_of(subject: Subject, case: Case, wanted: Mapping[int, int]) -> np.ndarray:
    """Return the labels that come back.

    Estimators must know all forms of a strategy but lists, which imbalanced-learn refuses here; others
    may refuse. Everyone may where nothing is asked for, and ADASYN where few rows are, since each share then
    rounds to none.
    """
    before = counts(case.y)
    nothing = all(n == before[label] for label, n in wanted.items())
    a_list = isinstance(case.params["sampling_strategy"], list)
    if subject.style != "estimator" or subject.family == "adasyn" or nothing or a_list:
        return subject.arrays(case)[1]
    return rows_and_labels(*subject.answer(case), case)[1]


@st.composite
def _balanced(draw: st.DrawFn, /, subject: Subject) -> Case:
    case = draw(cases(subject, n_extra=(1, 1), layouts=("cloud",)))
    dropped = np.flatnonzero(case.y == 0)[0]
    keep = np.arange(len(case.y)) != dropped
    return dataclasses.replace(case, X=case.X[keep], y=case.y[keep])


@prop(
    "structure",
    "data that are balanced already are changed",
    families=OVERSAMPLERS,
    needs=("default counts",),
    cases=_balanced,
    examples=10,
)
def balanced_data_is_left_alone(subject: Subject, case: Case) -> None:
    try:
        answer = subject.call(subject.build(case), case.X.copy(), case.y.copy())
    except (ValueError, RuntimeError) as error:  # nothing to do: to say so is as good as to do nothing
        _demand_said(error)
        return
    X, y = rows_and_labels(*answer, case)
    if len(y) != len(case.y):
        raise Violation(f"expected the {len(case.y)} rows of the input, {counts(case.y)} became {counts(y)}")
    check_originals(case, X, y)


_OF_DATA = (
    *("balance", "class", "count", "data", "equal", "generate", "grow", "label", "majorit", "minorit"),
    *("nothing", "number", "point", "ratio", "row", "sampl", "strategy", "synthetic", "target"),
)
_LIBRARIES = ("numpy", "pandas", "scipy")


def _demand_said(error: Exception) -> None:
    """Raise where an error says nothing about the data: what a library says of no arrays is a crash."""
    if any(word in str(error).lower() for word in _OF_DATA):
        return
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    module = str(at.tb_frame.f_globals.get("__name__", "")) if at is not None else ""
    raise Violation(
        "expected the rows of the input, or an error that says that there is nothing to balance, it raised "
        f"{one_line(error)}",
        convention=None if module.partition(".")[0] in _LIBRARIES else "smote-bench",
    ) from error


_LABELS = ((1, 0), (1, -1), (-1, 1), (3, 7), (7, 3))


@prop(
    "structure",
    "which class is the minority is read off its label rather than its size",
    families=OVERSAMPLERS,
    cases=partial(cases, n_extra=(12, 15), layouts=("cloud",)),
    examples=5,
)
def labels_do_not_decide_the_minority(subject: Subject, case: Case) -> None:
    for majority, minority in _LABELS:
        named = dataclasses.replace(case, y=np.where(case.y == 0, majority, minority))
        try:
            with shown(case=named):
                X, y = subject.arrays(named)
                check_originals(named, X, y)
        except Refused:
            if subject.style == "estimator" or minority == 0:
                raise
            continue  # a plain object or function need not take negative labels
        before, after = counts(named.y), counts(y)
        same_majority = after.get(majority) == before[majority]
        if set(after) != set(before) or not same_majority or after[minority] <= before[minority]:
            if after == before and len(subject.arrays(case)[1]) == len(case.y):
                return  # nothing is made whatever the classes are called
            raise Violation(
                f"expected new rows of class {minority} only, the smaller one, {before} became {after}",
                case=named,
            )


@prop(
    "structure",
    "how many rows are made depends on the order in which the rows stand",
    families=OVERSAMPLERS,
    cases=partial(cases, n_extra=(4, 10), layouts=("cloud",)),
    examples=12,
)
def row_order_does_not_change_counts(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    expected = counts(y)
    orders = {
        "np.argsort(y, kind='stable')": np.argsort(case.y, kind="stable"),
        "np.argsort(-y, kind='stable')": np.argsort(-case.y, kind="stable"),
        "np.arange(len(y))[::-1]": np.arange(len(case.y))[::-1],
    }
    for code, order in orders.items():
        setup = f"order = {code}\nX, y = X[order], y[order]"
        moved = dataclasses.replace(case, X=case.X[order], y=case.y[order])
        X_out, y_out = rows_and_labels(*subject.answer(moved, setup=setup), moved)
        check_originals(moved, X_out, y_out, setup=setup)
        # ADASYN's counts hang on neighbours, and those on how ties are settled.
        allowed = 2 * slack(subject, case, 1)
        if abs(counts(y_out)[1] - expected[1]) > allowed or counts(y_out)[0] != expected[0]:
            raise Violation(
                f"expected the counts {expected} as in another order, got {counts(y_out)}", setup=setup
            )
        if subject.family in _BETWEEN:
            check_box(subject, moved, X_out, y_out, setup=setup)
