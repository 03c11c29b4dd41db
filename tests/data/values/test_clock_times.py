"""Times of day and durations are hours, one unit for all, however they are written."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.clock_times import find_clock
from smote_bench.errors import ConfigError

ROWS = 60
LABELS = ["yes" if n % 4 == 0 else "no" for n in range(ROWS)]
SECONDS = [n * 1009 % 86_400 for n in range(ROWS)]


def clock(n):
    return f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}"


@pytest.fixture(params=["csv", "parquet"])
def read(request, tmp_path):
    """Write a column and read it back: the features and what was found of it."""

    def read(values, name="a", **keys):
        frame = pd.DataFrame({name: values, "x": [n % 7 for n in range(ROWS)], "y": LABELS})
        path = tmp_path / f"t.{request.param}"
        frame.to_csv(path, index=False) if request.param == "csv" else frame.to_parquet(path)
        source = parse_source(
            {"name": "t", "file": path.name, "target": "y", "minority": "yes", **keys}, tmp_path
        )
        said = [one for one in source.findings if one.column == name and one.kind != "leak"]
        return load_dataset(source).X, said

    return read


def hours(texts):
    found, share = find_clock(texts, [1] * len(texts))
    assert share == 1
    return [found.number(text) for text in texts]


def test_times_are_hours_and_said(read):
    X, (found,) = read([clock(n) for n in SECONDS])
    assert X["a"].tolist() == [n / 3600 for n in SECONDS]
    assert found.kind == "read"
    assert "has times of day or durations: they are numbers, in hours, '00:00:00' as 0" in found.text
    X, found = read([clock(n) for n in SECONDS], kinds={"a": "nominal"})
    assert len(X["a"].cat.categories) == ROWS
    assert not found


def test_types_of_a_file_are_hours_too(read):
    X, _ = read([datetime.time(n // 3600, n // 60 % 60, n % 60) for n in SECONDS])
    assert X["a"].tolist() == [n / 3600 for n in SECONDS]
    X, (found,) = read(pd.to_timedelta(SECONDS, unit="s") - pd.Timedelta("1h"))
    assert X["a"].tolist() == pytest.approx([n / 3600 - 1 for n in SECONDS])
    assert "has durations: they are numbers, in hours" in found.text


def test_times_of_day_are_left_out_with_the_dates_durations_are_not(read):
    X, (found,) = read([clock(n) for n in SECONDS], dates="drop")
    assert list(X.columns) == ["x"]
    assert found.kind == "left out"
    assert "as times of day, which 'dates: drop' asks for" in found.text
    assert found.remedy == "'keep: [a]' keeps it"
    X, _ = read([clock(n) for n in SECONDS], dates="drop", keep=["a"])
    assert list(X.columns) == ["a", "x"]
    X, _ = read([clock(2 * n) for n in SECONDS], dates="drop")
    assert list(X.columns) == ["a", "x"]


def test_a_few_other_cells_are_missing_more_are_refused(read):
    cells = [clock(n) for n in SECONDS]
    X, (_, found) = read([*cells[:57], "noon", "25:75", "late"])
    assert X["a"].isna().sum() == 3
    assert "has times, but 3 of 60 cells are none ('noon', '25:75', 'late')" in found.text
    with pytest.raises(
        ConfigError, match=r"expected times in column 'a', got mostly times such as '00:00:00'"
    ):
        read([*cells[:50], *(f"late {n}" for n in range(10))])
    X, _ = read([*cells[:50], *"----------"])
    assert X["a"].isna().sum() == 10
    X, _ = read([*(f"{n % 12 + 1}:30 {'AP'[n % 2]}M" for n in range(50)), *"----------"])
    assert X["a"].isna().sum() == 10


def test_a_test_file_is_read_like_the_other_and_bare_numbers_are_refused(tmp_path):
    frame = pd.DataFrame({"a": [f"{n % 40 + 1}:30" for n in range(ROWS)], "y": LABELS})
    frame.to_csv(tmp_path / "t.csv", index=False)
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "test": "later.csv"}
    (tmp_path / "later.csv").write_text("a,y\n1:30,yes\n2:15,no\n")
    assert load_dataset(parse_source(entry, tmp_path)).X["a"].tolist()[-2:] == [1.5, 2.25]
    (tmp_path / "later.csv").write_text("a,y\n1.5,yes\n2.25,no\n")
    with pytest.raises(
        ConfigError, match=r"expected times such as 12:30 in column 'a' of later.csv.*got numbers"
    ):
        parse_source(entry, tmp_path)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["12:30", "9:05"], [12.5, 9 + 5 / 60]),
        (["9:30 PM", "12:00 AM", "12:15 p.m."], [21.5, 0.0, 12.25]),
        (["1:02:03.6", "00:30:00"], [1 + 123.6 / 3600, 0.5]),
        (["0 days 06:00:00", "1 day, 12:00:00", "-1 days +18:00:00"], [6.0, 36.0, -6.0]),
        (["59:30", "1:00:00"], [59.5 / 60, 1.0]),
        (["1:30.0", "2:00.0"], [1.5 / 60, 2 / 60]),
        (["45:30", "102:00"], [45.5, 102.0]),
        (["14:30 Uhr", "-0:30"], [14.5, -0.5]),
    ],
)
def test_cells_as_people_write_them(texts, expected):
    assert hours(texts) == pytest.approx(expected)


def test_two_parts_beside_three_are_a_caveat_where_nothing_says_what_they_are(read):
    _, (found,) = read([clock(n) if n % 2 else clock(n)[:5] for n in SECONDS])
    assert found.is_caveat
    assert "cells of two parts are taken for hours and minutes" in found.text


@pytest.mark.parametrize(
    "texts", [["2:1", "3:0"], ["16:9", "4:3"], ["1:80", "1:160"], ["00:1B:44", "0A:22:33"]]
)
def test_other_cells_with_colons_are_no_times(texts):
    assert find_clock(texts, [1] * len(texts)) is None


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_every_whole_second_is_read_back(seconds):
    texts = list(dict.fromkeys(map(clock, seconds)))
    assert [round(3600 * one) for one in hours(texts)] == list(dict.fromkeys(seconds))


def test_a_point_parts_hours_and_minutes_before_uhr_alone(read):
    cells = [f"{n % 24}.{n * 7 % 60:02} Uhr" for n in range(ROWS)]
    X, (found,) = read(cells)
    assert X["a"].tolist() == pytest.approx([n % 24 + n * 7 % 60 / 60 for n in range(ROWS)])
    assert "in hours" in found.text
    assert find_clock(["14.55", "13.10"], [1, 1]) is None
