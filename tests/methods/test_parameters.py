"""Samplers and their parameters, checked before anything is imported."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import smote_impls
from smote_bench.environment.targets import load_target
from smote_bench.errors import ConfigError
from smote_bench.experiment.file import experiment_from_text
from smote_bench.methods.names import OURS, OURS_BY_PREFIX
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


@pytest.mark.parametrize("name", [*OURS, *OURS_BY_PREFIX])
def test_what_a_signature_has_is_accepted(name: str) -> None:
    names = set(inspect.signature(getattr(smote_impls, name)).parameters) - {"random_state"}
    check_parameters(parse_method("mine", {"method": f"ours.{name}", "params": dict.fromkeys(names, 1)}))


@pytest.mark.parametrize(
    "name", ["imblearn.SMOTE", "imblearn.SVMSMOTE", "imblearn.SMOTEENN", "imblearn.NearMiss"]
)
def test_parameters_of_imbalanced_learn_are_read_from_its_source(name: str) -> None:
    spec = parse_method(name)
    names = set(inspect.signature(load_target(spec.steps[0].target)).parameters) - {"random_state"}
    check_parameters(parse_method("mine", {"method": name, "params": dict.fromkeys(names, 1)}))
    with pytest.raises(
        ConfigError, match=r"no parameter 'sampling_stratgy'\. Did you mean 'sampling_strategy'"
    ):
        check_parameters(parse_method("mine", {"method": name, "params": {"sampling_stratgy": 0.5}}))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("three", "expected k_neighbors as a whole number of 1 or more, or 'auto', got 'three'"),
        (0, "got 0"),
        (2.5, "got 2.5"),
        (True, "got True"),
        ([3, 5], "got [3, 5]; several settings are a named method each, as in SMOTE_3"),
    ],
)
def test_what_is_no_number_of_neighbours_is_refused(value: object, words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        check_parameters(parse_method("SMOTE", {"k_neighbors": value}))
    check_parameters(parse_method("SMOTE", {"k_neighbors": "auto"}))


def test_a_sampler_that_cannot_be_made_without_parameters_names_them() -> None:
    with pytest.raises(ConfigError, match="SMOTENC needs categorical_features"):
        check_parameters(parse_method("SMOTENC"))
    check_parameters(parse_method("SMOTENC", {"categorical_features": [0]}))


def test_own_samplers_are_checked_in_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "careful_samplers.py").write_text(
        "class Cautious:\n    def __init__(self, scale, random_state=None): ...\n"
        "def jitter(X, y, width=0.1): ...\n"
    )
    for name, params, words in (
        ("careful_samplers:Cautoius", {}, "careful_samplers has no 'Cautoius'. Did you mean 'Cautious'?"),
        (
            "careful_sampler:Cautious",
            {},
            "no module 'careful_sampler' in the current folder. Did you mean 'careful",
        ),
        ("careful_samplers:Cautious", {}, "Cautious needs scale"),
        ("careful_samplers:Cautious", {"scale": 1, "scal": 2}, "no parameter 'scal'. Did you mean 'scale'?"),
        ("careful_samplers:jitter", {"width_": 2}, "no parameter 'width_'. Did you mean 'width'?"),
    ):
        with pytest.raises(ConfigError, match=re.escape(words)):
            check_parameters(parse_method("mine", {"method": name, "params": params}))
    check_parameters(parse_method("mine", {"method": "careful_samplers:Cautious", "params": {"scale": 1}}))
    check_parameters(parse_method("mine", "careful_samplers:jitter"))


@pytest.mark.parametrize("name", ["SMOTE", "imblearn.SMOTE"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("minorty", "Did you mean 'minority'"),
        ("0.5", "got '0.5'"),
        (0, "got 0"),
        (1.5, "got 1.5"),
        (True, "True"),
    ],
)
def test_a_ratio_that_is_none_is_refused(name: str, value: object, said: str) -> None:
    with pytest.raises(ConfigError, match=f"expected sampling_strategy as a ratio above 0 up to 1.*{said}"):
        check_parameters(parse_method("mine", {"method": name, "params": {"sampling_strategy": value}}))


@pytest.mark.parametrize("value", ["auto", "not majority", 0.5, 1, 1.0, [1]])
def test_ratios_words_and_lists_are_taken(value: object) -> None:
    check_parameters(parse_method("mine", {"method": "SMOTE", "params": {"sampling_strategy": value}}))
