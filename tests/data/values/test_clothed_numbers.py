"""Numbers in clothes: read as what was written, whatever the convention; codes are no numbers.

Also of: number_parts, several_units.
"""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.values.clothed_numbers import (
    NEARLY_ALL,
    Clothes,
    find_clothes,
    is_zero_led_code,
    other_spellings,
)
from smote_bench.data.values.several_units import units_of


def read(*texts):
    """Return the numbers of texts that are all numbers; None where they are not."""
    found = find_clothes(texts, [1] * len(texts))
    if found is None or found[1] < NEARLY_ALL:
        return None
    return [found[0].number(text) for text in texts]


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["$1,234.50", "$5", "($1,200)", "-$7"], [1234.5, 5, -1200, -7]),
        (["1.234,50 €", "3,50 €"], [1234.5, 3.5]),
        (["1.234.567 €", "2.500 €"], [1234567, 2500]),
        (["USD 12", "USD 1,300"], [12, 1300]),
        (["Rs. 500", "Rs. 1,23,456"], [500, 123456]),
        (["1,234", "5,678", "12"], [1234, 5678, 12]),
        (["3,5", "4,25"], [3.5, 4.25]),
        (["0,123", "1,234"], [0.123, 1.234]),
        (["1 234", "5 678,5"], [1234, 5678.5]),
        (["1\u202f234,5", "7\u00a0000,0"], [1234.5, 7000]),
        (["1 234 567,89", "7 654 321,00"], [1234567.89, 7654321]),
        (["1'234.50", "2’000.00"], [1234.5, 2000]),
        (["10%", "5.5 %"], [10, 5.5]),
        (["70 kg", "71.5kg", "72"], [70, 71.5, 72]),
        (["36 months", "1 month"], [36, 1]),
        (["21.5 kg/m2", "30 kg/m2"], [21.5, 30]),
        (["$1.5M", "$300k"], [1.5e6, 3e5]),
        (["900", "1.1k", "3M"], [900, 1100, 3e6]),
        (["1,200-", "−5"], [-1200, -5]),
        (["1e5", "2.5E-3"], [1e5, 2.5e-3]),
        (["23.50", "12.-", "91.-", "105.–"], [23.5, 12, 91, 105]),
        (["CHF 12.–", "CHF 1'200.-", "CHF 3.50"], [12, 1200, 3.5]),
        (["7,50", "12,-", "3,--"], [7.5, 12, 3]),
        (["-12.-", "7.50"], [-12, 7.5]),
        (["5-", "1,200-", "30"], [-5, -1200, 30]),
        (["89.7D2", "4.0D-1", "1.5d+0"], [8970, 0.4, 1.5]),
        (["7,444e-01", "1,389e-01", "0,7e0"], [0.7444, 0.1389, 0.7]),
        (["300", "236K", "251K", "392 K"], [300, 236, 251, 392]),
        (["300", "1.2K", "17K"], [300, 1200, 17000]),
        (["1 Tsd.", "2,1 Mio."], [1000, 2.1e6]),
        (["3½", "4¼", "½", "7"], [3.5, 4.25, 0.5, 7]),
        (["3 ½", "4", "-2½"], [3.5, 4, -2.5]),
        (['12½"', '9"', '7¾ "'], [12.5, 9, 7.75]),
        (["37⅓", "38⅔", "39"], [37 + 1 / 3, 38 + 2 / 3, 39]),
        (["2½ M", "300K", "1M"], [2.5e6, 3e5, 1e6]),
        (["１２", "１，２３４．５", "７％"], None),
        (["１２", "１，２３４．５"], [12, 1234.5]),
        (["￥20", "￥1,200"], [20, 1200]),
        (["١٢٫٥", "٣"], [12.5, 3]),
        (["१२", "३४.५"], [12, 34.5]),
        (["3·54", "0·7"], [3.54, 0.7]),
        (["10^3", "10^-2", "10⁻⁵"], [1e3, 1e-2, 1e-5]),
        (["12.5²", "10²", "7²"], [12.5, 10, 7]),
        (["1\u2007234", "56"], [1234, 56]),
        (["$(1,234.50)", "$12.00"], [-1234.5, 12]),
        (["AED 20", "AED 1,300"], [20, 1300]),
        (["Rp 20", "Rp. 20,000"], [20, 20000]),
        (["₱20", "₱7.5"], [20, 7.5]),
        (["S/ 20", "S/ 7.50"], [20, 7.5]),
        (["Fr. 20", "Fr. 7.50"], [20, 7.5]),
        (["元12", "元13"], [12, 13]),
        (["20:-", "1 200:-"], [20, 1200]),
        (["20 /min", "7/min"], [20, 7]),
        (["20×10⁹/L", "7.5×10⁹/L"], [2e10, 7.5e9]),
        (["20¢", "7 ¢"], [20, 7]),
        (["20° F", "7.5° F"], [20, 7.5]),
        (["20 sq. ft.", "7 sq. ft."], [20, 7]),
        (["7 thousand", "2 million", "1.5 billion"], [7000, 2e6, 1.5e9]),
        (["$5", "300K", "$1.2M"], [5, 3e5, 1.2e6]),
    ],
)
def test_reads_what_is_written(texts, numbers):
    assert read(*texts) == numbers


