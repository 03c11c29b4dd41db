"""The memo is a cache: whatever is wrong with it, it is moved aside with a word, and no score is believed."""

from __future__ import annotations

import os
import sqlite3
import warnings

import pytest
from filelock import FileLock
from made_up import made_up_run

from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs import memo as memo_module
from smote_bench.runs.asked import Asked, write_asked
from smote_bench.runs.memo import check_memo, known_seconds, open_memo

CELL = Cell("d", "m", "c")
N = 300


def _outcome(n: int) -> Outcome:
    fit = Fit("holdout", 0, 0, {"roc_auc": n / N}, 0.1, 0.1, 0.1, (9, 1), (9, 9))
    return Outcome(Cell("d", "m", str(n)), "ok", fits=(fit,), version="raw", digest="abc")


@pytest.fixture
def memo(tmp_path):
    path = tmp_path / "memo.sqlite"
    store = open_memo(path)
    for n in range(N):
        store.put(f"{n:064x}", _outcome(n), bytes(500))
    store.close()
    return path


def _got(path, n, *, put=0):
    """Put some outcomes and return the first `n`."""
    store = open_memo(path)
    for new in range(put):
        store.put(f"new{new}", _outcome(new))
    found = [store.get(f"{key:064x}") for key in range(n)]
    store.close()
    return found


def _sql(path, *statements):
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def _pages(path, start):
    data = path.read_bytes()
    path.write_bytes(data[:start] + os.urandom(len(data) - start))


