"""An experiment narrowed to some of its names, and the ids of its cells."""

from __future__ import annotations

import pytest
from experiment.from_text import experiment_of

from smote_bench.errors import ConfigError
from smote_bench.experiment.model import Experiment


@pytest.mark.parametrize("original", ["Original", "Original()"])
def test_original_is_always_there_once_and_first(original: str) -> None:
    assert list(experiment_of(f"methods: [SMOTE, {original}]\ndatasets: [Ecoli]\n").methods) == [
        "Original",
        "SMOTE",
    ]


def test_ids_read_data_set_method_classifier_and_neighbours_share_resampled_rows() -> None:
    experiment = experiment_of(
        "methods: [SMOTE]\ndatasets: [Ecoli, Haberman]\nselected_classifiers: [kNN, SVM]\n"
    )
    assert list(experiment.cells)[:5] == [
        "Ecoli-Original-kNN",
        "Ecoli-Original-SVM",
        "Ecoli-SMOTE-kNN",
        "Ecoli-SMOTE-SVM",
        "Haberman-Original-kNN",
    ]
    assert all(cell.id == name for name, cell in experiment.cells.items())


@pytest.fixture(scope="module")
def wide() -> Experiment:
    return experiment_of(
        "methods: {SMOTE: {k_neighbors: 3}, ADASYN: }\ndatasets: [Ecoli, Haberman]\n"
        "datasets_params: preprocessed\nselected_classifiers: [kNN, RandomForest]\n"
    )


def test_narrows_to_the_named_and_keeps_their_definitions(wide: Experiment) -> None:
    narrow = wide.narrow(methods=["smote"], datasets=["Haberman"], classifiers=["knn"], metrics=["g_mean"])
    assert list(narrow.cells) == ["Haberman-Original-kNN", "Haberman-SMOTE-kNN"]
    assert narrow.methods["SMOTE"] == wide.methods["SMOTE"]
    assert list(narrow.metrics) == ["g_mean"]
    assert narrow.priority_metrics == ("g_mean",)
    assert narrow.protocol == wide.protocol


def test_narrowing_by_nothing_changes_nothing(wide: Experiment) -> None:
    assert wide.narrow() == wide


def test_narrowing_takes_a_name_that_the_file_does_not_have_from_the_catalogue(wide: Experiment) -> None:
    narrow = wide.narrow(methods=["Safe_Level_SMOTE()"], datasets=["Satimage"], classifiers=["SVM"])
    assert list(narrow.cells) == ["Satimage-Original-SVM", "Satimage-Safe_Level_SMOTE-SVM"]
    assert narrow.datasets["Satimage"].version == "processed"


def test_narrowing_by_original_alone_leaves_original(wide: Experiment) -> None:
    assert list(wide.narrow(methods=["Original"]).methods) == ["Original"]


@pytest.mark.parametrize(
    ("what", "word", "hint"),
    [
        ("methods", "SMOT", "SMOTE"),
        ("datasets", "Ecolli", "Ecoli"),
        ("classifiers", "Random-Forest", "RandomForest"),
        ("metrics", "gmean", "g_mean"),
    ],
)
def test_narrowing_by_an_unknown_name_suggests_one_and_lists_the_files(
    wide: Experiment, what: str, word: str, hint: str
) -> None:
    with pytest.raises(ConfigError, match=rf"'{word}'.*Did you mean '{hint}'.*This experiment has: "):
        wide.narrow(**{what: [word]})


@pytest.mark.parametrize("what", ["datasets", "classifiers", "metrics"])
def test_narrowing_to_nothing_is_refused(wide: Experiment, what: str) -> None:
    with pytest.raises(ConfigError, match="expected at least one name, got none; this experiment has: "):
        wide.narrow(**{what: []})
