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


def test_two_units_are_not_compared_and_one_beside_none_is(tmp_path: Path) -> None:
    plain = costs(tmp_path / "plain.csv", "{:.0f}")
    ms, s = costs(tmp_path / "ms.csv", "{:.0f} ms"), costs(tmp_path / "s.csv", "{:.0f} s")
    assert "expected one unit of cost" in judge(ms, s).incomparable[0].reason
    assert judge(ms, plain).result == judge(plain, s).result == judge(ms, ms).result == "pass"


@pytest.mark.parametrize("form", ["{:.0f}", "{:,.0f}", "${:,.2f}", "{:.3f}"])
def test_costs_in_one_scale_are_compared(tmp_path: Path, form: str) -> None:
    verdict = judge(costs(tmp_path / "a.csv", "{:.0f}"), costs(tmp_path / "b.csv", form, times=1.5))
    assert verdict.result == "fail"
    assert not verdict.incomparable


def test_so_are_two_tables_that_are_read_alike(tmp_path: Path) -> None:
    sides = [costs(tmp_path / f"{n}.csv", "points", ";", times=n) for n in (1, 1.5)]
    assert judge(*sides).result == "fail"
