"""Excel's .xlsx: what people have around a table and in it, read with a word or refused by its place."""

from __future__ import annotations

import datetime
import re

import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.excel_files import read_excel
from smote_bench.data.findings import Finding
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

openpyxl = pytest.importorskip("openpyxl")

TABLE = [["a", "b", "y"], [1.5, "u", "yes"], [2, "v", "no"], [3, "u", "no"]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "t.xlsx"


def book_of(*tables):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for n, rows in enumerate(tables):
        page = book.create_sheet(f"S{n}")
        for row in rows:
            page.append(row)
    return book


def read(path, book, **keys):
    book.save(path)
    frame, findings = read_excel(path, "own", **keys)
    cells = [
        [None if pd.isna(cell) else cell for cell in row] for row in frame.astype(object).to_numpy().tolist()
    ]
    return [frame.columns.tolist(), *cells], [str(finding) for finding in findings]


def test_a_plain_sheet_is_its_table_without_a_word(path):
    assert read(path, book_of(TABLE)) == (TABLE, [])


def test_titles_blank_rows_and_blank_columns_around_the_table_are_skipped_with_a_word(path):
    rows = [
        [],
        [None, None, "Report of 2024"],
        [],
        *([None, None, *row] for row in TABLE[:2]),
        [],
        *([None, None, *row] for row in TABLE[2:]),
    ]
    cells, said = read(path, book_of(rows))
    assert cells == TABLE
    assert said == [
        "t.xlsx: 1 rows above the header, which are no rows of the table, are skipped",
        "t.xlsx: the table of sheet 'S0' begins in cell C4",
    ]


def test_a_column_without_a_name_is_named_or_left_out_with_a_word(path):
    rows = [[row[0], None, None if n == 0 else n, row[1], row[2]] for n, row in enumerate(TABLE)]
    cells, said = read(path, book_of(rows))
    assert cells[0] == ["a", "Unnamed: 2", "b", "y"]
    assert said == [
        "t.xlsx: column 'Unnamed: 1' without name and values is left out",
        "t.xlsx: column 'Unnamed: 2' has no name: it is called so",
    ]


def test_a_name_that_occurs_twice_is_refused_as_in_other_formats(path):
    book_of([["x", "x", "y"], [1, 2, "yes"], [3, 4, "no"]]).save(path)
    with pytest.raises(
        ConfigError, match=r"expected distinct column names in t\.xlsx, got 'x' more than once"
    ):
        parse_source({"name": "own", "file": "t.xlsx", "target": "y", "minority": "yes"}, path.parent)


def test_cells_merged_over_rows_are_a_value_of_each_with_a_word(path):
    book = book_of([["g", "y"], ["p", "yes"], [None, "no"], ["q", "no"], [None, "no"]])
    book["S0"].merge_cells("A2:A3")
    book["S0"].merge_cells("A4:A5")
    cells, said = read(path, book)
    assert [row[0] for row in cells] == ["g", "p", "p", "q", "q"]
    assert said == [
        "t.xlsx, sheet 'S0': merged cells, A2:A3 and 1 more, are read as a value in each of their rows; "
        "part them in "
        "the file to change it"
    ]


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("A1:B1", "sheet 'S0': expected a name for each column in row 1, got the merged cells A1:B1"),
        ("A3:B3", "sheet 'S0': expected a cell for each column in row 3, got the merged cells A3:B3"),
    ],
)
def test_cells_merged_over_columns_are_refused_by_their_place(path, area, words):
    book = book_of(TABLE)
    book["S0"].merge_cells(area)
    with pytest.raises(ConfigError, match=words):
        read(path, book)


def test_a_merged_title_is_a_title(path):
    book = book_of([["Report of 2024"], *TABLE])
    book["S0"].merge_cells("A1:C1")
    assert read(path, book)[0] == TABLE


def test_which_of_several_sheets_is_read_is_said_and_can_be(path):
    book = book_of([], TABLE, [["c", "y"], [5, "yes"], [6, "no"]])
    cells, said = read(path, book)
    assert cells == TABLE
    assert said == ["t.xlsx: sheet 'S1' is read, of 'S1', 'S2'; 'read: {sheet: S2}' names one"]
    assert read(path, book, sheet="S2") == ([["c", "y"], [5, "yes"], [6, "no"]], [])
    with pytest.raises(ConfigError, match=r"one of the sheets 'S0', 'S1', 'S2' of t\.xlsx .* got 's2'"):
        read(path, book, sheet="s2")


