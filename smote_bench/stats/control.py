"""Mean ranks against a control's: the z-test that follows Friedman's, adjusted by Holm."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from smote_bench.stats.adjust import holm

__all__ = ["z_against_control"]


def z_against_control(mean_ranks: pd.Series, n_datasets: int, control: str) -> pd.DataFrame:
    """Compare every method's mean rank with the control's.

    Parameters
    ----------
    mean_ranks : Series of shape (n_methods,)
    n_datasets : int
    control : str

    Returns
    -------
    DataFrame
        Per method but the control: z (positive: a better, lower rank than the control's), p (two-sided) and
        p_holm; smallest p first.

    Raises
    ------
    ValueError
        If the control is not among the methods.

    References
    ----------
    Demsar (2006), section 3.2.2.
    """
    if control not in mean_ranks.index:
        raise ValueError(
            f"expected a control among {', '.join(map(str, mean_ranks.index))}, got {control!r}: name one"
        )
    k = len(mean_ranks)
    others = mean_ranks.drop(control)
    z = (mean_ranks[control] - others) / math.sqrt(k * (k + 1) / (6 * n_datasets))
    p = pd.Series(2 * stats.norm.sf(np.abs(z)), index=others.index)
    frame = pd.DataFrame({"z": z, "p": p, "p_holm": holm(p)})
    return frame.sort_values("p", kind="stable")
