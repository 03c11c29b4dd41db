"""Changes of what samplers do to the rows, whatever became of the metrics."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from gating.panels import Truth

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import Panel
from smote_bench.gating.judging.judge import judge


def _with_samples(evidence: Evidence, *, sd: float, moved: float = 0.0, seed: int = 0) -> Evidence:
    """Return a side with descriptors of m0's samples: a ratio that never varies, a share that does."""
    cells = [Cell(f"d{d}", "m0", "") for d in range(4)]
    panel = Panel.empty(
        cells, evidence.scores.units, evidence.scores.draws, ["minority_ratio", "outside_range"]
    )
    rng = np.random.default_rng(seed)
    panel.values[..., 0] = 1.0
    panel.values[..., 1] = 0.2 + moved + sd * rng.normal(size=panel.values.shape[:3])
    panel.present[:] = True
    return dataclasses.replace(evidence, samples=panel)


def test_samples_that_changed_fail_though_no_metric_dropped() -> None:
    truth = Truth()
    baseline = _with_samples(truth.baseline(), sd=0.01)
    verdict = judge(baseline, _with_samples(truth.run(), sd=0.01, moved=0.05, seed=1))
    assert {finding.kind for finding in verdict.alarms} == {"CHANGED"}
    method = verdict.alarms[0]
    assert (method.level, method.method, method.measure) == ("method", "m0", "outside_range")
    assert (method.n_datasets, method.of_datasets) == (4, 4)
    assert (method.before, method.after) == pytest.approx((0.2, 0.25), abs=0.005)


def test_a_count_that_is_always_the_same_has_changed_when_it_is_another() -> None:
    truth = Truth()
    baseline = _with_samples(truth.baseline(), sd=0.01)
    run = _with_samples(truth.run(), sd=0.01, seed=1)
    assert judge(baseline, run).result == "pass"
    assert run.samples is not None
    run.samples.values[0, ..., 0] = 0.9  # on one data set
    (finding,) = [f for f in judge(baseline, run).alarms if f.level == "dataset"]
    assert (finding.measure, finding.dataset) == ("minority_ratio", "d0")


def test_samples_of_one_side_alone_are_not_compared_and_that_is_said() -> None:
    truth = Truth()
    verdict = judge(_with_samples(truth.baseline(), sd=0.01), truth.run())
    assert verdict.result == "pass"
    assert any("samples were not compared" in note for note in verdict.notes)


def test_a_gate_without_samples_gives_metrics_all_of_alpha() -> None:
    truth = Truth(sd=0.02)
    baseline, run = truth.baseline(), truth.run()
    alone = judge(baseline, run).would_see
    beside = judge(_with_samples(baseline, sd=0.01), _with_samples(run, sd=0.01, seed=1)).would_see
    assert all(alone[level] < beside[level] for level in alone)
