"""The time left: estimates, corrected by what this run's own cells took."""

from __future__ import annotations

import pytest

from smote_bench.session.time_left import TimeLeft


def _cells(n_each: int = 10, n_workers: int = 1) -> TimeLeft:
    """Cells of two methods, quick and slow, each estimated to take a second."""
    names = [f"{method} {n}" for method in ("quick", "slow") for n in range(n_each)]
    return TimeLeft(dict.fromkeys(names, 1.0), lambda name: (name.split()[0], "kNN"), n_workers)


def test_is_not_known_before_a_cell_was_computed() -> None:
    left = _cells()
    assert left.seconds({}) is None
    left.done("quick 0", None)
    assert left.seconds({}) is None


def test_cells_from_the_memo_do_not_count_as_speed() -> None:
    with_memo, without = _cells(), _cells(9)
    with_memo.done("quick 9", None)
    with_memo.done("slow 9", None)
    for left in (with_memo, without):
        left.done("quick 0", 3.0)
    assert with_memo.seconds({}) == pytest.approx(without.seconds({}))
    assert with_memo.seconds({}) == pytest.approx(17 * 3.0)


def test_learns_what_each_method_takes() -> None:
    left = _cells()
    for n in range(9):
        left.done(f"quick {n}", 1.0)
        left.done(f"slow {n}", 100.0)
    # One of each is left. An average of all would say 101 for quick ones alone and slow ones alone, too.
    assert left.seconds({}) == pytest.approx(101.0, rel=0.01)
    left.done("slow 9", 100.0)
    assert left.seconds({}) < 15.0


def test_one_cell_of_a_method_says_little_beside_all_others() -> None:
    left = _cells()
    for n in range(10):
        left.done(f"quick {n}", 1.0)
    left.done("slow 0", 100.0)
    assert 9 * 10.0 < left.seconds({}) < 9 * 100.0


def test_counts_workers_but_never_more_than_cells_are_left() -> None:
    one, four = _cells(), _cells(n_workers=4)
    for left in (one, four):
        left.done("quick 0", 2.0)
    assert four.seconds({}) == pytest.approx(one.seconds({}) / 4)
    for n in range(1, 10):
        four.done(f"quick {n}", 2.0)
        four.done(f"slow {n}", 2.0)
    assert four.seconds({}) == pytest.approx(2.0)


def test_takes_off_what_running_cells_have_run_but_no_more_than_they_were_to_take() -> None:
    left = _cells(n_each=2)
    left.done("quick 0", 8.0)
    assert left.seconds({"quick 1": 3.0}) == pytest.approx(3 * 8.0 - 3.0)
    assert left.seconds({"quick 1": 3000.0}) == pytest.approx(2 * 8.0)


def test_is_at_least_what_the_longest_running_cell_still_takes() -> None:
    left = TimeLeft({"done": 1.0, "dear": 100.0, "cheap": 1.0}, lambda _: ("SMOTE", "kNN"), n_workers=2)
    left.done("done", 2.0)
    assert left.seconds({"dear": 10.0, "cheap": 0.0}) == pytest.approx(190.0)
