"""Which rows are the same, and which were kept."""

from __future__ import annotations

import numpy as np
import pytest

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
