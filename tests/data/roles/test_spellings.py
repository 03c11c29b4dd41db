"""What is one group although it is written in two ways, and what is not."""

from __future__ import annotations

import pytest

from smote_bench.data.roles.spellings import group_id, how_they_differ

ALIKE = [
    ("X1", "X1\u200b"),
    ("X1", "\ufeffX1"),
    ("1,000", "1000"),
    ("1,234,567.50", "1234567.5"),
    ("P-1", "P–1"),
    ("P-1", "P−1"),
    ("2024-01-01", "2024-01-01 00:00:00"),
    ("2024-01-01", "2024-01-01T00:00"),
    ("2024-01-01 10:30", "2024-01-01T10:30:00.000"),
    ("P 1", "P\u00a01"),
    ("Ward 3", "Ward  3"),
    ("Ward 3", "Ward\t3"),
    ("O'Brien 3", "O\u2019Brien 3"),
    ("O'Brien", "O`Brien"),
    ("Smith 3", "Smith 3."),
    ("P3", "'P3'"),
    ("P3", "b'P3'"),
    ("3", "'3'"),
    ("0000000A-aaaa-BBBB-cccc-0123456789ab", "{0000000a-aaaa-bbbb-cccc-0123456789ab}"),
    ("0000000A-aaaa-BBBB-cccc-0123456789ab", "0000000aaaaabbbbcccc0123456789ab"),
    ("2024-03-05", "05.03.2024"),
    ("2024-03-05", "5-Mar-2024"),
    ("2024-03-05", "March 5, 2024"),
    ("2024-03-05 10:30", "05.03.2024 10:30:00"),
]
APART = [
    ("X1", "X11"),
    ("1,000", "1"),
    ("1,00", "100"),
    ("P-1", "P1"),
    ("2024-01-01", "2024-01-01 00:01:00"),
    ("2024-01-01 10:30:05", "2024-01-01 10:30"),
    ("2024-03-05", "2024-05-03"),
    ("2024-03-05", "05/03/2024"),
    ("P_1", "P 1"),
    (".", "-"),
    ("A", "A'"),
    ("A'", "A''"),
    ("5'", '5"'),
    ("9007199254740992", "9007199254740993"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_signs_that_are_not_seen_thousands_and_midnight_make_no_other_group(one: str, other: str) -> None:
    assert group_id(one) == group_id(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_is_seen_to_differ_is_two_groups(one: str, other: str) -> None:
    assert group_id(one) != group_id(other)


def test_the_words_say_how_two_spellings_differ() -> None:
    assert how_they_differ("1000", "1,000") == "which are one number"
    assert how_they_differ("X1", "X1\u200b") == "which look or mean the same"
