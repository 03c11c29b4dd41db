"""Geometry notices rows that lie where they may not, and nothing else."""

from __future__ import annotations

import broken_samplers.geometry
import numpy as np
import pytest
from broken_samplers.geometry import PlainBorderline2
from broken_samplers.killing import assert_accepted, assert_killed, kills, unkilled
from broken_samplers.pasting import assert_asserts
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler

from smote_bench.properties import PROPERTIES, Subject, run_property

assert broken_samplers.geometry  # registers its samplers


@pytest.mark.parametrize(("name", "wanted"), kills("geometry"))
def test_notices(name, wanted):
    assert_killed(name, wanted)


def test_every_property_has_a_broken_sampler():
    assert unkilled("geometry") == set()


@pytest.mark.parametrize(
    "sampler", [PlainSMOTE, PlainBorderline, PlainBorderline2, PlainADASYN, SMOTE, ADASYN, BorderlineSMOTE]
)
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "geometry", range(2))


def test_accepts_the_borderline_of_the_second_kind_that_draws_from_all_classes():
    assert_accepted(Subject(BorderlineSMOTE(kind="borderline-2")), "geometry", range(2))


def test_accepts_smote_as_an_interpolating_sampler():
    assert_accepted(Subject(PlainSMOTE, family="interpolating"), "geometry", range(2))


@pytest.mark.parametrize("sampler", [GaussianNoise, RandomOverSampler])
def test_holds_a_generic_sampler_to_no_segments(sampler):
    subject = Subject(sampler, family="generic")
    of_group = [prop for prop in PROPERTIES.values() if prop.group == "geometry"]
    looked_at = {prop.name for prop in of_group if run_property(prop, subject).status != "not applicable"}
    assert looked_at == {"large_units_scatter_no_rows"}


def test_finds_a_small_counterexample():
    found = run_property(
        PROPERTIES["rows_lie_between_neighbors"], Subject(broken_samplers.geometry.ExtrapolatingSMOTE)
    )
    names = assert_asserts(found.counterexample)
    assert np.size(names["X"]) <= 8


def test_names_the_row_and_how_far_off_it_is():
    found = run_property(
        PROPERTIES["rows_lie_between_neighbors"], Subject(broken_samplers.geometry.ExtrapolatingSMOTE)
    )
    assert "away from the nearest such segment" in found.reason
