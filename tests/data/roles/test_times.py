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
