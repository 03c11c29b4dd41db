"""One cell beside `Original`: who is solid, who is dashed, in which colour."""

from __future__ import annotations

from smote_bench.report.charts import cells
from smote_bench.report.charts.style import colour_of
from smote_bench.runs.open import Run


def test_original_is_solid_and_the_method_dashed_in_the_colour_of_the_classifier(run: Run) -> None:
    traces = cells.roc(cells.CellSource(run), "Ecoli", "SMOTE")["data"][1:]
    for classifier, before, after in zip(run.classifiers, traces[::2], traces[1::2], strict=True):
        assert before["line"]["dash"] == "solid"
        assert after["line"]["dash"] == "dash"
        assert before["line"]["color"] == after["line"]["color"] == colour_of(classifier, run.classifiers)
