"""The second stage of a session's gate: its parts, and what happens when a process dies over them."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from smote_bench.engines.cell_runner import CellRunner
from smote_bench.evaluation.parts import Part
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import Store
from smote_bench.session.second_look import compute_part

GRID = """
methods: [SMOTE]
datasets: [Haberman]
selected_classifiers: [kNN]
cv_folds: 2
"""
PART = Part(1, 1, 0)


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    return RunSettings(run_dir=str(tmp_path / "run"), is_worker=True)


def _statuses(settings: RunSettings) -> dict[str, tuple[str, str]]:
    store = Store(Path(settings.run_dir, "cells.sqlite"))
    found = {
        outcome.cell.id: (outcome.status, outcome.reason)
        for words, outcome in store.part_outcomes()
        if words == PART.label
    }
    store.close()
    return found


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_part_is_computed_for_the_cells_asked_for_and_no_others(settings: RunSettings, jobs: int) -> None:
    experiment = experiment_from_text(GRID)
    cells = list(experiment.cells.values())
    compute_part(experiment, settings, cells, PART, jobs=jobs)
    assert {name: status for name, (status, _) in _statuses(settings).items()} == {
        cell.id: "ok" for cell in cells
    }


def test_a_process_that_dies_is_an_error_of_what_was_not_computed(
    settings: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = experiment_from_text(GRID)
    original, treated = experiment.cells.values()

    def dies(make: Any, items: Any, jobs: int) -> Any:
        runner = CellRunner(experiment, settings)
        runner.run_part(original, PART)
        runner.close()
        raise BrokenProcessPool("a process was killed")
        yield

    monkeypatch.setattr("smote_bench.environment.processes.map_in_processes", dies)
    compute_part(experiment, settings, [original, treated], PART, jobs=2)
    found = _statuses(settings)
    assert found[original.id][0] == "ok"
    assert found[treated.id][0] == "error"
    assert "died" in found[treated.id][1]
