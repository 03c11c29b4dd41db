"""Bayesian comparisons with a region of practical equivalence (ROPE): how probable is which case."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from smote_bench.stats.intervals import resampled_t

__all__ = ["Posterior", "bayesian_correlated_t", "bayesian_sign_test", "bayesian_signed_rank_test"]

ROPE = 0.01
N_SAMPLES = 20_000


@dataclass(frozen=True)
class Posterior:
    """Probabilities that sum to 1.

    Parameters
    ----------
    p_worse, p_equivalent, p_better : float
    rope : float
        Half the width of the region of practical equivalence, in the differences' unit.
    n : int
        Differences.
    """

    p_worse: float
    p_equivalent: float
    p_better: float
    rope: float
    n: int


def bayesian_correlated_t(
    differences: Sequence[float] | np.ndarray, test_train_ratio: float, *, rope: float = ROPE
) -> Posterior:
    """Return the posterior of the mean difference on one data set, from differences by fold.

    A flat prior makes the posterior of the mean Student's t with n - 1 degrees of freedom around the mean,
    with the scale of Nadeau and Bengio's test.

    Parameters
    ----------
    differences : array-like of shape (n_fits,)
    test_train_ratio : float
        As in `resampled_t`.
    rope : float
        0 gives P(worse) and P(better) only.

    Raises
    ------
    ValueError
        For fewer than two differences or differences without any spread.

    References
    ----------
    A. Benavoli, G. Corani, J. Demsar and M. Zaffalon, "Time for a change: a tutorial for comparing multiple
    classifiers through Bayesian analysis", JMLR 18 (2017), 1-36.
    """
    _check_rope(rope)
    test = resampled_t(differences, test_train_ratio)
    if not test.scale > 0:
        raise ValueError(
            f"expected differences with some spread, got n={test.n}, mean={test.mean!r}, "
            f"standard error {test.scale!r}: there is no law to integrate"
        )
    law = stats.t(test.n - 1, loc=test.mean, scale=test.scale)
    worse, better = float(law.cdf(-rope)), float(law.sf(rope))
    equivalent = max(0.0, 1 - worse - better) if rope > 0 else 0.0
    return Posterior(worse, equivalent, better, rope, test.n)


def bayesian_sign_test(
    differences: Sequence[float] | np.ndarray, *, rope: float = ROPE, prior: float = 1.0
) -> Posterior:
    """Return how probable it is that worse, equivalent or better is the most frequent case over data sets.

    The shares of the three cases have a Dirichlet posterior: their counts, plus `prior` for "equivalent".

    Parameters
    ----------
    differences : array-like of shape (n_datasets,)
        Positive is better.
    rope : float
        A difference of at most this is "equivalent". A region of no width holds no probability: 0 gives how
        probable "worse" and "better" are where "equivalent" is not the most frequent case, one half each
        where it always is, as baycomp does.
    prior : float
        Strength, in data sets; at least 0.

    Notes
    -----
    Packages sample the posterior. P(the i-th share is the largest) is one integral, since a Dirichlet vector
    is a row of independent gamma variables: it is computed here to 1e-8 and needs no seed.

    References
    ----------
    Benavoli et al. (2017), section 4.2; A. Benavoli et al., "A Bayesian Wilcoxon signed-rank test based on
    the Dirichlet process", ICML (2014).

    Examples
    --------
    >>> bayesian_sign_test([0.1, 0.2, 0.3, 0.0]).p_better > 0.5
    True
    """
    values = _checked(differences, rope, prior)
    worse, better = int((values < -rope).sum()), int((values > rope).sum())
    counts = (float(worse), len(values) - worse - better + prior, float(better))
    p_worse, p_equivalent, p_better = _largest_share(counts)
    if rope == 0:
        decided = p_worse + p_better
        p_better = p_better / decided if decided > 0 else 0.5
        p_worse, p_equivalent = 1 - p_better, 0.0
    return Posterior(p_worse, p_equivalent, p_better, rope, len(values))


@functools.lru_cache(maxsize=1024)  # a run has few different counts
def _largest_share(alpha: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return P(component i of a Dirichlet vector is the largest), by integrating over its own quantiles."""
    nodes, weights = _gauss_legendre()
    found = []
    for i in range(3):
        if alpha[i] == 0:
            found.append(0.0)
            continue
        at = special.gammaincinv(alpha[i], nodes)
        # A component of strength 0 is 0, below everything.
        below = [special.gammainc(a, at) if a > 0 else 1.0 for j, a in enumerate(alpha) if j != i]
        found.append(float((weights * below[0] * below[1]).sum()))
    total = sum(found)
    return found[0] / total, found[1] / total, found[2] / total


