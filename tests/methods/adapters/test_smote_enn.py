"""SMOTE_ENN gives back what editing left, or its input where a class is gone."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")


def test_smote_enn_returns_what_edited_nearest_neighbours_left() -> None:
    # Two far groups, and one majority row among the minority: it is all that cleaning takes away.
    rng = np.random.default_rng(0)
    X = np.vstack([rng.normal(0, 1, (10, 2)), rng.normal(50, 1, (30, 2)), [[0.0, 0.0]]])
    y = np.repeat([1, 0], [10, 31])
    assert np.array_equal(smote_variants.SMOTE_ENN(random_state=0).sample(X, y)[0], X)
    resampled = resample(parse_method("SMOTE_ENN"), X, y, seed=0)
    assert np.bincount(resampled.y).tolist() == [30, 31]
    assert not resampled.noop


def test_smote_enn_gives_its_input_back_when_a_class_is_gone() -> None:
    # Each minority row sits alone among majority rows, and nothing is added to keep it company.
    middles = np.arange(0.0, 60.0, 10.0)[:, None]
    X = np.vstack([middles, *(middles + step for step in (-0.2, -0.1, 0.1, 0.2))])
    y = np.repeat([1, 0], [len(middles), 4 * len(middles)])
    resampled = resample(parse_method("SMOTE_ENN", {"proportion": 0.0}), X, y, seed=0)
    assert resampled.noop
    assert "ENN removed a whole class" in resampled.warnings[-1]