def _zero_pages(path):
    data = bytearray(path.read_bytes())
    for page in range(4, len(data) // 4096, 2):
        data[page * 4096 : page * 4096 + 4096] = bytes(4096)
    path.write_bytes(data)


def _folder(path):
    path.unlink()
    path.mkdir()
    (path / "mine").write_text("kept")


def _foreign(path):
    path.unlink()
    _sql(path, "CREATE TABLE people (name TEXT)", "INSERT INTO people VALUES ('kept')")


def _other_columns(path):
    path.unlink()
    _sql(path, "CREATE TABLE cells (a TEXT, b TEXT)")


def _no_table(path):
    _sql(path, "DROP TABLE predictions")


DAMAGE = {
    "cut in the middle": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut in the first page": lambda path: os.truncate(path, 1000),
    "random bytes": lambda path: path.write_bytes(os.urandom(20_000)),
    "random pages": lambda path: _pages(path, 4096),
    "pages of zeros": _zero_pages,
    "a folder": _folder,
    "another program's": _foreign,
    "other columns": _other_columns,
    "a table is gone": _no_table,
    "another schema": lambda path: _sql(path, "PRAGMA user_version = 99"),
}


@pytest.mark.fault(
    injected="the memo is damaged (an empty one is a new one), another program's file, or of another release",
    seen="a warning that names where it was moved; the run goes on with a new one",
    lost="nothing but the time to compute again what was in it; the file is kept",
)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_memo_is_moved_aside_with_a_word_and_a_new_one_works(memo, damage):
    DAMAGE[damage](memo)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        known_seconds(memo)
        store = open_memo(memo)
        found = [store.get(f"{n:064x}") for n in range(N)]
        store.put("new", _outcome(1), b"blob")
        assert store.get("new") == _outcome(1)
        assert store.predictions("new") == b"blob"
        store.close()
    assert all(outcome in (None, _outcome(n)) for n, outcome in enumerate(found))
    said = " ".join(str(warning.message) for warning in caught)
    aside = [path for path in memo.parent.iterdir() if ".damaged" in path.name or ".old" in path.name]
    assert aside, said
    assert str(memo) in said
    assert "was moved to" in said


def test_a_memo_that_is_damaged_while_it_is_open_costs_nothing_but_itself(memo):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        store = open_memo(memo)
        assert store.get(f"{3:064x}") == _outcome(3)
        _pages(memo, 4096)
        for n in range(N):
            assert store.get(f"{n:064x}") in (None, _outcome(n))
            store.put(f"again{n}", _outcome(n))
        store.close()


@pytest.mark.parametrize("text", ["'{broken'", "'[]'", "'null'", "'{\"task\": 1}'", "x'00ff'", "7"])
def test_an_outcome_that_does_not_parse_is_not_there_and_said_once(memo, text):
    _sql(memo, f"UPDATE cells SET outcome = {text}")
    with pytest.warns(UserWarning, match="damaged") as caught:
        found = _got(memo, 3)
    assert found == [None] * 3
    assert len(caught) == 1


@pytest.mark.fault(
    injected="a digit of a stored score is changed",
    seen="a warning; the outcome's checksum does not fit, so it is computed again",
    lost="nothing but the time to compute it again",
)
def test_a_changed_digit_is_not_believed(memo):
    _sql(memo, "UPDATE cells SET outcome = replace(outcome, '\"roc_auc\":0.', '\"roc_auc\":0.1')")
    with pytest.warns(UserWarning, match="its checksum does not fit"):
        found = _got(memo, 6)
    assert found[5] is None


def test_an_outcome_of_before_there_were_checksums_is_read(memo):
    text = _outcome(5).dumps()
    old = text[: text.index(',"crc32"')] + "}"
    _sql(memo, f"UPDATE cells SET outcome = '{old}' WHERE key = '{5:064x}'")
    store = open_memo(memo)
    assert store.get(f"{5:064x}") == _outcome(5)
    store.close()


def test_a_memo_without_room_is_said_once_and_read_on(memo):
    _sql(
        memo,
        "CREATE TRIGGER full BEFORE INSERT ON cells "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    )
    with pytest.warns(UserWarning, match="takes no outcome \\(the disk is full\\)") as caught:
        found = _got(memo, 8, put=5)
    assert found[7] == _outcome(7)
    assert len(caught) == 1


@pytest.mark.fault(
    injected="what stands at the path of the memo's lock is no file",
    seen="a warning that names the lock's path; the run goes on without the memo, which stays where it is",
    lost="nothing but the time to compute again what is in it",
)
@pytest.mark.parametrize("make", [os.mkdir, lambda path: os.symlink(path, path)], ids=["folder", "circle"])
def test_a_memo_whose_lock_cannot_be_had_is_left_alone(memo, make):
    lock = memo.with_name("memo.sqlite.lock")
    lock.unlink(missing_ok=True)
    make(lock)
    content = memo.read_bytes()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert _got(memo, 2, put=2) == [None, None]
    first, last = (str(one.message) for one in caught)
    assert f"expected a file '{lock}' to lock '{memo}' by, got another thing of that name" in first
    assert "2 entries are not in the memo" in last
    assert memo.read_bytes() == content
    assert not list(memo.parent.glob("*damaged*"))


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(memo_module, "PATIENCE", 0.01)


def _put(store, n):
    for number in range(n):
        store.put(f"new{number}", _outcome(number))


def _hold(path, how="IMMEDIATE"):
    db = sqlite3.connect(path, isolation_level=None)
    if how == "EXCLUSIVE":  # without a write-ahead log readers are shut out too
        db.execute("PRAGMA journal_mode = DELETE")
    db.execute(f"BEGIN {how}")
    return db


@pytest.mark.fault(
    injected="another process holds the memo for minutes",
    seen="after 2 seconds a warning that names it; the run goes on and writes into it when it is free",
    lost="nothing; of more than 200 cells that wait, the first are in the run alone, which is said",
)
def test_what_is_put_while_the_memo_is_held_is_put_later(memo, impatient, monkeypatch):
    store = open_memo(memo)
    holder = _hold(memo)
    with pytest.warns(UserWarning, match=r"does not wait for the memo '.*memo\.sqlite'") as caught:
        _put(store, 5)
    assert len(caught) == 1
    assert store.get(f"{3:064x}") == _outcome(3), "readers are not shut out"
    assert store.get("new0") is None
    holder.execute("ROLLBACK")
    holder.close()
    monkeypatch.setattr(memo_module.time, "monotonic", lambda real=memo_module.time.monotonic: real() + 60)
    store.put("last", _outcome(7))
    assert [store.get(f"new{n}") for n in range(5)] == [_outcome(n) for n in range(5)]
    assert store.get("last") == _outcome(7)
    store.close()


def test_what_waits_is_written_at_the_close_or_counted(memo, impatient, monkeypatch):
    monkeypatch.setattr(memo_module, "MOST_LATER", 3)
    store = open_memo(memo)
    holder = _hold(memo)
    with pytest.warns(UserWarning, match="does not wait"):
        _put(store, 5)
    holder.execute("ROLLBACK")
    with pytest.warns(UserWarning, match=r"2 entries are not in the memo .*; the run has them"):
        store.close()
    store = open_memo(memo)
    assert store.get("new4") == _outcome(4)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.warns(UserWarning, match="does not wait"):
        _put(store, 1)
    with pytest.warns(UserWarning, match="1 entry is not in the memo"):
        store.close()
    holder.close()


def test_a_memo_that_is_held_when_it_is_opened_is_not_moved_aside_and_opened_later(
    memo, impatient, monkeypatch
):
    holder = _hold(memo, "EXCLUSIVE")
    with pytest.warns(UserWarning, match=r"left as it is.* expected '.*memo\.sqlite' to be free"):
        store = open_memo(memo)
    assert store.get(f"{3:064x}") is None
    store.put("new", _outcome(1))
    assert not list(memo.parent.glob("*damaged*"))
    holder.execute("ROLLBACK")
    holder.close()
    monkeypatch.setattr(memo_module.time, "monotonic", lambda real=memo_module.time.monotonic: real() + 60)
    assert store.get(f"{3:064x}") == _outcome(3)
    store.close()
    store = open_memo(memo)
    assert store.get("new") == _outcome(1)
    store.close()


def test_who_makes_the_memo_is_not_waited_for_without_an_end(tmp_path, impatient):
    path = tmp_path / "memo.sqlite"
    with (
        FileLock(f"{path}.lock", is_singleton=False),
        pytest.warns(UserWarning, match=r"got it locked by another process"),
    ):
        open_memo(path).close()


def test_seconds_are_known_from_the_memo(memo):
    assert known_seconds(memo)[Cell("d", "m", "7")] == pytest.approx(0.3)
    assert known_seconds(memo.with_name("none")) == {}


def test_a_place_where_no_memo_can_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="is a file; name another, or off"):
        check_memo(tmp_path / "file" / "memo.sqlite")
    check_memo(tmp_path / "new" / "memo.sqlite")


