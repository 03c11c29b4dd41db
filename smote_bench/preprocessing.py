"""From a dataset to the two sides of a split; duplicates and outliers of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.errors import ConfigError
from smote_bench.recipe import Preprocessing, Recipe, column_kinds, numeric_values

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smote_bench.dataset import Dataset

__all__ = ["Fold", "Preprocessing", "Recipe", "drop_duplicates", "outlier_rows", "prepare_fold"]


@dataclass(frozen=True, eq=False)
class Fold:
    """The two sides of a split, ready for a classifier.

    Parameters
    ----------
    X_train, X_test : ndarray of shape (n_rows, n_features), float64
        C-contiguous, without missing cells.
    remarks : tuple of str
        What was filled in, set to zero or not known from the training rows.
    """

    X_train: np.ndarray
    X_test: np.ndarray
    remarks: tuple[str, ...]


def prepare_fold(
    dataset: Dataset, train: np.ndarray, test: np.ndarray, preprocessing: Preprocessing | None = None
) -> Fold:
    """Prepare one split: fit the recipe on the training rows, apply it to both sides.

    Parameters
    ----------
    dataset : Dataset
        ``raw`` goes through the recipe here; ``processed`` has been through it, and its rows are taken as
        they are.
    train, test : ndarray of int
        Row numbers.
    preprocessing : Preprocessing, optional
        Parameters of the recipe.

    Raises
    ------
    ConfigError
        If `preprocessing` differs from what ``processed`` was made with.
    """
    import numpy as np

    if dataset.version == "processed":
        made_with = dataset.preprocessing or Preprocessing()
        if preprocessing is not None and preprocessing != made_with:
            raise ConfigError(
                f"{dataset.name}: expected the processed version made with {preprocessing}, got one made "
                "with "
                f"{made_with}: pass the same to load_dataset"
            )
        values = dataset.X.to_numpy()
        return Fold(np.ascontiguousarray(values[train]), np.ascontiguousarray(values[test]), ())
    chosen = preprocessing or Preprocessing()
    recipe = Recipe(scaling=chosen.scaling, n_neighbors=chosen.n_neighbors)
    X_train = recipe.fit_transform(dataset.X.iloc[train])
    remarks = [f"training rows: {remark}" for remark in recipe.remarks_]
    X_test = recipe.transform(dataset.X.iloc[test])
    return Fold(X_train, X_test, (*remarks, *(f"test rows: {remark}" for remark in recipe.remarks_)))


def drop_duplicates(X: pd.DataFrame, y: np.ndarray) -> tuple[pd.DataFrame, np.ndarray, int]:
    """Remove rows equal to an earlier one in all features and in the target.

    This looks at the whole table, before any split: a test row that repeats a training row is itself a leak,
    and removing it by looking at both sides later would be one too.

    Returns
    -------
    X : DataFrame
        The remaining rows in their order, numbered anew.
    y : ndarray
        Their target.
    n_removed : int
        How many rows were removed.
    """
    keep = ~X.assign(**{"\0target": y}).duplicated().to_numpy()
    return X[keep].reset_index(drop=True), y[keep], int((~keep).sum())


def outlier_rows(X: pd.DataFrame) -> np.ndarray:
    """Tell which rows have a numeric feature more than three standard deviations from its mean.

    Returns
    -------
    outliers : ndarray of shape (n_samples,), bool
        Missing cells, constant features and categories make no outlier.
    """
    import numpy as np

    numeric, _, _ = column_kinds(X)
    numbers = numeric_values(X, numeric)
    numbers = numbers[:, ~np.isnan(numbers).all(axis=0)]
    spread = np.nanstd(numbers, axis=0)
    distance = np.abs(numbers - np.nanmean(numbers, axis=0))
    return (distance > 3 * spread)[:, spread > 0].any(axis=1)
