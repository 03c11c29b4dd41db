"""Curves through measured points."""

from __future__ import annotations

import pytest

from smote_bench.engines.planning.growth import Growth, Point, Shape


def curve(power: float, *rows: int, by_columns: float = 0.5) -> Growth:
    return Growth([Point(n, 4, 1e-4 * n**power) for n in rows], Shape(columns=by_columns))


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_a_power_of_the_rows_is_found_within_and_beyond_what_was_measured(power: float) -> None:
    found = curve(power, 100, 400, 1600)
    for rows in (100, 250, 1600, 50_000):
        assert found.at(rows, 4) == pytest.approx(1e-4 * rows**power)


def test_columns_count_by_their_power() -> None:
    assert curve(1, 100, 400).at(100, 16) == pytest.approx(2 * 1e-2)
    assert curve(1, 100, by_columns=1).at(100, 16) == pytest.approx(4 * 1e-2)


def test_what_does_not_grow_yet_grows_as_the_rows_later() -> None:
    flat = Growth([Point(100, 4, 0.01), Point(400, 4, 0.01)])
    assert flat.at(200, 4) == pytest.approx(0.01)
    assert flat.at(4000, 4) == pytest.approx(0.1)


def test_a_steep_end_is_not_followed_without_bounds() -> None:
    steep = Growth([Point(20, 4, 0.001), Point(200, 4, 1.0)])
    assert steep.at(2000, 4) == pytest.approx(10**2.3)


def test_smaller_tables_take_no_less_than_the_smallest_measured() -> None:
    assert curve(1, 100, 400).at(10, 4) == pytest.approx(1e-2)


def test_what_was_stopped_is_taken_to_take_longer() -> None:
    assert Growth([Point(100, 1, 2.0, is_least=True)]).at(100, 1) == pytest.approx(3.0)


def test_the_largest_can_be_held_against_the_smaller_ones() -> None:
    left = curve(2, 100, 400, 1600).without_last()
    assert left is not None
    assert left.at(1600, 4) == pytest.approx(1e-4 * 1600**2)
    assert curve(2, 100).without_last() is None


def test_the_power_of_columns_is_learned_from_tables_that_differ_in_them() -> None:
    sizes = [(200, 4), (400, 100), (900, 8), (2000, 60), (9000, 5)]
    for power in (0.0, 1.0):
        found = Growth.of([Point(n, d, 1e-5 * n**1.3 * d**power) for n, d in sizes], Shape())
        assert found.shape.columns == pytest.approx(power, abs=0.15)
    assert Growth.of([Point(200, 4, 1.0)], Shape()).shape.columns == 0.5


def test_what_is_expected_of_a_kind_bounds_what_its_end_says() -> None:
    noisy = [Point(100, 4, 0.01), Point(400, 4, 0.011)]
    assert Growth(noisy, Shape(least=1.9, most=2.1)).at(4000, 4) == pytest.approx(0.011 * 10**1.9)
    near = [Point(100, 4, 0.01), Point(120, 4, 0.09)]
    assert Growth(near, Shape(rows=1.0)).at(1200, 4) == pytest.approx(0.9)
