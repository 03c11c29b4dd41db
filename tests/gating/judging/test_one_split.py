"""A verdict on a single split: its alarms decide nothing, everything else does."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from gating.made_evidence import finding, rows, verdict, write_csv
from gating.panels import Truth, same_as, side

from smote_bench import cli
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Better, Evidence
from smote_bench.gating.evidence.panel import Panel
from smote_bench.gating.judging.judge import judge
from smote_bench.gating.verdicts import files, words
from smote_bench.gating.verdicts.verdict import EXIT_CODES, Problem

Shape = tuple[int, ...]
TOGETHER: dict[str, Callable[[np.random.Generator, Shape], np.ndarray]] = {
    "half": lambda rng, shape: np.sqrt(0.5) * rng.normal(size=shape),
    "nearly all": lambda rng, shape: np.sqrt(0.95) * rng.normal(size=shape),
    "heavy tails": lambda rng, shape: rng.standard_t(2, shape),
    "one seed of fifty": lambda rng, shape: -20.0 * (rng.random(shape) < 0.02),
    "two values": lambda rng, shape: np.sign(rng.random(shape) - 0.5),
}
"""What the folds of a split and seed share, in standard deviations of a fold."""


class SharedSplit(Truth):
    """Scores whose folds of one split and seed move together."""

    def __init__(self, law: str, **named: int) -> None:
        super().__init__(4, 3, 2, **named)  # type: ignore[arg-type]
        self._law = TOGETHER[law]

    def panel(self, draws):  # type: ignore[no-untyped-def]
        panel = Panel.empty(self.cells, self.units, list(draws), self.metrics)
        split = np.array([unit.split for unit in self.units])
        shape = panel.values.shape
        shared = self._law(self.rng, (shape[0], split.max() + 1, *shape[2:]))[:, split]
        panel.values[:] = self._level + 0.02 * (shared + 0.5 * self.rng.normal(size=shape))
        panel.present[:] = True
        return panel


@pytest.mark.parametrize("n_seeds", [1, 2, 4])
@pytest.mark.parametrize("law", TOGETHER)
def test_nothing_that_is_of_one_split_alone_fails(law: str, n_seeds: int) -> None:
    results = set()
    for seed in range(6):
        truth = SharedSplit(law, n_splits=1, seed=seed)
        results.add(judge(truth.baseline(n_seeds), truth.run()).result)
    assert results <= {"pass", "undecided"}


@pytest.mark.parametrize("law", ["half", "nearly all"])
def test_a_baseline_of_one_seed_and_five_splits_raises_no_alarm_for_folds_that_move_together(
    law: str,
) -> None:
    results = [judge(truth.baseline(1), truth.run()).result for truth in map(_five(law), range(12))]
    assert results == ["pass"] * 12


@pytest.mark.parametrize("law", ["half", "nearly all"])
def test_a_baseline_of_one_seed_and_five_splits_shows_a_drop_of_folds_that_move_together(law: str) -> None:
    truth = _five(law)(0)
    assert judge(truth.baseline(1), truth.run({"m1": 0.15})).result == "fail"


def _five(law: str) -> Callable[[int], SharedSplit]:
    return lambda seed: SharedSplit(law, n_splits=5, seed=seed)


def _dropped(n_splits: int, **better: str) -> tuple[Evidence, Evidence]:
    truth = Truth(sd=0.01, n_splits=n_splits)
    baseline, run = truth.baseline(), truth.run({"m1": 0.08})
    return baseline, run


def _first_split(one: Evidence) -> Evidence:
    return side(one.name, one.scores.take(units=[unit for unit in one.scores.units if unit.split == 0]))


def test_a_drop_on_one_split_is_shown_and_undecided() -> None:
    baseline, run = _dropped(5)
    for before in (baseline, _first_split(baseline)):
        found = judge(before, _first_split(run))
        assert (found.result, found.exit_code) == ("undecided", EXIT_CODES["undecided"])
        assert {alarm.method for alarm in found.alarms} == {"m1"}
        assert all(alarm.n_splits == 1 for alarm in found.alarms)
    assert judge(baseline, run).result == "fail"


def test_the_same_with_two_splits_fails() -> None:
    assert judge(*_dropped(2)).result == "fail"


def test_samples_that_changed_on_one_split_are_undecided_too() -> None:
    truth = Truth(n_splits=1)

    def with_samples(one: Evidence, ratio: float) -> Evidence:
        cells = [dataclasses.replace(cell, classifier="") for cell in one.scores.cells[::2]]
        panel = Panel.empty(cells, one.scores.units, one.scores.draws, ["minority_ratio"])
        panel.values[:], panel.present[:] = ratio, True
        return dataclasses.replace(one, samples=panel)

    found = judge(with_samples(truth.baseline(), 1.0), with_samples(truth.run(), 0.5))
    assert found.result == "undecided"
    assert {alarm.kind for alarm in found.alarms} == {"CHANGED"}


def test_what_needs_no_statistics_fails_on_one_split_too() -> None:
    baseline, run = (_first_split(one) for one in _dropped(5))
    gone = side("run", run.scores.take(cells=run.scores.cells[1:]))
    assert judge(baseline, gone).result == "fail"
    assert judge(baseline, run, GateSettings(fixed={"g_mean": 0.05})).result == "fail"
    assert judge(baseline, same_as(baseline)).result == "pass"
    only_warns = judge(baseline, run, GateSettings(mode="warn"))
    assert (only_warns.result, only_warns.exit_code) == ("undecided", 0)


def test_an_alarm_of_several_splits_decides_beside_one_of_a_single_split() -> None:
    """As after a second stage: the dropped method has all splits, another one the first alone."""
    baseline, run = _dropped(5)
    places = [n for n, cell in enumerate(run.scores.cells) if cell.method != "m1"]
    others = np.ix_(places, range(5, 25))
    run.scores.present[others] = False
    run.scores.values[others] = np.nan
    run.scores.values[[n for n in places if run.scores.cells[n].method == "m0"]] -= 0.08
    found = judge(baseline, run, two_stages=True)
    assert found.result == "fail"
    assert {(alarm.method, alarm.n_splits) for alarm in found.alarms} == {("m0", 1), ("m1", 5)}


def test_says_what_to_do() -> None:
    baseline, run = _dropped(5)
    of_several = words.lines(judge(baseline, _first_split(run)))
    of_one = words.lines(judge(_first_split(baseline), _first_split(run)))
    assert of_several[0].startswith("metric gate: UNDECIDED  24 cases")
    assert any("; one split)" in line for line in of_several)
    assert any("false alarms on one split: more than 1 % per run" in line for line in of_several)
    (note,) = (line for line in of_several if "leave the verdict undecided" in line)
    assert "run was judged on one split of 5" in note
    assert "random_runs: 5" in note
    (note,) = (line for line in of_one if "leave the verdict undecided" in line)
    assert "baseline has one split" in note
    assert "--smote-gate-splits 5" in note


def test_every_file_says_that_it_is_undecided() -> None:
    found = judge(*(_first_split(one) for one in _dropped(5)))
    plain = files.to_json(found)
    assert (plain["result"], plain["exit_code"]) == ("undecided", 8)
    assert {one["n_splits"] for one in plain["findings"] if not one["is_warning"]} == {1}
    assert files.from_json(json.loads(json.dumps(plain))).result == "undecided"
    assert "metric gate: UNDECIDED" in files.to_markdown(found)
    suite = ElementTree.fromstring(files.to_junit(found).split("\n", 1)[1])[0]
    assert suite.attrib["failures"] == "0"
    assert int(suite.attrib["errors"]) > 0


def test_a_finding_of_an_earlier_release_is_read_and_decides() -> None:
    plain = files.to_json(verdict(findings=(finding(),)))
    del plain["findings"][0]["n_splits"]
    (read,) = files.from_json(plain).findings
    assert not read.is_of_one_split


def test_no_two_results_share_an_exit_code_and_none_is_pytest_s_own() -> None:
    codes = list(EXIT_CODES.values())
    assert len(set(codes)) == len(codes)
    # 2 to 6 are pytest's; a gate that cannot compare has shared 4 (a wrong call) with it from the beginning
    assert EXIT_CODES["undecided"] > max(pytest.ExitCode)


def test_the_command_has_an_exit_code_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def call(n_splits: int, *, without: str = "") -> int:
        paths = []
        for name, shift in (("before", 0.0), ("after", -0.3)):
            table = [row for row in rows(shift=shift) if row["split"] < n_splits]
            if name == "after" and without:
                table = [row for row in table if row["dataset"] != without]
            paths.append(write_csv(tmp_path / f"{name}.csv", table))
        return cli.main(["gate", "--baseline-table", str(paths[0]), "--current-table", str(paths[1])])

    assert call(1) == 8
    assert "UNDECIDED" in capsys.readouterr().out
    assert call(2) == 1
    assert call(1, without="Ecoli") == 1


def test_problems_are_listed_beside_alarms_of_one_split() -> None:
    found = verdict("fail", problems=(Problem("status", "a", "b"),), findings=(finding(n_splits=1),))
    assert any(line.startswith("PROBLEM") for line in words.lines(found))


@pytest.mark.parametrize("better", ["high", "low"])
def test_a_drop_on_one_fold_with_one_seed_is_undecided_and_its_method_named(better: Better) -> None:
    truth = Truth(2, 1, 1, n_splits=1, n_folds=1, sd=0.0, metrics=["made_up"])
    sign = 1 if better == "high" else -1
    baseline, run = (
        dataclasses.replace(one, better={"made_up": better})
        for one in (truth.baseline(1), truth.run({"m1": 0.3 * sign}))
    )
    found = judge(baseline, run)
    assert (found.result, found.exit_code) == ("undecided", EXIT_CODES["undecided"])
    assert f"m1 made_up {-0.3 * sign:+.4f}" in found.notes[0]
    assert judge(baseline, baseline).result == "pass"
    assert judge(run, baseline).result == "pass"


def test_sides_without_a_score_that_both_have_are_no_pass() -> None:
    truth = Truth(2, 2, 1)
    baseline = truth.baseline()
    undefined = np.full_like(baseline.scores.values, np.nan)
    nothing = side("nothing", dataclasses.replace(baseline.scores, values=undefined))
    assert judge(nothing, truth.run()).result == "not comparable"
    assert judge(nothing, nothing).result == "pass"
