"""``smote-bench baseline``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_up import made_up_run

from smote_bench import cli
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.experiment.shipped import grid_file
from smote_bench.gating.baselines.baseline import load_baseline, save_from_run
from smote_bench.runs.store import Store

if TYPE_CHECKING:
    from tests.conftest import Bench


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    seen: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        seen.append(arguments)
        return 3

    monkeypatch.setattr(pytest, "main", main)
    return seen


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder of reports with one baseline, of two seeds."""
    out = tmp_path / "out"
    run = made_up_run(out, datasets=1, methods=2, folds=2, points=None, name="one")
    store = Store(run / "cells.sqlite")
    for n, outcome in enumerate(list(store.outcomes())):
        other = made_up_run(tmp_path / "other", datasets=1, methods=2, folds=2, points=None, seed=1)
        fits = next(o.fits for o in Store(other / "cells.sqlite").outcomes() if o.cell == outcome.cell)
        store.put(f"part{n}", Outcome(outcome.cell, "ok", fits=fits), part="split 0, seed 1")
    store.put("gone", Outcome(Cell("Ecoli", "Gone", "kNN"), "error", "ValueError: no"))
    store.close()
    arguments = [str(grid_file()), "--smote-experiment", "quick", "-n", "2", "--smote-save", "main"]
    save_from_run(run, "main", out, arguments=arguments)
    return out


def _call(*arguments: str, reports: Path) -> int:
    return cli.main(["baseline", *arguments, "--reports", str(reports)])


