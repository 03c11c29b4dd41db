"""Trees of a random forest, grown by compiled code of ours where it is installed: scikit-learn's, to the bit.

`smote_bench/classifiers/tree_growing.c` says how. It is compiled when smote-bench is installed on Linux or
macOS with an x86-64 processor and a C compiler (`hatch_build.py`); elsewhere `why_not_compiled` says what is
missing, and forests are grown by scikit-learn's own builder.
"""

from __future__ import annotations

import ctypes
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["NODE_FIELDS", "TOO_MANY_ROWS", "GrownTrees", "Growth", "grow_trees", "why_not_compiled"]

TOO_MANY_ROWS = 2**21
"""Numbers of rows, and of draws, have to be below this."""

NODE_FIELDS = {
    "left_child": "<i8",
    "right_child": "<i8",
    "feature": "<i8",
    "threshold": "<f8",
    "impurity": "<f8",
    "n_node_samples": "<i8",
    "weighted_n_node_samples": "<f8",
    "missing_go_to_left": "u1",
}
"""The fields of a node, in scikit-learn's names and order; padded to a multiple of eight bytes."""

_NODE = np.dtype({"names": [*NODE_FIELDS], "formats": [*NODE_FIELDS.values()]}, align=True)
_SOURCE_SHA256 = "d77442f652fab2be9602439ae7859dc80100ad1e368d3c0dab17a2cf1fd9d8bc"
"""Of the C source. It stands here so that it is part of what identifies the classifier (a test holds it)."""
_LIBRARY = Path(__file__).with_name("_tree_growing.so")

_Int, _Pointer = ctypes.c_int64, ctypes.c_void_p


@dataclass(frozen=True)
class Growth:
    """How trees are grown; names as in `sklearn.tree.DecisionTreeClassifier`, all of them numbers.

    Parameters
    ----------
    n_drawn : int
        How many rows are drawn with replacement for each tree; 0 takes all rows as they are.
    max_features, min_samples_split, min_samples_leaf, max_depth : int
    min_impurity_decrease : float
    """

    n_drawn: int
    max_features: int
    min_samples_split: int
    min_samples_leaf: int
    max_depth: int
    min_impurity_decrease: float


