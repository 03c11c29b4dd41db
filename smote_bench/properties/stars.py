"""A star put to a subject: laid out for its family and numbers of neighbours, resampled and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Lineage, Star
from smote_bench.properties.mixed_demands import called, new_rows
from smote_bench.properties.mixed_frames import MixedCase, mixed_case
from smote_bench.properties.reference import neighborhood
from smote_bench.properties.segments import explain
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = ["SMALL_UNITS", "Answer", "in_small_units", "read_star", "star_case"]

_N_NEW, _N_NEW_SMOKE = 4000, 2500
"""2500 notice steps that are u / (u + v) for uniform u and v, as smote_variants has: 0.086 from uniform."""


def star_case(
    subject: Subject,
    seed: int,
    smoke: bool,
    *,
    n_minorities: int = 1,
    order: str = "random",
    odd_m: bool = False,
) -> Case:
    """Lay out a star that suits the subject's family and the numbers of neighbours in force."""
    settings = _neighbors(subject, seed, odd_m)
    probe = Case(np.empty((0, 0)), np.empty(0), params=settings)
    k, m = subject.k(probe), subject.m(probe)
    if subject.family.startswith("borderline"):
        n_hubs, companions = max(k, m) + 1, _numbers_beside(m) * 2
    elif subject.family == "adasyn":
        n_hubs, companions = k + 1, _numbers_beside(k) * 3
    else:
        n_hubs, companions = k + 1, (0,) * 20
    # No less than there are companions: the majority needs some rows far away as well.
    n_new = max(_N_NEW_SMOKE if smoke else _N_NEW, n_minorities * sum(companions))
    star = Star(n_hubs, companions, n_new, n_minorities, seed=seed % 1000, order=order)
    recipe = f"from smote_bench.properties import Star\n\nX, y = {star!r}.data()"
    X, y = star.data()
    if subject.family == "smotenc":
        # One level for all: it costs nothing, and the numbers are read as those of any star.
        frame = pd.DataFrame(X).add_prefix("x").assign(level=pd.Categorical(["one"] * len(y)))
        recipe = f"import pandas as pd\n{recipe}\nX = pd.DataFrame(X).add_prefix('x')"
        recipe += ".assign(level=pd.Categorical(['one'] * len(y)))"
        return mixed_case(frame, y, seed % 2**16, settings, recipe=recipe, layout={"star": star})
    return Case(X, y, seed % 2**16, settings, recipe, layout={"star": star})


SMALL_UNITS = (0.5, 2.0**-10)
"""In the first the distances of a star are about one, in the second far below."""


def in_small_units(case: Case) -> list[Case]:
    """Return the case of a star with all lengths about one, and far below."""
    return [_in_unit(case, unit) for unit in SMALL_UNITS]


def _in_unit(case: Case, unit: float) -> Case:
    star: Star = replace(case.layout["star"], unit=unit)
    recipe = f"from smote_bench.properties import Star\n\nX, y = {star!r}.data()"
    return replace(case, X=case.X * unit, recipe=recipe, layout={**case.layout, "star": star})


def _neighbors(subject: Subject, seed: int, odd_m: bool) -> dict[str, Any]:
    """Return numbers of neighbours that no sampler has by default, where the kit may set them."""
    settings: dict[str, Any] = {}
    m = 6 + 2 * (seed % 2) + odd_m
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = m
    if subject.k_name is not None and subject.accepts(subject.k_name):
        # A borderline-2 that draws from the k nearest rows of all classes has to find some of its own class.
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
    if isinstance(case, MixedCase):
        new = new_rows(case, called(subject, case))
        X, y = new.numbers, new.labels
    else:
        X, y = subject.arrays(case)
        X, y = X[len(case.y) :], y[len(case.y) :]
    answers = []
    for label in range(1, star.n_minorities + 1):
        own = X[y == label]
        if not len(own):
            raise Violation(f"expected about {star.n_new} new rows of class {label}, got none")
        lineage = star.read(own, label, subject.k(case))
        if subject.family == "borderline2" and not lineage.readable.all():
            lineage = _towards_any_of_k(subject, case, own, label, lineage)
        answers.append(Answer(lineage, star, subject.k(case)))
        lost = int((~answers[-1].lineage.readable).sum())
        if lost:
            raise Violation(
                f"expected every new row of class {label} on a segment from a row to one of its "
                f"{subject.k(case)} nearest rows; {lost} of {len(own)} are not"
            )
    return answers


def _towards_any_of_k(subject: Subject, case: Case, new: np.ndarray, label: int, read: Lineage) -> Lineage:
    """Read rows on the way to one of the k nearest rows of other classes, which need not be a companion."""
    star: Star = case.layout["star"]
    lost = np.flatnonzero(~read.readable)
    rows, others = np.flatnonzero(case.y == label), np.flatnonzero(case.y != label)
    near = neighborhood(case.X[others], case.X[rows], subject.k(case)).possible
    starts, ends = np.nonzero(near)
    found = explain(new[lost], case.X, rows[starts], others[ends], longest=0.5)
    known = found.explained
    segment = np.argmax(found.fits, axis=1)
    number = np.argmax((case.X[rows] / star.unit - star.middle(label))[:, star.axes(label)], axis=1)
    seeds, others_, steps, certain, readable = (
        values.copy() for values in (read.seeds, read.others, read.steps, read.certain, read.readable)
    )
    at = lost[known]
    seeds[at] = number[starts[segment[known]]]
    steps[at] = found.steps[np.flatnonzero(known), segment[known]]
    others_[at], certain[at], readable[at] = subject.k(case), True, True
    ranks = read.ranks.copy()
    ranks[at] = -1
    return Lineage(seeds, ranks, others_, steps, certain, readable)
