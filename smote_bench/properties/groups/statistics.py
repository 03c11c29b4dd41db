"""Statistics: seeds, neighbours and steps follow the laws of the papers, tested exactly on laid-out data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from scipy import stats

from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Lineage, Star
from smote_bench.properties.exact_tests import (
    LEVEL,
    Finding,
    binomial_findings,
    demand_plausible,
    uniform_finding,
)
from smote_bench.properties.families import SMOTE_LIKE
from smote_bench.properties.kit import Violation, prop
from smote_bench.properties.subject import Subject

__all__ = [
    "allocation_follows_hardness",
    "minority_classes_get_steps_of_their_own",
    "neighbors_are_chosen_uniformly",
    "rows_in_danger_are_the_seeds",
    "seeds_are_chosen_uniformly",
    "steps_are_independent",
    "steps_are_uniform",
    "steps_towards_others_are_uniform_up_to_half",
]

_N_NEW, _N_NEW_SMOKE = 3000, 600
_SAME = 1e-12


def star_case(subject: Subject, seed: int, smoke: bool, *, n_minorities: int = 1, order: str = "random") -> Case:
    """Lay out a star that suits the subject's family and the numbers of neighbours in force."""
    settings = _neighbors(subject, seed)
    probe = Case(np.empty((0, 0)), np.empty(0), params=settings)
    k, m = subject.k(probe), subject.m(probe)
    if subject.family.startswith("borderline"):
        n_hubs, companions = max(k, m) + 1, _numbers_beside(m) * 2
    elif subject.family == "adasyn":
        n_hubs, companions = k + 1, _numbers_beside(k) * 3
    else:
        n_hubs, companions = k + 1, (0,) * 20
    n_new = _N_NEW_SMOKE if smoke else _N_NEW
    star = Star(n_hubs, companions, n_new, n_minorities, seed=seed % 1000, order=order)
    recipe = f"from smote_bench.properties.designs import Star\n\nX, y = {star!r}.data()"
    X, y = star.data()
    return Case(X, y, seed % 2**16, settings, recipe, layout={"star": star})


def _neighbors(subject: Subject, seed: int) -> dict[str, Any]:
    """Return numbers of neighbours that no sampler has by default, where the kit may set them."""
    settings: dict[str, Any] = {}
    m = 6 + seed % 4
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = m
    if subject.k_name is not None and subject.accepts(subject.k_name):
        # A borderline-2 that draws from the k nearest rows of all classes has to find some of its own among them.
        settings[subject.k_name] = m // 2 + 2 if subject.family == "borderline2" else 3 + seed % 2
    return settings


