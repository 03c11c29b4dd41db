"""Scores as blocks: means over folds and classifiers, and nothing where one of them is missing."""

from __future__ import annotations

import math

import pytest
from made_up_scores import cell, effects_run, scored_run

from smote_bench.errors import ConfigError
from smote_bench.report.analysis import over_datasets, score_blocks

NAN = math.nan


def test_blocks_are_mean_scores_over_folds_and_classifiers() -> None:
    run = scored_run(
        [
            cell(("A", "Original", "kNN"), [0.4, 0.6], [0.9]),
            cell(("A", "Original", "SVM"), [0.6, 0.8], [0.9]),
            cell(("A", "SMOTE", "kNN"), [0.5, 0.7], [0.9]),
            cell(("A", "SMOTE", "SVM"), [0.5, 0.5], [0.9]),
        ]
    )
    assert score_blocks.blocks(run, "m").loc["A"].tolist() == pytest.approx([0.6, 0.55])
    assert score_blocks.blocks(run, "m", "SVM").loc["A"].tolist() == pytest.approx([0.7, 0.5])


@pytest.mark.parametrize("gap", ["error", "timeout", "unavailable", NAN, math.inf])
def test_a_method_without_one_classifier_has_no_mean_over_them(gap: str | float) -> None:
    cells = [
        cell((name, method, classifier), [0.5, 0.5])
        for name in "AB"
        for method in ("Original", "SMOTE")
        for classifier in ("kNN", "SVM")
    ]
    cells[-1] = (
        cell(("B", "SMOTE", "SVM"), status=gap)
        if isinstance(gap, str)
        else cell(("B", "SMOTE", "SVM"), [gap, 1])
    )
    found = score_blocks.blocks(scored_run(cells), "m")
    assert found.notna().to_numpy().tolist() == [[True, True], [True, False]]
    assert score_blocks.blocks(scored_run(cells), "m", "kNN").notna().all(axis=None)


def test_blocks_of_a_run_without_cross_validation_are_hold_out_scores() -> None:
    run = scored_run([cell(("A", "Original", "kNN"), holdout=[0.4, 0.6])])
    assert score_blocks.blocks(run, "m").loc["A", "Original"] == 0.5


def test_an_unknown_metric_or_classifier_gets_a_suggestion() -> None:
    run = effects_run({"SMOTE": 0.1})
    with pytest.raises(ConfigError, match=r"got 'balanced_acuracy'\. Did you mean 'balanced_accuracy'"):
        score_blocks.blocks(run, "balanced_acuracy")
    with pytest.raises(ConfigError, match=r"got 'classifer0'\. Did you mean 'classifier0'"):
        over_datasets.tests(run, "balanced_accuracy", "classifer0")
