"""Where the run came from, and everything in it that was not ok."""

from __future__ import annotations

from pathlib import Path

from made_up import made_up_run

from smote_bench.report.page.page import build_page
from smote_bench.runs.open import open_run


def test_provenance_lists_everything_that_was_not_ok(tmp_path: Path) -> None:
    statuses = {("Ecoli", "SMOTE", "RandomForest"): "error", ("Haberman", "SMOTE", "RandomForest"): "noop"}
    page = build_page(open_run(made_up_run(tmp_path, datasets=2, methods=2, statuses=statuses)))
    table = page[page.index("Not ok: 2 of 8 cells") :]
    assert "ValueError: made up" in table
    assert "a made-up noop" in table
