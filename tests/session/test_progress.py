"""The progress line: when it is due, and what it says. The clock is the test's own."""

from __future__ import annotations

import pytest

from smote_bench.session.progress import Progress, in_words


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _progress(*estimates: float, **more) -> tuple[Progress, _Clock]:
    """Progress of cells a, b, c and so on."""
    clock = _Clock()
    return Progress(dict(zip("abcdefghij", estimates, strict=False)), clock=clock, **more), clock


def test_estimates_the_time_left_from_what_the_cells_took() -> None:
    progress, clock = _progress(60, 20, 10, 10)
    clock.now = 30.0
    # One cell of four, but a quarter of the cost would be wrong: it was the dearest, 60 of 100.
    line = progress.done("a", 30.0, from_memo=False, ok=True)
    assert line == "smote-bench: 1/4 cells, 60%, 30 s gone, about 20 s left"


def test_knows_no_time_left_when_all_came_from_the_memo() -> None:
    progress, clock = _progress(60, 20, 10, 10)
    clock.now = 30.0
    line = progress.done("a", 0.01, from_memo=True, ok=True)
    assert line == "smote-bench: 1/4 cells (1 from the memo), 60%, 30 s gone, time left not known yet"


def test_is_silent_until_a_tenth_is_done_or_ten_seconds_are_gone() -> None:
    progress, clock = _progress(5, 5, 1, 1, 88)
    clock.now = 5.0
    assert progress.done("a", 5.0, from_memo=False, ok=True) is None
    assert progress.done("b", 5.0, from_memo=False, ok=True) is not None
    clock.now = 14.0
    assert progress.done("c", 1.0, from_memo=False, ok=True) is None
    clock.now = 15.0
    assert progress.done("d", 1.0, from_memo=False, ok=True) is not None


def test_lines_grow_rarer_as_a_run_grows_long() -> None:
    names = [f"cell {n}" for n in range(5000)]
    clock = _Clock()
    progress = Progress(dict.fromkeys(names, 1e-9) | {"dear": 1e9}, clock=clock)
    lines = []
    for name in names:
        clock.now += 10.0
        lines.append(progress.done(name, 10.0, from_memo=False, ok=True) is not None)
    assert sum(lines) < 100
    assert sum(lines[:10]) > 8
    assert 1 <= sum(lines[4000:]) < 5


def test_shows_at_most_one_line_a_second_but_always_the_last() -> None:
    progress, clock = _progress(1, 1, 1)
    clock.now = 0.5
    assert progress.done("a", 0.1, from_memo=False, ok=True) is None
    assert progress.done("b", 0.1, from_memo=False, ok=True) is None
    assert progress.done("c", 0.1, from_memo=False, ok=True) == "smote-bench: 3/3 cells in 0 s"


def test_counts_what_came_from_the_memo_and_what_was_not_ok() -> None:
    progress, clock = _progress(1, 1)
    progress.done("a", 0.0, from_memo=True, ok=True)
    clock.now = 61.0
    line = progress.done("b", 61.0, from_memo=False, ok=False)
    assert line == "smote-bench: 2/2 cells (1 from the memo, 1 not ok) in 1 min 01 s"


def test_estimates_that_are_zero_or_too_small_give_no_nonsense() -> None:
    for expected in (0.0, 1e-12):
        progress, clock = _progress(expected, expected)
        clock.now = 20.0
        line = progress.done("a", 20.0, from_memo=False, ok=True)
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
    progress, clock = _progress(100, 0)
    clock.now = 60.0
    line = progress.done("a", 60.0, from_memo=False, ok=True)
    assert line is not None
    assert "1/2 cells, 99%" in line
    assert "about 0 s left" in line


def test_a_live_line_names_what_runs_the_longest_first_and_the_memory() -> None:
    progress, clock = _progress(1, 1, 1, 1, 1, memory=lambda: 2_340_000_000)
    for n, name in enumerate("abcde"):
        clock.now = 100.0 * n
        progress.begun(name)
    clock.now = 430.0
    progress.ended("b")
    assert progress.live_line() == (
        "smote-bench: 0/5 cells, 0%, 7 min 10 s gone, time left not known yet, 2.3 GB; "
        "now a 7 min 10 s, c 3 min 50 s, d 2 min 10 s, 1 more"
    )


def test_a_line_says_what_computes_elsewhere() -> None:
    words = ["3 workers, 2 in flight"]
    progress, _ = _progress(1, 1, engine=lambda: words[0], memory=lambda: None)
    assert progress.line() == (
        "smote-bench: 0/2 cells, 0%, 0 s gone, time left not known yet, 3 workers, 2 in flight"
    )
    words[0] = ""
    assert progress.line().endswith("time left not known yet")


def test_a_cell_that_hangs_is_named_in_a_log_and_ever_more_seldom() -> None:
    progress, clock = _progress(1, 1)
    progress.begun("a")
    named = []
    for clock.now in range(0, 3600, 5):
        if line := progress.still():
            named.append((clock.now, line))
    assert named[0] == (120, "smote-bench: still: a for 2 min 00 s (0/2 cells)")
    assert [now for now, _ in named] == [120, 360, 840, 1800]


def test_nothing_is_named_while_cells_end_or_short_ones_run() -> None:
    progress, clock = _progress(1, 1, 1)
    clock.now = 100.0
    progress.begun("a")
    clock.now = 200.0  # long without a line, but the cell has not run for long
    assert progress.still() is None
    clock.now = 230.0
    assert progress.done("a", 130.0, from_memo=False, ok=True) is not None
    progress.begun("b")
    clock.now = 340.0
    assert progress.still() is None
    clock.now = 351.0
    assert progress.still() is not None


def test_a_step_of_the_end_is_named_alone_when_cells_are_over() -> None:
    progress, clock = _progress(1, 1)
    progress.begun("a")
    progress.cells_are_over()
    assert progress.live_line() == ""
    progress.begun("report: figures")
    clock.now = 130.0
    assert progress.live_line() == "smote-bench: report: figures 2 min 10 s"
    assert progress.still() == "smote-bench: still: report: figures for 2 min 10 s"
