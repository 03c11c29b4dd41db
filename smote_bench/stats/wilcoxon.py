"""Wilcoxon's signed-rank test of two methods over data sets: exact, with ties and zeros."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from smote_bench.stats.adjust import holm
from smote_bench.stats.frames import MIN_DATASETS

__all__ = ["MAX_EXACT", "SignedRank", "signed_rank", "wilcoxon_holm"]

MAX_EXACT = 100
"""Up to here every assignment of signs is counted; beyond, the normal law is as good."""


@dataclass(frozen=True)
class SignedRank:
    """Wilcoxon's test of differences.

    Parameters
    ----------
    n, n_zero : int
        Differences, and those that are zero.
    r_plus, r_minus : float
        Ranks of the positive and of the negative differences; the ranks of zeros are split evenly.
    statistic : float
        The smaller of them.
    p : float
        Two-sided.
    law : {"exact", "normal"}
        What p is from.
    """

    n: int
    n_zero: int
    r_plus: float
    r_minus: float
    statistic: float
    p: float
    law: str


_NUMBERS = ("r_better", "r_worse", "statistic", "p", "p_holm")


def signed_rank(differences: Sequence[float] | pd.Series | np.ndarray) -> SignedRank:
    """Test whether differences are symmetric about zero.

    Parameters
    ----------
    differences : array-like of shape (n_datasets,)

    Raises
    ------
    ValueError
        For no differences, values that are not finite, and differences that are all zero.

    Notes
    -----
    Zeros are ranked too and their ranks split evenly (Demsar 2006, section 3.1.3); they then add the same to
    both sides, so that p is that of Pratt's treatment. p counts all assignments of signs to the (mid)ranks
    that were seen, so it is exact with ties, where scipy's exact mode has no table.

    References
    ----------
    F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics 1 (1945), doi:10.2307/3001968.
    J. W. Pratt, "Remarks on zeros and ties in the Wilcoxon signed rank procedures", JASA 54 (1959),
    doi:10.1080/01621459.1959.10501526

    Examples
    --------
    >>> signed_rank([0.1, 0.2, 0.3, 0.4, 0.5]).p
    0.0625
    """
    values = np.asarray(differences, dtype=float)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError(
            f"expected a row of finite differences, got {differences!r}: drop the data sets without a score"
        )
    # Differences of scores that are equal in print differ in the 17th digit, which must not rank them.
    magnitudes = np.round(np.abs(values), 12)
    moving = magnitudes > 0
    if not moving.any():
        raise ValueError(f"expected differences, got {len(values)} zeros: equal scores leave nothing to test")
    ranks = stats.rankdata(magnitudes)
    zeros = ranks[~moving].sum() / 2
    r_plus = float(ranks[moving & (values > 0)].sum() + zeros)
    r_minus = float(ranks[moving & (values < 0)].sum() + zeros)
    smaller = min(r_plus, r_minus) - zeros
    exact = int(moving.sum()) <= MAX_EXACT
    p = _exact_p(ranks[moving], smaller) if exact else _normal_p(ranks[moving], smaller)
    return SignedRank(
        n=len(values),
        n_zero=int((~moving).sum()),
        r_plus=r_plus,
        r_minus=r_minus,
        statistic=min(r_plus, r_minus),
        p=p,
        law="exact" if exact else "normal",
    )


def _exact_p(ranks: np.ndarray, smaller: float) -> float:
    """Return P(rank sum of either sign <= smaller) over all 2^n assignments of signs, by convolution.

    Midranks are halves at the finest, so twice a rank is a whole number.
    """
    doubled = np.rint(2 * ranks).astype(int)
    law = np.zeros(int(doubled.sum()) + 1)
    law[0] = 1.0
    for rank in doubled:
        shifted = np.zeros_like(law)
        shifted[rank:] = law[: len(law) - rank]
        law = (law + shifted) / 2
    return float(min(1.0, 2 * law[: round(2 * smaller) + 1].sum()))


def _normal_p(ranks: np.ndarray, smaller: float) -> float:
    z = (smaller - ranks.sum() / 2) / np.sqrt((ranks**2).sum() / 4)
    return float(min(1.0, 2 * stats.norm.cdf(z)))


def wilcoxon_holm(differences: pd.DataFrame, *, min_datasets: int = MIN_DATASETS) -> pd.DataFrame:
    """Test each column of differences to a control, with p adjusted for the number of tests.

    Parameters
    ----------
    differences : DataFrame of shape (n_blocks, n_methods)
        As from `oriented_differences`: positive is better, NaN is no pair.
    min_datasets : int
        Columns with fewer differences are not tested.

    Returns
    -------
    DataFrame
        Index: methods. n, n_zero, r_better, r_worse (rank sums of the data sets where the method is better
        and worse), statistic, p, p_holm, law, reason (why there is no test; p is NaN then).
    """
    rows = []
    for column in differences.to_numpy(dtype=float).T:
        values = column[~np.isnan(column)]
        row: dict[str, object] = {"n": len(values), "n_zero": int((np.round(values, 12) == 0).sum())}
        row |= dict.fromkeys(_NUMBERS, np.nan) | {"law": "", "reason": ""}
        if len(values) < min_datasets:
            row["reason"] = f"{len(values)} data sets, at least {min_datasets} needed"
        elif row["n_zero"] == len(values):
            row["reason"] = "equal on all data sets"
        else:
            found = signed_rank(values)
            row |= {"r_better": found.r_plus, "r_worse": found.r_minus, "statistic": found.statistic}
            row |= {"p": found.p, "law": found.law}
        rows.append(row)
    columns = ["n", "n_zero", *_NUMBERS, "law", "reason"]
    frame = pd.DataFrame(rows, index=differences.columns, columns=columns)
    frame["p_holm"] = holm(frame["p"].astype(float))
    return frame
