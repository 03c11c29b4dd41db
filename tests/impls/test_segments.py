"""Synthetic rows on segments: never outside, whatever the numbers, in every type."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from smote_impls import Segments
from smote_impls import segments as module
from smote_impls.segments import interpolate_dense, interpolate_sparse

FLOATS = ["float16", "float32", "float64"]
INTEGERS = ["int8", "uint8", "int32", "int64", "uint64", "bool"]
_STEPS = st.floats(0, 1) | st.sampled_from([0.0, 0.5, np.nextafter(0.5, 1), np.nextafter(1, 0), 1.0])


def _dense(X, segments):
    out = np.empty((len(segments), X.shape[1]), dtype=X.dtype)
    interpolate_dense(X, segments, out)
    return out


def _sparse(X, segments):
    return interpolate_sparse(sparse.csr_matrix(X), segments).toarray()


def _pair(step, n=1):
    return Segments(np.zeros(n, dtype=np.intp), np.ones(n, dtype=np.intp), np.full(n, step))


def _values(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return hnp.from_dtype(dtype, allow_nan=False, allow_infinity=False)
    return hnp.from_dtype(dtype)


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_row_leaves_the_box_of_its_parents(dtype, data):
    X = data.draw(hnp.arrays(dtype, (2, 3), elements=_values(dtype)))
    (row,) = _dense(X, _pair(data.draw(_STEPS)))
    assert row.dtype == X.dtype
    assert (row >= X.min(axis=0)).all()
    assert (row <= X.max(axis=0)).all()


@pytest.mark.parametrize("interpolate", [_dense, _sparse])
@pytest.mark.parametrize("step", [0.5, np.nextafter(0.5, 1)])
def test_the_middle_of_all_of_uint64_is_written_without_a_warning(interpolate, step):
    X = np.array([[0, 7], [2**64 - 1, 7]], dtype=np.uint64)
    with warnings.catch_warnings(action="error"):
        row = interpolate(X, _pair(step))[0]
    assert abs(int(row[0]) - 2**63) <= 2**11  # the spacing of floats there
    assert row[1] == 7


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_sparse_rows_are_the_dense_ones(dtype, data):
    X = data.draw(hnp.arrays(dtype, (2, 3), elements=st.just(np.dtype(dtype).type(0)) | _values(dtype)))
    segments = _pair(data.draw(_STEPS))
    np.testing.assert_array_equal(_sparse(X, segments), _dense(X, segments))


@pytest.mark.parametrize("interpolate", [_dense, _sparse])
@pytest.mark.parametrize("ends", [(-1e308, 1e308), (1.7e308, -1.7e308), (-1e-300, 1e-300), (1e-300, 1e300)])
@pytest.mark.parametrize("step", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_extreme_ranges_keep_their_proportions(interpolate, ends, step):
    X = np.array([[ends[0], 1.0], [ends[1], 2.0]])
    row = interpolate(X, _pair(step))[0]
    np.testing.assert_allclose(
        row, [ends[0] * (1 - step) + ends[1] * step, 1 + step], rtol=1e-12, atol=1e-310
    )


@pytest.mark.parametrize("interpolate", [_dense, _sparse])
def test_equal_values_stay_exactly_equal_even_where_others_overflow(interpolate):
    X = np.array([[0.1, -1e308], [0.1, 1e308]])
    segments = Segments(np.zeros(99, int), np.ones(99, int), np.linspace(0, 1, 99))
    assert (interpolate(X, segments)[:, 0] == 0.1).all()


@pytest.mark.parametrize("interpolate", [_dense, _sparse])
def test_steps_of_zero_and_one_give_the_ends_exactly(interpolate):
    X = np.array([[0.1, -7.3], [1e17, 0.3]])
    np.testing.assert_array_equal(interpolate(X, _pair(0.0))[0], X[0])
    np.testing.assert_array_equal(interpolate(X, _pair(1.0))[0], X[1])


@pytest.mark.parametrize("interpolate", [_dense, _sparse])
def test_integers_are_rounded_to_the_nearest(interpolate):
    X = np.array([[0, 10, -10], [1, 13, -13]])
    assert interpolate(X, _pair(0.6))[0].tolist() == [1, 12, -12]
    assert interpolate(X, _pair(0.3))[0].tolist() == [0, 11, -11]


def test_integers_beyond_the_precision_of_floats_keep_their_last_digits():
    X = np.array([[2**60 + 1, 2**60 + 1], [2**60 + 1, 2**60 + 3]])
    assert _dense(X, _pair(0.5))[0].tolist() == [2**60 + 1, 2**60 + 2]
    assert _sparse(X, _pair(0.5))[0].tolist() == [2**60 + 1, 2**60 + 2]
    X = np.array([[2**64 - 5], [2**64 - 1]], dtype=np.uint64)
    assert _dense(X, _pair(0.5))[0, 0] == 2**64 - 3


@pytest.mark.parametrize("n_blocks", ["one", "many"])
def test_blocks_do_not_show(monkeypatch, n_blocks):
    rng = np.random.RandomState(0)
    X = rng.normal(size=(50, 4))
    segments = Segments(rng.randint(50, size=777), rng.randint(50, size=777), rng.uniform(size=777))
    expected = X[segments.seed] + segments.step[:, None] * (X[segments.neighbor] - X[segments.seed])
    if n_blocks == "many":
        monkeypatch.setattr(module, "_DENSE_BLOCK_BYTES", 1000)
        monkeypatch.setattr(module, "_SPARSE_BLOCK_BYTES", 1000)
    np.testing.assert_allclose(_dense(X, segments), expected, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(_sparse(X, segments), expected, rtol=1e-13, atol=1e-13)


def test_steps_beyond_the_ends_extrapolate():
    X = np.array([[0.0], [10.0]])
    assert _dense(X, _pair(1.5))[0, 0] == 15
    assert _dense(X, _pair(-0.5))[0, 0] == -5


def test_draws_only_the_partners_it_is_given():
    partners = np.array([[7, 8, 9], [4, 5, 6]])
    drawn = Segments.draw(np.array([1, 2]), np.array([50, 0]), partners, np.random.RandomState(0))
    assert len(drawn) == 50
    assert set(drawn.seed) == {1}
    assert set(drawn.neighbor) == {7, 8, 9}
