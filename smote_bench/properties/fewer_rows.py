"""Take rows away from a failing case as long as it fails in the same way."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import numpy as np

from smote_bench.properties.answers import slack
from smote_bench.properties.cases import Case
from smote_bench.properties.kit import Property
from smote_bench.properties.strategies import has_seeds
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = ["fewer_rows"]


def fewer_rows(
    prop: Property, subject: Subject, case: Case, violation: Violation, *, seconds: float
) -> tuple[Case, Violation] | None:
    """Return a case with fewer rows and what is found there, or None if every row is needed.

    Each class keeps more rows than neighbours are asked for, and the majority stays the largest.

    Parameters
    ----------
    prop : Property
    subject : Subject
    case : Case
    violation : Violation
        What was found on `case`.
    seconds : float
        After so long no further row is tried.
    """
    until = time.perf_counter() + seconds
    best: tuple[Case, Violation] | None = None
    size = max(1, len(case.y) // 4)
    while size and time.perf_counter() < until:
        taken, row = False, 0
        while row < len(case.y) and time.perf_counter() < until:
            keep = np.r_[:row, row + size : len(case.y)]
            smaller = replace(case, X=case.X[keep], y=case.y[keep])
            found = _found(prop, subject, case, smaller, violation)
            if found is None:
                row += size
            else:
                case, taken = smaller, True
                best = smaller, found
        size = size if taken and size == 1 else size // 2
    return best


def _found(
    prop: Property, subject: Subject, before: Case, case: Case, violation: Violation
) -> Violation | None:
    if not _is_ordinary(subject, before, case):
        return None
    try:
        prop.check(subject, case)
    except Violation as found:
        return found if _kind(found) == _kind(violation) else None
    except Exception:
        return None
    return None


def _is_ordinary(subject: Subject, before: Case, case: Case) -> bool:
    labels, numbers = np.unique(case.y, return_counts=True)
    if len(labels) != len(np.unique(before.y)):
        return False
    fewest = max(min(subject.k(case) + 1, int((before.y == 1).sum())), 2, subject.needs.least_rows)
    n = dict(zip(labels.tolist(), numbers.tolist(), strict=True))
    if min(numbers) < fewest or n[0] <= max(count for label, count in n.items() if label != 0):
        return False
    return has_seeds(subject, case) and n[0] - n[1] > slack(subject, case, 1)


def _kind(violation: Violation) -> tuple[str, str | None]:
    """Return what a violation is about: its words without numbers, values and lists."""
    words = re.sub(
        r"\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|'[^']*'|[-+]?\d[\d.e+-]*|\b(nan|inf)\b", "", violation.message
    )
    return " ".join(words.split())[:60], violation.convention
