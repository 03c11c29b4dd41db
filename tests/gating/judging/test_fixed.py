"""Fixed limits: they fail alone, and how often they cry wolf."""

from __future__ import annotations

import numpy as np
import pytest
from gating.panels import Truth, side

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.panel import Panel
from smote_bench.gating.judging.judge import judge


def test_a_fixed_limit_fails_alone_and_says_how_often_it_cries_wolf() -> None:
    truth = Truth(9, 4, 2, sd=0.05)
    baseline, run = truth.baseline(), truth.run()
    strict, lenient = (GateSettings(fixed={"g_mean": limit}) for limit in (0.01, 0.2))
    verdict = judge(baseline, run, strict)
    assert {finding.kind for finding in verdict.alarms} == {"LIMIT"}
    assert verdict.fixed_rate["g_mean"] > 0.9
    verdict = judge(baseline, run, lenient)
    assert verdict.result == "pass"
    assert verdict.fixed_rate["g_mean"] == 0.0


def test_the_rate_of_a_fixed_limit_is_that_of_simulated_runs() -> None:
    truth = Truth(3, 2, 2, sd=0.03, n_splits=1)
    limit = 0.035
    expected = judge(truth.baseline(40), truth.run(), GateSettings(fixed={"g_mean": limit})).fixed_rate
    rates = []
    for _ in range(400):
        difference = truth.panel(range(40)).values.mean(axis=2) - truth.panel([0]).values[:, :, 0]
        rates.append((difference.mean(axis=1)[:, 1] > limit).any())
    assert expected["g_mean"] == pytest.approx(np.mean(rates), abs=0.06)


def test_the_rate_of_a_fixed_limit_does_not_depend_on_how_seeds_are_numbered() -> None:
    truth = Truth(3, 2, 2, sd=0.03)
    baseline, run = truth.baseline(), truth.run()
    panel = baseline.scores
    through = Panel.empty(panel.cells, panel.units, range(20), panel.names)
    for n, unit in enumerate(panel.units):
        through.values[:, n, 4 * unit.split : 4 * unit.split + 4] = panel.values[:, n]
        through.present[:, n, 4 * unit.split : 4 * unit.split + 4] = True
    fixed = GateSettings(fixed={"g_mean": 0.02})
    rates = [judge(side("b", scores), run, fixed).fixed_rate["g_mean"] for scores in (panel, through)]
    assert 0 < rates[0] == rates[1]
