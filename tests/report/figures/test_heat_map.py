"""The heat map shows each count."""

from __future__ import annotations

from smote_bench.report.analysis.cell_intervals import heat_map
from smote_bench.report.figures.heat_map import draw_heat_map

METRIC = "balanced_accuracy"


def test_heat_map_shows_each_count(run):
    counts = heat_map(run)
    here = counts[counts["metric"] == METRIC]
    figure = draw_heat_map(counts, METRIC)
    for ax, prefix in zip(figure.axes, ("", "plain_"), strict=True):
        signs = {"improved": "+", "unchanged": "", "worsened": "−"}
        wanted = [f"{sign}{n}" for word, sign in signs.items() for n in here[f"{prefix}{word}"] if n]
        assert sorted(text.get_text() for text in ax.texts) == sorted(wanted)
