"""Parameters of our own samplers, checked before anything is imported."""

from __future__ import annotations

import inspect

import pytest

import smote_impls
from smote_bench.errors import ConfigError
from smote_bench.experiment.file import experiment_from_text
from smote_bench.methods.names import OURS
from smote_bench.methods.parameters import check_parameters
from smote_bench.methods.spec import parse_method

MISSPELT = "methods:\n- Original\n- SMOTE: {k_neighbours: 3}\ndatasets: [Ecoli]\n"


def test_an_experiment_with_a_misspelt_parameter_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml:3: .*SMOTE has no parameter 'k_neighbours'") as caught:
        experiment_from_text(MISSPELT, "x.yaml")
    assert "Did you mean 'k_neighbors'?" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_links_of_a_chain_are_checked_too() -> None:
    with pytest.raises(ConfigError, match="no parameter 'k'"):
        check_parameters(parse_method("both", [{"SMOTE": {"k": 3}}, "RandomUnderSampler"]))


@pytest.mark.parametrize("name", OURS)
def test_what_a_signature_has_is_accepted(name: str) -> None:
    names = set(inspect.signature(getattr(smote_impls, name)).parameters) - {"random_state"}
    check_parameters(parse_method("mine", {"method": name, "params": dict.fromkeys(names, 1)}))
