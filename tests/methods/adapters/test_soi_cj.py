"""SOI_CJ keeps the clusters it merged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from smote_bench.methods.resampling import load_sampler, resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")


def test_soi_cj_keeps_the_clusters_it_merged() -> None:
    # Two groups of minority rows, the majority between them: the cluster of each row is its group.
    minority = np.array([[0.0, 0], [0, 1], [0, 2], [0, 3], [50, 0], [50, 1], [50, 2], [50, 3]])
    majority = np.array([[25.0, float(row)] for row in range(30)])
    X, y = np.vstack([minority, majority]), np.repeat([1, 0], [8, 30])

    def clusters(sampler: Any) -> list[list[int]]:
        sampler.class_label_statistics(y)
        return sorted(map(sorted, sampler.clustering(X, y, {})))

    assert clusters(smote_variants.SOI_CJ(random_state=0)) == [[4, 5, 6, 7]]
    assert clusters(load_sampler("smote_variants:SOI_CJ")(random_state=0)) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    resampled = resample(parse_method("SOI_CJ"), X, y, seed=0)
    assert np.bincount(resampled.y).tolist() == [30, 30]
    assert set(resampled.X[len(X) :, 0].tolist()) == {0.0, 50.0}


def test_soi_cj_takes_minority_rows_far_from_any_majority_for_one_cluster() -> None:
    X, y = np.vstack([np.arange(4.0)[:, None], np.arange(100.0, 110)[:, None]]), np.repeat([1, 0], [4, 10])
    assert np.bincount(resample(parse_method("SOI_CJ"), X, y, seed=0).y).tolist() == [10, 10]
