"""Texts that may be one though they are written with other accents or other signs between words."""

from __future__ import annotations

import pytest

from smote_bench.data.values.loose_texts import loosely

MAY_BE_ONE = [
    ("P_1", "P 1"),
    ("P-1", "P1"),
    ("Zürich", "Zurich"),
    ("São Paulo", "Sao  Paulo"),
    ("a/b", "a.b"),
    ("pre\u2011term", "preterm"),
    ("non\u2013fraud", "Non-Fraud"),
    ("Crohn\u2019s", "Crohn's"),
    ("décès", "DECES"),
    ("P3", "\u04203"),
    ("No", "N\u043e"),
]


@pytest.mark.parametrize(("one", "other"), MAY_BE_ONE)
def test_words_with_other_accents_and_signs_between_them_may_be_one(one: str, other: str) -> None:
    assert loosely(one) == loosely(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A-", "A+"),
        ("A-", "A"),
        ("1-11", "11-1"),
        ("P1", "P11"),
        ("-1", "1"),
        ("<=50K", ">50K"),
        ("ที่", "ที"),
        ("1/2", "1-2"),
        ("мой", "мои"),
    ],
)
def test_other_signs_at_an_end_and_other_digits_may_not(one: str, other: str) -> None:
    assert loosely(one) != loosely(other)
