"""Columns of a user's file are read as what they are, from CSV and Parquet alike; each guess is said.

Also of: column_cells, column_words, readings.
"""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.column_readings import ColumnReader
from smote_bench.data.tables.kind_keys import KindKeys
from smote_bench.errors import ConfigError

ROWS = 100
LABELS = ["yes" if n % 4 == 0 else "no" for n in range(ROWS)]
AGES = [20.0 + n * 7 % 41 for n in range(ROWS)]


@pytest.fixture(params=["csv", "parquet"])
def read(request, tmp_path):
    """Write columns and read them back: the features and the findings of column ``a``."""

    def read(values, **keys):
        frame = pd.DataFrame({"a": values, "x": AGES, "y": LABELS})
        path = tmp_path / f"t.{request.param}"
        frame.to_csv(path, index=False) if request.param == "csv" else frame.to_parquet(path)
        entry = {"name": "t", "file": path.name, "target": "y", "minority": "yes", **keys}
        source = parse_source(entry, tmp_path)
        return load_dataset(source).X, [
            finding for finding in source.findings if finding.column == "a" and finding.kind != "leak"
        ]

    read.kind = request.param
    return read


def test_money_is_a_number_and_said(read):
    X, (found,) = read([f"${n * 1234.5:,.2f}" for n in range(ROWS)])
    assert X["a"].tolist() == [n * 1234.5 for n in range(ROWS)]
    assert found.kind == "read"
    assert "'$101,229.00' as 101229" in found.text
    X, found = read([f"${n % 5 * 1234.5:,.2f}" for n in range(ROWS)], kinds={"a": "nominal"})
    assert len(X["a"].cat.categories) == 5
    assert found == []


def test_thousands_without_anything_else_are_said_to_be_a_guess(read):
    X, (found,) = read([f"{1000 + n * 37 % 97:,}" for n in range(ROWS)])
    assert X["a"].tolist() == [1000.0 + n * 37 % 97 for n in range(ROWS)]
    assert "',' may be the decimal mark of all cells as well" in found.text


@pytest.mark.parametrize("zero", "０٠०")
def test_digits_of_other_alphabets_are_numbers_with_a_word(read, zero):
    digits = {ord("0") + n: ord(zero) + n for n in range(10)}
    X, (found,) = read([str(n * 3 % 97).translate(digits) for n in range(ROWS)])
    assert X["a"].tolist() == [float(n * 3 % 97) for n in range(ROWS)]
    assert "is read as numbers" in found.text


@pytest.mark.parametrize("word", ["万", " тыс.", " mln", " mil", " Lakh", "천", " Tausend", " T€", " tys."])
def test_a_word_for_thousands_beside_bare_numbers_is_a_caveat(read, word):
    X, (finding,) = read([f"{n + 0.5}{word}" if n % 5 else str(n + 300) for n in range(ROWS)])
    assert X["a"].tolist() == [n + 0.5 if n % 5 else n + 300.0 for n in range(ROWS)]
    assert finding.kind == "suspect"
    assert "may stand for thousands or millions as well, it is taken for a unit" in finding.text
    _, (finding,) = read([f"{n + 0.5}{word}" for n in range(ROWS)])
    assert finding.kind == "read"  # all in one unit, whatever it is


def test_so_are_numbers_without_a_unit_of_ten_times_the_size(read):
    _, (finding,) = read([f"{n / 10 + 1:.1f} L" if n % 5 else str(n + 90) for n in range(ROWS)])
    assert finding.kind == "suspect"
    assert "numbers with 'L' are typically 6, those without 137.5" in finding.text
    for bare in (0, 6):  # nothing, or a litre forgotten
        _, (finding,) = read([f"{n / 10 + 1:.1f} L" if n % 5 else str(bare) for n in range(ROWS)])
        assert finding.kind == "read"


