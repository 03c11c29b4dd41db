"""The structure group notices wrong rows and wrong counts, and nothing else.

Also of: structure_classes, structure_combined, structure_removing, structure_rules, structure_staying,
properties.answers.
"""

from __future__ import annotations

import broken_samplers.alike
import broken_samplers.combined
import broken_samplers.removing
import broken_samplers.sizes
import broken_samplers.structure
import numpy as np
import pytest
from broken_samplers import BROKEN
from broken_samplers.combined import PlainCombined
from broken_samplers.killing import assert_accepted, kills, unkilled
from broken_samplers.pasting import assert_noticed
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.combine import SMOTEENN, SMOTETomek
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler
from imblearn.under_sampling import (
    AllKNN,
    ClusterCentroids,
    CondensedNearestNeighbour,
    NearMiss,
    NeighbourhoodCleaningRule,
    OneSidedSelection,
    TomekLinks,
)
from imblearn.utils import check_sampling_strategy
from sklearn.neighbors import NearestNeighbors

from smote_bench.properties import PROPERTIES, Case, Subject, Violation, run_property
from smote_bench.properties.answers import check_box, check_counts, check_originals, slack
from smote_bench.properties.groups.structure import Targets, wanted_counts

assert broken_samplers.alike, "registers its samplers"
assert broken_samplers.combined, "registers its samplers"
assert broken_samplers.removing, "registers its samplers"
assert broken_samplers.sizes, "registers its samplers"
assert broken_samplers.structure, "registers its samplers"

# An integer as random_state is read again for every class there: the kit is right to fail them.
REREADS_ITS_SEED = ("classes_get_their_own_randomness",)


@pytest.mark.parametrize(("name", "wanted"), kills("structure"))
def test_notices(name, wanted):
    assert_noticed(name, wanted)


def test_every_property_has_a_broken_sampler():
    assert unkilled("structure") == set()


@pytest.mark.parametrize("sampler", [PlainSMOTE, PlainBorderline, PlainADASYN, GaussianNoise])
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "structure", range(1, 2))


class RefusesBalance(PlainSMOTE):
    """Says that there is nothing to do; how is for subclasses."""

    words = "the classes are of one size"

    def n_new(self, y):
        wanted = super().n_new(y)
        if not any(wanted.values()):
            raise ValueError(self.words)
        return wanted


class RefusesInOtherWords(RefusesBalance):
    """Words of another language."""

    words = "rien à faire"


@pytest.mark.parametrize(("sampler", "status"), [(RefusesBalance, "passed"), (RefusesInOtherWords, "failed")])
def test_an_error_on_balanced_data_is_a_remark_at_most(sampler, status):
    result = run_property(PROPERTIES["balanced_data_is_left_alone"], Subject(sampler), seed=1)
    assert (result.status, result.is_remark) == (status, status == "failed"), result.reason


@pytest.mark.parametrize("sampler", [SMOTE, ADASYN, BorderlineSMOTE])
def test_accepts_imbalanced_learn_in_problems_of_two_classes(sampler):
    assert_accepted(Subject(sampler), "structure", range(1, 2), but=REREADS_ITS_SEED)


@pytest.mark.parametrize("sampler", [SMOTE, BorderlineSMOTE])
def test_finds_that_imbalanced_learn_gives_two_classes_the_same_steps(sampler):
    result = run_property(PROPERTIES[REREADS_ITS_SEED[0]], Subject(sampler))
    assert result.status == "failed"
    assert "the same, row by row" in result.reason


def test_accepts_random_oversampling_and_second_kind_of_borderline():
    assert_accepted(Subject(RandomOverSampler, family="generic"), "structure", range(1, 2))
    assert_accepted(Subject(PlainBorderline, params={"kind": "borderline-2"}), "structure", range(1, 2))


def test_accepts_smote_as_an_interpolating_sampler():
    assert_accepted(Subject(PlainSMOTE, family="interpolating"), "structure", range(1, 2))


class RoundsEachShare(PlainADASYN):
    """He et al. (2008) to the letter: each share is rounded for itself."""

    def allocate(self, density, n):
        counts = np.rint(density * n).astype(int)
        if not counts.sum():
            counts[np.argmax(density)] = 1
        return counts


def test_accepts_an_adasyn_that_rounds_each_share():
    assert_accepted(Subject(RoundsEachShare), "structure", range(1, 2))


STRATEGIES = ["auto", "minority", "not minority", "not majority", "all", {2: 9, 1: 12}]


@pytest.mark.parametrize("strategy", [*STRATEGIES, Targets({1: 10})], ids=repr)
def test_wanted_counts_are_those_of_imbalanced_learn(strategy):
    y = np.repeat([0, 1, 2], [12, 8, 5])
    before = {0: 12, 1: 8, 2: 5}
    theirs = check_sampling_strategy(strategy, y, "over-sampling")
    wanted = wanted_counts(strategy, before)
    assert {label: n + theirs.get(label, 0) for label, n in before.items()} == {**before, **wanted}


