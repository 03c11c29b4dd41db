"""Metrics by fold: how the folds of every cell of a data set went, methods side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.figures.style import COLOURS, DOUBLE, MARKERS, new_figure, say, slanted, title
from smote_bench.runs.tables import scoring_phase

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from smote_bench.runs.open import Run

__all__ = ["draw_folds"]

_GAP = 0.3
"""Between two methods; a method is 1 wide."""


def draw_folds(run: Run, dataset: str) -> Figure:
    """Draw the priority metrics of every fold, a row per classifier, a block of folds per method."""
    classifiers = list(run.classifiers)
    width = max(DOUBLE, 1.0 + 0.62 * len(run.methods))
    figure = new_figure(width, 1.2 + 1.15 * len(classifiers))
    axes = figure.subplots(len(classifiers), 1, sharex=True, squeeze=False)[:, 0]
    n_fits = 0
    for ax, classifier in zip(axes, classifiers, strict=True):
        n_fits = max(n_fits, _row(ax, run, dataset, classifier))
        title(ax, classifier, loc="left")
    places = np.arange(len(run.methods)) * (1 + _GAP) + 0.5
    slanted(axes[-1], places, run.methods)
    axes[-1].set_xlim(-_GAP / 2, places[-1] + 0.5 + _GAP / 2)
    figure.supxlabel(f"{dataset}: folds in order within each method, n = {n_fits} fits", fontsize=8)
    handles, labels = axes[0].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside upper center", ncols=min(5, len(labels)))
    return figure


def _along(n: int) -> np.ndarray:
    """Return places of folds within a method's block."""
    return np.linspace(0.05, 0.95, n) if n > 1 else np.full(n, 0.5)


def _row(ax: Axes, run: Run, dataset: str, classifier: str) -> int:
    outcomes = [run.by_cell.get(Cell(dataset, method, classifier)) for method in run.methods]
    known = [outcome for outcome in outcomes if outcome is not None and outcome.is_scored]
    if not known:
        say(ax, "no complete cell")
        return 0
    phase = scoring_phase(known[0])
    longest = 0
    for n, metric in enumerate(run.priority_metrics):
        x: list[float] = []
        y: list[float] = []
        for place, outcome in enumerate(outcomes):
            values = outcome.values(metric, phase) if outcome is not None and outcome.is_scored else []
            longest = max(longest, len(values))
            x += [*(place * (1 + _GAP) + _along(len(values))), math.nan]
            y += [*(value if math.isfinite(value) else math.nan for value in values), math.nan]
        line: dict[str, Any] = {"color": COLOURS[n % len(COLOURS)], "marker": MARKERS[n % len(MARKERS)]}
        ax.plot(x, y, markersize=2.5 if longest <= 20 else 0, linewidth=0.9, label=metric, **line)
    for place, outcome in enumerate(outcomes):
        if outcome is None or not outcome.is_scored:
            words = "not run" if outcome is None else outcome.status
            looks: dict[str, Any] = {"rotation": 90, "ha": "center", "va": "center", "color": "#777777"}
            ax.text(place * (1 + _GAP) + 0.5, 0.5, words, transform=ax.get_xaxis_transform(), **looks)
    ax.set_xticks([])
    ax.grid(axis="y", color="#eeeeee", linewidth=0.6)
    ax.locator_params(axis="y", nbins=5)
    return longest
