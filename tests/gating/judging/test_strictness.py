"""Overrides: what they loosen, switch off or turn into warnings, and nothing else."""

from __future__ import annotations

import dataclasses

from gating.panels import Truth, same_as, side

from smote_bench.experiment.gate_settings import GateSettings, Override
from smote_bench.gating.judging.judge import judge


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
