"""A run of which no session wrote the tables has those that it would have written."""

from __future__ import annotations

import errno
import filecmp
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from filelock import FileLock
from made_up import made_up_run

from smote_bench.cli import main
from smote_bench.errors import DiskError
from smote_bench.report.build import ReportSettings, write_report
from smote_bench.runs.asked import Asked, write_asked, write_draft
from smote_bench.runs.folder import LOCK
from smote_bench.runs.missing_tables import table_writers
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


def _written(folder: Path) -> list[str]:
    with table_writers(open_run(folder)) as writers:
        return [name for name, write in writers.items() if write()]


def _csv_files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "tables").glob("*.csv")}


def test_they_have_the_bytes_of_those_that_a_session_writes(runs: tuple[Path, Path]) -> None:
    whole, killed = runs
    assert _written(killed) == [*TIDY, "tables/"]
    assert _csv_files(killed) == _csv_files(whole) > {"summary.csv", "seconds.csv", "not_ok.csv"}
    names = [*TIDY, *(f"tables/{name}" for name in _csv_files(whole))]
    assert filecmp.cmpfiles(whole, killed, names, shallow=False) == (names, [], [])
    assert not (killed / LOCK).exists()


@pytest.mark.parametrize("name", [*TIDY, "tables/"])
def test_what_is_there_stays(runs: tuple[Path, Path], name: str) -> None:
    whole, killed = runs
    for there in {*TIDY, "tables/"} - {name}:
        if there == "tables/":
            (killed / there).mkdir()
            (killed / there / "summary.csv").touch()
        else:
            (killed / there).write_bytes((whole / there).read_bytes() + b"\n")
    assert _written(killed) == [name]
    for there in {*TIDY} - {name}:
        assert (killed / there).read_bytes() == (whole / there).read_bytes() + b"\n"
    assert bool((killed / "tables" / "summary.csv").read_bytes()) == (name == "tables/")
    assert _written(killed) == []


def test_while_a_process_writes_the_run_they_are_left_to_it(runs: tuple[Path, Path]) -> None:
    _, killed = runs
    with FileLock(killed / LOCK):
        assert _written(killed) == []
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
    made = "scores.csv, scores.parquet, cells.csv, tables/"
    assert f"made of the {n} cells in the store, as they were not there: {made}" in capsys.readouterr().out
    assert filecmp.cmp(whole / "scores.csv", killed / "scores.csv", shallow=False)
    assert (killed / "tables" / "summary.md").is_file()
    assert not (killed / "manifest.json").exists()


def test_a_report_of_a_run_that_went_on_leaves_no_tables_that_count_as_its_own(
    runs: tuple[Path, Path],
) -> None:
    whole, killed = runs
    words = ["report", str(killed), "--tsne", "off", "--jobs", "1"]
    with FileLock(killed / LOCK):
        assert main(words) == 0
    assert not {*TIDY} & {path.name for path in killed.iterdir()}
    assert (killed / "tables" / "summary.md").exists() == (killed / "tables" / "summary.csv").exists()
    assert _csv_files(killed)
    assert not (killed / "report.json").exists(), "no later run copies it"
    assert main(words) == 0
    assert _csv_files(killed) >= _csv_files(whole)
    assert filecmp.cmp(whole / "tables" / "summary.csv", killed / "tables" / "summary.csv", shallow=False)


def test_a_table_that_is_damaged_costs_what_is_made_of_it_and_nothing_else(
    runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    whole, killed = runs
    text = (whole / "scores.csv").read_bytes()
    (killed / "scores.csv").write_bytes(text[: len(text) // 2])
    assert main(["report", str(killed), "--tsne", "off", "--jobs", "1"]) == 1
    out, err = capsys.readouterr()
    assert "scores.parquet could not be made: ArrowInvalid" in err
    assert "as they were not there: cells.csv, tables/" in out
    assert (killed / "tables" / "summary.md").is_file()
    assert (killed / "report.html").is_file()
    assert (killed / "scores.csv").read_bytes() == text[: len(text) // 2]
    assert not (killed / "scores.parquet").exists()


def test_without_room_for_scores_no_parquet_file_is_tried(
    runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _, killed = runs
    monkeypatch.setattr("smote_bench.runs.tidy_tables.score_rows", full)
    report = write_report(killed, ReportSettings(tsne="off"))
    (failure,) = report.failures
    assert failure.startswith(f"scores.csv could not be written to {killed}: ")
    assert (killed / "cells.csv").is_file()


def test_of_a_run_that_has_gone_on_since_it_was_read_nothing_is_written(runs: tuple[Path, Path]) -> None:
    whole, killed = runs
    run = open_run(killed)
    with sqlite3.connect(killed / "cells.sqlite") as db:
        db.execute("UPDATE cells SET computed_at = computed_at + 1")
    db.close()
    with table_writers(run) as writers:
        assert not writers
    run = open_run(killed)
    shutil.copy(whole / "manifest.json", killed)  # its session has ended
    with table_writers(run) as writers:
        assert not writers
    with table_writers(open_run(killed)) as writers:
        assert list(writers) == [*TIDY, "tables/"]


def test_where_the_folder_takes_nothing_each_table_is_named_once(
    runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path) -> None:
        raise DiskError(f"expected to write to {str(folder)!r}, but the disk is full", "the disk is full")

    _, killed = runs
    monkeypatch.setattr("smote_bench.runs.missing_tables.claim_folder", full)
    (failure,) = write_report(killed, ReportSettings(tsne="off")).failures
    assert failure.startswith(
        f"scores.csv, scores.parquet, cells.csv, tables/ could not be written to {killed}: "
    )
    assert (killed / "report.html").is_file()
