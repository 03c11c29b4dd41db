"""The experiment that suits one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from smote_bench.api.one_file.choice import CLASSIFIERS, METHODS, experiment_of, methods_for, n_folds_for
from smote_bench.experiment.file import experiment_from_text
from smote_bench.metrics import DEFAULT_PRIORITY_METRICS

ENTRY = {"name": "own", "file": "own.csv", "target": "y", "minority": "1"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    rows = [f"{n * 7 % 13},{int(n % 3 == 0)}" for n in range(60)]
    (tmp_path / "own.csv").write_text("\n".join(["a,y", *rows]) + "\n")
    return tmp_path / "own.yaml"


@pytest.mark.parametrize(("rows", "folds"), [(2, 2), (10, 4), (12, 4), (13, 5), (1000, 5)])
def test_each_fold_tests_two_minority_rows(rows: int, folds: int) -> None:
    assert n_folds_for(rows) == folds
    if rows > 4:
        assert int(rows * 0.8) // folds >= 2


def test_samplers_of_categories_are_there_where_the_columns_are() -> None:
    table = pd.DataFrame({"age": [1.0, 2.0], "city": pd.Categorical(["a", "b"])})
    size = pd.Categorical(["s", "m"], categories=["s", "m"], ordered=True)
    assert methods_for(table[["age"]]) == METHODS
    assert methods_for(table) == (*METHODS, "SMOTENC")
    assert methods_for(table[["age"]].assign(size=size)) == (*METHODS, "SMOTENC")
    assert methods_for(table[["city"]]) == (*METHODS, "SMOTEN")
    assert methods_for(table[["age"]].assign(smokes=[True, False])) == (*METHODS, "SMOTENC")
    assert methods_for(table[["city"]].assign(smokes=[True, False])) == (*METHODS, "SMOTEN")


def test_it_is_an_experiment_as_a_file_has_it(here: Path) -> None:
    found = experiment_from_text(yaml.safe_dump(experiment_of(ENTRY, n_folds=4, repeats=3)), str(here))
    assert list(found.methods) == ["Original", *METHODS]
    assert list(found.classifiers) == list(CLASSIFIERS)
    assert (found.protocol.cv_folds, found.protocol.random_runs) == (4, 3)
    assert found.priority_metrics == DEFAULT_PRIORITY_METRICS


def test_a_metric_or_a_cost_decides(here: Path) -> None:
    by_metric = experiment_of(ENTRY, n_folds=5, metric="roc_auc")
    assert experiment_from_text(yaml.safe_dump(by_metric), str(here)).priority_metrics[0] == "roc_auc"
    by_cost = experiment_of(ENTRY, n_folds=5, cost={"fp": 1, "fn": 25})
    found = experiment_from_text(yaml.safe_dump(by_cost), str(here))
    assert found.priority_metrics[0] == "expected_cost"
    assert found.metrics["expected_cost"].costs == (1, 25)


@pytest.mark.parametrize(
    ("more", "tuned_for"),
    [
        ({}, "balanced_accuracy"),
        ({"metric": "g_mean"}, "g_mean"),
        ({"metric": "roc_auc"}, "balanced_accuracy"),  # which no threshold changes
        ({"cost": {"fp": 1, "fn": 25}}, "expected_cost"),
    ],
)
def test_the_threshold_is_tuned_for_what_decides(here: Path, more: dict[str, Any], tuned_for: str) -> None:
    found = experiment_from_text(yaml.safe_dump(experiment_of(ENTRY, n_folds=5, **more)), str(here))
    method = found.methods["tuned_threshold"]
    assert method.tuned_threshold
    assert method.threshold_metric.name == tuned_for
