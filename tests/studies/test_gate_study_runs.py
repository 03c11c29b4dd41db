"""The gate study's made-up runs: what they consist of, and that the gate is asked as a user asks it."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest

from benchmarks.gate_study import tables
from benchmarks.gate_study.fits import Job, compute, load
from benchmarks.gate_study.grid import DATASETS, METHOD, METRICS
from benchmarks.gate_study.law_tables import law_trials, render_laws
from benchmarks.gate_study.laws import DISCRETE, SHARED, LawTrial, Size, play_law, sides
from benchmarks.gate_study.runs import N_SEEDS, Fits, Run, change_scores, of_units
from benchmarks.gate_study.study import MAX_DRAWS, jobs, trials
from benchmarks.gate_study.trials import DROPPED, RESEEDED, SHIFTED, Played, Trial, alarms_of, play
from benchmarks.gate_study.views import PLAIN, VIEWS, seen_as, with_digests
from smote_bench.evaluation.descriptors import OF_NUMBERS
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.panel import Panel, Unit
from smote_bench.gating.judging.judge import judge

UNITS = tuple(Unit(split, fold) for split in range(3) for fold in range(4))
METHODS, CLASSIFIERS, DRAWS = ("Original", METHOD, "Other"), ("kNN", "tree"), 7
SETTINGS = GateSettings()


def panel(methods, classifiers, names, *, draws=range(DRAWS), centre=0.7, noise=0.004) -> Panel:
    cells = [Cell(*names) for names in itertools.product(DATASETS, methods, classifiers)]
    made = Panel.empty(cells, UNITS, draws, names)
    made.values[...] = centre + noise * np.random.RandomState(1).normal(size=made.values.shape)
    made.present[...] = True
    return made


@pytest.fixture(scope="module")
def fits() -> Fits:
    names = OF_NUMBERS
    return Fits(
        panel(METHODS, CLASSIFIERS, METRICS),
        panel(METHODS[1:], ("",), names, noise=1e-4),
        panel(("worse",), CLASSIFIERS, METRICS, draws=range(20, 23), centre=0.5),
        panel(("worse",), ("",), names, draws=range(20, 23), centre=0.7, noise=1e-4),
    )


def run_of(fits: Fits, seed: int = 0) -> Run:
    return Run.draw(fits, np.random.default_rng(seed))


def test_baseline_and_run_are_real_fits_of_different_seeds_in_every_unit(fits):
    run = run_of(fits)
    before, after = run.baseline.scores.values, run.same.scores.values
    real = fits.null_scores.values
    taken = np.concatenate([before, after], axis=2)
    for unit in range(len(UNITS)):
        places = run.order[unit, : N_SEEDS + 1]
        assert len(set(places)) == N_SEEDS + 1
        assert np.array_equal(taken[:, unit], real[:, unit][:, places])


def test_folds_of_a_split_take_the_same_seeds_and_splits_others(fits):
    run = run_of(fits)
    by_split = [
        {tuple(run.order[n]) for n in range(len(UNITS)) if UNITS[n].split == split} for split in range(3)
    ]
    assert [len(orders) for orders in by_split] == [1, 1, 1]
    assert len(set.union(*by_split)) == 3


def test_scores_and_samples_take_the_same_seeds(fits):
    run = run_of(fits)
    samples = run.same.samples
    assert samples is not None
    for unit in range(len(UNITS)):
        expected = fits.null_samples.values[:, unit, run.order[unit, N_SEEDS]]
        assert np.array_equal(samples.values[:, unit, 0], expected)


def test_runs_differ_and_repeat_by_their_seed(fits):
    assert np.array_equal(run_of(fits, 1).order, run_of(fits, 1).order)
    assert not np.array_equal(run_of(fits, 1).order, run_of(fits, 2).order)


def test_a_scenario_replaces_smote_on_its_data_sets_alone(fits):
    run = run_of(fits)
    same, other = run.same, run.with_scenario("worse", (DATASETS[2],))
    for before, after in ((same.scores, other.scores), (same.samples, other.samples)):
        moved = {
            (cell.dataset, cell.method)
            for n, cell in enumerate(before.cells)
            if not np.array_equal(before.values[n], after.values[n])
        }
        assert moved == {(DATASETS[2], METHOD)}
    place = other.scores.cells.index(Cell(DATASETS[2], METHOD, "tree"))
    found = fits.scores.cells.index(Cell(DATASETS[2], "worse", "tree"))
    for unit in range(len(UNITS)):
        expected = fits.scores.values[found, unit, run.other[unit]]
        assert np.array_equal(other.scores.values[place, unit, 0], expected)


def test_changes_scores_of_the_named_cells_and_metrics_alone(fits):
    same = run_of(fits).same
    cell = same.scores.cells[5]
    changed = change_scores(same, {cell}, ["g_mean"], -0.25)
    difference = changed.scores.values - same.scores.values
    assert np.allclose(difference[5, :, 0, METRICS.index("g_mean")], -0.25)
    difference[5, ..., METRICS.index("g_mean")] = 0
    assert not difference.any()


def test_takes_some_units_of_all_methods_and_all_units_of_some(fits):
    same = run_of(fits).same
    taken = of_units(same, UNITS[:4], {"Other"})
    assert taken.scores.units == UNITS
    for cell, present in zip(taken.scores.cells, taken.scores.present, strict=True):
        assert present[:, 0].tolist() == [True] * 4 + [cell.method == "Other"] * 8
    assert of_units(same, UNITS[:4]).scores.units == UNITS[:4]


@pytest.mark.parametrize("scenario", ["", "worse"])
def test_asks_the_gate_as_judge_does(fits, scenario):
    run = run_of(fits)
    current = run.with_scenario(scenario, DATASETS) if scenario else run.same
    verdict = judge(run.baseline, current, SETTINGS)
    expected = {(f.kind, f.level, f.dataset, f.method, f.classifier, f.measure) for f in verdict.alarms}
    assert alarms_of(run.baseline, current, SETTINGS).alarms == expected
    assert bool(expected) == bool(scenario)


def test_a_trial_repeats_itself_and_names_the_method(fits):
    trial = Trial("worse", 3, ways=("five splits", "two stages", "one split"))
    first, again = (play(trial, fits, 0, SETTINGS) for _ in range(2))
    assert first == again
    assert all(("DROP", "method", "", METHOD, "", "g_mean") in played.alarms for played in first)
    costs = [played.cost for played in first]
    assert (costs[0], costs[2]) == (3.0, 1.0)
    assert any(costs[1] == pytest.approx(1 + 2 * n / 3) for n in (1, 2, 3))


def test_a_null_run_raises_no_alarm_and_counts_the_power_of_every_comparison(fits):
    (played,) = play(Trial(RESEEDED, 0), fits, 0, SETTINGS)
    assert not played.alarms
    assert played.power["method", "roc_auc"][1] == len(METHODS)
    assert played.power["case", "roc_auc"][1] == len(METHODS) * len(DATASETS) * len(CLASSIFIERS)
    seen, of, seen_at_printed = np.sum(list(played.power.values()), axis=0)
    assert 0.8 * of < seen < of
    assert 0.8 * of < seen_at_printed < of


@pytest.mark.parametrize("level", ["method", "dataset", "case"])
def test_looks_for_an_injected_drop_at_its_own_place(fits, level):
    seen = [play(Trial(RESEEDED, number, injected=level), fits, 0, SETTINGS)[0].seen for number in range(12)]
    assert sum(map(bool, seen)) >= 9


def test_shifts_every_score_down(fits, monkeypatch):
    import benchmarks.gate_study.trials as module

    monkeypatch.setattr(module, "SHIFT", 0.1)
    (played,) = play(Trial(SHIFTED, 0), fits, 0, SETTINGS)
    assert {alarm[3] for alarm in played.alarms} == set(METHODS)


def test_scenarios_have_seeds_that_no_baseline_has():
    made = jobs(range(MAX_DRAWS), range(MAX_DRAWS, MAX_DRAWS + 2))
    draws = {part: {job.draw for job in made if job.part == part} for part in ("null", "scenarios")}
    assert not draws["null"] & draws["scenarios"]
    assert len({job.path(Path("cache")) for job in made}) == len(made)


def test_every_trial_has_its_own_number():
    made = trials(3, 3, 2)
    assert len({trial.number for trial in made}) == len(made)
    assert {len(trial.datasets) for trial in made} == {1, len(DATASETS)}


def test_fits_are_computed_once_and_read_back(tmp_path):
    job = Job("scenarios", "samples", "Haberman", 3)
    assert compute([job], tmp_path, n_workers=1) > 0
    assert compute([job], tmp_path, n_workers=1) == 0
    read = load([job], tmp_path)
    assert read.values.shape == (len(job.methods), 25, 1, len(OF_NUMBERS))
    place = read.cells.index(Cell("Haberman", "no-op", ""))
    assert np.allclose(read.values[place, :, 0, read.names.index("kept_minority")], 1.0)


def test_renders_a_table_for_every_question(fits):
    made = [Trial(RESEEDED, 0), Trial("worse", 1), Trial("worse", 2, (DATASETS[0],))]
    played = [one for trial in made for one in play(trial, fits, 0, SETTINGS)]
    text = tables.render(tables.Study(played, 72, 0.01, (7, 3), 1.0, 2.0, "versions"))
    assert text.count("\n| --- ") == 5
    assert "| reseeded | 0 of 1: 0.0% (0.0 to 97.5) | not played | not played |" in text


@pytest.mark.parametrize("view", [name for name in VIEWS if name != PLAIN])
def test_a_view_of_real_fits_has_few_values_whose_ends_do_not_depend_on_the_run(fits, view):
    one = run_of(fits).same
    seen = seen_as(view, one, fits.null_scores, digests=False)
    assert seen.samples is None
    assert len(np.unique(seen.scores.values.round(9))) < 0.1 * seen.scores.values.size
    half = dataclasses.replace(one, scores=one.scores.take(units=UNITS[:4]))
    of_half = seen_as(view, half, fits.null_scores, digests=False).scores.values
    assert np.array_equal(of_half, seen.scores.values[:, :4])
    share = {"ceiling": (seen.scores.values == 1).mean(), "floor": (seen.scores.values == 0.5).mean()}
    assert share.get(view, 0.8) >= 0.75


def test_digests_are_equal_where_all_scores_are(fits):
    scores = with_digests(run_of(fits).same.scores)
    assert len(np.unique(scores.digests)) == scores.digests.size
    again = dataclasses.replace(scores, values=scores.values.copy())
    again.values[3, 2, 0, 1] += 1e-15
    assert (with_digests(again).digests != scores.digests).sum() == 1


@pytest.mark.parametrize("digests", [False, True])
def test_plays_views_with_a_drop_and_without(fits, digests):
    for view in VIEWS:
        (null,) = play(Trial(RESEEDED, 0, view=view, digests=digests), fits, 0, SETTINGS)
        assert not null.alarms
        (worse,) = play(Trial(RESEEDED, 0, view=view, digests=digests, share=DROPPED), fits, 0, SETTINGS)
        assert {alarm[3] for alarm in worse.alarms} == {METHOD}


@pytest.mark.parametrize("digests", [False, True])
@pytest.mark.parametrize("name", DISCRETE)
def test_discrete_laws_have_the_drop_that_the_table_names(name, digests):
    trials_of = [
        LawTrial(name, Size(2, 10, 2), n, digests, worse) for worse in (False, True) for n in range(3)
    ]
    means = [
        [one.scores.values.mean() for one in sides(t, np.random.default_rng(t.number))] for t in trials_of
    ]
    same, worse = (np.mean([m[0] - m[1] for m in part]) for part in (means[:3], means[3:]))
    spread = sides(trials_of[0], np.random.default_rng(0))[0].scores.values.std() / np.sqrt(3000)
    assert same == pytest.approx(0, abs=5 * spread)
    assert worse == pytest.approx(DISCRETE[name].drop, abs=5 * spread + 0.1 * DISCRETE[name].drop)


def test_a_law_of_one_split_may_be_undecided_and_never_fails():
    (name,) = (name for name in SHARED if "down" in name)
    played = [play_law(LawTrial(name, Size(4, 5, 2, splits=1), n), 0, SETTINGS) for n in range(10)]
    assert any(p.is_undecided for p in played)
    assert not any(p.fails for p in played)


def test_renders_a_row_for_every_law_and_a_column_for_every_size():
    made = [trial for trial in law_trials(2, 2) if trial.number == 0 and trial.size.methods == 9]
    played = [play_law(trial, 0, SETTINGS) for trial in made]
    text = render_laws(played, 1.0)
    assert len(made) == len(DISCRETE)
    assert text.count("\n| --- ") == 3
    assert text.count("0 of 1: 0.0%") == len(DISCRETE)
    assert all(f"| {name} |" in text for name in (*DISCRETE, *SHARED))


def test_says_what_false_alarms_there_were_and_how_often():
    alarm = ("DROP", "case", "Ecoli", METHOD, "kNN", "g_mean")
    played = [Played(Trial(RESEEDED, n), "five splits", frozenset([alarm] if n else [])) for n in range(3)]
    text = tables.render(tables.Study(played, 72, 0.01, (7, 3), 1.0, 2.0, "versions"))
    assert "2 of 3: 66.7%" in text
    assert "DROP Ecoli-SMOTE-kNN g_mean (reseeded, five splits) 2 times." in text
