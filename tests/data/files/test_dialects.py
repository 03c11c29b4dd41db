"""Delimiters, encodings, decimal commas and comments of text files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.dialects import Dialect, sniff
from smote_bench.errors import ConfigError

IF_WRONG = "if letters look wrong, 'read: {encoding}' says which it is"


def _read(path: Path) -> tuple[list[str], list[list[str]], list[str]]:
    with CsvRows(path, "own") as rows:
        cells = [row for _, row in rows]
        return rows.header, cells, rows.remarks


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_reads_other_delimiters_with_a_word(tmp_path: Path, mark: str, word: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text("a,b,y\n1,2.5,no\n".replace(",", mark))
    assert _read(path) == (
        ["a", "b", "y"],
        [["1", "2.5", "no"]],
        [f"c.csv: cells are separated by {word}"],
    )


def test_says_nothing_of_commas_in_utf8(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("a;b,y\n1;2,no\n")
    assert _read(path) == (["a;b", "y"], [["1;2", "no"]], [])


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 3), st.integers(2, 4), st.sampled_from(["{}", "{},5", "{},25", "-1.{}34,5"]), st.booleans()
)
def test_commas_in_names_and_numbers_do_not_lead_astray(
    tmp_path_factory, mark, n_commas, n_columns, form, has_text
):
    names = [f"c{n}, u" if n < n_commas else f"c{n}" for n in range(n_columns)]
    rows = [[form.format((n + m) % 10) for m in range(n_columns)] for n in range(9)]
    if has_text:
        names, rows = [*names, "name, first"], [[*row, f"Smith, J{n}"] for n, row in enumerate(rows)]
    path = tmp_path_factory.mktemp("t") / "c.csv"
    path.write_text(
        "".join(f"{mark.join(cells)}\n" for cells in [[*names, "y"], *[[*row, "no"] for row in rows]])
    )
    assert sniff(path).delimiter == mark


@pytest.mark.parametrize(
    "text",
    ["a;b,y\n1;2,no\n", "a, b;c, y\n1, x;z, no\n", "a,b,y\n1;2,x,no\n3;4,x,no\n", 'a,"b;c",y\n1,"2;3",no\n'],
)
def test_semicolons_in_cells_between_commas_do_not_either(tmp_path, text):
    (tmp_path / "c.csv").write_text(text)
    assert sniff(tmp_path / "c.csv").delimiter == ","


@pytest.mark.parametrize(("encoding", "word"), [("latin-1", "LATIN-1"), ("utf-16", "UTF-16")])
def test_reads_other_encodings_with_a_word(tmp_path: Path, encoding: str, word: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text("größe,y\n1,nö\n", encoding=encoding)
    header, cells, remarks = _read(path)
    assert (header, cells) == (["größe", "y"], [["1", "nö"]])
    assert remarks == [f"c.csv: read as {word}, since it is no UTF-8; {IF_WRONG}"]


def test_reads_decimal_commas_as_points(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("a;b;y\n3,5;x, z;no\n-0,25;4,5,6;no\n")
    _, cells, remarks = _read(path)
    assert cells == [["3.5", "x, z", "no"], ["-0.25", "4,5,6", "no"]]
    assert "c.csv: numbers have a decimal comma, 3,5 is read as 3.5" in remarks


def test_takes_thousands_commas_out_beside_decimal_points(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("a;b;y\n3.5;1,234;no\n")
    _, cells, remarks = _read(path)
    assert cells == [["3.5", "1234", "no"]]
    assert "c.csv: thousands are parted by commas in column 'b', '1,234' is read as 1234" in remarks


def test_skips_comments_and_keeps_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("# made by x\n\n# on a day\na,b,y\n1,2,no\n1,no\n")
    with CsvRows(path, "own") as rows:
        assert rows.remarks == ["c.csv: 2 comment lines before the header are skipped"]
        with pytest.raises(ConfigError, match="line 6: expected 3 cells"):
            list(rows)


def test_keeps_a_header_that_begins_like_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("#id,y\n1,no\n")
    assert _read(path)[0] == ["#id", "y"]


@settings(max_examples=50, deadline=None)
@given(
    mark=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    n_comments=st.integers(0, 2),
    rows=st.lists(st.tuples(st.integers(-99, 99), st.sampled_from(["ä", "b c", ""])), min_size=1, max_size=9),
)
def test_reads_back_what_was_written_in_any_dialect(
    tmp_path_factory: pytest.TempPathFactory,
    mark: str,
    encoding: str,
    n_comments: int,
    rows: list[tuple[int, str]],
) -> None:
    path = tmp_path_factory.mktemp("dialect") / "c.csv"
    table = [["n", "t", "ü"], *([str(n), text, "no"] for n, text in rows)]
    lines = ["# made by x"] * n_comments + [mark.join(cells) for cells in table]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    header, cells, _ = _read(path)
    assert [header, *cells] == table


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_reads_utf_16_without_a_mark_by_its_zero_bytes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("größe,y\n1,nö\n2,да\n".encode(encoding))
    assert _read(path) == (
        ["größe", "y"],
        [["1", "nö"], ["2", "да"]],
        [f"c.csv: read as {encoding.upper()}, by its zero bytes, though it has no mark; {IF_WRONG}"],
    )


def test_reads_utf_32_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("größe,y\n1,nö\n", encoding="utf-32")
    assert _read(path)[:2] == (["größe", "y"], [["1", "nö"]])


@pytest.mark.parametrize("mark", [",", ";", "^", "\t"])
@pytest.mark.parametrize("line", ["sep={}", '"sep={}"', "SEP={} "])
def test_excels_line_says_what_separates_cells(tmp_path: Path, mark: str, line: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{line.format(mark)}\r\na{mark}b{mark}y\r\n1{mark}2.5{mark}no\r\n", newline="")
    assert _read(path) == (
        ["a", "b", "y"],
        [["1", "2.5", "no"]],
        ["c.csv: the first line, 'sep=', is no row: it says what separates the cells"],
    )


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_reads_names_with_line_breaks(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "c.csv"
    names = ["a", '"weight\n(kg)"', '"b\r\n\r\nc"', "y"]
    path.write_text(f"Report of 2024\n{mark.join(names)}\n{mark.join(['1', '2.5', '3', 'no'])}\n", newline="")
    with path.open("a") as stream:
        stream.write(mark.join(["4", "5", "6", "yes"]) + "\n")
    header, cells, remarks = _read(path)
    assert header == ["a", "weight (kg)", "b c", "y"]
    assert cells == [["1", "2.5", "3", "no"], ["4", "5", "6", "yes"]]
    assert "c.csv: 1 lines before the header, which are no rows, are skipped" in remarks
    assert "c.csv: line breaks in names of columns are read as blanks, as in 'weight (kg)'" in remarks


def test_an_empty_file_is_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"")
    assert sniff(path) == Dialect()
