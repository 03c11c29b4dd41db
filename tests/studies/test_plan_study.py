"""The study that holds plans against runs: what it draws, replays and writes, without a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plan_study import (
    Real,
    dearest,
    drawn,
    pairs,
    read_cells,
    real_seconds,
    replayed,
    table,
    write,
    write_grid,
)
from smote_bench.engines.planning.calibration import Calibration
from smote_bench.engines.planning.plan import Basis, Request, plan_of
from smote_bench.engines.planning.tables import Table
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text, read_experiment
from smote_bench.runs.known_work import Remembered, Work

EXPERIMENT = experiment_from_text(
    "name: small\nmethods: [SMOTE]\ndatasets: [Haberman]\nselected_classifiers: [kNN, DecisionTree]\n"
)
CELLS = list(EXPERIMENT.cells.values())
SMOTE_KNN, SMOTE_TREE = CELLS[2:]
PLAN = plan_of(
    EXPERIMENT,
    Request(workers=(1, 2), calibrate=0.0, engine="xdist"),
    CELLS,
    Basis(
        Remembered(work={cell: Work(0.0, 1.0) for cell in CELLS}),
        {"Haberman": Table("Haberman", 300, 3, is_read=True)},
        Calibration(),
        1.0,
    ),
)
REAL = Real(
    cpu=30.0,
    wall=20.0,
    load=1.0,
    status=dict.fromkeys(CELLS, "ok"),
    parts={cell: (4.0 if cell.method == "SMOTE" else 0.0, 6.0) for cell in CELLS},
)


def test_the_grid_is_of_110_methods_14_data_sets_and_5_classifiers(tmp_path: Path) -> None:
    grid = read_experiment(write_grid(tmp_path))
    assert (len(grid.methods), len(grid.datasets), len(grid.classifiers)) == (110, 14, 5)


def test_cells_are_drawn_by_the_seed_alone() -> None:
    assert drawn(EXPERIMENT, 2, 1) == drawn(EXPERIMENT, 2, 1)
    assert len({tuple(drawn(EXPERIMENT, 2, seed)) for seed in range(20)}) > 1


def test_resampling_counts_once_a_group_and_a_limit_is_what_it_took() -> None:
    assert real_seconds(REAL, 60)[SMOTE_KNN] == 10
    assert real_seconds(REAL, 60)[SMOTE_TREE] == 6
    late = Real(1, 1, 1, {**REAL.status, SMOTE_TREE: "timeout"}, REAL.parts)
    assert real_seconds(late, 60)[SMOTE_TREE] == 60


def test_the_schedule_is_replayed_from_what_cells_took() -> None:
    # two starts of 1 s on three quarters of a core, then 12 s of Original beside 16 s of SMOTE
    assert replayed(PLAN, REAL, 60) == pytest.approx(2 / 0.75 + 16)


def test_the_table_has_the_ratios() -> None:
    text = "\n".join(table(EXPERIMENT, PLAN, PLAN, REAL, 60, 1))
    planned = PLAN.wall[2].busy + 3
    assert f"| **planned by measured** | **{planned / 30:.2f}** |" in text
    assert "| **simulated by measured wall** | **0.93** |" in text
    assert len(pairs(PLAN, REAL, 60)) == len(dearest(PLAN, REAL, 60)) == 4


def test_cells_are_read_from_a_runs_table(tmp_path: Path) -> None:
    file = tmp_path / "cells.csv"
    head = "dataset,method,classifier,status,resample_seconds,fit_seconds,predict_seconds,other_seconds\n"
    file.write_text(f"{head}Ecoli,SMOTE,kNN,ok,1.5,2,0.25,0.5\nEcoli,SMOTE,SVM,timeout,,,,\n")
    status, parts = read_cells(file)
    assert status[Cell("Ecoli", "SMOTE", "SVM")] == "timeout"
    assert parts == {Cell("Ecoli", "SMOTE", "kNN"): (1.5, 2.75), Cell("Ecoli", "SMOTE", "SVM"): (0.0, 0.0)}


def test_the_table_goes_between_its_marks_or_nowhere(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- measured: python benchmarks/plan_study.py quick -->\nold\n<!-- end -->\nb\n")
    write(page, "quick", "new")
    assert page.read_text() == (
        "a\n<!-- measured: python benchmarks/plan_study.py quick -->\n\nnew\n\n<!-- end -->\nb\n"
    )
    with pytest.raises(SystemExit, match="got a document without them"):
        write(page, "default", "new")
