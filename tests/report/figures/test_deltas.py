"""Deltas of one data set: what failed is left out, what is beyond its interval is filled."""

from __future__ import annotations

from smote_bench.report.analysis.cell_intervals import cell_intervals
from smote_bench.report.figures.deltas import draw_dataset_deltas


def test_deltas_leave_out_a_failed_cell_and_fill_what_is_beyond_its_interval(run):
    intervals = cell_intervals(run)
    here = intervals[intervals["dataset"] == "Ecoli"]
    figure = draw_dataset_deltas("Ecoli", here)
    for ax, metric in zip(figure.axes, run.priority_metrics, strict=True):
        filled = [line for line in ax.lines if line.get_marker() not in ("", "None")]
        rows = here[(here["metric"] == metric) & here["delta"].notna()]
        assert sum(len(line.get_xdata()) for line in filled) == len(rows) == 5
        clear = [line for line in filled if line.get_markerfacecolor() != "white"]
        assert (
            sum(len(line.get_xdata()) for line in clear)
            == rows["verdict"].isin(["improved", "worsened"]).sum()
        )
