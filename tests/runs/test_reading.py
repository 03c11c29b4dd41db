"""Reading a run writes nothing in its folder, whoever has it open; a damaged store gives what can be read.

Also of: copy.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.copy import copy_run
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.run_store import RunStore

N = 200


def _outcome(n: int) -> Outcome:
    return Outcome(Cell("d", "m", str(n)), "ok", version="raw", warnings=("w" * 500,))


def _key(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "run" / "cells.sqlite"
    writing = RunStore(path)
    for n in range(N):
        writing.put(_key(n), _outcome(n))
    writing.close()
    return path


def _files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _cells(path):
    reading = RunStore(path, read_only=True)
    cells = {outcome.cell.classifier for outcome in reading.outcomes()}
    reading.close()
    return cells


@pytest.mark.fault(
    injected="a run's folder that cannot be written, or another process's run",
    seen="it is read: not a byte, not a lock is written there",
    lost="nothing",
)
def test_reading_a_store_changes_no_file(store):
    for name in ("cells.sqlite.lock", "cells.sqlite-wal", "cells.sqlite-shm"):
        store.with_name(name).unlink(missing_ok=True)
    before = _files(store.parent)
    assert len(_cells(store)) == N
    assert _files(store.parent) == before


def test_what_another_process_committed_last_is_read_too(store):
    writing = RunStore(store)
    writing.put("newest", _outcome(N))
    assert store.with_name("cells.sqlite-wal").stat().st_size > 0
    assert len(_cells(store)) == N + 1
    writing.close()


def test_what_a_killed_process_left_in_the_log_is_read_from_a_copy(store, tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from smote_bench.evaluation.outcome import Cell, Outcome\n"
        "from smote_bench.runs.run_store import RunStore\n"
        "RunStore(Path(sys.argv[1])).put('last', Outcome(Cell('d', 'm', 'last'), 'ok'))\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, store], check=True)
    store.with_name("cells.sqlite-shm").unlink()
    before = _files(store.parent)
    assert "last" in _cells(store)
    assert _files(store.parent) == before


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(SmoteBenchError, match="expected an SQLite file of outcomes"):
        RunStore(tmp_path / "none.sqlite", read_only=True)
    assert not list(tmp_path.iterdir())


def test_a_store_that_is_read_takes_nothing(store):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connect_to_read(store).execute("DELETE FROM cells")


@pytest.mark.fault(
    injected="pages of a run's store are damaged",
    seen="what can be read is used, and how many cells these are is said",
    lost="the cells on those pages, which a new run takes from the memo",
)
def test_of_a_damaged_store_all_is_read_that_can_be(store):
    data = bytearray(store.read_bytes())
    middle = len(data) // 4096 // 2
    data[middle * 4096 : (middle + 3) * 4096] = bytes(3 * 4096)
    store.write_bytes(data)
    reading = RunStore(store, read_only=True)
    outcomes, damage = reading.readable_outcomes()
    reading.close()
    assert "is damaged" in damage
    assert N / 2 < len(outcomes) < N
    assert all(outcome == _outcome(int(outcome.cell.classifier)) for outcome in outcomes)


def test_a_copied_run_has_what_a_report_needs_and_is_not_touched(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    path = source / "cells.sqlite"
    writing = RunStore(path)
    writing.put("a", _outcome(1))
    (source / "manifest.json").write_text("{}")
    (source / "tables").mkdir()
    (source / "tables" / "summary.csv").write_text("a\n")
    before = _files_of_all(source)
    copied = copy_run(source, tmp_path / "deep" / "copy")
    assert _files_of_all(source) == before
    writing.close()
    assert _cells(copied / "cells.sqlite") == {"1"}
    assert (copied / "tables" / "summary.csv").read_text() == "a\n"
    with pytest.raises(ConfigError, match="expected a new or empty folder"):
        copy_run(source, copied)


def _files_of_all(folder):
    # SQLite notes in the shared memory file who reads a store that is being written.
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {path: path.read_bytes() for path in files}


def test_what_is_copied_can_be_read_when_the_run_is_gone(store, tmp_path):
    (store.parent / "manifest.json").write_text("{}")
    copied = copy_run(store.parent, tmp_path / "copy")
    shutil.rmtree(store.parent)
    assert len(_cells(copied / "cells.sqlite")) == N


def test_a_copy_that_is_cut_leaves_no_half_file_and_can_be_made_again(store, tmp_path, monkeypatch):
    (store.parent / "manifest.json").write_text("{}")
    (store.parent / "scores.csv").write_text("a,b\n")

    def cut(source, target):
        Path(target).write_text("a")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("smote_bench.runs.copy.shutil.copyfile", cut)
        with pytest.raises(KeyboardInterrupt):
            copy_run(store.parent, tmp_path / "copy")
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {"cells.sqlite", ".copy.partial"}
    copied = copy_run(store.parent, tmp_path / "copy")
    assert {path.name for path in copied.iterdir()} == {"cells.sqlite", "manifest.json", "scores.csv"}
    assert len(_cells(copied / "cells.sqlite")) == N


def test_a_store_that_cannot_be_read_at_all_is_copied_as_it_is(store, tmp_path):
    store.write_bytes(store.read_bytes()[:-5000])
    before = store.read_bytes()
    (store.parent / "manifest.json").write_text("{}")
    copied = copy_run(store.parent, tmp_path / "copy")
    assert (copied / "cells.sqlite").read_bytes() == before