def test_a_link_that_leads_nowhere_and_what_is_no_file_are_refused_as_what_they_are(tmp_path):
    dead, loop, pipe, good = (tmp_path / name for name in ("dead", "loop", "pipe", "good"))
    dead.symlink_to("/nonexistent/memo.sqlite")
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    good.symlink_to(tmp_path / "new.sqlite")
    for link in (dead, loop):
        with pytest.raises(ConfigError, match=r"a link to '.*' that leads nowhere: mend it"):
            check_memo(link)
    with pytest.raises(ConfigError, match=r"which is none: name another, or off"):
        check_memo(pipe)
    check_memo(good)


def test_a_memo_that_another_process_renewed_first_is_renewed_again_when_it_is_damaged(memo, monkeypatch):
    real, n_calls = memo_module.Store, []

    def opened(path, **more):
        n_calls.append(path)
        if len(n_calls) == 1:  # it was damaged, and another process moves it aside before the lock is had
            raise SmoteBenchError("expected an SQLite file of outcomes")
        return real(path, **more)

    monkeypatch.setattr(memo_module, "Store", opened)
    store = open_memo(memo)
    assert store.get(f"{3:064x}") == _outcome(3)
    _pages(memo, 4096)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert [store.get(f"{n:064x}") in (None, _outcome(n)) for n in range(N)] == [True] * N
    store.close()


@pytest.mark.fault(
    injected="`--smote-memo` names a folder, or what a run has stored",
    seen="refused before the first cell, and left as it is",
    lost="nothing",
)
def test_a_folder_and_the_store_of_a_run_are_no_memo(tmp_path):
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, rows=60, points=None)
    with pytest.raises(ConfigError, match=r"which is a folder: name a file in it"):
        check_memo(folder)
    store = folder / "cells.sqlite"
    check_memo(store)  # of a run of an earlier release nothing tells it apart
    write_asked(store, Asked(()), [], tmp_path)
    with pytest.raises(ConfigError, match=r"which is what a run has stored: cells of other runs would"):
        check_memo(store)


def test_who_mends_the_memo_is_not_waited_for_without_an_end(memo, impatient, monkeypatch):
    memo.write_bytes(b"no database" * 1000)
    with FileLock(f"{memo}.aside.lock", is_singleton=False):
        with pytest.warns(UserWarning, match=r"does not wait for the memo '.*': another process mends it"):
            store = open_memo(memo)
        assert store.get(f"{3:064x}") is None
        store.put("new", _outcome(1))
    monkeypatch.setattr(memo_module.time, "monotonic", lambda real=memo_module.time.monotonic: real() + 60)
    with pytest.warns(UserWarning, match="it was moved to"):
        assert store.get("new") is None  # opened again, which moves what is damaged aside
    store.close()
    assert open_memo(memo).get("new") == _outcome(1)
