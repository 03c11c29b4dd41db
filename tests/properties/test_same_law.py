"""Samplers that use their random stream otherwise are compared by the law of their rows.

Also of: readings.
"""

from __future__ import annotations

import correct_samplers as correct
import numpy as np
import pytest
from broken_samplers.metamorphic import ChebyshevSMOTE, StepsByLabelSMOTE
from broken_samplers.plain import GaussianNoise

from smote_bench.properties import FAMILIES, PROPERTIES, Case, Subject, Violation, run_property, validate
from smote_bench.properties.readings import readings_of
from smote_bench.properties.same_law import demand_same_law

RNG = np.random.default_rng(0)
CASE = Case(RNG.normal(size=(30, 2)).round(3), np.repeat([0, 1], [22, 8]), seed=3)


@pytest.mark.parametrize(
    "sampler",
    [
        correct.SortsRowsFirst,
        correct.StreamByLabel,
        correct.NoiseByLabel,
        correct.BorderlineToAnyOther,
        correct.FloorsHalf,
        correct.CutsShares,
        correct.CeilsShares,
    ],
)
def test_other_streams_and_other_readings_are_accepted(sampler):
    names = ["turned_data_give_turned_rows", "renamed_labels_give_the_same_rows", "statistics"]
    verdict = validate(sampler, properties=names, smoke=True, seed=1)
    assert verdict.accepted, [str(failure) for failure in verdict.failures]


def test_a_half_that_is_rounded_down_is_no_draw_from_elsewhere():
    result = run_property(PROPERTIES["seeds_are_chosen_uniformly"], Subject(correct.FloorsHalf))
    assert result.status == "passed", result.reason


def turned(subject):
    Q = np.array([[0.6, -0.8], [0.8, 0.6]])
    changed = Case(CASE.X @ Q, CASE.y, seed=3)
    demand_same_law(subject, CASE, changed, change=lambda X: X @ Q, setup="X = X @ Q")


def test_rows_of_another_law_are_told():
    turned(Subject(correct.SortsRowsFirst))
    with pytest.raises(Violation) as caught:
        turned(Subject(ChebyshevSMOTE))
    assert caught.value.setup == "X = X @ Q"


def test_a_generic_sampler_is_compared_column_by_column():
    named = Case(CASE.X, np.array([3, 7])[CASE.y], seed=3)
    names = np.array([3, 7])
    for sampler in (GaussianNoise, correct.NoiseByLabel):
        demand_same_law(Subject(sampler), CASE, named, change=lambda X: X, names=names)
    with pytest.raises(Violation, match="expected new rows of the same law as before the change: column"):
        demand_same_law(
            Subject(StepsByLabelSMOTE, family="generic"), CASE, named, change=lambda X: X, names=names
        )


def test_the_guide_names_every_reading():
    from pathlib import Path

    text = " ".join((Path(__file__).resolve().parents[2] / "docs" / "validate.md").read_text().split())
    for family in FAMILIES:
        for reading in readings_of(family):
            assert reading in text
    assert readings_of("generic") == ()
