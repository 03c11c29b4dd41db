"""The contract group notices what breaks callers, in estimators, objects and functions, and nothing else.

Also of: contract_arguments, contract_attributes, contract_containers, contract_errors, contract_estimator,
contract_frames, contract_labels, contract_memory, contract_randomness, contract_reuse, contract_seeds,
contract_parts, contract_settings, contract_surroundings, properties.other_process.
"""

from __future__ import annotations

import random
import signal
import sys

import broken_samplers.alike
import broken_samplers.arguments
import broken_samplers.calls
import broken_samplers.combined
import broken_samplers.contract
import broken_samplers.frames
import broken_samplers.integers
import broken_samplers.settings
import numpy as np
import pytest
from broken_samplers.contract import SeedsTheGlobalState
from broken_samplers.killing import assert_accepted, kills, unkilled
from broken_samplers.pasting import assert_noticed
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from imblearn.over_sampling import SMOTE, BorderlineSMOTE, RandomOverSampler
from imblearn.under_sampling import ClusterCentroids, EditedNearestNeighbours, RandomUnderSampler
from sklearn.neighbors import NearestNeighbors

from smote_bench.properties import PROPERTIES, Case, Subject, Violation, run_property

assert broken_samplers.alike, "registers its samplers"
assert broken_samplers.arguments, "registers its samplers"
assert broken_samplers.calls, "registers its samplers"
assert broken_samplers.combined, "registers its samplers"
assert broken_samplers.contract, "registers its samplers"
assert broken_samplers.frames, "registers its samplers"
assert broken_samplers.integers, "registers its samplers"
assert broken_samplers.settings, "registers its samplers"


@pytest.mark.parametrize(("name", "wanted"), kills("contract"))
def test_notices(name, wanted):
    assert_noticed(name, wanted)


def test_every_property_has_a_broken_sampler():
    assert unkilled("contract") == set()


# Seeds from 1 on are smoke runs.
@pytest.mark.parametrize("sampler", [PlainSMOTE, PlainBorderline, PlainADASYN, GaussianNoise, SMOTE])
def test_accepts_correct_samplers(sampler):
    assert_accepted(Subject(sampler), "contract", range(1, 2))


def test_accepts_borderline_of_the_second_kind():
    subject = Subject(PlainBorderline, params={"kind": "borderline-2"})
    assert subject.family == "borderline2"
    assert_accepted(subject, "contract", range(1, 2))


def test_accepts_random_oversampling_which_takes_text_and_missing_values():
    assert_accepted(Subject(RandomOverSampler, family="generic"), "contract", range(1, 2))


class SimpleSMOTE:
    """Thirty lines of NumPy with no validation at all."""

    def __init__(self, k=5, seed=None):
        self.k = k
        self.seed = seed

    def fit_resample(self, X, y):
        rng = np.random.default_rng(self.seed)
        labels, numbers = np.unique(y, return_counts=True)
        made, names = [X], [y]
        for label, number in zip(labels, numbers, strict=True):
            n = numbers.max() - number
            rows = X[y == label]
            if n == 0:
                continue
            near = NearestNeighbors(n_neighbors=self.k + 1).fit(rows).kneighbors(rows)[1][:, 1:]
            start = rng.integers(len(rows), size=n)
            end = near[start, rng.integers(self.k, size=n)]
            steps = rng.random((n, 1))
            made.append((1 - steps) * rows[start] + steps * rows[end])
            names.append(np.full(n, label))
        return np.vstack(made), np.concatenate(names)


def simple_smote(X, y, k=5, seed=None):
    return SimpleSMOTE(k, seed).fit_resample(X, y)


@pytest.mark.parametrize("group", ["contract", "structure", "degenerate"])
@pytest.mark.parametrize("sampler", [SimpleSMOTE, simple_smote])
def test_accepts_a_plain_object_and_a_function_without_any_validation(sampler, group):
    assert_accepted(Subject(sampler, family="smote"), group, range(1, 2))


def test_holds_plain_objects_to_no_estimator_convention():
    subject = Subject(SimpleSMOTE, family="smote")
    result = run_property(PROPERTIES["frames_come_back_as_frames"], subject)
    assert (result.status, result.reason) == (
        "not applicable",
        "it is no scikit-learn estimator (no get_params)",
    )


def test_a_seed_that_the_user_fixed_is_left_alone():
    subject = Subject(PlainSMOTE, params={"random_state": 3})
    result = run_property(PROPERTIES["different_seeds_differ"], subject)
    assert (result.status, result.reason) == ("not applicable", "'random_state' is fixed to 3")


def test_names_the_attribute_that_imbalanced_learn_leaves_without_underscore():
    result = run_property(PROPERTIES["fitting_keeps_parameters"], Subject(BorderlineSMOTE))
    assert result.status == "failed"
    assert "in_danger_indices" in result.reason


