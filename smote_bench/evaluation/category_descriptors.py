"""What a sampler did to categories: how often each level comes, and which combinations are new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smote_bench.evaluation.row_matching import row_ids

if TYPE_CHECKING:
    from smote_bench.data.typed_rows import TypedColumns

__all__ = ["LEVEL_SHIFT", "NEW_COMBINATIONS", "describe_categories"]

LEVEL_SHIFT, NEW_COMBINATIONS = "level_shift", "new_combinations"


def describe_categories(
    X: np.ndarray, y: np.ndarray, synthetic: np.ndarray, columns: TypedColumns
) -> dict[str, float]:
    """Describe the categories of synthetic rows.

    Parameters
    ----------
    X, y : ndarray of shape (n_rows, n_encoded), float64, and (n_rows,)
        Originals and their labels; the minority's is 1.
    synthetic : ndarray of shape (n_synthetic, n_encoded), float64
    columns : TypedColumns

    Returns
    -------
    dict of str to float
        NaN without synthetic rows or without nominal columns of two levels.

        - ``level_shift``: half the sum, over the levels of a column, of the differences between the share of
          the synthetic rows and of the minority originals that have the level (total variation distance, from
          0 to 1); the mean over nominal columns. A row between levels counts for each as much as its one-hot
          feature says.
        - ``new_combinations``: share of the synthetic rows whose levels, taken together, no original has; of
          rows between levels, too.
    """
    weights, minority = columns.level_weights(synthetic), columns.level_weights(X[y == 1])
    if not len(synthetic) or not weights or not (y == 1).any():
        return {LEVEL_SHIFT: np.nan, NEW_COMBINATIONS: np.nan}
    shifts = [
        abs(new.mean(axis=0) - old.mean(axis=0)).sum() / 2 for new, old in zip(weights, minority, strict=True)
    ]
    # Rounded, as scaling there and back leaves the last bits to chance.
    before, after = (np.round(np.hstack(each), 6) + 0.0 for each in (columns.level_weights(X), weights))
    ids = row_ids(np.vstack([before, after]))
    is_new = ~np.isin(ids[len(X) :], ids[: len(X)])
    return {LEVEL_SHIFT: float(np.mean(shifts)), NEW_COMBINATIONS: float(is_new.mean())}
