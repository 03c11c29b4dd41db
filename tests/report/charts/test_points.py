"""Where the points went: lines to both parents, and of how many rows a sample is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run

from smote_bench.report.charts import points
from smote_bench.runs.open import Run, open_run


def test_lines_to_parents_join_each_synthetic_point_to_both(run: Run) -> None:
    recorded = run.points("Ecoli", "SMOTE")
    assert recorded is not None
    drawn = points.principal_axes(run, "Ecoli", "SMOTE")["data"]
    links = next(trace for trace in drawn if trace["mode"] == "lines")
    child = int(np.flatnonzero((recorded.parents >= 0).all(axis=1))[0])
    ends = recorded.parents[child]
    wanted = recorded.pca[[ends[0], child, ends[1]], 0]
    assert links["x"][:3] == pytest.approx(wanted, abs=0.01)
    assert links["x"][3] is None
    assert [trace["name"].split()[0] for trace in drawn[1:]] == ["majority", "minority", "synthetic"]


def test_note_says_how_many_rows_are_a_sample_of_how_many(run: Run, tmp_path: Path) -> None:
    assert points.sample_note(run, "Ecoli", "SMOTE").startswith("All 300 rows of the training part: 150 ")
    large = open_run(made_up_run(tmp_path, datasets=1, methods=2, points=4000))
    note = points.sample_note(large, "Ecoli", "SMOTE")
    assert "of 6,000 rows (3,000 majority, 1,000 minority, 0 removed, 2,000 synthetic)" in note
    assert points.sample_note(run, "Ecoli", "class_weight") == ""


def test_note_names_the_encoding_of_categories(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Laid out by" not in points.sample_note(run, "Ecoli", "SMOTE")
    monkeypatch.setattr(
        type(run), "card", lambda *_: {"encoding": "one-hot features of 2 columns of categories"}
    )
    note = points.sample_note(run, "Ecoli", "SMOTE")
    assert note.endswith(" Laid out by one-hot features of 2 columns of categories.")
