"""Settings of trackers in an experiment's file: the original's keys, checked with their lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smote_bench.errors import ConfigError
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.experiment.tracking import WITHOUT_EFFECT, TrackingSettings, parse_trackers, parse_tracking

BASE = "methods: [SMOTE]\ndatasets: [Ecoli]\n"
ORIGINALS = """
methods:
  - SMOTE
  - ADASYN

datasets:
  - Ecoli
  - Satimage

datasets_params:
  preprocessed: True

experiment_config:
    cv_folds: 5
    test_size: 0.2
    random_state: 42
    priority_metrics: [
      'balanced_accuracy', 'f1_weighted', 'g_mean',
      'roc_auc_weighted', 'precision_weighted', 'recall_weighted'
      ]
    selected_classifiers: [
      'RandomForest', 'LogisticRegression', 'kNN'
      ]
    clearml_project_name: Oversampling
    clearml_task_name: null
    clearml_tags: ["smote", "benchmark"]
    auto_log_artifacts: False
    log_model_params: True
    enable_scatter_plots: True
    enable_roc_curves: False
    enable_precision_recall_curves: True
"""


def experiment_of(text: str) -> Experiment:
    return experiment_from_text(text, "exp.yaml")


def test_the_originals_file_with_its_clearml_keys_is_read_unchanged() -> None:
    settings = experiment_of(ORIGINALS).tracking
    assert settings == TrackingSettings(
        clearml_project_name="Oversampling",
        clearml_tags=("smote", "benchmark"),
        auto_log_artifacts=False,
        enable_roc_curves=False,
    )


def test_without_keys_the_settings_are_the_originals_defaults() -> None:
    settings = experiment_of(BASE).tracking
    assert settings == TrackingSettings()
    assert settings.clearml_project_name == "SMOTE Test Bench"
    assert settings.clearml_task_name is None


def test_no_cell_and_no_method_depends_on_settings_of_trackers() -> None:
    plain, tracked = experiment_of(BASE), experiment_of(BASE + "clearml_tags: [a]\ntrackers: clearml\n")
    assert tracked.cells == plain.cells
    assert tracked.methods == plain.methods
    assert tracked.protocol == plain.protocol


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("clearml_project_name", "7", "exp.yaml:4: experiment_config.clearml_project_name: expected text"),
        ("clearml_tags", "{a: 1}", "expected a list of tags as text"),
        ("clearml_tags", "[1]", "expected a list of tags as text"),
        ("enable_roc_curves", "maybe", "expected true or false, got 'maybe'"),
        ("auto_log_artifacts", "1", "expected true or false, got 1"),
        ("parent_task_id", "12", "expected text (quote it), got 12"),
        ("clearml_project_nam", "x", "Did you mean 'clearml_project_name'?"),
    ],
)
def test_a_wrong_setting_is_an_error_that_says_what_was_expected(key: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        experiment_of(f"{BASE}experiment_config:\n  {key}: {value}\n")
    assert said in str(error.value)


@pytest.mark.parametrize("key", WITHOUT_EFFECT)
def test_a_key_of_the_original_without_effect_is_named_with_what_there_is_instead(key: str) -> None:
    (remark,) = experiment_of(f"{BASE}experiment_config:\n  {key}: 5\n").remarks
    assert remark == f"experiment_config.{key} has no effect here: {WITHOUT_EFFECT[key]}"


def test_keys_without_effect_are_not_offered_where_a_key_is_misspelt() -> None:
    with pytest.raises(ConfigError) as error:
        experiment_of(f"{BASE}experiment_config:\n  result_dir: 5\n")
    assert "results_dir" not in str(error.value)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("clearml", ("clearml",)),
        ("clearml, mlflow,clearml", ("clearml", "mlflow")),
        (["a:B", "mlflow"], ("a:B", "mlflow")),
        (None, ()),
        ("", ()),
    ],
)
def test_trackers_are_named_by_text_or_list_each_once(value: Any, names: tuple[str, ...]) -> None:
    assert parse_trackers(value) == names


@pytest.mark.parametrize("value", [5, [1], {"clearml": True}, True])
def test_what_names_no_tracker_is_an_error(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"write \[clearml, mlflow\]"):
        parse_trackers(value)


def test_settings_survive_the_manifest() -> None:
    settings = parse_tracking(
        {"clearml_tags": ["a", "b"], "enable_tsne_plots": False, "parent_task_id": "p1"}
    )
    manifest = {"experiment": {"tracking": json.loads(json.dumps(settings.to_json()))}}
    assert TrackingSettings.of(manifest) == settings


def test_a_manifest_from_before_trackers_gives_the_defaults() -> None:
    assert TrackingSettings.of({"experiment": {}}) == TrackingSettings()
