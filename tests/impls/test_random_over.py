"""RandomOverSampler: copies of anything, and ROSE's kernel around the numbers of a class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from imblearn import over_sampling as imblearn
from scipy import sparse, stats

from smote_impls import RandomOverSampler
from smote_impls.mixed.kernel_noise import bandwidths, smoothed

from .mixed_data import CATEGORICAL, NUMERIC, customers
from .small_data import overlapping

pytestmark = pytest.mark.versions


@pytest.mark.parametrize("make", [np.asarray, pd.DataFrame, sparse.csr_matrix, sparse.csc_array])
def test_copies_are_those_of_imbalanced_learn(make):
    X, y = overlapping()
    given = make(X)
    ours, labels = RandomOverSampler(random_state=3).fit_resample(given, y)
    theirs, their_labels = imblearn.RandomOverSampler(random_state=3).fit_resample(make(X), y)
    assert type(ours) is type(given)
    dense = [table.toarray() if sparse.issparse(table) else np.asarray(table) for table in (ours, theirs)]
    np.testing.assert_array_equal(*dense)
    np.testing.assert_array_equal(labels, their_labels)


def test_copies_whatever_rows_hold():
    frame, y = customers()
    frame["when"] = pd.date_range("2020-01-01", periods=len(frame))
    frame.loc[frame.index[:5], "income"] = np.nan
    frame.loc[frame.index[5:60], "job"] = None
    sampler = RandomOverSampler(random_state=0)
    out, _ = sampler.fit_resample(frame, y)
    rows = sampler.sample_indices_
    pd.testing.assert_frame_equal(out, frame.take(rows).reset_index(drop=True))
    assert rows[:120].tolist() == list(range(120))
    assert (y[rows[120:]] == 1).all()


@pytest.mark.parametrize(
    "of", [lambda f: pa.Table.from_pandas(f, preserve_index=False), lambda f: f.values.tolist()]
)
def test_copies_in_tables_and_lists(of):
    frame, y = customers()
    given = of(frame)
    sampler = RandomOverSampler(random_state=0)
    out, _ = sampler.fit_resample(given, y)
    assert type(out) is type(given)
    rows = sampler.sample_indices_
    assert out == (given.take(rows) if isinstance(given, pa.Table) else [given[row] for row in rows])


def test_parents_of_copies_are_the_row_at_no_distance():
    X, y = overlapping()
    sampler = RandomOverSampler(random_state=0)
    out, _ = sampler.fit_resample(X, y)
    parents = sampler.synthetic_parents_
    np.testing.assert_array_equal(X[parents["seed"]], out[200:])
    np.testing.assert_array_equal(parents["seed"], parents["neighbor"])
    assert (parents["step"] == 0).all()


def test_rows_are_drawn_equally_often():
    X, y = overlapping(n_rows=60, n_minority=10)
    sampler = RandomOverSampler(random_state=0, sampling_strategy={1: 5010})
    sampler.fit_resample(X, y)
    counts = np.bincount(sampler.synthetic_parents_["seed"], minlength=60)[y == 1]
    assert stats.chisquare(counts).pvalue > 0.001


def test_the_bandwidth_is_silvermans_of_the_class():
    X = np.array([[0.0, 0], [2, 10], [4, 20]])
    factor = (4 / ((2 + 2) * 3)) ** (1 / (2 + 4))
    np.testing.assert_allclose(bandwidths(X, 1), [factor * 2, factor * 10], rtol=1e-12)
    np.testing.assert_allclose(bandwidths(X * 1e290, 1), [factor * 2e290, factor * 1e291], rtol=1e-12)


@pytest.mark.parametrize("shrinkage", [0.5, 2])
def test_noise_is_normal_and_as_wide_as_said(shrinkage):
    X, y = overlapping(n_rows=150, n_minority=40)
    sampler = RandomOverSampler(random_state=0, shrinkage=shrinkage, sampling_strategy={1: 4040})
    out, _ = sampler.fit_resample(X, y)
    noise = out[150:] - X[sampler.synthetic_parents_["seed"]]
    wide = shrinkage * (4 / ((3 + 2) * 40)) ** (1 / (3 + 4)) * X[y == 1].std(axis=0, ddof=1)
    for column, width in zip(noise.T, wide, strict=True):
        assert stats.kstest(column / width, "norm").pvalue > 0.001
    assert np.abs(np.corrcoef(noise.T) - np.eye(3)).max() < 0.06


def test_is_imbalanced_learns_smoothed_bootstrap_but_for_n_and_the_deviation():
    X, y = overlapping(n_rows=150, n_minority=40)
    ours = RandomOverSampler(random_state=5, shrinkage=1).fit_resample(X, y)[0][150:]
    theirs = imblearn.RandomOverSampler(random_state=5, shrinkage=1).fit_resample(X, y)[0][150:]
    sampler = RandomOverSampler(random_state=5)
    seeds = X[sampler.fit_resample(X, y) and sampler.sample_indices_[150:]]
    narrower = (40 / 150) ** (1 / 7) * np.sqrt(39 / 40)
    np.testing.assert_allclose(theirs - seeds, narrower * (ours - seeds), atol=1e-12)


def test_levels_are_copied_and_numbers_move():
    frame, y = customers()
    sampler = RandomOverSampler(random_state=0, shrinkage=1)
    out, _ = sampler.fit_resample(frame, y)
    assert out.dtypes.equals(frame.dtypes)
    pd.testing.assert_frame_equal(out.iloc[:120], frame.reset_index(drop=True))
    seeds = frame.take(sampler.sample_indices_[120:]).reset_index(drop=True)
    made = out.iloc[120:].reset_index(drop=True)
    pd.testing.assert_frame_equal(made[CATEGORICAL], seeds[CATEGORICAL])
    for name in NUMERIC:
        assert (made[name] != seeds[name]).mean() > 0.3
    assert sampler.synthetic_parents_["seed"].tolist() == sampler.sample_indices_[120:].tolist()
    assert np.isnan(sampler.synthetic_parents_["step"]).all()


def test_objects_that_are_numbers_move_and_others_are_copied():
    frame, y = customers()
    given = frame[["income", "job", "age"]].astype(object).to_numpy()
    sampler = RandomOverSampler(random_state=0, shrinkage=1)
    out, _ = sampler.fit_resample(given, y)
    seeds = given[sampler.sample_indices_[120:]]
    assert (out[120:, 1] == seeds[:, 1]).all()
    assert (out[120:, 0] != seeds[:, 0]).all()
    assert {type(value) for value in out[120:, 2]} == {int}


def test_dates_are_copied_beside_numbers_that_move():
    frame, y = customers()
    frame = frame[["income"]].assign(when=pd.date_range("2020-01-01", periods=120).to_numpy())
    sampler = RandomOverSampler(random_state=0, shrinkage=1)
    out, _ = sampler.fit_resample(frame, y)
    assert (out["when"] == frame["when"].to_numpy()[sampler.sample_indices_]).all()


def test_a_factor_of_0_is_a_copy_and_each_class_has_its_own():
    X, y = overlapping(300)
    y = np.where((y == 0) & (np.arange(300) % 4 == 0), 2, y)
    sampler = RandomOverSampler(random_state=0, shrinkage={1: 0, 2: 1.5})
    out, labels = sampler.fit_resample(X, y)
    assert sampler.shrinkage_ == {1: 0.0, 2: 1.5}
    copied = (out == X[sampler.sample_indices_]).all(axis=1)[300:]
    assert copied[labels[300:] == 1].all()
    assert not copied[labels[300:] == 2].any()


@pytest.mark.parametrize(
    ("values", "noise", "expected"),
    [
        (np.array([0, 250], "uint8"), [-3.0, 9.0], [0, 255]),
        (np.array([2**60 + 1, -(2**60)], "int64"), [1.4, 1e300], [2**60 + 2, 2**63 - 1]),
        (np.array([2**63 + 5, 3], "uint64"), [-2.0, -9.0], [2**63 + 3, 0]),
        (np.array([3e38], "float32"), [1e38], [np.finfo("float32").max]),
    ],
)
def test_numbers_stay_within_their_type(values, noise, expected):
    moved = smoothed(values, np.array(noise))
    assert moved.dtype == values.dtype
    assert moved.tolist() == expected


BAD = {
    "negative": ({"shrinkage": -1}, "'shrinkage' parameter of RandomOverSampler"),
    "text": ({"shrinkage": "auto"}, "'shrinkage' parameter of RandomOverSampler"),
    "no class": ({"shrinkage": {0: 1}}, r"each class that grows, \[1\], got none for \[1\]"),
    "a class below 0": ({"shrinkage": {1: -2}}, "0 or more in shrinkage for class 1, got -2"),
    "a class of text": ({"shrinkage": {1: "wide"}}, "0 or more in shrinkage for class 1, got 'wide'"),
}


@pytest.mark.parametrize("case", BAD)
def test_rejects_what_is_no_factor(case):
    params, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        RandomOverSampler(**params).fit_resample(*overlapping())


def test_a_shrinkage_needs_two_rows_finite_numbers_and_a_dense_table():
    X, y = overlapping(n_minority=1)
    with pytest.raises(
        ValueError, match=r"at least 2 rows of class 1 with a shrinkage, got 1.*shrinkage=None"
    ):
        RandomOverSampler(shrinkage=1).fit_resample(X, y)
    with pytest.raises(TypeError, match=r"got a sparse csr matrix: noise leaves no zeros"):
        RandomOverSampler(shrinkage=1).fit_resample(sparse.csr_matrix(X), y)
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"Input X contains NaN \(1 values\) in column 1"):
        RandomOverSampler(shrinkage=1).fit_resample(X, y)
    with pytest.raises(ValueError, match="Expected 2D array"):
        RandomOverSampler().fit_resample(X[:, 0], y)
    with pytest.raises(ValueError, match="200 rows and 0 columns"):
        RandomOverSampler().fit_resample(pd.DataFrame(index=range(200)), y)
