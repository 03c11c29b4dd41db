"""Splits of rows that belong together: no group on two sides, each class in every part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

__all__ = ["fewest_groups", "group_parts"]

Ints = NDArray[np.int64]


def fewest_groups(y: NDArray[np.int64], groups: Ints) -> int:
    """Return in how many groups the class occurs that occurs in fewer of them; 0 without rows of a class."""
    return min(len(np.unique(groups[y == label])) for label in (0, 1))


def group_parts(y: NDArray[np.int64], groups: Ints, n_parts: int, *, seed: int) -> NDArray[np.intp]:
    """Deal rows out into parts of about one size and one share of the minority, groups as a whole.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), 0/1
    groups : ndarray of shape (n_samples,), int64
    n_parts : int
        From 2 to `fewest_groups`.
    seed : int

    Returns
    -------
    part : ndarray of shape (n_samples,), int
        From 0 to ``n_parts - 1``; each has rows of both classes.

    Notes
    -----
    The parts are the test folds of scikit-learn's `StratifiedGroupKFold`, shuffled. It evens out the
    shares of the classes, and now and then leaves a part without one though there are groups enough. Then
    each part first gets a group, or two, with both classes, and the others follow where they even out the
    shares most.
    """
    assert 2 <= n_parts <= fewest_groups(y, groups), (n_parts, fewest_groups(y, groups))
    part = np.empty(len(y), dtype=np.intp)
    folds = StratifiedGroupKFold(n_parts, shuffle=True, random_state=seed)
    for n, (_, rows) in enumerate(folds.split(np.zeros(len(y)), y, groups)):
        part[rows] = n
    if all(len(np.unique(y[part == n])) == 2 for n in range(n_parts)):
        return part
    return _dealt(y, groups, n_parts, np.random.RandomState(seed))


def _dealt(y: NDArray[np.int64], groups: Ints, n_parts: int, rng: np.random.RandomState) -> NDArray[np.intp]:
    """Deal groups out with both classes for each part first, then by the shares of the classes."""
    _, codes = np.unique(groups, return_inverse=True)
    counts = np.zeros((codes.max() + 1, 2))
    np.add.at(counts, (codes, y), 1)
    order = rng.permutation(len(counts))
    order = order[np.argsort(-counts[order].std(axis=1), kind="stable")]
    part_of = np.full(len(counts), -1)
    filled = np.zeros((n_parts, 2))
    has = counts > 0
    mixed = [group for group in order if has[group].all()][:n_parts]
    pure = [[group for group in order if has[group].tolist() == [not c, c]] for c in (False, True)]
    for n in range(n_parts):
        # groups that have both classes are dealt out first: the rest needs one of each kind
        for group in [mixed[n]] if n < len(mixed) else [kind.pop(0) for kind in pure]:
            part_of[group] = n
            filled[n] += counts[group]
    total = counts.sum(axis=0)
    for group in order:
        if part_of[group] >= 0:
            continue
        spreads = []
        for n in range(n_parts):
            filled[n] += counts[group]
            spreads.append(((filled / total).std(axis=0).mean(), filled[n].sum()))
            filled[n] -= counts[group]
        part_of[group] = min(range(n_parts), key=spreads.__getitem__)
        filled[part_of[group]] += counts[group]
    return part_of[codes]
