"""The statistics of a comparison: means, standard errors, and what the noise of seeds is."""

from __future__ import annotations

import numpy as np
import pytest
from gating.panels import METRICS, Truth, same_as
from scipy import stats

from smote_bench.experiment.gate_settings import LEVELS, Level
from smote_bench.gating.evidence.panel import Panel
from smote_bench.gating.judging.blocks import compare_blocks, critical_t, p_value
from smote_bench.gating.judging.grid import Grid, lay_side_by_side

FACTOR = 1 + 1 / 4  # a run of one draw against a baseline of four


def _grid(truth: Truth, **run: object) -> Grid:
    return lay_side_by_side(truth.baseline().scores, truth.run(**run).scores, METRICS)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", LEVELS)
def test_the_decrease_is_the_mean_of_the_baseline_minus_the_run(level: Level) -> None:
    grid = _grid(Truth(sd=0.0), drop={"m1": 0.03})
    blocks = compare_blocks(grid, level)
    for name, decrease in zip(blocks.names, blocks.decrease, strict=True):
        np.testing.assert_allclose(decrease, 0.03 if name.method == "m1" else 0.0, atol=1e-12)


def test_levels_have_a_block_per_method_per_data_set_and_per_case() -> None:
    grid = _grid(Truth(3, 4, 2))
    assert [len(compare_blocks(grid, level).names) for level in LEVELS] == [3, 12, 24]


def test_the_standard_error_of_a_case_is_that_of_its_seeds() -> None:
    errors = [compare_blocks(_grid(Truth(sd=0.02, seed=seed)), "case").se for seed in range(5)]
    assert 0.99 < np.mean(errors) / (0.02 * np.sqrt(FACTOR / 25)) < 1.08


def test_what_classifiers_share_stays_in_the_standard_error_of_their_mean() -> None:
    # Two classifiers with correlation r: the variance of their mean is (1 + r) / 2, not 1 / 2.
    for shared in (0.0, 1.0):
        errors = [
            compare_blocks(_grid(Truth(sd=0.02, shared=shared, seed=seed)), "dataset").se for seed in range(5)
        ]
        expected = 0.02 * np.sqrt((1 + shared) / 2 * FACTOR / 25)
        assert 0.99 < np.mean(errors) / expected < 1.08


def test_standard_errors_are_right_for_the_differences_that_happen() -> None:
    """Under no change t is Student's: its quantiles over many runs are those of the distribution."""
    t = []
    for seed in range(60):
        blocks = compare_blocks(
            _grid(Truth(4, 3, 2, sd=np.tile([0.01, 0.05], 12).tolist(), seed=seed)), "case"
        )
        t.append((blocks.decrease / blocks.se).ravel())
    values = np.concatenate(t)
    assert np.mean(values > stats.t.isf(0.05, 100)) == pytest.approx(0.05, abs=0.012)
    assert np.mean(values > stats.t.isf(0.005, 100)) == pytest.approx(0.005, abs=0.004)


def test_cells_that_equal_the_baseline_count_as_they_are() -> None:
    """The mean over a method is that of its values: an unchanged cell has its own seed's, not no change."""
    truth = Truth(2, 4, 2)
    before = truth.baseline()
    after = same_as(before).scores
    places = [n for n, cell in enumerate(after.cells) if (cell.method, cell.dataset) == ("m0", "d0")]
    after.values[places] -= 0.08
    blocks = compare_blocks(lay_side_by_side(before.scores, after, METRICS), "method")
    for name, decrease, changed in zip(blocks.names, blocks.decrease, blocks.changed, strict=True):
        of_method = [n for n, cell in enumerate(after.cells) if cell.method == name.method]
        means = [panel.values[of_method].mean(axis=(0, 1, 2)) for panel in (before.scores, after)]
        np.testing.assert_allclose(decrease, means[0] - means[1])
        assert changed == (name.method == "m0")


def test_a_unit_weighs_as_many_cells_as_it_has() -> None:
    """Data sets with fewer folds than others: the mean is that over all values, and less certain."""
    truth = Truth(1, 4, 2)
    before, after = truth.baseline().scores, truth.run().scores
    whole = compare_blocks(lay_side_by_side(before, after, METRICS), "method")
    for panel in (before, after):
        panel.present[2:, 10:] = False
        panel.values[2:, 10:] = np.nan
    blocks = compare_blocks(lay_side_by_side(before, after, METRICS), "method")
    means = [np.nanmean(panel.values.mean(axis=2), axis=(0, 1)) for panel in (before, after)]
    np.testing.assert_allclose(blocks.decrease[0], means[0] - means[1])
    assert (blocks.n_units == 25).all()
    assert (blocks.seed_se > 1.05 * whole.seed_se).all()


def test_counts_the_splits_behind_a_mean() -> None:
    truth = Truth(2, 2, 2)
    before, after = truth.baseline().scores, truth.run().scores
    after.present[0, 5:] = False
    after.values[0, 5:] = np.nan
    after.values[1, 10:, :, 0] = np.nan
    blocks = compare_blocks(lay_side_by_side(before, after, METRICS), "case")
    assert blocks.n_splits[:3].tolist() == [[1, 1], [2, 5], [5, 5]]