@pytest.mark.parametrize(
    "texts",
    [
        ["1.2.3", "1.3.4"],
        ["192.168.0.1", "10.0.0.1"],
        ["555-1234", "555-9876"],
        ["+49 170 123", "+49 170 456"],
        ["555 123 456", "555 987 654"],
        ["02134", "10001"],
        ["12:30", "14:45"],
        ["A12", "B7"],
        ["20-30", "30-40"],
        ["<5", ">90"],
        ["5 lb", "6 kg", "7 st"],
        ["$5", "€6", "£7"],
        ["10%", "0.1"],
        ["1st", "2nd", "3rd"],
        ["7%", "seven"],
        ["1.5½", "3½e2"],
        ["20/min", "30/h"],
        ["39/A", "40/A", "41/A"],
        ["PHP5.6", "PHP7.1", "PHP7.4"],
        ["1e999", "2e999"],
        ["5-", "10-", "15-"],
        ["1D2", "3D5", "8D1"],
        ["--5--", "7--"],
    ],
)
def test_codes_and_mixtures_are_no_numbers(texts):
    assert read(*texts) is None


@pytest.mark.parametrize(
    "texts",
    [
        ["2 hrs", "3 hrs", "30M"],
        ["30M", "45M", "2H", "1H"],
        ["300M", "1.2km", "2 km", "40M"],
        ["45K", "45000 KM", "300 KM"],
        ["300.5 K", "25 C"],
        ["43 m", "5.7 bn"],
        ["43.0 T", "5,7 Mio"],
        ["57 hundred", "3K"],
        ["12 MB", "3K"],
        ["512B", "12K", "300B"],
        ["22.5 $/hr", "45K"],
    ],
)
def test_a_letter_for_a_size_beside_another_unit_multiplies_nothing(texts):
    assert read(*texts) is None
    clothes, _ = find_clothes(texts, [1] * len(texts))
    assert all((clothes.number(text) or 0) <= 45000 for text in texts)


def test_billions_have_a_fraction_and_bytes_have_none():
    assert read("4.2K", "1.3B", "2.5B") == [4200, 1.3e9, 2.5e9]


def test_what_may_be_read_in_two_ways_is_known():
    assert find_clothes(["1,234", "5,678"], [1, 1])[0].is_ambiguous
    assert find_clothes(["1.234 €", "5.678 €"], [1, 1])[0] == Clothes(",", ".", "€", is_ambiguous=True)
    assert not find_clothes(["1,234", "5,678.5"], [1, 1])[0].is_ambiguous
    assert not find_clothes(["1.234", "5.678"], [1, 1])[0].is_ambiguous


def test_cells_are_counted_not_texts():
    _, share = find_clothes(["$1", "$2", "x"], [50, 49, 1])
    assert share == 0.99


def test_a_code_is_of_three_digits_at_least():
    assert is_zero_led_code("007")
    assert not is_zero_led_code("07")  # a month or an hour


