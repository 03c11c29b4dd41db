"""Which comparisons are alarms: adjusted within their level, never for what did not change."""

from __future__ import annotations

import numpy as np
import pytest
from gating.panels import METRICS, Truth, same_as

from smote_bench.experiment.gate_settings import LEVELS, Level
from smote_bench.gating.judging.alarms import find_alarms
from smote_bench.gating.judging.blocks import Blocks, compare_blocks
from smote_bench.gating.judging.grid import lay_side_by_side


def _blocks(level: Level, truth: Truth, drop: dict[str, float] | float = 0.0) -> Blocks:
    return compare_blocks(lay_side_by_side(truth.baseline().scores, truth.run(drop).scores, METRICS), level)


def _tolerance(blocks: Blocks, value: float = 0.0) -> np.ndarray:
    return np.full(blocks.decrease.shape, value)


@pytest.mark.parametrize("level", LEVELS)
def test_a_large_drop_is_an_alarm_where_it_is_and_nowhere_else(level: Level) -> None:
    blocks = _blocks(level, Truth(), {"m1": 0.1})
    found = find_alarms(blocks, _tolerance(blocks, 0.01), 0.01)
    assert found.is_alarm.tolist() == [[name.method == "m1"] * 2 for name in blocks.names]


def test_a_rise_is_no_alarm_unless_both_directions_count() -> None:
    blocks = _blocks("method", Truth(), -0.1)
    assert not find_alarms(blocks, _tolerance(blocks), 0.01).is_alarm.any()
    assert find_alarms(blocks, _tolerance(blocks), 0.01, two_sided=True).is_alarm.all()


def test_a_drop_within_the_tolerance_is_no_alarm_however_sure() -> None:
    blocks = _blocks("case", Truth(sd=1e-6), 0.0099)
    assert not find_alarms(blocks, _tolerance(blocks, 0.01), 0.01).is_alarm.any()
    assert find_alarms(blocks, _tolerance(blocks, 0.0098), 0.01).is_alarm.all()


def test_what_did_not_change_is_not_tested_and_not_counted() -> None:
    truth = Truth()
    before = truth.baseline()
    after = same_as(before).scores
    after.values[0] -= 0.001
    blocks = compare_blocks(lay_side_by_side(before.scores, after, METRICS), "case")
    found = find_alarms(blocks, _tolerance(blocks), 0.01)
    assert found.n_tests == 2
    assert np.isfinite(found.p).any(axis=1).sum() == 1


def test_what_may_have_come_out_equal_by_chance_is_counted() -> None:
    """Where seeds of the baseline equal each other on a whole split, equal scores of a run say nothing."""
    truth = Truth()
    before = truth.baseline()
    before.scores.values[:] = before.scores.values[:, :, :1]
    after = same_as(before).scores
    after.values[0] -= 0.001
    blocks = compare_blocks(lay_side_by_side(before.scores, after, METRICS), "case")
    found = find_alarms(blocks, _tolerance(blocks), 0.01)
    assert found.n_tests == 48
    assert np.isfinite(found.p).any(axis=1).sum() == 1


def test_the_rate_of_runs_with_any_false_alarm_is_held() -> None:
    n_runs, alpha = 150, 0.2
    alarms = 0
    for seed in range(n_runs):
        blocks = _blocks("case", Truth(3, 4, 2, sd=np.linspace(0.005, 0.05, 24).tolist(), seed=seed))
        alarms += bool(find_alarms(blocks, _tolerance(blocks), alpha).is_alarm.any())
    # Holm over correlated tests: at most alpha; 99.9% of binomial samples of rate 0.2 stay below 47
    assert 5 <= alarms <= 46


def test_a_change_beyond_the_limit_is_an_alarm_and_one_below_it_need_not_be() -> None:
    blocks = _blocks("case", Truth())
    found = find_alarms(blocks, _tolerance(blocks, 0.01), 0.01)
    import dataclasses

    beyond = dataclasses.replace(blocks, decrease=found.limit + 1e-9)
    below = dataclasses.replace(blocks, decrease=found.limit - 1e-9)
    assert find_alarms(beyond, _tolerance(blocks, 0.01), 0.01).is_alarm.all()
    assert not find_alarms(below, _tolerance(blocks, 0.01), 0.01).is_alarm.any()
