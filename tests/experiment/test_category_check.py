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
        ConfigError, match=r"categories for imblearn\.SMOTENC, got Ecoli, Haberman with numbers"
    ):
        check_categories(experiment)
    with pytest.raises(ConfigError, match="preprocessed: false"):
        check_categories(experiment_from_text(known("Abalone", "imblearn.SMOTENC", "true")))


@pytest.mark.parametrize(
    ("datasets", "method"),
    [("Ecoli, Abalone", "imblearn.SMOTENC"), ("Ecoli", "SMOTE"), ("Ecoli", "Original")],
)
def test_allowed_where_one_has_categories_or_nobody_asks(datasets: str, method: str) -> None:
    check_categories(experiment_from_text(known(datasets, method)))


def test_a_file_of_ones_own_is_read_for_it_and_the_place_is_named(tmp_path: Path) -> None:
    experiment = mixed_experiment(tmp_path, ["imblearn.SMOTENC"])
    check_categories(experiment)
    mixed_table()[["age", "income", "left"]].to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(ConfigError, match="got People with numbers alone"):
        check_categories(experiment)
    path = tmp_path / "mixed.yaml"
    path.write_text(
        "name: n\nmethods: [imblearn.SMOTENC]\ndatasets:\n"
        "  - {name: People, file: people.csv, target: left, minority: 'yes'}\n"
    )
    with pytest.raises(ConfigError, match=r"mixed.yaml:2"):
        check_rows(read_experiment(path))
