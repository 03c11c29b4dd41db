"""Structure: which rows come back, in which order, and how many of each class."""

from __future__ import annotations

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import FAMILIES
from smote_bench.properties.kit import Violation, prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject

__all__ = ["originals_come_first"]


@prop(
    "structure",
    "rows of the input are changed, lost or moved, so that a result cannot be traced back to its data",
    families=FAMILIES,
    cases=cases,
)
def originals_come_first(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    n = len(case.y)
    if len(y) < n:
        raise Violation(f"expected at least the {n} rows of the input, got {len(y)}")
    changed = np.flatnonzero((X[:n] != case.X).any(axis=1) | (y[:n] != case.y))
    if changed.size:
        row = changed[0]
        raise Violation(
            f"expected row {row} to be {case.X[row].tolist()} of class {case.y[row]}, "
            f"got {X[row].tolist()} of class {y[row]}"
        )
