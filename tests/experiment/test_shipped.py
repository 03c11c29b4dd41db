"""Every experiment that is shipped can be read, by its name."""

from __future__ import annotations

import pytest

from smote_bench.errors import ConfigError
from smote_bench.experiment.file import read_experiment
from smote_bench.experiment.shipped import experiment_path, experiments_folder


@pytest.mark.parametrize("name", [path.stem for path in sorted(experiments_folder().glob("*.yaml"))])
def test_every_shipped_experiment_can_be_read_by_its_name(name: str) -> None:
    experiment = read_experiment(experiment_path(name))
    assert experiment.name == name
    assert {"RandomOverSampler", "class_weight"} <= set(experiment.methods)  # to be beaten


def test_suggests_a_shipped_experiment() -> None:
    known = "default, flare, gate, libraries, mixed, quick"
    with pytest.raises(ConfigError, match=rf"one of {known}; got 'quik'\. Did you mean 'quick'\?"):
        experiment_path("quik")


def test_a_data_set_is_no_experiment_and_is_picked_from_one() -> None:
    told = r"Did you mean 'Haberman'\? A data set is picked by -k, as in `smote-bench run default -k Ecoli`"
    with pytest.raises(ConfigError, match=told):
        experiment_path("habermann")
