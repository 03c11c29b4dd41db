"""Statistics of few rows: fewer new rows than seeds, remainders, and neighbours at unequal distances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smote_bench.properties.answers import check_counts, check_said, counts
from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Star
from smote_bench.properties.exact_tests import LEVEL, binomial_findings, demand_plausible
from smote_bench.properties.families import SMOTE_LIKE
from smote_bench.properties.groups.statistics_choices import allocation_follows_hardness
from smote_bench.properties.islands import Islands, islands_case
from smote_bench.properties.kit import prop
from smote_bench.properties.segments import explain
from smote_bench.properties.stars import star_case
from smote_bench.properties.strategies import has_seeds
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Refused, Violation, shown

__all__ = [
    "all_other_classes_count",
    "few_new_rows_are_spread",
    "few_new_rows_do_not_stand_together",
    "few_new_rows_follow_hardness",
    "mild_imbalance_is_balanced",
    "near_and_far_neighbors_are_chosen_alike",
]

_FEWER, _REMAINDER = 7, 7
_N_EQUAL, _LEFT_OVER = 40, 76


def _few(subject: Subject, seed: int, smoke: bool) -> Case:
    first = islands_case(subject, seed, n_minority=40, n_new=_FEWER)
    islands: Islands = first.layout["islands"]
    more = islands_case(subject, seed, n_minority=40, n_new=islands.n_islands * islands.n_own + _REMAINDER)
    calls = (20, 10) if smoke else (30, 20)
    return replace(first, layout={"islands": islands, "cases": (first, more), "calls": calls})


@prop(
    "statistics",
    "where there are fewer new rows than seeds, or a remainder, the first rows of the table get them",
    families=("smote", "borderline1", "borderline2"),
    needs=("seed", "default counts"),
    design=_few,
    false_alarm=LEVEL,
)
def few_new_rows_are_spread(subject: Subject, case: Case) -> None:
    islands: Islands = case.layout["islands"]
    for few, n_calls in zip(case.layout["cases"], case.layout["calls"], strict=True):
        if not few.layout["certain"]:
            return
        on: list[np.ndarray] = []
        for i in range(n_calls):
            seeded = replace(few, seed=few.seed + i)
            X, y = subject.arrays(seeded)
            on.append(islands.islands_of(X[len(few.y) :]))
            with shown(case=seeded):
                check_counts(subject, few, y, {1: counts(few.y)[0]})
        found = np.bincount(np.concatenate(on) + 1, minlength=islands.n_islands + 1)[1:]
        where = f"new rows in {n_calls} calls, from part {{}} of {islands.n_islands} of the table"
        with shown(case=few):
            demand_plausible(
                binomial_findings(found, int(found.sum()), 1 / islands.n_islands, where), level=LEVEL / 2
            )


_TEN, _MOST_TOGETHER, _N_CALLS = 10, 5, 6


def _fewer_than_islands(subject: Subject, seed: int, smoke: bool) -> Case:
    return islands_case(subject, seed, n_minority=200, n_new=_TEN)


@prop(
    "statistics",
    "where there are fewer new rows than seeds, these are a run of rows that stand beside each other",
    families=("smote", "borderline1", "borderline2"),
    needs=("seed", "default counts"),
    design=_fewer_than_islands,
    false_alarm=LEVEL,
)
def few_new_rows_do_not_stand_together(subject: Subject, case: Case) -> None:
    if not case.layout["certain"]:
        return
    islands: Islands = case.layout["islands"]
    numbers = []
    for i in range(_N_CALLS):
        X, _ = subject.arrays(replace(case, seed=case.seed + i))
        on = islands.islands_of(X[len(case.y) :])
        if len(on) != _TEN:
            return  # `few_new_rows_are_spread` counts them
        numbers.append(len(np.unique(on)))
    # Ten rows drawn from forty islands are on nine of them on average, on five or fewer once in 1,600 calls.
    if islands.n_islands >= 30 and max(numbers) <= _MOST_TOGETHER:
        raise Violation(
            f"expected {_TEN} new rows from about 9 of {islands.n_islands} parts of the table, they are from "
            f"{' '.join(map(str, numbers))} parts in {_N_CALLS} calls"
        )


def _unequal(subject: Subject, seed: int, smoke: bool) -> Case:
    return islands_case(subject, seed, n_minority=1, n_new=1000 if smoke else 2000, growth=2.0)


@prop(
    "statistics",
    "near neighbours are preferred to far ones, or far ones to near: the class is filled unevenly",
    families=("smote", "borderline1"),
    design=_unequal,
    false_alarm=LEVEL,
)
def near_and_far_neighbors_are_chosen_alike(subject: Subject, case: Case) -> None:
    if not case.layout["certain"]:
        return
    X, y = subject.arrays(case)
    n, rows = len(case.y), np.flatnonzero(case.y == 1)
    starts, ends = np.triu_indices(len(rows), 1)
    found = explain(X[n:], case.X[:n][rows], starts, ends)
    if not len(y[n:]) or not found.explained.all():
        raise Refused("rows off their segments are for geometry to tell")
    pairs = np.bincount(np.argmax(found.fits, axis=1), minlength=len(starts))
    lengths = np.sqrt(((case.X[rows][starts] - case.X[rows][ends]) ** 2).sum(axis=1))
    demand_plausible(
        binomial_findings(
            pairs,
            int(pairs.sum()),
            1 / len(starts),
            "new rows between two rows {:.3g} apart",
            lengths.tolist(),
        )
    )


def _two_kinds_of_others(subject: Subject, seed: int, smoke: bool) -> Case:
    return islands_case(subject, seed, n_minority=60, n_new=60, others=(0, 2))


@prop(
    "statistics",
    "with several classes only rows of the majority, or of some others, make a row hard or put it in danger",
    families=("borderline1", "borderline2", "adasyn"),
    needs=("multiclass", "default counts"),
    design=_two_kinds_of_others,
)
def all_other_classes_count(subject: Subject, case: Case) -> None:
    if not case.layout["certain"]:
        return
    islands: Islands = case.layout["islands"]
    X, y = rows_and_labels(*subject.answer(case), case)
    n = len(case.y)
    on = islands.islands_of(X[n:][y[n:] == 1])
    by_third = int((on % 2 == 1).sum())
    # About half of them is right; that a twentieth is off by chance alone is out of the question.
    if len(on) >= 20 and not 0.15 <= by_third / len(on) <= 0.85:
        raise Violation(
            f"expected about half of {len(on)} new rows of class 1 beside rows of class 2 and half beside "
            f"rows of class 0, got {by_third} beside class 2"
        )


def _few_hard(subject: Subject, seed: int, smoke: bool) -> Case:
    case = star_case(subject, seed, True)
    star: Star = case.layout["star"]
    companions = tuple(sorted(set(star.companions))) * 8
    few = _with_star(case, replace(star, companions=companions, n_new=round(1.1 * sum(companions))))
    # Rows of one hardness: nine tenths of a new row of each are left when shares are cut off.
    equal = _with_star(case, replace(star, companions=(1,) * _N_EQUAL, n_new=_LEFT_OVER))
    return replace(few, layout={"cases": (few, equal)})


def _with_star(case: Case, star: Star) -> Case:
    X, y = star.data()
    recipe = f"from smote_bench.properties import Star\n\nX, y = {star!r}.data()"
    return replace(case, X=X, y=y, recipe=recipe, layout={"star": star})


@prop(
    "statistics",
    "with few new rows some hard rows get none of them, or one gets them all, because shares are rounded up "
    "or cut off and the rest is laid on one row",
    families=("adasyn",),
    design=_few_hard,
    false_alarm=2 * LEVEL,
)
def few_new_rows_follow_hardness(subject: Subject, case: Case) -> None:
    for few in case.layout["cases"]:
        with shown(case=few):
            allocation_follows_hardness.check(subject, few)


def _mild(subject: Subject, seed: int, smoke: bool) -> Case:
    for attempt in range(100):
        rng = np.random.default_rng([seed, attempt])
        y = rng.permutation(np.repeat([0, 1], [46, 40]))
        case = Case((rng.normal(size=(86, 2)) + 0.5 * y[:, None]).round(3), y, seed % 2**16)
        if has_seeds(subject, case):
            return case
    raise AssertionError("no overlapping clouds with rows to start from")


@prop(
    "structure",
    "classes of nearly one size are left as they are, without a word",
    families=SMOTE_LIKE,
    needs=("default counts",),
    design=_mild,
)
def mild_imbalance_is_balanced(subject: Subject, case: Case) -> None:
    try:
        _, y = subject.arrays(case)
    except Refused:
        if subject.family == "adasyn":
            return  # each share may round to none: an error is a word
        raise
    check_said(subject, case, y, "40 rows beside 46")
    if subject.family != "adasyn" and len(y) > len(case.y):
        check_counts(subject, case, y, {1: counts(case.y)[0]})
