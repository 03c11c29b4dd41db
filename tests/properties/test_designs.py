"""A star is laid out as it says, and what is read from it is what was put in."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from smote_bench.properties.designs import Star
from smote_bench.properties.reference import danger_rows, majority_counts

STAR = Star(n_hubs=7, companions=(0, 1, 2, 3, 4, 5, 6), n_new=200)


def _of_class(star: Star, label: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the data, and a class's rows in the star's order."""
    X, y = star.data()
    rows = np.flatnonzero(y == label)
    number = np.argmax(X[rows][:, (label - 1) * star.n : label * star.n], axis=1)
    return X, y, rows[np.argsort(number)]


@pytest.mark.parametrize("label", [1, 2])
def test_the_nearest_rows_of_a_class_are_its_first(label):
    X, _, rows = _of_class(Star(7, (0, 1, 2), 200, n_minorities=2), label)
    near = NearestNeighbors(n_neighbors=3).fit(X[rows]).kneighbors(return_distance=False)
    assert near[4:].tolist() == [[0, 1, 2]] * (len(rows) - 4)


@pytest.mark.parametrize("n_minorities", [1, 2])
def test_each_row_has_its_companions_among_its_nearest(n_minorities):
    star = Star(7, (0, 1, 2, 3, 4, 5, 6), 300, n_minorities=n_minorities)
    for label in range(1, n_minorities + 1):
        X, y, rows = _of_class(star, label)
        fewest, most = majority_counts(X, y, label, 6)
        by_row = dict(zip(np.flatnonzero(y == label), zip(fewest, most, strict=True), strict=True))
        assert [by_row[row] for row in rows] == [(n, n) for n in star.n_beside]


def test_danger_in_a_star_is_half_to_all_but_one():
    X, y, rows = _of_class(STAR, 1)
    certain, _ = danger_rows(X, y, 1, 6)
    danger = np.flatnonzero(y == 1)[certain]
    assert sorted(danger) == sorted(rows[(STAR.n_beside >= 3) & (STAR.n_beside < 6)])


def test_default_counts_call_for_n_new():
    _, y = STAR.data()
    assert np.bincount(y).tolist() == [214, 14]


def test_orders_hold_the_same_rows():
    first, second = Star(4, (1,), 9, order="laid out").data(), Star(4, (1,), 9, order="reversed").data()
    assert (first[0] == second[0][::-1]).all()
    assert (first[1] == second[1][::-1]).all()


def test_its_repr_builds_it_again():
    names: dict[str, object] = {"Star": Star}
    exec(f"X, y = {STAR!r}.data()", names)
    assert (names["X"] == STAR.data()[0]).all()


def _new_row(seed: int, end: np.ndarray, step: float) -> np.ndarray:
    X, _, rows = _of_class(STAR, 1)
    return (X[rows[seed]] + step * (end - X[rows[seed]]))[None, :]


def test_reads_seed_neighbor_and_step():
    X, _, rows = _of_class(STAR, 1)
    read = STAR.read(_new_row(9, X[rows[2]], 0.3), 1, 5)
    assert (read.seeds[0], read.ranks[0], read.others[0]) == (9, 2, -1)
    assert read.steps[0] == pytest.approx(0.3)
    assert read.certain[0]
    assert read.readable[0]


def test_reads_a_step_towards_a_companion():
    X, y, rows = _of_class(STAR, 1)
    distance = np.linalg.norm(X - X[rows[10]], axis=1) + 1e9 * (y == 1)
    read = STAR.read(_new_row(10, X[np.argsort(distance)[1]], 0.2), 1, 5)
    assert (read.seeds[0], read.ranks[0], read.others[0]) == (10, -1, 1)
    assert read.steps[0] == pytest.approx(0.2)
    assert read.readable[0]


def test_between_two_of_the_first_rows_either_may_be_the_seed():
    X, _, rows = _of_class(STAR, 1)
    read = STAR.read(_new_row(3, X[rows[1]], 0.3), 1, 5)
    assert read.readable[0]
    assert not read.certain[0]


def test_reads_a_copy_as_a_step_of_zero():
    X, _, rows = _of_class(STAR, 1)
    read = STAR.read(X[rows[[8]]], 1, 5)
    assert (read.seeds[0], read.ranks[0], read.steps[0]) == (8, -1, 0.0)


@pytest.mark.parametrize(
    ("end", "step"),
    [(2, -0.2), (2, 1.2), (6, 0.3), (12, 0.3)],
    ids=["behind the seed", "beyond the neighbour", "too far a neighbour", "no neighbour at all"],
)
def test_does_not_read_rows_that_lie_elsewhere(end, step):
    X, _, rows = _of_class(STAR, 1)
    assert not STAR.read(_new_row(9, X[rows[end]], step), 1, 5).readable[0]


def test_does_not_read_a_row_off_its_segment():
    X, _, rows = _of_class(STAR, 1)
    row = _new_row(9, X[rows[2]], 0.3)
    row[0, 5] += 1e-3
    assert not STAR.read(row, 1, 5).readable[0]
