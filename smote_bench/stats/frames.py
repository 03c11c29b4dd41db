"""What every test asks of its frame: blocks (data sets) in rows, methods in columns, finite numbers."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

__all__ = [
    "MIN_DATASETS",
    "Better",
    "check_better",
    "check_blocks",
    "complete_blocks",
    "oriented_differences",
]

MIN_DATASETS = 5
"""Below this no test over data sets is made: of 4 pairs even the most extreme two-sided p is 2/16 = 0.125."""

Better = Literal["high", "low"]


def check_better(better: str) -> None:
    """Raise unless `better` is a direction.

    Raises
    ------
    ValueError
    """
    if better not in ("high", "low"):
        raise ValueError(
            f"expected better='high' or 'low', got better={better!r}: name the metric's direction"
        )


def check_blocks(scores: pd.DataFrame, *, min_methods: int = 2, min_blocks: int = 1) -> None:
    """Raise unless a frame carries a test.

    Parameters
    ----------
    scores : DataFrame of shape (n_blocks, n_methods)
    min_methods, min_blocks : int

    Raises
    ------
    ValueError
        With repeated names, too few methods or blocks, and values that are missing or infinite.
    """
    for axis, names in (("blocks", scores.index), ("methods", scores.columns)):
        if not names.is_unique:
            twice = sorted({str(name) for name in names[names.duplicated()]})
            raise ValueError(
                f"expected each of the {axis} once, got {', '.join(twice)} twice: average them first"
            )
    n_blocks, n_methods = scores.shape
    if n_methods < min_methods:
        raise ValueError(
            f"expected at least {min_methods} methods, got {n_methods} ({list(scores.columns)}): "
            + ("two methods are compared by `signed_rank`" if n_methods == 2 else "add methods")
        )
    if n_blocks < min_blocks:
        raise ValueError(f"expected at least {min_blocks} data sets, got {n_blocks}: add data sets")
    values = scores.to_numpy(dtype=float)
    wrong = ~np.isfinite(values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"expected finite scores, got {int(wrong.sum())} that are not, the first "
            f"{float(values[row, column])!r} for {scores.columns[column]!r} on {scores.index[row]!r}: "
            "take `complete_blocks`, or rank with `missing='worst'`"
        )


def complete_blocks(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the blocks in which every method has a finite score.

    >>> complete_blocks(pd.DataFrame({"a": [1, 2], "b": [3, np.nan]})).index.tolist()
    [0]
    """
    complete: pd.DataFrame = scores[np.isfinite(scores.to_numpy(dtype=float)).all(axis=1)]
    return complete


def oriented_differences(
    scores: pd.DataFrame,
    control: str,
    *,
    better: Better = "high",
    missing: Literal["drop", "worst"] = "drop",
    not_run: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every method minus the control, block by block, with the sign turned so that positive is better.

    Parameters
    ----------
    scores : DataFrame of shape (n_blocks, n_methods)
    control : str
        A column.
    better : {"high", "low"}
    missing : {"drop", "worst"}
        What a missing or infinite score gives: NaN; or a difference larger than all others of its method,
        against the one that is missing (zero where both are), which only tests of ranks and signs may see.
    not_run : DataFrame of bool, optional
        Shape of `scores`. Scores missing for want of a cell, which give NaN in any case.

    Returns
    -------
    DataFrame of shape (n_blocks, n_methods - 1)

    Raises
    ------
    ValueError
        If the control is not among the methods.
    """
    check_better(better)
    if control not in scores.columns:
        raise ValueError(
            f"expected a control among {', '.join(map(str, scores.columns))}, got {control!r}: name one"
        )
    others = scores.columns.drop(control)
    at, rest = np.flatnonzero(scores.columns == control), np.flatnonzero(scores.columns != control)
    values = scores.to_numpy(dtype=float)
    values = np.where(np.isfinite(values), values, np.nan)
    after, before = values[:, rest], values[:, at]
    differences = (after - before) * (1.0 if better == "high" else -1.0)
    if missing == "worst":
        beyond = 2 * np.nan_to_num(np.abs(differences)).max(axis=0, initial=0.0)
        failed = np.isnan(after).astype(float) - np.isnan(before)
        differences = np.where(
            np.isnan(differences), -np.where(beyond > 0, beyond, 1.0) * failed, differences
        )
    if not_run is not None:
        gaps = not_run.to_numpy(dtype=bool)
        differences[gaps[:, rest] | gaps[:, at]] = np.nan
    return pd.DataFrame(differences, index=scores.index, columns=others)
