"""The store: outcomes by key, committed at once, by several processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.errors import DiskError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs.run_store import RunStore
from smote_bench.runs.store import SCHEMA, SchemaMismatch, Store

pytestmark = pytest.mark.versions

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def _outcome(
    dataset: str = "d", method: str = "m", classifier: str = "c", score: float = 0.5, **more: object
) -> Outcome:
    fit = Fit("cv", 0, 0, {"roc_auc": score}, 0.5, 0.25, 0.125, (9, 1), (9, 9))
    return Outcome(**{"cell": Cell(dataset, method, classifier), "status": "ok", "fits": (fit,), **more})


@given(st.dictionaries(names, st.tuples(names, names, names, st.floats(allow_nan=False)), max_size=6))
@settings(max_examples=20, deadline=None)
def test_gives_back_what_was_put_in_also_after_reopening(
    cells: dict[str, tuple[str, str, str, float]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cells.sqlite")
        store = Store(path)
        put = {key: _outcome(*cell, score=score) for key, (*cell, score) in cells.items()}
        for key, outcome in put.items():
            store.put(key, outcome)
        store.close()
        store = Store(path)
        assert {key: store.get(key) for key in put} == put
        assert len(list(store.outcomes())) == len(cells)
        store.close()


def test_a_new_file_without_room_says_how_many_bytes_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: Store) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    path = tmp_path / "cells.sqlite"
    Store(path).close()
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_prepare", full)
        with pytest.raises(DiskError, match=f"to write {path.stat().st_size:,} bytes or more to"):
            Store(tmp_path / "new.sqlite")
        with pytest.raises(DiskError, match=f"expected to write to '{path}'"):
            Store(path)


def test_an_unknown_key_gives_none(tmp_path: Path) -> None:
    assert Store(tmp_path / "cells.sqlite").get("absent") is None


def test_writing_an_outcome_twice_is_harmless_and_the_later_one_stays(tmp_path: Path) -> None:
    store = Store(tmp_path / "cells.sqlite")
    store.put("k", _outcome(score=0.1))
    store.put("k", _outcome(score=0.2))
    assert list(store.outcomes()) == [_outcome(score=0.2)]


def test_one_key_under_two_names_keeps_both_rows(tmp_path: Path) -> None:
    store = Store(tmp_path / "cells.sqlite")
    store.put("k", _outcome(classifier="kNN"))
    store.put("k", _outcome(classifier="my_kNN"))
    assert [outcome.cell.classifier for outcome in store.outcomes()] == ["kNN", "my_kNN"]


def test_outcomes_come_by_data_set_method_and_classifier(tmp_path: Path) -> None:
    store = Store(tmp_path / "cells.sqlite")
    cells = [("b", "x", "1"), ("a", "y", "2"), ("a", "x", "2"), ("a", "x", "1")]
    for n, cell in enumerate(cells):
        store.put(f"{n}", _outcome(*cell))
    assert [outcome.cell for outcome in store.outcomes()] == [Cell(*cell) for cell in sorted(cells)]


def test_remembers_what_came_from_the_memo(tmp_path: Path) -> None:
    store = Store(tmp_path / "cells.sqlite")
    store.put("k", _outcome(classifier="a"))
    store.put("l", _outcome(classifier="b"), from_memo=True)
    assert store.from_memo() == {Cell("d", "m", "b")}


def test_known_seconds_are_those_of_scored_cells_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([2.0, 1.0, 3.0])
    monkeypatch.setattr("smote_bench.runs.store.time.time", lambda: next(times))
    store = Store(tmp_path / "cells.sqlite")
    store.put("newer", _outcome())
    store.put("older", _outcome(fits=()))
    store.put("failed", _outcome(classifier="e", status="error", reason="why"))
    assert store.known_seconds() == {Cell("d", "m", "c"): 0.875}


def test_an_outcome_is_committed_when_put_returns(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    code = (
        "import os, sys; from pathlib import Path\n"
        "from smote_bench.evaluation.outcome import Outcome, Cell; from smote_bench.runs.store import Store\n"
        f"Store(Path({str(path)!r})).put('k', Outcome(Cell('d', 'm', 'c'), 'error', 'why')); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    assert Store(path).get("k") == Outcome(Cell("d", "m", "c"), "error", "why")


def test_processes_create_and_write_one_file_at_once_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "cells.sqlite"
    code = (
        "import sys; from pathlib import Path\n"
        "from smote_bench.evaluation.outcome import Outcome, Cell; from smote_bench.runs.store import Store\n"
        "name = sys.argv[1]; print('ready', flush=True); sys.stdin.readline()\n"
        f"store = Store(Path({str(path)!r}))\n"
        "for n in range(60):\n"
        "    store.put(f'{name}{n}', Outcome(Cell('d', name, str(n)), 'ok'))\n"
        "    store.put('shared', Outcome(Cell('d', 'shared', 'c'), 'ok'))\n"
        "store.close()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([sys.executable, "-c", code, name], **pipes) for name in "ab"]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert len(list(Store(path).outcomes())) == 2 * 60 + 1


def test_refuses_outcomes_of_another_schema_and_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(
        SchemaMismatch, match=rf"expected outcomes of schema {SCHEMA}, got schema {SCHEMA + 1} in .*move"
    ):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"dataset,method\nEcoli,SMOTE\n" * 50, b"SQLite format 3\0 broken" * 50])
def test_refuses_a_file_that_is_no_sqlite_file_and_leaves_it_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.csv"
    path.write_bytes(content)
    with pytest.raises(
        SmoteBenchError, match=r"expected an SQLite file of outcomes, got .*notes\.csv.*move it away"
    ):
        Store(path)
    assert path.read_bytes() == content


def test_refuses_the_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()
    with pytest.raises(SmoteBenchError, match=r"expected a file of outcomes, got other tables \(bookmarks\)"):
        Store(path)


def test_says_when_a_path_cannot_hold_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "cells.sqlite", tmp_path / "folder"):
        with pytest.raises(SmoteBenchError, match="expected an SQLite file of outcomes, got"):
            Store(path)


def test_a_file_whose_creation_was_cut_short_is_completed(tmp_path: Path) -> None:
    path = tmp_path / "cells.sqlite"
    store = Store(path)
    store._db.execute("PRAGMA user_version = 0")  # the tables were there, the version not yet
    store.close()
    store = Store(path)
    store.put("k", _outcome())
    assert store.get("k") == _outcome()


def _store_with_a_part(path: Path) -> Store:
    store = Store(path)
    store.put("own", _outcome(score=0.1), b"own")
    store.put(
        "part",
        _outcome(score=0.9, reason="of the part", status="noop"),
        from_memo=True,
        part="split 1, seed 0",
    )
    return store


def test_parts_show_up_only_where_they_are_asked_for(tmp_path: Path) -> None:
    store = _store_with_a_part(tmp_path / "cells.sqlite")
    own, part = _outcome(score=0.1), _outcome(score=0.9, reason="of the part", status="noop")
    assert list(store.outcomes()) == [own]
    assert list(store.part_outcomes()) == [("split 1, seed 0", part)]
    assert store.from_memo() == set()
    assert (store.get("own"), store.get("part")) == (own, part)


def test_seconds_and_predictions_by_name_are_those_of_the_runs_own_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([1.0, 2.0])
    monkeypatch.setattr("smote_bench.runs.store.time.time", lambda: next(times))
    store = Store(tmp_path / "cells.sqlite")
    store.put("own", _outcome(), b"own")
    store.put("part", _outcome(fits=()), b"part", part="split 1, seed 0")
    assert store.known_seconds() == {Cell("d", "m", "c"): 0.875}
    assert store.predictions_of(Cell("d", "m", "c")) == b"own"


def test_gives_the_extras_of_a_run_and_of_its_parts_together(tmp_path: Path) -> None:
    store = Store(tmp_path / "cells.sqlite")
    for key, method in (("b", "m"), ("a", "m"), ("c", "other")):
        store.put_extra(key, "samples", key.encode(), dataset="d", method=method)
    store.put_extra("a", "points", b"points", dataset="d", method="m")
    assert store.extras_of("samples", "d", "m") == [b"a", b"b"]
    assert store.extras_of("samples", "d", "absent") == []


def test_no_statement_about_one_cell_reads_the_whole_file(tmp_path: Path) -> None:
    """A look-up by name that read all cells made ten times the cells take a hundred times as long."""
    store = RunStore(tmp_path / "cells.sqlite")
    asked: list[str] = []
    store._db.set_trace_callback(asked.append)  # with the values in place
    store.begin("k", Cell("d", "m", "c"))
    store.put("k", _outcome(), b"predictions")
    store.put("k2", _outcome(score=0.75))
    store.get("k")
    store.begun_by_another("k")
    store.outcome_of(Cell("d", "m", "c"))
    store.predictions("k")
    store.predictions_of(Cell("d", "m", "c"))
    store.put_extra("k", "points", b"", dataset="d", method="m")
    store.extra("k", "points")
    store.extra_of("points", "d", "m")
    store._db.set_trace_callback(None)
    plans = [
        (text, detail)
        for text in asked
        if text.startswith(("SELECT", "DELETE", "INSERT"))
        for *_, detail in store._db.execute(f"EXPLAIN QUERY PLAN {text}")
    ]
    store.close()
    assert len(plans) > 10
    # `begun` holds what is being computed: a row per worker.
    assert [plan for plan in plans if plan[1].startswith("SCAN") and plan[1] != "SCAN begun"] == []