@functools.cache
def _gauss_legendre() -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(400)
    return (nodes + 1) / 2, weights / 2


def bayesian_signed_rank_test(
    differences: Sequence[float] | np.ndarray,
    *,
    rope: float = ROPE,
    prior: float = 0.5,
    n_samples: int = N_SAMPLES,
    seed: int = 0,
) -> Posterior:
    """Return the Bayesian counterpart of Wilcoxon's test: sizes of differences count, not their signs alone.

    The law of the differences has a Dirichlet-process posterior with one pseudo-observation of 0; the shares
    are those of pairs of data sets whose mean difference is below, within and above the ROPE.

    Parameters
    ----------
    differences : array-like of shape (n_datasets,)
        Positive is better.
    rope : float
        0 gives P(worse) and P(better) only.
    prior : float
        Strength of the pseudo-observation, in data sets; above 0.
    n_samples : int
        The probabilities have a standard error of at most 0.5 / sqrt(n_samples).
    seed : int

    References
    ----------
    As for `bayesian_sign_test`.
    """
    values = _checked(differences, rope, prior)
    if prior == 0:
        raise ValueError("expected a prior above 0, got prior=0: 0.5 is usual")
    p_worse, p_equivalent, p_better = _signed_rank_shares(
        tuple(values.tolist()), rope, prior, n_samples, seed
    )
    return Posterior(p_worse, p_equivalent, p_better, rope, len(values))


@functools.lru_cache(maxsize=1024)  # a run without failures asks for the same differences twice
def _signed_rank_shares(
    values: tuple[float, ...], rope: float, prior: float, n_samples: int, seed: int
) -> tuple[float, float, float]:
    points = np.array([0.0, *values])
    sums = points[:, None] + points[None, :]
    weights = _dirichlet(len(values), prior, n_samples, seed)
    worse, better = (
        ((_heaviside(at) @ weights) * weights).sum(axis=0) for at in (-sums - 2 * rope, sums - 2 * rope)
    )
    if rope == 0:  # no sum is equivalent, but for rounding; equal sums of ranks count half for either side
        p_better = float(_heaviside(better - worse).mean())
        return 1 - p_better, 0.0, p_better
    equivalent = 1 - worse - better
    p_worse = float(np.mean((worse >= better) & (worse >= equivalent)))
    p_better = float(np.mean((better > worse) & (better >= equivalent)))
    return p_worse, max(0.0, 1 - p_worse - p_better), p_better


@functools.lru_cache(maxsize=4)
def _dirichlet(n: int, prior: float, n_samples: int, seed: int) -> np.ndarray:
    """Return weights of the pseudo-observation and n observations, a column per sample.

    The methods of a run share them.
    """
    samples = np.random.default_rng(seed).dirichlet([prior, *([1.0] * n)], n_samples)
    weights = np.ascontiguousarray(samples.T)
    weights.flags.writeable = False
    return weights


def _heaviside(values: np.ndarray) -> np.ndarray:
    return np.heaviside(np.where(np.abs(values) < 1e-12, 0.0, values), 0.5)


def _check_rope(rope: float) -> None:
    if not (np.isfinite(rope) and rope >= 0):
        raise ValueError(
            f"expected a ROPE of at least 0, got rope={rope!r}: 0.01 is usual for scores in [0, 1]"
        )


def _checked(differences: Sequence[float] | np.ndarray, rope: float, prior: float) -> np.ndarray:
    _check_rope(rope)
    if not (np.isfinite(prior) and prior >= 0):
        raise ValueError(f"expected a prior strength of at least 0, got prior={prior!r}: 1 is one data set")
    values = np.asarray(differences, dtype=float)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError(
            f"expected a row of finite differences, got {differences!r}: drop the data sets without a score"
        )
    return values
