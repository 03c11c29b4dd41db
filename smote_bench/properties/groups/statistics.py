"""Statistics: the steps of new rows follow the laws of the papers, tested exactly on laid-out data."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import stats

from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import (
    LEVEL,
    Finding,
    binomial_findings,
    demand_plausible,
    uniform_findings,
)
from smote_bench.properties.families import SMOTE_LIKE
from smote_bench.properties.kit import prop
from smote_bench.properties.stars import read_star, star_case
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "minority_classes_get_steps_of_their_own",
    "seeds_step_towards_others_as_well",
    "steps_are_independent",
    "steps_are_uniform",
    "steps_towards_others_are_uniform_up_to_half",
]

_SAME = 1e-12


@prop(
    "statistics",
    "new rows crowd together on some part of the segments, because the step is not uniform on [0, 1]",
    families=(*SMOTE_LIKE, "smotenc"),
    design=star_case,
    false_alarm=LEVEL,
)
def steps_are_uniform(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read, chosen = answer.lineage, answer.own_steps
    steps, ranks, seeds = read.steps[chosen], read.ranks[chosen], read.seeds[chosen]
    halves = np.arange(len(steps)) < len(steps) // 2
    findings = [
        *uniform_findings(steps, "steps"),
        *uniform_findings(steps[halves], "steps of the first half of the new rows"),
        *uniform_findings(steps[~halves], "steps of the second half of the new rows"),
    ]
    for rank in np.unique(ranks[ranks >= 0]):
        findings += uniform_findings(steps[ranks == rank], f"steps towards the neighbour {rank + 1}")
    for seed in np.unique(seeds):
        findings += uniform_findings(steps[seeds == seed], f"steps from the same seed (number {seed})")
    demand_plausible(findings)


@prop(
    "statistics",
    "the step of one new row tells that of another: the generator was set back, or is read in a pattern",
    families=(*SMOTE_LIKE, "smotenc"),
    design=star_case,
    false_alarm=LEVEL,
)
def steps_are_independent(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    steps = answer.lineage.steps[answer.own_steps]
    _demand_few_repeats(steps, steps, "another new row's", itself=True)
    demand_plausible(
        [
            *_pair_findings(steps[:-1:2], steps[1::2], "consecutive new rows"),
            *_pair_findings(steps[1:-1:2], steps[2::2], "consecutive new rows"),
        ]
    )


def _demand_few_repeats(steps: np.ndarray, among: np.ndarray, whose: str, *, itself: bool = False) -> None:
    """Raise if more steps are found among others than chance allows, even with steps of 24 bits (float32)."""
    if not len(steps):
        return
    n_near = np.searchsorted(np.sort(among), steps + _SAME, "right")
    n_near -= np.searchsorted(np.sort(among), steps - _SAME, "left")
    repeats = int((n_near > itself).sum())
    # Draws that meet an earlier one are at most binomial, and each makes at most two repeats.
    p_value = float(stats.binom.sf(repeats // 2 - 1, len(steps), len(among) / 2**24)) if repeats else 1.0
    demand_plausible(
        [
            Finding(
                p_value,
                lambda: f"expected steps that differ, {repeats} of {len(steps)} are the same as {whose}",
            )
        ]
    )


def _pair_findings(first: np.ndarray, second: np.ndarray, whose: str) -> list[Finding]:
    """Test disjoint pairs of steps for independence: near, near each other's mirror, in the same half."""
    n = min(len(first), len(second))
    if not n:
        return []
    first, second = first[:n], second[:n]
    events = (
        ("less than 0.1 apart", np.abs(first - second) < 0.1, 0.19),
        ("with a sum between 0.9 and 1.1", np.abs(first + second - 1) < 0.1, 0.19),
        ("both below or both above 0.5", (first < 0.5) == (second < 0.5), 0.5),
    )
    return [
        finding
        for name, event, p in events
        for finding in binomial_findings(np.array([event.sum()]), n, p, f"pairs of steps of {whose} {name}")
    ]


@prop(
    "statistics",
    "new rows go too far into other classes, or hardly leave their seed: the step is not uniform on [0, 0.5]",
    families=("borderline2",),
    design=star_case,
    false_alarm=LEVEL,
)
def steps_towards_others_are_uniform_up_to_half(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read = answer.lineage
    steps = read.steps[read.others >= 0]
    if not len(steps):
        raise Violation(
            f"expected some of {len(read.steps)} new rows on the way to a row of another class, got none"
        )
    demand_plausible(uniform_findings(steps, "steps towards other classes", high=0.5))


_FEWEST_OUTWARDS = 0.1


@prop(
    "statistics",
    "from some rows in danger no new row goes towards another class, as if the first rows were enough",
    families=("borderline2",),
    design=star_case,
    false_alarm=LEVEL,
)
def seeds_step_towards_others_as_well(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read, n = answer.lineage, answer.star.n
    outwards = np.bincount(read.seeds[read.others >= 0], minlength=n)
    inwards_alone = np.where(outwards == 0, np.bincount(read.seeds, minlength=n), 0)
    # By every reading of the paper at least a tenth of a row's own new rows go outwards.
    silent = int(inwards_alone.sum())
    named = np.flatnonzero(inwards_alone)
    demand_plausible(
        [
            Finding(
                float((1 - _FEWEST_OUTWARDS) ** silent),
                lambda: (
                    f"expected new rows towards other classes from each row in danger, of {silent} from "
                    f"{len(named)} of them (such as number {named[0]}) none is"
                ),
            )
        ]
    )


@prop(
    "statistics",
    "two classes get the same random steps, because the seed is read again for each class",
    families=(*SMOTE_LIKE, "smotenc"),
    needs=("multiclass",),
    design=partial(star_case, n_minorities=2),
    false_alarm=LEVEL,
)
def minority_classes_get_steps_of_their_own(subject: Subject, case: Case) -> None:
    first, second = (answer.lineage.steps[answer.own_steps] for answer in read_star(subject, case))
    _demand_few_repeats(first, second, "those of the other minority class")
    demand_plausible(_pair_findings(first, second, "new rows of two classes"))
