"""Cells that failed of one fault are one group."""

from __future__ import annotations

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.failure_groups import grouped_failures

TRACE = (
    'Traceback (most recent call last):\n  File "/bench/evaluate.py", line 3, in evaluate_cell\n    run()\n'
    '  File "/home/me/mine.py", line {}, in fit_resample\n    raise ValueError\nValueError: x\n'
)


def _failed(n: int, reason: str, line: int = 7, status: str = "error") -> Outcome:
    return Outcome(Cell("Ecoli", f"M{n}", "kNN"), status, reason, traceback=TRACE.format(line))


def test_one_fault_is_one_group_with_its_first_traceback_and_ids() -> None:
    (group,) = grouped_failures([Outcome(Cell("a", "b", "c"), "ok"), *(_failed(n, "same") for n in range(5))])
    assert (group.status, group.words) == ("error", "same, at mine.py:7 in fit_resample")
    assert group.which == "Ecoli-M0-kNN, Ecoli-M1-kNN, Ecoli-M2-kNN and 2 more"
    assert group.traceback == TRACE.format(7)


def test_reasons_that_differ_in_numbers_are_one_and_counted() -> None:
    (group,) = grouped_failures(
        [_failed(1, "3 rows, 1.5"), _failed(2, "41 rows, 2"), _failed(3, "3 rows, 1.5")]
    )
    assert group.words.startswith("3 rows, 1.5 (and 1 that differs in numbers)")
    assert len(group.cells) == 3


def test_another_message_another_status_and_another_place_are_apart() -> None:
    outcomes = [
        _failed(1, "same"),
        _failed(2, "other"),
        _failed(3, "same", line=8),
        _failed(4, "same", status="timeout"),
    ]
    assert [len(group.cells) for group in grouped_failures(outcomes)] == [1, 1, 1, 1]


def test_without_a_traceback_there_is_no_place() -> None:
    (group,) = grouped_failures([Outcome(Cell("Oil", "SMOTE", "kNN"), "unavailable", "fetch it")])
    assert (group.place, group.words) == ("", "fetch it")
