"""Role columns: what becomes of their values, and which are refused."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.roles.columns import role_findings, row_roles
from smote_bench.data.roles.keys import RoleKeys
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError


def roles_of(role: str, values, column: str = "c"):
    return row_roles(pd.DataFrame({column: values}), RoleKeys(**{role: column}), "t")


def test_groups_are_numbered_as_they_come():
    np.testing.assert_array_equal(roles_of("groups", ["b", " a", "b ", "a"]).groups, [0, 1, 0, 1])
    np.testing.assert_array_equal(roles_of("groups", [7, 3, 7]).groups, [0, 1, 0])


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["10", "9", "9.5"], [2, 0, 1]),
        (["2024-12-31", "2024-01-02", "2024-01-02T12:00:00"], [2, 0, 1]),
        (["31.12.2024", "2.1.2024", "3.1.2024"], [2, 0, 1]),
        (pd.to_datetime(["2024-12-31", "2024-01-02", "2024-01-03"]), [2, 0, 1]),
        ([3, 1, 2], [2, 0, 1]),
        (["19-Jan-2024", "02-Dec-2023", "03-Dec-2023"], [2, 0, 1]),
        (["Jan 2024", "Sep 2023", "Dec 2023"], [2, 0, 1]),
        (["2020Q1", "2018Q4", "2019Q2"], [2, 0, 1]),
        (["2020-W5", "2019-W12", "2020-W04"], [2, 0, 1]),
        (["1/2/2024 10:30", "12/31/2023 09:00", "12/31/2023 9:30"], [2, 0, 1]),
        (["2024-01-01T00:30:00+02:00", "2023-12-31T21:00:00Z", "2023-12-31T22:15:00Z"], [2, 0, 1]),
    ],
)
def test_times_are_numbers_or_dates(texts, order):
    times = roles_of("time", texts).times
    np.testing.assert_array_equal(np.argsort(np.argsort(times)), order)
    assert times.dtype == np.float64


def test_dates_with_years_of_two_digits_or_two_readings_are_refused():
    with pytest.raises(ConfigError, match="write dates of the years 1 to 9999 as 2024-12-31"):
        roles_of("time", ["Jan-24", "Feb-24"])
    with pytest.raises(ConfigError, match="day and month may be either"):
        roles_of("time", ["01/02/2024 10:30", "03/04/2024 10:30"])


FAR = [datetime(9999, 12, 31), datetime(1, 1, 1), datetime(2024, 1, 1, 12)]


@pytest.mark.parametrize(
    "values",
    [
        [f"{when.year:04}-{when:%m-%dT%H:%M:%S}" for when in FAR],
        ["9999-12-31", "0001-01-01", "2024-01-01T12:00:00.000000000"],
        np.array(FAR, dtype="datetime64[us]"),
        np.array(FAR, dtype="datetime64[s]"),
        pd.Series(np.array(FAR, dtype="datetime64[us]")).dt.tz_localize("UTC"),
        pd.Series(FAR, dtype=object),
    ],
)
def test_dates_far_from_today_keep_their_place(values):
    expected = [(when - datetime(1970, 1, 1)).total_seconds() for when in FAR]
    np.testing.assert_array_equal(roles_of("time", values).times, expected)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_seconds_are_the_same_in_every_unit(unit):
    values = np.array(["1700-01-01", "2024-02-29"], dtype=f"datetime64[{unit}]")
    np.testing.assert_array_equal(roles_of("time", values).times, [-8520336000.0, 1709164800.0])


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("part", ["train", "Test", "TRAINING"], [False, True, False]),
        ("is_test", ["True", "false", "False"], [True, False, False]),
        ("is_test", [0.0, 1.0, 0.0], [False, True, False]),
        ("is_test", ["0.0", "1.0", "1"], [False, True, True]),
        ("test", ["yes", "No", "no"], [True, False, False]),
        ("train", ["Y", "n", "n"], [False, True, True]),
        ("in_train", ["t", "f", "f"], [False, True, True]),
        ("test", [True, False, False], [True, False, False]),
        ("fold", ["train", "Valid", "test"], [False, False, True]),
        ("set", ["training", "dev", "holdout"], [False, False, True]),
        ("is_train", [1, 0, 1], [False, True, False]),
        ("isTest", [1, 0, 1], [True, False, True]),
        ("TRAIN", ["1", "0", "1"], [False, True, False]),
        ("in test set", [1, 0, 1], [True, False, True]),
        ("istrain2", [1, 0, 1], [False, True, False]),
        ("holdout", [1, 0, 1], [True, False, True]),
        ("latest", ["test", "train", "train"], [True, False, False]),
    ],
)
def test_a_split_column_says_which_rows_test(column, values, expected):
    np.testing.assert_array_equal(roles_of("split", values, column).is_test, expected)


def test_rows_to_validate_train_with_a_word():
    frame = pd.DataFrame({"set": ["train", "Val", "test", "val"]})
    (found,) = role_findings(frame, RoleKeys(split="set"))
    assert "2 rows of 'val' train" in found.text
    assert role_findings(frame.replace("(?i)val", "test", regex=True), RoleKeys(split="set")) == []
    assert role_findings(frame, RoleKeys()) == []


@pytest.mark.parametrize("values", [["yes", "0"], ["0", "1", "2"], ["1", "2"], ["true", "no"]])
def test_mixed_truths_and_numbers_of_folds_are_refused_with_what_is_taken(values):
    with pytest.raises(ConfigError, match="yes and no, 1 and 0 will do where the column's name says"):
        roles_of("split", values, "is_test")


@pytest.mark.parametrize(
    ("role", "values", "words"),
    [
        (
            "groups",
            ["a", "", "b"],
            "a value in every row of column 'c', which is 'groups', got 1 missing cells, ",
        ),
        ("groups", ["a", "na", None], "got 2 missing cells, the first in row 2 of 3"),
        ("time", ["2024-01-01", "soon"], "numbers or dates in column 'c', which is 'time', got 'soon'"),
        ("time", ["2024-01-01", "12024-01-01"], "got '12024-01-01', the first in row 2 of 2: write dates of"),
        ("time", ["03/04/2024", "05/06/2024"], "day and month may be either"),
        ("split", ["train", "valid"], "'train' or 'test' in column 'c', which is 'split', got 'valid'"),
        ("split", ["1", "0"], "yes and no, 1 and 0 will do where the column's name says"),
        ("split", ["train", "train"], "got train in all 2 rows"),
        ("weights", ["1", "-1"], "from 0 on in column 'c', which is 'weights', got 1 cells below 0"),
        ("weights", ["1", "much"], "got 1 cells that are none"),
        ("weights", ["0", "0"], "got 0 in every row"),
        ("weights", [1.0, np.inf], "got 1 cells that are none"),
    ],
)
def test_values_that_are_not_what_the_role_needs_are_refused(role, values, words):
    with pytest.raises(ConfigError, match=words):
        roles_of(role, values)


@pytest.mark.parametrize(
    "column",
    [
        "latest",
        "not_test",
        "notTest",
        "pretest",
        "contest",
        "no train",
        "nontest",
        "blood_test",
        "train_or_test",
    ],
)
def test_a_name_that_does_not_say_which_side_is_true_is_asked_about(column):
    with pytest.raises(
        ConfigError, match=f"'train' or 'test' in column '{column}', which is 'split', got 'true'"
    ):
        roles_of("split", ["true", "false"], column)


@pytest.mark.parametrize("file", ["t.csv", "t.parquet", "semicolons.csv"])
def test_columns_are_read_as_the_features_are(tmp_path, file):
    frame = pd.DataFrame({"x": [1, 2], "g": ["a07", "a7"], "w": [1.5, 2.0], "y": [1, 0]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_csv(tmp_path / "semicolons.csv", index=False, sep=";", decimal=",", encoding="utf-16")
    frame.to_parquet(tmp_path / "t.parquet")
    entry = {"name": "t", "file": file, "target": "y", "minority": 1, "groups": "g", "weights": "w"}
    found = load_dataset(parse_source(entry, tmp_path))
    assert list(found.X.columns) == ["x"]
    np.testing.assert_array_equal(found.roles.groups, [0, 1])
    np.testing.assert_array_equal(found.roles.weights, [1.5, 2.0])


MARKED = [
    ("groups", ["p1", "#N/A", "p2", "p3"], None),
    ("groups", ["p1", "<NA>", "p2", "p3"], None),
    ("groups", ["p1", "unknown", "p2", "p3"], None),
    ("groups", ["17", "-", "18", "19"], None),
    ("groups", ["a", "nobody", "b", "c"], ["Nobody"]),
    ("time", ["7", "-9", "8", "9"], [-9]),
    ("time", ["7.5", "-9.0", "8", "9"], [-9]),
    ("time", [7.5, -9, 8, 9], [-9]),
    ("weights", ["7", "99", "8", "9"], ["99"]),
    ("split", ["train", "?", "test", "train"], None),
]


@pytest.mark.parametrize(("role", "values", "na"), MARKED)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_stands_for_a_missing_cell_is_no_value_of_a_role(tmp_path, role, values, na, form):
    frame = pd.DataFrame({"x": [1.5, 2.5, 4.5, 3.5], "c": values, "y": [1, 0, 0, 0]})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "t.csv", index=False)
    entry = {"name": "t", "file": f"t.{form}", "target": "y", "minority": 1, role: "c"}
    with pytest.raises(ConfigError, match=f"which is '{role}', got 1 missing cells, the first in row 2 of 4"):
        load_dataset(parse_source({**entry, **({"read": {"na": na}} if na else {})}, tmp_path))


def test_a_word_among_words_is_a_group_and_so_is_a_marker_that_na_leaves_out():
    np.testing.assert_array_equal(roles_of("groups", ["ann", "none", "bob"]).groups, [0, 1, 2])
    keys, read = RoleKeys(groups="c"), ReadKeys(na=("?",), only_na=True)
    found = row_roles(pd.DataFrame({"c": ["p1", "NA", "unknown"]}), keys, "t", read)
    np.testing.assert_array_equal(found.groups, [0, 1, 2])


@pytest.mark.parametrize(
    ("months", "order"),
    [
        (["12.2020", "01.2023", "02.2021"], [0, 2, 1]),
        (["12/2020", "1/2023", "2/2021"], [0, 2, 1]),
        (["2020.1", "2020.10", "2020.2", "2020.12"], [0, 2, 1, 3]),
        (["2020.01", "2020.10", "2020.02"], [0, 2, 1]),
        (["2020.5", "2020.1"], [1, 0]),
        (["13.2020", "2.2020"], [1, 0]),
    ],
)
def test_months_are_in_the_order_of_time(months, order):
    times = row_roles(pd.DataFrame({"when": months}), RoleKeys(time="when"), "t").times
    assert np.argsort(np.argsort(times)).tolist() == order


def test_spellings_of_one_group_are_one_group():
    frame = pd.DataFrame({"who": ["P1", "p1 ", "1", "1.0", "001", "P2"]})
    assert row_roles(frame, RoleKeys(groups="who"), "t").groups.tolist() == [0, 0, 1, 1, 1, 2]