def test_a_letter_among_numbers_of_one_size_is_a_unit_with_a_caveat(read):
    values = [f"{n}K" if n % 10 else str(n) for n in range(300, 300 + ROWS)]
    X, (finding,) = read(values)
    assert X["a"].tolist() == [float(n) for n in range(300, 300 + ROWS)]
    assert finding.kind == "suspect"
    assert "'K' may stand for thousands or millions as well" in finding.text


def test_a_few_other_cells_are_missing_and_named_more_are_refused(read):
    cells = [f"{50 + n % 40} kg" for n in range(ROWS)]
    X, (_, found) = read([*cells[:95], *["heavy"] * 4, "150 lb"])
    assert X["a"].isna().sum() == 5
    assert found.kind == "suspect"
    assert "5 of 100 cells are none ('heavy', '150 lb')" in found.text
    with pytest.raises(ConfigError, match=r"got mostly numbers such as '50 kg' and 'heavy', 'light'"):
        read([*cells[:90], *["heavy", "light"] * 5])
    X, found = read([*cells[:90], *["heavy", "light"] * 5], kinds={"a": "numeric"})
    assert X["a"].isna().sum() == 10
    assert "10 of 100 cells are none" in found[1].text


def test_a_misspelt_number_among_many_is_missing_and_named_once(read):
    X, (found,) = read([*(f"{n}.5" for n in range(97)), "5x", "5x", "oops"])
    assert X["a"].tolist()[:97] == [n + 0.5 for n in range(97)]
    assert X["a"].isna().sum() == 3
    assert "3 of 100 cells are none ('5x', 'oops')" in found.text


def test_two_units_in_a_column_are_refused_by_name(read):
    with pytest.raises(ConfigError, match=r"one unit in column 'a' .* 'kg' in 67 cells, 'lb' in 33 cells"):
        read([f"{50 + n % 40} {'kg' if n % 3 != 2 else 'lb'}" for n in range(ROWS)])


@pytest.mark.parametrize("decimals", [1, 2])
def test_points_and_commas_of_a_file_with_semicolons(tmp_path, decimals):
    values = [round(n * 98765.4 % 5000, decimals) for n in range(ROWS)]
    texts = [f"{v:,.{decimals}f}".translate({ord(","): ".", ord("."): ","}) for v in values]
    pd.DataFrame({"a": texts, "y": LABELS}).to_csv(tmp_path / "t.csv", index=False, sep=";")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes"}
    assert load_dataset(parse_source(entry, tmp_path)).X["a"].tolist() == values


def test_dates_are_days_or_left_out(read):
    first = datetime.date(2020, 1, 1)
    dates = [(first + datetime.timedelta(days=n)).isoformat() for n in range(ROWS)]
    expected = [18262.0 + n for n in range(ROWS)]
    values = dates if read.kind == "csv" else pd.to_datetime(dates)
    X, (found,) = read(values)
    assert X["a"].tolist() == expected
    assert "in days since 1970-01-01" in found.text
    X, (found,) = read(values, dates="drop")
    assert list(X.columns) == ["x"]
    assert found.kind == "left out"
    X, _ = read(values, dates="drop", keep=["a"])
    assert X["a"].tolist() == expected
    X, _ = read([first + datetime.timedelta(days=n) for n in range(ROWS)])
    assert X["a"].tolist() == expected


def test_dates_in_two_forms_are_refused_and_are_no_identifier(read):
    first = datetime.date(2020, 1, 13)
    dates = [first + datetime.timedelta(days=n) for n in range(ROWS)]
    cells = [date.strftime("%d.%m.%Y" if n % 3 else "%Y-%m-%d") for n, date in enumerate(dates)]
    with pytest.raises(ConfigError, match=r"mostly dates such as '14\.01\.2020' and '2020-01-13'"):
        read(cells)
    X, (_, found) = read([*(date.isoformat() for date in dates[:96]), *["unclear"] * 4])
    assert X["a"].isna().sum() == 4
    assert "4 of 100 cells are none ('unclear')" in found.text


