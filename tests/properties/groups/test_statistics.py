"""Statistics notice wrong laws of seeds, neighbours and steps, and nothing else.

Also of: statistics_choices, statistics_few, statistics_many, properties.stars.
"""

from __future__ import annotations

import broken_samplers.alike
import broken_samplers.sizes
import broken_samplers.statistics
import numpy as np
import pytest
from broken_samplers.geometry import PlainBorderline2
from broken_samplers.killing import assert_accepted, assert_killed, kills, unkilled
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE
from sklearn.neighbors import NearestNeighbors

from smote_bench.properties import PROPERTIES, Subject, run_property

assert broken_samplers.alike, "registers its samplers"
assert broken_samplers.sizes, "registers its samplers"
assert broken_samplers.statistics, "registers its samplers"

KNOWN = ("minority_classes_get_steps_of_their_own",)


class EvenSeedsSMOTE(PlainSMOTE):
    """Starts from each row as often as from the others: allowed, Chawla et al. do so."""

    def seeds(self, candidates, n, rng):
        return rng.permutation(np.resize(rng.permutation(candidates), n))


class RemainderADASYN(PlainADASYN):
    """Rounds shares down and draws the rest by them, so that one row may get several."""

    def allocate(self, density, n):
        counts = np.floor(density * n).astype(int)
        return counts + self.generator().multinomial(n - counts.sum(), density)


class SinglePrecisionStepsSMOTE(PlainSMOTE):
    """Draws steps of 24 bits."""

    def steps(self, n, n_features, rng):
        return rng.randint(2**24, size=(n, 1)) / 2**24


class RoundedADASYN(PlainADASYN):
    """Rounds row by row and lets the total be what it is."""

    def allocate(self, density, n):
        return np.rint(density * n).astype(int)


class DrawnADASYN(PlainADASYN):
    """Draws seeds with the density as probability."""

    def allocate(self, density, n):
        return self.generator().multinomial(n, density)


class LiteralADASYN(PlainADASYN):
    """Draws neighbours of its class out of the k nearest of all classes, as He et al. can be read."""

    def new_rows(self, X, y, label, n, rng):
        own = np.flatnonzero(y == label)
        hardness = self.hardness(X, y, label)
        near = NearestNeighbors(n_neighbors=self.n_neighbors).fit(X).kneighbors(return_distance=False)[own]
        of_class = own[self.neighbors(X[own], self.n_neighbors)]
        made = []
        for row, n_here in enumerate(self.allocate(hardness / hardness.sum(), n)):
            partners = near[row][y[near[row]] == label]
            ends = X[rng.choice(partners if len(partners) else of_class[row], size=n_here)]
            made.append(self.combine(X[own[row]], ends, self.steps(n_here, X.shape[1], rng)))
        return np.vstack(made)


@pytest.mark.parametrize(("name", "wanted"), kills("statistics"))
def test_notices(name, wanted):
    assert_killed(name, wanted)


def test_every_property_has_a_broken_sampler():
    assert unkilled("statistics") == set()


@pytest.mark.parametrize(
    "sampler",
    [
        PlainSMOTE,
        PlainBorderline,
        PlainBorderline2,
        PlainADASYN,
        EvenSeedsSMOTE,
        SinglePrecisionStepsSMOTE,
        RoundedADASYN,
        DrawnADASYN,
        LiteralADASYN,
        ADASYN,
    ],
)
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "statistics", range(2))


@pytest.mark.parametrize("sampler", [SMOTE, BorderlineSMOTE])
def test_accepts_imbalanced_learn_with_two_classes(sampler):
    assert_accepted(Subject(sampler), "statistics", range(2), but=KNOWN)


@pytest.mark.parametrize("sampler", [SMOTE, BorderlineSMOTE])
def test_knows_that_imbalanced_learn_reads_its_seed_again_for_each_class(sampler):
    result = run_property(PROPERTIES["minority_classes_get_steps_of_their_own"], Subject(sampler))
    assert result.status == "failed"
    assert "the same as those of the other minority class" in result.reason


def test_knows_that_imbalanced_learn_halves_the_second_kinds_steps_twice():
    subject = Subject(BorderlineSMOTE(kind="borderline-2"))
    result = run_property(PROPERTIES["steps_towards_others_are_uniform_up_to_half"], subject)
    assert "uniform on [0, 0.5]" in result.reason


@pytest.mark.parametrize("params", [{"k_neighbors": 1}, {"k_neighbors": 9}])
def test_lays_data_out_for_the_number_of_neighbors_that_is_fixed(params):
    assert_accepted(Subject(PlainSMOTE, params=params), "statistics", range(2))


@pytest.mark.parametrize("m", [2, 3, 40])
def test_lays_data_out_for_the_number_that_decides_on_danger(m):
    assert_accepted(Subject(PlainBorderline, params={"m_neighbors": m}), "statistics", range(2))


def test_accepts_a_fixed_ratio():
    subject = Subject(PlainADASYN, params={"sampling_strategy": 0.5})
    assert_accepted(subject, "statistics", range(2), but=KNOWN)


@pytest.mark.parametrize("sampler", [RemainderADASYN, DrawnADASYN])
def test_accepts_shares_of_which_a_part_or_all_is_drawn(sampler):
    prop = PROPERTIES["allocation_follows_hardness"]
    found = [run_property(prop, Subject(sampler()), seed=seed, smoke=True) for seed in range(60)]
    assert {result.status for result in found} == {"passed"}


class TakesFewerNeighbors(PlainSMOTE):
    """Takes all others where there are fewer than k."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, min(k, len(rows) - 1))


class RepeatsNeighbors(PlainSMOTE):
    """Goes round the others until there are k, so that near ones come once more often."""

    def neighbors(self, rows, k):
        near = super().neighbors(rows, min(k, len(rows) - 1))
        return np.take(near, np.arange(k), axis=1, mode="wrap")


class CopiesWhereNeighborsAreFew(PlainSMOTE):
    """Copies rows where there are fewer than k others."""

    def new_rows(self, X, y, label, n, rng):
        rows = X[y == label]
        if len(rows) > self.k_neighbors:
            return super().new_rows(X, y, label, n, rng)
        return rows[rng.randint(len(rows), size=n)]


@pytest.mark.parametrize("sampler", [TakesFewerNeighbors, RepeatsNeighbors, CopiesWhereNeighborsAreFew])
def test_what_is_done_with_more_neighbors_than_rows_is_a_choice(sampler):
    for seed in range(5):
        result = run_property(PROPERTIES["many_neighbors_are_all_used"], Subject(sampler), seed=seed)
        assert result.status == "passed", result
