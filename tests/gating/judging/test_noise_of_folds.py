"""Design effects and effective degrees of freedom, against made-up deviations."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.gating.evidence.panel import Unit
from smote_bench.gating.judging.noise_of_folds import (
    design_effect,
    design_effect_of_differences,
    effective_df,
)

UNITS = [Unit(split, fold) for split in range(5) for fold in range(5)]


def _deviation(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return deviations around the mean of their unit with their degrees of freedom."""
    deviation = values - values.mean(axis=-2, keepdims=True)
    df = np.full((*values.shape[:-3], values.shape[-1]), float(values.shape[-3] * (values.shape[-2] - 1)))
    return deviation, df


def test_independent_folds_have_an_effect_of_about_one() -> None:
    values = np.random.default_rng(0).normal(size=(9, 40, 25, 4, 1))
    effect = design_effect(*_deviation(values), UNITS)
    assert effect.min() >= 1
    assert effect.mean() < 1.08


def test_folds_that_move_together_count_as_one() -> None:
    shared = np.random.default_rng(0).normal(size=(9, 40, 5, 1, 4, 1))
    values = np.repeat(shared, 5, axis=3).reshape(9, 40, 25, 4, 1)
    assert design_effect(*_deviation(values), UNITS) == pytest.approx(np.full((9, 40, 1), 5.0))


def test_what_is_common_to_the_methods_weighs_more_than_one_methods_own() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(9, 200, 25, 4, 1))
    values[0] += np.repeat(rng.normal(size=(200, 5, 1, 4, 1)), 5, axis=2).reshape(200, 25, 4, 1)
    effect = design_effect(*_deviation(values), UNITS).mean(axis=(1, 2))
    assert 1.3 < effect[0] < 2.4  # its own is 3
    assert effect[1:].max() < 1.5


def test_one_fold_per_split_has_no_effect() -> None:
    deviation, df = _deviation(np.random.default_rng(0).normal(size=(2, 5, 4, 1)))
    assert (design_effect(deviation, df, [Unit(split, -1) for split in range(5)]) == 1).all()


def test_without_seeds_nothing_is_known_and_nothing_assumed() -> None:
    deviation, df = _deviation(np.zeros((2, 25, 1, 1)))
    assert (design_effect(deviation, df, UNITS) == 1).all()
    assert (effective_df(deviation, df) == 0).all()


def test_equal_folds_keep_their_degrees_of_freedom() -> None:
    deviation, df = _deviation(np.random.default_rng(0).normal(size=(300, 25, 4, 1)))
    effective = effective_df(deviation, df)
    assert effective.max() <= 75
    assert effective.mean() > 62


def test_one_noisy_fold_among_quiet_ones_leaves_few() -> None:
    values = np.random.default_rng(0).normal(size=(300, 25, 4, 1))
    values[:, 0] *= 20
    effective = effective_df(*_deviation(values))
    assert effective.mean() < 8


def test_differences_of_folds_that_move_together_count_as_one_without_seeds() -> None:
    rng = np.random.default_rng(0)
    alone = design_effect_of_differences(rng.normal(size=(9, 40, 25, 1)), UNITS)
    together = np.repeat(rng.normal(size=(9, 40, 5, 1, 1)), 5, axis=3).reshape(9, 40, 25, 1)
    assert alone.mean() < 1.3
    assert design_effect_of_differences(together, UNITS).mean() > 4.5
    assert (design_effect_of_differences(np.full((2, 25, 1), np.nan), UNITS) == 1).all()
