"""The samplers of typed rows among other libraries' tools: clone, pickle, seeds, pipelines, labels, tags."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from imblearn.base import is_sampler
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.pipeline import make_pipeline
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils import get_tags

from smote_impls import SMOTEENN, SMOTEN, SMOTENC, OversamplerTags, RandomOverSampler, SMOTETomek

from .mixed_data import CATEGORICAL, NUMERIC, customers

SAMPLERS = {
    "SMOTENC": (SMOTENC(random_state=0), "smotenc"),
    "SMOTEN": (SMOTEN(random_state=0), "smoten"),
    "copies": (RandomOverSampler(random_state=0), "generic"),
    "smoothed": (RandomOverSampler(random_state=0, shrinkage=0.5), "generic"),
    "SMOTETomek": (SMOTETomek(random_state=0), "combined"),
    "SMOTEENN": (SMOTEENN(random_state=0), "combined"),
}


@pytest.fixture(params=SAMPLERS)
def sampler(request):
    """Each of the samplers of typed rows, with a seed."""
    return clone(SAMPLERS[request.param][0])


@pytest.fixture
def data():
    """A mixed frame and its classes."""
    return customers()


@pytest.mark.parametrize("name", SAMPLERS)
def test_tags_carry_the_family_and_that_categories_are_taken(name):
    sampler, family = SAMPLERS[name]
    tags = get_tags(sampler)
    assert isinstance(tags, OversamplerTags)
    assert tags.oversampler_family == sampler.oversampler_family == family
    assert tags.input_tags.categorical
    assert is_sampler(sampler)
    assert isinstance(sampler, BaseOverSampler) is (family != "combined")


def test_copies_are_taken_of_anything_and_tags_say_so():
    tags = get_tags(RandomOverSampler()).input_tags
    assert (tags.sparse, tags.allow_nan, tags.string) == (True, True, True)
    tags = get_tags(RandomOverSampler(shrinkage=1)).input_tags
    assert (tags.sparse, tags.allow_nan, tags.string) == (False, False, True)


@pytest.mark.parametrize("through", [clone, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_a_copy_makes_the_same_rows(sampler, data, through):
    expected, _ = sampler.fit_resample(*data)
    pd.testing.assert_frame_equal(through(sampler).fit_resample(*data)[0], expected)


def test_global_random_state_is_neither_used_nor_moved(sampler, data):
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    first, _ = sampler.fit_resample(*data)
    np.testing.assert_array_equal(np.random.get_state()[1], before)
    np.random.seed(4)
    pd.testing.assert_frame_equal(sampler.fit_resample(*data)[0], first)


def test_a_random_state_goes_on_where_it_stands(sampler, data):
    sampler.set_params(random_state=np.random.RandomState(0))
    first, second = sampler.fit_resample(*data)[0], sampler.fit_resample(*data)[0]
    assert not first.equals(second)
    sampler.set_params(random_state=np.random.RandomState(0))
    pd.testing.assert_frame_equal(sampler.fit_resample(*data)[0], first)


def test_parameters_are_only_stored(sampler, data):
    before = dict(sampler.get_params())
    sampler.fit_resample(*data)
    assert sampler.get_params() == before


def test_two_classes_never_get_the_same_draws():
    frame, y = customers(n_rows=90, n_minority=20)
    twice = pd.concat([frame, frame[y == 1]], ignore_index=True)
    labels = np.r_[y, np.full(20, 2)]
    sampler = SMOTENC(random_state=0)
    sampler.fit_resample(twice, labels)
    first, second = np.split(sampler.synthetic_parents_["step"], 2)
    assert not np.isin(first, second).any()


def test_resamples_typed_rows_before_they_are_encoded(sampler, data):
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), CATEGORICAL), (StandardScaler(), NUMERIC)
    )
    pipeline = make_pipeline(sampler, encode, LogisticRegression())
    scores = cross_val_score(pipeline, *data, scoring="balanced_accuracy", error_score="raise", cv=3)
    assert len(scores) == 3


def test_searches_its_parameters(data):
    encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), CATEGORICAL))
    search = GridSearchCV(
        make_pipeline(SMOTENC(random_state=0), encode, LogisticRegression()),
        {"smotenc__k_neighbors": [2, "auto"], "smotenc__sampling_strategy": [0.5, "auto"]},
        error_score="raise",
        cv=3,
    ).fit(*data)
    assert len(search.cv_results_["params"]) == 4


LABELS = {
    "str": lambda y: np.array(["no", "yes"])[y],
    "category": lambda y: pd.Series(pd.Categorical.from_codes(y, ["z", "a"], ordered=True), name="bought"),
    "frame": lambda y: pd.DataFrame({"bought": y}),
    "list": lambda y: y.tolist(),
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_keep_their_type(sampler, data, kind):
    frame, y = data
    labels = LABELS[kind](y)
    out, resampled = sampler.fit_resample(frame, labels)
    assert type(resampled) is type(labels)
    assert len(resampled) == len(out)
    expected = np.asarray(clone(sampler).fit_resample(frame, y)[1])
    again = np.asarray(LABELS[kind](expected))
    np.testing.assert_array_equal(np.asarray(resampled), again)


BAD_Y = {
    "none": (lambda y: None, "got None"),
    "one class": (np.zeros_like, "at least two classes, got the single class 0"),
    "too long": (lambda y: np.r_[y, 1], "120 in X and 121 in y|equally many rows"),
    "missing": (lambda y: np.where(np.arange(len(y)) == 5, np.nan, y), "got 1 missing labels in y"),
}


@pytest.mark.parametrize("case", BAD_Y)
def test_rejects_bad_y(sampler, data, case):
    frame, y = data
    make, message = BAD_Y[case]
    with pytest.raises(ValueError, match=message):
        sampler.fit_resample(frame, make(y))


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        ({1: 10}, "at least the 30 rows"),
        ({"1": 90}, "Did you mean 1"),
        ("most", "'sampling_strategy' param"),
        (0.1, "at least the present ratio"),
    ],
)
def test_rejects_bad_strategies(sampler, data, strategy, message):
    with pytest.raises(ValueError, match=message):
        sampler.set_params(sampling_strategy=strategy).fit_resample(*data)


def test_no_warning_is_given_on_good_data(sampler, data, recwarn):
    sampler.fit_resample(*data)
    assert [str(warning.message) for warning in recwarn] == []
