"""Tables in memory in place of a file: of pandas and of whatever Arrow reads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import smote_bench
from smote_bench.data.given_tables import is_table, keep_table
from smote_bench.errors import ConfigError

ENTRY = {"name": "own", "target": "y", "minority": "yes"}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "cache"))


def frame():
    columns = {"a": [1.5, 2.5, None], "b": pd.Categorical(["x", "z", "x"]), "y": ["yes", "no", "no"]}
    return pd.DataFrame(columns, index=[7, 8, 9])


class Streamed:
    """Like a frame of polars: neither of pandas nor of pyarrow, but Arrow reads it."""

    def __init__(self, table):
        self._table = table
        self.columns = table.column_names

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "table",
    [frame(), pa.Table.from_pandas(frame()), Streamed(pa.Table.from_pandas(frame(), preserve_index=False))],
)
def test_a_table_is_loaded_as_a_file_is(table):
    own = smote_bench.load_dataset({**ENTRY, "file": table, "drop": []})
    names = [name for name in own.X.columns if not name.startswith("__index")]
    assert names == ["a", "b"]
    assert own.X["a"].tolist()[:2] == [1.5, 2.5]
    assert own.X["b"].tolist() == ["x", "z", "x"]
    assert own.y.tolist() == [1, 0, 0]


def test_test_rows_may_be_a_table_too():
    own = smote_bench.load_dataset({**ENTRY, "file": frame(), "test": frame()})
    assert own.roles.is_test.tolist() == [False] * 3 + [True] * 3


def test_one_table_is_one_file(tmp_path):
    assert keep_table(frame()) == keep_table(frame())
    assert keep_table(frame()) != keep_table(frame().assign(a=1.0))
    assert len(list((tmp_path / "cache" / "tables").rglob("*.parquet"))) == 2


def test_a_column_of_several_types_is_refused():
    with pytest.raises(ConfigError, match=r"columns have one type each, got .*a"):
        keep_table(pd.DataFrame({"a": [1, "x", b"y"]}))


def loaded(column, **keys):
    """Load a table of 60 rows with a column ``a``: what it becomes, and what is said of it."""
    labels = ["yes" if n % 4 == 0 else "no" for n in range(len(column))]
    table = pd.DataFrame({"x": [n % 7 for n in range(len(column))], "y": labels})
    table.insert(0, "a", pd.Series(column).reset_index(drop=True))
    return read(table, **keys)


def read(table, **keys):
    return smote_bench.load_dataset({**ENTRY, "file": table, **keys}).X["a"]


GRADES = [(10, 2, 1)[n % 3] for n in range(60)]


@pytest.mark.parametrize("order", [[2, 10, 1], [2, 10, 1, 99], [2.5, 10.5, 1.5]])
def test_ordered_categories_of_numbers_keep_their_order(order):
    cells = [order[n % 3] for n in range(60)]
    found = loaded(pd.Categorical(cells, categories=order, ordered=True))
    assert found.cat.ordered
    assert list(found.cat.categories) == list(map(str, order))
    assert found.tolist() == list(map(str, cells))


def test_ordered_categories_of_arrow_keep_their_order():
    codes = pa.array([n % 3 for n in range(60)], pa.int8())
    cells = pa.DictionaryArray.from_arrays(codes, pa.array([2, 10, 1]), ordered=True)
    labels = ["yes" if n % 4 == 0 else "no" for n in range(60)]
    found = read(pa.table({"a": cells, "y": labels}))
    assert found.cat.ordered
    assert list(found.cat.categories) == ["2", "10", "1"]
    assert found.tolist()[:3] == ["2", "10", "1"]


def test_an_order_that_is_said_goes_before_that_of_the_table():
    cells = pd.Categorical(GRADES, categories=[2, 10, 1], ordered=True)
    assert list(loaded(cells, ordinal={"a": ["1", "2", "10"]}).cat.categories) == ["1", "2", "10"]
    assert loaded(cells, kinds={"a": "numeric"}).tolist() == GRADES


def test_bins_of_numbers_are_ordered():
    found = loaded(pd.cut(pd.Series(range(60)), [-1, 20, 40, 60]))
    assert found.cat.ordered
    assert list(found.cat.categories) == ["(-1, 20]", "(20, 40]", "(40, 60]"]


def many(first, *others, **keys):
    """Return 60 cells: one, a missing one, and others in turn; an array of pandas where a dtype is given."""
    cells = [first, None, *(others[n % len(others)] for n in range(58))]
    return pd.array(cells, **keys) if keys else cells


HOUR, DAY = dt.timedelta(hours=1), dt.date(2024, 1, 1)


@pytest.mark.parametrize(
    ("column", "first"),
    [
        (many(5, 7, 8, dtype="Int64"), [5, None, 7]),
        (many(True, False, True, dtype="boolean"), [1, None, 0]),
        (many(1.5, 2.5, 3.5, dtype="Float32"), [1.5, None, 2.5]),
        (many(5, 7, 8, dtype="int64[pyarrow]"), [5, None, 7]),
        (many(Decimal("1.25"), Decimal("2.5"), Decimal("1e3")), [1.25, None, 2.5]),
        (pd.to_timedelta(many(1.5 * HOUR, HOUR)), [1.5, None, 1.0]),
        (many(2 * HOUR, HOUR, dtype="duration[s][pyarrow]"), [2.0, None, 1.0]),
        (
            pd.to_datetime(many("2024-01-02", "2024-01-01")).tz_localize("Asia/Tokyo"),
            [19723.625, None, 19722.625],
        ),
        (many(DAY + 24 * HOUR, DAY, dtype="date32[pyarrow]"), [19724, None, 19723]),
        (pd.PeriodIndex(many("2024-02", "2024-01"), freq="M"), [19754, None, 19723]),
        (pd.arrays.SparseArray([1.5, float("nan"), *([0.0, 2.0] * 29)]), [1.5, None, 0.0]),
        (many(1, 2.5, "3"), [1, None, 2.5]),
    ],
)
def test_types_of_pandas_are_numbers(column, first):
    found = loaded(column)
    assert found.dtype == float
    assert [None if value != value else value for value in found.tolist()[:3]] == first


@pytest.mark.parametrize("dtype", ["string", "string[pyarrow]", "category", object])
def test_texts_are_categories_unused_ones_are_none(dtype):
    found = loaded(pd.Series(["u", None, *(["v", "w"] * 29)], dtype=dtype))
    assert list(found.cat.categories) == ["u", "v", "w"]
    if dtype == "category":
        few = pd.Categorical(["u", None, *(["v", "w"] * 29)], categories=["z", "w", "v", "u"])
        assert [one for one in loaded(few).cat.categories if one != "z"] == ["u", "v", "w"]


def test_numbers_and_words_in_a_column_are_read_as_in_a_file():
    cells = [n % 50 for n in range(60)]
    found = loaded([*cells[:58], "unknown", "none"])
    assert found.tolist()[:58] == cells[:58]
    assert found.isna().sum() == 2
    with pytest.raises(
        ConfigError, match="expected numbers or categories in column 'a', got mostly numbers and"
    ):
        loaded([*cells[:50], *(f"w{n}" for n in range(10))])


def test_an_index_of_equal_values_is_no_matter():
    table = pd.DataFrame({"a": [1.5, 2.5, 3.5], "y": ["yes", "no", "no"]}, index=[4, 4, 4])
    assert read(table).tolist() == [1.5, 2.5, 3.5]
    table["b"] = pd.Categorical([2, 1, 2], ordered=True)
    assert read(table).tolist() == [1.5, 2.5, 3.5]


def test_names_that_are_no_names_of_columns_are_refused():
    names = pd.MultiIndex.from_tuples([("a", "low"), ("a", "high"), ("y", "")])
    with pytest.raises(
        ConfigError, match=r"one name for each column, got 2 levels, as in \('a', 'low'\): join them"
    ):
        keep_table(pd.DataFrame([[1, 2, "yes"]], columns=names))
    with pytest.raises(
        ConfigError, match="expected distinct column names, got '1' more than once: rename one"
    ):
        keep_table(pd.DataFrame([[1, 2, "yes"]], columns=[1, "1", "y"]))


def test_what_is_no_table_is_none():
    assert not is_table([[1]])
    assert not is_table(pd.Series([1]))
    assert not is_table(pd.DataFrame)


@pytest.mark.parametrize("key", ["groups", "time", "weights", "target"])
def test_a_key_that_names_the_index_of_a_frame_is_told_how_to_make_a_column_of_it(key):
    entry = {**ENTRY, "file": frame().rename_axis("pid"), key: "pid"}
    message = f"column 'pid', which '{key}' names, in the table of 'file', got an index.*'reset_index\\(\\)'"
    with pytest.raises(ConfigError, match=f"^dataset 'own': expected a {message}"):
        smote_bench.load_dataset(entry)
    if key == "groups":
        entry["file"] = entry["file"].reset_index()
        assert smote_bench.load_dataset(entry).roles.groups.tolist() == [0, 1, 2]


def test_an_index_that_is_a_column_too_or_that_nobody_names_is_in_order():
    table = frame().assign(pid=[1, 2, 3])
    table.index = pd.Index([4, 5, 6], name="pid")
    own = smote_bench.load_dataset({**ENTRY, "file": table, "groups": "pid"})
    assert own.roles.groups.tolist() == [0, 1, 2]
    assert list(smote_bench.load_dataset({**ENTRY, "file": frame().rename_axis("pid")}).X) == ["a", "b"]


@pytest.mark.parametrize("key", ["file", "test"])
def test_an_array_is_refused_by_its_shape_and_not_by_its_numbers(key):
    entry = {**ENTRY, "file": frame(), key: frame().to_numpy()}
    message = f"for '{key}', got an object of class ndarray and shape"
    with pytest.raises(
        ConfigError, match=f"^dataset 'own': expected a path or a table .*{message} .*DataFrame"
    ):
        smote_bench.load_dataset(entry)


def test_names_that_are_no_names_are_refused_in_one_sentence():
    frame = pd.DataFrame({"a": [1], "y": [2]})
    twice = pd.concat([frame, frame[["a"]]], axis=1)
    levels = frame.set_axis(pd.MultiIndex.from_product([["b"], ["a", "y"]]), axis=1)
    for given, what in ((twice, "distinct column names"), (levels, "one name for each column")):
        with pytest.raises(ConfigError, match=f"^expected {what}, got"):
            keep_table(given)


def test_whole_numbers_too_long_for_64_bits_are_texts_of_which_each_digit_counts():
    accounts = [10**25 + n % 20 for n in range(60)]
    table = pd.DataFrame(
        {"acct": accounts, "a": [n * 7 % 31 for n in range(60)], "y": ["no", "no", "yes"] * 20}
    )
    loaded = smote_bench.load_dataset({**ENTRY, "file": table, "groups": "acct"})
    assert len(set(loaded.roles.groups)) == 20


@pytest.mark.parametrize("other", [pd.NA, None, float("nan"), -(2**63), 2**63 - 1])
def test_other_whole_numbers_of_python_stay_numbers(other):
    table = pd.DataFrame({"a": pd.Series([1, 2, other] * 20, dtype=object), "y": [0, 1, 1] * 20})
    assert pd.api.types.is_numeric_dtype(pd.read_parquet(keep_table(table))["a"].dtype)


@pytest.mark.parametrize("label", [np.int64(1), np.float64(1), np.str_("1"), [np.int64(1), np.int64(2)]])
def test_labels_may_be_numbers_of_numpy_as_pandas_gives_them(label):
    table = pd.DataFrame({"a": [n * 7 % 31 for n in range(60)], "y": [int(n % 4 == 0) for n in range(60)]})
    named = {"minority": label, "majority": np.int64(0), "positive": np.int64(0)}
    if not isinstance(label, list):
        assert smote_bench.load_dataset({**ENTRY, "file": table, **named}).y.sum() == 15
    table["y"] += (table["y"] == 1) & (table["a"] > 9)
    assert smote_bench.load_dataset({**ENTRY, "file": table, "minority": [np.int64(1), 2]}).y.sum() == 15
