"""Mean deltas: better is what the metric's direction says."""

from __future__ import annotations

from pathlib import Path

from made_up import made_up_run

from smote_bench.report.charts import deltas as ranks
from smote_bench.runs.open import open_run


def test_lower_brier_counts_as_better(tmp_path: Path) -> None:
    metric = "brier"
    run = open_run(made_up_run(tmp_path, datasets=6, methods=2, effects={"SMOTE": 1.5}))
    (trace,) = ranks.deltas(run, metric)["data"]
    rising = trace["x"][0] > 0
    assert trace["name"] == ("worse than Original" if rising else "better than Original")
