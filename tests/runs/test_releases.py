"""What earlier releases wrote, in tests/runs/releases: runs are read as before, memos used or moved aside.

Both are of two cells of forty rows: `Original`, and a `SMOTE` that had too few neighbours.
"""

from __future__ import annotations

import csv
import shutil
import sqlite3
import warnings
from pathlib import Path

import pytest

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.report.build import ReportSettings, write_report
from smote_bench.runs.listing import list_runs
from smote_bench.runs.memo import open_memo
from smote_bench.runs.open import open_run
from smote_bench.runs.run_store import RunStore

RELEASES = Path(__file__).parent / "releases"
SCHEMAS = sorted(path.name for path in RELEASES.iterdir())
COMPUTED, FAILED = Cell("Tiny", "Original", "LogisticRegression"), Cell("Tiny", "SMOTE", "LogisticRegression")


@pytest.fixture(params=SCHEMAS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A run of that release, in a folder of reports of its own."""
    folder = tmp_path / "runs" / "20260102-030405-000-tiny3"
    shutil.copytree(RELEASES / request.param, folder)
    (folder / "memo.sqlite").rename(tmp_path / "memo.sqlite")
    return folder


def _scores(path: Path) -> dict[tuple[str, ...], str]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ("dataset", "method", "classifier", "phase", "repeat", "fold", "metric")
    return {tuple(row[name] for name in names): row["value"] for row in rows}


def test_there_is_a_run_of_each_schema_that_was_released_with_runs_to_read() -> None:
    assert SCHEMAS == ["schema_3", "schema_4"]


def test_its_scores_are_read_to_the_last_digit(kept: Path) -> None:
    run = open_run(kept)
    read = {
        (
            row.dataset,
            row.method,
            row.classifier,
            row.phase,
            str(row.repeat),
            str(row.fold),
            row.metric,
        ): row.value
        for row in run.scores.itertuples()
    }
    written = {
        key: float(value) if value else float("nan") for key, value in _scores(kept / "scores.csv").items()
    }
    assert read == pytest.approx(written, rel=0, abs=0, nan_ok=True)
    assert run.by_cell[FAILED].reason.startswith("ValueError: Expected at least 6 rows of class 1")
    assert (run.account.done, run.account.failed, run.account.cut) == (2, 1, "")


def test_it_is_listed_and_reported(kept: Path) -> None:
    (listed,) = list_runs(kept.parent.parent)
    assert (listed.n_cells, listed.status) == (2, "finished")
    report = write_report(kept, ReportSettings(tsne="off"))
    assert not report.failures
    assert "Tiny" in (kept / "report.html").read_text(encoding="utf-8")


def test_its_store_takes_outcomes_and_keeps_what_it_has(kept: Path) -> None:
    store = RunStore(kept / "cells.sqlite")
    before = store.outcome_of(COMPUTED)
    store.put("new", Outcome(Cell("Tiny", "SMOTE", "kNN"), "ok"))
    store.begin("other", COMPUTED)
    assert store.outcome_of(COMPUTED) == before
    assert {outcome.cell.classifier for outcome in store.outcomes()} == {"LogisticRegression", "kNN"}
    store.close()


def test_its_memo_is_used_where_keys_are_the_same_and_moved_aside_where_they_are_not(kept: Path) -> None:
    path = kept.parent.parent / "memo.sqlite"
    with sqlite3.connect(path) as db:
        (schema,) = db.execute("PRAGMA user_version").fetchone()
        keys = dict(db.execute("SELECT method, key FROM cells"))
    db.close()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        memo = open_memo(path)
        found = memo.get(keys["Original"])
        memo.close()
    if schema == 4:
        assert found is not None
        assert found.is_scored
        assert not said
    else:
        assert found is None
        assert "schema 3" in str(said[0].message)
        assert list(path.parent.glob("memo*old*"))