def _value(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_save_runs_the_grid_with_what_follows_and_has_it_saved(
    calls: list[list[str]], tmp_path: Path
) -> None:
    code = _call(
        "save", "main", "quick", "--seeds", "2", "-n", "auto", "-k", "Ecoli or Zoo", reports=tmp_path
    )
    assert code == 3
    (words,) = calls
    assert words[0] == str(grid_file())
    assert Path(_value(words, "--smote-experiment")).name == "quick.yaml"
    assert (_value(words, "--smote-gate-splits"), _value(words, "--smote-gate-seeds")) == ("5", "2")
    assert (_value(words, "-n"), _value(words, "-k")) == ("auto", "Ecoli or Zoo")
    assert words[-4:] == ["--smote-out", str(tmp_path), "--smote-save", "main"]
    assert f"--rootdir={Path.cwd()}" in words


def test_save_takes_the_projects_own_experiment_where_none_is_named(
    calls: list[list[str]], tmp_path: Path
) -> None:
    _call("save", "main", "-n", "auto", reports=tmp_path)
    assert "--smote-experiment" not in calls[0]
    assert _value(calls[0], "-n") == "auto"


def test_save_refuses_a_taken_name_before_anything_is_computed(
    calls: list[list[str]], reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _call("save", "main", "quick", reports=reports) == cli.USAGE_ERROR
    assert 'baseline accept main --reason "..."' in capsys.readouterr().err
    assert calls == []


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_save_refuses_numbers_that_are_none(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _call("save", "main", "quick", f"--splits={number}", reports=tmp_path)
    assert f"expected a whole number from 1, got '{number}'" in capsys.readouterr().err


def test_accept_repeats_the_command_of_the_baseline_with_the_reason(
    calls: list[list[str]], reports: Path
) -> None:
    assert _call("accept", "main", "--reason", "ties are broken by distance", "-x", reports=reports) == 3
    assert calls == [
        [
            str(grid_file()),
            "--smote-experiment",
            "quick",
            "-n",
            "2",
            "-x",
            "--smote-out",
            str(reports),
            "--smote-save",
            "main",
            "--smote-accept-reason",
            "ties are broken by distance",
        ]
    ]


def test_accept_takes_a_reason(
    calls: list[list[str]], reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _call("accept", "main", "--reason", " ", reports=reports) == cli.USAGE_ERROR
    assert "expected a reason in words for --reason, got ' '" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        _call("accept", "main", reports=reports)
    assert calls == []


def test_accept_refuses_a_baseline_that_does_not_say_how_it_was_made(
    calls: list[list[str]], reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = reports / "baselines" / "main.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "arguments": []}))
    assert _call("accept", "main", "--reason", "why", reports=reports) == cli.USAGE_ERROR
    assert "got 'main' without one: call pytest as it was" in capsys.readouterr().err
    assert calls == []


def test_accept_suggests_a_name(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _call("accept", "mian", "--reason", "why", reports=reports) == cli.USAGE_ERROR
    assert "Did you mean 'main'?" in capsys.readouterr().err


def test_list_has_a_line_per_baseline_and_says_what_cannot_be_read(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (reports / "baselines" / "broken.json").write_text("{")
    assert _call("list", reports=reports) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "made", "experiment", "cases", "splits", "x", "seeds", "MB", "reason"]
    assert lines[1].split()[:4] == ["broken", "cannot", "be", "read"]
    assert lines[2].split()[0] == "main"
    assert "one" in lines[2].split()
    assert "1 x 2" in lines[2]
    assert lines[3].startswith("broken: expected a baseline's JSON, got")


def test_list_says_how_to_make_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _call("list", reports=tmp_path) == 0
    assert "no baselines in" in capsys.readouterr().out


def test_show_tells_what_it_is_its_reasons_and_its_noise(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = reports / "runs" / "one-one"
    save_from_run(
        run, "main", reports, reason="a better SMOTE", replace=True, arguments=["{grid}", "-n", "2"]
    )
    assert _call("show", "main", reports=reports) == 0
    text = capsys.readouterr().out
    assert "5 on 1 splits with 2 seeds; 1 not ok" in text
    assert "reason      a better SMOTE" in text
    assert "before it, newest first:" in text
    assert "standard deviation from seed to seed" in text
    assert "Ecoli     RandomForest" in text
    assert "pytest '{grid}' -n 2" in text


@pytest.mark.parametrize("action", ["list", "show"])
def test_what_is_not_passed_on_is_refused(
    action: str, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [action, "main"] if action == "show" else [action]
    assert _call(*words, "--jsn", reports=reports) == cli.USAGE_ERROR
    assert "got '--jsn': leave it out" in capsys.readouterr().err


def test_a_baseline_is_saved_by_two_workers_and_refreshed_from_the_memo(bench: Bench) -> None:
    bench.table("T", seed=1)
    bench.experiment(
        "name: small\nmethods: [{Jitter: 'samplers:Jitter'}]\ncv_folds: 2\n"
        "datasets: [{name: T, file: T.csv, target: y, minority: 1}]\n"
        "selected_classifiers: {NB: 'counting:CountingNB'}\n"
    )
    log = bench.path / "log.txt"

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        log.unlink(missing_ok=True)
        command = [sys.executable, "-m", "smote_bench", "baseline", *words]
        options = {"cwd": bench.path, "env": bench.environment(), "text": True, "timeout": 600}
        return subprocess.run(command, capture_output=True, **options)

    numbers = ["--splits", "2", "--seeds", "2"]
    done = call("save", "main", "experiment.yaml", *numbers, "-n", "2", "-o", "smote_report=false")
    assert done.returncode == 0, done.stdout + done.stderr
    # two cells, two splits, two seeds, two folds and a hold-out each
    assert sum(line.startswith("fit ") for line in log.read_text().splitlines()) == 2 * 2 * 2 * 3
    reports = bench.path / "reports"
    baseline = load_baseline("main", reports)
    assert baseline.scores.present.all()
    assert baseline.scores.values.shape[:3] == (2, 6, 2)
    assert baseline.samples is not None
    assert baseline.samples.cells == (Cell("T", "Jitter", ""),)
    assert str(bench.path) not in (reports / "baselines" / "main.json").read_text()

    again = call("save", "main", "experiment.yaml")
    assert (again.returncode, "baseline accept main" in again.stderr) == (2, True)
    assert not log.exists()

    done = call("accept", "main", "--reason", "nothing changed")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not log.exists()  # all from the memo
    header = json.loads((reports / "baselines" / "main.json").read_text())
    assert header["reason"] == "nothing changed"
    assert [entry["reason"] for entry in header["history"]] == [""]
    same = load_baseline("main", reports)
    assert same.scores.values.tobytes() == baseline.scores.values.tobytes()
    assert same.scores.digests.tobytes() == baseline.scores.digests.tobytes()
