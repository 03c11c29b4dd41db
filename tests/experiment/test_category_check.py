"""Samplers of categories on tables without any: told before the first cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from mixed_table import mixed_experiment, mixed_table

from smote_bench.errors import ConfigError
from smote_bench.experiment.category_check import check_categories
from smote_bench.experiment.file import check_rows, experiment_from_text, read_experiment


def known(datasets: str, method: str, preprocessed: str = "false") -> str:
    return (
        f"name: n\nmethods: [{method}]\ndatasets: [{datasets}]\n"
        f"datasets_params: {{preprocessed: {preprocessed}}}\n"
    )


def test_refused_where_every_table_is_known_to_have_numbers_alone() -> None:
    experiment = experiment_from_text(known("Ecoli, Haberman", "imblearn.SMOTENC"))
    with pytest.raises(
        ConfigError, match=r"and of numbers for imblearn\.SMOTENC, got Ecoli, Haberman with numbers"
    ):
        check_categories(experiment)
    with pytest.raises(ConfigError, match=r"Tic_tac_toe with categories alone: take SMOTEN for categories$"):
        check_categories(experiment_from_text(known("Flare_letters, Tic_tac_toe", "SMOTENC")))
    with pytest.raises(
        ConfigError, match="Ecoli with numbers alone and Tic_tac_toe with categories alone: take SMOTE for"
    ):
        check_categories(experiment_from_text(known("Tic_tac_toe, Ecoli", "SMOTENC")))
    with pytest.raises(ConfigError, match=r"with preprocessed: true all are numbers: set it to false\)$"):
        check_categories(experiment_from_text(known("Abalone", "imblearn.SMOTENC", "true")))


@pytest.mark.parametrize(
    ("datasets", "method"),
    [
        ("Ecoli, Abalone", "imblearn.SMOTENC"),
        ("Tic_tac_toe, German_credit", "SMOTENC"),
        ("Ecoli", "SMOTE"),
        ("Ecoli", "Original"),
        ("Tic_tac_toe", "SMOTEN"),
    ],
)
def test_allowed_where_one_has_categories_or_nobody_asks(datasets: str, method: str) -> None:
    check_categories(experiment_from_text(known(datasets, method)))


def test_a_file_of_ones_own_is_read_for_it_and_the_place_is_named(tmp_path: Path) -> None:
    experiment = mixed_experiment(tmp_path, ["imblearn.SMOTENC"])
    check_categories(experiment)
    mixed_table()[["age", "income", "left"]].to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(ConfigError, match="got People with numbers alone"):
        check_categories(experiment)
    truths = mixed_table().assign(plan=mixed_table()["plan"] == "full")
    truths[["age", "plan", "left"]].to_csv(tmp_path / "people.csv", index=False)
    check_categories(experiment)
    truths[["plan", "left"]].to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(ConfigError, match="got People with categories alone"):
        check_categories(experiment)
    mixed_table()[["age", "income", "left"]].to_csv(tmp_path / "people.csv", index=False)
    path = tmp_path / "mixed.yaml"
    path.write_text(
        "name: n\nmethods: [imblearn.SMOTENC]\ndatasets:\n"
        "  - {name: People, file: people.csv, target: left, minority: 'yes'}\n"
    )
    with pytest.raises(ConfigError, match=r"mixed.yaml:2"):
        check_rows(read_experiment(path))


@pytest.mark.parametrize(
    ("method", "classifier", "told"),
    [
        ({"S": {"method": "SMOTE", "repair": "round"}}, {}, "repair: round of S"),
        ({"S": {"method": "RandomOverSampler", "rows": "encoded"}}, {}, "rows: encoded of S"),
        ("SMOTE", {"H": {"classifier": "HistGradientBoosting", "rows": "typed"}}, "rows: typed of H"),
    ],
)
def test_what_is_said_of_rows_does_nothing_to_encoded_tables_and_is_refused(
    tmp_path: Path, method: object, classifier: dict, told: str
) -> None:
    classifiers = classifier or ("LogisticRegression",)
    check_categories(mixed_experiment(tmp_path, [method], classifiers))
    with pytest.raises(ConfigError, match=f"expected preprocessed: false beside {told}"):
        check_categories(mixed_experiment(tmp_path, [method], classifiers, preprocessed=True))
