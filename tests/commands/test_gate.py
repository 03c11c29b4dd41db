"""``smote-bench gate``."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from gating.made_evidence import evidence, rows, side, verdict, write_csv

from smote_bench import cli
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence

pytestmark = pytest.mark.versions

Call = Callable[..., int]


@pytest.fixture
def tables(tmp_path: Path) -> Call:
    """Call the command on two tables; the second is given as keywords of `rows`."""

    def call(*arguments: str, current: list[dict[str, Any]] | None = None, **others: Any) -> int:
        before = side(tmp_path / "before.csv")
        after = write_csv(tmp_path / "after.csv", rows(**others) if current is None else current)
        return cli.main(["gate", "--baseline-table", str(before), "--current-table", str(after), *arguments])

    return call


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Call the command on a stored run and a baseline, whose reading is not what is tested here."""
    asked: dict[str, Any] = {}

    def load_baseline(name: str, reports: Path) -> Evidence:
        asked["baseline"] = (name, reports)
        return evidence(name=name, draws=(0, 1), splits=range(2))

    def run_evidence(folder: Path) -> Evidence:
        asked["run"] = folder
        return evidence(name=folder.name, splits=range(2), about=asked.get("about", {}))

    def judge(baseline: Evidence, current: Evidence, settings: GateSettings) -> Any:
        asked["settings"] = settings
        return verdict("pass", settings=settings)

    modules = {
        "baselines.baseline": types.SimpleNamespace(load_baseline=load_baseline),
        "evidence.from_run": types.SimpleNamespace(run_evidence=run_evidence),
        "judging.judge": types.SimpleNamespace(judge=judge),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, f"smote_bench.gating.{name}", module)
    monkeypatch.setattr("smote_bench.runs.listing.find_run", lambda word, out: out / "runs" / word)

    def call(*arguments: str, about: dict[str, Any] | None = None) -> int:
        asked["about"] = about or {}
        return cli.main(["gate", "latest", "main", "--reports", str(tmp_path), *arguments])

    call.asked = asked  # type: ignore[attr-defined]
    return call


