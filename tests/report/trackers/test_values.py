"""Scores as trackers show them, against scores.csv read by hand."""

from __future__ import annotations

import csv
import math
import statistics
from pathlib import Path
from typing import Any

import pytest

from smote_bench.report.trackers.values import cv_summary, final_test, steps
from smote_bench.runs.open import open_run


@pytest.fixture
def rows(run_folder: Path) -> list[dict[str, str]]:
    with (run_folder / "scores.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["metric"] == "balanced_accuracy"]


def of(rows: list[dict[str, str]], method: str, phase: str) -> dict[tuple[int, int], float]:
    return {
        (int(row["repeat"]), int(row["fold"])): float(row["value"])
        for row in rows
        if row["method"] == method and row["phase"] == phase
    }


def test_steps_go_on_over_repeats(run_folder: Path, rows: Any) -> None:
    frame = steps(open_run(run_folder), "one", "Jitter", "cv").query("metric == 'balanced_accuracy'")
    expected = of(rows, "Jitter", "cv")
    assert dict(zip(frame["step"], frame["value"], strict=True)) == {
        1: expected[0, 0],
        2: expected[0, 1],
        3: expected[1, 0],
        4: expected[1, 1],
    }


def test_the_summary_is_mean_and_spread_of_all_folds(run_folder: Path, rows: Any) -> None:
    frame = cv_summary(open_run(run_folder), "one", "Jitter").set_index("metric")
    values = list(of(rows, "Jitter", "cv").values())
    assert frame.loc["balanced_accuracy", "mean"] == pytest.approx(statistics.fmean(values), abs=1e-15)
    assert frame.loc["balanced_accuracy", "std"] == pytest.approx(statistics.pstdev(values), abs=1e-15)


def test_the_final_test_stands_beside_that_of_original(run_folder: Path, rows: Any) -> None:
    frame = final_test(open_run(run_folder), "one", "Jitter").query("metric == 'balanced_accuracy'")
    treated, original = of(rows, "Jitter", "holdout"), of(rows, "Original", "holdout")
    assert len(frame) == 2
    for row in frame.itertuples():
        place = (row.step - 1, 0)
        assert (row.treated, row.original) == (treated[place], original[place])
        assert row.improvement == treated[place] - original[place]


def test_an_undefined_fold_leaves_mean_and_spread_undefined(run_folder: Path) -> None:
    run = open_run(run_folder)
    scores = run.scores
    scores.loc[(scores["method"] == "Jitter") & (scores["fold"] == 1), "value"] = math.nan
    summary = cv_summary(run, "one", "Jitter")
    assert summary[["mean", "std"]].isna().all(axis=None)


def test_a_method_without_scores_has_no_rows(run_folder: Path) -> None:
    run = open_run(run_folder)
    assert steps(run, "one", "Broken", "cv").empty
    assert cv_summary(run, "one", "Broken").empty
    assert final_test(run, "one", "Broken").empty
