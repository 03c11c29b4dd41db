"""Adjustment of p-values for many comparisons."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["holm"]


def holm(p: pd.Series) -> pd.Series:
    """Return Holm's step-down adjusted p-values: below alpha means rejected, with all errors held to alpha.

    Parameters
    ----------
    p : Series of shape (n_tests,)
        In [0, 1]; NaN is a test that was not made: it stays NaN and is not counted.

    Raises
    ------
    ValueError
        For values outside [0, 1].

    References
    ----------
    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
    (1979), 65-70.

    Examples
    --------
    >>> holm(pd.Series({"a": 0.01, "b": 0.04, "c": 0.03})).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    made = p.dropna().astype(float)
    if not made.between(0, 1).all():
        wrong = made[~made.between(0, 1)]
        raise ValueError(
            f"expected p-values in [0, 1], got {float(wrong.iloc[0])!r} for {wrong.index[0]!r}: "
            "check the test"
        )
    ordered = made.sort_values(kind="stable")
    steps = np.arange(len(ordered), 0, -1)
    adjusted = np.minimum(np.maximum.accumulate(ordered.to_numpy() * steps), 1.0)
    return pd.Series(adjusted, index=ordered.index, dtype=float).reindex(p.index)