def test_day_and_month_in_doubt_are_a_caveat(read):
    _, (found,) = read([f"0{1 + n % 9}/0{1 + n % 7}/2020" for n in range(ROWS)])
    assert found.is_caveat
    assert "the month before the day" in found.text


def test_whole_numbers_are_dates_if_they_are_said_to_be(read):
    X, _ = read([20200101 + n % 28 for n in range(ROWS)], kinds={"a": "date"})
    assert X["a"].tolist() == [18262.0 + n % 28 for n in range(ROWS)]


@pytest.mark.parametrize("words", [("yes", "no"), ("T", "F"), ("True", "false"), ("Y", "n")])
def test_words_for_true_and_false_are_1_and_0(read, words):
    X, _ = read([words[n % 3 > 0] for n in range(ROWS)])
    assert X["a"].dtype == bool
    assert X["a"].tolist() == [n % 3 == 0 for n in range(ROWS)]


def test_truth_values_stay_what_they_are_and_numbers_are_that_if_they_are_said_to_be(read):
    truths = [n % 3 == 0 for n in range(ROWS)]
    for values, keys, dtype in (
        (truths, {}, "bool"),
        (truths, {"kinds": {"a": "numeric"}}, "float64"),
        ([float(truth) for truth in truths], {}, "float64"),
        ([int(truth) for truth in truths], {"kinds": {"a": "boolean"}}, "bool"),
    ):
        X, _ = read(values, **keys)
        assert (X["a"].dtype, X["a"].tolist()) == (dtype, truths)
    with_gaps = pd.array([*truths[:-1], None], dtype="boolean")
    X, found = read(with_gaps)
    if read.kind == "parquet":  # of a text file they are words with gaps
        assert X["a"].dtype == "float64"
        assert "truth values, 1 of 100 cells missing" in found[0].text
        assert X["a"].isna().tolist() == [False] * (ROWS - 1) + [True]


def test_truth_with_gaps_stays_two_categories_unless_it_is_said_to_be_one(read):
    cells = [("yes", "no", None)[n % 3] for n in range(ROWS)]
    X, _ = read(cells)
    assert list(X["a"].cat.categories) == ["no", "yes"]
    X, (found, _) = read(cells, kinds={"a": "boolean"})
    np.testing.assert_array_equal(X["a"], [(1.0, 0.0, np.nan)[n % 3] for n in range(ROWS)])
    assert "column 'a' has truth values, 33 of 100 cells missing: so they are numbers" in found.text
    assert found.remedy == "'kinds: {a: nominal}' keeps its texts as categories"


def test_a_column_without_a_value_is_left_out_by_name(read):
    X, (found,) = read([None] * ROWS)
    assert list(X.columns) == ["x"]
    assert "without a value in 100 rows" in found.text
    X, _ = read([None] * ROWS, keep=["a"])
    assert list(X.columns) == ["a", "x"]


def test_free_text_is_left_out_by_name(read):
    _, (found,) = read([f"patient {n} came in late, with much pain in the left arm" for n in range(ROWS)])
    assert found.kind == "left out"
    assert "as free text" in found.text


def test_numbers_have_an_order_if_they_are_said_to_be_ordinal(read):
    X, _ = read([(10, 2, 1)[n % 3] for n in range(ROWS)], kinds={"a": "ordinal"})
    assert X["a"].cat.ordered
    assert list(X["a"].cat.categories) == ["1", "2", "10"]


