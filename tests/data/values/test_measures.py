"""Cells of several units are numbers in the largest; codes and clock times are none of them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.measures import find_measure


def load(folder, cells, **keys):
    labels = ["no" if n % 5 else "yes" for n in range(len(cells))]
    frame = pd.DataFrame({"v": cells, "x": [n % 7 for n in range(len(cells))], "y": labels})
    frame.to_csv(folder / "m.csv", index=False)
    source = parse_source({"name": "m", "file": "m.csv", "target": "y", "minority": "yes", **keys}, folder)
    return load_dataset(source).X["v"], [one for one in source.findings if one.column == "v"]


@pytest.mark.parametrize(
    ("cells", "unit", "numbers"),
    [
        (["6h 28m", "45m", "2h", "11h 3m"], "hours", [6 + 28 / 60, 0.75, 2, 11.05]),
        (["6 h 28 min", "0 h 45 min", "2 h 0 min", "1 h 30 min"], "hours", [6 + 28 / 60, 0.75, 2, 1.5]),
        (["1h30", "2h05", "0h45", "12h"], "hours", [1.5, 2 + 5 / 60, 0.75, 12]),
        (["2 Stunden, 30 Minuten", "1 Stunde", "45 Minuten", "3 Stunden"], "hours", [2.5, 1, 0.75, 3]),
        (["3'45\"", "4'10\"", "5'30\"", "3'59\""], "minutes", [3.75, 4 + 1 / 6, 5.5, 3 + 59 / 60]),
        (["1d 6h", "12h 30m", "2d", "3d 18h"], "days", [1.25, 12.5 / 24, 2, 3.75]),
        (["PT5H45M", "PT30M", "PT1H", "PT90S"], "hours", [5.75, 0.5, 1, 0.025]),
        (["P1Y6M", "P2Y", "P3M", "P10Y3M"], "years", [1.5, 2, 0.25, 10.25]),
        (["63y 4m", "8m", "7y", "1y 11m"], "years", [63 + 4 / 12, 8 / 12, 7, 1 + 11 / 12]),
        (["2 years and 3 months", "1 year", "6 months", "4 years 9 months"], "years", [2.25, 1, 0.5, 4.75]),
        (["5'7\"", "6'0\"", "5'11\"", "6'"], "feet", [5 + 7 / 12, 6, 5 + 11 / 12, 6]),
        (["5′ 7″", "6′ 0″", "5' 11''", "4'10"], "feet", [5 + 7 / 12, 6, 5 + 11 / 12, 4 + 10 / 12]),
        (["5 ft 7 in", "6 ft", "5 ft 11 in", "4 ft 10.5 in"], "feet", [5 + 7 / 12, 6, 5 + 11 / 12, 4.875]),
        (["1 m 75 cm", "1m80", "2m", "1 m 62 cm"], "metres", [1.75, 1.8, 2, 1.62]),
        (["11 st 7 lb", "9 st", "12 st 3.5 lbs", "10 st 0 lb"], "stone", [11.5, 9, 12.25, 10]),
        (["7 lb 8 oz", "6 lbs 4 oz", "8 lb", "9 lb 15 oz"], "pounds", [7.5, 6.25, 8, 9 + 15 / 16]),
    ],
)
def test_measures_in_several_units_are_numbers_in_the_largest(tmp_path, cells, unit, numbers):
    X, (said,) = load(tmp_path, cells * 10)
    assert X.tolist()[:4] == pytest.approx(numbers, rel=1e-12)
    assert f"they are numbers, in {unit}, " in said.text
    assert said.kind == "read"
    X, _ = load(tmp_path, cells * 10, kinds={"v": "nominal"})
    assert sorted(X.cat.categories) == sorted(cells)
    X, _ = load(tmp_path, cells * 10, kinds={"v": "numeric"})
    assert X.tolist()[:4] == pytest.approx(numbers, rel=1e-12)


@pytest.mark.parametrize(
    "cells",
    [
        ["12A", "3B", "14C", "5D"],  # house numbers, seats
        ["41 m2", "7 m2", "120m2", "8"],
        ["20 m3", "9 m3", "1m8", "7m3"],
        ["20 ft2", "20ft2", "7 ft2", "12 ft2"],
        ["20h2", "3h2", "7h2", "9h3"],
        ["A2h", "B3m", "C1h", "D9m"],
        ["1h 75m", "2h 80m", "3h 90m", "1h 61m"],  # no part fills the one before
        ["5m 2h", "3m 1h", "9m 4h", "8m 7h"],
        ["5h 2kg", "3h 1kg", "9h 4kg", "8h 7kg"],
        ["3 of 10", "4 of 10", "5 of 10", "6 of 10"],
        ["1-2", "2-3", "3-4", "4-5"],
        ["P1", "P2", "P3", "P4"],
        ["red", "2 dark", "blue", "3 light"],
    ],
)
def test_other_texts_are_none(cells):
    assert find_measure(cells, [1] * len(cells)) is None


def test_areas_and_volumes_are_numbers_of_one_unit(tmp_path):
    for unit in (" m2", "m3", " ft2", "ft3", "h2"):
        X, (said,) = load(tmp_path, [f"{20 + n % 37}{unit}" for n in range(80)])
        assert X.tolist() == [20 + n % 37 for n in range(80)]
        assert "is read as numbers" in said.text
    X, (said,) = load(tmp_path, ["5ft2", "5ft3", "5ft11", "6ft"] * 20)
    assert X.tolist()[:4] == pytest.approx([5 + 2 / 12, 5.25, 5 + 11 / 12, 6])


def test_units_of_which_no_cell_has_two_are_refused_as_before():
    assert find_measure(["3 months", "2 years", "10 days"], [5, 5, 5]) is None


def test_a_cell_that_is_no_measure_is_named_and_missing(tmp_path):
    X, (of_column, stray) = load(tmp_path, [*["6h 28m", "45m", "2h", "11h 3m"] * 9, "1h", "soon", "3h", "4h"])
    assert X.isna().sum() == 1
    assert "in hours" in of_column.text
    assert "'soon'" in stray.text
    assert stray.is_caveat


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 23), st.integers(0, 59)), min_size=2, max_size=9),
    st.sampled_from(["{}d {}h {}m", "{} days, {} hours, {} minutes", "P{}DT{}H{}M"]),
)
def test_what_was_written_is_read_back(durations, form):
    texts = [form.format(*one) for one in durations]
    measure = find_measure(texts, [1] * len(texts))
    assert measure is not None
    per = {"days": 1440, "hours": 60}[measure.unit]
    found = [measure.number(text) for text in texts]
    assert found == pytest.approx([(1440 * d + 60 * h + m) / per for d, h, m in durations])


def test_powers_of_ten_and_about_are_numbers(tmp_path):
    for cells, numbers in (
        (["1.5×10^3", "2 x 10^4", "9.25·10⁻²", "3×10⁵"], [1500, 2e4, 0.0925, 3e5]),
        (["~12", "≈ 13.5", "~7", "18"], [12, 13.5, 7, 18]),
    ):
        X, found = load(tmp_path, cells * 10)
        assert X.tolist()[:4] == numbers
        assert "is read as numbers" in found[0].text
