"""A cell is tried again after a worker died in it, unless that says why or it was the third."""

from __future__ import annotations

import pytest

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.run_store import RunStore, Worker
from smote_bench.session.retries import Retries, why_lost

CELL, OTHER, ORIGINAL = Cell("one", "m", "c"), Cell("one", "n", "c"), Cell("one", "Original", "c")


@pytest.fixture
def store(tmp_path):
    store = RunStore(tmp_path / "cells.sqlite")
    yield store
    store.close()


@pytest.fixture
def dies(store, monkeypatch):
    """Return a function: another worker begins cells and dies in the last one; is the cell tried again."""
    said: list[str] = []
    retries, n_workers = Retries(said.append), iter(range(99))

    def die(*begun, item=CELL, exit_code=9, limit_seconds=0.0):
        worker = Worker("s", f"gw{next(n_workers)}")
        monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", worker.session)
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker.name)
        for cell in begun:
            store.begin(f"key of {cell.id}", cell, limit_seconds=limit_seconds)
        is_granted = retries.grant(store, item, worker, exit_code)
        assert bool(store.begun_by(worker)) == (bool(begun) and not is_granted)
        return is_granted

    die.said, die.retries = said, retries
    return die


def test_the_third_death_is_the_last(dies):
    assert [dies(CELL) for _ in range(3)] == [True, True, False]
    assert dies.said == [
        f"a worker died while it computed one-m-c (exit code 9): tried again, for death {n} of 3"
        for n in (1, 2)
    ]
    assert dies.retries.words(CELL) == "; 3 workers died in it, so it is not tried again"


def test_deaths_in_original_are_its_own_whatever_cell_needed_it(dies):
    assert [dies(ORIGINAL, item=cell) for cell in (CELL, OTHER, CELL)] == [True, True, False]
    assert dies.retries.words(CELL) == ""
    assert dies(CELL), "it has ended no worker yet"


def test_a_worker_that_died_before_it_began_counts_for_the_cell(dies):
    assert [dies() for _ in range(3)] == [True, True, False]
    assert dies(OTHER, item=OTHER)


def test_a_cell_with_an_outcome_is_not_tried_again(dies, store):
    store.put("k", Outcome(CELL, "ok", ""))
    assert not dies(ORIGINAL)
    assert dies.said == []


def test_a_cell_over_its_time_limit_is_not_tried_again(dies):
    assert not dies(CELL, limit_seconds=1e-9)
    assert dies(OTHER, item=OTHER, limit_seconds=3600.0)


@pytest.mark.parametrize(
    ("time", "status"), [((9.0, 5.0), "timeout"), ((4.0, 5.0), "error"), ((4.0, 0.0), "error")]
)
def test_why_a_cell_is_lost_is_told_by_its_limit(time, status):
    assert why_lost(time, -11).status == status
    assert "SIGSEGV" in why_lost(time, -11).reason
