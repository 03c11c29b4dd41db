"""An index that pandas saved with a table is a column, said; none is lost."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.saved_indices import index_names, with_index

N = 40
PLAIN = pd.DataFrame(
    {"age": [20.25 + n * n for n in range(N)], "y": ["yes" if n % 4 == 0 else "no" for n in range(N)]}
)
CUSTOMERS = pd.Index([f"c{n}" for n in range(N)], name="customer")
VISITS = pd.MultiIndex.from_arrays(
    [[n // 4 for n in range(N)], [n % 4 for n in range(N)]], names=["pat", None]
)
DAYS = pd.date_range("2024-01-01", periods=N)


@pytest.fixture(params=["parquet", "feather"])
def read(request, tmp_path):
    def read(index, **keys):
        table = pa.Table.from_pandas(PLAIN.set_axis(index))
        path = tmp_path / f"t.{request.param}"
        (parquet.write_table if request.param == "parquet" else feather.write_feather)(table, path)
        entry = {"name": "t", "file": path.name, "target": "y", "minority": "yes", **keys}
        source = parse_source({**entry, "drop_duplicates": False}, tmp_path)
        own = load_dataset(source)
        assert own.X.index.equals(pd.RangeIndex(N))
        return own, [one for one in source.findings if one.kind != "leak"]

    return read


def test_an_index_is_a_column_like_any_other_and_said(read):
    own, (said, left_out) = read(CUSTOMERS)
    assert own.X.columns.tolist() == ["age"]
    assert "the index of pandas is read as column 'customer'" in said.text
    assert (left_out.kind, left_out.column) == ("left out", "customer")
    own, (said, dates) = read(DAYS)
    assert own.X["index"].tolist() == [19723.0 + n for n in range(N)]
    assert "column 'index' has dates" in dates.text


def test_each_level_is_a_column_and_may_have_a_role(read):
    own, found = read(VISITS)
    assert own.X.columns.tolist() == ["pat", "age"]
    assert [one.kind for one in found] == ["read", "left out"]
    assert own.X["pat"].tolist() == [n // 4 for n in range(N)]
    own, _ = read(VISITS, groups="pat", keep=["level_1"])
    assert own.X.columns.tolist() == ["level_1", "age"]
    assert own.roles.groups.tolist() == [n // 4 for n in range(N)]


def test_a_count_of_the_rows_is_none_with_a_name_it_is_said(read):
    _, found = read(pd.RangeIndex(N))
    assert found == []
    _, (said, left_out) = read(pd.RangeIndex(N, name="nr"))
    assert "column 'nr'" in said.text
    assert left_out.kind == "left out"


def test_places_in_a_table_that_is_gone_are_left_out_also_where_they_repeat(read):
    own, (found,) = read([n % 20 * 3 for n in range(N)])
    assert own.X.columns.tolist() == ["age"]
    assert (found.kind, found.column) == ("left out", "index")


def test_an_index_that_another_program_has_made_a_column_of_is_left_out_as_well(tmp_path):
    table = pa.Table.from_pandas(PLAIN.set_axis([n * 7 % 41 for n in range(N)])).replace_schema_metadata({})
    parquet.write_table(table, tmp_path / "t.parquet")
    entry = {"name": "t", "file": "t.parquet", "target": "y", "minority": "yes"}
    source = parse_source(entry, tmp_path)
    assert load_dataset(source).X.columns.tolist() == ["age"]
    assert any(one.kind == "left out" and one.column == "__index_level_0__" for one in source.findings)
    own = load_dataset(parse_source({**entry, "keep": ["__index_level_0__"]}, tmp_path))
    assert own.X.columns.tolist() == ["age", "__index_level_0__"]


def test_a_name_that_a_column_has_is_not_taken_twice():
    frame, _ = with_index(PLAIN.set_axis(pd.Index(range(N), name="age")), "t")
    assert frame.columns.tolist() == ["age (index)", "age", "y"]


def test_the_target_may_be_the_index(tmp_path):
    PLAIN.set_index("y").to_parquet(tmp_path / "t.parquet")
    entry = {"name": "t", "file": "t.parquet", "target": "y", "minority": "yes"}
    own = load_dataset(parse_source(entry, tmp_path))
    assert own.X.columns.tolist() == ["age"]
    assert own.y.sum() == N // 4


@pytest.mark.parametrize(
    "index", [CUSTOMERS, VISITS, DAYS, pd.RangeIndex(N), pd.RangeIndex(N, name="nr"), [1] * N]
)
def test_the_schema_tells_the_same_names(index):
    frame = PLAIN.set_axis(index)
    schema = pa.Table.from_pandas(frame).schema
    read, found = with_index(frame, "t")
    assert index_names(schema.pandas_metadata, schema.names) == [one.column for one in found]
    assert read.columns.tolist() == [one.column for one in found] + ["age", "y"]
