"""What is to be known before an answer is believed: each thing that is missing or odd is named."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from made_up import made_up_run
from made_up_scores import cell, effects_run, scored_run
from report.analysis.answers import run_of_table, warned

from smote_bench.data.findings import Finding
from smote_bench.report.analysis import caveats as caveats_module
from smote_bench.report.analysis.answer import answer
from smote_bench.runs.open import open_run

NAN = math.nan


def test_a_method_over_fewer_data_sets_does_not_compete() -> None:
    found = answer(
        run_of_table(
            {
                "Original": [0.5] * 6,
                "SMOTE": [0.6, 0.61, 0.62, 0.6, 0.61, 0.62],
                "fragile": [0.9, 0.9, 0.9, 0.9, 0.9, "error"],
            }
        )
    )
    assert (found.verdict, found.method) == ("helps", "SMOTE")
    assert warned(found, "1 of 18 cells have no scores", "fragile: 1 error")
    assert warned(found, "Not among those compared", "fragile")


def test_caveats_name_what_is_missing() -> None:
    found = answer(
        run_of_table({"Original": [0.5] * 5 + [NAN], "SMOTE": [0.6] * 4 + [0.7, 0.7], "ADASYN": [0.5] * 6})
    )
    assert warned(found, "One classifier, kNN")
    assert warned(found, "m is undefined in 1 cell, which is left out")
    assert warned(found, "Not run", "RandomOverSampler, class_weight, tuned_threshold")
    assert warned(found, "5 data sets are few")


def test_a_metric_without_a_direction_is_named() -> None:
    run = effects_run({"SMOTE": 0.1}, better={"balanced_accuracy": None})
    assert warned(answer(run), "no direction of improvement")


def test_a_method_that_returns_its_input_is_named() -> None:
    cells = [
        cell((f"d{i}", name, "kNN"), [0.5, 0.6], status=status)
        for i in range(5)
        for name, status in (("Original", "ok"), ("SMOTE", "noop"))
    ]
    found = answer(scored_run(cells))
    assert found.verdict == "no difference shown"
    assert warned(found, "Returned the data unchanged", "SMOTE in 5 cells.")


def test_a_large_run_in_order_has_few_caveats() -> None:
    run = effects_run(
        {"SMOTE": 0.05, "class_weight": 0.0, "RandomOverSampler": 0.0, "tuned_threshold": 0.0}, datasets=12
    )
    assert answer(run).caveats == []


def test_leaks_of_a_table_come_first_and_what_was_only_read_otherwise_does_not(tmp_path: Path) -> None:
    found = {
        "Ecoli": [
            Finding("read", "", "semicolons between values"),
            Finding("suspect", "c", "-999 in 12 rows of 'c'", "'read: {na: [-999]}' takes it as missing"),
            Finding("leak", "b", "column 'b' is a copy of the target", "'drop: [b]' leaves it out"),
        ]
    }
    said = answer(open_run(made_up_run(tmp_path, datasets=2, methods=2, findings=found))).caveats
    assert said[:2] == [
        "Ecoli: column 'b' is a copy of the target; 'drop: [b]' leaves it out.",
        "Ecoli: -999 in 12 rows of 'c'; 'read: {na: [-999]}' takes it as missing.",
    ]
    assert not [text for text in said if "semicolons" in text]


def harmed_run(*, recall: float, brier: float):
    """Return a run in which SMOTE has this recall and Brier score, `Original` .4 and .08."""
    cells = []
    for i in range(6):
        for method, (found, error) in {"Original": (0.4, 0.08), "SMOTE": (recall, brier)}.items():
            values = {"m": [0.5, 0.6], "recall": [found, found + 0.1], "brier": [error - 0.01, error + 0.01]}
            cells.append(cell((f"d{i}", method, "kNN"), values))
    return scored_run(cells, better={"m": "high", "recall": "high", "brier": "low"})


def test_probabilities_that_resampling_harmed_are_named_with_their_remedy() -> None:
    found = answer(harmed_run(recall=0.6, brier=0.15))
    assert warned(
        found, "SMOTE (recall +0.20, Brier score 0.080 to 0.150)", "prior_corrected: true", "calibrated"
    )
    for unharmed in (harmed_run(recall=0.6, brier=0.081), harmed_run(recall=0.3, brier=0.15)):
        assert not warned(answer(unharmed), "probabilities are worse")
    assert not warned(answer(effects_run({"SMOTE": 0.1})), "probabilities are worse")


def test_harm_to_probabilities_is_looked_for_once_for_all_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    run, real, calls = harmed_run(recall=0.6, brier=0.15), caveats_module._harmed, []
    monkeypatch.setattr(caveats_module, "_harmed", lambda run: calls.append(run) or real(run))
    for metric in ("m", "recall", "brier"):
        assert warned(answer(run, metric), "SMOTE (recall +0.20")
    assert calls == [run]


def test_a_method_that_has_a_remedy_is_not_told_of_it() -> None:
    run = harmed_run(recall=0.6, brier=0.15)
    how = {"SMOTE": {"name": "SMOTE", "calibrated": "sigmoid"}}
    remedied = {**run.manifest, "experiment": {**run.manifest["experiment"], "methods": how}}
    assert not warned(answer(replace(run, manifest=remedied)), "probabilities are worse")
