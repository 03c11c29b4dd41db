"""A run of which no session wrote the tables has those that it would have written."""

from __future__ import annotations

import filecmp
import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from made_up import made_up_run

from smote_bench.cli import main
from smote_bench.runs.asked import Asked, write_asked, write_draft
from smote_bench.runs.folder import LOCK
from smote_bench.runs.missing_tables import write_missing_tables
from smote_bench.runs.open import open_run

TIDY = ("scores.csv", "scores.parquet", "cells.csv")


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """A run, and the same one as kill -9 leaves it: a store and nothing else."""
    shape = {"datasets": 2, "methods": 3, "classifiers": 2, "folds": 2, "rows": 60}
    whole = made_up_run(tmp_path / "whole", **shape, points=None)
    killed = tmp_path / "reports" / "runs" / whole.name
    killed.mkdir(parents=True)
    shutil.copy(whole / "cells.sqlite", killed)
    write_asked(killed / "cells.sqlite", Asked(tuple(open_run(whole).by_cell)), ["grid.py"], Path.cwd())
    manifest = json.loads((whole / "manifest.json").read_text())
    write_draft(killed / "cells.sqlite", {**manifest, "cut": None, "finished": None, "cells": {}})
    return whole, killed


def _csv_files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "tables").glob("*.csv")}


def test_they_have_the_bytes_of_those_that_a_session_writes(runs: tuple[Path, Path]) -> None:
    whole, killed = runs
    assert write_missing_tables(open_run(killed)) == [*TIDY, "tables"]
    assert _csv_files(killed) == _csv_files(whole) > {"summary.csv", "seconds.csv", "not_ok.csv"}
    names = [*TIDY, *(f"tables/{name}" for name in _csv_files(whole))]
    assert filecmp.cmpfiles(whole, killed, names, shallow=False) == (names, [], [])
    assert not (killed / LOCK).exists()


@pytest.mark.parametrize("name", [*TIDY, "tables"])
def test_what_is_there_stays(runs: tuple[Path, Path], name: str) -> None:
    whole, killed = runs
    for there in {*TIDY, "tables"} - {name}:
        if there == "tables":
            (killed / there).mkdir()
            (killed / there / "kept").touch()
        else:
            (killed / there).write_bytes((whole / there).read_bytes() + b"\n")
    assert write_missing_tables(open_run(killed)) == [name]
    for there in {*TIDY} - {name}:
        assert (killed / there).read_bytes() == (whole / there).read_bytes() + b"\n"
    assert (killed / "tables" / "kept").exists() == (name != "tables")
    assert write_missing_tables(open_run(killed)) == []


def test_while_a_process_writes_the_run_they_are_left_to_it(runs: tuple[Path, Path]) -> None:
    _, killed = runs
    with FileLock(killed / LOCK):
        assert write_missing_tables(open_run(killed)) == []
    assert not any((killed / name).exists() for name in (*TIDY, "tables"))


@pytest.mark.fault(
    injected="everything is killed by kill -9, and `smote-bench report` is given what is left",
    seen="`scores.csv`, `scores.parquet`, `cells.csv` and `tables/` are made of the store as well, with a "
    "line that says so; what is there stays, and of a run that goes on they are left to its session",
    lost="the cells in flight",
)
def test_a_report_makes_them(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    whole, killed = runs
    assert main(["report", str(killed), "--tsne", "off", "--jobs", "1"]) == 0
    n = len(open_run(whole).outcomes)
    made = "scores.csv, scores.parquet, cells.csv, tables"
    assert f"made of the {n} cells in the store, as no session wrote them: {made}" in capsys.readouterr().out
    assert filecmp.cmp(whole / "scores.csv", killed / "scores.csv", shallow=False)
    assert (killed / "tables" / "summary.md").is_file()
    assert not (killed / "manifest.json").exists()
