"""Distances, neighbours and votes of typed rows by hand, with the paper's examples."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.properties.mixed_frames import Rows
from smote_bench.properties.mixed_reference import Reading, allowed_levels, explained, readings


def _rows(numbers, levels, labels):
    return Rows(np.array(numbers, dtype=float), np.array(levels), np.array(labels))


def near(rows, label, k, family="smotenc"):
    """Return what each strict reading says of who is near whom."""
    return [reading.possible.tolist() for reading in readings(family, rows, label, k, strict=True)]


def test_the_papers_example_of_a_distance_decides_who_is_near():
    # F1 = 1 2 3 A B C, F2 = 4 6 5 A D E, F3 = 3 5 6 A B K; the distance of F1 and F2 is
    # sqrt((4 - 1)^2 + (6 - 2)^2 + (5 - 3)^2 + Med^2 + Med^2), of F1 and F3 sqrt(2^2 + 3^2 + 3^2 + Med^2).
    numbers = [[1, 2, 3], [4, 6, 5], [3, 5, 6]]
    levels = [[0, 0, 0], [0, 1, 1], [0, 0, 2]]
    rows = _rows(numbers, levels, [1, 1, 1])
    median = float(np.median(np.std(numbers, axis=0)))
    assert median == pytest.approx(1.2472191)
    first_second, first_third = 9 + 16 + 4 + 2 * median**2, 4 + 9 + 9 + median**2
    second_third = 1 + 1 + 1 + 2 * median**2
    assert first_third < first_second
    assert second_third < first_third
    assert near(rows, 1, 1) == [[[False, False, True], [False, False, True], [False, True, False]]]


def test_the_square_of_the_median_is_the_price():
    # One column of numbers, deviation 10: the row at 0 of level 0 has one at 9 of level 1 and one at 13.5 of
    # level 0. 9^2 + 10^2 = 181 < 13.5^2 = 182.25, and 9^2 + 11^2 would not be.
    rows = _rows([[0.0], [9.0], [13.5]], [[0], [1], [0]], [1, 1, 1])
    price = np.std([0.0, 9.0, 13.5]) ** 2
    assert 81 + price < 13.5**2
    assert near(rows, 1, 1)[0][0] == [False, True, False]
    # The deviation of a sample, another reading, is larger: 81 + 47.25 is still below.
    assert all(reading[0][1] for reading in near(rows, 1, 1))


def test_the_deviations_are_those_of_the_class():
    narrow = _rows([[0.0], [1.0], [1.5], [900.0]], [[0], [1], [0], [0]], [1, 1, 1, 0])
    # Deviation of the class 0.62: 1 + 0.39 < 2.25; with those of all rows a difference would cost 150,000.
    assert near(narrow, 1, 1)[0][0] == [False, True, False]


def test_the_papers_example_of_a_vote_of_categories():
    # Section 6.2: F1 = A B C D E with the nearest F2 = A F C G N and F3 = H B C D N gives A B C D N.
    levels = np.array([[0, 0, 0, 0, 0], [0, 1, 0, 1, 1], [1, 0, 0, 0, 1]])
    everybody = ~np.eye(3, dtype=bool)
    reading = Reading(everybody, everybody, 2)
    voted = [allowed_levels(reading, levels[:, c], itself=True)[0].tolist() for c in range(5)]
    assert voted == [[True, False], [True, False], [True], [True, False], [False, True]]
    made = Rows(np.empty((2, 0)), np.array([[0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]), np.array([1, 1]))
    own = Rows(np.empty((3, 0)), levels, np.array([1, 1, 1]))
    assert explained(reading, own, made, votes=(True,)).tolist() == [True, False]


def test_tied_votes_allow_each_and_tied_distances_each_way_to_settle_them():
    levels = np.array([0, 1, 1, 2])
    certain = np.array([[False, True, False, False]] * 4)
    possible = np.array([[False, True, True, True]] * 4)
    # Of three neighbours one is certain (1); two of the two others are: 1 and 2.
    allowed = allowed_levels(Reading(certain, possible, 3), levels, itself=False)
    assert allowed[0].tolist() == [False, True, False]
    # Of two the other is 1 or 2: then 1 and 2 tie.
    allowed = allowed_levels(Reading(certain, possible, 2), levels, itself=False)
    assert allowed[0].tolist() == [False, True, True]


def test_the_value_difference_is_that_of_the_classes_among_rows_of_a_level():
    # Levels 0, 1, 2 are of class 1 in 1 of 1, 1 of 2 and 1 of 5 rows.
    levels, labels = [[0], [1], [2], [1], [2], [2], [2], [2]], [1, 1, 1, 0, 0, 0, 0, 0]
    rows = _rows(np.empty((8, 0)), levels, labels)
    (possible,) = near(rows, 1, 1, "smoten")
    assert possible == [[False, True, False], [False, False, True], [False, True, False]]


def test_a_row_at_the_same_place_may_stand_for_the_row_itself():
    rows = _rows([[0.0], [0.0], [5.0]], [[0], [0], [0]], [1, 1, 1])
    (reading,) = readings("smotenc", rows, 1, 1, strict=True)
    assert reading.possible[0].tolist() == [True, True, False]
    assert not reading.certain[0].any()


def test_numbers_have_to_be_between_the_row_and_one_whose_votes_count():
    # Two pairs far apart: a row between 0 and 1 has the level of these, not that of the other pair.
    rows = _rows([[0.0], [1.0], [100.0], [101.0]], [[0], [0], [1], [1]], [1, 1, 1, 1])
    (reading,) = readings("smotenc", rows, 1, 1, strict=True)
    made = _rows([[0.5], [0.5], [100.5], [50.0]], [[0], [1], [1], [1]], [1, 1, 1, 1])
    assert explained(reading, rows, made).tolist() == [True, False, True, False]
    assert explained(reading, rows, made, levels="any").tolist() == [True, True, True, False]
    unknown = _rows([[0.5]], [[-1]], [1])
    assert explained(reading, rows, unknown).tolist() == [False]
