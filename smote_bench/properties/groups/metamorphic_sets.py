"""Metamorphic, continued: changes of the data after which other rows are made, but by the same rule.

Another order of rows, the other order of labels, every row twice, more of the majority far away.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, demand_plausible, same_share_findings
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.stars import Answer, read_star, star_case
from smote_bench.properties.strategies import cases, has_seeds
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = [
    "a_far_majority_does_not_matter",
    "any_label_may_be_the_minority",
    "doubled_rows_count_twice",
    "row_order_does_not_matter",
]


@prop(
    "metamorphic",
    "the order of the rows decides which of them new rows are made from: sorted tables give other results",
    families=SMOTE_LIKE,
    design=partial(star_case, order="laid out"),
    false_alarm=LEVEL,
)
def row_order_does_not_matter(subject: Subject, case: Case) -> None:
    star = replace(case.layout["star"], order="reversed")
    X, y = star.data()
    setup = "X, y = X[::-1], y[::-1]  # compare without this"
    # Another seed: with the same one the two results could be each other's mirror, and not independent.
    reverse = replace(case, X=X, y=y, seed=case.seed + 1, layout={"star": star})
    try:
        (there,), (back,) = read_star(subject, case), read_star(subject, reverse)
        seeds, ends = zip(_uses(there), _uses(back), strict=True)
        demand_plausible(
            [
                *same_share_findings(*seeds, "new rows from seed {} in both orders"),
                *same_share_findings(*ends, "steps towards row {} in both orders"),
            ]
        )
    except Violation as violation:
        raise Violation(violation.message, setup=setup) from None


def _uses(answer: Answer) -> tuple[np.ndarray, np.ndarray]:
    """Return how often each row was a seed, and how often a neighbour."""
    read, n = answer.lineage, answer.star.n
    ends = read.ranks[read.certain & (read.ranks >= 0)]
    return np.bincount(read.seeds[read.certain], minlength=n), np.bincount(ends, minlength=n)


@prop(
    "metamorphic",
    "the minority is expected to have the larger label, or label 1",
    families=OVERSAMPLERS,
    cases=partial(cases, layouts=("cloud", "two clouds")),
    examples=10,
)
def any_label_may_be_the_minority(subject: Subject, case: Case) -> None:
    _, y = subject.arrays(case)
    setup = "y = 1 - y"
    answer = subject.answer(case, case.X.copy(), 1 - case.y, setup=setup)
    X_swapped, y_swapped = rows_and_labels(*answer, case)
    n = len(case.y)
    grown, grown_swapped = np.bincount(y[n:], minlength=2), np.bincount(y_swapped[n:], minlength=2)
    exact = subject.family in SMOTE_LIKE
    if (grown[::-1] != grown_swapped).any() if exact else ((grown[::-1] > 0) != (grown_swapped > 0)).any():
        raise Violation(
            f"expected {grown[1]} new rows of the minority, now labelled 0, and {grown[0]} of the majority, "
            f"got {grown_swapped[0]} and {grown_swapped[1]}",
            setup=setup,
        )
    if subject.family != "generic":
        demand_allowed_rows(
            subject,
            case.X,
            1 - case.y,
            (X_swapped, y_swapped),
            k=subject.k(case),
            m=subject.m(case),
            setup=setup,
        )


def _doubled(case: Case) -> Case:
    return replace(case, X=np.vstack([case.X, case.X]), y=np.r_[case.y, case.y])


def _with_seeds_when_doubled(subject: Subject) -> st.SearchStrategy[Case]:
    drawn = cases(subject, layouts=("cloud", "two clouds"))
    return drawn.filter(lambda case: has_seeds(subject, _doubled(case)))


@prop(
    "metamorphic",
    "rows that occur twice are dropped, or a row's double is no neighbour of it",
    families=("interpolating", *SMOTE_LIKE),
    cases=_with_seeds_when_doubled,
    examples=15,
)
def doubled_rows_count_twice(subject: Subject, case: Case) -> None:
    doubled = _doubled(case)
    setup = "X, y = np.vstack([X, X]), np.r_[y, y]"
    X, y = subject.arrays(doubled)
    if len(y) < len(doubled.y):
        raise Violation(
            f"expected at least the {len(doubled.y)} rows of the input, got {len(y)}", setup=setup
        )
    demand_allowed_rows(
        subject, doubled.X, doubled.y, (X, y), k=subject.k(case), m=subject.m(case), setup=setup
    )


_N_FAR = 5


@prop(
    "metamorphic",
    "rows of the majority far from everything change which rows are near each other",
    families=("interpolating", *SMOTE_LIKE),
    cases=partial(cases, n_features=(2, 4)),
    examples=20,
)
def a_far_majority_does_not_matter(subject: Subject, case: Case) -> None:
    width = case.X.shape[1]
    far = np.full((_N_FAR, width), 10.0) * np.arange(1, width + 1)
    far[:, 0] = 1000.0 + np.arange(_N_FAR)
    X, y = np.vstack([far, case.X]), np.r_[np.zeros(_N_FAR, dtype=case.y.dtype), case.y]
    setup = f"X, y = np.vstack([{far.tolist()}, X]), np.r_[[0] * {_N_FAR}, y]"
    demand_allowed_rows(
        subject,
        X,
        y,
        subject.arrays(replace(case, X=X, y=y)),
        k=subject.k(case),
        m=subject.m(case),
        setup=setup,
    )
