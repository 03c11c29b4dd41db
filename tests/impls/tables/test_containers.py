"""What comes out is what went in: containers, names, types, formats, labels; the originals to the bit."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from smote_impls import SMOTE

from ..small_data import overlapping

pytestmark = pytest.mark.versions

FORMATS = ["csr", "csc", "coo", "lil"]


def _frame(X):
    """Columns of five types; labels and order that no code would make up."""
    return pd.DataFrame(
        {
            "wide": X[:, 0],
            "a": (100 * X[:, 1]).round().astype("int32"),
            "Z": X[:, 2].astype("float32"),
            "flag": X[:, 0] > 0,
            "nullable": pd.array((10 * X[:, 2]).round(), dtype="Int64"),
        },
        index=np.arange(len(X)) * 7 + 3,
    )


def test_frame_keeps_names_order_types_and_values(sampler, data):
    X, y = data
    frame = _frame(X)
    out, labels = sampler.fit_resample(frame, pd.Series(y, index=frame.index, name="target"))
    assert list(out.columns) == list(frame.columns)
    assert (out.dtypes == frame.dtypes).all()
    assert isinstance(out.index, pd.RangeIndex)
    pd.testing.assert_frame_equal(out.iloc[:200], frame.reset_index(drop=True))
    assert not out.isna().any().any()
    assert labels.name == "target"
    assert isinstance(labels.index, pd.RangeIndex)
    assert sampler.feature_names_in_.tolist() == list(frame.columns)


def test_booleans_and_integers_in_a_frame_are_rounded_not_cut_off():
    frame = pd.DataFrame({"flag": [False, True] + [False] * 8, "n": [0, 10] + [0] * 8, "x": np.arange(10.0)})
    y = [1, 1] + [0] * 8
    sampler = SMOTE(k_neighbors=1, sampling_strategy={1: 8}, random_state=0)
    out, _ = sampler.fit_resample(frame, y)
    parents = sampler.synthetic_parents_
    place = np.where(parents["seed"] == 0, parents["step"], 1 - parents["step"])
    assert out["flag"].tolist()[10:] == (place > 0.5).tolist()
    assert out["n"].tolist()[10:] == np.rint(10 * place).tolist()
    assert len(set(out["flag"][10:])) == 2


def test_frame_of_one_type_is_not_made_column_by_column(data):
    X, y = data
    for dtype in ("float64", "float32", "int64"):
        frame = pd.DataFrame((100 * X).astype(dtype), columns=["b", "a", "c"])
        out, _ = SMOTE(random_state=0).fit_resample(frame, y)
        expected, _ = SMOTE(random_state=0).fit_resample(frame.to_numpy(), y)
        assert (out.dtypes == dtype).all()
        np.testing.assert_array_equal(out.to_numpy(), expected)


def test_large_integers_of_a_mixed_frame_come_out_as_they_were(data):
    X, y = data
    frame = pd.DataFrame({"x": X[:, 0], "id": 2**60 + np.arange(200)})
    out, _ = SMOTE(random_state=0).fit_resample(frame, y)
    assert out["id"].tolist()[:200] == frame["id"].tolist()


def test_column_names_may_be_numbers(data):
    X, y = data
    sampler = SMOTE(random_state=0)
    out, _ = sampler.fit_resample(pd.DataFrame(X, columns=[3, 1, 2]), y)
    assert list(out.columns) == [3, 1, 2]
    assert not hasattr(sampler, "feature_names_in_")


def test_sparse_frame_stays_sparse(data):
    X, y = data
    X = np.where(X > 0.5, X, 0)
    frame = pd.DataFrame(X, columns=list("abc")).astype(pd.SparseDtype(float, 0))
    out, _ = SMOTE(random_state=0).fit_resample(frame, y)
    assert (out.dtypes == frame.dtypes).all()
    np.testing.assert_array_equal(out.to_numpy(), SMOTE(random_state=0).fit_resample(X, y)[0])


def test_balanced_frame_is_copied(sampler):
    X, y = overlapping(n_rows=80, n_minority=40)
    frame = _frame(X)
    out, _ = sampler.fit_resample(frame, y)
    pd.testing.assert_frame_equal(out, frame.reset_index(drop=True))
    out.iloc[0, 0] = 99.0
    assert frame.iloc[0, 0] != 99.0


@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csr_array], ids=["matrix", "array"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_sparse_keeps_format_kind_and_type(sampler, data, make, form, dtype):
    X, y = data
    X = np.where(X > 0, 100 * X, 0).astype(dtype)
    given = make(X).asformat(form)
    out, _ = sampler.fit_resample(given, y)
    assert type(out) is type(given)
    assert out.dtype == dtype
    np.testing.assert_array_equal(out.toarray()[:200], X)
    np.testing.assert_allclose(out.toarray(), sampler.fit_resample(X, y)[0], rtol=1e-5)


def test_sparse_is_never_made_dense(data):
    X, y = data
    given = sparse.csr_matrix(X)
    wide = sparse.csr_matrix((given.data, given.indices * 300_000, given.indptr), shape=(200, 1_000_000))
    tracemalloc.start()
    try:
        out, _ = SMOTE(random_state=0).fit_resample(wide, y)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out.shape == (320, 1_000_000)
    assert peak_bytes < 200 * 1_000_000 * 8  # what the input alone would take


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint8", "int64", "bool"])
def test_arrays_keep_their_type_and_originals(sampler, data, dtype):
    X, y = data
    X = (X > 0.5 if dtype == "bool" else np.abs(10 * X)).astype(dtype)
    X[:, 0] = X[:, 1]
    out, _ = sampler.fit_resample(X, y)
    assert out.dtype == dtype
    np.testing.assert_array_equal(out[:200], X)
    assert (out.max(axis=0) <= X.max(axis=0)).all()


@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_memory_layout_does_not_show(sampler, data, order):
    X, y = data
    given = np.repeat(X, 2, axis=0)[::2] if order == "strided" else np.array(X, order=order)
    np.testing.assert_array_equal(sampler.fit_resample(given, y)[0], sampler.fit_resample(X, y)[0])


def test_lists_come_back_as_lists(sampler, data):
    X, y = data
    out, labels = sampler.fit_resample(X.tolist(), y.tolist())
    assert isinstance(out, list)
    assert isinstance(labels, list)
    assert out[:200] == X.tolist()
    assert type(labels[-1]) is int
    np.testing.assert_array_equal(out, sampler.fit_resample(X, y)[0])


def test_inputs_are_not_changed_nor_shared(sampler, data):
    X, y = data
    frame = _frame(X)
    for given in (X, frame, sparse.csr_matrix(X), sparse.csc_array(X), X.tolist()):
        before = given.copy() if not isinstance(given, list) else [list(row) for row in given]
        labels = y.copy()
        out, labels_out = sampler.fit_resample(given, labels)
        if isinstance(out, np.ndarray):
            out[:] = 0
        elif isinstance(out, pd.DataFrame):
            out.iloc[:, 0] = 0
        elif isinstance(out, list):
            out[0][0] = 99
        else:
            out.data[:] = 0
        labels_out[:] = 0
        np.testing.assert_array_equal(labels, y)
        if isinstance(given, pd.DataFrame):
            pd.testing.assert_frame_equal(given, before)
        elif sparse.issparse(given):
            assert (given != before).nnz == 0
        else:
            np.testing.assert_array_equal(given, before)


def test_read_only_input_is_enough(sampler, data):
    X, y = data
    X.flags.writeable = y.flags.writeable = False
    out, labels = sampler.fit_resample(X, y)
    out[0, 0], labels[0] = 1, 1


LABELS = {
    "int": lambda y: y,
    "int8": lambda y: y.astype("int8"),
    "negative": lambda y: 2 * y - 1,
    "float": lambda y: y.astype(float),
    "bool": lambda y: y.astype(bool),
    "str": lambda y: np.array(["no", "yes"])[y],
    "object": lambda y: np.array(["no", "yes"], dtype=object)[y],
    "category": lambda y: pd.Series(pd.Categorical.from_codes(y, ["z", "a"], ordered=True)),
    "unused category": lambda y: pd.Series(pd.Categorical.from_codes(y, ["z", "a", "never"])),
    "nullable": lambda y: pd.Series(y, dtype="Int64"),
    "string": lambda y: pd.Series(np.array(["no", "yes"])[y], dtype="string"),
    "frame": lambda y: pd.DataFrame({"target": y}),
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_keep_their_type(sampler, data, kind):
    X, y = data
    labels = LABELS[kind](y)
    _, out = sampler.fit_resample(X, labels)
    assert type(out) is type(labels)
    if isinstance(labels, pd.DataFrame):
        assert out.dtypes.equals(labels.dtypes)
        out, labels = out["target"], labels["target"]
    assert out.dtype == labels.dtype
    assert (out[:200] == labels[:200]).all()
    assert (out[200:] == labels[int(np.flatnonzero(y == 1)[0])]).all()
    assert len(out) == 320


@pytest.mark.parametrize("kind", ["array", "frame", "sparse"])
def test_one_vs_rest_labels_stay_so(sampler, kind):
    X, y = overlapping(n_rows=300, n_minority=60)
    y = np.where((y == 0) & (np.arange(300) % 3 == 0), 2, y)
    indicator = np.eye(3, dtype=int)[y]
    make = {"array": np.asarray, "frame": pd.DataFrame, "sparse": sparse.csr_matrix}[kind]
    given = make(indicator)
    X_out, y_out = sampler.fit_resample(X, given)
    expected_X, expected_y = sampler.fit_resample(X, y)
    assert type(y_out) is type(given)
    rows = y_out.toarray() if sparse.issparse(y_out) else np.asarray(y_out)
    np.testing.assert_array_equal(rows, np.eye(3)[expected_y])
    np.testing.assert_array_equal(X_out, expected_X)


def test_column_of_labels_comes_out_flat(data):
    X, y = data
    assert SMOTE(random_state=0).fit_resample(X, y[:, None])[1].shape == (320,)
