"""Which rows are the same, and which were kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.evaluation import row_matching
from smote_bench.evaluation.row_matching import match_rows, row_ids


def test_rows_are_numbered_in_the_order_in_which_they_first_appear() -> None:
    table = np.array([[1.0, 2.0], [0.0, 3.0], [1.0, 2.0], [-0.0, 3.0], [2.0, 1.0]])
    assert row_ids(table).tolist() == [0, 1, 0, 1, 2]


def test_rows_without_columns_are_all_the_same() -> None:
    assert row_ids(np.empty((3, 0))).tolist() == [0, 0, 0]


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_layout_in_memory_does_not_matter(order: str) -> None:
    table = np.asarray(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0]]), order=order)  # type: ignore[call-overload]
    assert row_ids(table).tolist() == [0, 1, 0]


def test_equal_rows_are_matched_one_to_one() -> None:
    X, y = np.array([[1.0], [1.0], [2.0]]), np.array([1, 1, 0])
    kept, made = match_rows(X, y, np.array([[2.0], [1.0], [2.0]]), np.array([0, 1, 0]))
    assert kept.tolist() == [True, False, True]
    assert made.tolist() == [2]


def test_a_row_with_another_label_is_another_row() -> None:
    X = np.array([[1.0], [2.0]])
    kept, made = match_rows(X, np.array([0, 1]), X, np.array([1, 1]))
    assert kept.tolist() == [False, True]
    assert made.tolist() == [0]


def test_appended_rows_are_found_as_they_are_among_shuffled_ones() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.integers(3, size=(40, 2)).astype(float), rng.integers(2, size=40)
    X_after, y_after = np.vstack([X, X[:7] + [[0.0, 1.0]]]), np.r_[y, y[:7]]
    kept, made = match_rows(X, y, X_after, y_after)
    assert kept.all()
    assert made.tolist() == list(range(40, 47))
    order = rng.permutation(47)
    kept, made = match_rows(X, y, X_after[order], y_after[order])
    assert kept.all()
    as_rows = [sorted(zip(*rows.T.tolist(), strict=True)) for rows in (X_after[order][made], X_after[40:])]
    assert as_rows[0] == as_rows[1]


@given(st.lists(st.lists(st.sampled_from([0.0, -0.0, 1.0, 1e300, float("nan")]), min_size=3, max_size=3)))
def test_rows_of_large_tables_are_numbered_by_hashes_as_those_of_small_ones_are(
    rows: list[list[float]],
) -> None:
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    expected = row_ids(table).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_matching, "_MANY_ROWS", 0)
        patch.setattr(row_matching, "_CHUNK_ROWS", 2)
        assert row_ids(table).tolist() == expected
        patch.setattr(row_matching, "_ODD", np.uint64(0))  # all rows have one hash
        assert row_ids(table).tolist() == expected


def test_a_table_of_many_rows_is_numbered_by_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    by_hash = []

    def noted(bits: np.ndarray) -> np.ndarray | None:
        by_hash.append(len(bits))
        return real(bits)

    real = row_matching._ids_by_hash
    monkeypatch.setattr(row_matching, "_ids_by_hash", noted)
    table = np.random.default_rng(0).integers(0, 100, (row_matching._MANY_ROWS, 2)).astype(float)
    _, first, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
    assert row_ids(table).tolist() == np.argsort(np.argsort(first))[place.ravel()].tolist()
    assert by_hash == [row_matching._MANY_ROWS]
