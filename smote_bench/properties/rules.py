"""The families' rules: which segments a new row of a class may lie on.

Where rows tie in distance, any way to settle the tie is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smote_bench.properties.reference import danger_rows, majority_counts, neighborhood
from smote_bench.properties.segments import explain
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = ["Segments", "allowed_segments", "demand_allowed_rows"]

_LONGEST_TOWARDS_OTHERS = 0.5


@dataclass(frozen=True)
class Segments:
    """Segments from seeds to neighbours, both rows of the same data.

    Parameters
    ----------
    seeds, neighbors : ndarray of shape (n_segments,), intp
    longest : ndarray of shape (n_segments,), float64
        The longest step allowed on each.
    words : str
        The rule, for a message.
    """

    seeds: np.ndarray
    neighbors: np.ndarray
    longest: np.ndarray
    words: str


def allowed_segments(family: str, X: np.ndarray, y: np.ndarray, label: int, *, k: int, m: int) -> Segments:
    """Return the segments that a family's new rows of class `label` may lie on.

    Parameters
    ----------
    family : str
        Any but ``generic``, which has no such rule.
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    label : int
    k, m : int
        The number of neighbours to interpolate with, and that which decides on DANGER.

    References
    ----------
    Chawla et al. (2002), doi:10.1613/jair.953; Han, Wang and Mao (2005), doi:10.1007/11538059_91;
    He, Bai, Garcia and Li (2008), doi:10.1109/IJCNN.2008.4633969
    """
    rows = np.flatnonzero(y == label)
    if family == "interpolating":
        seeds, neighbors = np.repeat(rows, len(rows)), np.tile(rows, len(rows))
        return Segments(seeds, neighbors, np.ones(len(seeds)), "two rows of that class")
    may_seed, which = _seeds(family, X, y, label, k, m)
    near = neighborhood(X[rows], X[rows], k, self_rows=np.arange(len(rows))).possible
    seeds, neighbors = np.nonzero(near & may_seed[:, None])
    words = f"a {which} of that class and one of its {k} nearest rows of that class"
    seeds, neighbors, longest = rows[seeds], rows[neighbors], np.ones(len(seeds))
    if family == "borderline2":
        towards, others = np.nonzero(_others(X, y, rows, label, k) & may_seed[:, None])
        seeds, neighbors = np.r_[seeds, rows[towards]], np.r_[neighbors, others]
        longest = np.r_[longest, np.full(len(towards), _LONGEST_TOWARDS_OTHERS)]
        words += ", or not more than half the way to a near row of another class"
    return Segments(seeds, neighbors, longest, words)


def _seeds(family: str, X: np.ndarray, y: np.ndarray, label: int, k: int, m: int) -> tuple[np.ndarray, str]:
    """Return which rows of a class may be seeds, and what the family calls them."""
    if family.startswith("borderline"):
        return danger_rows(X, y, label, m)[1], "row in DANGER"
    if family == "adasyn":
        return majority_counts(X, y, label, k)[1] > 0, "row with a neighbour of another class"
    return np.ones(int((y == label).sum()), dtype=bool), "row"


def _others(X: np.ndarray, y: np.ndarray, rows: np.ndarray, label: int, k: int) -> np.ndarray:
    """Return which rows of other classes borderline-2 may step towards; how often is left open."""
    other = y != label
    among_nearest: np.ndarray = neighborhood(X, X[rows], k, self_rows=rows).possible & other
    others = np.flatnonzero(other)
    # The nearest row of another class (Han et al. 2005), or one of the k nearest of these.
    nearest_of_others = neighborhood(X[others], X[rows], k).possible
    among_nearest[:, others] |= nearest_of_others
    return among_nearest


def demand_allowed_rows(
    subject: Subject,
    X: np.ndarray,
    y: np.ndarray,
    answer: tuple[np.ndarray, np.ndarray],
    *,
    k: int,
    m: int,
    setup: str = "",
    tolerance: float = 1e-9,
) -> None:
    """Check that every new row lies where the subject's family may put it.

    Parameters
    ----------
    subject : Subject
    X, y : ndarray
        The data that were resampled.
    answer : (ndarray, ndarray)
        What came back: `X` and `y` first, new rows after.
    k, m : int
        The numbers of neighbours in force.
    setup : str
        The code that makes `X` and `y` of the case's own.
    tolerance : float
        How far off its segment a row may be, relative to the largest absolute value in `X`.

    Raises
    ------
    Violation
        If one lies elsewhere.
    """
    X_new, y_new = answer[0][len(y) :], answer[1][len(y) :]
    for label in np.unique(y_new):
        new = X_new[y_new == label]
        allowed = allowed_segments(subject.family, X, y, label, k=k, m=m)
        found = explain(
            new, X, allowed.seeds, allowed.neighbors, longest=allowed.longest, tolerance=tolerance
        )
        lost = np.flatnonzero(~found.explained)
        if lost.size:
            raise Violation(
                f"expected every new row of class {label} between {allowed.words}; {lost.size} of {len(new)} "
                f"are not, such as {new[lost[0]].tolist()}, {found.miss[lost[0]]:.3g} away from the nearest "
                "such segment",
                setup=setup,
                point=new[lost[0]].tolist(),
            )