def _numbers_beside(m: int) -> tuple[int, ...]:
    """Return how many companions rows get: all numbers up to m, or those around the borders if m is large."""
    if m <= 10:
        return tuple(range(m + 1))
    half = (m + 1) // 2
    return tuple(sorted({0, 1, half - 1, half, half + 1, (half + m) // 2, m - 2, m - 1, m}))


@dataclass(frozen=True)
class Answer:
    """The new rows of one class in output order, read."""

    lineage: Lineage
    star: Star
    k: int

    @property
    def own_steps(self) -> np.ndarray:
        """Which new rows step towards a row of their class and say for certain from where; bool."""
        return self.lineage.certain & (self.lineage.others < 0)


def read_star(subject: Subject, case: Case) -> list[Answer]:
    """Resample a star and read the answer, class by class.

    Raises
    ------
    Violation
        If a new row cannot be read because it lies on none of the star's segments.
    """
    star: Star = case.layout["star"]
    X, y = subject.arrays(case)
    X, y = X[len(case.y) :], y[len(case.y) :]
    answers = []
    for label in range(1, star.n_minorities + 1):
        new = X[y == label]
        if not len(new):
            raise Violation(f"expected about {star.n_new} new rows of class {label}, got none")
        answers.append(Answer(star.read(new, label, subject.k(case)), star, subject.k(case)))
        lost = int((~answers[-1].lineage.readable).sum())
        if lost:
            raise Violation(
                f"expected every new row of class {label} on a segment from a row to one of its {subject.k(case)} "
                f"nearest rows; {lost} of {len(new)} are not"
            )
    return answers


@prop(
    "statistics",
    "new rows crowd together on some part of the segments, because the step is not uniform on [0, 1]",
    families=SMOTE_LIKE,
    design=star_case,
    false_alarm=LEVEL,
)
def steps_are_uniform(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read, chosen = answer.lineage, answer.own_steps
    steps, ranks, seeds = read.steps[chosen], read.ranks[chosen], read.seeds[chosen]
    halves = np.arange(len(steps)) < len(steps) // 2
    findings = [
        uniform_finding(steps, "steps"),
        uniform_finding(steps[halves], "steps of the first half of the new rows"),
        uniform_finding(steps[~halves], "steps of the second half of the new rows"),
    ]
    for rank in np.unique(ranks[ranks >= 0]):
        findings.append(uniform_finding(steps[ranks == rank], f"steps towards the neighbour {rank + 1}"))
    for seed in np.unique(seeds):
        findings.append(uniform_finding(steps[seeds == seed], f"steps from the same seed (number {seed})"))
    demand_plausible(findings)


@prop(
    "statistics",
    "the step of one new row tells that of another: the generator was set back, or is read in a pattern",
    families=SMOTE_LIKE,
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
    # Repeats come in groups; that each of n draws sees one of the others is likelier than a group of that size.
    p_value = float(stats.binom.sf(repeats // 2 - 1, len(steps), len(among) / 2**24)) if repeats else 1.0
    demand_plausible(
        [
            Finding(
                p_value, lambda: f"expected steps that differ, {repeats} of {len(steps)} are the same as {whose}"
            )
        ]
    )


def _pair_findings(first: np.ndarray, second: np.ndarray, whose: str) -> list[Finding]:
    """Test disjoint pairs of steps for independence: near each other, near each other's mirror, the same half."""
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
        for finding in binomial_findings(
            np.array([event.sum()]), n, p, lambda i, name=name: f"pairs of steps of {whose} {name}"
        )
    ]


@prop(
    "statistics",
    "some of the k nearest rows are preferred or never used, so that the class grows in a few directions",
    families=("smote", "borderline1", "adasyn"),
    design=star_case,
    false_alarm=LEVEL,
)
def neighbors_are_chosen_uniformly(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read, k = answer.lineage, answer.k
    chosen = read.certain & (read.ranks >= 0) & (read.seeds >= answer.star.n_hubs)
    table = np.zeros((answer.star.n, k), dtype=int)
    np.add.at(table, (read.seeds[chosen], read.ranks[chosen]), 1)
    try:
        demand_plausible(_neighbor_findings(table, np.full(answer.star.n, k)))
    except Violation:
        if subject.family != "adasyn":
            raise
        # He et al. (2008) can also be read so that the neighbour is drawn from those of the k nearest rows of all
        # classes that are of the seed's class.
        left = k - np.minimum(np.r_[np.zeros(answer.star.n_hubs, int), answer.star.companions], k)
        if (table[np.arange(k) >= left[:, None]] > 0).any():
            raise
        demand_plausible(_neighbor_findings(table, left))


def _neighbor_findings(table: np.ndarray, n_choices: np.ndarray) -> list[Finding]:
    """Test, for each seed and over all, how often each neighbour was chosen."""
    findings = []
    for seed in np.flatnonzero((table.sum(axis=1) > 0) & (n_choices > 0)):
        among = n_choices[seed]
        findings += binomial_findings(
            table[seed, :among],
            table[seed].sum(),
            1 / among,
            lambda i, seed=seed, among=among: f"neighbour {i + 1} of {among} of one seed (number {seed})",
        )
    for among in np.unique(n_choices[n_choices > 0]):
        of_these = table[n_choices == among]
        findings += binomial_findings(
            of_these[:, :among].sum(axis=0),
            of_these.sum(),
            1 / among,
            lambda i, among=among: f"neighbour {i + 1} of {among} over all seeds",
        )
    return findings


@prop(
    "statistics",
    "some rows are the seed of far more new rows than others that have the same right to it",
    families=("smote", "borderline1", "borderline2"),
    design=star_case,
    false_alarm=LEVEL,
)
def seeds_are_chosen_uniformly(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read, star = answer.lineage, answer.star
    n_new = len(read.seeds)
    if subject.family == "smote":
        # Between two of the first k + 1 rows either may be the seed: they are counted as one.
        named, n_seeds, n_unnamed = np.arange(answer.k + 1, star.n), star.n, answer.k + 1
    else:
        named = np.flatnonzero(_in_danger(star, subject.m(case)))
        n_seeds, n_unnamed = len(named), 0
    if not n_seeds:
        return
    counts = np.bincount(read.seeds[read.certain], minlength=star.n)[named]
    findings = binomial_findings(
        counts, n_new, 1 / n_seeds, lambda i: f"new rows from one seed (number {named[i]})"
    )
    if n_unnamed:
        inner = n_new - counts.sum()
        findings += binomial_findings(
            np.array([inner]), n_new, n_unnamed / n_seeds, lambda i: "new rows from the seeds in the middle"
        )
    position = _positions(case)[named]
    for name, part in (("first", position < np.median(position)), ("outer", np.arange(len(named)) % 2 == 0)):
        where = "in the first half of the data" if name == "first" else "with an even number"
        findings += binomial_findings(
            np.array([counts[part].sum()]),
            n_new,
            part.sum() / n_seeds,
            lambda i, where=where: f"new rows from seeds {where}",
        )
    demand_plausible(findings)


def _positions(case: Case) -> np.ndarray:
    """Return where in the data each row of the first star stands."""
    star: Star = case.layout["star"]
    rows = np.flatnonzero(case.y == 1)
    number = np.argmax(case.X[rows, : star.n], axis=1)
    positions = np.empty(star.n)
    positions[number] = rows
    return positions


def _in_danger(star: Star, m: int) -> np.ndarray:
    beside = np.minimum(np.r_[np.zeros(star.n_hubs, int), star.companions], m)
    danger: np.ndarray = (2 * beside >= m) & (beside < m)
    return danger


@prop(
    "statistics",
    "rows are made from safe rows or from noise, or some rows in danger are left out",
    families=("borderline1", "borderline2"),
    design=star_case,
    false_alarm=LEVEL,
)
def rows_in_danger_are_the_seeds(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    star, m = answer.star, subject.m(case)
    danger = _in_danger(star, m)
    beside = np.r_[np.zeros(star.n_hubs, int), star.companions]
    counts = np.bincount(answer.lineage.seeds, minlength=star.n)
    wrong = np.flatnonzero(~danger & (counts > 0))
    if wrong.size:
        kind = "noise" if beside[wrong[0]] >= m else "safe"
        raise Violation(
            f"expected seeds with at least half but not all of their {m} nearest rows in other classes, "
            f"{counts[wrong[0]]} new rows are from a row with {min(beside[wrong[0]], m)} of {m} ({kind})"
        )
    # A random seed leaves one of n out with probability (1 - 1/n)^n_new: far below the level at these sizes.
    unused = np.flatnonzero(danger & (counts == 0))
    if unused.size:
        raise Violation(
            f"expected new rows from every row in danger, none of {counts.sum()} is from one with "
            f"{beside[unused[0]]} of {m} nearest rows in other classes"
        )


@prop(
    "statistics",
    "new rows go too far into other classes, or hardly leave their seed, because the step is not uniform on [0, 0.5]",
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
    demand_plausible([uniform_finding(steps, "steps towards other classes", high=0.5)])


@prop(
    "statistics",
    "rows that are hard to learn do not get their share of the new rows",
    families=("adasyn",),
    design=star_case,
    false_alarm=LEVEL,
)
def allocation_follows_hardness(subject: Subject, case: Case) -> None:
    star: Star = case.layout["star"]
    counts = _counts_by_seed(subject, case)
    hardness = np.minimum(np.r_[np.zeros(star.n_hubs, int), star.companions], subject.k(case))
    share = hardness / hardness.sum()
    if np.array_equal(counts, _counts_by_seed(subject, replace(case, seed=case.seed + 1))):
        _demand_rounded(counts, share, star.n_new)
    else:
        # Drawn, not decided: He et al. round, but a draw with these probabilities has the right mean.
        demand_plausible(
            binomial_findings(
                counts,
                int(counts.sum()),
                share,
                lambda i: (
                    f"new rows from a row with {hardness[i]} of {subject.k(case)} neighbours in other classes"
                ),
            )
        )


def _counts_by_seed(subject: Subject, case: Case) -> np.ndarray:
    (answer,) = read_star(subject, case)
    counts: np.ndarray = np.bincount(answer.lineage.seeds, minlength=answer.star.n)
    return counts


def _demand_rounded(counts: np.ndarray, share: np.ndarray, n_wanted: int) -> None:
    """Raise unless each count is its share rounded, up or down; one row may make up for the others' rounding."""
    total, n_seeds = int(counts.sum()), int((share > 0).sum())
    wanted = share * (n_wanted if abs(total - n_wanted) <= n_seeds else total)
    off = np.abs(counts - wanted)
    worst = int(np.argmax(off))
    makes_up = off[worst] <= n_seeds / 2 + 1 and np.delete(off, worst).max() <= 1
    if off[worst] > 1 and not makes_up:
        raise Violation(
            f"expected {wanted[worst]:.1f} of {total} new rows, rounded, from a row that holds "
            f"{share[worst]:.2%} of the hardness, got {counts[worst]}"
        )


@prop(
    "statistics",
    "two classes get the same random steps, because the seed is read again for each class",
    families=SMOTE_LIKE,
    needs=("multiclass",),
    design=partial(star_case, n_minorities=2),
    false_alarm=LEVEL,
)
def minority_classes_get_steps_of_their_own(subject: Subject, case: Case) -> None:
    first, second = (answer.lineage.steps[answer.own_steps] for answer in read_star(subject, case))
    _demand_few_repeats(first, second, "those of the other minority class")
    demand_plausible(_pair_findings(first, second, "new rows of two classes"))
