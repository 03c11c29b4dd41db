"""The heat map holds the counts that are counted."""

from __future__ import annotations

from smote_bench.report.analysis.cell_intervals import cell_intervals, heat_map
from smote_bench.report.charts import heat_map as heat
from smote_bench.runs.open import Run


def test_heat_map_holds_the_counts_as_text(run: Run) -> None:
    counts = heat_map(run, cell_intervals(run))
    drawn = heat.improved_counts(run, counts)["data"][0]
    place = drawn["x"][0].index("g_mean")
    row = drawn["y"].index("SMOTE")
    wanted = counts[
        (counts["method"] == "SMOTE")
        & (counts["metric"] == "g_mean")
        & (counts["classifier"] == drawn["x"][1][place])
    ].iloc[0]
    assert drawn["text"][row][place] == f"{wanted.improved}/{wanted.unchanged}/{wanted.worsened}"
