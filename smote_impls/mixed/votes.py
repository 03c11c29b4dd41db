"""The level that most of some rows have, ties broken by lot."""

from __future__ import annotations

import numpy as np

__all__ = ["vote"]

# Voters of so many rows are compared at a time.
_BLOCK = 1 << 14


def vote(
    codes: np.ndarray, voters: np.ndarray, ballots: np.ndarray, rng: np.random.RandomState
) -> np.ndarray:
    """Hold a vote in each column; return rows that have the levels that won.

    Parameters
    ----------
    codes : ndarray of shape (n_rows, n_columns), integers
        The level of each row in each column.
    voters : ndarray of shape (n_electorates, n_voters), intp
        Rows that vote together.
    ballots : ndarray of shape (n_votes,), intp
        The electorate of each vote.
    rng : RandomState
        Of levels with equally many voters each is equally likely, in each vote and column anew.

    Returns
    -------
    ndarray of shape (n_votes, n_columns), intp
        A voter that has the winning level.

    Examples
    --------
    The example of Chawla et al. (2002) for SMOTE-N: A B C D E with the neighbours A F C G N and H B C D N
    gives A B C D N.

    >>> import numpy as np
    >>> rows = np.array([list("ABCDE"), list("AFCGN"), list("HBCDN")])
    >>> codes = np.vectorize(ord)(rows)
    >>> won = vote(codes, np.array([[0, 1, 2]]), np.array([0]), np.random.RandomState(0))
    >>> "".join(rows[won[0], np.arange(5)])
    'ABCDN'
    """
    winners = np.empty((len(ballots), codes.shape[1]), dtype=np.intp)
    for column in range(codes.shape[1]):
        best, n_best = _most_frequent(codes[:, column], voters)
        # Levels that are tied have equally many voters each: a voter drawn from all of theirs is a level
        # drawn.
        drawn = (rng.uniform(size=len(ballots)) * n_best[ballots]).astype(np.intp)
        winners[:, column] = voters[ballots, best[ballots, drawn]]
    return winners


def _most_frequent(codes: np.ndarray, voters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the voters whose level has most voters, first in each line, and their number."""
    order = np.empty(voters.shape, dtype=np.intp)
    n_best = np.empty(len(voters), dtype=np.intp)
    for start in range(0, len(voters), _BLOCK):
        block = slice(start, start + _BLOCK)
        levels = codes[voters[block]]
        counts = np.zeros(levels.shape, dtype=np.intp)
        for other in levels.T:
            counts += levels == other[:, None]
        best = counts == counts.max(axis=1, keepdims=True)
        order[block] = np.argsort(~best, axis=1, kind="stable")
        n_best[block] = best.sum(axis=1)
    return order, n_best
