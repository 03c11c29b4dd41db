"""Where every random number of a run comes from: seeds as a function of the protocol, and of nothing else."""

from __future__ import annotations

import hashlib

__all__ = ["HOLDOUT", "repeat_seed", "sampler_seed"]

HOLDOUT = "holdout"
"""The fold name of the final evaluation: fitted on the whole training part, scored on the hold-out."""


def repeat_seed(random_state: int, repeat: int) -> int:
    """Return the seed of a repeat's splits and classifiers; repeat 0 is as published.

    >>> repeat_seed(42, 0)
    42
    """
    return random_state + repeat


def sampler_seed(random_state: int, repeat: int, fold: int | str) -> int:
    """Derive a sampler's seed from (random_state, repeat, fold) alone.

    Worker, order, selection, data set and classifier do not enter: whoever computes the cell gets the same
    bytes.

    Returns
    -------
    int
        In [0, 2**31), a plain Python int, since smote_variants refuses numpy's.
    """
    digest = hashlib.sha256(f"sampler|{random_state}|{repeat}|{fold}".encode()).digest()
    return int.from_bytes(digest[:4], "little") & 0x7FFFFFFF
