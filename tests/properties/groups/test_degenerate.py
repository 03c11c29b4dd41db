"""The degenerate group notices what gives way at the edges, and lets samplers refuse where that is right.

Also of: degenerate_integers, degenerate_sizes, degenerate_time, degenerate_twins, degenerate_values,
properties.islands.
"""

from __future__ import annotations

import broken_samplers.alike
import broken_samplers.degenerate
import broken_samplers.integers
import broken_samplers.sizes
import broken_samplers.twins
import numpy as np
import pytest
from broken_samplers.killing import assert_accepted, kills, unkilled
from broken_samplers.pasting import assert_noticed
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler
from imblearn.over_sampling.base import BaseOverSampler
from scipy.spatial import cKDTree
from sklearn.neighbors import NearestNeighbors

from smote_bench.properties import PROPERTIES, Case, Subject, Violation, run_property, validate

assert broken_samplers.alike, "registers its samplers"
assert broken_samplers.sizes, "registers its samplers"
assert broken_samplers.twins, "registers its samplers"
assert broken_samplers.degenerate, "registers its samplers"
assert broken_samplers.integers, "registers its samplers"


@pytest.mark.parametrize(("name", "wanted"), kills("degenerate"))
def test_notices(name, wanted):
    assert_noticed(name, wanted)


def test_every_property_has_a_broken_sampler():
    assert unkilled("degenerate") == set()


CUT_OFF = "integers_are_not_cut_off"
# What imbalanced-learn does, in every sampler that interpolates; it subtracts in the type of X as well.
INTEGERS = (CUT_OFF, "small_integers_do_not_wrap")


@pytest.mark.parametrize("sampler", [PlainSMOTE, PlainBorderline, PlainADASYN, GaussianNoise])
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "degenerate", range(1, 2))


def test_finds_that_imbalanced_learn_cuts_integers_off():
    assert_accepted(Subject(SMOTE), "degenerate", range(1, 2), but=INTEGERS)
    result = run_property(PROPERTIES[CUT_OFF], Subject(SMOTE))
    assert result.status == "failed"
    assert "expected whole numbers to be rounded, or floats, they are cut off" in result.reason
    assert run_property(PROPERTIES[INTEGERS[1]], Subject(SMOTE)).status == "failed"


class RoundsOnImbalancedLearnsBase(BaseOverSampler):
    """Rounds whole numbers; of frames with columns of several types the base class cuts them off."""

    def __init__(self, *, sampling_strategy="auto", random_state=None, k_neighbors=5):
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state
        self.k_neighbors = k_neighbors

    def _fit_resample(self, X, y):
        inner = PlainSMOTE(self.sampling_strategy, self.random_state, self.k_neighbors)
        rows, labels = inner.fit_resample(X.astype(float), y)
        return (np.rint(rows) if X.dtype.kind in "iu" else rows).astype(X.dtype), labels


class CutsOnImbalancedLearnsBase(RoundsOnImbalancedLearnsBase):
    """Cuts them off itself, too."""

    def _fit_resample(self, X, y):
        inner = PlainSMOTE(self.sampling_strategy, self.random_state, self.k_neighbors)
        rows, labels = inner.fit_resample(X.astype(float), y)
        return np.trunc(rows).astype(X.dtype) if X.dtype.kind in "iu" else rows, labels


def test_what_a_base_of_imbalanced_learn_does_to_frames_is_a_remark_on_a_sampler_that_rounds():
    verdict = validate(RoundsOnImbalancedLearnsBase, family="smote", properties=[CUT_OFF])
    assert verdict.accepted
    assert verdict.results[0].convention == "smote-bench"
    assert "imbalanced-learn's base does that" in verdict.results[0].reason
    assert not validate(CutsOnImbalancedLearnsBase, family="smote", properties=[CUT_OFF]).accepted


class PromotesAndSwallows(PlainSMOTE):
    def to_dtype(self, rows, dtype):
        return rows


def test_floats_for_integers_are_no_matter_of_geometry():
    assert_accepted(Subject(PromotesAndSwallows), "degenerate", range(1, 2))


def test_accepts_imbalanced_learns_borderline_but_that_it_is_silent_without_a_row_in_danger():
    silent = "nothing_to_start_from_is_said"  # imbalanced-learn issue 436
    assert_accepted(Subject(BorderlineSMOTE), "degenerate", range(1, 2), but=(silent, *INTEGERS))


def test_accepts_random_oversampling_and_second_kind_of_borderline():
    assert_accepted(Subject(RandomOverSampler, family="generic"), "degenerate", range(1, 2))
    assert_accepted(Subject(PlainBorderline, params={"kind": "borderline-2"}), "degenerate", range(1, 2))


