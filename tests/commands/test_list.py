"""``smote-bench list``."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made_up import made_up_run

from smote_bench import cli
from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.listing import find_run, list_runs
from smote_bench.runs.store import SCHEMA, Store


def _manifest(**changes: Any) -> dict[str, Any]:
    experiment = {
        "name": changes.pop("name", "quick"),
        "datasets": {name: {"digest": "d"} for name in changes.pop("datasets", ["Ecoli"])},
        "methods": dict.fromkeys(["Original", "SMOTE"]),
        "classifiers": dict.fromkeys(["kNN"]),
    }
    return {
        "schema": SCHEMA,
        "finished": "2026-01-02T03:04:05+00:00",
        "experiment": experiment,
        "cells": {"total": 2, "from_memo": 1, "by_status": {"error": 1, "ok": 1}},
        "commit": {"id": "0123456789abcdef", "dirty": True},
        **changes,
    }


def _write(out: Path, folder_name: str, **changes: Any) -> Path:
    folder = out / "runs" / folder_name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(_manifest(**changes)), encoding="utf-8")
    return folder


def _unfinished(out: Path, name: str, n: int) -> Path:
    folder = out / "runs" / name
    store = Store(folder / "cells.sqlite")
    for number in range(n):
        store.put(f"k{number}", Outcome(Cell("Ecoli", f"m{number}", "kNN"), "ok"))
    store.close()
    return folder


def _list(out: Path, *arguments: str) -> int:
    return cli.main(["list", "--out", str(out), *arguments])


def _json(out: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert _list(out, "--json", *arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_lists_what_a_run_leaves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, points=None)
    (entry,) = _json(tmp_path, capsys)
    assert entry["folder"] == str(folder)
    assert (entry["status"], entry["experiment"], entry["datasets"]) == ("finished", "made-up", ["Ecoli"])
    assert entry["cells"] == {"total": 4, "from_memo": 0, "by_status": {"ok": 4}}
    assert entry["report"] is None


def test_newest_comes_first_by_when_it_finished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "a", finished="2026-01-01T12:00:00+00:00")
    _write(tmp_path, "b", finished="2026-01-03T12:00:00+00:00")
    # an hour before midnight in New York is the next day in UTC
    _write(tmp_path, "c", finished="2026-01-02T23:00:00-05:00")
    assert [Path(entry["folder"]).name for entry in _json(tmp_path, capsys)] == ["b", "c", "a"]
    assert [Path(entry["folder"]).name for entry in _json(tmp_path, capsys, "-n", "1")] == ["b"]


def test_a_line_shows_commit_counts_statuses_and_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path, "a", datasets=[f"a_long_name_of_number_{n}" for n in range(14)])
    (folder / "report.html").touch()
    (tmp_path / "latest").symlink_to("runs/a")
    assert _list(tmp_path) == 0
    _header, row = capsys.readouterr().out.splitlines()
    when = datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    assert re.split(" {2,}", row) == [
        when,
        "quick",
        "0123456+",
        "14",
        "Original, SMOTE",
        "kNN",
        "1 error, 1 ok",
        "yes",
        f"{folder} (latest)",
    ]


def test_data_sets_that_were_deselected_are_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = _manifest()["experiment"] | {"datasets": {"Ecoli": {"digest": "d"}, "Oil": {"digest": None}}}
    _write(tmp_path, "a", experiment=experiment)
    (entry,) = _json(tmp_path, capsys)
    assert entry["datasets"] == ["Ecoli"]


def test_a_run_without_git_has_no_commit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "a", commit=None)
    (entry,) = _json(tmp_path, capsys)
    assert (entry["commit"], entry["dirty"]) == (None, False)


def test_an_unfinished_run_says_how_to_finish_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _unfinished(tmp_path, "20260101-120000-000-quick", 3)
    assert _list(tmp_path) == 0
    text = capsys.readouterr().out
    assert "3 ok, unfinished" in text
    assert "stopped after 3 cells: run the same command again" in text
    (entry,) = list_runs(tmp_path)
    assert (entry.experiment, entry.status) == ("quick", "unfinished")


def test_counting_a_killed_runs_cells_leaves_its_journal_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "elsewhere" / "cells.sqlite")
    store.put("k", Outcome(Cell("Ecoli", "SMOTE", "kNN"), "ok"))
    # as a kill leaves it: the last cells are in the write-ahead log, which a writer's close would fold in
    shutil.copytree(tmp_path / "elsewhere", tmp_path / "runs" / "killed")
    store.close()
    journal = tmp_path / "runs" / "killed" / "cells.sqlite-wal"
    before = journal.read_bytes()
    (entry,) = list_runs(tmp_path)
    assert entry.n_cells == 1
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"experiment": 3}', json.dumps(_manifest(cells={"by_status": 1}))]
)
def test_a_broken_manifest_is_named_and_the_others_listed(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = _write(tmp_path, "broken")
    (broken / "manifest.json").write_text(content, encoding="utf-8")
    _write(tmp_path, "good")
    assert _list(tmp_path) == 0
    text = capsys.readouterr().out
    assert f"broken: {broken}: manifest.json is not what a run writes" in text
    assert str(tmp_path / "runs" / "good") in text


def test_other_folders_and_files_are_named_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "runs" / "empty").mkdir(parents=True)
    (tmp_path / "runs" / "notes.txt").touch()
    (tmp_path / "runs" / ".hidden").mkdir()
    no_database = tmp_path / "runs" / "no-database"
    no_database.mkdir()
    (no_database / "cells.sqlite").write_text("this is no database, but long enough to be read as one" * 50)
    entries = {entry.folder.name: entry for entry in list_runs(tmp_path)}
    assert entries.keys() == {"empty", "no-database"}
    assert "neither manifest.json nor cells.sqlite" in entries["empty"].remark
    assert "cannot be read" in entries["no-database"].remark
    assert {entry.status for entry in entries.values()} == {"broken"}


def test_a_database_without_cells_yet_is_broken_not_fatal(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "new"
    folder.mkdir(parents=True)
    sqlite3.connect(folder / "cells.sqlite").close()
    (entry,) = list_runs(tmp_path)
    assert entry.status == "broken"


def test_a_run_of_another_schema_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "old", schema=1)
    assert _list(tmp_path) == 0
    assert "of schema 1, this release reads" in capsys.readouterr().out


def test_filters_by_experiment_and_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "a", name="quick")
    _write(tmp_path, "b", name="default", datasets=["Ecoli", "Satimage"])
    assert [entry["experiment"] for entry in _json(tmp_path, capsys, "--experiment", "quick")] == ["quick"]
    assert [entry["experiment"] for entry in _json(tmp_path, capsys, "--dataset", "Satimage")] == ["default"]
    assert _json(tmp_path, capsys, "--dataset", "Satimage", "--experiment", "quick") == []


def test_a_filter_that_leaves_nothing_suggests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "a", name="quick")
    assert _list(tmp_path, "--experiment", "quik") == 0
    assert "Did you mean 'quick'?" in capsys.readouterr().out
    assert _list(tmp_path, "--dataset", "Ecolli") == 0
    assert "Did you mean 'Ecoli'?" in capsys.readouterr().out


def test_no_runs_yet_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["list"]) == 0
    assert "`smote-bench run quick` makes one" in capsys.readouterr().out
    assert cli.main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_folder_that_is_not_there_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _list(tmp_path / "reprots") == 2
    assert "expected a folder of reports for --out" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5"])
def test_refuses_a_limit_that_is_no_number_from_1(
    tmp_path: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        _list(tmp_path, f"-n={number}")
    assert end.value.code == 2
    assert "expected a whole number from 1" in capsys.readouterr().err


def test_imports_neither_numpy_nor_pandas_nor_other_commands(tmp_path: Path) -> None:
    _write(tmp_path, "a")
    code = (
        "import sys; from smote_bench import cli; status = cli.main(['list', '--out', sys.argv[1]]); "
        "slow = {'numpy', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'smote_bench.commands.survey'}; "
        "print(status, sorted(slow & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


def test_finds_a_run_by_folder_name_part_or_latest(tmp_path: Path) -> None:
    first = _write(tmp_path, "20260101-120000-000-quick")
    second = _write(tmp_path, "20260102-120000-000-mine")
    (tmp_path / "latest").symlink_to("runs/20260102-120000-000-mine")
    for word in (str(first), first.name, "0101", "quick"):
        assert find_run(word, tmp_path) == first
    for word in ("latest", str(tmp_path / "latest")):
        assert find_run(word, tmp_path).resolve() == second


def test_an_experiments_whole_name_is_not_part_of_a_longer_one(tmp_path: Path) -> None:
    folder = _write(tmp_path, "20260101-120000-000-quick")
    _write(tmp_path, "20260102-120000-000-quick-7")
    assert find_run("quick", tmp_path) == folder


def test_follows_latest_where_it_is_a_text_file(tmp_path: Path) -> None:
    folder = _write(tmp_path, "a")
    (tmp_path / "latest").write_text("runs/a\n", encoding="utf-8")
    assert find_run("latest", tmp_path) == folder.resolve()
    assert find_run(str(tmp_path / "latest"), tmp_path) == folder.resolve()


def test_a_part_of_several_names_asks_for_more(tmp_path: Path) -> None:
    for day in range(1, 6):
        _write(tmp_path, f"2026010{day}-120000-000-quick")
    with pytest.raises(ConfigError, match=r"'quick', which is in 5: 20260105.* and 2 more. Give more of it"):
        find_run("quick", tmp_path)


def test_a_misspelt_run_gets_a_suggestion(tmp_path: Path) -> None:
    _write(tmp_path, "20260101-120000-000-satimage")
    _write(tmp_path, "20260102-120000-000-satimage")
    with pytest.raises(ConfigError, match="Did you mean '20260102-120000-000-satimage'"):
        find_run("satimgae", tmp_path)
    with pytest.raises(ConfigError, match="Did you mean 'latest'"):
        find_run("lates", tmp_path)
    with pytest.raises(ConfigError, match="`smote-bench list` shows those that are there"):
        find_run("xyz", tmp_path)


def test_an_unfinished_run_is_refused_with_what_to_do(tmp_path: Path) -> None:
    _unfinished(tmp_path, "a", 2)
    with pytest.raises(
        ConfigError, match=r"expected a finished run that.*, got 'a' .*run the same command again"
    ):
        find_run("a", tmp_path)


def test_latest_of_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a link 'latest'"):
        find_run("latest", tmp_path)


def test_parts_of_a_gate_are_no_cells_of_an_unfinished_run(tmp_path: Path) -> None:
    folder = _unfinished(tmp_path, "20260101-120000-000-quick", 2)
    store = Store(folder / "cells.sqlite")
    store.put("part", Outcome(Cell("Ecoli", "m0", "kNN"), "error", "no"), part="split 1, seed 0")
    store.close()
    (entry,) = list_runs(tmp_path)
    assert entry.by_status == {"ok": 2}


def test_an_unfinished_run_from_before_there_were_parts_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "20260101-120000-000-quick"
    folder.mkdir(parents=True)
    db = sqlite3.connect(folder / "cells.sqlite")
    db.execute("CREATE TABLE cells (status TEXT, computed_at REAL)")
    db.execute("INSERT INTO cells VALUES ('ok', 1.0)")
    db.execute("PRAGMA user_version = 2")
    db.commit()
    db.close()
    (entry,) = list_runs(tmp_path)
    assert (entry.status, entry.by_status) == ("unfinished", {"ok": 1})
