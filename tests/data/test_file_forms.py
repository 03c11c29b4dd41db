"""docs/datasets.md, "What your file may look like": each row has an example here, and each is read so."""

from __future__ import annotations

import bz2
import datetime
import gzip
import importlib
import importlib.util
import lzma
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "datasets.md").read_text(encoding="utf-8")
N = None  # a missing cell


@dataclass
class Form:
    """A file, and what becomes of its column ``a``, or the words of the refusal."""

    content: Any
    a: Any = (1.5, 2.0, 3.0)
    said: str = ""
    file: str = "own.csv"
    keys: dict[str, Any] = field(default_factory=dict)
    needs: str = ""
    column: str = "a"
    y: tuple[int, ...] = ()


def refused(content, words, **more):
    return Form(content, ConfigError, words, **more)


PLAIN = "a,y\n1.5,yes\n2,no\n3,no\n"
TYPED = pd.DataFrame({"a": [1.5, 2.0, 3.0], "y": ["yes", "no", "no"]})
ROWS_OF_INDEX = (36.5, 39.0, 37.5)
INDEXED = TYPED.set_axis(pd.Index(ROWS_OF_INDEX, name="temp"))
LISTS = TYPED.assign(l=[[1], [2], [3]])
ARFF = "@relation t\n@attribute a real\n@attribute y {yes, no}\n@data\n1.5,yes\n2,no\n3,no\n"
QUERIES = (
    ARFF.replace("real", "{u, '?'}").replace("1.5", "u").replace("\n2,", "\n'?',").replace("\n3,", "\n?,")
)
ARFF_NO_FIRST = ARFF.replace("yes, no", "no, yes")
TEXTS = ARFF.replace("@data", "@attribute t string\n@data").replace("\n2,no\n3,no", ",u\n2,no,v\n3,no,u")
KEEL = ARFF.replace("real", "real [1, 3]").replace("@data", "@inputs a\n@outputs y\n@data").replace(",", ", ")
MAYBE = "a,y\n1.5,yes\n{0},no\n3,no\n"
LABELLED = "a,b,c,y\nkind,cm,kg,code\n"
LETTERS = "".join(f"{'uv'[n % 2]},{n},{n / 4},{'no' if n else 'yes'}\n" for n in range(40))
ROWS = [["a", "y"], [1.5, "yes"], [2, "no"], [3, "no"]]
WORDS = "a,y\nred,yes\n{0},no\nblue,no\n"


def packed(path):
    content = PLAIN.encode()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as into:
            into.writestr("own.csv", content)
    else:
        pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[path.suffix]
        path.write_bytes(pack(content))


def sheet(parts, a=(1.5, 2, 3), said="", **more):
    """Return a workbook of tables by their first cell, of merged cells and of cells shown as percents."""
    return Form(lambda path: write_book(path, **parts), a, said, file="own.xlsx", needs="openpyxl", **more)


