"""What a method's definition says about rows, and what samplers say themselves."""

from __future__ import annotations

from typing import Any

import pytest

from smote_bench.errors import ConfigError
from smote_bench.methods.resampling import load_sampler
from smote_bench.methods.row_options import RowOptions, wants_typed_rows
from smote_bench.methods.spec import parse_method


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


def test_parameters_leave_the_options_alone() -> None:
    named = {"rounded": {"method": "SMOTE", "repair": "round"}}
    spec = parse_method("M", {"method": "rounded", "params": {"k_neighbors": 3}}, known=named)
    assert spec.steps[0].rows == RowOptions(repair="round")


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ({"method": "SMOTE", "rows": "type"}, "expected rows: typed or encoded, got 'type'.*'typed'"),
        ({"method": "SMOTE", "scaled": "yes"}, "expected scaled: true or false, got 'yes'"),
        ({"method": "SMOTE", "repair": "floor"}, "expected repair: round, got 'floor'"),
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
    sampler = load_sampler(target)(**params)
    assert wants_typed_rows(RowOptions(), target, params, sampler) is typed
    assert wants_typed_rows(RowOptions(kind="typed"), target, params, sampler)
    assert not wants_typed_rows(RowOptions(kind="encoded"), target, params, sampler)
