"""Runs that are kept: what counts as one, what is broken, and which of them a word means."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

import pytest
from runs.kept_runs import write_finished, write_unfinished

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs import listing
from smote_bench.runs.asked import Asked, write_asked
from smote_bench.runs.listing import find_run, list_runs
from smote_bench.runs.store import Store


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


def test_finds_a_run_by_folder_name_part_or_latest(tmp_path: Path) -> None:
    first = write_finished(tmp_path, "20260101-120000-000-quick")
    second = write_finished(tmp_path, "20260102-120000-000-mine")
    (tmp_path / "latest").symlink_to("runs/20260102-120000-000-mine")
    for word in (str(first), first.name, "0101", "quick"):
        assert find_run(word, tmp_path) == first
    for word in ("latest", str(tmp_path / "latest")):
        assert find_run(word, tmp_path).resolve() == second


def test_an_experiments_whole_name_is_not_part_of_a_longer_one(tmp_path: Path) -> None:
    folder = write_finished(tmp_path, "20260101-120000-000-quick")
    write_finished(tmp_path, "20260102-120000-000-quick-7")
    assert find_run("quick", tmp_path) == folder


def test_follows_latest_where_it_is_a_text_file(tmp_path: Path) -> None:
    folder = write_finished(tmp_path, "a")
    (tmp_path / "latest").write_text("runs/a\n", encoding="utf-8")
    assert find_run("latest", tmp_path) == folder.resolve()
    assert find_run(str(tmp_path / "latest"), tmp_path) == folder.resolve()


def test_a_part_of_several_names_asks_for_more(tmp_path: Path) -> None:
    for day in range(1, 6):
        write_finished(tmp_path, f"2026010{day}-120000-000-quick")
    with pytest.raises(ConfigError, match=r"'quick', which is in 5: 20260105.* and 2 more. Give more of it"):
        find_run("quick", tmp_path)


def test_a_misspelt_run_gets_a_suggestion(tmp_path: Path) -> None:
    write_finished(tmp_path, "20260101-120000-000-satimage")
    write_finished(tmp_path, "20260102-120000-000-satimage")
    with pytest.raises(ConfigError, match="Did you mean '20260102-120000-000-satimage'"):
        find_run("satimgae", tmp_path)
    with pytest.raises(ConfigError, match="Did you mean 'latest'"):
        find_run("lates", tmp_path)
    with pytest.raises(ConfigError, match="`smote-bench list` shows those that are there"):
        find_run("xyz", tmp_path)


def test_an_unfinished_run_is_refused_with_what_to_do(tmp_path: Path) -> None:
    write_unfinished(tmp_path, "a", 2)
    with pytest.raises(
        ConfigError, match=r"expected a finished run that.*, got 'a' .*run the same command again"
    ):
        find_run("a", tmp_path)


def test_without_a_whole_run_a_cut_one_is_named(tmp_path: Path) -> None:
    folder = write_finished(tmp_path, "a", cut="worker limit")
    with pytest.raises(
        ConfigError, match="no run here is whole yet; name the newest that was cut, "
    ) as caught:
        find_run("latest", tmp_path)
    assert str(folder) in str(caught.value)


def test_a_cut_run_without_its_store_is_listed(tmp_path: Path) -> None:
    (write_finished(tmp_path, "a", cut="worker limit") / "cells.sqlite").unlink()
    (run,) = list_runs(tmp_path)
    assert (run.status, run.finish) == ("unfinished", "")
    assert "Its cells.sqlite cannot be read" in run.remark


def test_latest_of_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a link 'latest'"):
        find_run("latest", tmp_path)


def test_parts_of_a_gate_are_no_cells_of_an_unfinished_run(tmp_path: Path) -> None:
    folder = write_unfinished(tmp_path, "20260101-120000-000-quick", 2)
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


def test_a_finished_run_without_all_its_cells_is_broken(tmp_path: Path) -> None:
    folder = write_finished(tmp_path, "a")
    with sqlite3.connect(folder / "cells.sqlite") as db:
        db.execute("DELETE FROM cells WHERE method = 'SMOTE'")
    db.close()
    (run,) = list_runs(tmp_path)
    assert (run.status, run.remark) == ("broken", "1 of 2 cells are in cells.sqlite: run again for the rest")
    (folder / "cells.sqlite").unlink()
    (run,) = list_runs(tmp_path)
    assert run.status == "broken"
    assert "there is no cells.sqlite" in run.remark


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied"),
        sqlite3.OperationalError("unable to open database file"),
    ],
)
def test_a_store_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refused(_: Path) -> None:
        raise error

    write_finished(tmp_path, "a")
    monkeypatch.setattr(listing, "connect_to_read", refused)
    (run,) = list_runs(tmp_path)
    assert run.is_readable
    assert (
        run.remark
        == f"cells.sqlite cannot be read ({type(error).__name__}: {error}), so its cells were not counted"
    )


_MANIFESTS = {
    "empty": b"",
    "cut": b'{"experiment": {"na',
    "list": b"[1, 2]",
    "object": b"{}",
    "null": b'{"cells": null}',
    "no text": b"\xff\xfe{",
    "numbers": b'{"experiment": 7, "cells": 7, "schema": "x", "commit": 7, "finished": 7}',
    "endless": b'{"experiment": {}, "cells": {"total": Infinity, "by_status": {}}, "schema": 4, '
    b'"finished": "2026-01-01", "commit": null}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("content", _MANIFESTS.values(), ids=_MANIFESTS)
def test_a_broken_manifest_beside_a_whole_store_says_what_is_kept(tmp_path: Path, content: bytes) -> None:
    folder = write_unfinished(tmp_path, "20260101-120000-000-quick", 2)
    cells = [Cell("Ecoli", f"m{number}", "kNN") for number in range(3)]
    write_asked(folder / "cells.sqlite", Asked(tuple(cells)), ["grid.py", "-k", "a or b"], Path.cwd())
    (folder / "manifest.json").write_bytes(content)
    (run,) = list_runs(tmp_path)
    assert (run.status, run.is_readable) == ("broken", False)
    assert "manifest.json is not what a run writes (" in run.remark
    assert "2 of 3 cells are in cells.sqlite, so keep the folder; run the same command again" in run.remark
    assert run.remark.endswith(": pytest grid.py -k 'a or b'")
    assert "delete" not in run.remark


def test_a_manifest_that_is_no_file_is_no_run_that_is_going_on(tmp_path: Path) -> None:
    folder = write_unfinished(tmp_path, "a", 2)
    (folder / "manifest.json").mkdir()
    (run,) = list_runs(tmp_path)
    assert run.status == "broken"
    assert "(it is no file), but 2 cells are in cells.sqlite" in run.remark


def test_nobody_is_told_to_delete_a_store_that_cannot_be_counted(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "a"
    folder.mkdir(parents=True)
    (folder / "cells.sqlite").write_bytes(b"no database" * 500)
    for content in (None, "{"):
        if content is not None:
            (folder / "manifest.json").write_text(content, encoding="utf-8")
        (run,) = list_runs(tmp_path)
        assert run.status == "broken"
        assert "cells.sqlite cannot be read" in run.remark
        assert "delete" not in run.remark


def test_a_command_in_a_store_that_is_no_list_costs_the_command_alone(tmp_path: Path) -> None:
    folder = write_finished(tmp_path, "a", cut="worker limit")
    write_asked(folder / "cells.sqlite", Asked(), ["x"], Path.cwd())
    for damaged in ("[" * 100_000, "3"):
        with sqlite3.connect(folder / "cells.sqlite") as db:
            db.execute("UPDATE command SET arguments = ?", (damaged,))
        db.close()
        (run,) = list_runs(tmp_path)
        assert (run.status, run.finish) == ("unfinished", "")
        assert "Its cells.sqlite cannot be read" in run.remark
