"""The progress line: when it is due, and what it says. The clock is the test's own."""

from __future__ import annotations

import pytest

from smote_bench.session.progress import Progress, in_words


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _progress(n_cells: int, expected: float) -> tuple[Progress, _Clock]:
    clock = _Clock()
    return Progress(n_cells, expected, clock=clock), clock


def test_estimates_the_time_left_from_the_share_of_the_cost_that_is_done() -> None:
    progress, clock = _progress(4, 100.0)
    clock.now = 30.0
    # One cell of four, but a quarter of the cost would be wrong: it was the dearest, 60 of 100.
    line = progress.done(60.0, from_memo=False, ok=True)
    assert line == "smote-bench: 1/4 cells, 60%, 30 s gone, about 20 s left"


def test_is_silent_until_a_tenth_is_done_or_ten_seconds_are_gone() -> None:
    progress, clock = _progress(100, 100.0)
    clock.now = 5.0
    assert progress.done(5.0, from_memo=False, ok=True) is None
    assert progress.done(5.0, from_memo=False, ok=True) is not None
    clock.now = 14.0
    assert progress.done(1.0, from_memo=False, ok=True) is None
    clock.now = 15.0
    assert progress.done(1.0, from_memo=False, ok=True) is not None


def test_shows_at_most_one_line_a_second_but_always_the_last() -> None:
    progress, clock = _progress(3, 3.0)
    clock.now = 0.5
    assert progress.done(1.0, from_memo=False, ok=True) is None
    assert progress.done(1.0, from_memo=False, ok=True) is None
    assert progress.done(1.0, from_memo=False, ok=True) == "smote-bench: 3/3 cells in 0 s"


def test_counts_what_came_from_the_memo_and_what_was_not_ok() -> None:
    progress, clock = _progress(2, 2.0)
    progress.done(1.0, from_memo=True, ok=True)
    clock.now = 61.0
    line = progress.done(1.0, from_memo=False, ok=False)
    assert line == "smote-bench: 2/2 cells (1 from the memo, 1 not ok) in 1 min 01 s"


def test_estimates_that_are_zero_or_too_small_give_no_nonsense() -> None:
    for expected in (0.0, 1e-12):
        progress, clock = _progress(2, expected)
        clock.now = 20.0
        line = progress.done(0.0, from_memo=False, ok=True)
        assert line is not None
        assert "-" not in line.removeprefix("smote-bench")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (3599.6, "1 h 00 min"),
        (7384, "2 h 03 min"),
        (90000, "25 h 00 min"),
    ],
)
def test_durations_read_as_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_never_says_all_is_done_while_cells_are_left() -> None:
    now = [0.0]
    progress = Progress(2, 100.0, clock=lambda: now[0])
    now[0] = 60.0
    line = progress.done(100.0, from_memo=False, ok=True)
    assert line is not None
    assert "1/2 cells, 99%" in line
    assert "about 1 s left" in line
