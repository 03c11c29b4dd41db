"""Rows of a CSV file: each as wide as the header, or an error that names the first line that is not.

Also of: text_lines.
"""

from __future__ import annotations

import gzip

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.read_keys import parse_read_keys
from smote_bench.data.sources import UserFile, parse_source
from smote_bench.errors import ConfigError

pytestmark = pytest.mark.versions

CELLS = st.text(st.sampled_from('ab1,"\n\r x;'), max_size=6).map(lambda text: f"c{text}")
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def read(path):
    with CsvRows(path, "own") as rows:
        found = list(rows)
        return rows.header, found, rows.left_out, rows.remarks


def written(row, end="\n", quote_all=False):
    cells = [
        '"{}"'.format(cell.replace('"', '""')) if quote_all or set(cell) & set(',"\r\n') else cell
        for cell in row
    ]
    return ",".join(cells) + end


def first_lines(records):
    """Return the number of the line in which each record begins, by its definition."""
    lines = [1]
    for record in records:
        lines.append(lines[-1] + len(record.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1)
    return lines


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("rows") / "own.csv"


quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5),
    end=ENDS,
    quote_all=st.booleans(),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    n_blank=st.integers(0, 2),
    packed=st.booleans(),
)
def test_every_cell_comes_back_as_it_was_written(path, rows, end, quote_all, mark, n_blank, packed):
    records = [written(row, end, quote_all) for row in [["a", "b", "y"], *rows]]
    content = mark + "".join(f"{record}{end * n_blank}" for record in records).encode()
    if packed:
        path = path.with_suffix(".csv.gz")
        content = gzip.compress(content)
    path.write_bytes(content)
    header, found, left_out, remarks = read(path)
    assert header == ["a", "b", "y"]
    assert [cells for _, cells in found] == rows
    assert (left_out, remarks) == ([], [])
    assert [line for line, _ in found] == [
        line + n * n_blank for n, line in enumerate(first_lines(records)[1:-1], start=1)
    ]


@quick
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    where=st.integers(0, 5),
    change=st.sampled_from([-2, -1, 1, 2]),
    filled=st.booleans(),
    end=ENDS,
)
def test_a_row_of_another_width_is_refused_with_the_line_it_begins_in(path, rows, where, change, filled, end):
    where %= len(rows)
    wrong = [*rows[where], *(["more" if filled else ""] * change)][: 3 + change]
    rows = [*rows[:where], wrong, *rows[where + 1 :]]
    if len(rows) == 1 and change > 0 and not filled:
        rows.append(["c", "c", "c"])  # every row with a comma at its end is no row of another width
    records = [written(row, end) for row in [["a", "b", "y"], *rows]]
    path.write_bytes("".join(records).encode())
    line = first_lines(records)[where + 1]
    with pytest.raises(
        ConfigError, match=rf"own: own.csv, line {line}: expected 3 cells as in the header, got {3 + change}"
    ):
        read(path)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("blank", ["", " "])
def test_commas_at_the_end_of_every_row_are_left_out_with_a_word(path, n, blank):
    ending = f",{blank}" * n
    path.write_text(f"left,a,b\n1,2,3{ending}\n0,4,5{ending}\n")
    header, found, _, remarks = read(path)
    assert header == ["left", "a", "b"]
    assert [cells for _, cells in found] == [["1", "2", "3"], ["0", "4", "5"]]
    assert remarks == ["own.csv: commas at the end of the header or of the rows are left out"]


def test_a_comma_at_the_end_of_the_header_alone_is_left_out_with_a_word(path):
    path.write_text("left,a,b,\n1,2,3\n0,4,5\n")
    header, found, _, remarks = read(path)
    assert header == ["left", "a", "b"]
    assert [len(cells) for _, cells in found] == [3, 3]
    assert len(remarks) == 1


def test_a_column_without_name_and_values_is_left_out_and_one_with_values_is_named(path):
    path.write_text(",a,b,,y\n0,1,2,,0\n1,1,3, ,1\n")
    header, _, left_out, remarks = read(path)
    assert header == ["Unnamed: 0", "a", "b", "Unnamed: 3", "y"]
    assert left_out == ["Unnamed: 3"]
    assert remarks == [
        "own.csv: a column without name and values is left out (Unnamed: 3)",
        "own.csv: column 1 has no name: it is called 'Unnamed: 0'",
    ]


def test_a_nameless_column_beside_one_of_its_name_gets_another(path):
    path.write_text(",Unnamed: 0,y\n0,1,2\n")
    assert read(path)[0] == ["Unnamed: 0_", "Unnamed: 0", "y"]


def test_a_value_behind_blank_ends_of_rows_is_refused(path):
    path.write_text("a,b\n1,2,\n1,2,3\n1,2,\n")
    with pytest.raises(ConfigError, match=r"line 3: expected 2 cells as in the header, got 3 \('1,2,3'\)"):
        read(path)


