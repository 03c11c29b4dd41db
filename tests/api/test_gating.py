"""`smote_bench.gate` and `smote_bench.save_baseline`: the verdict of ``smote-bench gate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import made_up_run

import smote_bench
from smote_bench import cli


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("gate") / "reports"
    size: dict[str, Any] = {"datasets": 2, "methods": 2, "classifiers": 1, "folds": 4, "points": None}
    made_up_run(out, name="good", **size)
    made_up_run(out, name="bad", effects={"SMOTE": -3.0}, **size)
    smote_bench.save_baseline("good", "main", out=out)
    return out


@pytest.fixture
def table() -> pd.DataFrame:
    names = {"dataset": "d", "method": "m", "classifier": "c", "metric": "g_mean"}
    fits = [{**names, "split": split, "seed": 0, "fold": fold} for split in range(3) for fold in range(5)]
    return pd.DataFrame(fits).assign(value=[0.7 + 0.001 * (n % 5) for n in range(15)])


def test_the_run_behind_the_baseline_passes_and_a_worse_one_does_not(out: Path) -> None:
    good = smote_bench.gate("good", "main", out=out)
    assert (good.result, good.passed, good.exit_code) == ("pass", True, 0)
    bad = smote_bench.gate(smote_bench.open_run("bad", out), "main", out=out)
    assert not bad.passed
    assert bad.exit_code == {"fail": 1, "undecided": 8}[bad.result]
    assert {"DROP"} <= set(bad.table["kind"])
    assert len(bad.table) == len(bad.findings)
    assert repr(bad).startswith(f"<GateVerdict {bad.result}: 4 cases, ")


def test_it_is_the_verdict_of_the_command(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = smote_bench.gate("bad", "main", out=out, alpha=0.05, tolerance={"case": 0.02}, metrics="g_mean")
    file = tmp_path / "gate.json"
    words = ["--alpha", "0.05", "--tol", "case:0.02", "--metrics", "g_mean", "--json", str(file)]
    code = cli.main(["gate", "bad", "main", "--reports", str(out), *words])
    assert code == verdict.exit_code
    assert json.loads(file.read_text()) == json.loads(json.dumps(verdict.to_json(), default=str))
    assert str(verdict).splitlines()[0] == capsys.readouterr().out.splitlines()[0]
    assert str(verdict).splitlines()[0] in verdict.to_markdown() or verdict.to_markdown()
    assert verdict._repr_html_().startswith("<pre>")


def test_another_run_can_be_the_baseline(out: Path) -> None:
    good, bad = (smote_bench.open_run(name, out) for name in ("good", "bad"))
    assert smote_bench.gate(good, good).passed
    assert not smote_bench.gate(bad, good).passed


def test_warn_changes_the_exit_code_and_not_the_result(out: Path) -> None:
    verdict = smote_bench.gate("bad", "main", out=out, mode="warn")
    assert (verdict.exit_code, verdict.passed) == (0, False)


def test_tables_of_other_tools_are_frames_or_files(table: pd.DataFrame, tmp_path: Path) -> None:
    worse = table.assign(value=table["value"] - 0.2)
    path = tmp_path / "worse.csv"
    worse.to_csv(path, index=False)
    assert smote_bench.gate(table, table).passed
    assert smote_bench.gate(worse, table).result == smote_bench.gate(path, table).result == "fail"
    low = {"g_mean": "low"}
    assert smote_bench.gate(worse, table, better=low).passed


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"alpha": 2}, r"gate\.alpha: expected a rate of false alarms"),
        ({"tolerance": {"cell": 0.1}}, r"gate\.tolerance: expected keys among method, dataset, case"),
        ({"mode": "off"}, r"mode: expected one of warn, fail, got 'off'"),
        ({"metrics": "gmean"}, r"metrics: expected a metric of the baseline, got 'gmean'\. Did you mean"),
        *(({"metrics": wrong}, r"^expected names for metrics, got") for wrong in ([], "", 3, [3])),
        ({"compare_fail": {"gmean": 0.1}}, r"compare_fail: expected a metric of the baseline"),
        ({"better": {"g_mean": "high"}}, r"expected better with tables only"),
    ],
)
def test_a_wrong_option_is_told_by_its_name(options: dict[str, Any], words: str, out: Path) -> None:
    with pytest.raises(smote_bench.ConfigError, match=words):
        smote_bench.gate("good", "main", out=out, **options)


def test_wrong_sides_are_told(out: Path, table: pd.DataFrame) -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"expected two tables.*'main' as baseline"):
        smote_bench.gate(table, "main", out=out)
    with pytest.raises(smote_bench.ConfigError, match="a baseline's name or path, or a Run, got None"):
        smote_bench.gate("good", None, out=out)
    with pytest.raises(smote_bench.ConfigError, match=r"Did you mean 'main'\?"):
        smote_bench.gate("good", "mian", out=out)
    with pytest.raises(smote_bench.ConfigError, match=r"run \(DataFrame\)"):
        smote_bench.gate(table.drop(columns="dataset"), table)
    with pytest.raises(smote_bench.ConfigError, match=r"better: expected a metric of the tables, got 'cost'"):
        smote_bench.gate(table, table, better={"cost": "low"})


@pytest.mark.parametrize("direction", ["lower", "up", "High", "", 3, True, None])
def test_a_direction_is_high_or_low_and_nothing_that_would_pass_for_high(
    direction: object, table: pd.DataFrame
) -> None:
    cost = table.assign(metric="cost")
    dearer = cost.assign(value=cost["value"] + 0.2)
    assert smote_bench.gate(dearer, cost, better={"cost": "low"}).result == "fail"
    with pytest.raises(smote_bench.ConfigError, match=r"^better: expected high or low for 'cost', got"):
        smote_bench.gate(dearer, cost, better={"cost": direction})  # type: ignore[dict-item]


@pytest.mark.parametrize("better", ["cost=low", 3, ["cost"], {3: "low"}, False])
def test_directions_are_a_mapping_of_names(better: Any, table: pd.DataFrame) -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"^better: expected (a mapping|names of metrics), got"):
        smote_bench.gate(table, table, better=better)


def test_a_baseline_is_replaced_for_a_reason_only(out: Path, tmp_path: Path) -> None:
    path = smote_bench.save_baseline(smote_bench.open_run("good", out), "b", out=tmp_path)
    assert path == tmp_path / "baselines" / "b.json"
    with pytest.raises(smote_bench.ConfigError, match=r"a new baseline's name, got 'b'.*Python: reason="):
        smote_bench.save_baseline(smote_bench.open_run("bad", out), "b", out=tmp_path)
    smote_bench.save_baseline(smote_bench.open_run("bad", out), "b", out=tmp_path, reason="it is worse now")
    assert json.loads(path.read_text())["reason"] == "it is worse now"
    with pytest.raises(smote_bench.ConfigError, match=r"expected a baseline's name for name, got 3"):
        smote_bench.save_baseline("good", 3, out=out)  # type: ignore[arg-type]
