"""Seconds: judged only when asked, in units of `Original`."""

from __future__ import annotations

import dataclasses

import pytest
from gating.panels import Truth, same_as, side

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.judge import judge


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
