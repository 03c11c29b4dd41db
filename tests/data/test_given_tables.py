"""Tables in memory in place of a file: of pandas and of whatever Arrow reads."""

from __future__ import annotations

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


def test_what_is_no_table_is_none():
    assert not is_table([[1]])
    assert not is_table(pd.Series([1]))
    assert not is_table(pd.DataFrame)
