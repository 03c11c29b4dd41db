"""The mixed group notices what goes wrong with categories, and names what imbalanced-learn's do.

Also of: mixed_contract, mixed_levels, mixed_choices, mixed_changes, mixed_extremes,
mixed_arrays.
"""

from __future__ import annotations

import broken_samplers.mixed
import pytest
from broken_samplers import BROKEN
from broken_samplers.killing import assert_accepted, unkilled
from broken_samplers.mixed_plain import PlainSMOTEN, PlainSMOTENC
from broken_samplers.pasting import assert_noticed
from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC

from smote_bench.errors import ConfigError
from smote_bench.properties import PROPERTIES, Subject, run_property, validate

KILLS = [
    pytest.param(name, wanted, id=f"{wanted}-{name}")
    for name, made in BROKEN.items()
    for wanted in made.killed_by
    if made.sampler.__module__ == broken_samplers.mixed.__name__
]

# docs/validate.md says what each of them is.
OF_IMBALANCED_LEARN = {
    "booleans_are_categories": "of imbalanced-learn's SMOTENC: True for whatever is between False and True",
    "mixed_nonsense_is_refused": "labels of another length",
    "units_of_numbers_do_not_matter": "sums below 1e-8 are taken for equal",
    "whole_numbers_of_frames_are_not_cut_off": "cast, not rounded",
}


@pytest.mark.parametrize(("name", "wanted"), KILLS)
def test_notices(name, wanted):
    assert_noticed(name, wanted, seed=1)


def test_every_property_has_a_broken_sampler():
    assert unkilled("mixed") == set()


@pytest.mark.parametrize("sampler", [PlainSMOTENC, PlainSMOTEN])
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "mixed", range(1, 2))


class SquaresDifferences(PlainSMOTEN):
    """The value difference metric with r = 2."""

    power = 2


class TakesTheFirstOfTies(PlainSMOTENC):
    """Ties of votes are settled by a rule."""

    def settle(self, tied, rng):
        return tied[0]


class TakesTheNearestOfTies(PlainSMOTENC):
    """Of tied levels that of the row that is stepped towards, or the first."""

    def vote(self, codes, seed, near, other, rng, column):
        self.other = codes[other]
        return super().vote(codes, seed, near, other, rng, column)

    def settle(self, tied, rng):
        return self.other if self.other in tied else tied[0]


class PaysForASample(PlainSMOTENC):
    """The deviation of a sample, n - 1 below the sum."""

    def price(self, numbers, y, own):
        return super().price(numbers, y, own) * len(own) / (len(own) - 1)


@pytest.mark.parametrize(
    "sampler", [SquaresDifferences, TakesTheFirstOfTies, TakesTheNearestOfTies, PaysForASample]
)
def test_accepts_other_readings_of_the_paper(sampler):
    assert_accepted(Subject(sampler), "mixed", range(1, 2))


@pytest.mark.parametrize("k", [1, 2, 5, 8])
@pytest.mark.parametrize("sampler", [PlainSMOTENC, PlainSMOTEN, SquaresDifferences, TakesTheFirstOfTies])
def test_accepts_votes_of_any_number_of_neighbors(sampler, k):
    prop = PROPERTIES["neighbors_of_the_seed_vote"]
    subject = Subject(sampler, params={"k_neighbors": k})
    found = [run_property(prop, subject, seed=seed) for seed in range(3 if k < 5 else 1)]
    assert {result.status for result in found} == {"passed"}, found[0].reason


def test_names_what_imbalanced_learns_smotenc_violates_and_nothing_else():
    assert_accepted(Subject(SMOTENC), "mixed", range(1, 2), but=tuple(OF_IMBALANCED_LEARN))
    for name in OF_IMBALANCED_LEARN:
        assert run_property(PROPERTIES[name], Subject(SMOTENC), seed=1).status == "failed", name


def test_accepts_imbalanced_learns_smoten():
    assert_accepted(Subject(SMOTEN), "mixed", range(1, 2))


def test_a_vote_that_leaves_nothing_to_chance_is_no_ignored_seed():
    result = run_property(PROPERTIES["mixed_different_seeds_differ"], Subject(SMOTEN), seed=2)
    assert result.status == "passed", result.reason


def test_imbalanced_learns_price_is_the_papers():
    result = run_property(PROPERTIES["a_difference_costs_the_median_squared"], Subject(SMOTENC), seed=1)
    assert result.status == "passed", result.reason


def test_arrays_are_not_asked_of_samplers_of_frames():
    for sampler in (SMOTENC, SMOTEN):
        subject = Subject(sampler)
        applied = [prop for prop in PROPERTIES.values() if not prop.not_applicable(subject)]
        assert {prop.name for prop in applied if prop.group == "contract"} == {
            "constructor_only_stores_parameters"
        }
        assert {prop.group for prop in applied} <= {"mixed", "statistics", "contract"}


def test_frames_are_not_asked_of_samplers_of_arrays():
    subject = Subject(SMOTE)
    assert not any(prop.group == "mixed" and not prop.not_applicable(subject) for prop in PROPERTIES.values())


def test_the_contract_of_frames_goes_before_what_depends_on_it():
    names = [prop.name for prop in PROPERTIES.values() if prop.group == "mixed"]
    order = ["mixed_frames_are_answered", "mixed_same_seed_gives_same_rows", "only_known_levels_come_back"]
    assert sorted([*order, "names_of_levels_do_not_matter"], key=names.index)[:3] == order
    assert list(PROPERTIES)[-len(names) :] == names


def test_columns_are_not_to_be_stated_where_frames_have_all_kinds():
    with pytest.raises(ConfigError, match="expected no columns for the family smotenc"):
        validate(SMOTENC, columns="category:1", properties=["mixed_frames_are_answered"])
    with pytest.raises(
        ConfigError, match=r"expected categorical_features to be 'auto' or left out, got \[0\]"
    ):
        validate('imblearn.over_sampling:SMOTENC?{"categorical_features": [0]}')
    verdict = validate(SMOTENC, min_rows=9, properties=["mixed_frames_are_answered"], smoke=True)
    assert verdict.accepted
    assert verdict.subject.needs.least_rows == 9
