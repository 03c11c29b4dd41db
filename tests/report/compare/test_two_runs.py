"""Two runs compared: what is identical, what is found, what to beware of."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from made_up import made_up_run
from report.two_runs import FOLDS, a_run, said

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.two_runs import compare_runs
from smote_bench.runs.open import open_run


def test_the_same_run_made_twice_is_identical(tmp_path: Path, runs: Any) -> None:
    again = open_run(made_up_run(tmp_path, points=None))
    comparison = compare_runs(runs(), again)
    assert comparison.n_identical == len(comparison.cells.pairs) == 24
    assert {said(comparison, metric) for metric in comparison.metrics} == {"identical"}
    assert set(comparison.by_cell["verdict"]) == {"identical"}


def test_another_seed_is_no_difference_shown(runs: Any) -> None:
    comparison = compare_runs(runs(), runs(seed=1))
    assert comparison.n_identical == 0
    assert comparison.is_paired
    assert said(comparison, "balanced_accuracy") == "no difference shown"


def test_finds_the_method_that_got_better_and_no_other(runs: Any) -> None:
    base = runs(datasets=8, methods=3, effects={"SMOTE": -1.0})
    comparison = compare_runs(base, runs(datasets=8, methods=3, effects={"SMOTE": 0.0}, seed=1))
    by_method = {}
    for method in base.methods:
        d = comparison.by_method[method, "balanced_accuracy"]
        by_method[method] = verdict(d.mean, d.half_width, "high")
        assert (d.n, d.basis) == (8, "data sets")
    assert by_method == {
        "Original": "no difference shown",
        "SMOTE": "better",
        "class_weight": "no difference shown",
    }


def test_seconds_leave_out_what_came_from_the_memo() -> None:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = dataclasses.replace(base, from_memo=frozenset([Cell("two", "SMOTE", "kNN")]))
    comparison = compare_runs(base, other)
    assert (comparison.seconds.n_cells, comparison.seconds.n_from_memo) == (1, 1)
    assert comparison.seconds.base == pytest.approx(6 * 0.6)
    assert comparison.seconds.ratio == pytest.approx(1)
    assert any("1 identical cell came from the memo" in warning for warning in comparison.warnings)