def test_a_cell_without_seed_noise_borrows_some_from_the_other_methods() -> None:
    sd = [0.0 if n < 8 else 0.03 for n in range(24)]  # m0 is deterministic
    blocks = compare_blocks(_grid(Truth(3, 4, 2, sd=sd), drop={"m0": 0.001}), "case")
    of_m0 = np.array([name.method == "m0" for name in blocks.names])
    assert (blocks.se[of_m0] > 0).all()
    assert blocks.se[of_m0].mean() < 0.6 * blocks.se[~of_m0].mean()


def test_differences_that_vary_more_than_seeds_explain_stand_for_themselves() -> None:
    truth = Truth(2, 2, 1, sd=0.002)
    before, after = truth.baseline(), truth.run()
    uneven = np.random.default_rng(5).normal(0, 0.05, len(truth.units))
    after.scores.values[0, :, 0, 0] += uneven
    blocks = compare_blocks(lay_side_by_side(before.scores, after.scores, METRICS), "case")
    assert 0.98 < blocks.se[0, 0] / (np.std(uneven, ddof=1) / 5) < 1.2
    assert 15 < blocks.df[0, 0] <= 24
    assert blocks.se[1, 0] < 0.002


def test_without_seeds_the_spread_of_the_differences_is_all_there_is() -> None:
    truth = Truth(2, 2, 1)
    grid = lay_side_by_side(truth.baseline(1).scores, truth.run(draw=7).scores, METRICS)
    blocks = compare_blocks(grid, "case")
    by_unit = grid.before[..., 0, :] - grid.after
    np.testing.assert_allclose(
        blocks.se, (by_unit.std(axis=3, ddof=1) / 5).reshape(blocks.se.shape), rtol=1e-9
    )
    assert (blocks.df == 24).all()


def test_fewer_units_of_the_run_make_the_standard_error_larger() -> None:
    truth = Truth(seed=3)
    before, after = truth.baseline().scores, truth.run().scores
    whole = compare_blocks(lay_side_by_side(before, after, METRICS), "method")
    first = compare_blocks(lay_side_by_side(before, after.take(units=after.units[:5]), METRICS), "method")
    assert (first.n_units == 5).all()
    np.testing.assert_allclose(first.seed_se, whole.seed_se * np.sqrt(5))


def test_undefined_scores_are_left_out_of_means() -> None:
    truth = Truth(2, 2, 2)
    before, after = truth.baseline().scores, truth.run().scores
    before.values[0, :5, :, 0] = np.nan
    after.values[0, :5, :, 0] = np.nan
    case = compare_blocks(lay_side_by_side(before, after, METRICS), "case")
    assert case.n_units[0].tolist() == [20, 25]
    assert np.isfinite(case.decrease).all()


def test_p_values_count_from_the_tolerance_on() -> None:
    p = p_value(
        np.array([0.02, 0.01, 0.0]), np.array([0.01] * 3), np.array([0.005] * 3), np.array([30.0] * 3)
    )
    np.testing.assert_allclose(p, stats.t.sf([2, 0, -2], 30))


def test_without_any_spread_a_decrease_is_beyond_its_tolerance_or_not() -> None:
    tolerance, se, df = np.full(3, 0.01), np.zeros(3), np.full(3, 10.0)
    p = p_value(np.array([0.02, 0.01 + 1e-15, 0.005]), tolerance, se, df)
    assert p.tolist() == [0.0, 1.0, 1.0]


def test_nothing_known_gives_no_p_value() -> None:
    p = p_value(np.array([np.nan, 0.1]), np.zeros(2), np.array([0.1, np.nan]), np.ones(2))
    assert np.isnan(p).all()


def test_the_critical_value_is_students() -> None:
    assert critical_t(0.01, np.array([10.0]))[0] == pytest.approx(stats.t.isf(0.01, 10))


def test_folds_that_share_their_split_seed_are_worth_fewer() -> None:
    """Scores of a split move together: the error of the mean is that of five splits, not of 25 folds."""
    truth = Truth(6, 2, 2, sd=0.001)

    def together(panel: Panel, seed: int) -> Panel:
        shared = np.random.default_rng(seed).normal(0, 0.02, (len(panel.cells), 5, 1, len(panel.draws), 2))
        panel.values[:] += np.repeat(shared, 5, axis=2).reshape(panel.values.shape)
        return panel

    errors, changes = [], []
    for seed in range(20):
        before, after = together(truth.panel(range(4)), seed), together(truth.panel([9]), seed + 1000)
        blocks = compare_blocks(lay_side_by_side(before, after, METRICS), "case")
        errors.append(blocks.se)
        changes.append(blocks.decrease)
    right = 0.02 * np.sqrt(FACTOR / 5)
    assert np.std(changes) == pytest.approx(right, rel=0.1)
    assert np.mean(errors) == pytest.approx(right, rel=0.12)
    assert blocks.df.mean() < 30
