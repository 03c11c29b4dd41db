"""Dates as days: every usual form is read back, what is no date is none."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.date_columns import (
    dates_in_several_forms,
    days,
    days_of_texts,
    find_date_form,
    word_of_period,
)

EPOCH = datetime.date(1970, 1, 1)
FORMS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%m/%d/%y",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%Y%m%dT%H%M",
    "%Y%m%dT%H%M%S",
    "%Y%m%dT%H%M%SZ",
    "%d%b%y",
    "%Y. %m. %d.",
    "%d. %m. %Y",
    "%Y年%m月%d日",
    "%d%b%Y:%H:%M:%S.000",
    "%Y-%m-%d %H:%M:%S UTC",
    "%Y-%m-%d %H:%M:%S.%f GMT",
    "%d/%m/%Y, %H:%M:%S",
    "%d.%m.%Y, %H:%M",
    "%m/%d/%Y, %I:%M:%S\u202f%p",
    "%m/%d/%Y %I:%M%p",
    "%b %e %Y %l:%M%p",
    "%b %e %Y %l:%M:%S:000%p",
    "%d-%b-%y %I.%M.%S.%f000 %p",
    "%B %dth, %Y",
    "%dth %B %Y",
    "%d/%m/%Y %I:%M:%S a. m.",
    "%d/%m/%Y %I:%M:%S a.\u00a0m.",
]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=15, deadline=None)
@given(st.lists(st.dates(datetime.date(1970, 1, 1), datetime.date(2060, 1, 1)), min_size=1, max_size=20))
def test_written_and_read_they_are_the_same(form, dates):
    if "%y" in form:
        dates = [d.replace(year=d.year - 30, day=min(d.day, 28)) for d in dates]
    dates = [*dates, datetime.date(2024, 12, 31)]  # tells the day from the month
    texts = [datetime.datetime(d.year, d.month, d.day).strftime(form) for d in dates]
    found, share, other = find_date_form(texts, [1] * len(texts))
    assert (share, other) == (1, "")
    assert days_of_texts(texts, found).tolist() == [float((d - EPOCH).days) for d in dates]


def test_the_time_of_day_is_a_part_of_a_day():
    assert days_of_texts(["1970-01-02 06:00"], "ISO8601").tolist() == [1.25]
    halves = ["02/01/1970 06:00:00 a. m.", "02/01/1970 06:00:00 p. m.", "02/01/1970 12:00:00 A.M."]
    assert days_of_texts(halves, "%d/%m/%Y %I:%M:%S %p").tolist() == [1.25, 1.75, 1.0]
    stamps = pd.Series(pd.to_datetime(["1970-01-02 06:00+06:00", None]))
    np.testing.assert_array_equal(days(stamps), [1.0, np.nan])


def test_day_and_month_that_may_change_places_are_known():
    assert find_date_form(["01/02/2020", "03/04/2020"], [1, 1]) == ("%d/%m/%Y", 1.0, "%m/%d/%Y")
    assert find_date_form(["01/02/2020", "03/14/2020"], [1, 1]) == ("%m/%d/%Y", 1.0, "")


def test_one_date_in_another_form_leaves_the_form_of_all_others():
    texts = [*(f"2024-01-{n:02d}" for n in range(1, 29)), "20240101T0930"]
    assert find_date_form(texts, [7] * 28 + [1])[:1] == ("ISO8601",)


def test_a_date_beyond_all_times_is_none():
    form, share, _ = find_date_form(["2020-01-01", "9999-12-31"], [98, 2])
    assert share == 1.0
    np.testing.assert_array_equal(days_of_texts(["2020-01-01", "9999-12-31"], form), [18262.0, np.nan])


@pytest.mark.parametrize(
    "texts",
    [
        ["1.2.3", "1.4.10"],
        ["2020", "2021"],
        ["12:30"],
        ["red", "May"],
        ["555-12-3456"],
        ["1/2"],
        ["20-30"],
        [],
    ],
)
def test_codes_and_words_are_no_dates(texts):
    assert find_date_form(texts, [1] * len(texts)) is None


@given(st.lists(st.floats() | st.integers(-(10**6), 10**6) | st.text(max_size=12), min_size=1, max_size=20))
def test_numbers_and_texts_are_no_dates(values):
    found = find_date_form([str(value) for value in values], [1] * len(values))
    assert found is None or found[1] < 0.95


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%d.%m.%Y", "parquet"])
def test_dates_that_stand_for_none_are_missing_with_a_word_however_many_they_are(tmp_path, written):
    dates = [datetime.date(9999, 12, 31)] * 40 + [datetime.date(2024, 1, n) for n in range(13, 23)]
    frame = pd.DataFrame({"ended": dates, "x": np.arange(50) % 7, "y": np.arange(50) % 4 // 3})
    if written == "parquet":
        frame["ended"] = np.array(dates, dtype="datetime64[us]")
        frame.to_parquet(tmp_path / "t.parquet")
    else:
        frame["ended"] = [date.strftime(written) for date in dates]
        frame.to_csv(tmp_path / "t.csv", index=False)
    file = "t.parquet" if written == "parquet" else "t.csv"
    source = parse_source({"name": "t", "file": file, "target": "y", "minority": 1}, tmp_path)
    expected = [np.nan] * 40 + [float((date - EPOCH).days) for date in dates[40:]]
    np.testing.assert_array_equal(load_dataset(source).X["ended"], expected)
    (said,) = [one for one in source.findings if "before 1678 or after 2261" in one.text]
    assert said.kind == "suspect"
    assert "has 40 dates" in said.text
    assert "9999" in said.text


@pytest.mark.parametrize("written", ["%d-%b-%y", "%d.%m.%y", "%m/%d/%y"])
def test_two_digits_are_the_years_from_1936_to_2035_with_a_caveat(tmp_path, written):
    dates = [datetime.date(year, 2, 28) for year in range(1936, 2036)]
    lines = [f"{date.strftime(written)},{n % 7},{n % 4 // 3}" for n, date in enumerate(dates)]
    (tmp_path / "t.csv").write_text("\n".join(["born,x,y", *lines]) + "\n")
    source = parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": 1}, tmp_path)
    assert load_dataset(source).X["born"].tolist() == [float((date - EPOCH).days) for date in dates]
    (said,) = [one for one in source.findings if one.column == "born" and "two digits" in one.text]
    assert said.kind == "suspect"
    assert f"those from 1936 to 2035, '{dates[0].strftime(written)}' for 1936-02-28" in said.text


@pytest.mark.parametrize(
    ("texts", "first_days"),
    [
        (["Jan 2024", "Dec 2023"], ["2024-01-01", "2023-12-01"]),
        (["January 2024", "December 2023"], ["2024-01-01", "2023-12-01"]),
        (["Jan-2024", "Dec-2023"], ["2024-01-01", "2023-12-01"]),
        (["Jan-85", "Dec-15"], ["1985-01-01", "2015-12-01"]),
        (["2024 Jan", "2023 Dec"], ["2024-01-01", "2023-12-01"]),
        (["01/2024", "12/2023"], ["2024-01-01", "2023-12-01"]),
        (["2020Q1", "2019Q4"], ["2020-01-01", "2019-10-01"]),
        (["2020-Q1", "2019 q4"], ["2020-01-01", "2019-10-01"]),
        (["Q1 2020", "4Q2019"], ["2020-01-01", "2019-10-01"]),
        (["2020-W05", "2021-W1"], ["2020-01-27", "2021-01-04"]),
        (["2020W05", "2021-W01-7"], ["2020-01-27", "2021-01-10"]),
    ],
)
def test_months_quarters_and_weeks_are_their_first_day(texts, first_days):
    form, share, other = find_date_form(texts, [1] * len(texts))
    assert (share, other) == (1, "")
    expected = [(datetime.date.fromisoformat(day) - EPOCH).days for day in first_days]
    assert days_of_texts([*texts, "soon", "2020Q5"], form).tolist()[:2] == expected
    assert np.isnan(days_of_texts(["soon", "2020Q5", "2020-W60"], form)).all()
    assert bool(word_of_period(form))


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["21DEC2019", "01jan2020", "02Feb2020"], "2019-12-21"),
        (["21DEC2019:06:00:00", "01JAN2020:12:30:00"], "2019-12-21T06:00"),
        (["Mon Jan 18 06:00:00 +0000 2021", "Tue Jan 19 16:00:00 +0000 2021"], "2021-01-18T06:00"),
        (["27/Jan/2020:21:00:00 +0000", "28/Jan/2020:03:00:00 +0100"], "2020-01-27T21:00"),
        (["2024-01-01 00:00:00,500", "2024-01-01 00:01:00,100"], "2024-01-01T00:00:00.500"),
    ],
)
def test_dates_as_programs_write_them(texts, first):
    form, share, _ = find_date_form(texts, [1] * len(texts))
    assert share == 1
    expected = np.datetime64(first, "ms").astype(np.int64) / 86_400e3
    assert days_of_texts(texts, form)[0] == pytest.approx(expected, abs=1e-9)
    assert np.diff(days_of_texts(texts, form))[0] > 0


def test_a_day_with_its_time_without_signs_has_both():
    texts = ["20240101T0930", "20240102T1800"]
    form, share, other = find_date_form(texts, [1, 1])
    assert (share, other) == (1, "")
    assert (days_of_texts(texts, form) % 1 * 24).round(6).tolist() == [9.5, 18]


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["2024-03-05", "05.03.2024", "2024-03-06", "06.03.2024"], ["2024-03-05", "05.03.2024"]),
        (["2024-03-05", "3/13/2024", "2024-03-06", "3/14/2024"], ["2024-03-05", "3/13/2024"]),
        (["2024-03-05", "45353", "2024-03-06", "45354"], ["2024-03-05"]),
        (["2024-03-05", "2024-03-05 10:30", "2024-03-06", "soon"], ["2024-03-05 10:30", "2024-03-05"]),
    ],
)
def test_dates_of_a_column_that_is_none_of_dates_are_known(texts, shown):
    assert dates_in_several_forms(texts) == shown


@pytest.mark.parametrize(
    "texts",
    [["Ward 12", "Room 2024", "Hall 7"], ["red", "2024-03-05"], ["10-20", "20-30"], ["45353", "45354"], []],
)
def test_other_texts_are_none(texts):
    assert dates_in_several_forms(texts) == []


def test_few_dates_in_two_forms_are_a_caveat_and_categories(tmp_path):
    cells = [f"2024-03-{n % 9 + 1:02d}" if n % 2 else f"{n % 9 + 1:02d}.03.2024" for n in range(90)]
    rows = [f"{n % 37},{cell},{n % 4}" for n, cell in enumerate(cells)]
    (tmp_path / "t.csv").write_text("\n".join(["x,d,y", *rows]))
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": 1}
    (found,) = (one for one in parse_source(entry, tmp_path).findings if one.column == "d")
    assert found.is_caveat
    assert "has dates in several forms, such as " in found.text
    assert [
        one
        for one in parse_source({**entry, "kinds": {"d": "nominal"}}, tmp_path).findings
        if one.column == "d"
    ] == []
