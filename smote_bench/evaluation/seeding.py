"""Where every random number of a run comes from: seeds as a function of the protocol, and of nothing else."""

from __future__ import annotations

import hashlib

__all__ = ["HOLDOUT", "classifier_seed", "inner_sampler_seed", "repeat_seed", "sampler_seed"]

HOLDOUT = "holdout"
"""The fold name of the final evaluation: fitted on the whole training part, scored on the hold-out."""


def repeat_seed(random_state: int, repeat: int) -> int:
    """Return the seed of a repeat's folds; repeat 0 is as published.

    >>> repeat_seed(42, 0)
    42
    """
    return random_state + repeat


def classifier_seed(random_state: int, repeat: int, draw: int = 0) -> int:
    """Return the seed of a repeat's classifiers: as published, or for another draw derived from all three.

    >>> classifier_seed(42, 1)
    43
    """
    return _derived("classifier", random_state, repeat, draw) if draw else repeat_seed(random_state, repeat)


def sampler_seed(random_state: int, repeat: int, fold: int | str, draw: int = 0) -> int:
    """Derive a sampler's seed from (random_state, repeat, fold), and from the draw where that is not 0.

    Worker, order, selection, data set and classifier do not enter: whoever computes the cell gets the same
    bytes.

    Returns
    -------
    int
        In [0, 2**31), a plain Python int, since smote_variants refuses numpy's.
    """
    return _derived("sampler", random_state, repeat, fold, *([draw] if draw else []))


def inner_sampler_seed(random_state: int, repeat: int, fold: int | str, inner: int, draw: int = 0) -> int:
    """Derive a sampler's seed in an inner fold, as `sampler_seed` does in a fold, for all classifiers.

    Returns
    -------
    int
        In [0, 2**31).
    """
    return _derived("inner sampler", random_state, repeat, fold, inner, *([draw] if draw else []))


def _derived(*parts: str | int) -> int:
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "little") & 0x7FFFFFFF
