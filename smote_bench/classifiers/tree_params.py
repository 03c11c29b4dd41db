"""What the parameters of a forest or a tree ask of our compiled code, and its trees as scikit-learn's."""

from __future__ import annotations

import itertools
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from smote_bench.classifiers.tree_growing import GrownTrees, Growth

# Not public, so any release may lack it; who calls `as_trees` has asked whether the release is a tested one.
try:
    from sklearn.tree._tree import Tree
except ImportError:
    Tree = None

__all__ = [
    "are_moderate",
    "are_plain",
    "as_trees",
    "depth_limit",
    "growth_of",
    "is_finite",
    "n_candidate_features",
]


def as_trees(grown: GrownTrees) -> list[Any]:
    """Return what our code has grown as `sklearn.tree._tree.Tree`."""
    trees = []
    for depth, (start, end) in zip(grown.depths, itertools.pairwise(grown.starts), strict=True):
        tree = Tree(grown.n_features, np.array([2], dtype=np.intp), 1)
        nodes, values = grown.nodes[start:end], grown.values[start:end]
        tree.__setstate__({"max_depth": depth, "node_count": len(nodes), "nodes": nodes, "values": values})
        trees.append(tree)
    return trees


def growth_of(model: Any, max_features: int, *, n_drawn: int = 0) -> Growth:
    """Return how our code grows what a forest's or a tree's parameters ask for."""
    return Growth(
        n_drawn=n_drawn,
        max_features=int(max_features),
        min_samples_split=max(model.min_samples_split, 2 * model.min_samples_leaf),
        min_samples_leaf=model.min_samples_leaf,
        max_depth=depth_limit(model),
        min_impurity_decrease=model.min_impurity_decrease,
    )


def are_plain(model: Any, X: Any, y: Any) -> bool:
    """Whether a forest or a tree is asked for dense rows, one output, and none of the rarer parameters."""
    return (
        not issparse(X)
        and np.asarray(y).ndim == 1
        and isinstance(model.min_samples_split, Integral)
        and isinstance(model.min_samples_leaf, Integral)
        and model.min_weight_fraction_leaf == 0
        and model.max_leaf_nodes is None
        and model.ccp_alpha == 0
        and model.monotonic_cst is None
    )


def is_finite(rows: NDArray[np.float32]) -> bool:
    """Whether no value is missing or infinite: trees learn from the ones and refuse the others."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(rows.sum()))  # a sum shows both at once


def are_moderate(model: Any) -> bool:
    """Whether numbers of rows, columns and levels are below 2**31: others are scikit-learn's to refuse."""
    numbers = (model.min_samples_split, model.min_samples_leaf, model.max_depth, model.max_features)
    return all(number < 2**31 for number in numbers if isinstance(number, Integral))


def depth_limit(model: Any) -> int:
    """Return the most levels that a tree may have, as scikit-learn's builders take it."""
    return int(np.iinfo(np.int32).max) if model.max_depth is None else model.max_depth


def n_candidate_features(max_features: Any, n_features: int) -> Any:
    """Return how many columns are drawn for a split, as scikit-learn takes its parameter."""
    match max_features:
        case "sqrt":
            return max(1, int(np.sqrt(n_features)))
        case "log2":
            return max(1, int(np.log2(n_features)))
        case None:
            return n_features
        case Integral():
            return max_features  # as it was given
        case _:
            return max(1, int(max_features * n_features))
