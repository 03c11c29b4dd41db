"""The verdict: what passes, what fails and why, and what is counted.

Also of: drops, findings, sides.
"""

from __future__ import annotations

import dataclasses

import pytest
from gating.panels import METRICS, Truth, same_as, side

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.judging.judge import judge

pytestmark = pytest.mark.versions


def test_the_same_bytes_pass_exactly() -> None:
    baseline = Truth().baseline()
    verdict = judge(baseline, same_as(baseline))
    assert (verdict.result, verdict.exit_code) == ("pass", 0)
    assert (verdict.n_cases, verdict.n_identical, verdict.n_changed) == (24, 24, 0)
    assert verdict.findings == ()


def test_another_random_stream_passes_and_is_counted_as_changed() -> None:
    truth = Truth()
    verdict = judge(truth.baseline(), truth.run())
    assert verdict.result == "pass"
    assert (verdict.n_identical, verdict.n_changed, verdict.n_within_noise) == (0, 24, 24)


def test_a_drop_of_one_method_fails_with_its_size_error_and_limit() -> None:
    truth = Truth(sd=0.01)
    verdict = judge(truth.baseline(), truth.run({"m1": 0.04}))
    assert (verdict.result, verdict.exit_code) == ("fail", 1)
    first = verdict.findings[0]
    assert (first.kind, first.level, first.method, first.dataset) == ("DROP", "method", "m1", "")
    assert first.change == pytest.approx(-0.04, abs=0.005)
    assert first.after - first.before == pytest.approx(first.change)
    assert first.change < first.limit < 0
    assert (first.n_datasets, first.of_datasets) == (4, 4)
    assert {finding.method for finding in verdict.alarms} == {"m1"}
    assert verdict.n_within_noise == 16


def test_a_loss_that_rises_is_a_drop() -> None:
    truth = Truth(sd=0.01)
    baseline = dataclasses.replace(truth.baseline(), better={"balanced_accuracy": "low", "g_mean": "high"})
    run = truth.run()
    run.scores.values[:8, :, :, 0] += 0.04  # balanced_accuracy of m0, taken for a loss
    findings = judge(baseline, run).alarms
    assert {(finding.measure, finding.method) for finding in findings} == {("balanced_accuracy", "m0")}
    assert findings[0].change == pytest.approx(0.04, abs=0.005)
    assert findings[0].limit > 0


def test_a_rise_only_warns() -> None:
    truth = Truth(sd=0.01)
    verdict = judge(truth.baseline(), truth.run({"m1": -0.04}))
    assert verdict.result == "pass"
    assert {finding.kind for finding in verdict.findings} == {"RISE"}
    assert all(finding.is_warning for finding in verdict.findings)


def test_a_harmless_shift_of_all_scores_is_no_alarm() -> None:
    truth = Truth(9, 12, 4, sd=0.03)
    assert judge(truth.baseline(), truth.run(0.002)).result == "pass"


def test_a_warning_gate_shows_the_same_and_exits_with_0() -> None:
    truth = Truth(sd=0.01)
    verdict = judge(truth.baseline(), truth.run({"m1": 0.04}), GateSettings(mode="warn"))
    assert (verdict.result, verdict.exit_code) == ("fail", 0)
    assert verdict.alarms


def test_no_metric_of_both_sides_is_not_comparable() -> None:
    truth = Truth()
    other = side("run", Truth(metrics=("accuracy", "recall")).run().scores)
    verdict = judge(truth.baseline(), other)
    assert (verdict.result, verdict.exit_code) == ("not comparable", 4)


def test_metrics_that_one_side_lacks_are_named() -> None:
    truth = Truth()
    verdict = judge(truth.baseline(), side("run", truth.run().scores.take(names=METRICS[:1])))
    assert any("g_mean" in note for note in verdict.notes)


def test_a_missing_case_fails_and_is_neither_identical_nor_changed() -> None:
    baseline = Truth().baseline()
    run = same_as(baseline)
    less = side("run", run.scores.take(cells=run.scores.cells[1:]))
    verdict = judge(baseline, less)
    assert verdict.result == "fail"
    assert [problem.what for problem in verdict.problems] == ["missing case"]
    assert (verdict.n_cases, verdict.n_identical) == (24, 23)


def test_one_seed_in_the_baseline_is_said_and_judged_all_the_same() -> None:
    truth = Truth(sd=0.01)
    verdict = judge(truth.baseline(1), truth.run({"m1": 0.05}, draw=3))
    assert any("one seed" in note for note in verdict.notes)
    assert {finding.method for finding in verdict.alarms} == {"m1"}


def test_one_split_of_several_is_said_where_no_second_stage_follows() -> None:
    truth = Truth()
    baseline, run = truth.baseline(), truth.run()
    first = side("run", run.scores.take(units=run.scores.units[:5]))
    assert any("one split of 5" in note for note in judge(baseline, first).notes)
    assert not any("one split of 5" in note for note in judge(baseline, first, two_stages=True).notes)
    assert not any("one split of 5" in note for note in judge(baseline, run).notes)
