"""Row indices of every fold of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold, train_test_split

from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.evaluation.seeding import HOLDOUT, repeat_seed

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


def fold_rows(y: np.ndarray, protocol: Protocol) -> Iterator[FoldRows]:
    """Yield every fold of the protocol: per repeat those of the training part, then the hold-out.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), 0/1

    Raises
    ------
    SmoteBenchError
        If a class has too few rows for the hold-out and the folds.
    """
    _check_enough_rows(y, protocol)
    rows = np.arange(len(y))
    for repeat in protocol.repeats:
        seed = repeat_seed(protocol.random_state, repeat)
        train, test = train_test_split(rows, test_size=protocol.test_size, stratify=y, random_state=seed)
        if protocol.cv_folds:
            folds = StratifiedKFold(protocol.cv_folds, shuffle=True, random_state=seed)
            for fold, (inner_train, inner_test) in enumerate(folds.split(train, y[train])):
                yield FoldRows("cv", repeat, fold, train[inner_train], train[inner_test])
        yield FoldRows(HOLDOUT, repeat, 0, train, test)


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
