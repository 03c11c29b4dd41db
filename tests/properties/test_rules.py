"""The families' rules: from which rows of a class each may start, and how far it may go."""

from __future__ import annotations

import numpy as np

from smote_bench.properties.rules import allowed_segments


def _segments(family: str) -> set[tuple[int, int, float]]:
    # Class 1 at 0, 1, 2.2 and 30; class 0 at 2.5, 2.9 and far away. Half of m = 3 may be 1 or 2: row 2 is in
    # danger with two others of three, rows 0 and 1 with one; row 3 has only others beside it.
    X = np.array([[0.0], [1.0], [2.2], [30.0], [2.5], [2.9], [50.0], [51.0]])
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    found = allowed_segments(family, X, y, 1, k=1, m=3)
    return set(zip(found.seeds.tolist(), found.neighbors.tolist(), found.longest.tolist(), strict=True))


def test_smote_may_start_from_every_row():
    assert _segments("smote") == {(0, 1, 1.0), (1, 0, 1.0), (2, 1, 1.0), (3, 2, 1.0)}


def test_borderline_may_start_from_rows_in_danger_only():
    assert _segments("borderline1") == {(0, 1, 1.0), (1, 0, 1.0), (2, 1, 1.0)}


def test_borderline_of_the_second_kind_may_go_half_the_way_to_the_nearest_other_row():
    own, other = {(0, 1, 1.0), (1, 0, 1.0), (2, 1, 1.0)}, {(0, 4, 0.5), (1, 4, 0.5), (2, 4, 0.5)}
    assert _segments("borderline2") == own | other


def test_adasyn_may_start_from_rows_with_a_neighbor_of_another_class():
    assert _segments("adasyn") == {(2, 1, 1.0), (3, 2, 1.0)}


def test_an_interpolating_sampler_may_use_every_pair_of_its_class():
    assert len(_segments("interpolating")) == 16
