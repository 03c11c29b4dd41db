"""A plain file that pandas reads as it stands is what the reader of rows makes of it."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.files import plain_text
from smote_bench.data.files.plain_text import is_plain, lines_of
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.user_tables import read_user_table
from smote_bench.errors import ConfigError

ROWS = ["1,red,0.5,yes", "2,blue,,no", "3,red,1e3,no", "4,,7,yes", "5,red,-2,no"]
HEADER = "a,b,c,y"


def is_plain_text(tmp_path, text, delimiter=",", n_columns=4):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    return is_plain(path, delimiter, n_columns, smallest=0)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_a_plain_file_is_its_lines_below_the_header(tmp_path, end, last):
    assert is_plain_text(tmp_path, end.join([HEADER, *ROWS]) + last.replace("\n", end))
    assert lines_of(tmp_path / "t.csv", [3, 0, 4]) == [ROWS[3].encode(), ROWS[0].encode(), ROWS[4].encode()]


@pytest.mark.parametrize("last", [",,,", ",,,\n", ",,,\r\n"])
def test_a_file_whose_last_line_has_no_value_is_not_plain(tmp_path, last):
    assert not is_plain_text(tmp_path, "\n".join([HEADER, *ROWS, last]))


def test_a_header_that_ends_otherwise_than_the_rows_takes_no_row_with_it(tmp_path):
    assert not is_plain_text(tmp_path, HEADER + "\r" + "\n".join(ROWS))


@pytest.mark.parametrize(
    "row",
    [
        '1,"red",2,no',
        "1, red,2,no",
        "1,red ,2,no",
        " 1,red,2,no",
        "1,red,2,no ",
        "1,red,2,no\t",
        "1,red,2",
        "1,red,2,no,",
        "",
        "1,rød,2,no",
        "1,re\x1fd,2,no",
        "1,re\0d,2,no",
        "1,re\rd,2,no",
        "1,red\x0b,2,no",
        "#1,red,2,no",
    ],
)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_what_has_to_be_looked_at_is_not_plain(tmp_path, row, place):
    rows = [*ROWS[:place], row, *ROWS[place:]]
    assert not is_plain_text(tmp_path, "\n".join([HEADER, *rows]) + "\n")


def test_a_line_that_is_too_long_or_wide_is_found_in_every_chunk(tmp_path, monkeypatch):
    monkeypatch.setattr(plain_text, "_CHUNK_BYTES", 64)
    rows = ROWS * 20
    assert is_plain_text(tmp_path, "\n".join([HEADER, *rows]))
    for n in range(len(rows)):
        assert not is_plain_text(tmp_path, "\n".join([HEADER, *rows[:n], rows[n] + ",", *rows[n + 1 :]]))
    assert not is_plain_text(tmp_path, "\n".join([HEADER, "1," + "x" * 99 + ",2,no", *rows]))


def test_small_files_are_read_row_by_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("\n".join([HEADER, *ROWS]))
    assert not is_plain(path, ",", 4)


_CELLS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(
        ["", "NA", "?", "-", "true", "False", "red", "a b", "007", "1_0", "0x1", "1e5", "1.", "+3", "$5"]
    ),
    st.text("ab1.-e+ ", max_size=6),
)


def _column(cells):
    return st.lists(cells, min_size=12, max_size=12)


_COLUMNS = st.one_of(
    _column(_CELLS),
    *(
        _column(st.one_of(cells, st.just("")))
        for cells in (
            st.integers(0, 999).map("{:03}".format),
            st.integers(-999, 999).map(str),
            st.floats(-9, 9).map("{:.2f}".format),
            st.floats(0, 9999).map("{:,.1f}".format),
            st.dates().map(str),
            st.integers(0, 99).map("{}%".format),
            st.sampled_from(["yes", "no"]),
        )
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    st.tuples(_COLUMNS, _COLUMNS, _column(st.sampled_from(["x", "y y", "1", ""]))),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_both_ways_read_the_same(tmp_path_factory, columns, delimiter, end, with_end):
    folder = tmp_path_factory.mktemp("plain")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    labels = ["x", "x", "1", "1", *columns[2]]
    first, second = ([*column[:4], *column] for column in columns[:2])
    writer.writerows([("one", "two", "y"), *zip(first, second, labels, strict=True)])
    content = text.getvalue() if with_end else text.getvalue().removesuffix(end)
    (folder / "t.csv").write_bytes(content.encode())
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "x", "read": {"sep": delimiter}}

    def read(smallest):
        plain_text.SMALLEST_BYTES, before = smallest, plain_text.SMALLEST_BYTES
        try:
            source = parse_source(entry, folder)
            return read_user_table(source), source.findings
        except ConfigError as error:
            return str(error), ()
        finally:
            plain_text.SMALLEST_BYTES = before

    (ours, found), (theirs, expected) = read(0), read(1 << 40)
    assert found == expected
    if isinstance(theirs, str):
        assert ours == theirs
    else:
        pd.testing.assert_frame_equal(ours.X, theirs.X)
        np.testing.assert_array_equal(ours.y, theirs.y)
        assert ours.findings == theirs.findings