def test_the_sheet_is_a_key_of_a_users_file(path):
    book_of(TABLE, [["c", "y"], [5, "yes"], [6, "no"], [7, "no"]]).save(path)
    entry = {"name": "own", "file": "t.xlsx", "target": "y", "minority": "yes", "read": {"sheet": "S1"}}
    source = parse_source(entry, path.parent)
    assert load_dataset(source).X["c"].tolist() == [5, 6, 7]
    assert source.read.to_json() == {"sheet": "S1"}
    with pytest.raises(ConfigError, match=r"no more than 'na' and 'sheet' in 'read' of t\.xlsx"):
        parse_source({**entry, "read": {"sep": ";"}}, path.parent)
    (path.parent / "t.csv").write_text("c,y\n1,yes\n2,no\n")
    with pytest.raises(ConfigError, match=r"no 'sheet' in 'read' of t\.csv, which is delimited text"):
        parse_source({**entry, "file": "t.csv"}, path.parent)


def test_numbers_stored_as_text_are_numbers_with_a_word_and_codes_are_none(path):
    rows = [["a", "zip", "y"], *([n if n % 2 else f"{n}.5", f"0{n}123", "yn"[n % 2]] for n in range(6))]
    cells, (said,) = read(path, book_of(rows))
    assert [row[0] for row in cells[1:]] == ["0.5", "1", "2.5", "3", "4.5", "5"]
    assert said.startswith(
        "t.xlsx: column 'a': numbers that are stored as text, in 3 cells, are read as numbers"
    )
    own = load_dataset(
        parse_source({"name": "own", "file": "t.xlsx", "target": "y", "minority": "y"}, path.parent)
    )
    assert own.X["a"].tolist() == [0.5, 1, 2.5, 3, 4.5, 5]
    assert own.X["zip"].tolist()[0] == "00123"


def test_percents_are_their_values_with_a_word_and_a_caveat_where_only_some_are(path):
    book = book_of([["p", "q", "y"], [0.1, 0.1, "yes"], [0.25, 20, "no"]])
    for cell in ("A2", "A3", "B2"):
        book["S0"][cell].number_format = "0.0%"
    book.save(path)
    frame, findings = read_excel(path, "own")
    assert frame["p"].tolist() == [0.1, 0.25]
    assert findings == [
        Finding(
            "read",
            "p",
            "t.xlsx: column 'p': 2 of 2 numbers are shown as percents: what is shown as 10% is read as 0.1, "
            "its value",
        ),
        Finding(
            "suspect",
            "q",
            "t.xlsx: column 'q': 1 of 2 numbers are shown as percents: 10% among them is 0.1, its value",
            "show all alike in the file, and correct those that are a hundred times too large",
        ),
    ]


def test_cells_keep_their_types_where_a_column_has_one(path):
    day = datetime.datetime(2024, 1, 31)
    book = book_of(
        [["n", "w", "d", "t", "m", "y"], [1.0, 1, day, True, day, "p"], [None, 2, None, False, "?", "n"]]
    )
    book.save(path)
    frame, _ = read_excel(path, "own")
    assert [column.dtype.kind for _, column in frame.items()][:4] == ["f", "i", "M", "b"]
    assert frame["m"].tolist() == ["2024-01-31", "?"]


def test_a_source_below_the_table_is_refused_with_its_row(path):
    with pytest.raises(
        ConfigError, match=re.escape("row 6: expected a row of the table, got 'Source: x' alone")
    ):
        read(path, book_of([*TABLE, [], ["Source: x"]]))


def test_line_breaks_in_names_are_blanks_with_a_word(path):
    cells, (said,) = read(path, book_of([["weight\n(kg)", "y"], [1, "yes"], [2, "no"]]))
    assert cells[0] == ["weight (kg)", "y"]
    assert "line breaks in names of columns" in said


@pytest.mark.parametrize("file", ["t.xls", "t.ods", "t.XLSB"])
def test_other_spreadsheets_are_refused_with_what_to_do(tmp_path, file):
    (tmp_path / file).write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(
        ConfigError, match=r"got 't\.\w+': save it as \.xlsx or CSV in the program that wrote it"
    ):
        parse_source({"name": "own", "file": file, "target": "y", "minority": "yes"}, tmp_path)


def test_a_workbook_without_cells_is_refused(path):
    book_of([], []).save(path)
    with pytest.raises(ConfigError, match="got no sheet with cells: check the file"):
        parse_source({"name": "own", "file": "t.xlsx", "target": "y", "minority": "yes"}, path.parent)


def test_a_target_that_the_sheet_lacks_is_answered_with_the_other_sheets(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["about"])
    book.active.append(["made 2024"])
    page = book.create_sheet("Data")
    for row in (["a", "y"], [1, "yes"], [2, "no"], [3, "no"]):
        page.append(row)
    book.save(tmp_path / "t.xlsx")
    entry = {"name": "t", "file": "t.xlsx", "target": "y", "minority": "yes"}
    with pytest.raises(ConfigError, match=r"got 'about'; .*'Data'; 'read: {sheet: Data}' names one"):
        parse_source(entry, tmp_path)
    assert parse_source({**entry, "read": {"sheet": "Data"}}, tmp_path)
