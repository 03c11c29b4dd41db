"""From a dataset to the two sides of a fold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.data.preprocessing import Preprocessing, Recipe
from smote_bench.data.typed_rows import TypedRows
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

    from smote_bench.data.dataset import Dataset

__all__ = ["Fold", "prepare_fold"]


@dataclass(frozen=True, eq=False)
class Fold:
    """The two sides of a fold, ready for a classifier.

    Parameters
    ----------
    X_train, X_test : ndarray of shape (n_rows, n_features), float64
        C-contiguous, without missing cells.
    remarks : tuple of str
        What was filled in, set to zero or not known from the training rows.
    typed : TypedRows, optional
        Of the training rows, where the table has categories.
    """

    X_train: np.ndarray
    X_test: np.ndarray
    remarks: tuple[str, ...]
    typed: TypedRows | None = None


def prepare_fold(
    dataset: Dataset, train: np.ndarray, test: np.ndarray, preprocessing: Preprocessing | None = None
) -> Fold:
    """Prepare one fold: fit the recipe on the training rows, apply it to both sides.

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
    typed = None
    if recipe.typed_columns_ is not None and recipe.numbers_ is not None:
        typed = TypedRows(recipe.typed_columns_, recipe.numbers_)
    remarks = [f"training rows: {remark}" for remark in recipe.remarks_]
    X_test = recipe.transform(dataset.X.iloc[test])
    remarks += [f"test rows: {remark}" for remark in recipe.remarks_]
    return Fold(X_train, X_test, tuple(remarks), typed)
