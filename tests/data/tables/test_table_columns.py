"""Columns as features: kinds and orders that are declared, and cells that would change a column."""

from __future__ import annotations

import pytest
from data.own_file import entry

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import UserFile, parse_source
from smote_bench.data.tables.table_files import read_columns, read_table
from smote_bench.errors import ConfigError


def test_ordered_categories_keep_their_order(folder):
    own = load_dataset(
        parse_source(entry(ordinal={"size": ["small", "medium", "large"]}), folder), "processed"
    )
    assert own.X["size"].tolist() == [0.0, 1.0, 0.0, 0.5, 1.0]


def test_numbers_can_be_declared_nominal(folder):
    own = load_dataset(parse_source(entry(nominal=["age"]), folder), "processed")
    assert [name for name in own.X.columns if name.startswith("age")] == ["age=25", "age=31", "age=40"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,label\n1,no\n2,no\n3,no\n4,no\n5x,yes\n", "mostly numbers and '5x'"),
        ("a,label\n1,no\ninf,yes\n2,no\n", "expected finite numbers in column 'a', got 1 infinite"),
    ],
)
def test_rejects_cells_that_would_change_a_column_in_silence(folder, text, message):
    (folder / "own.csv").write_text(text)
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(), folder)


def test_rejects_a_category_outside_the_given_order(folder):
    with pytest.raises(ConfigError, match="got 'medium' too"):
        parse_source(entry(ordinal={"size": ["small", "large"]}), folder)


@pytest.mark.parametrize(
    "mark",
    [
        "",
        " ",
        "   ",
        "?",
        " ?",
        "na",
        "NA",
        "n/a",
        "N/A",
        "nan",
        "NaN",
        "NAN",
        "null",
        "NULL",
        "<NA>",
        "#N/A",
    ],
)
def test_a_marker_in_a_column_of_numbers_is_a_missing_cell(tmp_path, mark):
    path = tmp_path / "own.csv"
    path.write_text(
        "a,y\n" + "".join(f"{n}.5,{'yes' if n < 3 else 'no'}\n" for n in range(9)) + f"{mark},no\n"
    )
    source = UserFile("own", path, "y", "yes")
    assert read_columns(path, source)[0].findings == ()
    X, y = read_table(path, source)
    assert X["a"].tolist()[:9] == [n + 0.5 for n in range(9)]
    assert X["a"].isna().tolist() == [False] * 9 + [True]
    assert y.sum() == 3
