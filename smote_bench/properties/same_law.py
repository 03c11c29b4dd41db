"""Whether two answers follow one law, where a sampler uses its random stream otherwise for other data.

A sampler may sort its rows first, or take a stream for each class from its label: then a change of the data
changes the draws, and rows cannot be compared one by one. New rows of many seeds can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from scipy import stats

from smote_bench.properties.answers import slack
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, Finding, demand_plausible, same_share_findings
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Refused, Violation

__all__ = ["demand_same_law"]

_N_CALLS, _MOST_CALLS, _ENOUGH_ROWS = 16, 60, 300
"""Where nothing but the law of its rows can be looked at, more rows are."""
_CASES = 50
"""Among how many cases of a property the level of a test is shared out."""


def demand_same_law(
    subject: Subject,
    case: Case,
    changed: Case,
    *,
    change: Callable[[np.ndarray], np.ndarray],
    names: np.ndarray | None = None,
    setup: str = "",
) -> None:
    """Raise a `Violation` unless new rows of a case and of a changed one follow one law.

    Parameters
    ----------
    subject : Subject
    case, changed : Case
        The same rows in the same order, before and after the change.
    change : callable
        What was done to the rows.
    names : ndarray, optional
        What the classes 0, 1, ... of the case are called in the changed one.
    setup : str
        The change as code.
    """
    names = np.unique(case.y) if names is None else names
    before = [_new(subject, replace(case, seed=case.seed + 2 * i)) for i in range(_N_CALLS)]
    if subject.family == "generic":
        n_calls = min(_MOST_CALLS, max(_N_CALLS, _ENOUGH_ROWS // max(len(before[0][1]), 1)))
        before += [_new(subject, replace(case, seed=case.seed + 2 * i)) for i in range(_N_CALLS, n_calls)]
    after = [_new(subject, replace(changed, seed=case.seed + 2 * i + 1)) for i in range(len(before))]
    findings: list[Finding] = []
    for label in np.unique(case.y):
        first = [change(X[y == label]) for X, y in before]
        second = [X[y == names[label]] for X, y in after]
        _demand_counts(subject, case, label, first, second, setup)
        findings += _findings(np.vstack(first), np.vstack(second), changed.X, label)
    try:
        demand_plausible(findings, level=LEVEL / _CASES)
    except Violation as violation:
        raise Violation(
            f"expected new rows of the same law as before the change: {violation.message}", setup=setup
        ) from None
    if subject.family == "generic":
        return
    made, labels = (np.concatenate(parts) for parts in zip(*after, strict=True))
    everything = np.vstack([changed.X, made]), np.concatenate([changed.y, labels])
    k, m = subject.k(case), subject.m(case)
    demand_allowed_rows(subject, changed.X, changed.y, everything, k=k, m=m, setup=setup)


def _new(subject: Subject, case: Case) -> tuple[np.ndarray, np.ndarray]:
    try:
        answer = subject.call(subject.build(case), case.X.copy(), case.y.copy())
    except Violation:
        raise
    except Exception as error:
        raise Refused(str(error)) from error
    X, y = rows_and_labels(*answer, case)
    return X[len(case.y) :], y[len(case.y) :]


def _demand_counts(
    subject: Subject, case: Case, label: int, first: list[Any], second: list[Any], setup: str
) -> None:
    numbers = [len(rows) for rows in [*first, *second]]
    if max(numbers) - min(numbers) > 2 * slack(subject, case, label):
        raise Violation(
            f"expected {len(first[0])} new rows of class {label} as before the change, got "
            f"{sorted({len(rows) for rows in second})}",
            setup=setup,
        )


def _findings(first: np.ndarray, second: np.ndarray, X: np.ndarray, label: int) -> list[Finding]:
    """Test whether two sets of new rows have the same columns, and the same share of copies."""
    if not len(first) or not len(second):
        return []
    findings = []
    n_both = min(len(first), len(second))  # of samples of one size the exact law is quick to compute
    for column in range(X.shape[1]):
        test = stats.ks_2samp(first[:n_both, column], second[:n_both, column], method="exact")
        words = partial(_words, column, label, first[:, column], second[:, column])
        findings.append(Finding(float(test.pvalue), words))
    scale = np.abs(X).max(initial=0.0) or 1.0
    copies = [
        (np.abs(rows[:, None, :] - X[None, :, :]).max(axis=2) <= 1e-12 * scale).any(axis=1)
        for rows in (first, second)
    ]
    shares = [np.array([copied.sum(), (~copied).sum()]) for copied in copies]
    return [*findings, *same_share_findings(shares[0], shares[1], "copies (0) and others (1), kind {}")]


def _words(column: int, label: int, first: np.ndarray, second: np.ndarray) -> str:
    return (
        f"column {column} of new rows of class {label} has the mean {second.mean():.4g} and the deviation "
        f"{second.std():.3g} in {len(second)} rows, expected {first.mean():.4g} and {first.std():.3g}"
    )
