"""What is to be known before an answer is believed: each thing that is missing or odd is named."""

from __future__ import annotations

import math

from made_up_scores import cell, effects_run, scored_run
from report.analysis.answers import run_of_table, warned

from smote_bench.report.analysis.answer import answer

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
    assert warned(found, "m is undefined in 1 cells")
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
    assert warned(found, "Returned the data unchanged", "SMOTE in 5")


def test_a_large_run_in_order_has_few_caveats() -> None:
    run = effects_run(
        {"SMOTE": 0.05, "class_weight": 0.0, "RandomOverSampler": 0.0, "tuned_threshold": 0.0}, datasets=12
    )
    assert answer(run).caveats == []
