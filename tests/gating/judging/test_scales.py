"""Metrics in two units, or of which one side may be read in two ways and lies far off, are not compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from gating.made_evidence import rows

from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.tidy import read_table
from smote_bench.gating.judging.judge import judge


def costs(path: Path, form: str, sep: str = ",", times: float = 1.0) -> Evidence:
    """Return a table of costs from 1200 to 1250, or as many times as large, in some form."""
    table = rows(long=False, metrics=("cost",))
    for n, row in enumerate(table):
        cost = (1200 + n * 29 % 50) * times
        row["cost"] = f"{cost:,.0f}".replace(",", ".") if form == "points" else form.format(cost)
    pd.DataFrame(table).to_csv(path, sep=sep, index=False)
    return read_table(path, better={"cost": "low"})


@pytest.mark.parametrize(("form", "sep"), [("points", "\t"), ("points", ";"), ("points", ",")])
def test_a_side_that_may_be_read_in_two_ways_and_lies_far_off_is_not_compared(
    tmp_path: Path, form: str, sep: str
) -> None:
    plain, other = costs(tmp_path / "a.csv", "{:.0f}"), costs(tmp_path / "b.csv", form, sep, times=1.5)
    for sides in ((plain, other), (other, plain)):
        verdict = judge(*sides)
        assert verdict.result == "not comparable"
        (problem,) = verdict.incomparable
        assert (problem.what, problem.where) == ("scale", "cost")
        assert "where the mark may part thousands" in problem.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [("{:.0f} ms", "{:.0f} s"), ("{:.0f} s", "{:.0f}"), ("{:.1f}%", "{:.1f}"), ("${:.0f}", "{:.0f}")],
)
def test_two_units_and_one_beside_none_are_not_compared(tmp_path: Path, one: str, other: str) -> None:
    before, after = costs(tmp_path / "a.csv", one), costs(tmp_path / "b.csv", other, times=1.5)
    for sides in ((before, after), (after, before)):
        (problem,) = judge(*sides).incomparable
        assert (problem.what, problem.where) == ("scale", "cost")
        assert "expected one unit of cost in both tables" in problem.reason
    assert judge(before, costs(tmp_path / "c.csv", one, times=1.5)).result == "fail"


@pytest.mark.parametrize("form", ["{:.0f}", "{:,.0f}", "{:,.2f}", "{:.3f}"])
def test_costs_in_one_scale_are_compared(tmp_path: Path, form: str) -> None:
    verdict = judge(costs(tmp_path / "a.csv", "{:.0f}"), costs(tmp_path / "b.csv", form, times=1.5))
    assert verdict.result == "fail"
    assert not verdict.incomparable


def test_so_are_two_tables_that_are_read_alike(tmp_path: Path) -> None:
    sides = [costs(tmp_path / f"{n}.csv", "points", ";", times=n) for n in (1, 1.5)]
    assert judge(*sides).result == "fail"
