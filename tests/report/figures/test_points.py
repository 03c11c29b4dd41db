"""Rows before resampling, removed and synthetic, with lines to both parents."""

from __future__ import annotations

import numpy as np

from smote_bench.report.figures.points import draw_points


def test_points_draw_each_group_and_a_line_to_both_parents(run):
    points = run.points("Ecoli", "SMOTE")
    figure = draw_points("Ecoli", "SMOTE", points, np.zeros((len(points.X), 2)))
    assert [ax.get_xlabel()[:5] for ax in figure.axes] == ["PC 1 ", "t-SNE"]
    shown = {line.get_label(): len(line.get_xdata()) for line in figure.axes[0].lines}
    assert shown == {name: n for name, n in points.totals.items() if n}
    n_lines = len(figure.axes[0].collections[0].get_segments())
    assert n_lines == 2 * (points.parents >= 0).all(axis=1).sum() > 0