CONVENTIONS = st.sampled_from([(".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "\u00a0")])
DRESSES = st.sampled_from(
    ["{}", "${}", "{} €", "EUR {}", "{} kg", "{}%", "{} mg/dL", "£ {}", "Rp {}", "{}/min", "{} m²"]
)


def dressed(value, decimals, marks, dress, *, brackets, is_grouped):
    """Write a number by way of Python's own format."""
    decimal, thousands = marks
    plain = f"{abs(value):{',' if is_grouped else ''}.{decimals}f}"
    text = dress.format(plain.translate({ord(","): thousands, ord("."): decimal}))
    if value < 0:
        return f"({text})" if brackets else f"-{text}"
    return text


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=5, max_size=40),
    st.sampled_from([2, 4]),
    CONVENTIONS,
    DRESSES,
    st.booleans(),
    st.booleans(),
)
def test_dressed_and_undressed_they_are_the_same(units, decimals, marks, dress, brackets, is_grouped):
    values = [unit / 10**decimals for unit in units]
    texts = [dressed(v, decimals, marks, dress, brackets=brackets, is_grouped=is_grouped) for v in values]
    assert read(*texts) == [abs(v) if v == 0 else v for v in values]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_numbers_as_python_writes_them_are_read_to_the_bit(values):
    found = read(*map(repr, values))
    assert found == values
    assert [math.copysign(1, a) for a in found] == [math.copysign(1, b) for b in values]


WORDS = st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(WORDS, st.integers(0, 99)), min_size=3, max_size=30))
def test_words_with_numbers_behind_are_no_numbers(pairs):
    texts = [f"{word}-{n}" for word, n in pairs]
    assert read(*texts) is None


def test_numbers_at_the_head_alone_are_no_column_of_numbers():
    texts = [*map(str, range(400)), *(f"word {n}" for n in range(60_000))]
    found = find_clothes(texts, [1] * len(texts))
    assert found is not None
    assert found[1] < 0.1
    assert read(*(f"x{n}" for n in range(400)), *map(str, range(30_000))) is None


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["50 kg", "51 KG", "52kg", "53 Kg"], "kg"),
        (["1,5 EUR", "2,5 eur"], "EUR"),
        (["20 mmol/L", "21 mmol/l"], "mmol/L"),
    ],
)
def test_spellings_of_a_unit_are_one(texts, unit):
    clothes, share = find_clothes(texts, [1] * len(texts))
    assert (clothes.unit, share) == (unit, 1.0)
    assert set(other_spellings(texts, clothes)) == {re.sub(r"[\d., ]", "", text) for text in texts} - {unit}


def test_powers_and_points_of_a_unit_may_be_written_otherwise():
    assert read("20 m²", "21 m2", "22 m^2") == [20, 21, 22]
    assert read("20 sq. ft.", "21 sq ft") == [20, 21]


@pytest.mark.parametrize("texts", [["5 mW", "6 MW", "7 mW"], ["5 m", "6 M", "7 m"], ["5 kg", "6 lb", "7 kg"]])
def test_units_that_differ_are_not_one(texts):
    clothes, share = find_clothes(texts, [1] * len(texts))
    assert share < 1
    assert other_spellings(texts, clothes) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["70 kg", "154 lbs", "71 KG"], {"kg": 2, "lb": 1}),
        (["2 years", "3 weeks", "1 month"], {"year": 1, "week": 1, "month": 1}),
        (["2 hrs", "3 hrs", "30M"], {"hr": 2, "M": 1}),
        (["12K", "14A"], {}),
        (["5 µg", "6 mg"], {"μg": 1, "mg": 1}),
        (["40 m2", "41 m²", "400 ft2"], {"m2": 2, "ft2": 1}),
        (["70 kg", "71 KG"], {}),
        (["12b", "14c"], {}),
        (["70 kg", "154 lb", "many"], {}),
        ([], {}),
    ],
)
def test_several_units_are_counted(texts, expected):
    assert units_of(texts, [1] * len(texts)) == expected


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["Rs.158/-", "Rs.1,200/-", "Rs.75/-"], [158.0, 1200.0, 75.0]),
        (["158/-", "1,200/-"], [158.0, 1200.0]),
        (["4.964,- €", "12,50 €", "1.300,-- €"], [4964.0, 12.5, 1300.0]),
        (["12.- CHF", "7.50 CHF"], [12.0, 7.5]),
    ],
)
def test_whole_amounts_are_numbers(texts, numbers):
    clothes, share = find_clothes(texts, [1] * len(texts))
    assert share == 1
    assert [clothes.number(text) for text in texts] == numbers


def test_hidden_digits_are_no_unit():
    assert find_clothes(["312xx", "945xx", "100xx"], [1, 1, 1]) is None
    assert find_clothes(["3x", "9x", "10x"], [1, 1, 1])[0].unit == "x"


@pytest.mark.parametrize("marks", [".A", ". K", ",k", "$.", ". M"])
def test_a_mark_without_a_digit_is_no_number(marks):
    clothes, share = find_clothes(["1.5", "20", "3.25", marks, ".B"], [1] * 5)
    assert share == 0.6
    assert clothes.number(marks) is None
