"""Columns whose rows of one value belong together are told from numbers that predict, and from chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.leaky_tables import labels

from smote_bench.data.leaks.groups import _mixed_pairs, group_leaks, may_be_groups
from smote_bench.data.leaks.profiles import ColumnProfile, profile

RNG = np.random.default_rng(0)
PATIENTS = np.repeat(np.arange(40), 5)
OF_PATIENTS = np.repeat(labels(RNG, 40, 8), 5)


def _profile(values: object, y: np.ndarray, name: str = "a") -> ColumnProfile:
    return profile(pd.Series(values, name=name), y)


def _found(values: object, y: np.ndarray, name: str = "a") -> list[str]:
    column = _profile(values, y, name)
    return [one.kind for one in group_leaks([column], 5)] if may_be_groups(column) else []


def test_expected_pairs_and_their_deviation_are_those_of_all_shuffles() -> None:
    column = _profile(np.repeat(np.arange(12.0), [1, 2, 3, 4] * 3), labels(RNG, 30, 9))
    shuffled = []
    for seed in range(4000):
        y = np.random.default_rng(seed).permutation(np.r_[np.ones(9, int), np.zeros(21, int)])
        rows = _profile(column.values[column.codes], y).rows
        shuffled.append(int(rows.minority @ rows.majority))
    expected, deviation, _ = _mixed_pairs(column.rows)
    assert expected == pytest.approx(np.mean(shuffled), abs=4 * deviation / np.sqrt(4000))
    assert deviation == pytest.approx(np.std(shuffled), rel=0.05)


@pytest.mark.parametrize("as_text", [True, False])
def test_values_with_rows_of_one_class_only_are_groups(as_text: bool) -> None:
    order = RNG.permutation(40)  # or neighbours would be of one class, as sorted
    values = order[PATIENTS] * 1.0
    assert _found(pd.Categorical(values.astype(str)) if as_text else values, OF_PATIENTS) == ["leak"]


def test_labels_drawn_for_each_row_make_no_groups() -> None:
    assert _found(pd.Categorical(PATIENTS.astype(str)), labels(RNG, 200, 40)) == []


@pytest.mark.parametrize(
    "name", ["id", "patient_id", "PatientID", "customer", "user no", "Subject", "users_id"]
)
def test_a_column_called_like_an_identifier_is_suspected_whatever_the_labels(name: str) -> None:
    assert _found(PATIENTS * 1.0, labels(RNG, 200, 40), name) == ["suspect"]


@pytest.mark.parametrize(
    "name", ["paid", "width", "Fluid", "customers_served", "user_age", "valid", "sessions", "users"]
)
def test_a_name_that_only_contains_such_a_word_is_not(name: str) -> None:
    assert _found(PATIENTS * 1.0, labels(RNG, 200, 40), name) == []


def test_a_number_whose_neighbours_are_alike_too_is_no_group() -> None:
    strong = np.sort((100 * RNG.normal(size=400)).round())
    y = (strong + RNG.normal(scale=5, size=400) > 100).astype(int)
    assert _found(strong, y) == []


def test_fractions_are_measurements_and_no_groups() -> None:
    order = RNG.permutation(40)
    assert _found(order[PATIENTS] * 1.0, OF_PATIENTS) == ["leak"]
    assert _found(order[PATIENTS] + 0.5, OF_PATIENTS) == []


@pytest.mark.parametrize(("name", "says_drop"), [("patient_id", False), ("diagnosis", True)])
def test_groups_that_may_be_codes_of_the_target_may_be_left_out(name: str, says_drop: bool) -> None:
    values = pd.Categorical(RNG.permutation(40)[PATIENTS].astype(str))
    column = profile(pd.Series(values, name=name), OF_PATIENTS)
    (found,) = group_leaks([column], 3)
    assert found.remedy.startswith(f"'groups: {name}' keeps them on one side")
    assert (f"'drop: [{name}]'" in found.remedy) == says_drop


def test_of_several_columns_of_one_group_one_is_named_and_the_others_counted() -> None:
    order = RNG.permutation(40)
    columns = [
        _profile(order[PATIENTS] / 7, OF_PATIENTS, "weight"),
        _profile(order[PATIENTS] * 1.0, OF_PATIENTS, "patient"),
    ]
    (found,) = group_leaks(columns, 5)
    assert found.column == "patient"
    assert "1 more columns look like it" in found.text


def test_few_values_or_hardly_shared_ones_are_no_groups() -> None:
    assert not may_be_groups(_profile(np.arange(200) % 6 * 1.0, labels(RNG, 200, 40)))
    assert not may_be_groups(
        _profile(np.arange(200) // 2.0 + (np.arange(200) > 40) * np.arange(200), OF_PATIENTS)
    )


def test_three_values_with_minority_rows_are_too_few_to_be_called_groups() -> None:
    y = np.repeat((np.arange(40) < 3).astype(int), 5)
    assert _found(RNG.permutation(40)[PATIENTS] * 1.0, y) == []


def test_outliers_alone_with_their_values_make_no_groups() -> None:
    y = np.r_[np.zeros(120, int), np.ones(8, int)]
    values = np.r_[np.random.default_rng(0).integers(0, 40, 120), np.arange(8) * 7.3 + 0.5]
    assert _found(values, y) == []
