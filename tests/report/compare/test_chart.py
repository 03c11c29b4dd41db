"""The figures of a comparison: names are no markup."""

from __future__ import annotations

from report.two_runs import FOLDS, a_run

from smote_bench.report.compare import chart
from smote_bench.report.compare.two_runs import compare_runs


def test_names_are_no_markup_for_plotly() -> None:
    base, other = (a_run({("one", "<b>x</b>"): [v + shift for v in FOLDS]}) for shift in (0.0, 0.1))
    comparison = compare_runs(base, other)
    for draw in (chart.by_cell, chart.by_method):
        text = str(draw(comparison, "roc_auc", "A", "B")["data"])
        assert "<b>" not in text
        assert "&lt;b&gt;x" in text
