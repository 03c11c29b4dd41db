"""A disk that takes no outcome is one failed test with one message, whoever comes to it.

Also of: runs.place.
"""

from __future__ import annotations

import contextlib
import re

import pytest

from smote_bench.runs.run_store import RunStore
from tests.conftest import Bench

# The run's store takes nothing after two cells: neither outcomes nor that a cell was given up.
FULL = """
from smote_bench.runs.run_store import RunStore

real = RunStore.put


def put(self, key, outcome, *args, **named):
    ((n,),) = self._db.execute("SELECT COUNT(*) FROM cells")
    if n == 2:
        for table, action in (("cells", "INSERT"), ("begun", "DELETE")):
            self._db.execute(
                f"CREATE TRIGGER IF NOT EXISTS full_{table} BEFORE {action} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
    real(self, key, outcome, *args, **named)


RunStore.put = put
"""
# The run's folder is moved away after two cells, as by somebody who clears up, or before tables are written.
MOVED = """
import contextlib
import os

from smote_bench.runs.run_store import RunStore
from smote_bench.session.controller import SmoteSession

real, write = RunStore.put, SmoteSession._write_run


def move(folder):
    with contextlib.suppress(OSError):  # another worker was first
        os.rename(folder, "moved")


def put(self, *args, **named):
    ((n,),) = self._db.execute("SELECT COUNT(*) FROM cells")
    if n == 2 and os.environ["WHEN"] == "cells":
        move(self.path.parent)
    real(self, *args, **named)


def write_run(self, setup):
    if os.environ["WHEN"] == "tables":
        move(setup.settings.run_dir)
    write(self, setup)
    if os.environ["WHEN"] == "report":
        move(setup.settings.run_dir)


RunStore.put, SmoteSession._write_run = put, write_run
"""
UNWRITABLE = """
import errno
import os
import types

from smote_bench.runs import whole_folder


def fail(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


whole_folder.os = types.SimpleNamespace(**{**vars(os), "replace": fail})
"""
# A store that cannot even be opened by who computes.
UNOPENED = """
import sqlite3

from smote_bench.engines import cell_runner
from smote_bench.errors import DiskError


def refuse(*_):
    raise DiskError("expected to write, but the disk is full. Make room", "the disk is full")


cell_runner.Recorder.open = refuse
"""
WORKERS = pytest.mark.parametrize("workers", ["0", "2"])


@pytest.fixture
def grid(bench: Bench) -> Bench:
    for name in ("one", "two"):
        bench.table(name, seed=1)
    bench.experiment(
        'methods: {Jitter: "samplers:Jitter", RandomOverSampler: }\n'
        "datasets:\n"
        "  - {name: one, file: one.csv, target: y, minority: 1}\n"
        "  - {name: two, file: two.csv, target: y, minority: 1}\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: , DecisionTree: }}\n"
    )
    (bench.path / "full.py").write_text(FULL)
    (bench.path / "unwritable.py").write_text(FULL + UNWRITABLE)
    (bench.path / "unopened.py").write_text(UNOPENED)
    (bench.path / "moved.py").write_text(MOVED)
    return bench


def _before_summary(text: str) -> str:
    """Return what is printed before pytest's short summary, which repeats words, in CI to their end."""
    return text.partition("short test summary info")[0]


@pytest.mark.fault(
    injected="a disk that takes no outcome any more, with workers or without",
    seen="one failed test and one error, with path, bytes needed and free; all other cells are `not_run`",
    lost="the cells in flight; the same command goes on when there is room",
)
@WORKERS
def test_one_test_fails_by_one_line_and_the_others_are_not_run(grid: Bench, workers: str) -> None:
    run = grid.run("-p", "full", "-n", workers)
    assert run.code == 2, run.text
    assert "1 failed" in run.text
    assert _before_summary(run.text).count("Make room") == 1, run.text
    assert "Traceback" not in run.text
    assert "During handling" not in run.text
    assert "run_store.py" not in run.text
    assert "12 cells asked for: 2 done" in run.text
    assert "10 not run (10 the disk is full)" in run.text


@WORKERS
def test_what_is_not_there_is_not_named_and_no_report_is_tried(grid: Bench, workers: str) -> None:
    run = grid.run("-p", "unwritable", "-n", workers, "-o", "smote_report=true")
    assert run.code == 2, run.text
    assert _before_summary(run.text).count("Make room") == 1, run.text
    assert "not written: scores, cells, manifest, summary (the disk is full)" in run.text
    assert "(cells.sqlite alone)" in run.text
    assert "without manifest.json" not in run.text


@WORKERS
def test_a_store_that_cannot_be_opened_fails_one_test(grid: Bench, workers: str) -> None:
    run = grid.run("-p", "unopened", "-n", workers)
    assert run.code == 2, run.text
    assert _before_summary(run.text).count("Make room") == 1, run.text
    assert "12 not run (12 the disk is full)" in run.text


@pytest.mark.fault(
    injected="the folder of a run that is moved or removed while the run goes on",
    seen="one failed test and one error that names it; exit code not 0; nothing is made in its place",
    lost="nothing: the moved store and the memo have what was scored; the same command goes on",
)
@WORKERS
@pytest.mark.parametrize("when", ["cells", "tables"])
def test_a_run_whose_folder_goes_away_says_so_and_blames_no_cell(
    grid: Bench, workers: str, when: str
) -> None:
    run = grid.run("-p", "moved", "-n", workers, "--smote-memo", "memo.sqlite", WHEN=when)
    assert run.code == (2 if when == "cells" else 3), run.text
    assert "smote-bench: the run's folder was moved or removed" in run.text
    assert _before_summary(run.text).count("to stay where it is while the run goes on") == 1, run.text
    assert "Traceback" not in run.text
    # A worker that opens the store after it was moved makes one, and nothing else.
    made = {path.name for path in (grid.path / "out").glob("runs/*/*")}
    assert not {name for name in made if not name.startswith("cells.sqlite")}, run.text
    (done,) = re.findall(r"12 cells asked for: (\d+) done", run.text)
    assert int(done) == 12 if when == "tables" else 2 <= int(done) <= 3
    with contextlib.closing(RunStore(grid.path / "moved" / "cells.sqlite", read_only=True)) as store:
        assert {outcome.status for outcome in store.outcomes()} == {"ok"}
        assert len(list(store.outcomes())) == (2 if when == "cells" else 12)
    if (when, workers) == ("cells", "0"):
        again = grid.run("--smote-memo", "memo.sqlite")
        assert again.code == 0, again.text
        # Three keys were scored, of which the folder could not take one; both tables are the same, so each
        # key is of two cells, and the second of each of the three others is from the memo as well.
        assert again.manifest["cells"]["from_memo"] == 2 * 3 + 3


def test_a_folder_that_goes_away_after_its_tables_is_no_success(grid: Bench) -> None:
    run = grid.run("-p", "moved", WHEN="report")
    assert run.code == 3, run.text
    assert "smote-bench: the run's folder was moved or removed" in run.text
    assert "not written: report" in run.text


def test_fixtures_work_in_workers_of_a_session_that_selects_no_cell(grid: Bench) -> None:
    """Nothing was begun then, and nothing can have gone away."""
    (grid.path / "test_mine.py").write_text(
        "import pytest\n\n\n"
        "@pytest.mark.parametrize('k', [1, 2])\n"
        "def test_mine(k, smote_case):\n"
        "    smote_case.evaluate()\n"
    )
    run = grid.run("-n", "2", str(grid.path / "test_mine.py"), "-k", "test_mine")
    assert run.code == 0, run.text
    assert "24 passed" in run.text