@dataclass(frozen=True)
class GrownTrees:
    """The trees of a forest, one after the other.

    Parameters
    ----------
    n_features : int
    seeds : list of int
        One a tree.
    nodes : ndarray of shape (n_nodes,)
        Of the fields `NODE_FIELDS`; children are counted from the first node of their tree.
    values : ndarray of shape (n_nodes, 1, 2), float64
        The share of each class in a node.
    starts : ndarray of shape (n_trees + 1,), int64
        Where the nodes of each tree begin, and where the last one's end.
    depths : list of int
        The depth of each tree's deepest node.
    """

    n_features: int
    seeds: list[int]
    nodes: NDArray[np.void]
    values: NDArray[np.float64]
    starts: NDArray[np.int64]
    depths: list[int]

    def mean(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the mean of the class frequencies that the trees give.

        Parameters
        ----------
        rows : ndarray of shape (n_samples, n_features), float32
            They may have missing values.

        Returns
        -------
        ndarray of shape (n_samples, 2), float64
        """
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        sums = np.zeros((len(rows), 2))
        trees = (self.nodes.ctypes.data, self.values.ctypes.data, self.starts.ctypes.data, len(self.seeds))
        _library().smote_bench_add(*trees, rows.ctypes.data, len(rows), self.n_features, sums.ctypes.data)
        sums /= len(self.seeds)
        return sums


class _Task(ctypes.Structure):
    """What all trees of a forest are grown from; the struct of the same name in the C source."""

    _fields_ = (
        ("n_rows", _Int),
        ("n_features", _Int),
        ("ranks", _Pointer),
        ("distinct", _Pointer),
        ("offsets", _Pointer),
        ("labels", _Pointer),
        ("n_drawn", _Int),
        ("max_features", _Int),
        ("min_samples_split", _Int),
        ("min_samples_leaf", _Int),
        ("max_depth", _Int),
        ("min_impurity_decrease", ctypes.c_double),
    )


def grow_trees(
    rows: NDArray[np.float32], labels: NDArray[np.uint8], seeds: list[int], growth: Growth
) -> GrownTrees:
    """Grow a tree for each seed.

    Parameters
    ----------
    rows : ndarray of shape (n_samples, n_features), float32
        Finite; fewer than `TOO_MANY_ROWS`.
    labels : ndarray of shape (n_samples,), uint8
        0 or 1.
    seeds : list of int
        From 0 to 2**32 - 1, one a tree.
    growth : Growth

    Raises
    ------
    MemoryError
        If there is no memory for a tree.
    """
    n, n_features = rows.shape
    ranks, distinct, offsets = _ranked(rows)
    labels = np.ascontiguousarray(labels, dtype=np.uint8)
    arrays = (ranks, distinct, offsets, labels)
    task = _Task(n, n_features, *(array.ctypes.data for array in arrays), *vars(growth).values())
    depth = _Int()
    grow, by_task = _library().smote_bench_grow, ctypes.byref(task)
    # As numbers, since a copy of fields leaves out what is between them.
    nodes, values = np.empty((2 * n, _NODE.itemsize // 8), dtype=np.int64), np.empty((2 * n, 1, 2))
    starts, depths = [0], []
    for seed in seeds:
        start = starts[-1]
        if start + 2 * n > len(nodes):  # a tree may have so many
            nodes, values = (_longer(array, start, 2 * n) for array in (nodes, values))
        places = (nodes.ctypes.data + start * _NODE.itemsize, values.ctypes.data + start * 16)
        count = grow(by_task, seed, *places, ctypes.byref(depth))
        if count < 0:
            raise MemoryError(f"no memory to grow a tree on {n} rows")
        starts.append(start + count)
        depths.append(depth.value)
    nodes, values = (_longer(array, starts[-1], 0) for array in (nodes, values))
    as_nodes = nodes.view(_NODE)[:, 0]
    return GrownTrees(n_features, seeds, as_nodes, values, np.array(starts, dtype=np.int64), depths)


def _longer(array: NDArray[Any], n_used: int, n_more: int) -> NDArray[Any]:
    """Return an array with what is used of one, and room for more: twice what is used where there is some."""
    longer = np.empty((n_used + max(n_more, n_used) if n_more else n_used, *array.shape[1:]), array.dtype)
    longer[:n_used] = array[:n_used]
    return longer


def _ranked(
    rows: NDArray[np.float32],
) -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.int64]]:
    """Return each column's ranks among its distinct values, these values, and where each column's begin."""
    n, n_features = rows.shape
    ranks, distinct = np.empty((n_features, n), dtype=np.uint32), np.empty(n * n_features, dtype=np.float32)
    offsets = np.zeros(n_features + 1, dtype=np.int64)
    is_new = np.ones(n, dtype=bool)
    for column in range(n_features):  # one after the other, for memory's sake
        values = rows[:, column]
        order = values.argsort(kind="stable")
        ascending = values[order]
        np.not_equal(ascending[1:], ascending[:-1], out=is_new[1:])
        begun = is_new.cumsum(dtype=np.uint32)
        ranks[column, order] = begun - np.uint32(1)
        start = offsets[column]
        offsets[column + 1] = end = start + begun[-1]
        distinct[start:end] = ascending[is_new]
    return ranks, distinct, offsets


@functools.cache
def why_not_compiled() -> str:
    """Return why trees are not grown by the compiled code in this process; "" where they are."""
    if not _LIBRARY.is_file():
        return "it was not compiled when smote-bench was installed: docs/protocol.md says where it is"
    try:
        library = _library()
    except (OSError, AttributeError) as error:
        return f"{_LIBRARY.name} cannot be loaded: {error}"
    if library.smote_bench_source().decode() != _SOURCE_SHA256:
        return f"{_LIBRARY.name} was compiled from another source: install smote-bench again"
    return ""


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(_LIBRARY))
    library.smote_bench_source.argtypes, library.smote_bench_source.restype = (), ctypes.c_char_p
    library.smote_bench_grow.argtypes = (_Pointer, ctypes.c_uint32, _Pointer, _Pointer, _Pointer)
    library.smote_bench_grow.restype = _Int
    library.smote_bench_add.argtypes = (
        *(_Pointer, _Pointer, _Pointer, _Int),
        *(_Pointer, _Int, _Int, _Pointer),
    )
    library.smote_bench_add.restype = None
    return library
