"""Cells in single quotes, and lines in quotes as a whole, are read as the same table in double ones."""

from __future__ import annotations

import csv
import io

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.quoting import Quoting, quoting_of
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

CELLS = st.text(st.sampled_from("ab1,;'\" x"), max_size=6).map(lambda text: f"c{text}d")
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=6)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("quoting") / "own.csv"


def written(rows, mark='"', sep=",", quoting=csv.QUOTE_ALL):
    text = io.StringIO()
    csv.writer(text, quotechar=mark, delimiter=sep, quoting=quoting, lineterminator="\n").writerows(rows)
    return text.getvalue()


def read(path, text):
    path.write_text(text, encoding="utf-8")
    with CsvRows(path, "own") as rows:
        return rows.header, [cells for _, cells in rows], rows.remarks


@settings(max_examples=60, deadline=None)
@given(rows=TABLES, sep=st.sampled_from([",", ";", "\t"]), end=st.sampled_from(["\n", "\r\n"]))
def test_cells_in_single_quotes_are_those_in_double_ones(path, rows, sep, end):
    header, *rows = [["a", "b", "y"], *rows]
    text = written([header, *rows], "'", sep).replace("\n", end)
    assert read(path, text)[:2] == (header, rows)
    bare = f"{sep.join(header)}\n"
    assert read(path, bare + written(rows, "'", sep))[:2] == (header, rows)


@settings(max_examples=60, deadline=None)
@given(rows=TABLES, sep=st.sampled_from([",", ";"]))
def test_lines_in_quotes_are_those_without(path, rows, sep):
    rows = [[cell.replace(",", "").replace(";", "") for cell in row] for row in rows]
    header, *rows = [["a", "b", "y"], *rows]
    lines = written([header, *rows], sep=sep, quoting=csv.QUOTE_MINIMAL).splitlines()
    found = read(path, written([line] for line in lines))
    assert found[:2] == (header, rows)
    assert any("each line is in quotes" in said for said in found[2])


def test_cells_with_commas_in_lines_in_quotes_are_in_quotes_twice(path):
    text = '"a,b,y"\n"1,""red, dark"",yes"\n"2,blue,no"\n'
    assert read(path, text)[:2] == (["a", "b", "y"], [["1", "red, dark", "yes"], ["2", "blue", "no"]])


def test_numbers_in_single_quotes_are_numbers_with_a_word(tmp_path):
    rows = [f"'{n}','{n / 7:.3f}','{'yes' if n % 4 else ''}no'" for n in range(40)]
    (tmp_path / "own.csv").write_text("'a','b','y'\n" + "\n".join(rows).replace("'3'", "''"))
    source = parse_source({"name": "own", "file": "own.csv", "target": "y", "minority": "no"}, tmp_path)
    X = load_dataset(source).X
    assert X["b"].tolist() == [float(f"{n / 7:.3f}") for n in range(40)]
    assert "own.csv: cells are in single quotes, which are left out" in map(str, source.findings)


def test_the_same_in_a_large_file(tmp_path):
    rows = [f"'{n / 7:.3f}','{n % 5}','{'yes' if n % 4 else 'no'}'" for n in range(60_000)]
    (tmp_path / "own.csv").write_text("a,b,y\n" + "\n".join(rows))
    source = parse_source({"name": "own", "file": "own.csv", "target": "y", "minority": "no"}, tmp_path)
    assert load_dataset(source).X.dtypes.tolist() == ["float64", "float64"]


@pytest.mark.parametrize(
    "lines",
    [
        ["a,b,y", "1,'red',yes", "2,'blue',no"],
        ["a,b,y", "'1','red','yes'", "2,blue,no"],
        ["a,b", "'t,hof'", "'s,gate'"],
        ['"a","b"', "\"'1'\",\"'2'\""],
        ['"name"', '"Smith, John"', '"Doe, Jane"'],
        ['"a","b"', '"1","2"'],
        ["a,b"],
        [],
    ],
)
def test_what_is_not_sure_is_as_in_csv(lines):
    assert quoting_of(lines, None) == Quoting()


def test_a_comma_between_single_quotes_is_refused_with_what_to_write(path):
    rows = "".join(f"{n},'red, dark','yes'\n" for n in range(5))
    for head in ("a,b,y\n", "a,b,y\n9,blue,no\n"):
        with pytest.raises(ConfigError, match=r"write double quotes around .* 'red, dark' has single ones"):
            read(path, head + rows)


def test_a_quote_that_is_not_closed_is_told_with_its_line(path):
    rows = ["'1','2','yes'"] * 300
    with pytest.raises(ConfigError, match="line 302: expected a closing quotation mark"):
        read(path, "\n".join(["'a','b','y'", *rows, "'1','2','no"]))
