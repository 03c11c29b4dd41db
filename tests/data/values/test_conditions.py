"""Conditions of a minority: labels are read as features are, and what is wrong with one is said.

Also of: number_texts.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.conditions import find_condition, how_to_limit, why_no_condition
from smote_bench.data.values.labels import check_labels, is_minority
from smote_bench.data.values.number_texts import number, some
from smote_bench.errors import ConfigError

SIGNS = "there are '>', '>=', '<' and '<='"


def refused(labels, minority):
    """Return what is said of a minority among labels that stand in one row each, of which ten are wanted."""
    with pytest.raises(ConfigError) as told:
        check_labels(dict.fromkeys(labels, 10), {}, minority, name="t", column="y", file="t.csv")
    return str(told.value)


def test_labels_with_marks_of_thousands_are_compared_as_numbers_with_a_word(tmp_path):
    rows = [f'{n / 7:.3f},"{label}"' for n, label in enumerate(["1,000", "5,000", "7,000"] * 5 + ["9,000"])]
    (tmp_path / "t.csv").write_text("\n".join(["a,y", *rows]), encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "> 7000"}
    (said,) = (one for one in parse_source(entry, tmp_path).remarks if "minority" in one)
    assert "> 7000 in 1 of 16 rows is the minority" in said
    assert "'1,000' as 1000; ',' may be read otherwise, it is taken to part thousands" in said
    assert "'read: {decimal: \",\"}'" in said


@given(
    st.lists(st.integers(1, 10**9), min_size=2, max_size=20, unique=True),
    st.integers(1, 10**9),
    st.sampled_from([(">", ">"), (">=", "≥"), ("<", "<"), ("<=", "≤")]),
)
def test_thousands_are_compared_as_the_plain_numbers_are(numbers, limit, signs):
    assume(limit < 1000 or max(numbers) >= 1000)  # else no label tells how the limit is to be read
    plain = is_minority([str(one) for one in numbers], f"{signs[0]} {limit}")
    assert is_minority([f"{one:,}" for one in numbers], f"{signs[1]} {limit:,}") == plain
    assert is_minority([f"{one:,}" for one in numbers], f"{signs[0]}{limit}") == plain


def test_labels_with_a_half_are_above_the_whole_number():
    for labels in (["5½", "6½", "6"], ["5 ½", "6 ½", "6"]):
        assert is_minority(labels, "> 6") == [False, True, False]
        assert is_minority(labels, "> 5½") == [False, True, True]


def test_a_limit_with_a_mark_that_no_label_has_is_refused():
    assert find_condition("< 1,000", ["1", "2"]) is None
    assert "'1,000' is none" in why_no_condition("< 1,000", ["1", "2"])


def test_a_limit_that_means_one_number_plainly_and_another_as_labels_are_written_is_refused():
    labels = ["1.234,5", "2.500,1", "900,7"]
    assert find_condition("> 1.000", labels) is None
    assert "'1.000' may be 1 or, as labels are written, 1000" in why_no_condition("> 1.000", labels)
    assert is_minority(labels, "> 1000") == [True, True, False]


@pytest.mark.parametrize(
    ("minority", "words"),
    [
        ("=> 7", f"'=>' is no sign of a condition: {SIGNS} ('>= 7'?)"),
        ("=<7", "('<= 7'?)"),
        ("!=7", f"'!=' is no sign of a condition: {SIGNS}; several labels are a list"),
        ("<> 7", "'<>' is no sign of a condition"),
        ("== 7", "for a single label write '7' alone"),
        (
            "> 7,5",
            "'7,5' is none: it is written with a decimal point and without marks of thousands, as in '> 7.5'",
        ),
        ("> x", "'x' is none"),
        (">", "'' is none"),
        ("> 1e9", "the labels are numbers from 1 to 8: choose a limit between"),
        ("< 0", "the labels are numbers from 1 to 8"),
        (">= 1", "numbers from 1 to 8: choose a limit between, or turn the condition: '< 1'"),
        ("> 2", "got 60 of 80 rows: the labels are numbers from 1 to 8: choose a limit between, or turn the"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said(minority, words):
    assert words in refused([str(n) for n in range(1, 9)], minority)


def test_a_condition_that_holds_of_all_labels_that_may_be_read_in_two_ways_says_so():
    said = refused(["1,234", "2,345"], "> 2")
    assert (
        "numbers from 1234 to 2345 (labels are read as numbers, '1,234' as 1234; ',' may be read otherw"
        in said
    )


def test_labels_that_are_no_numbers_have_no_condition():
    assert "all labels have to be numbers, and 'high' is none" in why_no_condition("> 7", ["8", "high"])
    assert why_no_condition("yes", ["8", "7"]) == how_to_limit(">50K", [">50K", "<=50K"]) == ""
    assert is_minority(["<=50K", ">50K"], ">50K") == [False, True]


def test_numbers_and_values_are_shown_as_messages_need_them():
    assert (number("1_0"), number("x"), number("1e3")) == (None, None, 1000.0)
    assert some(range(10)) == "0, 1, 2, 3, 4, 5, 6, 7 and 2 more"


GERMAN = [f"{n}.115,39" if n % 4 == 0 and n else f"{n},25" for n in range(20)]


def of_german_file(folder, minority, labels, **keys):
    """Return which rows of a file with a decimal comma are of the minority."""
    rows = [f"{n / 2}".replace(".", ",") + f";{label}" for n, label in enumerate(labels)]
    (folder / "t.csv").write_text("\n".join(["x;y", *rows]), encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": minority, **keys}
    return load_dataset(parse_source(entry, folder)).y.tolist()


@pytest.mark.parametrize("unit", ["", " €"])
@pytest.mark.parametrize("limit", ["8115,39", "8.115,39", "8115.39", "> 8.115,390"])
def test_a_limit_is_read_as_the_labels_of_a_file_with_a_decimal_comma(tmp_path, unit, limit):
    minority = f">= {limit.lstrip('> ')}{unit}"
    wanted = [int(n % 4 == 0 and n >= 8) for n in range(20)]
    assert of_german_file(tmp_path, minority, [f"{label}{unit}" for label in GERMAN]) == wanted


@pytest.mark.parametrize("limit", ["8.115", "8,115", "120.000"])
def test_a_limit_of_two_meanings_there_is_refused_with_both(tmp_path, limit):
    whole = limit.replace(".", "").replace(",", "")
    with pytest.raises(ConfigError, match=rf"numbers of the file have a decimal comma.*write '> {whole}' or"):
        of_german_file(tmp_path, f">{limit}", GERMAN)


@pytest.mark.parametrize(
    ("labels", "minority", "wanted"),
    [
        ([f"{n / 8:.3f}".replace(".", ",") for n in range(20)], "> 1.875", [int(n > 15) for n in range(20)]),
        ([f"{n / 8:.3f}".replace(".", ",") for n in range(20)], "> 1,875", [int(n > 15) for n in range(20)]),
        ([f"{n * 250 + 500}" for n in range(20)], "> 4.000", [int(n > 14) for n in range(20)]),
        ([f"{n * 250 + 500}" for n in range(20)], "> 3.875", [int(n > 13) for n in range(20)]),
    ],
)
def test_of_two_numbers_that_a_limit_may_be_the_one_between_labels_is_taken(
    tmp_path, labels, minority, wanted
):
    assert of_german_file(tmp_path, minority, labels) == wanted
    others = minority.replace(">", "<=")
    assert of_german_file(tmp_path, minority, labels, majority=others, positive=others) == wanted


def test_a_label_that_looks_like_a_condition_is_one_there(tmp_path):
    labels = [">1.200" if n < 5 else "<=1.200" for n in range(20)]
    assert sum(of_german_file(tmp_path, ">1.200", labels)) == 5


def test_a_test_file_has_the_limit_of_the_file_that_trains(tmp_path):
    rows = [f"{n / 2},{n * 1000 + 0.5}" for n in range(12)]
    (tmp_path / "e.csv").write_text("\n".join(["x,y", *rows]), encoding="utf-8")
    flags = of_german_file(tmp_path, ">8.000,25", GERMAN, test="e.csv")
    assert flags[20:] == [int(n >= 8) for n in range(12)]


def test_a_limit_with_three_decimals_holds_in_a_test_file_with_a_decimal_comma(tmp_path):
    rows = {"t.csv": ["x,y", *(f"{n / 2},{n / 8}" for n in range(20))]}
    rows["e.csv"] = ["x;y", *(f"{n / 2};{n / 8}".replace(".", ",") for n in range(12, 20))]
    for name, lines in rows.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "> 1.875", "test": "e.csv"}
    assert load_dataset(parse_source(entry, tmp_path)).y.tolist()[20:] == [int(n > 15) for n in range(12, 20)]


def test_a_comma_before_three_digits_is_no_decimal_one_in_the_example_of_a_message():
    assert "as in '< 1000'" in why_no_condition("< 1,000", ["1", "2"])
    assert "as in '< 1.5'" in why_no_condition("< 1,5", ["1", "2"])


@pytest.mark.parametrize(
    ("label", "other", "minority"),
    [
        ("1,5", "0,5", "1,5"),
        ("1,5", "0,5", "1.5"),
        ("1,00", "0,00", "1,00"),
        ("2.500 €", "1.500 €", "2.500 €"),
    ],
)
def test_a_label_may_be_written_as_it_stands_in_a_file_with_a_decimal_comma(tmp_path, label, other, minority):
    labels = [label if n < 6 else other for n in range(20)]
    assert of_german_file(tmp_path, minority, labels) == [int(n < 6) for n in range(20)]
    assert sum(of_german_file(tmp_path, minority, labels, majority=other, positive=other)) == 6


def test_of_two_labels_that_one_may_be_the_number_is_taken(tmp_path):
    labels = ["2" if n < 6 else "2.000" for n in range(20)]
    assert sum(of_german_file(tmp_path, "2", labels)) == 6


def test_errors_show_labels_and_cells_as_they_stand_in_the_file(tmp_path):
    labels = ["1,5" if n < 6 else "0,5" for n in range(20)]
    with pytest.raises(ConfigError, match=r"set 'minority' to one of '1,5', '0,5'"):
        of_german_file(tmp_path, "7", labels)
    rows = [f"{n}.{n:03d},5 {'€' if n % 3 else 'kg'};{n / 2}".replace(".5", ",5") for n in range(10, 80)]
    text = "\n".join(["x;z;y", *(f"{row};{int(n < 9)}" for n, row in enumerate(rows))])
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"'10\.010,5 €'"):
        parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": "1"}, tmp_path)
