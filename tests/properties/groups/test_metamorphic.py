"""Metamorphic properties notice samplers that a change of the data changes, and nothing else.

Also of: metamorphic_sets.
"""

from __future__ import annotations

import broken_samplers.metamorphic
import pytest
from broken_samplers.geometry import PlainBorderline2
from broken_samplers.killing import assert_accepted, assert_killed, kills, unkilled
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler

from smote_bench.properties import PROPERTIES, Subject, run_property

assert broken_samplers.metamorphic  # registers its samplers


@pytest.mark.parametrize(("name", "wanted"), kills("metamorphic"))
def test_notices(name, wanted):
    assert_killed(name, wanted)


def test_every_property_has_a_broken_sampler():
    assert unkilled("metamorphic") == set()


@pytest.mark.parametrize(
    "sampler",
    [
        PlainSMOTE,
        PlainBorderline,
        PlainBorderline2,
        PlainADASYN,
        GaussianNoise,
        SMOTE,
        ADASYN,
        BorderlineSMOTE,
    ],
)
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "metamorphic", range(2))


def test_accepts_random_oversampling():
    assert_accepted(Subject(RandomOverSampler, family="generic"), "metamorphic", range(2))


def test_holds_a_generic_sampler_to_its_labels_only():
    applied = {
        prop.name
        for prop in PROPERTIES.values()
        if prop.group == "metamorphic" and not prop.not_applicable(Subject(GaussianNoise))
    }
    assert applied == {"renamed_labels_give_the_same_rows", "any_label_may_be_the_minority"}


def test_shows_the_change_in_the_counterexample():
    found = run_property(
        PROPERTIES["moved_data_give_moved_rows"], Subject(broken_samplers.metamorphic.CosineSMOTE)
    )
    assert "X = X + np.array([" in found.counterexample
