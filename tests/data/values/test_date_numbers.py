"""Numbers that are dates are told by their values and their name."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.date_numbers import date_form_of_numbers
from smote_bench.errors import ConfigError

ROWS = 60
DATES = pd.Series(pd.date_range("2019-11-03", periods=ROWS, freq="11D")).sample(frac=1, random_state=0)
DAYS = ((DATES - pd.Timestamp(0)).dt.days).tolist()
LABELS = ["yes" if n % 4 == 0 else "no" for n in range(ROWS)]


def read(folder, name, values, **keys):
    frame = pd.DataFrame({name: values, "x": [n * n % 37 + 0.5 for n in range(ROWS)], "y": LABELS})
    frame.to_csv(folder / "t.csv", index=False)
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", "drop_duplicates": False, **keys}
    source = parse_source(entry, folder)
    return load_dataset(source).X, [
        one for one in source.findings if one.column == name and one.kind != "leak"
    ]


def test_eight_digits_are_dates_where_the_name_says_so(tmp_path):
    numbers = [int(f"{day:%Y%m%d}") for day in DATES]
    X, (found,) = read(tmp_path, "signup_date", numbers)
    assert X["signup_date"].tolist() == DAYS
    assert "has dates" in found.text
    X, _ = read(tmp_path, "signup_date", [None, *numbers[1:]])
    assert X["signup_date"].tolist()[1:] == DAYS[1:]
    X, (_, found) = read(tmp_path, "signup_date", [0, *numbers[1:]])
    assert np.isnan(X["signup_date"][0])
    assert "1 of 60 cells are none ('0')" in found.text
    X, (found,) = read(tmp_path, "signup_date", numbers, dates="drop")
    assert "signup_date" not in X


def test_elsewhere_they_are_numbers_with_a_caveat_that_a_kind_answers(tmp_path):
    numbers = [int(f"{day:%Y%m%d}") for day in DATES]
    X, (found,) = read(tmp_path, "a", numbers)
    assert X["a"].tolist() == numbers
    assert found.kind == "suspect"
    assert "whole numbers that all are dates" in found.text
    assert "'kinds: {a: date}'" in found.remedy
    X, _ = read(tmp_path, "a", numbers, kinds={"a": "date"})
    assert X["a"].tolist() == DAYS
    assert read(tmp_path, "a", numbers, kinds={"a": "numeric"})[1] == []


def test_days_in_a_row_are_no_counter_of_the_rows(tmp_path):
    X, (found,) = read(tmp_path, "day", [int(f"{day:%Y%m%d}") for day in sorted(DATES)])
    assert X["day"].tolist() == sorted(DAYS)
    assert found.kind == "read"


def test_six_digits_are_months(tmp_path):
    X, (found,) = read(tmp_path, "month", [int(f"{day:%Y%m}") for day in DATES])
    assert X["month"].tolist() == [n - day.day + 1 for n, day in zip(DAYS, DATES, strict=True)]
    assert "months as their first day" in found.text
    _, (found,) = read(tmp_path, "a", [int(f"{day:%Y%m}") for day in DATES])
    assert "whole numbers that all are dates" in found.text


@pytest.mark.parametrize(("unit", "per_day"), [("seconds", 86_400), ("milliseconds", 86_400_000)])
def test_seconds_since_1970_are_dates_where_the_name_says_so(tmp_path, unit, per_day):
    X, (found,) = read(tmp_path, "event_timestamp", [n * per_day for n in DAYS])
    assert X["event_timestamp"].tolist() == DAYS
    assert f"in {unit} since 1970-01-01" in found.text
    assert read(tmp_path, "income", [n * per_day for n in DAYS])[1] == []


def test_a_test_file_is_read_alike(tmp_path):
    numbers = [int(f"{day:%Y%m%d}") for day in DATES]
    frame = pd.DataFrame({"date": numbers, "x": [n * n % 37 + 0.25 for n in range(ROWS)], "y": LABELS})
    frame.to_csv(tmp_path / "test.csv", index=False)
    X, _ = read(tmp_path, "date", numbers, test="test.csv")
    assert X["date"].tolist() == DAYS * 2
    frame.assign(date=5).to_csv(tmp_path / "test.csv", index=False)
    with pytest.raises(ConfigError, match=r"expected dates in column 'date' of test\.csv"):
        read(tmp_path, "date", numbers, test="test.csv")


@pytest.mark.parametrize(
    "values",
    [
        [20240131, 20240230, 20240301, 20240401, 20240501],
        [20240131.5, 20240201, 20240301, 20240401, 20240501],
        [20240131, np.nan],
        [202313, 202301, 202302, 202303, 202304, 202305],
        [1e9] * 9,
        [],
        [np.nan],
    ],
)
def test_other_numbers_are_none(values):
    assert date_form_of_numbers("a", np.array(values, dtype=float)) == ("", False)


def test_days_of_excel_under_a_name_of_dates_are_numbers_with_a_word(tmp_path):
    serials = [44000 + 11 * (n * 7 % ROWS) for n in range(ROWS)]
    X, (found,) = read(tmp_path, "visit_date", serials)
    assert X["visit_date"].tolist() == serials
    assert "44000 may be days as Excel counts them (2020-06-18): they are read as numbers" in found.text
    assert not found.is_caveat
    assert read(tmp_path, "distance", serials)[1] == []


@pytest.mark.parametrize("form", ["%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S"])
def test_days_with_their_time_are_dates_under_such_a_name_and_a_caveat_elsewhere(tmp_path, form):
    first = datetime.datetime(2024, 1, 1)
    instants = [first + datetime.timedelta(hours=7 * n) for n in range(ROWS)]
    numbers = [int(one.strftime(form)) for one in instants]
    X, (found,) = read(tmp_path, "timestamp", numbers)
    days = [(one - datetime.datetime(1970, 1, 1)) / datetime.timedelta(days=1) for one in instants]
    np.testing.assert_allclose(X["timestamp"], days)
    assert not found.is_caveat
    X, found = read(tmp_path, "amount", numbers)
    assert X["amount"].tolist() == numbers
    assert "whole numbers that all are dates" in found[0].text
    assert found[0].is_caveat
    assert date_form_of_numbers("day", np.array([2024010125.0, 2024023001.0])) == ("", False)
