"""The second stage: suspicious methods and no others, within a budget."""

from __future__ import annotations

import numpy as np
from gating.panels import Truth, same_as, side

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.stages import BUDGET, SHARE, second_stage, suspicion

SETTINGS = GateSettings()


def _first_split(run: Evidence) -> Evidence:
    scores = run.scores
    return side(run.name, scores.take(units=[unit for unit in scores.units if unit.split == 0]))


def test_nothing_is_suspicious_where_nothing_changed() -> None:
    baseline = Truth().baseline()
    assert suspicion(baseline, _first_split(same_as(baseline)), SETTINGS) == []


def test_a_dropped_method_is_the_most_suspicious_and_is_looked_at_again() -> None:
    truth = Truth(12, 4, 2)
    baseline, run = truth.baseline(), _first_split(truth.run({"m7": 0.05}))
    first = suspicion(baseline, run, SETTINGS)[0]
    assert (first.method, first.p < SHARE) == ("m7", True)
    assert second_stage(baseline, run, SETTINGS)[0] == "m7"


def test_only_methods_that_changed_are_looked_at_again() -> None:
    truth = Truth(12, 4, 2)
    baseline = truth.baseline()
    run = same_as(baseline)
    places = [n for n, cell in enumerate(run.scores.cells) if cell.method == "m3"]
    run.scores.values[places] += 1e-6
    # within the budget, though not suspicious
    assert second_stage(baseline, _first_split(run), SETTINGS) == ["m3"]


def test_a_method_that_is_not_suspicious_has_to_fit_into_the_budget() -> None:
    truth = Truth(12, 4, 2)
    baseline = truth.baseline()
    run = _first_split(truth.run())
    one_costs_all = {cell: 100.0 if cell.method == "m0" else 1e-9 for cell in run.scores.cells}
    suspects = {one.method for one in suspicion(baseline, run, SETTINGS) if one.p <= SHARE}
    assert "m0" not in suspects
    assert set(second_stage(baseline, run, SETTINGS, one_costs_all)) >= {f"m{n}" for n in range(1, 12)}
    assert "m0" not in second_stage(baseline, run, SETTINGS, one_costs_all)


def test_on_the_whole_about_a_tenth_of_methods_without_any_change_are_looked_at_again() -> None:
    suspects, methods = 0, 0
    for seed in range(25):
        truth = Truth(12, 4, 3, sd=np.tile(np.linspace(0.01, 0.05, 12), 12).tolist(), seed=seed)
        found = suspicion(truth.baseline(), _first_split(truth.run()), SETTINGS)
        suspects += sum(one.p <= SHARE for one in found)
        methods += 12
    # three of the five families: at most 3 * SHARE = 0.12 of them
    assert 0.01 < suspects / methods < 0.15
    assert BUDGET < 0.2
