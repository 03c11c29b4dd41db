"""Random forests with scikit-learn's results, bit for bit, in a fraction of its time.

On 250 to 600 rows scikit-learn spends 75 to 90% of a forest's fit around its trees, not in them: per tree it
builds two random states from the operating system's entropy only to seed them over, clones an estimator,
and validates the same rows, labels and weights again. Here all of that happens once per forest. The trees
are grown by code of ours (see `smote_bench.classifiers.tree_growing`) where it is compiled, for two classes
without weights; else by scikit-learn's own compiled builder from the same rows, weights and seeds. Where its
internals are not those that this was written for, scikit-learn's own `fit` does the work, and a warning says
so.
"""

from __future__ import annotations

import functools
import warnings
from typing import Any, Self

import numpy as np
import sklearn
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from smote_bench.classifiers.tree_growing import (
    NODE_FIELDS,
    TOO_MANY_ROWS,
    GrownTrees,
    Growth,
    grow_trees,
    why_not_compiled,
)
from smote_bench.classifiers.tree_params import (
    are_moderate,
    are_plain,
    as_trees,
    depth_limit,
    growth_of,
    is_finite,
    n_candidate_features,
)

# Not public, so any release may lack one of them.
try:
    from sklearn.base import _fit_context
    from sklearn.ensemble._forest import _generate_sample_indices, _get_n_samples_bootstrap
    from sklearn.tree._classes import CRITERIA_CLF
    from sklearn.tree._splitter import BestSplitter
    from sklearn.tree._tree import NODE_DTYPE, DepthFirstTreeBuilder, Tree
    from sklearn.utils.validation import _check_sample_weight, validate_data
except ImportError as error:
    _MISSING = f"scikit-learn {sklearn.__version__} has not all the internals it uses ({error})"
else:
    _MISSING = ""

__all__ = [
    "TESTED_SCIKIT_LEARN",
    "FastRandomForestClassifier",
    "is_compiled_here",
    "why_not_fastest",
    "why_slow",
]

TESTED_SCIKIT_LEARN = ("1.9",)
"""Minor versions whose internals were compared with; others take scikit-learn's own, slower way."""

_N_SEEDS = np.iinfo(np.int32).max


