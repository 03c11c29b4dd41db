"""The samplers among other libraries' tools: clone, pickle, pipelines, searches, routing."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn
from imblearn.pipeline import make_pipeline
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.preprocessing import StandardScaler

from smote_impls import SMOTE, BaseOversampler, Segments

from .small_data import overlapping


class WeightedSeeds(BaseOversampler):
    """Draws seeds by the caller's weights: a sampler that takes metadata."""

    def fit_resample(self, X, y, sample_weight=None):
        return super().fit_resample(X, y, sample_weight=sample_weight)

    def _synthesize(self, target, rng, sample_weight=None):
        weights = np.ones(len(target.X)) if sample_weight is None else np.asarray(sample_weight)
        share = weights[target.rows] / weights[target.rows].sum()
        seeds, neighbors = rng.choice(target.rows, size=(2, target.n_samples), p=share)
        return Segments(seeds, neighbors, rng.uniform(size=target.n_samples))


@pytest.mark.parametrize("through", [clone, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_a_copy_makes_the_same_rows(sampler, data, through):
    expected, _ = sampler.fit_resample(*data)
    np.testing.assert_array_equal(through(sampler).fit_resample(*data)[0], expected)


def test_pickle_keeps_what_was_recorded_and_clone_does_not(sampler, data):
    sampler.fit_resample(*data)
    restored = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(restored.synthetic_parents_, sampler.synthetic_parents_)
    assert not hasattr(clone(sampler), "synthetic_parents_")


def test_parents_go_into_a_frame_as_they_are(sampler, data):
    sampler.fit_resample(*data)
    frame = pd.DataFrame(sampler.synthetic_parents_)
    assert list(frame.columns) == ["seed", "neighbor", "step"]
    assert len(frame) == 120


def test_shows_its_changed_parameters():
    assert repr(SMOTE(k_neighbors=3)) == "SMOTE(k_neighbors=3)"


def test_resamples_training_rows_only_in_a_pipeline(sampler, data):
    X, y = data
    pipeline = make_pipeline(StandardScaler(), sampler, LogisticRegression()).fit(X, y)
    assert pipeline.predict(X).shape == (200,)
    scores = cross_val_score(pipeline, X, y, scoring="balanced_accuracy", error_score="raise")
    assert scores.mean() > 0.6


def test_searches_its_parameters(data):
    search = GridSearchCV(
        make_pipeline(SMOTE(random_state=0), LogisticRegression()),
        {"smote__k_neighbors": [2, "auto"], "smote__sampling_strategy": [0.5, "auto", {1: 100}]},
        scoring="roc_auc",
        error_score="raise",
        cv=3,
    ).fit(*data)
    assert len(search.cv_results_["params"]) == 6


def test_feature_names_go_through(data):
    X, y = data
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(pd.DataFrame(X, columns=["b", "a", "c"]), y)
    assert sampler.get_feature_names_out().tolist() == ["b", "a", "c"]


def test_metadata_reach_the_one_method(data):
    X, y = data
    weight = np.zeros(200)
    weight[np.flatnonzero(y == 1)[:2]] = 1
    sampler = WeightedSeeds(random_state=0)
    sampler.fit_resample(X, y, sample_weight=weight)
    assert set(sampler.synthetic_parents_["seed"]) == set(np.flatnonzero(y == 1)[:2])


def test_rejects_metadata_that_the_sampler_does_not_take(sampler, data):
    with pytest.raises(TypeError, match="sample_weight"):
        sampler.fit_resample(*data, sample_weight=np.ones(200))


def test_metadata_are_routed_through_a_pipeline(data):
    X, y = data
    weight = np.zeros(200)
    weight[np.flatnonzero(y == 1)[:2]] = 1
    with sklearn.config_context(enable_metadata_routing=True):
        sampler = WeightedSeeds(random_state=0).set_fit_resample_request(sample_weight=True)
        classifier = LogisticRegression().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(sampler, classifier).fit(X, y, sample_weight=weight)
    seeds = pipeline[0].synthetic_parents_["seed"]
    assert set(seeds) == set(np.flatnonzero(y == 1)[:2])


def test_takes_part_where_metadata_are_routed(sampler, data):
    X, y = data
    with sklearn.config_context(enable_metadata_routing=True):
        classifier = LogisticRegression().set_fit_request(sample_weight=False)
        make_pipeline(sampler, classifier).fit(X, y)
        assert sampler.get_metadata_routing().fit_resample.requests == {}


def test_no_warning_is_given_on_good_data(sampler, recwarn):
    X, y = overlapping()
    frame = pd.DataFrame({"x": X[:, 0], "n": (10 * X[:, 1]).astype(int), "z": X[:, 2]})
    for given in (X, frame, X.tolist()):
        sampler.fit_resample(given, y)
    assert [str(warning.message) for warning in recwarn] == []
