"""The decimal mark of a file: decided once, from all cells that prove it, and said where none does."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.number_marks import NumberMarks, PlainNumbers, find_marks, proves
from smote_bench.errors import ConfigError


def source_of(folder, text, name="own.csv", **keys):
    (folder / name).write_text(text, encoding="utf-8")
    entry = {"name": "own", "file": name, "target": "y", "minority": "1", **keys}
    return parse_source(entry, folder)


def column(folder, cells, other="", mark=";", **keys):
    """Return how a column is read beside one that has the cell `other` once, and the caveats."""
    rows = [f"{cell}{mark}{other if n == 9 else n * 7 % 5}{mark}{int(n < 3)}" for n, cell in enumerate(cells)]
    source = source_of(folder, "\n".join([mark.join("aby"), *rows]) + "\n", **keys)
    caveats = [str(finding) for finding in source.findings if finding.kind == "suspect"]
    X = load_dataset(source).X
    return (X["a"].tolist() if "a" in X else []), caveats


WHOLE = ["12,345", "87,001", "45,120", "33,333", "71,902", "845", "66,010", "90,124", "11,111", "52,007"]
THOUSANDS = [12345.0, 87001, 45120, 33333, 71902, 845, 66010, 90124, 11111, 52007]
DECIMALS = [12.345, 87.001, 45.12, 33.333, 71.902, 845, 66.01, 90.124, 11.111, 52.007]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@pytest.mark.parametrize(
    ("proof", "numbers"),
    [
        ("1,234,567", THOUSANDS),
        ("0.5", THOUSANDS),
        ("1,234.5", THOUSANDS),
        ("3,5", DECIMALS),
        ("0,744", DECIMALS),
        ("7,444e-01", DECIMALS),
        ("1.234,50", DECIMALS),
        ("1.234.567", DECIMALS),
    ],
)
def test_one_cell_that_proves_a_mark_binds_the_other_columns(tmp_path, mark, proof, numbers):
    assert column(tmp_path, WHOLE, proof, mark) == (numbers, [])


@pytest.mark.parametrize(("mark", "numbers"), [(";", DECIMALS), ("\t", THOUSANDS)])
def test_what_nothing_proves_is_a_caveat_that_names_the_key(tmp_path, mark, numbers):
    found, (caveat,) = column(tmp_path, WHOLE, "7", mark)
    assert found == numbers
    assert "'12,345' in column 'a' may be read in two ways" in caveat
    assert "read: {decimal:" in caveat


@pytest.mark.parametrize("sign", [",", "."])
def test_what_is_said_of_amounts_that_nothing_proves_is_how_they_are_read(tmp_path, sign):
    cells = [f"{cell} €".replace(",", sign) for cell in WHOLE]
    found, (caveat,) = column(tmp_path, cells, "7")
    assert found == THOUSANDS
    assert f"'12{sign}345 €' in column 'a' may be read in two ways" in caveat
    assert "is read as 12345 €" in caveat
    assert f'read: {{decimal: "{sign}"}}' in caveat
    assert column(tmp_path, cells, "7", read={"decimal": sign})[0] == DECIMALS


def test_a_comma_that_is_taken_for_a_decimal_mark_is_no_point_that_parts_thousands(tmp_path):
    found, (caveat,) = column(tmp_path, [f"{cell} kg" for cell in (*WHOLE, "310", "122", "477")], "7")
    assert found[:10] == DECIMALS
    assert "12,345 kg is read as 12.345 kg" in caveat


@pytest.mark.parametrize(("decimal", "numbers"), [(",", DECIMALS), (".", THOUSANDS)])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_stated_mark_holds_without_a_caveat(tmp_path, decimal, numbers, mark):
    assert column(tmp_path, WHOLE, "7", mark, read={"decimal": decimal}) == (numbers, [])


def test_with_a_stated_decimal_comma_points_part_thousands(tmp_path):
    cells = [cell.replace(",", ".") for cell in WHOLE]
    assert column(tmp_path, cells, "7", read={"decimal": ","}) == (THOUSANDS, [])
    assert column(tmp_path, cells, "31,85") == (THOUSANDS, [])


def test_cells_of_the_other_mark_are_named(tmp_path):
    cells = [f"{n},5" for n in range(40)]
    cells[7] = "1.5"
    _, caveats = column(tmp_path, cells, "7", read={"decimal": ","})
    assert any("column 'a' has 1 cells such as '1.5' with a decimal point" in said for said in caveats)


def test_columns_that_prove_opposite_marks_are_read_by_their_own_with_a_caveat(tmp_path):
    rows = [f"{n},5;{n}.25;{n % 7 + 1}.001;{int(n < 3)}" for n in range(12)]
    source = source_of(tmp_path, "\n".join(["a;b;c;y", *rows]) + "\n")
    X = load_dataset(source).X
    assert X["a"].tolist() == [n + 0.5 for n in range(12)]
    assert X["b"].tolist() == [n + 0.25 for n in range(12)]
    assert X["c"].tolist() == [float(f"{n % 7 + 1}.001") for n in range(12)]
    (caveat,) = (str(one) for one in source.findings if "decimal" in one.text)
    assert "a decimal comma in column 'a' (0,5) and a decimal point in column 'b' (0.25)" in caveat


def test_a_proof_far_below_the_head_counts(tmp_path):
    cells = [str(n) for n in range(400)]
    cells[350:] = [f"{n},337" for n in range(1, 51)]
    found, caveats = column(tmp_path, cells, "5,5")
    assert found[350:] == [n + 0.337 for n in range(1, 51)]
    assert caveats == []


def test_a_column_of_times_of_day_proves_no_decimal_point():
    rows = [[f"{n},{n * 37 % 900 + 100}", f"{n:02}.30"] for n in range(1, 24)]
    assert find_marks(rows, ["a", "clock"], ";").decimal == ","


def test_words_addresses_and_dates_prove_nothing():
    rows = [["3,5 or so, I think", "192.168.100.7", "31.12.2024", "1,234"]] * 5
    marks = find_marks(rows, ["notes", "ip", "day", "n"], "\t")
    assert (marks.decimal, marks.is_known, marks.unclear) == (".", False, ("n", "1,234"))


def test_roles_and_target_conditions_are_read_by_the_same_decision(tmp_path):
    rows = [f"{n * 7 % 11}\t{n + 996:,}\t{1_000_000 + n:,}\t{n * 100:,}" for n in range(20)]
    source = source_of(tmp_path, "\n".join(["x\tt\tw\ty", *rows]), minority=">1500", time="t", weights="w")
    loaded = load_dataset(source)
    assert loaded.roles.times.tolist() == [n + 996 for n in range(20)]
    assert loaded.roles.weights.tolist() == [1_000_000 + n for n in range(20)]
    assert loaded.y.tolist() == [int(n * 100 > 1500) for n in range(20)]


@pytest.mark.parametrize(
    ("train", "test", "number"),
    [("2.494,20", "4.162", 4162.0), ("3,494", "4,162", 4.162), ("1,234,567", "4,162", 4162.0)],
)
def test_a_test_file_is_read_with_the_training_files_mark(tmp_path, train, test, number):
    head = "a;b;y\n"
    # a half in another column would say a decimal point to whoever looked at this file alone
    other = "".join(f"{test};{n + 0.5 if n == 3 else n};{int(n < 3)}\n" for n in range(10))
    (tmp_path / "test.csv").write_text(head + other)
    rows = "".join(f"{train};{n};{int(n < 3)}\n" for n in range(10))
    X = load_dataset(source_of(tmp_path, head + rows, test="test.csv")).X
    assert X["a"].tolist()[10:] == [number] * 10


@pytest.mark.parametrize(("cell", "n_doubts"), [("4,162", 2), ("3,5", 1), ("3", 1)])
def test_what_is_unclear_is_said_of_a_test_file_by_its_own_cells(tmp_path, cell, n_doubts):
    for name, one in (("t.csv", "12,345"), ("test.csv", cell)):
        (tmp_path / name).write_text("a;b;y\n" + "".join(f"{one};{n};{int(n < 3)}\n" for n in range(10)))
    source = source_of(tmp_path, (tmp_path / "t.csv").read_text(), test="test.csv")
    assert load_dataset(source).X["a"].tolist() == [12.345] * 10 + [float(cell.replace(",", "."))] * 10
    caveats = [one.text for one in source.findings if "two ways" in one.text]
    assert len(caveats) == n_doubts
    assert all(f"test.csv: {cell!r} in column 'a'" in said for said in caveats[1:])


OWN_TRAIN = ["3,494", "0,25", "12,5", "-1,75", "7", "2,125", "1,5", "0,5", "9,75", "4,25"]
OWN_TEST = ["1.799", "-0.003", "0.463", "-1.259", "1.327", "3.945", "2.125", "4.5", "1.400", "6.25"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_column_of_a_test_file_that_proves_the_other_mark_is_read_by_it(tmp_path, mark):
    rows = [mark.join((cell, str(int(n < 3)))) for n, cell in enumerate(OWN_TEST)]
    (tmp_path / "test.csv").write_text("\n".join([mark.join("ay"), *rows]))
    text = "\n".join(["a;y", *(f"{cell};{int(n < 3)}" for n, cell in enumerate(OWN_TRAIN))])
    source = source_of(tmp_path, text, test="test.csv")
    assert load_dataset(source).X["a"].tolist()[10:] == [float(cell) for cell in OWN_TEST]
    (caveat,) = (str(one) for one in source.findings if one.is_caveat)
    assert "test.csv: numbers have a decimal point in column 'a'" in caveat
    assert "write both alike" in caveat


@pytest.mark.parametrize("is_turned", [False, True])
def test_between_commas_a_column_with_quotes_in_one_file_alone_is_refused(tmp_path, is_turned):
    known, proving = ([f'"{cell} kg"' for cell in cells] for cells in (OWN_TRAIN, OWN_TEST))
    for name, cells in (("own.csv", known), ("test.csv", proving)):
        rows = [f"{cell},4.{100 + n},{int(n < 3)}" for n, cell in enumerate(cells)]
        (tmp_path / name).write_text("\n".join(["a,b,y", *rows]))
    train, test = ("test.csv", "own.csv") if is_turned else ("own.csv", "test.csv")
    with pytest.raises(ConfigError, match=r"column 'a' of .*correct them"):
        load_dataset(source_of(tmp_path, (tmp_path / train).read_text(), train, test=test))


@pytest.mark.parametrize(("sep", "sign"), [(";", ","), ("\t", ","), (";", ".")])
def test_what_a_file_of_quoted_commas_does_not_tell_its_test_file_is_for_a_key_to_say(tmp_path, sep, sign):
    cells = [f"{n},25" for n in range(10)]
    rows = [f"{cell}{sep}{int(n < 3)}".replace(",", sign) for n, cell in enumerate(cells)]
    (tmp_path / "test.csv").write_text("\n".join([f"a{sep}y", *rows]))
    text = "\n".join(["a,y", *(f'"{cell}",{int(n < 3)}' for n, cell in enumerate(cells))])
    with pytest.raises(
        ConfigError, match=rf"got '0\{sign}25', .*: write numbers .*'read: {{decimal: \",\"}}'"
    ):
        load_dataset(source_of(tmp_path, text, test="test.csv"))
    X = load_dataset(source_of(tmp_path, text, test="test.csv", read={"decimal": ","})).X
    assert X["a"].tolist() == [n + 0.25 for n in range(10)] * 2


def test_between_commas_without_quotes_no_number_has_a_decimal_comma(tmp_path):
    (tmp_path / "test.csv").write_text("a,y\n" + "".join(f"{n}.799,{int(n < 4)}\n" for n in range(1, 11)))
    text = "\n".join(["a;y", *(f"{cell};{int(n < 3)}" for n, cell in enumerate(OWN_TRAIN))])
    source = source_of(tmp_path, text, test="test.csv")
    assert load_dataset(source).X["a"].tolist()[10:] == [n + 0.799 for n in range(1, 11)]
    assert any("'1.799' in column 'a' may be read in two ways" in str(one) for one in source.findings)


def test_categories_of_the_file_that_trains_prove_nothing_in_the_test_file(tmp_path):
    lists = ["1,2,3", "1,2", "2,3", "3"] * 5
    rows = "".join(f"{text};{n / 4};{int(n < 6)}\n" for n, text in enumerate(lists))
    (tmp_path / "test.csv").write_text("a;b;y\n" + rows.replace("1,2,3;", "1,2;"))
    source = source_of(tmp_path, "a;b;y\n" + rows, test="test.csv", nominal=["a"])
    assert set(load_dataset(source).X["a"]) == set(lists)


def files(folder, train, test, head="a;b;y"):
    """Return the rows of a test file as they are read, and its caveats, `test` after its header and mark."""
    names, mark = head.split(";"), ";" if test[0].count(";") else ","
    for name, sign, cells in (
        ("own.csv", ";" if train[0].count(";") else ",", train),
        ("test.csv", mark, test),
    ):
        rows = [f"{row}{sign}{int(n % 4 == 0)}" for n, row in enumerate(cells)]
        (folder / name).write_text("\n".join([sign.join(names), *rows]))
    source = source_of(folder, (folder / "own.csv").read_text(), test="test.csv")
    X = load_dataset(source).X.iloc[len(train) :]
    return X.to_numpy().tolist(), [str(one) for one in source.findings if one.is_caveat]


def test_a_test_file_that_has_the_other_mark_throughout_is_read_by_it_in_all_columns(tmp_path):
    train = [f"0,{n}34;{n % 4 + 1},39{n}" for n in range(10)]
    for mark in ";,":
        found, (caveat,) = files(tmp_path, train, [f"0.{n}07{mark}4.67{n}" for n in range(10)])
        assert found == [[float(f"0.{n}07"), float(f"4.67{n}")] for n in range(10)]
        assert "unlike in the file that trains: all columns are read so" in caveat


def test_points_that_part_thousands_in_the_file_that_trains_do_so_between_commas(tmp_path):
    train = [f"{n + 1}.151.024;{n}" for n in range(10)]
    found, _ = files(tmp_path, train, [f"3.{n}72,{n}" for n in range(10)])
    assert [a for a, _ in found] == [3072.0 + 100 * n for n in range(10)]


def test_what_is_unclear_between_commas_binds_no_test_file(tmp_path):
    train = [f"{n + 1}.125,{n}.87" for n in range(8)] + ["412,1.5", "953,2.5"]
    found, _ = files(tmp_path, train, [f"{n + 1},125;{n},87" for n in range(10)])
    assert found == [[n + 1.125, n + 0.87] for n in range(10)]


def test_three_digits_behind_a_point_between_semicolons_are_a_caveat(tmp_path):
    found, (caveat,) = column(tmp_path, [cell.replace(",", ".") for cell in WHOLE], "7")
    assert found == DECIMALS
    assert "the point is taken for the decimal mark, 12.345 is read as 12.345" in caveat
    assert 'read: {decimal: ","}' in caveat


def test_nor_does_what_other_columns_leave_unclear(tmp_path):
    train = [f"{n + 1}.125,{n}" for n in range(8)] + ["412,8", "953,9"]
    found, _ = files(tmp_path, train, [f"{n + 1},125;{n}" for n in range(10)])
    assert found == [[n + 1.125, n] for n in range(10)]


def test_points_between_commas_are_decimal_ones_beside_a_column_that_proves_them(tmp_path):
    train = [f"{n};{n},5" for n in range(10)]
    found, _ = files(tmp_path, train, [f"{n}.5,{n + 1}.162" for n in range(10)])
    assert found == [[n + 0.5, float(f"{n + 1}.162")] for n in range(10)]


@pytest.mark.parametrize(("cell", "number"), [("12,345", 4.162), ("12.345 €", 4162.0)])
def test_points_between_commas_are_what_is_taken_of_a_file_that_trains_that_does_not_say(
    tmp_path, cell, number
):
    unit = cell.removeprefix("12,345").removeprefix("12.345")
    found, caveats = files(
        tmp_path, [f"{cell};{n}" for n in range(10)], [f"4.162{unit},{n}" for n in range(10)]
    )
    assert [a for a, _ in found] == [number] * 10
    assert any("test.csv: '4.162" in said for said in caveats)


SHORT = ["47.651", "953", "85.736", "7", "12.004", "310", "66.291", "83.483", "5.100", "64"]


@pytest.mark.parametrize("mark", [",", "\t", "|"])
@pytest.mark.parametrize("other", ["7", "0.5"])
@pytest.mark.parametrize("keys", [{}, {"time": "a"}, {"weights": "a"}])
def test_three_digits_behind_points_beside_short_numbers_are_a_caveat(tmp_path, mark, other, keys):
    _, caveats = column(tmp_path, SHORT, other, mark, **keys)
    (caveat,) = (said for said in caveats if "may be read in two ways" in said)
    assert "'47.651'" in caveat


@pytest.mark.parametrize("mark", [",", "\t", "|"])
@pytest.mark.parametrize(
    "more", [["1.5"], ["0.125"], ["1953"], ["12345.678"], ["47.6510"]], ids=lambda cells: cells[0]
)
def test_beside_a_number_that_says_what_the_point_is_they_are_none(tmp_path, mark, more):
    found, caveats = column(tmp_path, [*SHORT[:9], *more], "7", mark)
    assert found == [float(cell) for cell in [*SHORT[:9], *more]]
    assert caveats == []


def test_three_decimals_of_all_numbers_or_beside_zeros_are_none(tmp_path):
    for whole in ("5.100", "0", "7", "-999", "999", "240"):
        cells = ["47.651", whole, "5.100"] * 4
        assert not any("in two ways" in said for said in column(tmp_path, cells, "7", ",")[1])


def test_so_are_numbers_with_a_unit_and_texts_of_other_files(tmp_path):
    _, (caveat,) = column(tmp_path, [f"{cell} km" for cell in SHORT], "7", ",")
    assert "'.' may part thousands as well" in caveat
    frame = pd.DataFrame({"a": SHORT, "b": [f"x{n % 2}" for n in range(10)], "y": [1, 1, 1, *[0] * 7]})
    for name, write in (("t.xlsx", pd.DataFrame.to_excel), ("t.parquet", pd.DataFrame.to_parquet)):
        write(frame, tmp_path / name, index=False)
        entry = {"name": "own", "file": name, "target": "y", "minority": "1"}
        (caveat,) = (str(one) for one in parse_source(entry, tmp_path).findings if one.is_caveat)
        assert "may part thousands as well" in caveat
        write(frame.assign(a=[f"{cell} km" for cell in SHORT]), tmp_path / name, index=False)
        (caveat,) = (one for one in parse_source(entry, tmp_path).findings if one.is_caveat)
        assert "may part thousands as well" in caveat.text
        assert "decimal:" not in caveat.remedy  # a key of text


@pytest.mark.parametrize(
    ("proof", "numbers"), [('"3,5"', DECIMALS), ("0.5", THOUSANDS), ('"1,000,000"', THOUSANDS)]
)
def test_columns_of_a_comma_separated_file_bind_each_other(tmp_path, proof, numbers):
    found, _ = column(tmp_path, [f'"{cell}"' for cell in WHOLE], proof, ",", kinds={"b": "numeric"})
    assert found == numbers


def test_codes_that_become_one_number_are_named(tmp_path):
    _, caveats = column(tmp_path, ["2,1", "2,10"] * 10, "7")
    (caveat,) = (said for said in caveats if "one number" in said)
    assert "column 'a' has '2,1' and '2,10', which are one number" in caveat
    assert "nominal: [a]" in caveat


def test_of_dressed_numbers_the_digits_are_made_plain():
    numbers = PlainNumbers(NumberMarks(",", is_known=True), ["a"])
    texts = ["1.234,50 €", "-3,5", "(2.000)", "31.12.2024", "word, word", "4,2e3"]
    plain = [numbers.plain([text])[0] for text in texts]
    assert plain == ["1234.50 €", "-3.5", "(2000)", "31.12.2024", "word, word", "4.2e3"]


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("1.234,50 €", "1234.50 €"),
        ("-$1.234,5", "-$1234.5"),
        ("$ 1 234,5", "$ 1234.5"),
        ("12,5 %", "12.5 %"),
        ("70,5 kg", "70.5 kg"),
        ("1.234,5e3", "1.234,5e3"),
        ("1.23,5 kg", "1.23,5 kg"),
        ("70,5 km/h", "70.5 km/h"),
        ("70,5kg", "70.5kg"),
    ],
)
def test_dressed_cells_get_a_point_and_no_marks_of_thousands(cell, plain):
    assert PlainNumbers(NumberMarks(","), ["a"]).plain([cell]) == [plain]


@settings(deadline=None)
@given(
    units=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30),
    decimals=st.sampled_from([1, 2, 4]),
    decimal=st.sampled_from(",."),
    is_grouped=st.booleans(),
)
def test_what_is_written_with_either_mark_is_read_back(units, decimals, decimal, is_grouped):
    values = [unit / 10**decimals for unit in units]
    english = [f"{value:{',' if is_grouped else ''}.{decimals}f}" for value in values]
    texts = [text.translate({ord(","): ".", ord("."): ","}) if decimal == "," else text for text in english]
    marks = find_marks([[text] for text in texts], ["a"], ";")
    assert (marks.decimal, marks.is_known) == (decimal, True)
    numbers = PlainNumbers(marks, ["a"])
    assert [float(numbers.plain([text])[0]) for text in texts] == values


@given(st.integers(1, 999), st.integers(0, 999))
def test_three_digits_behind_one_mark_prove_nothing(head, tail):
    assert proves(f"{head},{tail:03}") == "?,"
    assert proves(f"{head}.{tail:03}") == "?."


@pytest.mark.parametrize("parted", [" ", "\u00a0", "\u202f", "\u2009", "'", "’"])
@pytest.mark.parametrize("unit", ["", " €"])
def test_blanks_and_apostrophes_part_thousands_before_a_decimal_comma(tmp_path, parted, unit):
    numbers = [575.62, 8387.81, 1234567.5, 268.42, 6621.27, 12.5, 9930.16, 41000.25, 3.75, 7777.5]
    cells = [f"{n:,.2f}".replace(",", parted).replace(".", ",") + unit for n in numbers]
    assert column(tmp_path, cells, "0,5") == (numbers, [])
    source = source_of(tmp_path, "\n".join(["a;y", *(f"{cell};{n % 3}" for n, cell in enumerate(cells))]))
    (said,) = (finding.text for finding in source.findings if "thousands are parted" in finding.text)
    assert f"by {'apostrophes' if parted in chr(39) + '’' else 'blanks'} in column 'a'" in said


def test_numbers_of_computers_prove_no_comma_and_stay_as_they_are(tmp_path):
    cells = [f"192.168.{100 + n}.{200 + n}" for n in range(5)] * 4
    for mark in ",.":
        text = "\n".join(["a;x;y", *(f"{cell};{n % 7}{mark}5;{int(n < 6)}" for n, cell in enumerate(cells))])
        X = load_dataset(source_of(tmp_path, text, drop_duplicates=False)).X
        assert X["a"].tolist() == cells
        assert X["x"].tolist() == [n % 7 + 0.5 for n in range(20)]
    # Numbers of which some look like it are numbers.
    billions = [f"1.{100 + n * 37 % 900}.{100 + n * 61 % 900}.{100 + n * 83 % 900}" for n in range(60)]
    text = "\n".join(["a;x;y", *(f"{cell};{n % 7},5;{int(n < 6)}" for n, cell in enumerate(billions))])
    X = load_dataset(source_of(tmp_path, text)).X
    assert X["a"].tolist() == [float(cell.replace(".", "")) for cell in billions]


def test_times_with_a_point_prove_no_decimal_point():
    assert proves("14.55 Uhr") is None
