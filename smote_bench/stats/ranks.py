"""Ranks of methods within data sets: 1 is best, equal scores share the mean of their ranks."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from smote_bench.stats.frames import Better, check_better, check_blocks

__all__ = ["mean_ranks", "rank_blocks"]


def rank_blocks(
    scores: pd.DataFrame,
    *,
    better: Better = "high",
    missing: Literal["refuse", "worst"] = "refuse",
) -> pd.DataFrame:
    """Rank the methods within each block.

    Parameters
    ----------
    scores : DataFrame of shape (n_blocks, n_methods)
    better : {"high", "low"}
    missing : {"refuse", "worst"}
        ``worst`` gives a missing or infinite score the last rank of its block; several share the mean of the
        last ranks.

    Returns
    -------
    DataFrame of the same shape
        Every row sums to k (k + 1) / 2.

    Raises
    ------
    ValueError
        For missing scores unless `missing` is ``worst``.

    Examples
    --------
    >>> rank_blocks(pd.DataFrame({"a": [0.9], "b": [0.8], "c": [0.8]})).loc[0].tolist()
    [1.0, 2.5, 2.5]
    """
    check_better(better)
    if missing == "worst":
        scores = scores.where(np.isfinite(scores.astype(float)))
        check_blocks(scores.fillna(0.0), min_methods=0, min_blocks=0)
    else:
        check_blocks(scores, min_methods=0, min_blocks=0)
    # Means that are equal in exact arithmetic differ in the 17th digit: that is a tie.
    values = np.round(scores.to_numpy(dtype=float), 12)
    keys = np.where(np.isnan(values), np.inf, -values if better == "high" else values)
    ranks = stats.rankdata(keys, axis=1) if keys.size else keys
    return pd.DataFrame(ranks, index=scores.index, columns=scores.columns)


def mean_ranks(
    scores: pd.DataFrame,
    *,
    better: Better = "high",
    missing: Literal["refuse", "worst"] = "refuse",
) -> pd.Series:
    """Return each method's rank averaged over the blocks, in the frame's order; see `rank_blocks`."""
    return rank_blocks(scores, better=better, missing=missing).mean(axis=0)
