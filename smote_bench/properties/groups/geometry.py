"""Geometry: where new rows may lie."""

from __future__ import annotations

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.kit import Violation, prop
from smote_bench.properties.reference import danger_rows, majority_counts, neighborhood
from smote_bench.properties.segments import explain
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject

__all__ = ["rows_lie_between_neighbors"]


@prop(
    "geometry",
    "a new row is not on a segment from a seed to one of its k nearest rows of the same class",
    families=("smote", "borderline1", "adasyn"),
    cases=cases,
)
def rows_lie_between_neighbors(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    n = len(case.y)
    for label in np.unique(y[n:]):
        new = X[n:][y[n:] == label]
        rows = np.flatnonzero(case.y == label)
        k = subject.k(case)
        near = neighborhood(case.X[rows], case.X[rows], k, self_rows=np.arange(len(rows)))
        seeds, neighbors = np.nonzero(near.possible)
        if subject.family == "borderline1":
            may_seed = danger_rows(case.X, case.y, label, subject.m(case))[1]
        elif subject.family == "adasyn":
            may_seed = majority_counts(case.X, case.y, label, k)[1] > 0
        else:
            may_seed = np.ones(len(rows), dtype=bool)
        keep = may_seed[seeds]
        found = explain(new, case.X, rows[seeds[keep]], rows[neighbors[keep]])
        lost = np.flatnonzero(~found.explained)
        if lost.size:
            raise Violation(
                f"expected every new row of class {label} between a seed and one of its {k} nearest rows of "
                f"that class; {lost.size} of {len(new)} are not, such as {new[lost[0]].tolist()}, "
                f"{found.miss[lost[0]]:.3g} away from the nearest such segment"
            )
