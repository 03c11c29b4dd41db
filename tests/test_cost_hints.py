"""Hints of what a classifier or a method costs: read from an experiment, named in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.classifiers.registry import classifier_identity, parse_classifier
from smote_bench.cost_hints import COSTS
from smote_bench.errors import ConfigError
from smote_bench.experiment.file import experiment_from_text
from smote_bench.methods.identity import method_identity
from smote_bench.methods.spec import parse_method


def test_a_parameter_of_a_sampler_may_be_called_cost() -> None:
    spec = parse_method("mine:Sampler", {"cost": 3})
    assert (spec.steps[0].params, spec.cost) == ({"cost": 3}, "")


def test_a_hint_is_no_part_of_what_a_classifier_or_a_method_is() -> None:
    plain, hinted = (
        parse_classifier("Mine", {"classifier": "kNN", **cost}) for cost in ({}, {"cost": "network"})
    )
    assert hinted == plain
    assert classifier_identity(hinted) == classifier_identity(plain)
    before, after = (parse_method("mine", {"method": "SMOTE", **cost}) for cost in ({}, {"cost": "network"}))
    assert after == before
    assert after.to_json() == before.to_json()
    assert method_identity(after) == method_identity(before)


@pytest.mark.parametrize(
    ("key", "line"),
    [("classifier 'Mine'", 3), ("method 'mine'", 1)],
)
@pytest.mark.parametrize(
    ("value", "message"),
    [("kernl", "Did you mean 'kernel'"), ("3", r"got 3 \(type=int\)"), ("[kernel]", "type=list")],
)
def test_a_hint_that_is_none_is_an_error_with_its_line(key: str, line: int, value: str, message: str) -> None:
    hints = {"classifier 'Mine'": "linear", "method 'mine'": "linear", key: value}
    text = (
        f"methods: {{mine: {{method: SMOTE, cost: {hints[METHOD]}}}}}\ndatasets: [Haberman]\n"
        f"selected_classifiers: {{Mine: {{classifier: kNN, cost: {hints[CLASSIFIER]}}}}}\n"
    )
    with pytest.raises(
        ConfigError, match=rf"(?s):{line}.*{key}: expected 'cost' to be one of {', '.join(COSTS)}.*{message}"
    ):
        experiment_from_text(text)


def test_docs_name_every_hint() -> None:
    text = (Path(__file__).parents[1] / "docs" / "experiments.md").read_text()
    assert [cost for cost in COSTS if f"| `{cost}` |" not in text] == []


CLASSIFIER, METHOD = "classifier 'Mine'", "method 'mine'"
