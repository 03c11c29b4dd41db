"""Folds of tables whose rows have roles: groups that stay together, the order of time, a given hold-out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from sklearn.model_selection import StratifiedKFold

from smote_bench.classifiers.group_splits import fewest_groups, group_parts
from smote_bench.classifiers.time_splits import forward_chain, latest_rows, most_blocks
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.evaluation.seeding import repeat_seed

if TYPE_CHECKING:
    from smote_bench.data.roles.rows import RowRoles

__all__ = ["role_split"]

_FINEST = 20
"""Into how many parts groups are dealt out at most, of which some are the hold-out."""

Folds = list[tuple[np.ndarray, np.ndarray]]


def role_split(
    y: np.ndarray, roles: RowRoles, protocol: Protocol, repeat: int
) -> tuple[np.ndarray, np.ndarray, Folds]:
    """Return the training part, the hold-out and the folds of one repeat, for rows with roles.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), 0/1
    roles : RowRoles
        With groups, times or a given hold-out.
    protocol : Protocol
    repeat : int

    Returns
    -------
    train, test : ndarray of int
        Row numbers, ascending; no row is tested with a `test_size` of 0 and no given hold-out.
    folds : list of (train, test)
        Row numbers, all of the training part.

    Raises
    ------
    SmoteBenchError
        If there are too few rows, groups or times of a class, or the given hold-out has groups of the
        training part or rows that are not later.
    """
    seed = repeat_seed(protocol.random_state, repeat)
    train, test = _holdout(y, roles, protocol, seed)
    if not protocol.cv_folds:
        return train, test, []
    inside = roles.take(train)
    folds = _folds(y[train], inside, protocol.cv_folds, seed)
    return train, test, [(train[fit], train[held_out]) for fit, held_out in folds]


def _holdout(y: np.ndarray, roles: RowRoles, protocol: Protocol, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if roles.is_test is not None:
        return _given(y, roles, protocol)
    if not protocol.test_size:
        rows = np.arange(len(y))
        return rows, rows[:0]
    if roles.groups is not None:
        return _group_holdout(y, roles.groups, protocol, seed)
    assert roles.times is not None
    return _latest_rows(y, roles.times, protocol)


def _given(y: np.ndarray, roles: RowRoles, protocol: Protocol) -> tuple[np.ndarray, np.ndarray]:
    assert roles.is_test is not None
    train, test = np.flatnonzero(~roles.is_test), np.flatnonzero(roles.is_test)
    for rows, needed, side in ((train, max(2, protocol.cv_folds), "training"), (test, 1, "test")):
        counts = np.bincount(y[rows], minlength=2)
        if counts.min() < needed:
            raise SmoteBenchError(
                f"expected at least {needed} rows of each class in the given {side} part, got "
                f"{counts.tolist()} rows (majority, minority) there: "
                f"{'lower cv_folds, or ' if side == 'training' else ''}give it more rows"
            )
    if roles.groups is not None:
        both = np.intersect1d(roles.groups[train], roles.groups[test])
        if both.size:
            n_rows = int(np.isin(roles.groups[test], both).sum())
            raise SmoteBenchError(
                f"expected no group on both sides of the given split, got {both.size} with {n_rows} rows in "
                "the test part: move all rows of a group to one side, or remove 'test' or 'split' and the "
                "hold-out is drawn by groups"
            )
    if roles.times is not None and roles.times[test].min() <= roles.times[train].max():
        early = int((roles.times[test] <= roles.times[train].max()).sum())
        raise SmoteBenchError(
            f"expected a given test part that is later than the training part, got {early} of {len(test)} "
            "test rows that are not: remove 'time', or remove 'test' or 'split' and the latest rows are the "
            "hold-out"
        )
    return train, test


def _group_holdout(
    y: np.ndarray, groups: np.ndarray, protocol: Protocol, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Take some parts of the dealt out groups, such that the training part has groups for its folds."""
    needed = max(2, protocol.cv_folds)
    n_groups = fewest_groups(y, groups)
    if n_groups <= needed:
        raise _too_few_groups(y, groups, needed + 1, protocol)
    share = Fraction(protocol.test_size).limit_denominator(min(_FINEST, n_groups))
    share = min(max(share, Fraction(1, min(_FINEST, n_groups))), Fraction(1, 2))
    part = group_parts(y, groups, share.denominator, seed=seed)
    for first in range(share.denominator):
        chosen = (first + np.arange(share.numerator)) % share.denominator
        is_test = np.isin(part, chosen)
        if fewest_groups(y[~is_test], groups[~is_test]) >= needed:
            return np.flatnonzero(~is_test), np.flatnonzero(is_test)
    raise _too_few_groups(y, groups, needed, protocol)


def _too_few_groups(y: np.ndarray, groups: np.ndarray, needed: int, protocol: Protocol) -> SmoteBenchError:
    found = [len(np.unique(groups[y == label])) for label in (0, 1)]
    return SmoteBenchError(
        f"expected each class in at least {needed} groups (cv_folds={protocol.cv_folds}, "
        f"test_size={protocol.test_size}), got {found} groups with rows of the class (majority, minority) "
        f"among {len(np.unique(groups))}: lower cv_folds or test_size, or take a table of more groups"
    )


def _latest_rows(y: np.ndarray, times: np.ndarray, protocol: Protocol) -> tuple[np.ndarray, np.ndarray]:
    """Cut the latest rows off where the rows before can still be cut into the folds' blocks."""
    n_blocks = protocol.cv_folds + 1 if protocol.cv_folds else 1
    n_test = int(np.ceil(round(protocol.test_size * len(y), 6)))
    is_test = latest_rows(y, times, n_test, n_blocks=n_blocks)
    if is_test is None:
        raise _too_few_times(y, times, n_blocks + 1, protocol.cv_folds)
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def _too_few_times(y: np.ndarray, times: np.ndarray, n_blocks: int, cv_folds: int) -> SmoteBenchError:
    found = most_blocks(y, times, n_blocks)
    return SmoteBenchError(
        f"expected rows that can be cut, in the order of time, into {n_blocks} blocks with both classes in "
        f"each (cv_folds={cv_folds}: the first block trains, the others are tested), got {found} such blocks "
        f"among {len(np.unique(times))} different times: lower cv_folds, or take a table with more rows of "
        "the smaller class"
    )


def _folds(y: np.ndarray, roles: RowRoles, n_folds: int, seed: int) -> Folds:
    if roles.groups is not None:
        if fewest_groups(y, roles.groups) < n_folds:
            found = [len(np.unique(roles.groups[y == label])) for label in (0, 1)]
            raise SmoteBenchError(
                f"expected each class in at least {n_folds} groups of the training part "
                f"(cv_folds={n_folds}), got {found} groups with rows of the class (majority, minority): "
                "lower cv_folds, or take a table of more groups"
            )
        part = group_parts(y, roles.groups, n_folds, seed=seed)
        return [(np.flatnonzero(part != n), np.flatnonzero(part == n)) for n in range(n_folds)]
    if roles.times is not None:
        folds = forward_chain(y, roles.times, n_folds)
        if folds is None:
            raise _too_few_times(y, roles.times, n_folds + 1, n_folds)
        return folds
    return list(StratifiedKFold(n_folds, shuffle=True, random_state=seed).split(np.zeros(len(y)), y))