def test_wanted_counts_of_a_ratio_are_those_of_imbalanced_learn():
    y = np.repeat([0, 1], [12, 5])
    assert wanted_counts(0.75, {0: 12, 1: 5}) == {1: 9}
    assert check_sampling_strategy(0.75, y, "over-sampling") == {1: 4}


def test_targets_read_as_the_code_that_makes_them():
    assert repr(Targets({1: 7})) == "lambda y: {1: 7}"
    assert Targets({1: 7})(None) == {1: 7}


def test_a_violation_shows_the_strategy_that_was_not_kept_to():
    found = assert_noticed("TakesTheRatioOfTheTotal", "every_strategy_gives_exact_counts")
    assert "sampling_strategy=0." in found.counterexample


CASE = Case(np.array([[0.0], [1.0], [0.0], [2.0], [5.0]]), np.array([0, 1, 1, 0, 0]))


def answer(new, labels):
    return np.vstack([CASE.X, np.reshape(new, (-1, 1))]), np.concatenate([CASE.y, labels])


def test_originals_have_to_be_equal_and_in_place():
    check_originals(CASE, *answer([0.5], [1]))
    X, y = answer([0.5], [1])
    X[[0, 1]] = X[[1, 0]]
    with pytest.raises(Violation, match=r"row 0 to be \[0\.0\] of class 0, got \[1\.0\] of class 0"):
        check_originals(CASE, X, y)
    with pytest.raises(Violation, match="at least the 5 rows"):
        check_originals(CASE, X[:4], y[:4])


@pytest.mark.parametrize(
    ("value", "inside"), [(1.0, True), (1.0 + 2e-16, True), (1.0 + 1e-12, False), (-1e-9, False)]
)
def test_the_box_is_the_classes_with_the_last_digit_to_spare(value, inside):
    subject = Subject(PlainSMOTE)
    if inside:
        check_box(subject, CASE, *answer([value], [1]))
    else:
        with pytest.raises(Violation, match=r"column 0 of new rows of class 1 within \[0\.0, 1\.0\]"):
            check_box(subject, CASE, *answer([value], [1]))


def test_the_box_of_borderline_of_the_second_kind_is_that_of_all_rows():
    second = Subject(PlainBorderline, params={"kind": "borderline-2"})
    check_box(second, CASE, *answer([2.0], [1]))
    with pytest.raises(Violation, match=r"\[0\.0, 5\.0\]"):
        check_box(second, CASE, *answer([5.5], [1]))


def test_generic_samplers_have_no_box_but_finite_values():
    check_box(Subject(GaussianNoise), CASE, *answer([99.0], [1]))
    with pytest.raises(Violation, match="finite"):
        check_box(Subject(GaussianNoise), CASE, *answer([np.nan], [1]))


def test_counts_have_no_slack_but_for_adasyn():
    assert slack(Subject(PlainSMOTE), CASE, 1) == 0
    assert slack(Subject(PlainADASYN, params={"n_neighbors": 1}), CASE, 1) == 2
    with pytest.raises(Violation, match="expected 3 rows of class 1, got 2"):
        check_counts(Subject(PlainSMOTE), CASE, CASE.y, {1: 3})
    check_counts(Subject(PlainADASYN, params={"n_neighbors": 1}), CASE, CASE.y, {1: 3})


def test_of_two_classes_of_one_size_the_one_without_rows_in_danger_is_not_asked_to_grow():
    X = [[2.8, -1.1], [-1.5, 0.4], [-1.2, -1.2], [2.1, -0.7], [1.0, 0.3], [2.0, -1.2], [0.2, 0.9], [1.0, 0.3]]
    y = np.array([0, 2, 1, 0, 2, 0, 1, 2])
    settings = {"k_neighbors": 1, "m_neighbors": 2}
    subject, grow = Subject(PlainBorderline), PROPERTIES["only_the_classes_asked_for_grow"]
    grow.check(subject, Case(np.array(X), y, params=settings, layout={"largest": 0}))
    with pytest.raises(Violation, match="DANGER"):  # its three rows lie together
        grow.check(subject, Case(np.array(X), y, params=settings, layout={"largest": 2}))


def test_the_same_rows_with_each_seed_are_a_remark_and_the_same_places_are_none():
    prop = PROPERTIES["a_seed_decides_which_rows_stay"]
    by_value, by_place = (
        run_property(prop, Subject(BROKEN[name].sampler, family="undersampler"))
        for name in ("KeepsTheSmallestValues", "KeepsTheFirstRows")
    )
    assert by_value.is_remark
    assert by_place.status == "failed"
    assert not by_place.is_remark


