"""The template: what a subclass is given, what it may return, and what the base class makes sure of."""

from __future__ import annotations

import numpy as np
import pytest
from imblearn.base import is_sampler
from imblearn.over_sampling.base import BaseOverSampler
from scipy import sparse
from sklearn.utils import get_tags

from smote_impls import ADASYN, SMOTE, BaseOversampler, BorderlineSMOTE, OversamplerTags, Segments

from .small_data import FirstToSecond, overlapping, rebuilt


class GaussianNoise(BaseOversampler):
    """Rows of the class with noise: on no segment."""

    def _synthesize(self, target, rng):
        chosen = target.X_class[rng.randint(len(target.rows), size=target.n_samples)]
        chosen = chosen.toarray() if sparse.issparse(chosen) else chosen
        return chosen + rng.normal(size=chosen.shape)


class Returns(BaseOversampler):
    """Whatever the test says."""

    def __init__(self, make=None):
        super().__init__()
        self.make = make

    def _synthesize(self, target, rng):
        return self.make(target)


def test_a_subclass_is_told_of_its_class(data):
    X, y = data
    seen = []

    class Looks(FirstToSecond):
        def _synthesize(self, target, rng):
            seen.append(target)
            return super()._synthesize(target, rng)

    Looks(sampling_strategy={"yes": 50}).fit_resample(np.asfortranarray(X), np.array(["no", "yes"])[y])
    (target,) = seen
    assert (target.label, target.n_samples) == ("yes", 10)
    np.testing.assert_array_equal(target.rows, np.flatnonzero(y == 1))
    np.testing.assert_array_equal(target.X, X)
    np.testing.assert_array_equal(target.X_class, X[y == 1])
    np.testing.assert_array_equal(target.in_class, y == 1)
    assert target.X.flags.c_contiguous
    assert not target.X.flags.writeable


def test_classes_come_in_order_each_after_the_other():
    X, y = overlapping(n_rows=90, n_minority=30)
    y = np.where((y == 0) & (np.arange(90) % 3 == 0), 2, y)
    sampler = FirstToSecond(sampling_strategy={2: 45, 1: 35}, random_state=0)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    n_new = 45 - int((y == 2).sum())
    assert y_resampled[90:].tolist() == [1] * 5 + [2] * n_new
    assert (y[sampler.synthetic_parents_["seed"]] == y_resampled[90:]).all()
    np.testing.assert_allclose(X_resampled[90:], rebuilt(X, sampler.synthetic_parents_), rtol=1e-12)


def test_parents_hold_for_sparse_rows_too(sampler, data):
    X, y = data
    X_resampled, _ = sampler.fit_resample(sparse.csc_array(X), y)
    np.testing.assert_allclose(
        X_resampled.toarray()[200:], rebuilt(X, sampler.synthetic_parents_), rtol=1e-12
    )


def test_rows_on_no_segment_are_taken_as_they_are(data):
    X, y = data
    for given in (X, sparse.csr_matrix(X), sparse.csc_array(X)):
        sampler = GaussianNoise(random_state=0)
        X_resampled, _ = sampler.fit_resample(given, y)
        assert X_resampled.shape == (320, 3)
        parents = sampler.synthetic_parents_
        assert set(parents["seed"]) == set(parents["neighbor"]) == {-1}
        assert np.isnan(parents["step"]).all()


def test_rows_are_brought_to_the_type_of_X(data):
    _, y = data
    X = np.zeros((200, 2), dtype="int32")
    for given in (X, sparse.csr_matrix(X)):
        for make in (np.asarray, sparse.csr_matrix):
            out, _ = Returns(lambda t, make=make: make(np.full((t.n_samples, 2), 2.7))).fit_resample(given, y)
            assert out.dtype == "int32"
            assert out[250, 0] == 3


def _segments(seed=None, neighbor=None, step=None):
    def make(target):
        n = target.n_samples
        return Segments(
            np.zeros(n, int) if seed is None else seed(n),
            np.ones(n, int) if neighbor is None else neighbor(n),
            np.zeros(n) if step is None else step(n),
        )

    return make


WRONG = {
    "too few rows": (lambda t: t.X[:5], r"class 1, an array of shape \(120, 3\) .*got ndarray of \(5, 3\)"),
    "too few columns": (lambda t: np.zeros((t.n_samples, 2)), r"got ndarray of \(120, 2\)"),
    "nothing": (lambda t: None, r"an array of shape \(120, 3\) or Segments, got NoneType"),
    "nan": (lambda t: np.full((t.n_samples, 3), np.nan), "of finite numbers, got NaN or inf"),
    "too few segments": (
        _segments(seed=lambda n: np.zeros(5, int)),
        r"\[\(5,\), \(120,\), \(120,\)\]",
    ),
    "a step for each feature": (_segments(step=lambda n: np.zeros((n, 3))), r"\(120, 3\)\]"),
    "seed beyond X": (
        _segments(seed=lambda n: np.full(n, 200)),
        "seed from 0 to 199, got int64 from 200",
    ),
    "negative neighbor": (
        _segments(neighbor=lambda n: np.full(n, -1)),
        "neighbor from 0 to 199, got int64",
    ),
    "fractional seed": (_segments(seed=lambda n: np.zeros(n)), "got float64 from 0.0.*target.rows"),
    "nan step": (_segments(step=lambda n: np.full(n, np.nan)), "finite steps"),
}


