"""Friedman's test that all methods are equivalent, with Iman and Davenport's correction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from smote_bench.stats.frames import check_blocks

__all__ = ["Friedman", "friedman"]


@dataclass(frozen=True)
class Friedman:
    """Friedman's test over n data sets and k methods.

    Parameters
    ----------
    n, k : int
    chi2, p_chi2 : float
        Friedman's statistic without a correction for ties, as Demsar (2006) gives it, and its p from the
        chi-squared law with k - 1 degrees of freedom.
    chi2_ties, p_chi2_ties : float
        The same divided by 1 - sum(t^3 - t) / (n (k^3 - k)) over ties of t methods: what scipy's
        ``friedmanchisquare`` gives. NaN where every block is one tie.
    F, p : float
        Iman and Davenport's less conservative statistic from the uncorrected `chi2`, as Demsar gives it, and
        its p: the one that is shown. F is infinite where all blocks agree on the order.
    F_ties, p_ties : float
        The same from `chi2_ties`.
    df : tuple of int
        Of F: k - 1 and (k - 1) (n - 1).

    References
    ----------
    J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), 1-30.
    R. L. Iman and J. M. Davenport, "Approximations of the critical region of the Friedman statistic",
    Communications in Statistics A9 (1980), doi:10.1080/03610928008827904
    """

    n: int
    k: int
    chi2: float
    p_chi2: float
    chi2_ties: float
    p_chi2_ties: float
    F: float
    p: float
    F_ties: float
    p_ties: float
    df: tuple[int, int]

    def critical_F(self, alpha: float = 0.05) -> float:
        """Return the value that F must exceed to reject at level `alpha`."""
        return float(stats.f.isf(alpha, *self.df))


def friedman(ranks: pd.DataFrame, *, min_datasets: int = 5) -> Friedman:
    """Test whether the methods' ranks differ more than by chance.

    Parameters
    ----------
    ranks : DataFrame of shape (n_blocks, n_methods)
        As from `rank_blocks`.
    min_datasets : int

    Raises
    ------
    ValueError
        For fewer than three methods or `min_datasets` data sets, and for rows that are no ranks.
    """
    check_blocks(ranks, min_methods=3, min_blocks=min_datasets)
    n, k = ranks.shape
    _check_ranks(ranks)
    means = ranks.mean(axis=0).to_numpy()
    chi2 = float(12 * n / (k * (k + 1)) * ((means - (k + 1) / 2) ** 2).sum())
    # The squared ranks of a block sum to k (k + 1) (2k + 1) / 6, less (t^3 - t) / 12 for every tie of t.
    spread = float(((ranks.to_numpy() - (k + 1) / 2) ** 2).sum()) / (n * (k**3 - k) / 12)
    chi2_ties = chi2 / spread if spread > 0 else math.nan
    df = (k - 1, (k - 1) * (n - 1))
    F, F_ties = _iman_davenport(chi2, n, k), _iman_davenport(chi2_ties, n, k)
    return Friedman(
        n=n,
        k=k,
        chi2=chi2,
        p_chi2=float(stats.chi2.sf(chi2, k - 1)),
        chi2_ties=chi2_ties,
        p_chi2_ties=float(stats.chi2.sf(chi2_ties, k - 1)),
        F=F,
        p=float(stats.f.sf(F, *df)),
        F_ties=F_ties,
        p_ties=float(stats.f.sf(F_ties, *df)),
        df=df,
    )


def _iman_davenport(chi2: float, n: int, k: int) -> float:
    rest = n * (k - 1) - chi2
    if rest <= 1e-9 * n * k:
        return math.inf
    return (n - 1) * chi2 / rest


def _check_ranks(ranks: pd.DataFrame) -> None:
    k = ranks.shape[1]
    sums = ranks.sum(axis=1)
    wrong = sums[(sums - k * (k + 1) / 2).abs() > 1e-6]
    if len(wrong):
        raise ValueError(
            f"expected ranks that sum to {k * (k + 1) / 2:g} in every row, got {wrong.iloc[0]:g} for "
            f"{wrong.index[0]!r}: rank the scores with `rank_blocks` first"
        )