class StepsToRowsOfAnyClass(GaussianNoise):
    """Some steps go all the way to a row of another class, as safe-level SMOTE's may."""

    def new_rows(self, X, y, label, n, rng):
        made = super().new_rows(X, y, label, n, rng)
        made[::2] = X[rng.choice(np.flatnonzero(y != label), size=len(made[::2]))]
        return made


def test_copies_of_another_class_are_no_matter_among_rows_that_are_no_copies():
    result = run_property(PROPERTIES["copies_are_of_their_own_class"], Subject(StepsToRowsOfAnyClass))
    assert result.status == "passed"


@pytest.mark.parametrize("sampler", [NearMiss(version=3), ClusterCentroids(voting="hard", random_state=0)])
def test_accepts_samplers_that_find_too_few_rows_where_rows_are_equal(sampler):
    subject = Subject(sampler, family="undersampler")
    result = run_property(PROPERTIES["undersampling_counts_doubles"], subject, seed=0)
    assert result.status == "passed"


@pytest.mark.parametrize(
    "sampler", [AllKNN, CondensedNearestNeighbour, NeighbourhoodCleaningRule, OneSidedSelection, TomekLinks]
)
def test_accepts_that_one_row_of_an_island_is_left(sampler):
    prop = PROPERTIES["islands_of_the_majority_keep_rows"]
    results = [run_property(prop, Subject(sampler, family="cleaning"), seed=seed) for seed in range(3)]
    assert {result.status for result in results} == {"passed"}


@pytest.mark.parametrize("sampler", [PlainCombined, SMOTEENN, SMOTETomek])
def test_accepts_combined_samplers(sampler):
    assert_accepted(Subject(sampler, family="combined"), "structure", range(1, 2), but=REREADS_ITS_SEED)


class CombinedWith(PlainCombined):
    """Makes rows in another way before it removes some."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5, made="copies"):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.made = made

    def new_rows(self, X, y, label, n, rng):
        rows, seeds = X[y == label], rng.randint((y == label).sum(), size=n)
        if self.made == "copies":
            return rows[seeds]
        if self.made == "noise":
            return rows[seeds] + 0.2 * rng.normal(size=(n, X.shape[1]))
        ends = X[y != label][NearestNeighbors(n_neighbors=3).fit(X[y != label]).kneighbors(rows)[1]]
        return rows[seeds] + 0.5 * rng.uniform(size=(n, 1)) * (
            ends[seeds, rng.randint(3, size=n)] - rows[seeds]
        )


class ExtrapolatesFromSafeRows(PlainCombined):
    """Half of the steps lead away from the neighbour, by up to half of its distance, as in SVM-SMOTE."""

    def steps(self, n, n_features, rng):
        return rng.uniform(-0.5, 1.0, size=(n, 1))


class StartsFromDoubtfulRows(PlainCombined):
    """Has no answer where no row is near another class."""

    def new_rows(self, X, y, label, n, rng):
        doubtful = (y[self.nearest(X, 5)] != label).any(axis=1) & (y == label)
        if not doubtful.any():
            raise ValueError(f"expected rows of class {label!r} near others, there are none")
        return super().new_rows(X, y, label, n, rng)


COMBINED = [
    *(CombinedWith(made=made) for made in ("copies", "noise", "half-way")),
    ExtrapolatesFromSafeRows(),
    StartsFromDoubtfulRows(),
]


@pytest.mark.parametrize("sampler", COMBINED, ids=str)
@pytest.mark.parametrize(
    "wanted", ["rows_of_the_input_keep_values_and_labels", "new_rows_are_not_beyond_their_class"]
)
def test_accepts_combined_samplers_whatever_rows_they_make(sampler, wanted):
    results = [
        run_property(PROPERTIES[wanted], Subject(sampler, family="combined"), seed=n) for n in range(3)
    ]
    assert {result.status for result in results} == {"passed"}


def test_to_give_rows_of_the_majority_to_the_minority_is_a_remark():
    prop = PROPERTIES["rows_of_the_input_keep_values_and_labels"]
    both, one = (
        run_property(prop, Subject(BROKEN[name].sampler, family="combined"))
        for name in ("RelabelsTheDoubtful", "RelabelsTheMajority")
    )
    assert one.is_remark
    assert both.status == "failed"
    assert not both.is_remark


def test_fewer_rows_than_the_smallest_class_reject_and_more_are_a_remark():
    few, many = (
        run_property(
            PROPERTIES["undersampling_balances"], Subject(BROKEN[name].sampler, family="undersampler")
        )
        for name in ("LeavesOneTooFew", "LeavesOneMore")
    )
    assert many.is_remark
    assert few.status == "failed"
    assert not few.is_remark


def test_accepts_that_few_rows_are_among_the_nearest_of_the_smallest_class():
    subject = Subject(NearMiss(version=3), family="undersampler")
    results = [run_property(PROPERTIES["undersampling_balances"], subject, seed=seed) for seed in range(3)]
    assert all(result.status == "passed" or result.is_remark for result in results)