def test_tables_of_the_same_scores_pass(tables: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables() == 0
    assert capsys.readouterr().out.startswith("metric gate: PASS  4 cases: 4 identical\n")


def test_a_drop_fails(tables: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables(shift=-0.3) == 1
    assert capsys.readouterr().out.startswith("metric gate: FAIL  4 cases: 0 identical, 4 changed")


def test_a_missing_case_fails(tables: Call, capsys: pytest.CaptureFixture[str]) -> None:
    fewer = [row for row in rows() if (row["dataset"], row["method"]) != ("Yeast", "SMOTE")]
    assert tables(current=fewer) == 1
    assert "PROBLEM missing case  Yeast-SMOTE-kNN: expected" in capsys.readouterr().out


def test_what_was_not_selected_is_not_missing(tables: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables("--partial", current=[row for row in rows() if row["dataset"] == "Ecoli"]) == 0
    assert "not selected: Yeast-Original-kNN, Yeast-SMOTE-kNN" in capsys.readouterr().out


def test_other_cases_are_not_comparable(tables: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables(current=[{**row, "dataset": f"new {row['dataset']}"} for row in rows()]) == 4
    assert capsys.readouterr().out.startswith("metric gate: NOT COMPARABLE")


@pytest.mark.parametrize("current", [{"shift": -0.3}, {"metrics": ["mcc"]}])
def test_with_mode_warn_nothing_fails(
    tables: Call, capsys: pytest.CaptureFixture[str], current: dict[str, Any]
) -> None:
    assert tables("--mode", "warn", **current) == 0
    assert "(only warns)" in capsys.readouterr().out


def test_writes_the_files_that_are_asked_for(tables: Call, tmp_path: Path) -> None:
    names = {"--json": "v.json", "--markdown": "v.md", "--junit": "v.xml"}
    arguments = [part for option, name in names.items() for part in (option, str(tmp_path / name))]
    assert tables(*arguments, shift=-0.3) == 1
    assert json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))["result"] == "fail"
    assert "metric gate: FAIL" in (tmp_path / "v.md").read_text(encoding="utf-8")
    assert ElementTree.parse(tmp_path / "v.xml").getroot().tag == "testsuites"


def test_a_direction_is_taken_from_the_option(tables: Call, tmp_path: Path) -> None:
    before = side(tmp_path / "a.csv", metrics=["cost"])
    after = side(tmp_path / "b.csv", metrics=["cost"], shift=-0.3)
    call = ["gate", "--baseline-table", str(before), "--current-table", str(after)]
    assert cli.main([*call, "--better", "cost=high"]) == 1
    assert cli.main([*call, "--better", "cost=low"]) == 0
    assert cli.main(call) == 2


def test_a_fixed_limit_fails(tables: Call, capsys: pytest.CaptureFixture[str]) -> None:
    lax = ["--tol", "method:1,dataset:1,case:1"]
    assert tables(*lax, shift=-0.02) == 0
    assert tables(*lax, "--compare-fail", "roc_auc:0.01", shift=-0.02) == 1
    assert "fixed limit roc_auc:0.01  false alarms" in capsys.readouterr().out


def test_every_option_reaches_the_judge(stored: Any, tmp_path: Path) -> None:
    options = {
        "--alpha": "0.05",
        "--tol": "case:0.02",
        "--compare-fail": "roc_auc:0.05",
        "--max-slowdown": "1.5",
        "--metrics": "g_mean,roc_auc",
        "--mode": "warn",
    }
    assert stored("--partial", *(part for pair in options.items() for part in pair)) == 0
    assert stored.asked["settings"] == GateSettings(
        mode="warn",
        alpha=0.05,
        tolerance={"method": 0.0015, "dataset": 0.005, "case": 0.02},
        metrics=("g_mean", "roc_auc"),
        fixed={"roc_auc": 0.05},
        max_slowdown=1.5,
        partial=True,
    )
    assert stored.asked["baseline"] == ("main", tmp_path)
    assert stored.asked["run"] == tmp_path / "runs" / "latest"


def test_options_go_before_the_section_of_the_run_s_experiment(stored: Any) -> None:
    section = {"gate": {"alpha": 0.05, "tolerance": {"case": 0.02}, "mode": "off"}}
    assert stored("--tol", "method:0.01", about=section) == 0
    settings = stored.asked["settings"]
    assert settings.alpha == 0.05
    assert settings.tolerance == {"method": 0.01, "dataset": 0.005, "case": 0.02}
    assert settings.mode == "fail"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            [],
            "or --baseline-table and --current-table, got none: `smote-bench list`",
        ),
        (["latest"], "expected RUN and BASELINE, got 'latest' alone: name the baseline too"),
        (["--baseline-table", "a.csv"], "got --baseline-table alone: give --current-table FILE too"),
        (["--current-table", "a.csv"], "got --current-table alone: give --baseline-table FILE too"),
        (["latest", "main", "--current-table", "a.csv"], "got 'latest' and --current-table: leave one"),
        (["latest", "main", "--better", "a=low"], "expected --better with tables only"),
    ],
)
def test_refuses_what_does_not_go_together(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["gate", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--alpha", "2"], "--alpha: expected a rate"),
        (
            ["--tol", "cases:1"],
            "--tol: expected keys among method, dataset, case, got 'cases'. Did you mean 'case'?",
        ),
        (["--mode", "off"], "--mode: expected one of warn, fail, got 'off'"),
        (["--max-slowdown", "2"], "expected --max-slowdown with a RUN, got it with --baseline-table"),
        (
            ["--compare-fail", "rocauc:0.1"],
            "expected a metric of the baseline, got 'rocauc'. Did you mean 'roc_auc'?",
        ),
        (["--metrics", "gmean"], "got g_mean, roc_auc. Did you mean 'g_mean'?"),
        (["--better", "cots=low"], "--better: expected a metric of the tables, got 'cots'"),
        (["--json", "no/such/folder.json"], "expected --json to name a file in a folder that exists"),
        (["--json", "."], "name a file in it"),
        (["--json", "x.out", "--junit", "x.out"], "expected another file for each"),
    ],
)
def test_says_what_is_wrong_with_an_option(
    tables: Call, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tables(*arguments) == 2
    assert message in capsys.readouterr().err


def test_an_unknown_metric_of_a_stored_baseline_is_refused(
    stored: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stored("--metrics", "gmean") == 2
    assert (
        "--metrics: expected a metric of the baseline, got 'gmean'. Did you mean 'g_mean'?"
        in capsys.readouterr().err
    )


def test_help_names_the_exit_codes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smote_bench", "gate", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 pass; 1 something dropped" in " ".join(done.stdout.split())
