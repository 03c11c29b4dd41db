"""`smote_bench.validate`: the property kit's verdict as an object."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import smote_bench
from smote_impls import SMOTE


class Drops:
    """A sampler that forgets a row."""

    def fit_resample(self, X, y):
        new = X[y == 1][:1]
        return np.vstack([X[1:], new, new]), np.r_[y[1:], 1, 1]


@pytest.mark.parametrize("sampler", [SMOTE, SMOTE(k_neighbors=3), "smote_impls:SMOTE"])
def test_a_class_an_instance_or_a_name_is_accepted(sampler: object) -> None:
    verdict = smote_bench.validate(sampler, properties=["originals_come_first"], smoke=True)
    assert verdict.passed
    assert verdict.exit_code == 0
    assert repr(verdict).startswith("<PropertyVerdict ")
    assert "ACCEPTED" in str(verdict)


def test_a_broken_sampler_is_rejected_with_the_smallest_example() -> None:
    verdict = smote_bench.validate(Drops, properties="originals_come_first", smoke=True, fail_fast=True)
    assert not verdict.passed
    assert verdict.exit_code == 1
    (failure,) = verdict.failures
    assert failure.counterexample.splitlines()[-1] in str(verdict)
    assert "REJECTED" in verdict._repr_html_()
    assert json.dumps(verdict.to_json())


def test_wrong_names_are_told() -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"expected a property or a group.*got 'contrac'"):
        smote_bench.validate(SMOTE, properties="contrac")
    with pytest.raises(smote_bench.ConfigError, match="nosuch"):
        smote_bench.validate("nosuch_package:SMOTE")


@pytest.mark.parametrize("properties", [[], (), "", iter(())])
def test_no_properties_are_no_reason_to_accept(properties: Any) -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"^expected names for properties, got"):
        smote_bench.validate(Drops, properties=properties)
    with pytest.raises(smote_bench.ConfigError, match=r"^expected names"):
        smote_bench.parametrize_with_properties([Drops], properties=properties)