def write_book(path, merge=None, percent=None, **tables):
    openpyxl = importlib.import_module("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "S1"
    for place, rows in tables.items():
        title, _, cell = place.rpartition("!")
        page = book[title] if title in book.sheetnames else book.create_sheet(title) if title else book.active
        first = page[cell]
        for n, row in enumerate(rows):
            for m, value in enumerate(row):
                page.cell(first.row + n, first.column + m, value)
    if merge:
        book.active.merge_cells(merge)
    for row in book.active[percent] if percent else ():
        row[0].number_format = "0%"
    book.save(path)


EXAMPLES = {
    "`;`, tabs, bars or runs of blanks between cells": [
        *(
            Form(PLAIN.replace(",", mark), said=f"separated by {word}")
            for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"), ("  ", "blanks"))
        ),
        Form(PLAIN.replace(",", "^"), keys={"read": {"sep": "^"}}),
        Form(
            'z  1.5\tyes\t"a\tb"\nz 2\tno "x"\nz\t3 no  "x"\n',
            keys={"read": {"sep": "blank", "header": ["z", "a", "y", "c"]}},
        ),
    ],
    "`sep=;` in the first line, as Excel writes it": [
        Form("sep=;\n" + PLAIN.replace(",", ";"), said="the first line, 'sep=', is no row"),
        Form("sep=;\n" + PLAIN, keys={"read": {"sep": ","}}),
    ],
    "UTF-16 with its mark, or without; bytes that are no UTF-8": [
        Form(PLAIN.encode("utf-16"), said="read as UTF-16"),
        Form(PLAIN.encode("utf-16-le"), said="read as UTF-16-LE, by its zero bytes"),
        Form(PLAIN.encode("utf-16-be"), said="read as UTF-16-BE, by its zero bytes"),
        Form(f"{PLAIN}4,é€\n".encode("cp1252"), (1.5, 2, 3, 4), "read as CP1252"),
        Form(f"{PLAIN}4,é\n".encode("latin-1"), (1.5, 2, 3, 4), "read as LATIN-1"),
        Form(f"{PLAIN}4,é\n".encode("cp850"), (1.5, 2, 3, 4), "é", keys={"read": {"encoding": "cp850"}}),
    ],
    "two encodings, as of two exports below each other": [
        Form(
            "a,y\nNîmes,yes\n".encode() + "Nîmes,no\n".encode("cp1252"),
            ("NÃ®mes", "Nîmes"),
            "'Nîmes' in utf-8",
        ),
    ],
    "letters of another alphabet than Latin in one of its own encodings, such as cp1251": [
        Form(f"{PLAIN}4,нет\n".encode("cp1251"), (1.5, 2, 3, 4), "'нет' in cp1251"),
        Form(
            f"{PLAIN}4,нет\n".encode("cp1251"), (1.5, 2, 3, 4), "нет", keys={"read": {"encoding": "cp1251"}}
        ),
    ],
    "`3,5`, `0,744`, `7,4e-01`, `1.234,50` or `1.234.567` in a file whose cells no comma separates": [
        Form(PLAIN.replace(",", ";").replace(".", ","), said="have a decimal comma"),
        Form('a,y\n"1,5",yes\n2,no\n3,no\n', keys={"read": {"decimal": ","}}),
        Form("a;y\n3,5;yes\n76.600;no\n", (3.5, 76600), "parted by points"),
    ],
    "`3.5`, `1,234,567` or `1,234.50` there": [
        Form("a\ty\n2,126,635\tyes\n674,831\tno\n", (2126635, 674831), "parted by commas"),
    ],
    "both there, in two columns": [
        Form("a;b;y\n3,5;1.5;yes\n4,5;2.5;no\n", (3.5, 4.5), "each column is read by its own cells"),
    ],
    "`12,345` or `12.345` there, in a column whose cells do not say which": [
        Form("a;b;y\n12,345;0,5;yes\n3,001;2;no\n", (12.345, 3.001), "because of column 'b', which has 0,5"),
        Form("a;b;y\n12.345;0,5;yes\n3.001;2;no\n", (12345, 3001), "because of column 'b', which has 0,5"),
        Form("a;b;y\n12.345;0.5;yes\n3.001;2;no\n", (12.345, 3.001), "because of column 'b', which has 0.5"),
    ],
    "`12,345` there, and no cell that says which": [
        Form("a;y\n12,345;yes\n3,001;no\n", (12.345, 3.001), "may be read in two ways"),
        Form("a\ty\n12,345\tyes\n3,001\tno\n", (12345, 3001), "may be read in two ways"),
    ],
    "`47.651` beside `953` and `310` in any file, and in that column neither other decimals nor a number of "
    "four digits without a point": [
        Form("a,y\n47.651,yes\n953,no\n310,no\n", (47.651, 953, 310), "may be read in two ways"),
        Form("a\ty\n47.651\tyes\n953\tno\n310\tno\n", (47.651, 953, 310), "may be read in two ways"),
        Form("a,y\n47.651,yes\n953,no\n", (47651, 953), "column 'a'", keys={"read": {"decimal": ","}}),
    ],
    "cells of the other decimal mark in a column, `2,1` beside `2,10`": [
        Form("a;y\n2,1;yes\n2,10;no\n", (2.1, 2.1), "are one number"),
    ],
    "`1.234.567,8`, `1'234.5`": [
        Form("a;y\n1.234.567,8;yes\n2;no\n3;no\n", (1234567.8, 2, 3), keys={"read": {"thousands": "."}}),
        Form("a,y\n1'234.5,yes\n2,no\n3,no\n", (1234.5, 2, 3), keys={"read": {"thousands": "apostrophe"}}),
    ],
    "a line of units, questions or longer names below the header, each cell a word that stands nowhere else "
    "in its column, also in all columns of numbers, of which there are two, or one whose name it has": [
        Form(
            f"{LABELLED}{LETTERS}",
            ("kind", *"uv" * 20),
            "stands nowhere else in its column",
            y=[0, 1] + [0] * 39,
        ),
        Form(
            f"{LABELLED}{LETTERS}", tuple("uv" * 20), "", keys={"read": {"comment": "kind"}}, y=[1] + [0] * 39
        ),
    ],
    "lines that begin with `#` before the header": [
        Form(f"# made by x, today\n{PLAIN}", said="1 comment lines before the header are skipped"),
        Form(PLAIN.replace("2,no", "%%\n2,no"), keys={"read": {"comment": "%"}}),
    ],
    "such lines among the rows or below": [
        refused(PLAIN.replace("2,no", "# 7,no\n2,no"), "line 3: expected a row of 2 cells, got '# 7,no'"),
        refused(f"{PLAIN}# end\n", "line 5: expected a row of 2 cells, got '# end'"),
        Form(f"{PLAIN}# end\n".replace("2,no", "# 7,no\n2,no"), keys={"read": {"comment": "#"}}),
    ],
    "`Source: ...`, `(1234 rows affected)` below the rows": [
        refused(f"{PLAIN}Source: x\n", "line 5: expected 2 cells as in the header, got 1 ('Source: x')"),
        refused(f"{PLAIN}\n(3 rows affected)\n", "line 6: expected 2 cells"),
        Form(f"{PLAIN}Source: x\n", keys={"read": {"comment": "Source:"}}),
    ],
    "a title before the header": [
        Form(f"Report of 2024\n\n{PLAIN}", said="1 lines before the header, which are no rows, are skipped"),
        Form(f"Report of 2024,\n,\n{PLAIN}", said="2 lines before the header"),
        Form(f"x,x\n1,no\nx,x\n{PLAIN}", keys={"read": {"header": 4}}),
    ],
    "no header": [
        refused("1.5,7,yes\n2,8,no\n3,9,no\n", "the first line looks like data"),
        Form("1.5,yes\n2,no\n3,no\n", keys={"read": {"header": False}, "target": "c2"}),
        Form("1.5,yes\n2,no\n3,no\n", keys={"read": {"header": ["a", "y"]}}),
    ],
    "`.csv.gz`, `.csv.bz2`, `.csv.xz`, `.csv.zip` with one file": [
        Form(packed, file=f"own.csv.{suffix}") for suffix in ("gz", "bz2", "xz", "zip")
    ],
    "a byte-order mark, any line ends, blank lines": [
        *(Form(b"\xef\xbb\xbf" + PLAIN.replace("\n", end).encode()) for end in ("\r", "\r\n", "\n\n")),
        Form(b"a,y\r1.5,yes\n2,no\r\n3,no\r"),
    ],
    "`,,,` in lines below the table, as spreadsheets write cleared cells": [
        Form(f"{PLAIN},\n , \n,,,\n", said="3 lines below the table, without a value, are skipped"),
        refused(PLAIN.replace("2,no", ",\n2,no"), "got 1 rows without"),
    ],
    "commas at the end of every row, a column without name and value": [
        Form(PLAIN.replace("\n", ",\n").replace("y,", "y"), said="commas at the end"),
        Form(PLAIN.replace("\n", ",\n"), said="a column without name and values is left out"),
    ],
    "a column without a name, with values": [
        Form(",a,y\n7,1.5,yes\n6,2,no\n5,3,no\n", said="column 1 has no name: it is called 'Unnamed: 0'"),
        Form(",a,y\n7,1.5,yes\n6,2,no\n5,3,no\n", keys={"drop": ["Unnamed: 0"]}),
    ],
    "a header with one name less than the rows have cells, as R writes it": [
        Form('"a" "y"\n"1" 1.5 "yes"\n"2" 2 "no"\n"3" 3 "no"\n', said="the names of the rows, is left out"),
        Form("a,y\nr,1.5,yes\ns,2,no\nt,3,no\n", keys={"keep": ["Unnamed: 0"]}),
        refused("a,y\nr,1.5,yes\ns,2,no\nr,3,no\n", "add the name that is missing to the header"),
    ],
    "blanks around names and words": [
        Form(PLAIN.replace(",", " , "), said="blanks around names of columns"),
        Form("a,y\n red,yes\nblue,no\nred ,no\n", ("red", "blue", "red"), "blanks around words are left out"),
    ],
    "a line break in a column's name": [
        Form('"a\nb",y\n1.5,yes\n2,no\n3,no\n', said="read as blanks, as in 'a b'", column="a b"),
    ],
    "cells in single quotes, all of them; each line in quotes as a whole": [
        Form("a,y\n'1.5','yes'\n'2','no'\n'3','no'\n", said="cells are in single quotes"),
        Form('"a,y"\n"1.5,yes"\n"2,no"\n"3,no"\n', said="each line is in quotes as a whole"),
    ],
    "a row that is wider or shorter than the header, a row of sums or means, the header once more, an open "
    "quotation mark, a zero byte": [
        refused(f"{PLAIN}4\n", "line 5: expected 2 cells"),
        refused(f"{PLAIN}4,no,5\n", "line 5: expected 2 cells"),
        refused(f"{PLAIN}Total,\n", "line 5: 'Total,', which looks like a row of sums"),
        refused(
            "d,a,y\n" + "D1,1,yes\nD1,2,no\nD2,3,no\n" * 4 + "Total,24,no\n",
            "line 14: expected a row of the data, got one of sums or means: 'Total' in column 'd'",
        ),
        refused(f"{PLAIN}a,y\n4,no\n", "line 5: expected a row of the data, got the header again"),
        refused(f'{PLAIN}"4,no\n', "line 5: expected a closing quotation mark"),
        refused(f"{PLAIN}4,n\0o\n", "line 5: expected text, got a zero byte"),
    ],
    "`?`, blank, `NA`, `n/a`, `NaN`, `null`, `\\N`, `#DIV/0!` and the like, in any case": [
        *(
            Form(MAYBE.format(mark), (1.5, N, 3))
            for mark in ("?", " ", "NA", "n/a", "NaN", "Null", "\\N", "#div/0!", "#WERT!", "#NV")
        ),
        Form(WORDS.format("#NULL!"), ("red", N, "blue"), "'#NULL!' in 1 rows is read as missing"),
        Form(WORDS.format("NA"), ("red", N, "blue"), "'NA' in 1 rows is read as missing"),
        Form(WORDS.format("NA"), ("red", "NA", "blue"), keys={"read": {"na": {"only": ["?"]}}}),
    ],
    "`-`, `--`, `.`, `*`, `none`, `missing`, `unknown` among numbers": [
        *(
            Form(MAYBE.format(mark), (1.5, N, 3), f"{mark!r} in 1 rows is read as missing")
            for mark in ("-", "--", ".", "*", "none", "Missing", "UNKNOWN")
        ),
        Form(MAYBE.format("none"), ("1.5", "none", "3"), "read as a category", keys={"nominal": ["a"]}),
    ],
    "the same among words": [
        Form(WORDS.format("none"), ("red", "none", "blue"), "'none' in 1 rows is read as a category"),
        Form(WORDS.format("none"), ("red", N, "blue"), keys={"read": {"na": ["none"]}}),
    ],
    "`-9` for a missing cell": [
        Form(MAYBE.format("-9"), (1.5, -9, 3)),
        Form(MAYBE.format("-9"), (1.5, N, 3), keys={"read": {"na": [-9]}}),
    ],
    "`inf` in a column of numbers": [refused(MAYBE.format("inf"), "expected finite numbers in column 'a'")],
    "whole numbers beyond 2**53, numbers beyond 1e150": [
        Form("a,y\n9007199254740993,yes\n2,no\n3,no\n", (2.0**53, 2, 3), "beyond 2**53"),
        Form("a,y\n1e200,yes\n2,no\n3,no\n", (1e200, 2, 3), "beyond 1e150"),
    ],
    "Parquet, Feather (`.feather`, `.arrow`)": [
        Form(TYPED.to_parquet, file="own.parquet"),
        Form(TYPED.to_feather, file="own.feather"),
        Form(TYPED.to_feather, file="own.arrow"),
    ],
    "an index that pandas has saved with the table, in Parquet or Feather": [
        Form(
            lambda path: INDEXED.to_parquet(path),
            ROWS_OF_INDEX,
            "index of pandas is read",
            file="own.parquet",
            column="temp",
        ),
        Form(
            lambda path: INDEXED.rename_axis("index").to_parquet(path),
            file="own.parquet",
            keys={"drop": ["index"]},
        ),
        Form(
            lambda path: INDEXED.set_axis([7, 3, 5]).to_parquet(path),
            (7, 3, 5),
            file="own.parquet",
            keys={"keep": ["index"]},
            column="index",
        ),
        Form(
            lambda path: INDEXED.set_axis([7, 3, 5]).to_parquet(path),
            said="whole numbers without a name, is left out",
            file="own.parquet",
        ),
    ],
    "lists or structs in Parquet's cells": [
        refused(LISTS.to_parquet, "in column 'l' of own.parquet, got cells of list", file="own.parquet"),
        Form(LISTS.to_parquet, file="own.parquet", keys={"drop": ["l"]}),
    ],
    "ARFF (`.arff`), KEEL (`.dat`)": [
        Form(ARFF, file="own.arff"),
        Form(KEEL, file="own.dat"),
        Form(TEXTS, file="own.arff"),
        Form(QUERIES, ("u", "?", N), file="own.arff"),
        refused(f"{ARFF}4\n", "own.arff, line 8: expected 2 cells", file="own.arff"),
    ],
    "sparse rows in ARFF, `{1 3.5, 4 yes}`": [
        Form(f"{ARFF}{{1 no}}\n", (1.5, 2, 3, 0), file="own.arff"),
        Form(f"{ARFF_NO_FIRST}{{0 7}}\n", (1.5, 2, 3, 7), "the first value, as 'no' of 'y'", file="own.arff"),
    ],
    "LIBSVM (`.libsvm`, `.svm`, `.svmlight`)": [
        *(
            Form(
                "+1 1:7\n-1 2:1\n-1\n", file=f"own.{suffix}", keys={"target": "label", "minority": 1}, a="x1"
            )
            for suffix in ("libsvm", "svm", "svmlight")
        ),
        refused(
            "+1 1:7\n-1 90000000:1\n-1\n", "got 3 x 90,000,000", file="own.svm", keys={"target": "label"}
        ),
    ],
    "Excel (`.xlsx`)": [
        sheet({"A1": ROWS}),
        sheet({"A1": ROWS, "S2!A1": ROWS}, said="sheet 'S1' is read, of 'S1', 'S2'"),
        sheet(
            {"A1": ROWS, "S2!A1": [["a", "y"], [7, "yes"], [8, "no"]]}, (7, 8), keys={"read": {"sheet": "S2"}}
        ),
    ],
    "titles, blank rows and blank columns around a table in Excel": [
        sheet({"B1": [["A title"]], "B3": ROWS}, said="begins in cell B3"),
        sheet(
            {"A1": [["a", "b", "y"], [1, 2, "yes"], [3, 4, "no"]], "A5": [["By x"]]}, ConfigError, "row 5:"
        ),
    ],
    "merged cells there": [
        sheet(
            {"A1": [["a", "y"], [1.5, "yes"], [2, "no"], [3, "no"], [None, "no"]], "merge": "A4:A5"},
            (1.5, 2, 3, 3),
            "A4:A5",
        ),
        sheet({"A1": [["a", None, "y"], [1, 2, "yes"]], "merge": "A1:B1"}, ConfigError, "merged cells A1:B1"),
    ],
    "numbers stored as text, percents there": [
        sheet(
            {"A1": [["a", "y"], ["1.5", "yes"], [2, "no"], ["3", "no"]]},
            said="numbers that are stored as text",
        ),
        sheet(
            {"A1": [["a", "y"], [0.1, "yes"], [0.2, "no"]], "percent": "A2:A3"},
            (0.1, 0.2),
            "10% is read as 0.1",
        ),
        sheet({"A1": ROWS, "percent": "A2:A3"}, said="10% among them is 0.1"),
    ],
    "formulas without a value there, dates between texts with digits": [
        sheet(
            {"A1": [["a", "y"], [1.5, "yes"], ["=A2", "no"], [3, "no"]]},
            (1.5, N, 3),
            "1 formulas without a value",
        ),
        sheet(
            {"A1": [["a", "y"], ["1-5", "yes"], [datetime.date(2024, 10, 20), "no"], ["11-15", "no"]]},
            ("1-5", "2024-10-20", "11-15"),
            "1 dates or times among texts",
        ),
    ],
    "another format than the name says, as Parquet, gzip or a web page called `.csv`": [
        refused(TYPED.to_parquet(), "got a Parquet file: call it own.parquet"),
        refused(gzip.compress(PLAIN.encode()), "got a gzip file: call it own.csv.gz, or unpack it"),
        refused("<!DOCTYPE html>\n", "got a page of HTML"),
        refused(PLAIN, "got text: give it the ending of what it is", file="own.csv.gz"),
    ],
    "a table as psql, MySQL, Markdown or polars print it, with rules of hyphens": [
        refused("a | y\n--+---\n1 | no\n", "got a table as programs print it"),
        refused("| a | y |\n|---|:-:|\n| 1 | no |\n", "got a table as programs print it"),
    ],
    "`.xls`, `.ods`, `.xlsb`, `.xlsm`": [
        refused(PLAIN, "save it as .xlsx or CSV", file=f"own.{suffix}")
        for suffix in ("xls", "ods", "xlsb", "xlsm")
    ],
}


def rows_of_the_page():
    table = PAGE.partition("<!-- what your file may look like: begin -->")[2].partition("<!--")[0]
    rows = [line.strip("|").split(" | ") for line in table.strip().splitlines()[2:]]
    return [row[0].strip() for row in rows]


def test_the_page_has_a_row_for_each_example_and_none_more():
    assert rows_of_the_page() == list(EXAMPLES)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(form, id=f"{what[:30]}-{n}")
        for what, forms in EXAMPLES.items()
        for n, form in enumerate(forms)
    ],
)
def test_a_file_of_this_form_is_read_so(tmp_path, form):
    if form.needs and not importlib.util.find_spec(form.needs):
        pytest.skip(f"needs {form.needs}")
    path = tmp_path / form.file
    if callable(form.content):
        form.content(path)
    else:
        path.write_bytes(form.content if isinstance(form.content, bytes) else form.content.encode())
    entry = {"name": "own", "file": form.file, "target": "y", "minority": "yes", **form.keys}
    if form.a is ConfigError:
        with pytest.raises(ConfigError) as told:
            parse_source(entry, tmp_path)
        assert form.said in str(told.value)
        return
    source = parse_source(entry, tmp_path)
    own = load_dataset(source)
    assert form.said in " ".join(source.remarks)
    if form.a == "x1":
        assert own.X["x1"].tolist() == [7, 0, 0]
        return
    column = own.X[form.column if form.column in own.X else "c1"]
    assert [None if value != value else value for value in column.tolist()] == list(form.a)
    assert own.y.tolist() == (list(form.y) or [1] + [0] * (len(column) - 1))