def test_finds_that_imbalanced_learns_adasyn_refuses_where_every_share_rounds_to_none():
    refuses = "one_row_is_made_where_one_is_missing"
    assert_accepted(Subject(ADASYN), "degenerate", range(1, 2), but=(refuses, *INTEGERS))
    result = run_property(PROPERTIES[refuses], Subject(ADASYN))
    assert result.status == "failed"
    assert "No samples will be generated" in result.reason


class RoundsUpToInfinity(PlainSMOTE):
    """Raises for large values, as is right where distances overflow."""

    def neighbors(self, rows, k):
        if np.abs(rows).max() > 1e140:
            raise ValueError("expected values below 1e140: scale the data")
        return super().neighbors(rows, k)


def test_large_values_may_be_refused_but_not_small_ones():
    assert (
        run_property(PROPERTIES["extreme_magnitudes_are_kept"], Subject(RoundsUpToInfinity)).status
        == "passed"
    )

    class RefusesSmallValues(PlainSMOTE):
        def neighbors(self, rows, k):
            if np.abs(rows).max() < 1e-140:
                raise ValueError("expected values above 1e-140")
            return super().neighbors(rows, k)

    result = run_property(PROPERTIES["extreme_magnitudes_are_kept"], Subject(RefusesSmallValues))
    assert result.status == "failed"


def test_an_error_of_any_kind_on_huge_values_is_a_remark_and_a_wrong_row_is_none():
    class SearchesByTree(PlainSMOTE):
        def neighbors(self, rows, k):
            found = cKDTree(rows).query(rows, k=k + 1)[1][:, 1:]
            return np.arange(len(rows))[found]  # it gives a number beyond them where distances overflow

    verdict = validate(SearchesByTree, properties=["extreme_magnitudes_are_kept"])
    (result,) = verdict.results
    assert verdict.accepted
    assert result.convention == "smote-bench"
    assert "IndexError" in result.reason


APART = Case(
    np.array([[0.0], [1.0], [2.0], [3.0], [100.0], [101.0], [102.0]]),
    np.array([0, 0, 0, 0, 1, 1, 1]),
    params={},
)


@pytest.mark.parametrize("sampler", [PlainBorderline, PlainADASYN])
def test_families_that_start_from_certain_rows_may_refuse_where_there_is_none(sampler):
    params = {"m_neighbors": 2, "k_neighbors": 1} if sampler is PlainBorderline else {"n_neighbors": 1}
    PROPERTIES["nothing_to_start_from_is_said"].check(Subject(sampler, params=params), APART)


def test_smote_may_not_refuse_where_borderline_may():
    class Refuses(PlainSMOTE):
        def new_rows(self, X, y, label, n, rng):
            raise ValueError("no")

    with pytest.raises(Violation, match="expected an answer, it raised ValueError: no"):
        PROPERTIES["one_column_is_enough"].check(Subject(Refuses, params={"k_neighbors": 1}), APART)


TIME = PROPERTIES["time_grows_with_the_square_at_most"]
MODULE = "smote_bench.properties.groups.degenerate_time.cpu_seconds"


def _timed(monkeypatch, seconds):
    """Let calls take so many seconds for a number of rows of class 1."""
    monkeypatch.setattr(MODULE, lambda subject, case: seconds(int((case.y == 1).sum())))
    return run_property(TIME, Subject(GaussianNoise))


def test_time_may_grow_with_the_square(monkeypatch):
    assert _timed(monkeypatch, lambda n: 1e-3 + 1e-6 * n**2).status == "passed"
    assert _timed(monkeypatch, lambda n: 1e-3 + 2e-9 * n**3).status == "failed"


def test_time_of_a_machine_that_stalls_is_no_finding(monkeypatch):
    """Of three comparisons one that is quick enough settles it."""
    stalls = iter([30.0, 30.0, 1.0])

    def seconds(n):
        return 1e-6 * n**2 * (next(stalls) if n >= 4 * 80 else 1.0)

    assert _timed(monkeypatch, seconds).status == "passed"


def test_what_takes_too_long_to_be_compared_is_left_alone(monkeypatch):
    assert _timed(monkeypatch, lambda n: 1.0 * n**3).status == "passed"


TWINS = PROPERTIES["a_twin_of_another_class_is_another_row"]


class LeavesOneOfItsTwinsOut(PlainADASYN):
    """Takes the first column of a search for the row itself, which may be one of its twins."""

    def hardness(self, X, y, label):
        near = NearestNeighbors(n_neighbors=self.n_neighbors + 1).fit(X).kneighbors(X, return_distance=False)
        return (y[near[y == label][:, 1:]] != label).mean(axis=1)


@pytest.mark.parametrize("sampler", [PlainSMOTE, PlainBorderline, PlainADASYN, LeavesOneOfItsTwinsOut])
def test_twins_are_accepted_in_either_reading(sampler):
    assert {run_property(TWINS, Subject(sampler), seed=seed).status for seed in range(3)} == {"passed"}
