"""Texts that differ and are one number: told of every column of numbers, however it came to be one.

Also of: data.tables.lost_texts.
"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.equal_numbers import equal_texts

FORMS = ["plain", "quoted", "gap", "parquet"]


def read(folder, cells, name="v", form="plain", **keys):
    """Return the column and what is said of it; a gap makes texts of a column before it is of numbers."""
    cells = [*(cells * 9), *(["NA"] if form == "gap" else [cells[0]])]
    rows = [(f"{n / 8}", cell, "yes" if n % 4 == 0 else "no") for n, cell in enumerate(cells)]
    frame = pd.DataFrame(rows, columns=["x", name, "y"])
    if form == "parquet":
        frame.to_parquet(folder / "t.parquet")
    else:
        frame.to_csv(folder / "t.csv", index=False, quoting=1 if form == "quoted" else 0)
    file = "t.parquet" if form == "parquet" else "t.csv"
    source = parse_source({"name": "t", "file": file, "target": "y", "minority": "yes", **keys}, folder)
    return load_dataset(source).X[name], [
        one for one in source.findings if one.column == name and one.kind != "leak"
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("cells", "pair"), [(["1.1", "1.10", "2.3"], ("1.1", "1.10")), (["7", "007"], ("7", "007"))]
)
def test_texts_that_become_one_number_are_named_with_the_key_that_keeps_them(tmp_path, cells, pair, form):
    column, found = read(tmp_path, cells, form=form)
    if form == "parquet" and "007" in cells:
        assert list(column.cat.categories) == ["007", "7"]  # texts of their own, which no file has to guess
        return
    assert column.dtype == "float64"
    (said,) = (one for one in found if "which are one number" in one.text)
    assert said.kind == "suspect"
    assert f"{pair[0]!r} and {pair[1]!r}" in said.text
    column, found = read(tmp_path, cells, form=form, kinds={"v": "nominal"})
    assert sorted(column.cat.categories) == sorted(cells)
    assert not [one for one in found if "one number" in one.text]
    column, found = read(tmp_path, cells, form=form, kinds={"v": "numeric"})
    assert column.dtype == "float64"
    assert not [one for one in found if "one number" in one.text]


@pytest.mark.parametrize("form", FORMS)
def test_versions_are_categories_with_a_word(tmp_path, form):
    column, (said,) = read(tmp_path, ["1.1", "1.10", "2.3"], "app_version", form)
    assert list(column.cat.categories) == ["1.1", "1.10", "2.3"]
    assert "versions such as '1.1' and '1.10', which would be one number" in said.text
    assert read(tmp_path, ["1.1", "1.2"], "app_version", "plain")[0].dtype == "float64"


@pytest.mark.parametrize("form", FORMS)
def test_codes_with_an_e_are_named(tmp_path, form):
    column, found = read(tmp_path, ["7e5", "1e3", "3e1"], form=form)
    assert column.dtype == "float64"
    assert any("'7e5', which is read as the number 700000" in one.text and one.is_caveat for one in found)
    for plain in (["7e+05", "1e+03"], ["7.0e5", "12"], ["1", "1.0", "2"], ["0.5", "0.25"]):
        assert not [one for one in read(tmp_path, plain, form=form)[1] if one.is_caveat]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30, unique=True), st.integers(0, 6))
def test_numbers_as_programs_write_them_are_no_two_texts_of_one_number(numbers, decimals):
    assert equal_texts(list({repr(one) for one in numbers})) is None
    assert equal_texts(list({f"{one:.{decimals}f}" for one in numbers})) is None


def test_numbers_with_many_digits_behind_the_mark_are_no_codes():
    assert equal_texts(["0.50000", "0.5", "0.12345"]) is None
    assert equal_texts(["1.1", "1.100"]) == ("1.1", "1.100")
