"""Where a table has groups, others are looked for: those of single rows join nothing, others may be parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.leaky_tables import labels, noise

from smote_bench.data.leaks.given_groups import is_coarser, row_of_each, that_join_rows
from smote_bench.data.leaks.search import find_leaks
from smote_bench.data.leaks.shared_ids import shared_id_leaks
from smote_bench.data.roles.rows import RowRoles

RNG = np.random.default_rng(5)
N, N_PATIENTS = 480, 80
PATIENT = np.repeat(np.arange(N_PATIENTS), 6)
HALF = np.arange(N) // 3
OF_PATIENTS = np.repeat(labels(RNG, N_PATIENTS, 20), 6)
OF_ROWS = labels(RNG, N, 120)
FEATURES = noise(RNG, N)
NAMES = pd.Categorical([f"P{n}" for n in PATIENT])


def _found(groups: np.ndarray, y: np.ndarray, column: str = "whose") -> list[tuple[str, str]]:
    found = find_leaks(FEATURES.assign(**{column: NAMES}), y, RowRoles(groups=groups))
    return [(one.column, one.remedy) for one in found if one.column == column]


def test_a_number_of_each_row_is_no_group_and_hides_none() -> None:
    ((_, remedy),) = _found(np.arange(N), OF_PATIENTS)
    assert remedy.startswith("'groups: whose' keeps them on one side")


def test_half_the_rows_of_a_patient_are_no_group_of_his() -> None:
    ((_, remedy),) = _found(HALF, OF_PATIENTS)
    assert remedy.startswith("'groups: whose' in place of the groups given keeps them on one side")
    (found,) = find_leaks(FEATURES.assign(whose=NAMES), OF_PATIENTS, RowRoles(groups=HALF))
    assert (
        "80 values of 2.0 groups each, 80 of them with groups of one class only; 0 pairs of groups"
        in found.text
    )


@pytest.mark.parametrize("groups", [PATIENT, PATIENT // 2, np.arange(N) % 60])
def test_groups_that_are_as_large_larger_or_others_are_left_to_the_owner(groups: np.ndarray) -> None:
    assert _found(groups, OF_PATIENTS) == []


@pytest.mark.parametrize(("name", "n"), [("patient", 1), ("clinic_id", 0)])
def test_the_name_of_a_larger_group_has_to_say_whose_rows_are(name: str, n: int) -> None:
    assert len(_found(HALF, np.repeat(labels(RNG, N // 3, 40), 3), name)) == n
    assert len(_found(np.arange(N), OF_ROWS, name)) == 1


def test_chance_joins_no_groups() -> None:
    for seed in range(50):
        rng = np.random.default_rng(seed)
        X = noise(rng, 300).iloc[np.repeat(np.arange(300), 2)].reset_index(drop=True)
        y = np.repeat(labels(rng, 300, 60), 2)
        assert find_leaks(X, y, RowRoles(groups=np.repeat(np.arange(300), 2))) == []


def test_a_dropped_column_of_larger_groups_is_named() -> None:
    frame = pd.DataFrame({"whose": NAMES.astype(str), "a": OF_ROWS})
    keys = {"dropped": ["whose"], "features": ["a"]}
    (found,) = shared_id_leaks(frame, OF_PATIENTS, groups=HALF, **keys)
    assert found.column == "whose"
    assert shared_id_leaks(frame, OF_PATIENTS, groups=PATIENT, **keys) == []


def test_groups_are_numbered_and_one_row_of_each_is_taken() -> None:
    assert that_join_rows(None) is None
    assert row_of_each(np.array([2, 0, 2, 1, 0])).tolist() == [True, True, False, True, False]
    assert is_coarser(np.array([5, 5, 7, -1]), np.array([0, 0, 1, 2]))
    assert not is_coarser(np.array([5, 6, 7, -1]), np.array([0, 0, 1, 2]))
    assert is_coarser(np.array([], dtype=int), np.array([], dtype=int))