@pytest.mark.parametrize("text", ['a,b\n1,"2\n3,4\n', 'a,b\n1,2\n"3,4\n5,6\n', 'a,"b\n1,2\n'])
def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest(path, text):
    path.write_text(text)
    line = text[: text.index('"')].count("\n") + 1
    with pytest.raises(ConfigError, match=f"line {line}: expected a closing quotation mark"):
        read(path)


@pytest.mark.parametrize(
    "text", ['a,b\n1,2\n1,"yes\n2,no\n3,"no\n4,no\n', 'a,b\n1,2\n"1"x,2\n', 'a,b\n1,2\n1,"2" \n']
)
def test_a_quotation_mark_that_closes_inside_of_a_cell_does_not_swallow_rows(path, text):
    path.write_text(text)
    line = text[: text.index('"')].count("\n") + 1
    with pytest.raises(
        ConfigError, match=rf"line {line}: expected a comma .* behind a closing quotation mark"
    ):
        read(path)


def test_an_open_quotation_mark_is_named_by_its_own_line(path):
    path.write_text('a,b,c\n1,"two\nlines","three\nlines\n4,5,6\n')
    with pytest.raises(
        ConfigError, match="line 3: expected a closing quotation mark, got the end of the file"
    ):
        read(path)


def test_a_zero_byte_is_refused_with_its_line(path):
    path.write_bytes(b"a,b\n1,2\n3,x\0y\n")
    with pytest.raises(
        ConfigError, match=r"line 3: expected text, got a zero byte: .* 'read: {encoding: utf-16}'"
    ):
        read(path)


R = 'x y\n"{}" 1.5 u\n"{}" 2 v\n"{}" 3 u\n'


@pytest.mark.parametrize("mark", [" ", ",", ";", "\t"])
def test_names_of_rows_that_the_header_does_not_name_are_a_column_of_their_own(path, mark):
    path.write_text(R.format("r1", "r2", "r3").replace(" ", mark))
    header, found, left_out, remarks = read(path)
    assert header == ["Unnamed: 0", "x", "y"]
    assert [cells for _, cells in found] == [["r1", "1.5", "u"], ["r2", "2", "v"], ["r3", "3", "u"]]
    assert left_out == []
    assert remarks[-1] == (
        "own.csv: the header has one name less than the rows have cells: the first cells, all distinct, "
        "are names of "
        "the rows, and their column is called 'Unnamed: 0'"
    )


def test_first_cells_that_the_header_does_not_name_and_that_repeat_are_refused(path):
    path.write_text(R.format("r1", "r2", "r1").replace(" ", ","))
    with pytest.raises(
        ConfigError,
        match=r"each of the 3 cells .* got 2 names, and 'r1' in lines 2 and 4: add the name that is missing",
    ):
        read(path)


def test_names_of_rows_are_left_out_and_kept_by_name(path):
    path.write_text(R.format("r1", "r2", "r3").replace(" ", ","))
    spec = {"name": "own", "file": path.name, "target": "y", "minority": "v"}
    source = parse_source(spec, path.parent)
    assert list(load_dataset(source).X) == ["x"]
    assert [(f.kind, f.column, f.remedy) for f in source.findings if f.kind == "left out"] == [
        ("left out", "Unnamed: 0", "'keep: [\"Unnamed: 0\"]' makes a feature of it")
    ]
    kept = load_dataset(parse_source({**spec, "keep": ["Unnamed: 0"]}, path.parent))
    assert list(kept.X) == ["Unnamed: 0", "x"]


COMMENTED = "a,b,y\n1,2,n\n{}\n3,4,n\n"


@pytest.mark.parametrize("comment", ["# checked", "#9,9,n", "# 9,9,n", " # x, y"])
def test_a_comment_among_the_rows_is_refused_with_the_key_that_skips_it(path, comment):
    path.write_text(COMMENTED.format(comment))
    with pytest.raises(
        ConfigError, match=r"""line 3: .* 'read: {comment: "#"}' skips such lines everywhere"""
    ):
        read(path)


def test_a_comment_as_wide_as_the_rows_is_refused_where_the_file_has_others(path):
    path.write_text("# by x\n" + COMMENTED.format("#x,y,z"))
    with pytest.raises(ConfigError, match=r"line 4: .* looks like a comment"):
        read(path)


def test_a_cell_may_begin_like_a_comment(path):
    text = COMMENTED.format("#x,y,z").replace("1,2", "w,2")
    path.write_text(text)
    assert read(path)[1][1] == (3, ["#x", "y", "z"])


def test_comments_are_skipped_anywhere_but_inside_of_a_cell(path):
    path.write_text('# by x\na,b\n# one\n1,"2\n# no comment"\n# two\n3,4\n# end\n')
    with CsvRows(path, "own", parse_read_keys({"comment": "#"}, "own")) as rows:
        assert list(rows) == [(4, ["1", "2\n# no comment"]), (7, ["3", "4"])]


