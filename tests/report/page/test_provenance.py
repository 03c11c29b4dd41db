"""Where the run came from, and everything in it that was not ok."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from made_up import made_up_run

from smote_bench.report.page.page import build_page
from smote_bench.report.page.provenance import provenance_section
from smote_bench.runs.open import open_run


def test_provenance_lists_everything_that_was_not_ok(tmp_path: Path) -> None:
    statuses = {("Ecoli", "SMOTE", "RandomForest"): "error", ("Haberman", "SMOTE", "RandomForest"): "noop"}
    page = build_page(open_run(made_up_run(tmp_path, datasets=2, methods=2, statuses=statuses)))
    table = page[page.index("Not ok: 2 of 8 cells") :]
    assert "ValueError: made up" in table
    assert "a made-up noop" in table


def test_a_fault_of_many_cells_is_one_row_with_its_traceback_once(tmp_path: Path) -> None:
    names = [("Ecoli", "SMOTE", c) for c in ("RandomForest", "LogisticRegression")]
    folder = made_up_run(tmp_path, datasets=2, methods=2, statuses=dict.fromkeys(names, "error"))
    run = open_run(folder)
    trace = 'Traceback (most recent call last):\n  File "mine.py", line 7, in fit_resample\nValueError: no'
    outcomes = [dataclasses.replace(o, traceback=trace if o.status == "error" else "") for o in run.outcomes]
    page = provenance_section(dataclasses.replace(run, outcomes=outcomes))
    assert "Not ok: 2 of 8 cells" in page
    assert "ValueError: made up, at mine.py:7 in fit_resample" in page
    assert page.count("Traceback (most recent call last)") == 1
    which = page[page.index("Not ok:") :]
    assert [name in which for name in ("Ecoli-SMOTE-RandomForest", "Ecoli-SMOTE-LogisticRegression")] == [
        True,
        True,
    ]
