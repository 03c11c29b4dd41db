"""Discrete scores, of which many equal the baseline's by chance: nothing is made of that but a count.

Also of: means.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from gating.panels import Truth, cells_of, side, units_of
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import Panel
from smote_bench.gating.judging.judge import judge

Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
LAWS: dict[str, Draw] = {
    "ceiling": lambda rng, shape: 1 - 0.05 * (rng.random(shape) < 0.1),
    "higher ceiling": lambda rng, shape: 1 - 0.1 * (rng.random(shape) < 0.02),
    "floor": lambda rng, shape: 0.5 + 0.05 * (rng.random(shape) < 0.1),
    "all or nothing": lambda rng, shape: 1.0 * (rng.random(shape) < 0.8),
    "four values": lambda rng, shape: 0.5 + rng.binomial(3, 0.7, shape) / 6,
}
METRICS = ("balanced_accuracy",)


def _panel(draw: Draw, rng: np.random.Generator, n_draws: int, size: tuple[int, int, int]) -> Panel:
    panel = Panel.empty(cells_of(*size), units_of(5, 5), range(n_draws), METRICS)
    panel.values[:] = draw(rng, panel.values.shape)
    panel.present[:] = True
    return panel


def _with_digests(panel: Panel) -> Panel:
    """Return the panel with a digest of every fit's scores."""
    digests = np.round(panel.values[..., 0] * 1e6).astype(np.uint64) + np.uint64(1)
    return dataclasses.replace(panel, digests=digests)


def _sides(
    law: str, seed: int, *, size: tuple[int, int, int] = (3, 8, 3), digests: bool = False
) -> tuple[Evidence, Evidence]:
    rng = np.random.default_rng(seed)
    panels = [_panel(LAWS[law], rng, n, size) for n in (4, 1)]
    made = [_with_digests(panel) if digests else panel for panel in panels]
    return side("baseline", made[0]), side("run", made[1])


@pytest.mark.parametrize("digests", [False, True])
@pytest.mark.parametrize("law", LAWS)
def test_the_same_law_on_both_sides_passes(law: str, digests: bool) -> None:
    """Of 8 runs; with coinciding folds set to 0 most of the ceiling's failed."""
    results = [judge(*_sides(law, seed, digests=digests)).result for seed in range(8)]
    assert results.count("pass") >= 7


@pytest.mark.parametrize("digests", [False, True])
def test_a_true_drop_of_all_methods_is_seen_though_most_folds_coincide(digests: bool) -> None:
    for seed in range(5):
        baseline, run = _sides("floor", seed, digests=digests)
        run.scores.values[:] = 0.5  # a mean of .505 before
        if digests:
            run = dataclasses.replace(run, scores=_with_digests(run.scores))
        verdict = judge(baseline, run)
        assert verdict.result == "fail"
        of_methods = {f.method for f in verdict.alarms if f.level == "method"}
        assert of_methods == {"m0", "m1", "m2"}


def test_the_whole_of_one_data_set_may_drop_where_all_else_is_the_baseline_s_own_seed() -> None:
    for seed in range(5):
        baseline, _ = _sides("ceiling", seed)
        run = side("run", baseline.scores.take(draws=[0]))
        rng = np.random.default_rng(100 + seed)
        hit = [n for n, cell in enumerate(run.scores.cells) if (cell.method, cell.dataset) == ("m1", "d3")]
        run.scores.values[hit] -= 0.05 * (rng.random(run.scores.values[hit].shape) < 0.6)
        verdict = judge(baseline, run)
        assert {(f.method, f.dataset) for f in verdict.alarms if f.dataset} == {("m1", "d3")}
        assert (verdict.n_identical, verdict.n_changed) == (72 - 3, 3)


def test_a_run_that_is_a_seed_of_the_baseline_is_identical_whatever_its_scores() -> None:
    for law in LAWS:
        baseline, _ = _sides(law, 0, size=(2, 2, 2))
        verdict = judge(baseline, side("run", baseline.scores.take(draws=[0])))
        assert (verdict.result, verdict.n_identical, verdict.findings) == ("pass", 8, ())


SIGHTED = GateSettings(
    alpha=0.99,
    tolerance={"method": 0.0, "dataset": 0.0, "case": 0.0},
    fixed={"balanced_accuracy": 1e-9},
)
"""Nearly every change is a finding."""


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_is_printed_is_the_difference_of_the_means_of_what_both_sides_have(data: st.DataObject) -> None:
    """Whatever coincides, is missing or undefined, on one side or on both."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label="seed"))
    law = data.draw(st.sampled_from(sorted(LAWS)), label="law")
    low = data.draw(st.booleans(), label="low is better")
    sides = []
    for name, n_draws in (("baseline", 3), ("run", 1)):
        panel = _panel(LAWS[law], rng, n_draws, (2, 3, 2))
        undefined = rng.random(panel.values.shape) < data.draw(st.sampled_from([0, 0.1, 0.5]), label=name)
        panel.values[undefined] = np.nan
        missing = rng.random(panel.present.shape) < data.draw(st.sampled_from([0, 0.2]), label="missing")
        panel.present[missing], panel.values[missing] = False, np.nan
        sides.append(side(name, panel, {"balanced_accuracy": "low" if low else "high"}))
    before, after = (one.scores for one in sides)
    found = judge(*sides, SIGHTED).findings
    assert all(finding.se >= 0 or np.isnan(finding.se) for finding in found)
    for finding in found:
        cells = [
            n
            for n, cell in enumerate(before.cells)
            if cell.method == finding.method
            and finding.dataset in ("", cell.dataset)
            and finding.classifier in ("", cell.classifier)
        ]
        pairs = []
        for values in (before.values[cells, :, :, 0], after.values[cells, :, :, 0]):
            n = np.isfinite(values).sum(axis=2)
            pairs.append(np.nansum(values, axis=2) / np.where(n, n, np.nan))
        both = np.isfinite(pairs[0]) & np.isfinite(pairs[1])
        means = [values[both].mean() for values in pairs]
        assert (finding.before, finding.after) == pytest.approx(tuple(means), abs=1e-12)
        assert finding.change == finding.after - finding.before
        assert (finding.change > 0) == ((finding.kind == "RISE") != low)
        assert (finding.limit > 0) == (finding.change > 0) or finding.limit == 0


def test_undefined_scores_print_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    """All, or those of one side, cell, unit, seed, metric; with one seed or several, one split or five."""
    for n_splits, n_seeds in ((2, 2), (1, 2), (2, 1), (1, 1)):
        for where in (np.s_[:], np.s_[:2], np.s_[:, :3], np.s_[:, :, :1], np.s_[..., :1]):
            for which in ("before", "after", "both"):
                truth = Truth(2, 2, 1, n_splits=n_splits, n_folds=3, seed=1)
                baseline, run = truth.baseline(n_seeds), truth.run(0.05)
                for name, one in (("before", baseline), ("after", run)):
                    if which in (name, "both"):
                        one.scores.values[where] = np.nan
                asked = GateSettings(fixed={"g_mean": 0.01})
                measured = ("pass", "fail", "undecided")
                sides = (baseline.scores.values, run.scores.values)
                are_defined = all(np.isfinite(values).any() for values in sides)
                undefined = {"before": "not comparable", "after": "fail", "both": "pass"}[which]
                expected = measured if are_defined else (undefined,)
                assert judge(baseline, run, asked).result in expected
                judge(baseline, run, asked, two_stages=True)
    assert [str(warning.message) for warning in recwarn] == []
