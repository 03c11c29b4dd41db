"""Structure of samplers that remove rows: what comes back is of the input, and the minority stays."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np

from smote_bench.properties.answers import counts
from smote_bench.properties.cases import Case
from smote_bench.properties.families import REMOVERS
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "no_row_comes_back_twice",
    "rows_that_stay_are_of_the_input",
    "the_minority_gains_in_share",
    "the_minority_stays",
    "undersampling_balances",
    "undersampling_keeps_to_counts",
]

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
    X, y = subject.arrays(case)
    before, after = counts(case.y), counts(y)
    own = case.y == 1
    lost = _rows(case.X[own], case.y[own]) - _rows(X, y)
    if lost or after.get(0, 0) > before[0]:
        raise Violation(
            f"expected the {before[1]} rows of class 1, the smallest, to stay and class 0 not to grow, "
            f"{before} became {after}" + (f"; lost is {list(next(iter(lost)))[:-1]}" if lost else "")
        )


@prop(
    "structure",
    "a row of the input comes back more often than it was there",
    families=("undersampler", "cleaning"),
    cases=_cloud,
    examples=15,
)
def no_row_comes_back_twice(subject: Subject, case: Case) -> None:
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
    if after.get(0, 0) != before[1]:
        raise Violation(f"expected {before[1]} rows of class 0, {before} became {after}")


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
