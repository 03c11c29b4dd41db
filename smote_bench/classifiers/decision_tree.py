"""Decision trees with scikit-learn's results, bit for bit, grown by the compiled code of our forests."""

from __future__ import annotations

from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.multiclass import check_classification_targets

from smote_bench.classifiers.forest import is_compiled_here
from smote_bench.classifiers.tree_growing import TOO_MANY_ROWS, grow_trees
from smote_bench.classifiers.tree_params import (
    are_moderate,
    are_plain,
    as_trees,
    growth_of,
    is_finite,
    n_candidate_features,
)

# Not public, so any release may lack one of them; `is_compiled_here` tells which releases were compared with.
try:
    from sklearn.base import _fit_context
    from sklearn.utils.validation import validate_data
except ImportError:
    _fit_context = None

__all__ = ["FastDecisionTreeClassifier"]


class FastDecisionTreeClassifier(DecisionTreeClassifier):  # type: ignore[misc]  # no types in scikit-learn
    """`sklearn.tree.DecisionTreeClassifier` on two classes without weights in a fraction of its time.

    Parameters, attributes, tree, probabilities and labels are those of the parent, to the bit. What the
    compiled code does not grow (see `smote_bench.classifiers.tree_growing`) is left to the parent's ``fit``,
    and so is all where that code is not there.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> X, y = make_classification(200, weights=[0.9], random_state=0)
    >>> fast = FastDecisionTreeClassifier(random_state=0).fit(X, y).predict_proba(X)
    >>> bool((fast == DecisionTreeClassifier(random_state=0).fit(X, y).predict_proba(X)).all())
    True
    """

    # Set by fit; the parent is not typed.
    classes_: Any
    n_classes_: Any
    n_outputs_: int
    max_features_: int
    tree_: Any

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None, check_input: bool = True
    ) -> Self:
        """Grow the tree; see the parent's ``fit``."""
        if (
            sample_weight is not None
            or not check_input
            or not self._is_compiled_case(X, y)
            or not is_compiled_here()
            or not _fit_context(prefer_skip_nested_validation=True)(type(self)._fit_fast)(self, X, y)
        ):
            super().fit(X, y, sample_weight=sample_weight, check_input=check_input)
        return self

    def _fit_fast(self, X: ArrayLike, y: ArrayLike) -> bool:
        """Grow the tree, and return True; False where the values or the labels are not for this."""
        rows, labels = validate_data(
            self,
            X,
            y,
            validate_separately=(
                {"dtype": np.float32, "ensure_all_finite": False},
                {"ensure_2d": False, "dtype": None},
            ),
        )
        check_classification_targets(labels.reshape(-1, 1))
        classes, codes = np.unique(labels, return_inverse=True)
        if not is_finite(rows) or len(classes) != 2 or not len(rows) == len(labels) < TOO_MANY_ROWS:
            return False
        self.n_features_in_ = n_features = rows.shape[1]
        self.n_outputs_, self.classes_, self.n_classes_ = 1, classes, np.intp(2)
        self.max_features_ = n_candidate_features(self.max_features, n_features)
        growth = growth_of(self, self.max_features_)
        try:
            grown = grow_trees(rows, codes.astype(np.uint8), [int(self.random_state)], growth)
        except MemoryError:  # the parent's fit needs less
            return False
        (self.tree_,) = as_trees(grown)
        return True

    def _is_compiled_case(self, X: Any, y: Any) -> bool:
        """Tell whether these parameters and this kind of input are those that the code is for."""
        return (
            are_plain(self, X, y)
            and self.criterion == "gini"
            and self.splitter == "best"
            and self.class_weight is None
            and isinstance(self.random_state, Integral)
            and 0 <= int(self.random_state) < 2**32
            and are_moderate(self)
        )
