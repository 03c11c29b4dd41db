"""Weights after resampling: originals keep theirs, synthetic rows have their parents' mean."""

from __future__ import annotations

import numpy as np
import pytest
from imblearn.over_sampling import RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler

from smote_bench.evaluation.row_weights import resampled_weights
from smote_impls import SMOTE


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    y = (np.arange(40) % 5 == 0).astype(int)
    return rng.normal(size=(40, 3)), y, rng.random(40) + 0.5


def test_a_synthetic_row_has_the_mean_weight_of_its_two_parents(rows):
    X, y, weights = rows
    sampler = SMOTE(random_state=0)
    after = sampler.fit_resample(X, y)
    found = resampled_weights((X, y), after, weights, sampler.synthetic_parents_)
    np.testing.assert_array_equal(found[:40], weights)
    for weight, parent in zip(found[40:], sampler.synthetic_parents_, strict=True):
        assert weight == pytest.approx((weights[parent["seed"]] + weights[parent["neighbor"]]) / 2)


def test_without_known_parents_it_is_the_mean_of_the_class(rows):
    X, y, weights = rows
    after = SMOTE(random_state=0).fit_resample(X, y)
    found = resampled_weights((X, y), after, weights)
    np.testing.assert_array_equal(found[:40], weights)
    np.testing.assert_allclose(found[40:], weights[y == 1].mean())


def test_a_copy_has_the_weight_of_the_row_it_copies(rows):
    X, y, weights = rows
    sampler = RandomOverSampler(random_state=0)
    after = sampler.fit_resample(X, y)
    found = resampled_weights((X, y), after, weights)
    np.testing.assert_allclose(found, weights[sampler.sample_indices_])


def test_rows_that_are_left_keep_their_weights(rows):
    X, y, weights = rows
    sampler = RandomUnderSampler(random_state=0)
    after = sampler.fit_resample(X, y)
    found = resampled_weights((X, y), after, weights)
    np.testing.assert_allclose(found, weights[sampler.sample_indices_])
