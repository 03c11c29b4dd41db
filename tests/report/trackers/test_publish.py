"""Sending a run in a process of its own: whatever that does, the run is whole and can be sent again.

Also of: report.trackers.child, report.trackers.contract.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import filelock
import pytest

from smote_bench.report.trackers.publish import NOT_SENT, publish, resend_command
from tests.report.trackers.conftest import content, ledger_of, sent_to_toy

CELLS = ["one-Original-DecisionTree", "one-Jitter-DecisionTree", "one-Broken-DecisionTree"]


def send(folder: Path, **more: Any) -> tuple[str | None, list[str]]:
    said: list[str] = []
    return publish(folder, "toys:Toy", say=said.append, **more), said


def test_a_run_is_sent_and_what_the_tracker_says_is_told_without_its_librarys_chatter(
    there: Any, run_folder: Path
) -> None:
    before = content(run_folder)
    assert send(run_folder) == (None, [f"toy takes {run_folder.name}"])
    assert sent_to_toy(there.path) == CELLS
    assert content(run_folder) == before


def test_sending_again_sends_nothing_twice(there: Any, run_folder: Path) -> None:
    send(run_folder)
    assert send(run_folder)[0] is None
    assert sent_to_toy(there.path) == CELLS


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("refuses", "expected the toy to take a cell, got a refusal: ask again"),
        ("crashes", "ZeroDivisionError: toys break"),
        ("dies", "its process ended with code 9 before everything was sent"),
        ("exits", "its process ended with code 1 before everything was sent"),
    ],
)
def test_a_tracker_that_fails_half_way_is_a_sentence_and_the_rest_can_be_sent(
    there: Any, run_folder: Path, monkeypatch: pytest.MonkeyPatch, behaviour: str, said: str
) -> None:
    before = content(run_folder)
    monkeypatch.setenv("TOY", behaviour)
    problem, _ = send(run_folder)
    assert problem is not None
    assert problem.startswith(f"{NOT_SENT}toys:Toy: {said}. Nothing of the run is lost")
    assert resend_command(run_folder, "toys:Toy") in problem
    assert "  chatter of a library" in problem.splitlines()
    items = ledger_of(run_folder)["trackers"]["toys:Toy"]["here"]
    assert items == {CELLS[0]: {"id": "0", "complete": True}, CELLS[1]: {"id": "1", "complete": False}}
    assert content(run_folder) == before

    monkeypatch.setenv("TOY", "well")
    assert send(run_folder)[0] is None
    assert sent_to_toy(there.path) == CELLS


def test_a_tracker_that_says_nothing_is_ended(
    there: Any, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY", "hangs")
    problem, _ = send(run_folder, silence=5.0)
    assert problem is not None
    assert "it has said nothing for 5 s and was ended" in problem


def test_the_process_is_no_part_of_what_else_runs_here(
    there: Any, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLEARML_TASK_ID", "CLEARML_PROC_MASTER_ID", "MLFLOW_RUN_ID"):
        monkeypatch.setenv(name, "ours")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///kept.db")
    send(run_folder)
    seen = (there.path / "environment.txt").read_text(encoding="utf-8").splitlines()
    assert "MLFLOW_TRACKING_URI" in seen
    assert not {"CLEARML_TASK_ID", "CLEARML_PROC_MASTER_ID", "MLFLOW_RUN_ID"} & set(seen)


def test_two_processes_do_not_send_one_run_at_once(there: Any, run_folder: Path) -> None:
    with filelock.FileLock(run_folder / "tracked.lock"):
        problem, _ = send(run_folder)
    assert problem is not None
    assert "another process is sending" in problem
    assert sent_to_toy(there.path) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="a folder cannot be closed to this user")
def test_a_folder_that_cannot_be_written_is_named(there: Any, run_folder: Path) -> None:
    run_folder.chmod(0o555)
    problem, _ = send(run_folder)
    run_folder.chmod(0o755)
    assert problem is not None
    assert "expected a run's folder in which can be noted what was sent" in problem


def test_a_damaged_list_of_what_was_sent_is_named_with_the_remedy(there: Any, run_folder: Path) -> None:
    (run_folder / "tracked.json").write_text("{", encoding="utf-8")
    problem, _ = send(run_folder)
    assert problem is not None
    assert "tracked.json" in problem
    assert "remove it to send everything again" in problem
    assert sent_to_toy(there.path) == []
