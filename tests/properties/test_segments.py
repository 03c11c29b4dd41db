"""Where a new row may have come from: steps on segments, and none beside them."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.properties.segments import explain


def test_a_row_on_a_segment_has_its_step():
    X = np.array([[0.0, 0.0], [4.0, 4.0]])
    found = explain(np.array([[1.0, 1.0]]), X, np.array([0]), np.array([1]))
    assert found.explained.tolist() == [True]
    assert found.steps[0, 0] == pytest.approx(0.25)


@pytest.mark.parametrize("row", [[1.0, 1.1], [-1.0, -1.0], [5.0, 5.0]])
def test_a_row_beside_or_beyond_a_segment_is_not_explained(row):
    X = np.array([[0.0, 0.0], [4.0, 4.0]])
    found = explain(np.array([row]), X, np.array([0]), np.array([1]))
    assert not found.explained.any()
    assert found.miss[0] > 0.05


def test_a_step_longer_than_allowed_is_not_explained():
    X = np.array([[0.0], [4.0]])
    found = explain(np.array([[1.9], [2.1]]), X, np.array([0]), np.array([1]), longest=0.5)
    assert found.explained.tolist() == [True, False]