def test_decimals_and_lists_of_parquet(tmp_path):
    entry = {"name": "t", "file": "t.parquet", "target": "y", "minority": "yes"}
    values = [decimal.Decimal(n) / 8 for n in range(ROWS)]
    pd.DataFrame({"a": values, "y": LABELS}).to_parquet(tmp_path / "t.parquet")
    assert load_dataset(parse_source(entry, tmp_path)).X["a"].tolist() == [n / 8 for n in range(ROWS)]
    pd.DataFrame({"a": [[1, 2]] * ROWS, "y": LABELS}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(ConfigError, match=r"numbers or words in column 'a' of t.parquet, got cells of list"):
        parse_source(entry, tmp_path)


def test_categories_of_parquet_are_categories_whatever_their_texts_are(tmp_path):
    entry = {"name": "t", "file": "t.parquet", "target": "y", "minority": "yes"}
    cells = [str(n % 5) for n in range(ROWS)]
    frame = pd.DataFrame({"a": pd.Series(cells, dtype="category"), "b": cells, "y": LABELS})
    frame.to_parquet(tmp_path / "t.parquet")
    source = parse_source(entry, tmp_path)
    X = load_dataset(source).X
    assert list(X["a"].cat.categories) == ["0", "1", "2", "3", "4"]
    assert X["b"].tolist() == [float(cell) for cell in cells]
    assert "has texts that are numbers" in next(one.text for one in source.findings if one.column == "b")


def test_a_test_file_is_read_as_the_file_that_trains(tmp_path):
    first = {
        "price": [f"${n:,}" for n in range(1000, 1000 + ROWS)],
        "day": [f"{1 + n % 28:02}/0{1 + n % 9}/2020" for n in range(ROWS)],
        "is": [("yes", "no")[n % 3 > 0] for n in range(ROWS)],
        "id": [f"C-{n:04}" for n in range(ROWS)],
        "y": LABELS,
    }
    pd.DataFrame(first).to_csv(tmp_path / "t.csv", index=False)
    few = {
        "price": ["$5", "7"],
        "day": ["02/01/2020", "03/01/2020"],
        "is": ["yes", "yes"],
        "id": ["a", "b"],
        "y": ["yes", "no"],
    }
    pd.DataFrame(few).to_csv(tmp_path / "later.csv", index=False)
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "test": "later.csv"}
    X = load_dataset(parse_source(entry, tmp_path)).X
    assert list(X.columns) == ["price", "day", "is"]
    assert X.iloc[-2:].to_numpy().tolist() == [[5.0, 18263.0, True], [7.0, 18264.0, True]]
    assert X["is"].dtype == bool
    pd.DataFrame({**few, "is": ["yes", ""]}).to_csv(tmp_path / "later.csv", index=False)
    X = load_dataset(parse_source(entry, tmp_path)).X
    assert X["is"].dtype == np.float64
    np.testing.assert_array_equal(X["is"].iloc[-2:], [1.0, np.nan])


def test_a_test_file_may_say_truth_in_words_where_the_other_has_truth_values(tmp_path):
    table = {"age": AGES, "is": [n % 3 == 0 for n in range(ROWS)], "y": LABELS}
    pd.DataFrame(table).to_parquet(tmp_path / "t.parquet")
    pd.DataFrame({"age": [1, 2, 3], "is": ["yes", "F", "0"], "y": ["yes", "no", "no"]}).to_csv(
        tmp_path / "later.csv", index=False
    )
    entry = {"name": "t", "file": "t.parquet", "target": "y", "minority": "yes", "test": "later.csv"}
    assert load_dataset(parse_source(entry, tmp_path)).X["is"].iloc[-3:].tolist() == [True, False, False]


def plain_tables():
    """Draw tables that are what they look like: floats, whole numbers, categories."""
    floats = st.lists(st.floats(-1e6, 1e6), min_size=ROWS, max_size=ROWS)
    whole = st.lists(st.integers(-50, 1000), min_size=ROWS, max_size=ROWS)
    names = st.lists(st.sampled_from(["red", "May", "A1", "B12", "x-ray", "Mrs. Low"]), min_size=ROWS)
    return st.fixed_dictionaries({"f": floats, "w": whole, "c": names.map(lambda cells: cells[:ROWS])})


@settings(max_examples=40, deadline=None)
@given(plain_tables())
def test_plain_columns_are_called_nothing_else(columns):
    reader = ColumnReader("t", "t.csv", KindKeys())
    frame = pd.DataFrame(columns)
    decided = {name: reader.decide(frame[name]) for name in frame}
    assert [decided[name][0].kind for name in "fwc"] == ["numeric", "numeric", "nominal"]
    assert [found for name in "fwc" for found in decided[name][1]] == []


