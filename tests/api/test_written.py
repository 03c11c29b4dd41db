"""Experiments given as dictionaries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from smote_bench.api.written import checked_yaml
from smote_bench.errors import ConfigError

_DATA = {"target": "y", "minority": 1}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text("a,y\n" + "1.5,0\n2.5,1\n" * 20)
    return tmp_path


@pytest.mark.parametrize(
    "datasets",
    [
        [{"name": "t", "file": "t.csv", **_DATA}],
        [{"t": {"file": "t.csv", **_DATA}}],
        {"t": {"file": Path("t.csv"), **_DATA}, "Ecoli": None},
    ],
    ids=["list", "one key", "mapping"],
)
def test_files_are_relative_to_the_current_folder_however_data_sets_are_written(
    datasets: object, here: Path
) -> None:
    _, text = checked_yaml({"datasets": datasets, "methods": ["SMOTE"]}, here)
    assert f"file: {here / 't.csv'}" in text


def test_a_table_in_place_of_a_file_is_kept_and_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(here / "cache"))
    table = pd.read_csv(here / "t.csv")
    (here / "later.csv").write_text("a,y\n3.5,0\n4.5,1\n")
    entry = {"name": "t", "file": table, "test": "later.csv", "drop_duplicates": False, **_DATA}
    _, text = checked_yaml({"datasets": [entry], "methods": ["SMOTE"]}, here)
    (written,) = yaml.safe_load(text)["datasets"]
    assert pd.read_parquet(written["file"]).equals(table)
    assert written["test"] == str(here / "later.csv")
    with pytest.raises(ConfigError, match=r"datasets\.0\.target: expected text"):
        checked_yaml({"datasets": [{**entry, "target": table}], "methods": ["SMOTE"]}, here)


def test_tuples_and_numbers_of_numpy_are_plain_data(here: Path) -> None:
    experiment = {"name": "x", "datasets": ("Ecoli",), "methods": ["SMOTE"], "cv_folds": np.int64(3)}
    name, text = checked_yaml(experiment, here)
    assert name == "x"
    assert yaml.safe_load(text)["cv_folds"] == 3
    assert yaml.safe_load(text)["datasets"] == ["Ecoli"]


def test_without_a_name_it_is_called_experiment_as_its_file_is(here: Path) -> None:
    assert checked_yaml({"datasets": ["Ecoli"], "methods": ["SMOTE"]}, here)[0] == "experiment"


@pytest.mark.parametrize("value", [np.zeros(3), {1, 2}, object(), b"text"])
def test_what_a_file_could_not_hold_is_refused_with_its_key(value: object, here: Path) -> None:
    experiment = {"datasets": ["Ecoli"], "methods": {"Mine": {"method": "SMOTE", "params": {"k": value}}}}
    with pytest.raises(ConfigError, match=r"^experiment: methods\.Mine\.params\.k: expected text, a number"):
        checked_yaml(experiment, here)


def test_what_is_wrong_is_one_error_without_those_of_the_file_behind_it(here: Path) -> None:
    with pytest.raises(ConfigError, match=r"^experiment: methods\.0: .*'SMOTE'\?") as error:
        checked_yaml({"datasets": ["Ecoli"], "methods": ["SMOTT"]}, here)
    assert error.value.__suppress_context__
    assert error.value.__cause__ is None


def test_what_a_notebook_defines_is_told_to_belong_into_a_module(here: Path) -> None:
    experiment = {"datasets": ["Ecoli"], "methods": ["__main__:Mine"]}
    with pytest.raises(
        ConfigError, match=r"^experiment: methods\.0: expected a name in a module.*put it into"
    ):
        checked_yaml(experiment, here)


def test_an_array_and_an_index_in_place_of_a_file_are_refused_with_their_place(here: Path) -> None:
    own = {"name": "own", "target": "y", "minority": 1, "groups": "pid"}
    table = pd.read_csv(here / "t.csv").rename_axis("pid")
    for file, message in ((table.to_numpy(), "got an object of class ndarray"), (table, "reset_index")):
        with pytest.raises(ConfigError, match=rf"^experiment: datasets\.0\.file: expected .*{message}"):
            checked_yaml({"datasets": [{**own, "file": file}], "methods": ["SMOTE"]}, here)
