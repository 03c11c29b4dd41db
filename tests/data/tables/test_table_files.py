"""Files of a user's: the same table from CSV, gzip and Parquet, and what is no table.

Also of: stripped_cells, layouts, parquet_files.
"""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest
from data.own_file import TABLE, entry

from smote_bench.data.dataset import load_dataset
from smote_bench.data.fingerprints import fingerprint
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.table_files import read_table
from smote_bench.errors import ConfigError


def test_reads_a_csv_file_without_code(folder):
    own = load_dataset(parse_source(entry(), folder))
    assert own.name == "own"
    assert own.y.tolist() == [0, 0, 1, 0, 0]
    assert own.X["age"].tolist()[:3] == [31, 25, 40]
    assert np.isnan(own.X["age"][3])
    assert own.X["colour"].isna().tolist() == [False, True, False, False, False]
    assert isinstance(own.X["colour"].dtype, pd.CategoricalDtype)
    assert (own.card.rows, own.card.features, own.card.minority_rows, own.card.missing) == (5, 3, 1, 2)


def test_reads_gzip_and_parquet_to_the_same_content(folder):
    (folder / "own.csv.gz").write_bytes(gzip.compress(TABLE.encode()))
    pd.read_csv(folder / "own.csv").to_parquet(folder / "own.parquet")
    digests = {
        load_dataset(parse_source(entry(file=name), folder)).digest
        for name in ("own.csv", "own.csv.gz", "own.parquet")
    }
    assert len(digests) == 1


def test_a_file_from_excel_with_a_byte_order_mark_is_read(folder):
    (folder / "own.csv").write_bytes(b"\xef\xbb\xbf" + TABLE.encode())
    assert load_dataset(parse_source(entry(), folder)).X.columns[0] == "age"


def test_duplicates_can_be_kept(folder):
    (folder / "twice.csv").write_text("a,y\n1,0\n1,0\n2,1\n")
    spec = {"name": "twice", "file": "twice.csv", "target": "y", "minority": "1"}
    assert len(load_dataset(parse_source(spec, folder), "processed").y) == 2
    assert len(load_dataset(parse_source({**spec, "drop_duplicates": False}, folder), "processed").y) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:label\n1:no\n2:yes\n", "separated by commas"),
        ("a,a,label\n1,2,no\n1,2,no\n1,2,yes\n", "got 'a' more than once"),
        ("a,label\n1,no\n2,\n3,yes\n", "got 1 rows without"),
        ("a,label\n", "has no rows: put rows in, or name another file"),
        ("", "expected a column 'label'"),
    ],
)
def test_rejects_a_file_that_is_not_such_a_table(folder, text, message):
    (folder / "own.csv").write_text(text)
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(), folder)


def test_a_parquet_target_is_checked_when_it_is_loaded(folder):
    pd.read_csv(folder / "own.csv").to_parquet(folder / "own.parquet")
    with pytest.raises(ConfigError, match="set 'minority' to one of 'no', 'yes'"):
        load_dataset(parse_source(entry(file="own.parquet", minority="maybe"), folder))


def test_dropped_columns_are_no_features_and_part_of_the_fingerprint(folder):
    whole = parse_source(entry(), folder)
    part = parse_source(entry(drop=["colour"]), folder)
    assert read_table(part.file, part)[0].columns.tolist() == ["age", "size"]
    assert "drop" not in fingerprint(whole)
    assert fingerprint(part) == {**fingerprint(whole), "drop": ["colour"]}


@pytest.mark.parametrize(
    ("drop", "message"),
    [
        (["color"], "Did you mean 'colour'"),
        ("colour", "expected a list of column names for 'drop', got 'colour'"),
        (["label"], "one role for each column, got two for 'label'"),
    ],
)
def test_rejects_what_cannot_be_dropped(folder, drop, message):
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(drop=drop), folder)


def test_a_dropped_identifier_is_not_told_of(folder):
    rows = "".join(f"c{n}x,{n % 3},{'yes' if n < 9 else 'no'}\n" for n in range(40))
    (folder / "own.csv").write_text("id,a,label\n" + rows)
    assert any("'id'" in remark for remark in parse_source(entry(), folder).remarks)
    assert not any("'id'" in remark for remark in parse_source(entry(drop=["id"]), folder).remarks)


@pytest.mark.parametrize("name", ["a9a.txt", "a9a.dat", "a9a.data"])
@pytest.mark.parametrize(
    "rows", [["+1 1:-0.6 3:1", "-1 1:0.9 2:2"], ["-1 qid:1 1:-6e-3", "+1 qid:1 1:1 7:1"]]
)
def test_a_libsvm_file_called_otherwise_says_how_to_call_it(folder, name, rows):
    (folder / name).write_text("\n".join(rows * 4) + "\n")
    entry = {"name": "own", "file": name, "target": "label", "minority": 1}
    with pytest.raises(ConfigError, match=r"it looks like LIBSVM: give the file the ending \.libsvm, and"):
        parse_source(entry, folder)


DOSES = ["1,5 mg", "10,5 mg", "2.500,5 mg"]


@pytest.mark.parametrize(
    "order", [DOSES, ["1.5 mg", "10.5 mg", "2500.5 mg"], [DOSES[0], "10.5 mg", DOSES[2]]]
)
def test_an_order_may_be_written_as_a_file_with_a_decimal_comma_has_it(tmp_path, order):
    rows = [f"{n},5;{DOSES[n % 3]};{int(n < 4)}" for n in range(12)]
    (tmp_path / "t.csv").write_text("\n".join(["x;dose;y", *rows]), encoding="utf-8")
    spec = {"name": "t", "file": "t.csv", "target": "y", "minority": "1"}
    found = load_dataset(parse_source({**spec, "ordinal": {"dose": order}}, tmp_path)).X["dose"]
    assert found.cat.codes.tolist() == [n % 3 for n in range(12)]
    with pytest.raises(
        ConfigError, match=r"expected the categories '1,5 mg', '10,5 mg' .*got '2\.500,5 mg' too"
    ):
        load_dataset(parse_source({**spec, "ordinal": {"dose": order[:2]}}, tmp_path))
