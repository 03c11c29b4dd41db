"""Laying two sides beside each other: common cells, the baseline's units, and which fits are equal."""

from __future__ import annotations

import numpy as np
from gating.panels import METRICS, Truth

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import LEVELS
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gating.judging.blocks import compare_blocks
from smote_bench.gating.judging.grid import lay_side_by_side


def test_the_same_draw_is_unchanged_in_every_cell() -> None:
    before = Truth().panel(range(4))
    grid = lay_side_by_side(before, before.take(draws=[0]), METRICS)
    assert not grid.changed.any()
    assert grid.same.all()


def test_another_draw_is_changed_even_where_its_values_are_those_of_some_draw() -> None:
    before = Truth().panel(range(4))
    after = before.take(draws=[2])
    assert lay_side_by_side(before, panel_of_draw(after, 9), METRICS).changed.all()


def test_one_fit_that_differs_changes_its_cell_and_leaves_its_other_units_equal() -> None:
    before = Truth().panel(range(4))
    after = before.take(draws=[0])
    after.values[3, 7, 0, 0] += 1e-15
    grid = lay_side_by_side(before, after, METRICS)
    assert grid.changed.sum() == 1
    assert (~grid.same).sum() == 1


def test_equality_tells_something_where_no_other_seed_of_the_baseline_is_met_on_any_split() -> None:
    before = Truth().panel(range(4))
    before.values[1] = before.values[1, :, :1]  # deterministic
    before.values[2, :5] = 1.0  # at a ceiling on one split
    before.values[3, :4] = 1.0  # not on a whole one
    told = lay_side_by_side(before, before.take(draws=[0]), METRICS).told
    assert told.ravel()[:4].tolist() == [True, False, False, True]
    alone = before.take(draws=[0])
    assert not lay_side_by_side(alone, alone, METRICS).told.any()


def test_digests_decide_where_both_sides_have_one() -> None:
    before = Truth().panel(range(2))
    before.digests[:] = 5
    after = before.take(draws=[0])
    after.digests[0, 0] = 6
    grid = lay_side_by_side(before, after, METRICS)
    assert grid.changed.sum() == 1
    after.digests[0, 0] = 0  # not known: by the values, which are equal
    assert not lay_side_by_side(before, after, METRICS).changed.any()


def test_an_undefined_score_equals_an_undefined_score() -> None:
    before = Truth().panel(range(2))
    before.values[0, 0, :, 0] = np.nan
    assert not lay_side_by_side(before, before.take(draws=[0]), METRICS).changed.any()


def test_units_that_the_run_does_not_have_are_neither_changed_nor_compared() -> None:
    before = Truth().panel(range(4))
    after = before.take(draws=[0], units=before.units[:5])
    grid = lay_side_by_side(before, after, METRICS)
    assert not grid.changed.any()
    assert np.isnan(grid.after[..., 5:, :]).all()


def test_a_hold_out_that_differs_changes_its_cell_and_is_not_compared_beside_folds() -> None:
    cells, units = [Cell("d", "m", "c")], [Unit(0, HOLDOUT_FOLD), Unit(0, 0), Unit(0, 1)]
    before = Panel.empty(cells, units, [0, 1], ["x"])
    before.values[:], before.present[:] = 0.5, True
    after = before.take(draws=[0])
    after.values[0, 0] = 0.1
    grid = lay_side_by_side(before, after, ["x"])
    assert grid.changed.all()
    assert grid.units == (Unit(0, 0), Unit(0, 1))


def test_hold_outs_are_compared_where_there_is_no_cross_validation() -> None:
    units = [Unit(split, HOLDOUT_FOLD) for split in range(3)]
    before = Panel.empty([Cell("d", "m", "c")], units, [0], ["x"])
    before.present[:] = True
    assert lay_side_by_side(before, before, ["x"]).units == tuple(units)


def test_several_draws_of_a_run_are_averaged() -> None:
    before = Truth().panel(range(4))
    after = Truth(seed=1).panel([10, 11])
    grid = lay_side_by_side(before, after, METRICS)
    assert grid.n_after == 2
    np.testing.assert_allclose(grid.after[0, 0, 0, 0], after.values[0, 0].mean(axis=0))


def test_seeds_that_are_numbered_through_over_splits_are_so_many_per_split() -> None:
    truth = Truth()
    before, after = truth.panel(range(4)), truth.panel([0])

    def numbered(panel: Panel, first: int) -> Panel:
        n = len(panel.draws)
        through = Panel.empty(panel.cells, panel.units, range(first, first + 5 * n), panel.names)
        for u, unit in enumerate(panel.units):
            at = slice(unit.split * n, (unit.split + 1) * n)
            through.values[:, u, at] = panel.values[:, u]
            through.present[:, u, at] = True
        return through

    grid = lay_side_by_side(numbered(before, 0), numbered(after, 100), METRICS)
    assert grid.n_after == 1
    other = panel_of_draw(after, 9)
    for level in LEVELS:
        mine = compare_blocks(grid, level)
        plain = compare_blocks(lay_side_by_side(before, other, METRICS), level)
        for part in ("decrease", "se", "df"):
            np.testing.assert_allclose(getattr(mine, part), getattr(plain, part), rtol=1e-9)


def panel_of_draw(panel: Panel, draw: int) -> Panel:
    """Return the panel with its one draw under another number."""
    parts = (panel.names, panel.values, panel.present, panel.digests)
    return Panel(panel.cells, panel.units, (draw,), *parts)
