"""Tests of cells that are computed elsewhere run as outcomes arrive, each with what it needs."""

from __future__ import annotations

import pytest

from tests.conftest import Bench

# An engine of another package, which computes in a thread, in an order of its own.
_ENGINE = """
import dataclasses
import random
import threading

from smote_bench.engines.contract import EngineLost
from smote_bench.engines.here import ThisProcess
import os


class Mine:
    is_remote = True
    n_workers = 3

    def __init__(self, experiment, settings, address, wait_seconds):
        # A child dies with the thread that started it: none here.
        self.here = ThisProcess(experiment, dataclasses.replace(settings, timeout_seconds=0.0))
        self.address = address
        self.remarks = ["a remark of the engine"]
        self.requests = []
        self.computed = {}
        self.log = []

    def submit(self, chains, arrived):
        new = [r for chain in chains for batch in chain for r in batch.requests if r not in self.requests]
        self.requests += new
        for request in new:
            self.began(request.cell)
        order = list(new)
        random.Random(int(self.address or 0)).shuffle(order)
        print("submitted", len(new), flush=True)

        def compute():
            for n, request in enumerate(order):
                if n == int(os.environ.get("LOST_AFTER", 10**9)):
                    self.is_lost = True
                    for one in order[n:]:
                        arrived(one)
                    return
                self.computed[request] = self.here.outcome(request)
                arrived(request)

        threading.Thread(target=compute, daemon=True).start()

    def outcome(self, request):
        if request not in self.computed:
            raise EngineLost("the engine of this test is lost")
        return self.computed.pop(request)

    def cancel(self):
        print("cancelled", flush=True)

    def close(self):
        self.here.close()

    def words(self):
        return "3 threads"
"""


@pytest.fixture
def mine(bench: Bench) -> Bench:
    (bench.path / "mine.py").write_text(_ENGINE)
    bench.table("one", seed=1)
    bench.experiment(
        'methods: {Jitter: "samplers:Jitter", Broken: "samplers:Broken", SMOTE: }\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: , DecisionTree: }}\n"
    )
    return bench


def test_the_order_is_the_engines_and_the_table_the_same(mine: Bench) -> None:
    local = mine.run(out="local")
    for seed in ("1", "2"):
        there = mine.run(f"--smote-engine=mine:Mine={seed}", "-v", out=f"there{seed}")
        assert there.code == local.code == 1
        assert there.scores == local.scores
        assert there.text.count("PASSED") == 6
        assert "a remark of the engine" in there.text
        assert there.manifest["cells"]["total"] == 8


def test_a_single_cell_needs_its_original(mine: Bench) -> None:
    there = mine.run("--smote-engine=mine:Mine", "-k", "SMOTE and kNN", "-s")
    assert there.code == 0, there.text
    assert "submitted 2" in there.text
    again = mine.run("--smote-engine=mine:Mine", "-k", "SMOTE", "-s")
    assert "submitted 2" in again.text  # two of four are in the memo


def test_the_first_failure_stops(mine: Bench) -> None:
    there = mine.run("--smote-engine=mine:Mine", "-x")
    assert there.code == 1
    assert "stopped by -x" in there.text
    kept = [cell for cell in there.cells.values() if cell["status"] == "ok"]
    assert len(kept) < 6


def test_what_came_before_an_engine_is_lost_is_kept(mine: Bench) -> None:
    there = mine.run("--smote-engine=mine:Mine=7", LOST_AFTER="4")
    assert there.code == 2, there.text
    assert "the engine of this test is lost" in there.text
    done = [name for name, cell in there.cells.items() if cell["status"] != "not_run"]
    assert len(done) == 4
    again = mine.run("--smote-engine=mine:Mine=7")
    assert again.code == 1
    local = mine.run(out="local")
    assert again.scores == local.scores


# The run's store takes some outcomes and no more.
_FULL = """
import os
from smote_bench.runs.run_store import RunStore

real = RunStore.put


def put(self, key, outcome, *args, **named):
    ((n,),) = self._db.execute("SELECT COUNT(*) FROM cells")
    if n == int(os.environ.get("ROOM_FOR", "99")):
        self._db.execute(
            "CREATE TRIGGER IF NOT EXISTS full_cells BEFORE INSERT ON cells "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    real(self, key, outcome, *args, **named)


RunStore.put = put
"""


@pytest.mark.fault(
    injected="a disk that takes no outcome of those that come back from another engine",
    seen="one error with path, bytes needed and free; all other cells are `not_run`; exit code not 0",
    lost="what came back and could not be recorded; the same command goes on when there is room",
)
@pytest.mark.parametrize("room", ["0", "3"])
def test_an_outcome_that_came_back_and_could_not_be_recorded(mine: Bench, room: str) -> None:
    (mine.path / "full.py").write_text(_FULL)
    there = mine.run("--smote-engine=mine:Mine=7", "-p", "full", "-s", ROOM_FOR=room)
    assert there.code not in (0, 1), there.text
    assert there.text.count("expected to write") == 1, there.text
    assert "cells.sqlite', but the disk is full (" in there.text
    assert "Traceback" not in there.text
    statuses = [cell["status"] for cell in there.cells.values()]
    assert len(statuses) == 8
    assert len([status for status in statuses if status != "not_run"]) == int(room)
    assert {cell["reason"] for cell in there.cells.values() if cell["status"] == "not_run"} == {
        "the disk is full"
    }
    assert there.manifest["cut"] == "the disk is full"
    again = mine.run("--smote-engine=mine:Mine=7")
    assert again.code == 1, again.text
    assert again.manifest["cells"]["from_memo"] >= statuses.count("ok")
    assert again.scores == mine.run(out="local").scores


def test_what_arrived_before_the_end_is_recorded(mine: Bench) -> None:
    (mine.path / "late.py").write_text(
        "import time\nimport pytest\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_runtest_setup(item):\n"
        "    time.sleep(3)\n"
        "    raise pytest.exit('enough', returncode=2)\n"
    )
    there = mine.run("--smote-engine=mine:Mine", "-p", "late")
    assert there.code == 2, there.text
    assert {cell["status"] for cell in there.cells.values()} >= {"ok"}
    assert "not_run" not in {cell["status"] for cell in there.cells.values()}


def test_collecting_only_needs_no_engine(mine: Bench) -> None:
    there = mine.run("--smote-engine=mine:Mine", "--collect-only", "-s")
    assert there.code == 0, there.text
    assert "submitted" not in there.text


def test_seconds_are_those_of_the_cell(mine: Bench) -> None:
    (mine.path / "slow.py").write_text(
        "import time\nfrom samplers import Jitter\nclass Slow(Jitter):\n"
        "    def fit_resample(self, X, y):\n"
        "        time.sleep(0.4)\n        return super().fit_resample(X, y)\n"
    )
    mine.experiment(
        'methods: {Slow: "slow:Slow"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: }}\n"
    )
    there = mine.run("--smote-engine=mine:Mine", "--durations=1")
    assert there.code == 0, there.text
    (line,) = [line for line in there.text.splitlines() if line.endswith("[one-Slow-kNN]") and "call" in line]
    assert float(line.split("s ")[0]) >= 1.2