@pytest.mark.parametrize("case", WRONG)
def test_rejects_what_is_no_set_of_rows_and_names_the_author(data, case):
    make, message = WRONG[case]
    with pytest.raises(ValueError, match=r"Expected Returns\._synthesize to return 120 rows") as error:
        Returns(make).fit_resample(*data)
    assert error.match(message)


def test_cannot_be_used_without_the_one_method():
    with pytest.raises(TypeError, match="_synthesize"):
        BaseOversampler()


def test_is_an_oversampler_of_imbalanced_learn(sampler):
    assert isinstance(sampler, BaseOverSampler)
    assert is_sampler(sampler)


@pytest.mark.parametrize(
    ("sampler", "family"),
    [
        (FirstToSecond(), "generic"),
        (SMOTE(), "smote"),
        (BorderlineSMOTE(), "borderline1"),
        (BorderlineSMOTE(kind="borderline-2"), "borderline2"),
        (ADASYN(), "adasyn"),
    ],
)
def test_tags_carry_the_family(sampler, family):
    tags = get_tags(sampler)
    assert isinstance(tags, OversamplerTags)
    assert tags.oversampler_family == sampler.oversampler_family == family
    assert tags.input_tags.sparse is (family != "generic")
    assert tags.target_tags.required


def test_an_int_gives_the_same_bytes_each_call(sampler, data):
    first, second = sampler.fit_resample(*data)[0], sampler.fit_resample(*data)[0]
    assert first.tobytes() == second.tobytes()
    other = sampler.set_params(random_state=1).fit_resample(*data)[0]
    assert other.tobytes() != first.tobytes()


def test_a_random_state_goes_on_where_it_stands(sampler, data):
    sampler.set_params(random_state=np.random.RandomState(0))
    first, second = sampler.fit_resample(*data)[0], sampler.fit_resample(*data)[0]
    assert first.tobytes() != second.tobytes()
    sampler.set_params(random_state=np.random.RandomState(0))
    assert sampler.fit_resample(*data)[0].tobytes() == first.tobytes()


def test_global_random_state_is_neither_used_nor_moved(sampler, data):
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    first = sampler.fit_resample(*data)[0]
    np.testing.assert_array_equal(np.random.get_state()[1], before)
    np.random.seed(4)
    assert sampler.fit_resample(*data)[0].tobytes() == first.tobytes()


def test_no_seed_means_the_global_state_as_in_scikit_learn(sampler, data):
    sampler.set_params(random_state=None)
    np.random.seed(3)
    first = sampler.fit_resample(*data)[0]
    np.random.seed(3)
    assert sampler.fit_resample(*data)[0].tobytes() == first.tobytes()


def test_parameters_are_only_stored(sampler, data):
    before = dict(sampler.get_params())
    strategy = {1: 100}
    sampler.set_params(sampling_strategy=strategy).fit_resample(*data)
    assert sampler.get_params() == {**before, "sampling_strategy": strategy}
    assert strategy == {1: 100}


def test_fit_counts_without_making_rows(sampler, data):
    assert sampler.fit(*data) is sampler
    assert sampler.sampling_strategy_ == {1: 120}
    assert sampler.n_features_in_ == 3
    assert not hasattr(sampler, "synthetic_parents_")


def test_one_column_and_more_columns_than_rows():
    rng = np.random.RandomState(0)
    y = np.tile([0, 0, 1], 10)
    for d in (1, 300):
        X = rng.normal(size=(30, d))
        assert SMOTE(random_state=0).fit_resample(X, y)[0].shape == (40, d)


def test_equal_minority_rows_give_equal_rows():
    X = np.r_[np.full((8, 3), 0.1), np.random.RandomState(0).normal(size=(20, 3))]
    out, _ = SMOTE(random_state=0).fit_resample(X, np.repeat([1, 0], [8, 20]))
    assert (out[28:] == 0.1).all()


def test_a_subclass_that_takes_weights_gets_them(data):
    class Weighted(GaussianNoise):
        def _synthesize(self, target, rng, sample_weight=None):
            self.seen_ = sample_weight
            return super()._synthesize(target, rng)

    X, y = data
    sampler = Weighted()
    weights = np.ones(len(y))
    sampler.fit_resample(X, y, sample_weight=weights)
    assert sampler.seen_ is weights


class NeedsDense(BaseOversampler):
    """Makes rows by what sparse matrices do not have."""

    def _synthesize(self, target, rng):
        return target.X_class[rng.randint(len(target.rows), size=target.n_samples)] + target.X_class.std(
            axis=0
        )


def test_a_sampler_that_does_not_say_that_it_takes_sparse_matrices_says_what_to_do(data):
    X, y = data
    with pytest.raises(TypeError, match=r"Expected dense X.*NeedsDense made nothing.*takes_sparse = True"):
        NeedsDense().fit_resample(sparse.csr_matrix(X), y)
    assert not get_tags(NeedsDense()).input_tags.sparse