THOUSANDS = [1000 + n * 37 % 97 for n in range(ROWS)]


def from_text(folder, columns, sep=",", **keys):
    frame = pd.DataFrame({**columns, "y": LABELS})
    frame.to_csv(folder / "t.csv", index=False, sep=sep)
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "drop_duplicates": False}
    source = parse_source({**entry, **keys}, folder)
    return load_dataset(source).X, [
        one for one in source.findings if one.column == "a" and one.kind != "leak"
    ]


@pytest.mark.parametrize("sep", [",", ";"])
def test_money_that_is_read_by_the_point_of_another_column_is_a_caveat_which_names_it(tmp_path, sep):
    money = [f"{n:,} €".replace(",", ".") for n in THOUSANDS]
    X, found = from_text(tmp_path, {"a": money, "x": [n + 0.5 for n in range(ROWS)]}, sep)
    assert X["a"].tolist() == [n / 1000 for n in THOUSANDS]
    said = next(one for one in found if one.kind == "suspect")
    assert "because of column 'x', which has 0.5" in said.text
    assert "'read: {decimal: \",\"}'" in said.remedy
    X, _ = from_text(tmp_path, {"a": money, "x": [n + 0.5 for n in range(ROWS)]}, sep, read={"decimal": ","})
    assert X["a"].tolist() == THOUSANDS


