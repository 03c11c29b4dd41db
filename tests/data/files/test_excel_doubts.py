"""What Excel or a library has put in place of what people wrote is a caveat: dates, formulas alone."""

from __future__ import annotations

import datetime
import re
import zipfile

import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.excel_doubts import dates_among_words
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

openpyxl = pytest.importorskip("openpyxl")

DAY = datetime.datetime(2024, 10, 20)


@pytest.fixture
def source_of(tmp_path):
    def source_of(rows, above=()):
        book = openpyxl.Workbook()
        for row in [*above, *rows]:
            book.active.append(row)
        book.save(tmp_path / "t.xlsx")
        return parse_source({"name": "t", "file": "t.xlsx", "target": "y", "minority": "yes"}, tmp_path)

    return source_of


def table(cells):
    return [["x", "a", "y"], *([n / 7, cell, "yes" if n % 4 == 0 else "no"] for n, cell in enumerate(cells))]


def caveats(source):
    return [str(one) for one in source.findings if one.is_caveat]


def test_formulas_without_a_value_are_a_caveat_with_what_to_do(source_of):
    source = source_of(table([f"=A{n + 2}*2" for n in range(12)]))
    (said,) = caveats(source)
    assert "column 'a' has 12 formulas without a value in the file, such as '=A2*2': they are read as" in said
    assert said.endswith("open the file in Excel or LibreOffice and save it, which computes them")
    assert load_dataset(source).X.columns.tolist() == ["x"]


def test_some_formulas_among_numbers_are_told_and_blank_cells_are_not(source_of):
    cells = [None if n == 5 else f"=A{n}" if n % 3 == 0 else n * n for n in range(12)]
    (said,) = caveats(source_of(table(cells), above=[[], ["a title"], []]))
    assert "column 'a' has 4 formulas without a value" in said
    assert caveats(source_of(table([None if n == 5 else n * n % 11 for n in range(12)]))) == []


def test_a_target_of_formulas_is_refused(source_of):
    rows = table(range(12))
    with pytest.raises(ConfigError, match="expected a value of 'y' in every row"):
        source_of([rows[0], *([*row[:2], "=1"] for row in rows[1:])])


@pytest.mark.parametrize("words", [["1-5", "11-15"], ["SEPT1x", "BRCA1"], ["1/2", "n/a"]])
def test_dates_that_excel_has_made_of_other_texts_are_a_caveat(source_of, words):
    (said,) = caveats(source_of(table([*words, DAY, words[0]] * 6)))
    assert f"column 'a' has 6 dates or times among texts such as {words[0]!r}, the first in row 4" in said


@pytest.mark.parametrize(
    "values",
    [
        ["low", "high", DAY],  # words: nobody knows what the date was
        ["2024-01-05", "2024-01-06", DAY],
        ["unknown", DAY],
        [DAY, DAY],
        ["1-5", "6-10"],
    ],
)
def test_dates_among_dates_and_words_are_none(values):
    assert dates_among_words(values, range(2, 9), "a", "t.xlsx") == []


def test_a_formula_whose_value_is_an_empty_text_has_one(source_of, tmp_path):
    source_of(table([f'=IF(A{n + 2}>0.5,"hi","")' for n in range(12)]))
    path, made = tmp_path / "t.xlsx", tmp_path / "made.xlsx"
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(made, "w") as written:
        for name in given.namelist():
            content = given.read(name)
            if name.startswith("xl/worksheets/"):  # as Excel keeps it
                content = re.sub(
                    rb'(<c r="B\d+")( t="\w+")?>(<f>.*?</f>)<v ?/?>(</v>)?', rb'\1 t="str">\3<v></v>', content
                )
                assert content.count(b't="str"') == 12
            written.writestr(name, content)
    entry = {"name": "t", "file": "made.xlsx", "target": "y", "minority": "yes"}
    assert caveats(parse_source(entry, tmp_path)) == []
