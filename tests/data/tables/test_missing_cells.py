"""What stands for a missing cell: among numbers, among words, and where it may be either.

Also of: data.values.markers, file_columns.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.findings import yaml_name
from smote_bench.data.sources import parse_source
from smote_bench.data.values.markers import MARKERS, MAYBE_MARKERS
from smote_bench.errors import ConfigError

ENTRY = {"name": "own", "file": "own.csv", "target": "y", "minority": "yes"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("missing")


def load(folder, cells, **keys):
    """Load a column ``a`` of cells; return it and the findings."""
    rows = [f'{n},"{cell}",{"yes" if n < 2 else "no"}' for n, cell in enumerate(cells)]
    (folder / "own.csv").write_text("\n".join(["x,a,y", *rows]) + "\n", encoding="utf-8")
    source = parse_source({**ENTRY, **keys}, folder)
    return load_dataset(source).X["a"], [finding for finding in source.findings if finding.column == "a"]


@settings(max_examples=60, deadline=None)
@given(
    mark=st.sampled_from(sorted(MARKERS | MAYBE_MARKERS)),
    spell=st.sampled_from(
        [str.lower, str.upper, str.title, lambda text: f" {text}", lambda text: f"{text}\t"]
    ),
)
def test_any_marker_in_any_spelling_is_missing_among_numbers(folder, mark, spell):
    column, _ = load(folder, ["1.5", "2", spell(mark), "-3e2", "0.1"])
    np.testing.assert_array_equal(column, [1.5, 2, np.nan, -300, 0.1])


def test_numbers_are_read_to_the_bit_beside_a_marker(folder):
    texts = ["0.1", "1e-320", "123456789.123456789", "3.141592653589793238"]
    column, _ = load(folder, [*texts, "n.a."])
    assert column.tolist()[:4] == [float(text) for text in texts]


@pytest.mark.parametrize("mark", ["None", "-", "unknown", "Missing"])
def test_a_word_that_may_be_either_is_named(folder, mark):
    column, findings = load(folder, ["a", mark, mark, "b", "a"])
    assert column.tolist() == ["a", mark, mark, "b", "a"]
    (said,) = [str(finding) for finding in findings if mark in finding.text]
    assert f"{mark!r} in 2 rows is read as a category; 'read: {{na: [{yaml_name(mark)}]}}' makes" in said
    column, findings = load(folder, ["a", mark, mark, "b", "a"], read={"na": [mark]})
    assert column.isna().tolist() == [False, True, True, False, False]
    column, findings = load(folder, ["1", mark, mark, "2", "1"])
    assert column.isna().tolist() == [False, True, True, False, False]
    assert any("since the others are numbers; 'nominal: [a]'" in str(finding) for finding in findings)
    column, findings = load(folder, ["1", mark, mark, "2", "1"], nominal=["a"])
    assert column.tolist() == ["1", mark, mark, "2", "1"]
    assert any("is read as a category" in str(finding) for finding in findings)


def test_a_sure_marker_among_words_is_told_and_among_numbers_not(folder):
    column, findings = load(folder, ["DE", "NA", "NA", "FR", "DE"])
    assert column.isna().sum() == 2
    assert any("'NA' in 2 rows is read as missing; 'read: {na: {only: []}}'" in str(one) for one in findings)
    assert not [one for one in load(folder, ["1", "NA", "NA", "2", "1"])[1] if "NA" in str(one)]


def test_minus_is_a_label(folder):
    (folder / "own.csv").write_text("a,y\n1,+\n2,-\n3,-\n")
    assert load_dataset(parse_source({**ENTRY, "minority": "+"}, folder)).y.tolist() == [1, 0, 0]


def test_blanks_around_words_and_names_are_left_out_with_a_word(folder):
    (folder / "own.csv").write_text("a, b ,y\n1, red ,yes\n2,red,no\n3, blue,no\n")
    source = parse_source(ENTRY, folder)
    own = load_dataset(source)
    assert own.X["b"].tolist() == ["red", "red", "blue"]
    assert source.remarks[:2] == (
        "own.csv: blanks around names of columns are left out, as of ' b '",
        "own.csv: blanks around words are left out in column 'b'",
    )


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("Total,9,", "the first is line 5: 'Total,9,', which looks like a row of sums"),
        ("4,9,", "the first is line 5: '4,9,'$"),
        ("4,9", r"line 5: expected 3 cells as in the header, got 2 \('4,9'\)"),
        ("4,9,no,1", r"line 5: expected 3 cells as in the header, got 4"),
    ],
)
def test_a_row_that_is_none_is_refused_with_its_line(folder, last, words):
    (folder / "own.csv").write_text(f"a,b,y\n1,2,yes\n2,3,no\n\n{last}\n")
    with pytest.raises(ConfigError, match=words):
        parse_source(ENTRY, folder)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.5", "NA", "-999.0", "-999", "2"], [1.5, np.nan, np.nan, np.nan, 2]),
        (["$1.50", "$2.25", "$-999", "-$999", "$7"], [1.5, 2.25, np.nan, np.nan, 7]),
        (["28.10 kg", "-999.00 kg", "-999", "3 kg", "4.5 kg"], [28.1, np.nan, np.nan, 3, 4.5]),
        (["none", "-999.0", "3", "4", "-9.99e2"], [np.nan, np.nan, 3, 4, np.nan]),
    ],
)
def test_a_number_that_na_names_is_missing_however_it_is_written(folder, cells, expected):
    column, _ = load(folder, cells, read={"na": [-999]})
    np.testing.assert_array_equal(column, expected)


def test_a_number_that_na_names_is_missing_among_categories_too(folder):
    column, _ = load(folder, ["red", "-999.0", "blue", "-999", "red"], read={"na": [-999]})
    assert column.isna().tolist() == [False, True, False, True, False]
    column, _ = load(folder, ["1", "-999.0", "2", "-999", "1"], read={"na": [-999]}, nominal=["a"])
    assert column.isna().tolist() == [False, True, False, True, False]


@pytest.mark.parametrize("cells", [("T1", "T2", "T3"), ("Stage 1", "Stage 2", "Stage 4"), ("Q1", "Q3", "Q2")])
def test_none_is_a_category_among_codes_that_begin_with_a_letter(folder, cells):
    column, (said,) = load(folder, [*cells, "none", *cells, "none"])
    assert sorted(column.cat.categories) == sorted([*cells, "none"])
    assert not column.isna().any()
    assert "'none' in 2 rows is read as a category" in said.text


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["USD 12", "none", "USD 7.5", "USD 3"], [12, np.nan, 7.5, 3]),
        (["€12", "none", "€7.5", "€3"], [12, np.nan, 7.5, 3]),
        (["12 kg", "none", "7.5 kg", "3 kg"], [12, np.nan, 7.5, 3]),
        (["Jan 2, 1970", "none", "Jan 3, 1970", "Feb 1, 1970"], [1, np.nan, 2, 31]),
    ],
)
def test_none_is_missing_among_numbers_with_a_currency_and_dates_with_a_month(folder, cells, expected):
    column, _ = load(folder, cells)
    np.testing.assert_array_equal(column, expected)


@pytest.mark.parametrize("marker", ["-999,0", "-999,00", "-999.0", "-999"])
def test_a_marker_may_be_written_as_it_stands_in_a_file_with_a_decimal_comma(folder, marker):
    rows = [f"{n},5;{'-999,0' if n % 5 == 0 else f'{n},25'};{'yes' if n < 4 else 'no'}" for n in range(20)]
    (folder / "own.csv").write_text("\n".join(["x;a;y", *rows]), encoding="utf-8")
    found = load_dataset(parse_source({**ENTRY, "read": {"na": [marker]}}, folder)).X["a"]
    np.testing.assert_array_equal(found, [np.nan if n % 5 == 0 else n + 0.25 for n in range(20)])
