"""Typed rows, what is drawn: ties of votes, which rows are started from, and whose neighbours vote."""

from __future__ import annotations

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, Finding, binomial_findings, demand_plausible
from smote_bench.properties.families import MIXED
from smote_bench.properties.kit import prop
from smote_bench.properties.mixed_demands import as_mixed, called, new_rows
from smote_bench.properties.mixed_designs import Groups, Outlier, groups_case, outlier_case, tied_case
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "neighbors_of_the_seed_vote",
    "nominal_seeds_are_chosen_uniformly",
    "ties_are_settled_evenly",
]


@prop(
    "mixed",
    "of levels with as many votes one comes out more often than the others, so that a category drifts",
    families=MIXED,
    design=tied_case,
    false_alarm=LEVEL,
)
def ties_are_settled_evenly(subject: Subject, case: Case) -> None:
    counts = _tied_counts(subject, case)
    if counts is None:
        return
    # Settled by a rule, such as the first or the nearest: each row that is started from has one level.
    drawn = counts[(counts > 0).sum(axis=1) > 1]
    if not len(drawn):
        return
    n_levels = counts.shape[1]
    least = most = 1 / n_levels
    if subject.family == "smoten":
        # Which row of a group was started from does not show, and a rule may prefer the level of that one:
        # the rows of another level may all choose the same.
        least, most = case.layout["groups"].shares_by_rule()
    findings = _beyond(drawn.sum(axis=0), least, most, f"level {{}} of {n_levels} with as many votes")
    for row in drawn:
        findings += _beyond(row, least, most, "level {} with as many votes, one seed")
    demand_plausible(findings)


def _beyond(counts: np.ndarray, least: float, most: float, what: str) -> list[Finding]:
    """Compare each count with the nearest share that it may have."""
    total = int(counts.sum())
    return [
        finding
        for number, count in enumerate(counts)
        for finding in binomial_findings(
            np.array([count]), total, float(np.clip(count / total, least, most)), what, [number]
        )
    ]


def _tied_counts(subject: Subject, case: Case) -> np.ndarray | None:
    """Return how often each tied level came out, by the row or group that was started from."""
    mixed = as_mixed(case)
    new = new_rows(mixed, called(subject, mixed))
    if not len(new.labels):
        raise Violation("expected new rows of class 1, got none")
    if subject.family == "smoten":
        groups: Groups = case.layout["groups"]
        return groups.tied_counts(mixed, new)
    lineage = case.layout["star"].read(new.numbers, 1, subject.k(case))
    known = lineage.readable & (lineage.seeds >= case.layout["star"].n_hubs)
    counts = np.zeros((case.layout["star"].n, 2), dtype=int)
    named = _positions(mixed.frame["level"].astype(object).tolist(), ("A", "B"))
    for level, position in enumerate(named):
        of_level = known & (new.levels[:, 0] == position)
        np.add.at(counts[:, level], lineage.seeds[of_level], 1)
    other = int(known.sum() - counts.sum())
    if other:
        raise Violation(
            f"expected level A or B, with half of the votes each, in {int(known.sum())} new rows, {other} "
            "have another one"
        )
    return counts


def _positions(values: list[str], names: tuple[str, ...]) -> list[int]:
    levels = list(dict.fromkeys(values))
    return [levels.index(name) for name in names]


@prop(
    "mixed",
    "some rows are started from far more often than others that have the same right to it",
    families=("smoten",),
    design=groups_case,
    false_alarm=LEVEL,
)
def nominal_seeds_are_chosen_uniformly(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    new = new_rows(mixed, called(subject, mixed))
    groups: Groups = case.layout["groups"]
    came = groups.of(mixed, new)
    lost = int((came < 0).sum())
    if lost or not len(came):
        raise Violation(
            f"expected each new row in one of {groups.n_groups} groups, {lost} of {len(came)} are not"
        )
    counts = np.bincount(came, minlength=groups.n_groups)
    demand_plausible(
        binomial_findings(
            counts, len(came), 1 / groups.n_groups, "new rows of group {}, of groups of one size"
        )
    )


@prop(
    "mixed",
    "levels are voted for by the neighbours of another row than the one that is started from",
    families=MIXED,
    design=outlier_case,
    false_alarm=LEVEL,
)
def neighbors_of_the_seed_vote(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    new = new_rows(mixed, called(subject, mixed))
    outlier: Outlier = case.layout["outlier"]
    (voted_for,) = _positions(mixed.frame["vote"].astype(object).tolist(), ("A",))
    has_it = new.levels[:, -1] == voted_for
    if outlier.numbers:
        started = outlier.from_outlier(new)
        wrong = int((started & ~has_it).sum())
        if wrong:
            raise Violation(
                "expected level A, which all neighbours of the row that is started from have, in "
                f"{started.sum()} new rows, {wrong} have another one"
            )
    elif outlier.k > 1:  # of a row and one neighbour the votes tie
        demand_plausible(
            binomial_findings(
                np.array([has_it.sum()]),
                len(has_it),
                1 / outlier.n,
                "new rows of level A, which most of the votes at one of the rows are for",
            )
        )
