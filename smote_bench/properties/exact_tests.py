"""Exact tests: the probability, under a stated law, of what was seen or worse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import stats

from smote_bench.properties.violations import Violation

__all__ = [
    "LEVEL",
    "Finding",
    "binomial_findings",
    "demand_plausible",
    "same_share_findings",
    "uniform_findings",
]

LEVEL = 1e-6
"""The probability that a correct sampler fails a property: shared out between its tests by Bonferroni."""


@dataclass(frozen=True)
class Finding:
    """One test: its p-value, and what was expected and came, in words made only if they are needed."""

    p_value: float
    words: Callable[[], str]


def demand_plausible(findings: Iterable[Finding], *, level: float = LEVEL) -> None:
    """Raise if the least plausible finding is too implausible for chance.

    Raises
    ------
    Violation
        If its p-value is below `level` divided by the number of findings.
    """
    tests = list(findings)
    if not tests:
        return
    worst = min(tests, key=lambda finding: finding.p_value)
    if worst.p_value * len(tests) < level:
        raise Violation(
            f"{worst.words()} (p = {worst.p_value:.1e}, one of {len(tests)} exact tests at a level of "
            f"{level:g} for all)"
        )


def binomial_findings(
    counts: np.ndarray, n: int, p: np.ndarray | float, what: str, names: Sequence[object] = ()
) -> list[Finding]:
    """Test counts against binomial laws, two-sided; more even counts than chance gives are never a finding.

    Parameters
    ----------
    counts : ndarray of shape (n_counts,)
    n : int
    p : float or ndarray of shape (n_counts,)
    what : str
        What was counted, with ``{}`` for the name of the count.
    names : sequence, optional
        Of the counts; default their positions.
    """
    p = np.broadcast_to(p, counts.shape)
    # Twice the smaller tail: its level is kept exactly, whatever the law's shape.
    tails = 2 * np.minimum(stats.binom.cdf(counts, n, p), stats.binom.sf(counts - 1, n, p))
    return [
        Finding(float(min(tail, 1.0)), partial(_count_words, what, names, i, n * p[i], n, counts))
        for i, tail in enumerate(tails)
    ]


def _count_words(
    what: str, names: Sequence[object], i: int, expected: float, n: int, counts: np.ndarray
) -> str:
    return (
        f"{what.format(names[i] if len(names) else i)}: expected about {expected:.4g} of {n}, got {counts[i]}"
    )


def uniform_findings(values: np.ndarray, what: str, *, high: float = 1.0) -> list[Finding]:
    """Test values against the uniform law on [0, `high`].

    Kolmogorov and Smirnov's exact test, and the laws of the largest and the smallest value: these notice a
    range that is cut a little.
    """
    if not len(values):
        return []
    shares = np.sort(values) / high
    grid = np.arange(len(shares) + 1) / len(shares)
    distance = max((grid[1:] - shares).max(), (shares - grid[:-1]).max())
    tails = (
        stats.kstwo.sf(distance, len(shares)),
        np.clip(shares[-1], 0, 1) ** len(shares),
        np.clip(1 - shares[0], 0, 1) ** len(shares),
    )

    def words() -> str:
        return (
            f"expected {what} uniform on [0, {high:g}], got {len(values)} with mean {values.mean():.3g} "
            f"between {values.min():.3g} and {values.max():.3g}, {distance:.3g} from uniform (by the "
            "Kolmogorov-Smirnov distance)"
        )

    return [Finding(float(tail), words) for tail in tails]


def same_share_findings(first: np.ndarray, second: np.ndarray, what: str) -> list[Finding]:
    """Test whether two tables of counts come from one law, count by count, by Fisher's exact test.

    Parameters
    ----------
    first, second : ndarray of shape (n_counts,)
    what : str
        What was counted, with ``{}`` for the position of the count.
    """
    n_first, n_all = int(first.sum()), int(first.sum() + second.sum())
    both = first + second
    tails = 2 * np.minimum(
        stats.hypergeom.cdf(first, n_all, both, n_first), stats.hypergeom.sf(first - 1, n_all, both, n_first)
    )
    return [
        Finding(float(min(tail, 1.0)), partial(_share_words, what, i, first, second))
        for i, tail in enumerate(tails)
    ]


def _share_words(what: str, i: int, first: np.ndarray, second: np.ndarray) -> str:
    return (
        f"{what.format(i)}: expected the same share, got {first[i]} of {first.sum()} and {second[i]} of "
        f"{second.sum()}"
    )
