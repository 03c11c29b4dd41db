"""Row indices of every fold of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.model_selection import StratifiedKFold, train_test_split

from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.evaluation.role_splits import role_split
from smote_bench.evaluation.seeding import HOLDOUT, repeat_seed

if TYPE_CHECKING:
    from smote_bench.data.roles.rows import RowRoles

__all__ = ["FoldRows", "fold_rows"]


@dataclass(frozen=True)
class FoldRows:
    """One fit: which rows train, which rows test.

    Parameters
    ----------
    phase : {"cv", "holdout"}
    repeat : int
    fold : int
        0 for the hold-out.
    train, test : ndarray of shape (n_train,) and (n_test,), int64
        Row numbers of the table, disjoint.
    """

    phase: str
    repeat: int
    fold: int
    train: np.ndarray
    test: np.ndarray

    @property
    def sampler_fold(self) -> int | str:
        """The fold's name in a sampler's seed; the final evaluation is no fold of the cross-validation."""
        return HOLDOUT if self.phase == HOLDOUT else self.fold


def fold_rows(y: np.ndarray, protocol: Protocol, roles: RowRoles | None = None) -> Iterator[FoldRows]:
    """Yield every fold of the protocol: per repeat those of the training part, then the hold-out.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), 0/1
    protocol : Protocol
        With a `test_size` of 0 there is no hold-out, and the folds are of all rows.
    roles : RowRoles, optional
        Groups, times and a given hold-out decide which rows train and test; weights do not.

    Raises
    ------
    SmoteBenchError
        If a class has too few rows, groups or times for the hold-out and the folds.
    """
    decide = roles is not None and any(one is not None for one in (roles.groups, roles.times, roles.is_test))
    if not decide:
        _check_enough_rows(y, protocol)
    for repeat in protocol.repeats:
        if decide:
            assert roles is not None
            train, test, folds = role_split(y, roles, protocol, repeat)
        else:
            train, test, folds = _stratified_split(y, protocol, repeat)
        for fold, (fitted, held_out) in enumerate(folds):
            yield FoldRows("cv", repeat, fold, fitted, held_out)
        if len(test):
            yield FoldRows(HOLDOUT, repeat, 0, train, test)


def _stratified_split(
    y: np.ndarray, protocol: Protocol, repeat: int
) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Return training part, hold-out and folds of rows that are independent of each other."""
    seed = repeat_seed(protocol.random_state, repeat)
    train = np.arange(len(y))
    test = train[:0]
    if protocol.test_size:
        train, test = train_test_split(train, test_size=protocol.test_size, stratify=y, random_state=seed)
    if not protocol.cv_folds:
        return train, test, []
    folds = StratifiedKFold(protocol.cv_folds, shuffle=True, random_state=seed).split(train, y[train])
    return train, test, [(train[fitted], train[held_out]) for fitted, held_out in folds]


def _check_enough_rows(y: np.ndarray, protocol: Protocol) -> None:
    counts = np.bincount(y, minlength=2)
    needed = max(2, protocol.cv_folds)
    # Rounded first: 25 * (1 - 0.8) is 4.999999999999999 in floating point.
    in_training = int(round(float(counts.min()) * (1 - protocol.test_size), 6))
    if in_training < needed:
        raise SmoteBenchError(
            f"expected at least {needed} rows of each class in the training part "
            f"(cv_folds={protocol.cv_folds}, test_size={protocol.test_size}), got {in_training} of "
            f"{counts.tolist()} rows (majority, minority): lower cv_folds or test_size, or take a "
            "larger table"
        )
