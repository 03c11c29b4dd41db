"""Times of rows: what may be said of them, and of dates that cannot be read.

Also of: unread_dates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.roles.times import times_findings, times_of
from smote_bench.data.roles.unread_dates import why_unread
from smote_bench.errors import ConfigError


@pytest.mark.parametrize("cells", [["01/01/24", "31/01/24"], ["24-01-05", "23-12-31"], ["Jan-24", "Feb-24"]])
def test_years_of_two_digits_are_named_as_the_trouble(cells):
    with pytest.raises(ConfigError, match=r"years have two digits.*write all four digits; write dates of"):
        times_of(pd.Series(cells, name="t"), "own")


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["3. März 2024", "4. Mai 2024"], "März"),
        (["3 févr. 2024", "4 janv. 2024"], "févr"),
        (["15 enero 2024", "2 agosto 2023"], "enero"),
        (["3-Okt-2024", "4-Dez-2024"], "Okt"),
    ],
)
def test_months_named_in_another_language_are_named_as_the_trouble(cells, name):
    with pytest.raises(ConfigError, match=f"names of another language \\('{name}'.*write numbers for months"):
        times_of(pd.Series(cells, name="t"), "own")


def test_of_other_words_no_trouble_is_guessed():
    assert why_unread(["soon", "later"]) == ""


@pytest.mark.parametrize("per_second", [10**3, 10**6, 10**9])
def test_counts_since_1970_are_in_order_as_they_stand(per_second):
    seconds = np.array([1704067200, 1672531200, 1704067201])
    for column in (pd.Series(seconds * per_second), pd.Series((seconds * per_second).astype(str))):
        assert np.argsort(np.argsort(times_of(column, "own"))).tolist() == [1, 0, 2]
        assert times_findings(column) == []


def test_days_of_excel_are_numbers_with_a_word():
    column = pd.Series([44927, 45000], name="visit_date")
    assert times_of(column, "own").tolist() == [44927, 45000]
    (found,) = times_findings(column)
    assert "44927 may be days as Excel counts them (2023-01-01), they are read as numbers" in found.text
    assert times_findings(column.rename("distance")) == []


def _doubts(cells):
    column = pd.Series(cells, name="t")
    return [one for one in times_findings(column, times_of(column, "own")) if one.is_caveat]


DAYS = [f"2024-03-{n:02d}" for n in range(1, 29)]
SECONDS = [1_600_000_000 + 86_400 * n for n in range(200)]


@pytest.mark.parametrize(
    ("cells", "shown", "n"),
    [
        ([*DAYS, "9999-12-31"], "9999-12-31", 1),
        ([*DAYS, "0001-01-01", "0001-01-01"], "0001-01-01", 2),
        ([*DAYS, "1900-01-01", "1900-01-01"], "1900-01-01", 2),
        (pd.to_datetime([*DAYS, "1970-01-01", "1970-01-01"]), "1970-01-01", 2),
        (["31.12.9999", *(f"{n:02d}.03.2024" for n in range(10, 29))], "9999-12-31", 1),
        ([20240301, 20240302, 20240303, -999, -999], "-999", 2),
        ([*SECONDS, 0, 0], "0", 2),
        (["2001", "2002", "2003", "0", "0"], "0", 2),
        (["2001", "2002", "2003", "9999", "9999"], "9999", 2),
    ],
)
def test_a_time_that_programs_write_where_there_is_none_is_a_caveat(cells, shown, n):
    (found,) = _doubts(cells)
    assert f"'t': {shown} in {n} of {len(cells)} rows is far from all other times" in found.text


@pytest.mark.parametrize(
    "cells",
    [
        DAYS,
        ["0410-08-24", "0476-09-04", "1066-10-14", "1789-07-14", "1969-07-20"],
        ["9999-12-30", "9999-12-31"],
        [0, 0, 1, 2, 3],
        [0, 0, 500, 1000, 5000],
        [97, 98, 99, 99, 100],
        ["1970-01-01", "1970-01-01", "1970-01-02", "1971-05-01"],
    ],
)
def test_times_that_are_near_or_far_for_good_are_none(cells):
    assert _doubts(cells) == []


def test_a_time_of_none_is_among_the_findings_of_a_file(tmp_path):
    from smote_bench.data.sources import parse_source

    lines = [f"{day},{n % 7}.5,{n % 3 // 2}" for n, day in enumerate([*DAYS, "9999-12-31"])]
    (tmp_path / "t.csv").write_text("\n".join(["day,x,y", *lines]) + "\n")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": 1, "time": "day"}
    assert [one.column for one in parse_source(entry, tmp_path).findings if one.is_caveat][:1] == ["day"]


@pytest.mark.parametrize(
    "others", [["1", "32", "37"], ["31.12.2023", "13.01.2024", "2.1.2024"], ["2024-01-01"] * 3]
)
def test_the_cell_that_is_no_time_is_named_and_not_the_others(others):
    with pytest.raises(ConfigError, match=r"which is 'time', got '-', the first in row 3 of 4"):
        times_of(pd.Series([*others[:2], "-", *others[2:]], name="t"), "t")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["75,646", "953", "1,204"], [2, 0, 1]),
        (["310 days", "58 days", "436 days"], [1, 0, 2]),
        (["31 Tage", "5 Tage", "12 Tage"], [2, 0, 1]),
        (["1.5 h", "0.5 h", "12 h"], [1, 0, 2]),
        (["3 Wks.", "1 Wks.", "20 Wks."], [1, 0, 2]),
        (["57:26", "95:00", "1:45"], [1, 2, 0]),
        (["12:30", "9:05", "23:59"], [1, 0, 2]),
        (["2020/21", "2019/20", "2023/24"], [1, 0, 2]),
        (["2020-21", "2019-20"], [1, 0]),
        (["01-2021", "12-2019", "06-2020"], [2, 0, 1]),
        ([pd.Timedelta("3h"), pd.Timedelta("-1D"), pd.Timedelta("4D")], [1, 0, 2]),
    ],
)
def test_times_as_features_may_have_them_are_in_order(cells, order):
    column = pd.Series(cells, name="t")
    assert np.argsort(np.argsort(times_of(column, "own"))).tolist() == order


def test_times_that_are_no_dates_are_said():
    (found,) = times_findings(*_read(["75,646", "953", "1,204"]))
    assert "times are read as numbers, '75,646' as 75646" in found.text
    (found,) = times_findings(*_read(["12:30", "9:05"]))
    assert found.is_caveat
    assert "times of day, or durations" in found.text
    (found,) = times_findings(*_read(["57:26", "95:00"]))
    assert (found.kind, found.remedy) == ("read", "")
    assert times_findings(*_read(["2020/21", "2019/20", "2023/24"])) == []


def test_numbers_of_nines_are_named_among_times_with_a_unit_too():
    cells = [f"{n} days" for n in range(40)] + ["9,999 days"] * 3
    read, doubt = times_findings(*_read(cells))
    assert "times are read as numbers" in read.text
    assert "9999 in 3 of 43 rows is far from all other times" in doubt.text
    spans = pd.Series([pd.Timedelta(days=n) for n in (-25567, -25567, *range(40))], name="t")
    assert times_findings(spans, times_of(spans, "own")) == []


def _read(cells):
    column = pd.Series(cells, name="t")
    return column, times_of(column, "own")


@pytest.mark.parametrize("cells", [["V11", "V8"], ["12:30", "1:02:03"], ["3 kg", "7 lb"]])
def test_what_has_no_order_or_two_is_refused(cells):
    with pytest.raises(ConfigError, match="expected numbers or dates"):
        times_of(pd.Series(cells, name="t"), "own")


@pytest.mark.parametrize(
    "form",
    ["{} days ago", "{} d before", "{} BC", "{} BP", "{} days left", "{} v.Chr.", "{}K", "{} kg", "{}%"],
)
def test_what_goes_back_or_is_no_time_is_refused(form):
    with pytest.raises(ConfigError, match="expected numbers or dates"):
        times_of(pd.Series([form.format(n) for n in (50, 9, 36)], name="t"), "own")