@pytest.mark.parametrize(("other", "factor"), [("0,5", 1000), ("0.5", 1)])
def test_quoted_commas_that_another_column_explains_name_it(tmp_path, other, factor):
    texts = [f"{n:,}" for n in THOUSANDS]
    X, (found,) = from_text(tmp_path, {"a": texts, "x": [other, "2"] * (ROWS // 2)})
    assert X["a"].tolist() == [n / factor for n in THOUSANDS]
    assert f"because of column 'x', which has {other}" in found.text
    X, (found,) = from_text(tmp_path, {"a": texts})
    assert "because" not in found.text
    assert from_text(tmp_path, {"a": texts}, read={"decimal": ","})[0]["a"].tolist() == [
        n / 1000 for n in THOUSANDS
    ]


def test_lists_of_two_numbers_in_quotes_have_a_caveat(tmp_path):
    _, (_, found) = from_text(tmp_path, {"a": ["2,1", "2,10", "3,4", "5,1"] * (ROWS // 4)})
    assert found.kind == "suspect"
    assert "'2,1' and '2,10', which are one number" in found.text
    _, (found,) = from_text(tmp_path, {"a": ["2,1", "2,2", "3,4", "5,1"] * (ROWS // 4)})
    assert found.kind == "read"


def test_a_column_all_in_brackets_is_below_zero_with_a_caveat(tmp_path):
    X, (found,) = from_text(tmp_path, {"a": [f"({n})" for n in THOUSANDS]})
    assert X["a"].tolist() == [-n for n in THOUSANDS]
    assert found.kind == "suspect"
    assert "all cells are in brackets, which are taken for a minus" in found.text
    _, (found,) = from_text(tmp_path, {"a": [f"({n})" if n % 2 else str(n) for n in THOUSANDS]})
    assert found.kind == "read"


def test_a_unit_in_several_spellings_is_one_and_said(read):
    X, (found,) = read([f"{n + 0.5:.2f} {('kg', 'KG', 'Kg')[n % 3]}" for n in range(ROWS)])
    assert X["a"].tolist() == [n + 0.5 for n in range(ROWS)]
    assert "'KG', 'Kg' and 'kg' are taken for one unit" in found.text


def test_numbers_in_several_units_are_no_numbers_and_no_identifier(read):
    X, (found,) = read([f"{n % 10 + 0.125} {('kg', 'lb')[n % 2]}" for n in range(ROWS)])
    assert len(X["a"].cat.categories) == 10
    assert found.kind == "suspect"
    assert "numbers in several units ('kg' in 50 cells, 'lb' in 50 cells)" in found.text
    many = [f"{n + 0.125} {('kg', 'lb')[n % 2]}" for n in range(ROWS)]
    with pytest.raises(ConfigError, match=r"'drop: .a.' leaves the column out, or list it under 'nominal'"):
        read(many)
    X, _ = read(many, keep=["a"])
    assert len(X["a"].cat.categories) == ROWS
    X, _ = read(many, drop=["a"])
    assert "a" not in X


@pytest.fixture
def read_csv(tmp_path):
    """Write a column of texts as CSV and read it back: the features and the findings of column ``a``."""

    def read_csv(values, name="a", **keys):
        pd.DataFrame({name: values, "x": AGES, "y": LABELS}).to_csv(tmp_path / "t.csv", index=False)
        entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", **keys}
        source = parse_source(entry, tmp_path)
        return load_dataset(source).X, [one for one in source.findings if one.kind != "leak"]

    return read_csv


def test_codes_of_one_length_are_codes_however_few_begin_with_0(read_csv):
    codes = [f"{10_000 + 7 * (n % 20)}" for n in range(ROWS)]
    codes[3] = codes[50] = "02134"
    X, _ = read_csv(codes)
    assert set(X["a"].cat.categories) == set(codes)


@pytest.mark.parametrize(
    "form", ["%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT", "%d %b %Y %H:%M:%S +0000"]
)
def test_dates_as_programs_write_them(read_csv, form):
    days = pd.date_range("2024-01-01 06:00", periods=ROWS, freq="31h")
    X, (found,) = read_csv([f"{day:{form}}" for day in days])
    np.testing.assert_allclose(X["a"], days.to_numpy().astype("datetime64[s]").astype(float) / 86_400)
    assert "has dates" in found.text


@pytest.mark.parametrize("day", ["1900-01-01", "2099-12-31"])
def test_a_day_that_stands_for_none_is_suspected_and_kept(read_csv, day):
    dates = [f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(ROWS)]
    dates[::4] = [day] * 25
    X, found = read_csv(dates)
    (said,) = [one for one in found if one.kind == "suspect"]
    assert f"{day} in 25 of 100 rows" in said.text
    assert X["a"].nunique() > 2
    X, found = read_csv(dates, read={"na": [day]})  # as the remedy says
    assert X["a"].isna().sum() == 25
    assert [one.kind for one in found] == ["read"]


def test_a_day_among_others_stands_for_itself(read_csv):
    dates = [f"{1890 + n % 40}-01-01" for n in range(ROWS)]
    _, found = read_csv(dates)
    assert [one.kind for one in found] == ["read"]


@pytest.mark.parametrize("flags", [(" H", " L", "", "*"), (" DR", " CR")])
def test_numbers_with_flags_are_refused_and_no_identifiers(read_csv, flags):
    values = [f"{n * 37 % 100 + 0.25:.2f}{flags[n % len(flags)]}" for n in range(ROWS)]
    words = r"numbers with words or signs, such as '[\d.]+[ *].*'drop: .a.' leaves it out"
    with pytest.raises(ConfigError, match=words):
        read_csv(values)
    X, _ = read_csv(values, drop=["a"])
    assert "a" not in X
    with pytest.raises(ConfigError, match=r"such as '0\.5%', '22\.5%', .* beside '11\.5': write them alike"):
        read_csv([f"{n * 11 + 0.5}{'%' * (n % 2 == 0)}" for n in range(ROWS)])


def test_sizes_in_several_units_are_refused(read_csv):
    with pytest.raises(ConfigError, match=r"one unit in column 'a' .* 'kB' in 34 cells"):
        read_csv([f"{n + 1}{('kB', 'MB', 'GB')[n % 3]}" for n in range(ROWS)])


def test_a_letter_of_millions_beside_one_of_metres_is_no_magnitude(read_csv):
    with pytest.raises(ConfigError, match="one unit in column 'a'"):
        read_csv([f"{n + 1}{'Mm'[n % 2]}" for n in range(ROWS)])


def test_categories_that_differ_in_capitals_alone_are_said(read_csv):
    X, (found,) = read_csv([("male", "female", "Male")[n % 3] for n in range(ROWS)])
    assert len(X["a"].cat.categories) == 3
    assert found.kind == "suspect"
    assert "('Male' and 'male'): they are kept apart" in found.text


def test_formulas_of_a_text_are_the_text(read_csv):
    X, found = read_csv([f'="{n % 20:03d}"' for n in range(ROWS)])
    assert set(X["a"].cat.categories) == {f"{n:03d}" for n in range(20)}
    assert any("formulas of a text" in one.text and '="019" is read' in one.text for one in found)


TICKED = [n % 3 == 0 for n in range(ROWS)]


@pytest.mark.parametrize("mark", ["X", "x", "✓", "yes"])
def test_a_mark_or_nothing_is_yes_or_no_and_said(read, mark):
    X, (found,) = read([mark if ticked else None for ticked in TICKED])
    assert X["a"].tolist() == TICKED
    assert X["a"].dtype == bool
    assert found.is_caveat
    assert f"has {mark!r} or nothing: the 66 cells without a value are taken for no" in found.text


def test_any_word_or_nothing_is_yes_or_no_where_the_owner_says_so(read):
    cells = ["smoker" if ticked else None for ticked in TICKED]
    X, (found,) = read(cells)
    assert X["a"].isna().sum() == 66
    assert "'kinds: {a: boolean}'" in found.remedy
    X, _ = read(cells, kinds={"a": "boolean"})
    assert X["a"].tolist() == TICKED
    with pytest.raises(ConfigError, match="expected truth values"):
        read(["no" if ticked else None for ticked in TICKED], kinds={"a": "boolean"})


def test_marks_in_a_test_file_are_read_as_in_the_other(tmp_path):
    rows = [f"{n % 7},{'X' if n % 3 == 0 else ''},{'yes' if n % 4 == 0 else 'no'}" for n in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["x,a,y", *rows]))
    for name, cells in (("some", ["X", "", "X", ""]), ("none", [""] * 4), ("other", ["O", "X", "O", "O"])):
        lines = [f"{n},{cell},{'yes' if n else 'no'}" for n, cell in enumerate(cells)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["x,a,y", *lines]))
        entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "test": f"{name}.csv"}
        if name == "other":
            with pytest.raises(ConfigError, match="truth values"):
                load_dataset(parse_source(entry, tmp_path))
            continue
        found = load_dataset(parse_source(entry, tmp_path)).X["a"].tolist()
        assert found[-4:] == [cell == "X" for cell in cells]


def test_a_word_for_no_in_a_test_file_says_what_a_cell_without_a_value_does(tmp_path):
    rows = [f"{n % 7},{'yes' if n % 3 == 0 else ''},{'yes' if n % 4 == 0 else 'no'}" for n in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["x,a,y", *rows]))
    (tmp_path / "test.csv").write_text("x,a,y\n1,yes,yes\n2,no,no\n3,,no\n4,-,no")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "test": "test.csv"}
    assert load_dataset(parse_source(entry, tmp_path)).X["a"].tolist()[-4:] == [True, False, False, False]


def test_a_word_for_a_missing_cell_does_not_say_no(tmp_path):
    for marker, read in (("NA", {}), ("unknown", {"read": {"na": ["unknown"]}})):
        rows = [f"{n % 7},{'X' if n % 3 == 0 else marker},{'yes' if n % 4 == 0 else 'no'}" for n in range(60)]
        (tmp_path / "t.csv").write_text("\n".join(["x,a,y", *rows]))
        entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "drop_duplicates": False}
        found = load_dataset(parse_source({**entry, **read}, tmp_path)).X["a"]
        assert found.isna().sum() == 40