@pytest.mark.parametrize(
    ("footer", "mark"),
    [
        ("(1234 rows affected)", "(1234"),
        ("Source: World Bank", "Source:"),
        ("Source: World Bank,", "Source:"),
    ],
)
def test_a_footer_is_refused_with_its_line_and_what_to_do(path, footer, mark):
    path.write_text(f"a,b,y\n1,2,n\n3,4,n\n\n{footer}\n")
    with pytest.raises(ConfigError) as told:
        read(path)
    assert "line 5: expected 3 cells as in the header, got" in str(told.value)
    assert str(told.value).endswith(
        f"if it is no row, remove it, or skip lines that begin so with 'read: {{comment: \"{mark}\"}}'"
    )
    with CsvRows(path, "own", parse_read_keys({"comment": mark}, "own")) as rows:
        assert [line for line, _ in rows] == [2, 3]


def test_a_cell_may_be_longer_than_the_standard_library_allows(path):
    path.write_text(f"a,b\n{'x' * 200_000},1\n")
    assert len(read(path)[1][0][1][0]) == 200_000


def test_what_is_no_text_is_refused_and_not_shown_as_a_traceback(path):
    path.write_bytes(b"a,b\n\x00\x01caf\xe9,1\n")
    with pytest.raises(ConfigError, match=r"expected a UTF-8 CSV file at .*own.csv, got .utf-8."):
        read(path)
    packed = path.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n" * 500)[:-12])
    with pytest.raises(ConfigError, match="expected a UTF-8 CSV file"):
        read(packed)


TABLE = [["y", "left", "a"], *([str(int(n < 3)), str(n % 2), f"{n}.5"] for n in range(12))]


def table(change):
    return "".join(f"{change(n, ','.join(row))}\n" for n, row in enumerate(TABLE))


@pytest.mark.parametrize(
    "change",
    [
        lambda n, line: line,
        lambda n, line: f"{line}," if n else line,
        lambda n, line: f"{line},",
        lambda n, line: f"{line},,",
        lambda n, line: line if n else f"{line},",
    ],
    ids=["none", "rows", "all", "two", "header"],
)
@pytest.mark.parametrize("target", ["y", "left", "a"])
def test_no_comma_at_an_end_makes_another_column_the_target(path, change, target):
    text = table(change)
    path.write_text(text)
    minority = {"y": "1", "left": "1", "a": "<3"}[target]
    spec = {"name": "own", "file": path.name, "target": target, "minority": minority}
    own = load_dataset(parse_source(spec, path.parent))
    path.write_text(table(lambda n, line: line))
    expected = load_dataset(UserFile("own", path, target, minority))
    assert own.digest == expected.digest
    assert list(own.X) == [name for name in TABLE[0] if name != target]


@pytest.mark.parametrize(
    "change",
    [
        lambda n, line: f"{line},7" if n == 4 else line,
        lambda n, line: f"{line}," if n == 4 else line,
        lambda n, line: f"{n},{line}" if n >= 4 else line,
        lambda n, line: line.rpartition(",")[0] if n == 4 else line,
    ],
    ids=["value", "comma", "row name", "short"],
)
def test_check_and_load_refuse_a_row_of_another_width_in_the_same_words(path, change):
    path.write_text(table(change))
    spec = {"name": "own", "file": path.name, "target": "y", "minority": "1"}
    with pytest.raises(ConfigError, match="line 5: expected 3 cells") as checked:
        parse_source(spec, path.parent)
    with pytest.raises(ConfigError) as loaded:
        load_dataset(UserFile("own", path, "y", "1"))
    assert str(checked.value) == str(loaded.value)


def test_a_line_that_begins_with_the_mark_of_cells_is_skipped_by_that_mark(tmp_path):
    (tmp_path / "t.data").write_text(
        "|1x3 Cross validator\n" + "25,0.5,<=50K.\n38,0.7,>50K.\n40,0.1,<=50K.\n" * 5
    )
    entry = {"name": "t", "file": "t.data", "target": "y", "minority": ">50K."}
    read = {"header": ["a", "b", "y"]}
    with pytest.raises(ConfigError, match=r"line 1: .* with 'read: \{comment: \"\|\"\}'"):
        parse_source({**entry, "read": read}, tmp_path)
    assert parse_source({**entry, "read": {**read, "comment": "|"}}, tmp_path)


def test_numbers_in_two_by_a_decimal_comma_are_named(tmp_path):
    (tmp_path / "t.csv").write_text("bmi,y\n" + "22,5,Yes\n23,1,No\n22,7,No\n")
    with pytest.raises(ConfigError, match=r"if 22,5 is one number, write 22\.5, or put it in quotes"):
        parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": "Yes"}, tmp_path)
