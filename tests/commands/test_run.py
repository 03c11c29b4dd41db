"""``smote-bench run FILE``."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench.commands import run as command
from smote_bench.errors import ConfigError
from smote_bench.experiment.shipped import grid_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    seen: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        seen.append(arguments)
        return 3

    monkeypatch.setattr(pytest, "main", main)
    return seen


def _run(experiment: str, *rest: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["run", experiment])
    args.rest = list(rest)
    return command.run(args)


def test_gives_the_grid_to_pytest_with_what_follows_the_file(calls: list[list[str]], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert _run(str(file), "-n", "2", "-k", "Ecoli") == 3
    (arguments,) = calls
    assert arguments[0] == str(grid_file())
    assert arguments[arguments.index("--smote-experiment") + 1] == str(file)
    assert arguments[-4:] == ["-n", "2", "-k", "Ecoli"]


def test_help_names_every_shipped_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    with pytest.raises(SystemExit):
        parser.parse_args(["run", "--help"])
    words = " ".join(capsys.readouterr().out.split())
    shipped = sorted(path.stem for path in (ROOT / "benchmarks" / "experiments").glob("*.yaml"))
    assert ", ".join(shipped) in words


def test_the_root_is_where_one_is(
    calls: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _run("quick")
    assert f"--rootdir={tmp_path}" in calls[0]


def test_a_root_of_the_users_own_is_kept(calls: list[list[str]]) -> None:
    _run("quick", "--rootdir=/elsewhere")
    assert [word for word in calls[0] if word.startswith("--rootdir")] == ["--rootdir=/elsewhere"]


def test_a_shipped_experiment_goes_by_its_name(calls: list[list[str]]) -> None:
    _run("quick")
    assert Path(calls[0][calls[0].index("--smote-experiment") + 1]).name == "quick.yaml"


def test_an_unknown_experiment_is_refused_before_pytest_starts(calls: list[list[str]]) -> None:
    with pytest.raises(ConfigError, match=r"got 'quik'\. Did you mean 'quick'\?"):
        _run("quik")
    assert calls == []


def test_the_grid_is_a_file_that_is_there() -> None:
    assert "smote_case" in grid_file().read_text()


def test_k_asks_the_cells_and_no_folder_above_the_grid(tmp_path: Path) -> None:
    # As installed: the grid is below a package called smote_bench.
    site = tmp_path / "lib" / "site-packages"
    package = site / "smote_bench"
    shutil.copytree(ROOT / "smote_bench", package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("benchmarks", "datasets"):
        shutil.copytree(ROOT / folder, package / f"_{folder}", ignore=shutil.ignore_patterns("__pycache__"))
    words = ["run", "quick", "--collect-only", "-q", "-k", "SMOTE and Ecoli and kNN"]
    done = subprocess.run(
        [sys.executable, "-m", "smote_bench", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line.partition("[")[2] for line in done.stdout.splitlines() if "[" in line and "::" in line]
    assert found == ["Ecoli-SMOTE-kNN]", "Ecoli-BorderlineSMOTE-kNN]"], done.stdout + done.stderr
    assert "warnings summary" not in done.stdout, "the command imports us before pytest, which is no news"


def test_nothing_of_our_own_making_is_warned_of(tmp_path: Path) -> None:
    """An installed copy has all its modules marked for rewriting; here one is marked by hand."""
    (tmp_path / "x.yaml").write_text(
        "methods: [SMOTE]\ndatasets: [Ecoli]\nexperiment_config: {selected_classifiers: [kNN]}\n"
    )
    words = ["run", "x.yaml", "--collect-only", "-p", "smote_bench.experiment.shipped"]
    done = subprocess.run(
        [sys.executable, "-m", "smote_bench", *words],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stdout + done.stderr
