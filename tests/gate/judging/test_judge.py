"""The verdict: what passes, what fails and why, and what is counted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from gate.panels import METRICS, Truth, same_as, side

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings, Override
from smote_bench.gate.evidence.evidence import Evidence
from smote_bench.gate.evidence.panel import Panel
from smote_bench.gate.judging.judge import judge

pytestmark = pytest.mark.versions


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


def test_a_warning_gate_shows_the_same_and_exits_with_0() -> None:
    truth = Truth(sd=0.01)
    verdict = judge(truth.baseline(), truth.run({"m1": 0.04}), GateSettings(mode="warn"))
    assert (verdict.result, verdict.exit_code) == ("fail", 0)
    assert verdict.alarms


def test_an_override_loosens_what_it_covers_and_nothing_else() -> None:
    truth = Truth(sd=0.005)
    baseline, run = truth.baseline(), truth.run({"m1": 0.03, "m2": 0.03})
    loose = GateSettings(overrides=(Override(method="m1", tolerance=0.1),))
    assert {finding.method for finding in judge(baseline, run, loose).alarms} == {"m2"}


def test_an_override_of_a_data_set_leaves_the_mean_over_data_sets_as_it_is() -> None:
    truth = Truth(1, 4, 2, sd=0.005)
    baseline, run = truth.baseline(), truth.run({"m0": 0.03})
    overrides = tuple(Override(dataset=f"d{d}", tolerance=0.1) for d in range(4))
    found = judge(baseline, run, GateSettings(overrides=overrides)).alarms
    assert {finding.level for finding in found} == {"method"}


def test_cases_that_are_switched_off_enter_no_mean() -> None:
    truth = Truth(1, 4, 2, sd=0.005)
    baseline, run = truth.baseline(), truth.run()
    run.scores.values[:2] -= 0.1  # d0
    off = GateSettings(overrides=(Override(dataset="d0", mode="off"),))
    assert judge(baseline, run).result == "fail"
    assert judge(baseline, run, off).result == "pass"


def test_an_override_may_turn_alarms_into_warnings() -> None:
    truth = Truth(sd=0.01)
    warn = GateSettings(overrides=(Override(method="m1", mode="warn"),))
    verdict = judge(truth.baseline(), truth.run({"m1": 0.04}), warn)
    assert verdict.result == "pass"
    assert {finding.kind for finding in verdict.findings} == {"DROP"}


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


def _seconds(evidence: Evidence, factor: float) -> Evidence:
    seconds = {
        cell: (0.0 if cell.method == "Original" else 0.1 * factor, 0.5) for cell in evidence.scores.cells
    }
    return dataclasses.replace(evidence, seconds=seconds)


def _with_original(evidence: Evidence) -> Evidence:
    cells = [
        dataclasses.replace(c, method="Original") if c.method == "m0" else c for c in evidence.scores.cells
    ]
    return side(evidence.name, dataclasses.replace(evidence.scores, cells=tuple(cells)))


def test_seconds_are_judged_only_when_asked_and_in_units_of_original() -> None:
    before = _with_original(Truth().baseline())
    baseline, slow = _seconds(before, 1.0), _seconds(same_as(before), 3.0)
    machine = dataclasses.replace(slow, seconds={c: (r / 1.5, 2 * f) for c, (r, f) in slow.seconds.items()})
    assert judge(baseline, slow).result == "pass"
    asked = GateSettings(max_slowdown=1.5)
    found = judge(baseline, slow, asked).alarms
    assert {(finding.kind, finding.method) for finding in found} == {("SLOWER", "m1"), ("SLOWER", "m2")}
    assert found[0].after == pytest.approx(3.0)
    assert judge(baseline, machine, asked).result == "pass"  # twice the seconds of both: the same ratio


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


def test_a_case_that_is_switched_off_may_be_broken() -> None:
    baseline = Truth().baseline()
    run = same_as(baseline)
    gone = run.scores.cells[0]
    less = side("run", run.scores.take(cells=run.scores.cells[1:]))
    off = Override(dataset=gone.dataset, method=gone.method, classifier=gone.classifier, mode="off")
    verdict = judge(baseline, less, GateSettings(overrides=(off,)))
    assert verdict.result == "pass"
    assert any("switched off" in note and gone.id in note for note in verdict.notes)
    one_metric = dataclasses.replace(off, metric="g_mean")
    assert judge(baseline, less, GateSettings(overrides=(one_metric,))).result == "fail"


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


def test_one_split_of_several_is_said_where_no_second_stage_follows() -> None:
    truth = Truth()
    baseline, run = truth.baseline(), truth.run()
    first = side("run", run.scores.take(units=run.scores.units[:5]))
    assert any("one split of 5" in note for note in judge(baseline, first).notes)
    assert not any("one split of 5" in note for note in judge(baseline, first, two_stages=True).notes)
    assert not any("one split of 5" in note for note in judge(baseline, run).notes)