def test_shows_the_strategy_that_was_taken_though_it_cannot_be_met():
    found = assert_noticed("TakesAnyWordForAuto", "rejects_impossible_targets")
    assert "sampling_strategy='balance'" in found.counterexample


def test_leaves_the_global_random_state_as_it_was():
    y = np.repeat([0, 1], [30, 8])
    case = Case(np.random.default_rng(0).normal(size=(38, 2)), y, seed=3)
    np.random.seed(5)
    with pytest.raises(Violation, match=r"np\.random"):
        PROPERTIES["the_global_random_state_plays_no_part"].check(Subject(SeedsTheGlobalState), case)
    assert np.random.uniform() == np.random.RandomState(5).uniform()


OTHERS = ("other_parameters_keep_the_counts", "other_parameters_are_kept")


class RefusesMost(GaussianNoise):
    """Says which values it takes, in calls or at once."""

    def new_rows(self, X, y, label, n, rng):
        if self.scale != 0.1:
            raise ValueError(f"expected scale to be 0.1, got {self.scale}")
        return super().new_rows(X, y, label, n, rng)


@pytest.mark.parametrize("wanted", OTHERS)
def test_values_of_other_parameters_may_be_refused(wanted):
    assert run_property(PROPERTIES[wanted], Subject(RefusesMost)).status == "passed"


@pytest.mark.parametrize("wanted", OTHERS)
def test_the_usual_parameters_are_none_of_the_others(wanted):
    for sampler in (PlainSMOTE, Subject(GaussianNoise, params={"scale": 0.2})):
        subject = sampler if isinstance(sampler, Subject) else Subject(sampler)
        assert subject.other_parameters == ()
        assert run_property(PROPERTIES[wanted], subject).status == "not applicable"


class LeveledADASYN(PlainADASYN):
    """Makes beta times as many rows as are missing, as He 2008 does; beyond 1 as many as are missing."""

    def __init__(self, sampling_strategy="auto", random_state=None, n_neighbors=5, beta=1.0, most=1.0):
        super().__init__(sampling_strategy, random_state, n_neighbors)
        self.beta = beta
        self.most = most

    def new_rows(self, X, y, label, n, rng):
        return super().new_rows(X, y, label, int(n * min(self.beta, self.most)), rng)


@pytest.mark.parametrize("most", [1.0, 9.0])
def test_the_level_of_adasyn_may_decide_how_many_rows_are_made(most):
    subject = Subject(LeveledADASYN, params={"most": most})
    for seed in range(3):
        result = run_property(PROPERTIES["other_parameters_keep_the_counts"], subject, seed=seed)
        assert result.status == "passed", result


def test_the_level_of_adasyn_does_not_decide_alone():
    class MakesTooMany(LeveledADASYN):
        def new_rows(self, X, y, label, n, rng):
            return super().new_rows(X, y, label, n if self.beta == 1 else 9 * n, rng)

    result = run_property(PROPERTIES["other_parameters_keep_the_counts"], Subject(MakesTooMany))
    assert result.status == "failed"


def test_a_seed_of_numpy_that_is_refused_leaves_no_result_in_doubt():
    class SeedsPythons(SimpleSMOTE):
        def fit_resample(self, X, y):
            random.Random(self.seed)
            return super().fit_resample(X, y)

    prop = PROPERTIES["same_seed_gives_same_bytes"]
    assert run_property(prop, Subject(SeedsPythons, family="smote")).is_remark


REMOVE = [RandomUnderSampler, ClusterCentroids, EditedNearestNeighbours(kind_sel="mode")]


@pytest.mark.parametrize("sampler", REMOVE, ids=str)
@pytest.mark.parametrize(
    "wanted", ["labels_keep_their_type", "odd_labels_are_kept_or_refused", "sample_indices_name_the_rows"]
)
def test_accepts_samplers_that_remove_rows(sampler, wanted):
    result = run_property(PROPERTIES[wanted], Subject(sampler), seed=1)
    assert result.status == "passed" or result.is_remark


def test_what_makes_rows_may_name_those_they_are_made_of():
    subject = Subject(RandomOverSampler(shrinkage=0.5), family="generic")
    assert run_property(PROPERTIES["sample_indices_name_the_rows"], subject).status == "passed"


class WorksInTheMainThreadAlone(PlainSMOTE):
    """As what sets handlers of signals does."""

    def read(self, X, y):
        signal.signal(signal.SIGUSR1, signal.SIG_DFL)
        return super().read(X, y)


@pytest.mark.parametrize("sampler", [PlainSMOTE, SMOTE, WorksInTheMainThreadAlone, simple_smote])
def test_accepts_samplers_in_threads(sampler):
    interval = sys.getswitchinterval()
    subject = Subject(sampler, family="smote")
    results = [run_property(PROPERTIES["threads_do_not_share_data"], subject, seed=seed) for seed in range(2)]
    assert {result.status for result in results} == {"passed"}
    assert sys.getswitchinterval() == interval
