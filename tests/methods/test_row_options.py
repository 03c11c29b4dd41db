"""What a method's definition says about rows, and what samplers say themselves."""

from __future__ import annotations

from typing import Any

import pytest

from smote_bench.errors import ConfigError
from smote_bench.methods.resampling import load_sampler
from smote_bench.methods.row_options import RowOptions
from smote_bench.methods.spec import Step, parse_method
from smote_bench.methods.typed_step import wants_typed_rows


def rows_of(definition: Any) -> list[RowOptions]:
    return [step.rows for step in parse_method("M", definition).steps]


def test_keys_beside_method_and_params_are_read_and_kept_in_json() -> None:
    assert rows_of({"method": "SMOTE", "repair": "round"}) == [RowOptions(repair="round")]
    assert rows_of({"method": "SMOTE", "rows": "encoded"}) == [RowOptions(kind="encoded")]
    spec = parse_method("NC", {"method": "imblearn.SMOTENC", "rows": "typed", "scaled": True})
    assert spec.to_json()["steps"] == [
        {"target": "imblearn.over_sampling:SMOTENC", "params": {}, "rows": "typed", "scaled": True}
    ]
    assert parse_method("SMOTE").to_json()["steps"] == [{"target": "smote_impls:SMOTE", "params": {}}]


def test_links_of_a_chain_have_their_own_and_a_chain_gives_its_to_all() -> None:
    chain = {"chain": ["imblearn.SMOTENC", {"SMOTE": {"repair": "round"}}]}
    assert rows_of(chain) == [RowOptions(), RowOptions(repair="round")]
    assert rows_of({**chain, "rows": "encoded"})[0] == RowOptions(kind="encoded")


def test_a_sampler_of_ones_own_may_have_parameters_of_these_names() -> None:
    spec = parse_method("M", ["my_samplers:Mine", {"my_samplers:Mine": {"rows": 11, "scaled": True}}])
    assert [step.params for step in spec.steps] == [{}, {"rows": 11, "scaled": True}]
    assert parse_method("SMOTENC", {"scaled": True}).steps[0].rows == RowOptions(scaled=True)


def test_parameters_leave_the_options_alone() -> None:
    named = {"rounded": {"method": "SMOTE", "repair": "round"}}
    spec = parse_method("M", {"method": "rounded", "params": {"k_neighbors": 3}}, known=named)
    assert spec.steps[0].rows == RowOptions(repair="round")


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ({"method": "SMOTE", "rows": "type"}, "expected rows: typed or encoded, got 'type'.*'typed'"),
        ({"method": "SMOTE", "scaled": "yes"}, "expected scaled: true or false, got 'yes'"),
        (
            {"method": "SMOTE", "repair": "rounding"},
            "expected repair: round, got 'rounding'.*Did you mean 'round'",
        ),
        ({"method": "SMOTE", "rows": "encoded", "scaled": True}, "no 'scaled' beside rows: encoded"),
        ({"method": "SMOTE", "rows": "typed", "repair": "round"}, "no 'repair' beside rows: typed"),
        ({"method": "Original", "repair": "round"}, "expected a sampler beside 'repair'"),
    ],
)
def test_what_is_wrong_is_told_with_the_method(definition: Any, told: str) -> None:
    with pytest.raises(ConfigError, match=f"method 'M': .*{told}"):
        parse_method("M", definition)


@pytest.mark.parametrize(
    ("target", "params", "typed"),
    [
        ("imblearn.over_sampling:SMOTENC", {"categorical_features": "auto"}, True),
        ("imblearn.over_sampling:SMOTEN", {}, True),
        ("imblearn.over_sampling:RandomOverSampler", {}, True),
        ("imblearn.over_sampling:RandomOverSampler", {"shrinkage": 0.5}, False),
        ("imblearn.under_sampling:RandomUnderSampler", {}, True),
        ("imblearn.over_sampling:SMOTE", {}, False),
        ("imblearn.combine:SMOTEENN", {}, False),
        ("smote_impls:SMOTE", {}, False),
        ("smote_impls:SMOTENC", {}, True),
        ("smote_impls:SMOTEN", {}, True),
        ("smote_impls:RandomOverSampler", {"shrinkage": 0.5}, True),
        ("smote_impls:SMOTEENN", {}, True),
        ("smote_impls:SMOTETomek", {}, True),
        ("smote_variants:SMOTE", {}, False),
    ],
)
def test_samplers_say_themselves_which_rows_they_want(target: str, params: dict, typed: bool) -> None:
    found = load_sampler(target)
    sampler = found(**params)
    assert wants_typed_rows(Step(target, params), found, sampler) is typed
    assert wants_typed_rows(Step(target, params, RowOptions(kind="typed")), found, sampler)
    assert not wants_typed_rows(Step(target, params, RowOptions(kind="encoded")), found, sampler)


def test_a_function_and_a_class_that_hides_its_parameter_say_so_by_their_signature() -> None:
    def sample(X, y, categorical_features): ...

    class Hiding:
        def __init__(self, categorical_features="auto"):
            self._columns = categorical_features

    assert wants_typed_rows(Step("m:sample"), sample, None)
    assert wants_typed_rows(Step("m:Hiding"), Hiding, Hiding())


def test_what_copies_rows_takes_those_of_an_encoded_sampler_as_they_are() -> None:
    for name, typed in (("RandomUnderSampler", False), ("imblearn.SMOTEN", True)):
        (step,) = parse_method(name).steps
        found = load_sampler(step.target)
        assert wants_typed_rows(step, found, found())
        assert wants_typed_rows(step, found, found(), after_encoded=True) is typed


def test_an_option_that_does_nothing_is_said() -> None:
    assert "repair: round does nothing here" in RowOptions(repair="round").idle(is_typed=True)
    assert "scaled: true does nothing here" in RowOptions(scaled=True).idle(is_typed=False)
    assert not RowOptions(repair="round").idle(is_typed=False)
    assert not RowOptions(scaled=True).idle(is_typed=True)
