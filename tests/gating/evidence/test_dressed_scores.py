"""Scores with a currency, a percent sign, a unit or thousands are numbers, as in users' data sets."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.gating.evidence.dressed_scores import doubtful_points, undressed

AMOUNTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=20, unique=True)


@given(AMOUNTS, st.sampled_from(["${:,.2f}", "{:,.2f}", "{:,.2f} €", "{:.2f} ms"]))
def test_dressed_amounts_are_read_back(cents: list[int], form: str) -> None:
    texts = [form.format(n / 100) for n in cents]
    found = undressed([*texts, "nan"], [1] * (len(texts) + 1))
    assert found is not None
    assert found.values[:-1] == [n / 100 for n in cents]
    assert math.isnan(found.values[-1])
    assert "is read as numbers" in found.said


@pytest.mark.parametrize("texts", [["57.3%", "100%"], ["573‰", "1000‰"]])
def test_percents_are_shares_and_a_unit(texts: list[str]) -> None:
    found = undressed(texts, [1, 1])
    assert found is not None
    assert (found.values, found.unit) == ([0.573, 1.0], "%")


@pytest.mark.parametrize(
    "texts", [["1.5", "two"], ["57.3%", "0.5"], ["12 ms", "3 s"], ["10.4 mln", "480"], ["nan"], ["P1", "P2"]]
)
def test_what_is_not_written_alike_is_none(texts: list[str]) -> None:
    assert undressed(texts, [1] * len(texts)) is None


def test_thousands_that_may_be_decimals_are_doubted() -> None:
    found = undressed(["1,266", "1,304"], [1, 1])
    assert found is not None
    assert found.values == [1266.0, 1304.0]
    assert found.doubt == "'1,266', taken for 1266"
    assert doubtful_points(["0.5", "0.25"]) == ("", False)
    assert doubtful_points(["1.266", "12.304", "nan"]) == ("1.266", False)
    assert doubtful_points(["1.266", "12.304", "1301"]) == ("1.266", False)
    assert doubtful_points(["1.266", "12.304", "301", "980"]) == ("1.266", True)
    for rounded in (["2"], ["2", "301"], ["301", "999"]):  # of numbers with three decimals a few are whole
        assert doubtful_points(["1.266", "12.304", *rounded]) == ("1.266", False)