class FastRandomForestClassifier(RandomForestClassifier):  # type: ignore[misc]  # no types in scikit-learn
    """`sklearn.ensemble.RandomForestClassifier` with less overhead around its trees.

    Parameters, attributes, trees, probabilities and labels are those of the parent, to the bit. What is
    outside the tested case (see `_is_tested_case`) is left to the parent.

    Warns
    -----
    RuntimeWarning
        By every fit that takes the parent's way only because of the scikit-learn that is installed.

    Notes
    -----
    It reaches into scikit-learn's private modules, which may change with every minor release: hence
    `TESTED_SCIKIT_LEARN`. The tests compare the two classes over shapes, weights and parameters; a version is
    added to the tuple when they pass with it. A name that is missing, or a small forest that comes out
    otherwise than the parent's in this very process (see `_trial`), leaves all forests to the parent too.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> X, y = make_classification(200, weights=[0.9], random_state=0)
    >>> fast = FastRandomForestClassifier(random_state=0).fit(X, y).predict_proba(X)
    >>> bool((fast == RandomForestClassifier(random_state=0).fit(X, y).predict_proba(X)).all())
    True
    """

    # Set by fit; the parent is not typed.
    classes_: Any
    n_classes_: Any
    _grown: GrownTrees
    _tree_params: dict[str, Any]

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Grow the forest; see the parent's ``fit``."""
        if not self._is_tested_case(X, y):
            return self._fit_slow(X, y, sample_weight)
        if reason := why_slow():
            text = f"the forest was grown by scikit-learn's own, slower code, with the same result: {reason}"
            warnings.warn(text, RuntimeWarning, stacklevel=2)
            return self._fit_slow(X, y, sample_weight)
        _fit_fast(self, X, y, sample_weight)
        return self

    @functools.cached_property
    def estimators_(self) -> list[DecisionTreeClassifier]:
        """The trees as scikit-learn's, made when first asked for: predicting does not need them."""
        try:
            grown = self._grown
        except AttributeError:
            raise AttributeError(f"this {type(self).__name__} is not fitted: it has no estimators_") from None
        params = self._tree_params
        return [self._as_tree(t, seed, params) for t, seed in zip(as_trees(grown), grown.seeds, strict=True)]

    def _fit_slow(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Self:
        super().fit(X, y, sample_weight=sample_weight)
        self.__dict__.pop("_grown", None)  # not before: of a fit that fails, the forest of before is left
        return self

    def _fit_fast(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Self:
        rows, labels = validate_data(self, X, y, multi_output=True, dtype=np.float32, ensure_all_finite=False)
        if not is_finite(rows):
            return self._fit_slow(X, y, sample_weight)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, rows)
        self._n_samples, self.n_outputs_ = len(labels), 1
        codes, class_weights = self._validate_y_class_weight(labels.reshape(-1, 1), sample_weight)
        if sample_weight is None or class_weights is None:
            self._sample_weight = class_weights if sample_weight is None else sample_weight
        else:
            self._sample_weight = sample_weight * class_weights
        self._n_samples_bootstrap = (
            _get_n_samples_bootstrap(len(rows), self.max_samples, self._sample_weight)
            if self.bootstrap
            else None
        )
        self._validate_estimator()
        self.classes_, self.n_classes_ = self.classes_[0], self.n_classes_[0]
        grown = self._grow_compiled(rows, codes[:, 0])
        if grown is None:
            self.estimators_ = self._grow(rows, np.ascontiguousarray(codes, dtype=np.float64))
            self.__dict__.pop("_grown", None)
        else:
            self._tree_params = self._params_of_trees()
            self.__dict__.pop("estimators_", None)
            self._grown = grown
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the mean of the trees' class frequencies; see the parent's ``predict_proba``."""
        check_is_fitted(self)
        if self.n_jobs not in (None, 1) or self.verbose or self.n_outputs_ != 1 or why_slow():
            proba: NDArray[np.float64] = super().predict_proba(X)
            return proba
        return self._mean_of_trees(X)

    def _mean_of_trees(self, X: ArrayLike) -> NDArray[np.float64]:
        # Where it was unpickled, there may be no compiled code.
        if "estimators_" not in vars(self) and not issparse(X) and not why_not_compiled():
            options = {"dtype": np.float32, "reset": False, "ensure_all_finite": "allow-nan"}
            return self._grown.mean(validate_data(self, X, **options))
        rows = self._validate_X_predict(X)
        proba = np.zeros((rows.shape[0], self.n_classes_))
        for tree in self.estimators_:
            proba += tree.tree_.predict(rows)[:, : self.n_classes_]
        proba /= len(self.estimators_)
        return proba

    def _is_tested_case(self, X: Any, y: Any) -> bool:
        """Tell whether the fast way was compared with the parent's for these parameters and this input."""
        return (
            type(self.estimator) is DecisionTreeClassifier
            and are_plain(self, X, y)
            and isinstance(self.criterion, str)
            and self.class_weight != "balanced_subsample"
            and (self.bootstrap or self.max_samples is None)
            and not self.oob_score
            and not self.warm_start
            and not self.verbose
            and self.n_jobs in (None, 1)
        )

    def _is_compiled_case(self, n_rows: int) -> bool:
        """Tell whether our code grows what was asked for."""
        return (
            self.criterion == "gini"
            and self.n_classes_ == 2
            and self._sample_weight is None
            and max(n_rows, self._n_samples_bootstrap or 0) < TOO_MANY_ROWS
            and are_moderate(self)
        )

    def _grow_compiled(self, rows: NDArray[np.float32], codes: NDArray[Any]) -> GrownTrees | None:
        """Grow the trees by our code; None where it cannot."""
        if not self._is_compiled_case(len(rows)) or not is_compiled_here():
            return None
        n_drawn = self._n_samples_bootstrap or 0
        growth = growth_of(self, n_candidate_features(self.max_features, rows.shape[1]), n_drawn=n_drawn)
        random_state = check_random_state(self.random_state)
        before = random_state.get_state()
        try:
            return grow_trees(rows, codes.astype(np.uint8), self._tree_seeds(random_state), growth)
        except MemoryError:  # scikit-learn's builder needs less
            random_state.set_state(before)
            return None

    def _tree_seeds(self, random_state: np.random.RandomState) -> list[int]:
        seeds: list[int] = np.asarray(random_state.randint(_N_SEEDS, size=self.n_estimators)).tolist()
        return seeds

    def _params_of_trees(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.estimator_params}

    def _as_tree(self, grown: Any, seed: int, params: dict[str, Any]) -> DecisionTreeClassifier:
        """Return a tree as the parent has it."""
        tree = DecisionTreeClassifier(**{**params, "random_state": seed})
        n_classes, n_features = grown.max_n_classes, grown.n_features  # a fit may have begun since
        tree.n_features_in_, tree.n_outputs_ = n_features, 1
        tree.classes_, tree.n_classes_ = np.arange(n_classes, dtype=np.float64), np.intp(n_classes)
        tree.max_features_ = n_candidate_features(params["max_features"], n_features)
        tree.tree_ = grown
        return tree

    def _grow(self, rows: NDArray[np.float32], codes: NDArray[np.float64]) -> list[DecisionTreeClassifier]:
        """Grow the trees from the same seeds, draws and weights as the parent, one after the other."""
        n_classes = np.array([self.n_classes_], dtype=np.intp)
        max_features = n_candidate_features(self.max_features, rows.shape[1])
        # One random state, seeded anew, stands for the two that scikit-learn builds per tree (for the
        # bootstrap and for the splits): building one costs more than growing a small tree.
        random_state = np.random.RandomState(0)
        splitter = BestSplitter(
            CRITERIA_CLF[self.criterion](1, n_classes),
            max_features,
            self.min_samples_leaf,
            0.0,
            random_state,
            None,
        )
        builder = DepthFirstTreeBuilder(
            splitter,
            max(self.min_samples_split, 2 * self.min_samples_leaf),
            self.min_samples_leaf,
            0.0,
            depth_limit(self),
            self.min_impurity_decrease,
        )
        trees, params = [], self._params_of_trees()
        for seed in self._tree_seeds(check_random_state(self.random_state)):
            weights = self._tree_weights(random_state, seed)
            random_state.seed(seed)
            grown = Tree(rows.shape[1], n_classes, 1)
            builder.build(grown, rows, codes, weights, None)
            trees.append(self._as_tree(grown, seed, params))
        return trees

    def _tree_weights(self, random_state: np.random.RandomState, seed: int) -> NDArray[np.float64] | None:
        if not self.bootstrap:
            return None if self._sample_weight is None else np.asarray(self._sample_weight, dtype=np.float64)
        random_state.seed(seed)
        drawn = _generate_sample_indices(
            random_state, self._n_samples, self._n_samples_bootstrap, self._sample_weight
        )
        return np.bincount(drawn, minlength=self._n_samples).astype(np.float64)


def why_slow() -> str:
    """Return why forests are grown by scikit-learn's own code in this process; "" where they are not."""
    if sklearn.__version__.rpartition(".")[0] not in TESTED_SCIKIT_LEARN:
        return (
            f"scikit-learn {sklearn.__version__} is not among the releases that the fast way was compared "
            f"with ({', '.join(TESTED_SCIKIT_LEARN)})"
        )
    return _MISSING or _trial()


def _fit_fast(
    forest: FastRandomForestClassifier, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
) -> None:
    fit = _fit_context(prefer_skip_nested_validation=True)(FastRandomForestClassifier._fit_fast)
    fit(forest, X, y, sample_weight)


def why_not_fastest() -> str:
    """Return why forests are not grown by our compiled code in this process; "" where they are."""
    return why_slow() or why_not_compiled() or _trial_of_compiled()


def is_compiled_here() -> bool:
    """Tell whether our compiled code is used in this process.

    Warns
    -----
    RuntimeWarning
        If it is installed, and grows other trees than scikit-learn.
    """
    if why_slow() or why_not_compiled():
        return False
    if reason := _trial_of_compiled():
        text = f"trees were grown by scikit-learn's own, slower code, with the same result: {reason}"
        warnings.warn(text, RuntimeWarning, stacklevel=4)
    return not reason


@functools.cache
def _trial() -> str:
    """Grow a small forest both ways, once a process: say what is wrong with the fast one, if anything."""
    random = np.random.RandomState(0)
    rows, weights = random.normal(size=(30, 3)), random.uniform(0.5, 2.0, size=30)
    labels = (rows[:, 0] + random.normal(size=30) > 0).astype(int)
    fast, slow = (
        cls(n_estimators=3, random_state=0) for cls in (FastRandomForestClassifier, RandomForestClassifier)
    )
    slow.fit(rows, labels, weights)
    found = f"scikit-learn {sklearn.__version__}, as it is installed, has other internals than those it uses"
    try:
        _fit_fast(fast, rows, labels, weights)
        same = fast._mean_of_trees(rows).tobytes() == slow.predict_proba(rows).tobytes()
    except Exception as error:  # whatever another signature or another type raises
        return f"{found} ({type(error).__name__}: {error})"
    return "" if same else f"{found} (a small forest came out otherwise)"


@functools.cache
def _trial_of_compiled() -> str:
    """Grow a small forest by our code and by scikit-learn's, once a process; say whether they differ."""
    random = np.random.RandomState(0)
    rows = random.normal(size=(60, 4)).astype(np.float32)
    rows[:, 1] = np.round(rows[:, 1])
    labels = (rows[:, 0] + rows[:, 1] + random.normal(size=60) > 0).astype(int)
    slow = RandomForestClassifier(n_estimators=3, random_state=0).fit(rows, labels)
    growth = Growth(60, 2, 2, 1, np.iinfo(np.int32).max, 0.0)
    seeds = np.random.RandomState(0).randint(_N_SEEDS, size=3).tolist()
    found = f"scikit-learn {sklearn.__version__} grows other trees than our compiled code"
    try:
        theirs = np.concatenate([tree.tree_.__getstate__()["nodes"] for tree in slow.estimators_])
        grown = grow_trees(rows, labels.astype(np.uint8), seeds, growth)
        holes = np.where(random.random_sample(rows.shape) < 0.2, np.float32(np.nan), rows)
        is_same = all(grown.mean(X).tobytes() == slow.predict_proba(X).tobytes() for X in (rows, holes))
        is_same &= grown.nodes.dtype == NODE_DTYPE and len(grown.nodes) == len(theirs)
        is_same = is_same and all((grown.nodes[name] == theirs[name]).all() for name in [*NODE_FIELDS][:-1])
    except Exception as error:  # as in the other trial
        return f"{found} ({type(error).__name__}: {error})"
    return "" if is_same else found
