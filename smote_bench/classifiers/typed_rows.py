"""What classifiers get that take categories as categories: frames, and the parameter that says so."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smote_bench.errors import UnavailableError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smote_bench.classifiers.inner_folds import InnerFold
    from smote_bench.data.typed_rows import TypedColumns

__all__ = ["TypedInnerFolds", "classifier_frame", "take_categories"]

_SWITCHES: tuple[tuple[str, tuple[Any, ...], Any], ...] = (
    # parameter, values that mean that nobody has set it, value
    ("categorical_features", (None, "warn", "from_dtype"), "from_dtype"),  # scikit-learn's boosting
    ("enable_categorical", (None, False), True),  # XGBoost
)


def classifier_frame(columns: TypedColumns, X: np.ndarray, who: str) -> pd.DataFrame:
    """Return encoded rows as a frame whose categories are categories, its numbers scaled.

    Parameters
    ----------
    columns : TypedColumns
    X : ndarray of shape (n_rows, n_encoded), float64
    who : str
        The classifier, for the error.

    Returns
    -------
    DataFrame of shape (n_rows, n_features)
        Of test rows, a category that the training rows do not have is
        `smote_bench.data.typed_rows.UNSEEN`.

    Raises
    ------
    UnavailableError
        If training rows lie between categories, as a sampler of encoded rows makes them.
    """
    for name, between in columns.fractional(X, with_ordered=True).items():
        # All zeros are what a category that was never seen looks like: no sampler's doing.
        if between.any() and (made := between & ~columns.is_unseen(X, name)).any():
            raise UnavailableError(
                f"{who} takes categories as such, and the sampler made {int(made.sum())} rows between those "
                f"of {name!r}",
                "use a sampler of typed rows, as SMOTENC, or repair: round",
            )
    return columns.frame(X, for_classifier=True)


class TypedInnerFolds:
    """Inner folds with frames in place of encoded rows, made when they are iterated over."""

    def __init__(self, folds: Iterable[InnerFold], columns: TypedColumns, who: str) -> None:
        self._folds, self._columns, self._who = folds, columns, who

    def __iter__(self) -> Iterator[InnerFold]:
        for fold in self._folds:
            yield replace(
                fold,
                X=classifier_frame(self._columns, fold.X, self._who),
                X_valid=classifier_frame(self._columns, fold.X_valid, self._who),
            )


def take_categories(estimator: Any, X: Any) -> dict[str, Any]:
    """Tell a classifier which columns of a frame are categories, by a parameter for it that nobody has set.

    ``categorical_features="from_dtype"`` of scikit-learn, ``enable_categorical=True`` of XGBoost,
    ``cat_features`` of CatBoost; LightGBM sees it by itself. Others are left as they are.

    Returns
    -------
    dict
        Arguments of ``fit``: CatBoost's, which copies parameters of its constructor and so cannot be cloned.
    """
    dtypes = getattr(X, "dtypes", None)
    if dtypes is None or not hasattr(estimator, "get_params"):
        return {}
    params = estimator.get_params(deep=False)
    for name, unset, value in _SWITCHES:
        if name in params and params[name] in unset:
            estimator.set_params(**{name: value})
    if "cat_features" in inspect.signature(estimator.fit).parameters and not params.get("cat_features"):
        return {"cat_features": [name for name in X if dtypes[name] == "category"]}
    return {}
