"""Tables of every kind in and out of the samplers of typed rows: types, order, levels, names; and what is
refused.

Also of: categorical_columns, mixed_base, table_kinds, repeated_rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.base import clone

from smote_impls import SMOTENC, RandomOverSampler
from smote_impls.mixed.categorical_columns import AUTO, chosen_columns
from smote_impls.mixed.columns import read_columns
from smote_impls.tables.kinds import PandasKind

from ..mixed_data import CATEGORICAL, NUMERIC, as_objects, as_pyarrow, customers, levels_of

pytestmark = pytest.mark.versions

POSITIONS = [1, 3, 4, 5, 7]
SAMPLERS = {
    "SMOTENC": SMOTENC(random_state=0),
    "smoothed": RandomOverSampler(random_state=0, shrinkage=1),
    "copies": RandomOverSampler(random_state=0),
}


@pytest.fixture(params=SAMPLERS)
def sampler(request):
    """Each sampler of typed rows that takes numbers too."""
    return clone(SAMPLERS[request.param])


def test_a_frame_keeps_types_order_names_and_originals(sampler):
    frame, y = customers()
    before = frame.copy()
    out, labels = sampler.fit_resample(frame, pd.Series(y, name="bought"))
    assert list(out.columns) == list(frame.columns)
    assert out.dtypes.equals(frame.dtypes)
    assert isinstance(out.index, pd.RangeIndex)
    pd.testing.assert_frame_equal(out.iloc[:120], frame.reset_index(drop=True))
    pd.testing.assert_frame_equal(frame, before)
    assert labels.name == "bought"
    assert out["home"].cat.categories.tolist() == frame["home"].cat.categories.tolist()
    assert out["size"].cat.ordered
    assert "never seen" not in set(out["home"])
    for name in CATEGORICAL:
        assert levels_of(out, range(120, len(out)), name) <= levels_of(frame, np.flatnonzero(y == 1), name)


def test_a_pyarrow_table_is_the_same_as_a_frame(sampler):
    frame, y = customers()
    table = as_pyarrow(frame)
    out, labels = sampler.fit_resample(table, pa.array(y))
    assert isinstance(out, pa.Table)
    assert out.schema == table.schema
    assert isinstance(labels, pa.Array)
    assert sampler.feature_names_in_.tolist() == table.column_names
    expected, expected_labels = clone(sampler).fit_resample(frame, y)
    assert labels.to_pylist() == expected_labels.tolist()
    for name in frame:
        assert out[name].to_pylist() == as_pyarrow(expected)[name].to_pylist()


def test_a_pyarrow_table_in_chunks_with_dictionaries_of_their_own(sampler):
    frame, y = customers()
    whole = as_pyarrow(frame.assign(job=frame["job"].astype("category")))
    parts = [as_pyarrow(part.assign(job=part["job"].astype("category"))) for part in (frame[:50], frame[50:])]
    chunked = pa.concat_tables(parts)
    one, two = (clone(sampler).fit_resample(table, y)[0] for table in (whole, chunked))
    assert one.to_pylist() == two.to_pylist()


def test_a_polars_frame_is_the_same_as_one_of_pandas(sampler):
    pl = pytest.importorskip("polars")
    frame, y = customers()
    table = pl.from_arrow(as_pyarrow(frame))
    table = table.with_columns(pl.col("size").cast(pl.Enum(["S", "M", "L", "XL"])))
    out, labels = sampler.fit_resample(table, pl.Series("bought", y))
    assert isinstance(out, pl.DataFrame)
    assert out.schema == table.schema
    assert isinstance(labels, pl.Series)
    assert labels.name == "bought"
    expected, _ = clone(sampler).fit_resample(frame, y)
    for name in frame:
        assert out[name].to_list() == as_pyarrow(expected)[name].to_pylist()


def test_arrays_of_objects_and_lists_are_the_same_as_a_frame():
    frame, y = customers()
    expected = as_objects(SMOTENC(random_state=0).fit_resample(frame.astype({"score": "float64"}), y)[0])
    given = as_objects(frame.astype({"score": "float64"}))
    out, _ = SMOTENC(random_state=0, categorical_features=POSITIONS).fit_resample(given, y)
    assert out.dtype == object
    assert out.tolist() == expected.tolist()
    rows, labels = SMOTENC(random_state=0, categorical_features=POSITIONS).fit_resample(
        given.tolist(), y.tolist()
    )
    assert isinstance(rows, list)
    assert isinstance(labels, list)
    assert rows == expected.tolist()
    assert {type(row[2]) for row in rows} == {int}


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "uint8", "int64"])
def test_arrays_of_numbers_keep_their_type_and_their_levels(dtype):
    frame, y = customers()
    codes = np.column_stack([pd.factorize(frame[name])[0] for name in CATEGORICAL])
    X = np.column_stack([codes, frame["age"], frame["visits"].astype(int)]).astype(dtype)
    out, _ = SMOTENC(random_state=0, categorical_features=range(5)).fit_resample(X, y)
    assert out.dtype == dtype
    np.testing.assert_array_equal(out[:120], X)
    for column in range(5):
        assert set(out[120:, column]) <= set(X[y == 1, column])


@pytest.mark.parametrize(
    "chosen",
    [
        "auto",
        POSITIONS,
        np.array(POSITIONS)[::-1],
        [-8, 3, 4, 5, -2],
        CATEGORICAL,
        np.array(CATEGORICAL),
        [i in POSITIONS for i in range(9)],
        np.isin(np.arange(9), POSITIONS),
    ],
    ids=str,
)
def test_ways_to_name_the_same_columns(chosen):
    frame, y = customers()
    sampler = SMOTENC(random_state=0, categorical_features=chosen)
    out, _ = sampler.fit_resample(frame, y)
    pd.testing.assert_frame_equal(out, SMOTENC(random_state=0).fit_resample(frame, y)[0])
    assert sampler.categorical_features_.tolist() == POSITIONS


def test_numbers_may_be_named_categories_and_booleans_numbers():
    frame, y = customers()
    sampler = SMOTENC(random_state=0, categorical_features=["home", "job", "size", "city", "visits"])
    out, _ = sampler.fit_resample(frame, y)
    assert frame.columns[sampler.numeric_features_].tolist() == ["income", "age", "member", "score"]
    assert out.dtypes.equals(frame.dtypes)
    assert levels_of(out, range(120, len(out)), "visits") <= levels_of(
        frame, np.flatnonzero(y == 1), "visits"
    )


def test_large_integers_are_not_rounded_by_floats():
    frame, y = customers()
    frame["id"] = 2**60 + np.arange(120)
    out, _ = SMOTENC(random_state=0).fit_resample(frame, y)
    assert out["id"][:120].tolist() == frame["id"].tolist()
    made = out["id"][120:]
    assert made.between(2**60, 2**60 + 119).all()
    assert len(set(made % 256)) > 10


def test_balanced_tables_come_back_as_they_are(sampler):
    frame, y = customers(n_rows=60, n_minority=30)
    for given in (frame, as_pyarrow(frame)):
        out, _ = sampler.fit_resample(given, y)
        same = out.equals(given if isinstance(given, pa.Table) else frame.reset_index(drop=True))
        assert same
        assert out is not given


def test_input_is_not_shared():
    frame, y = customers()
    X = as_objects(frame)
    before = X.copy()
    out, _ = SMOTENC(random_state=0, categorical_features=POSITIONS).fit_resample(X, y)
    out[:] = None
    np.testing.assert_array_equal(X, before)


def _nan(frame, name, value=None):
    frame = frame.copy()
    frame[name] = frame[name].astype(object) if name in CATEGORICAL else frame[name]
    frame.iloc[4, frame.columns.get_loc(name)] = value
    return frame


BAD_X = {
    "missing level": (
        lambda f: _nan(f, "job"),
        r"categorical column 'job', but Input X contains NaN or None \(1",
    ),
    "missing number": (lambda f: _nan(f, "income", np.nan), r"contains NaN \(1 values\) in column 'income'"),
    "infinite number": (
        lambda f: _nan(f, "income", np.inf),
        r"contains infinity \(1 values\) in column 'income'",
    ),
    "nullable number": (lambda f: _nan(f, "visits", pd.NA), r"contains NaN \(1 values\) in column 'visits'"),
    "missing in arrow": (
        lambda f: as_pyarrow(_nan(f, "visits", pd.NA)),
        r"contains NaN \(1 values\) in column 'visits'",
    ),
    "missing level in arrow": (lambda f: as_pyarrow(_nan(f, "job")), "'job', but Input X contains NaN"),
    "dates": (
        lambda f: f.assign(day=pd.date_range("2020-01-01", periods=len(f))),
        r"columns that are not categorical, got 'day' \(datetime64.*Convert them to numbers or to categories",
    ),
    "a column twice": (lambda f: f.set_axis(["a", *f.columns[1:-1], "a"], axis=1), r"several of \['a'\]"),
    "no rows": (lambda f: f[:0], "got 0 rows and 9 columns"),
    "no columns": (lambda f: f[[]], "got 120 rows and 0 columns"),
    "too short": (lambda f: f[:-1], "equally many rows, got 119 in X and 120 in y"),
}


@pytest.mark.parametrize("case", BAD_X)
def test_rejects_bad_tables(case):
    make, message = BAD_X[case]
    frame, y = customers()
    with pytest.raises(ValueError, match=message):
        SMOTENC().fit_resample(make(frame), y)


BAD_CHOICE = {
    "unknown name": (["hom"], r"columns of X, got 'hom'; X has .*Did you mean 'home'\?"),
    "beyond": ([1, 9], r"indices from 0 to 8.*got 9 \(type=int\)"),
    "a fraction": ([1, 2.5], r"got 2\.5 \(type=float\)"),
    "twice": (["home", 1], "each column once in categorical_features, got home twice"),
    "short mask": ([True, False], "a mask of 9 values in categorical_features.*got 2"),
    "text left over": (
        ["home"],
        r"got 'job' \(object\), 'size' \(category\), 'city' \(string\)\. Name them in categorical_features",
    ),
}


@pytest.mark.parametrize("case", BAD_CHOICE)
def test_rejects_bad_choices_of_columns(case):
    chosen, message = BAD_CHOICE[case]
    with pytest.raises(ValueError, match=message):
        SMOTENC(categorical_features=chosen).fit_resample(*customers())


def test_rejects_names_for_an_array_and_numbers_that_are_text():
    frame, y = customers()
    X = as_objects(frame)
    with pytest.raises(
        ValueError, match=r"indices or a mask.*for an array, which has no column names, got 'home'"
    ):
        SMOTENC(categorical_features=["home"]).fit_resample(X, y)
    with pytest.raises(ValueError, match=r"got 3 \(object\), 4 \(object\)"):
        SMOTENC(categorical_features=[1]).fit_resample(X, y)
    with pytest.raises(ValueError, match=r"got 0 \(<U\d+\)"):
        SMOTENC(categorical_features=[1]).fit_resample(frame[["income", "job"]].to_numpy().astype(str), y)


def test_rejects_ragged_lists_and_tables_of_other_libraries():
    _, y = customers()
    rows = [[1.0, "a"]] * 119 + [[1.0]]
    with pytest.raises(ValueError, match=r"rows of one length, got lengths \[1, 2\]"):
        SMOTENC(categorical_features=[1]).fit_resample(rows, y)
    with pytest.raises(ValueError, match="Expected 2D array"):
        SMOTENC(categorical_features=[1]).fit_resample(np.arange(120.0), y)
    reader = pa.table({"a": [1]}).to_reader()
    with pytest.raises(TypeError, match=r"got a pyarrow RecordBatchReader.*pyarrow\.table"):
        SMOTENC().fit_resample(reader, y)


def test_codes_are_numbered_by_first_occurrence_and_numbers_keep_their_type():
    frame, _ = customers()
    columns = read_columns(SMOTENC(), frame, AUTO)
    assert columns.shape == frame.shape
    assert columns.codes.shape == (120, 5)
    assert (columns.codes[0] == 0).all()
    assert [values.dtype.name for values in columns.numbers] == ["float64", "int32", "float32", "int64"]
    np.testing.assert_array_equal(columns.matrix, frame[NUMERIC].to_numpy(dtype=float))


def test_nothing_is_categorical_where_no_type_says_so():
    assert chosen_columns(AUTO, ["a", "b"], [False, False], PandasKind()).tolist() == []
