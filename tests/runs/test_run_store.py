"""A run has one outcome for each of its cells, in whatever order outcomes come and processes die."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from pathlib import Path

import pytest

from smote_bench.errors import DiskError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.run_store import DIED, RunStore, Worker, this_worker
from smote_bench.runs.store import Store

pytestmark = pytest.mark.versions

CELL = Cell("d", "m", "c")
OK = Outcome(CELL, "ok")
NOOP = Outcome(CELL, "noop", "the same")
ERROR = Outcome(CELL, "error", "ValueError: no")
LOST = Outcome(CELL, "error", DIED)
RANKS = {id(OK): 2, id(NOOP): 2, id(ERROR): 1, id(LOST): 0}


def _put(store: RunStore, outcome: Outcome, key: str, part: str) -> None:
    if outcome is LOST:
        store.put_lost(CELL, part=part)
    else:
        store.put(key, outcome, b"of " + outcome.status.encode(), part=part)


@pytest.mark.parametrize("part", ["", "split 1, seed 0"])
@pytest.mark.parametrize("one_key", [True, False])
def test_of_outcomes_in_any_order_the_best_stays_and_of_equals_the_later(
    tmp_path: Path, part: str, one_key: bool
) -> None:
    for n, order in enumerate(itertools.permutations([OK, NOOP, ERROR, LOST], 3)):
        store = RunStore(tmp_path / f"{n}.sqlite")
        for outcome in order:
            _put(store, outcome, "k" if one_key else f"key of {outcome.status}", part)
        rank = max(RANKS[id(outcome)] for outcome in order)
        expected = [outcome for outcome in order if RANKS[id(outcome)] == rank][-1]
        found = [o for _, o in store.part_outcomes()] if part else list(store.outcomes())
        assert found == [store.outcome_of(CELL, part)] == [expected]
        ((rows,),) = store._db.execute("SELECT COUNT(*) FROM cells")
        assert rows == 1
        assert len(list(store.outcomes())) == (0 if part else 1)
        if not part and expected is not LOST:
            assert store.predictions_of(CELL) == b"of " + expected.status.encode()
        store.close()


def test_a_run_of_before_that_holds_a_cell_twice_is_read_with_one_outcome(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    old = Store(path)
    old.put("lost-d-m-c", LOST)
    old.put("key", OK)
    old.put("lost-d-m-other", Outcome(Cell("d", "m", "other"), "error", DIED))
    assert len(list(old.outcomes())) == 3
    old._db.execute("DROP TABLE begun")
    old._db.execute("PRAGMA user_version = 3")
    old.close()
    assert [outcome.status for outcome in RunStore(path).outcomes()] == ["ok", "error"]


def _as_worker(monkeypatch: pytest.MonkeyPatch, name: str, session: str = "s") -> Worker:
    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", session)
    monkeypatch.setenv("PYTEST_XDIST_WORKER", name)
    return this_worker()


def test_what_a_worker_began_is_known_until_it_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path / "cells.sqlite")
    dead = _as_worker(monkeypatch, "gw0")
    store.begin("k", CELL)
    store.begin("p", CELL, "split 1, seed 0")
    assert store.begun_by(dead) == [(CELL, ""), (CELL, "split 1, seed 0")]
    assert not store.begun_by_another("k")
    _as_worker(monkeypatch, "gw2")
    assert store.begun_by_another("k")
    store.put("k", OK)  # another's commit is not the dead one's
    assert len(store.begun_by(dead)) == 2
    _as_worker(monkeypatch, "gw0")
    store.put("k", OK)
    assert store.begun_by(dead) == [(CELL, "split 1, seed 0")]
    _as_worker(monkeypatch, "gw1", session="another session of the same folder")
    assert not store.begun_by_another("p")


def _fail(*args: object, **named: object) -> None:
    raise sqlite3.OperationalError("full")


def test_a_commit_that_is_cut_short_leaves_what_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path / "cells.sqlite")
    store.begin("k", CELL)
    monkeypatch.setattr(
        store, "_insert", lambda *a, **k: (_ for _ in ()).throw(sqlite3.OperationalError("full"))
    )
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.put("k", OK)
    assert store.begun_by(this_worker()) == [(CELL, "")]
    assert store.outcome_of(CELL) is None


def test_whatever_is_written_without_room_is_named_with_path_and_bytes(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "cells.sqlite")
    store.begin("key", CELL)
    for action in ("INSERT", "DELETE"):
        store._db.execute(
            f"CREATE TRIGGER full_{action} BEFORE {action} ON begun "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    for write in (
        lambda: store.begin("other", CELL),
        lambda: store.begin("other", CELL, limit_seconds=1.0),
        lambda: store.abandon(CELL),
        lambda: store.forget(this_worker()),
    ):
        with pytest.raises(DiskError, match=r"to write 4,096 bytes or more to '.*/cells\.sqlite'"):
            write()
    store.close()


def test_a_file_that_never_had_tables_is_told_from_one_that_lost_them(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
    store = RunStore(path, read_only=True)
    assert store.is_blank
    assert store.from_memo() == set()
    # Of a run that was written down it is a loss all the same.
    assert "is damaged (no such table: cells)" in store.readable_outcomes()[1]
    store.close()


def test_the_file_alone_holds_everything_while_another_process_has_it_open(tmp_path: Path) -> None:
    path, copy = tmp_path / "cells.sqlite", tmp_path / "copy.sqlite"
    store = RunStore(path)
    with contextlib.closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT COUNT(*) FROM cells").fetchone()
        store.put("key", OK)
        store.fold()
        store.close()
        copy.write_bytes(path.read_bytes())
    alone = RunStore(copy, read_only=True)
    assert list(alone.outcomes()) == [OK]
    alone.close()


def test_a_cell_in_which_another_worker_died_is_known_once_that_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be(worker: str) -> None:
        monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", "session")
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)

    store = RunStore(tmp_path / "cells.sqlite")
    be("gw0")
    store.begin("key", CELL)
    assert store.lost_with_another("key", CELL) is None
    be("gw1")
    assert store.lost_with_another("key", CELL) is None, "it may live, as where each worker runs all"
    store.put_lost(CELL)
    assert store.lost_with_another("key", CELL) == LOST
    assert store.lost_with_another("key", CELL, "split 1, seed 0") is None
    be("gw0")
    assert store.lost_with_another("key", CELL) is None, "what failed here may be tried again here"
