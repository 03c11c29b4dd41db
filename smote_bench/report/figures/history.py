"""Training histories of a data set and method: a row per classifier that keeps one, a panel per metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis.history import (
    PARTS,
    MetricHistory,
    classifiers_with_history,
    histories,
    label,
    y_range,
)
from smote_bench.report.figures.style import COLOURS, DOUBLE, new_figure, title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from smote_bench.runs.open import Run

__all__ = ["draw_history"]

_STYLES = {"training": "-", "validation": "--"}


def draw_history(run: Run, dataset: str, method: str) -> Figure:
    """Draw the metrics over epochs, training and validation: repeats thin, their mean thick.

    Raises
    ------
    ValueError
        If no classifier has a history there.
    """
    rows = {
        classifier: {h.metric: h for h in histories(run.by_cell.get(Cell(dataset, method, classifier)))}
        for classifier in classifiers_with_history(run, dataset, method)
    }
    metrics = list(dict.fromkeys(metric for row in rows.values() for metric in row))
    if not metrics:
        raise ValueError(
            f"expected a classifier with a training history, got none for {method!r} on {dataset!r}: "
            "name a cell of a classifier that keeps history_"
        )
    figure = new_figure(max(DOUBLE, 1.44 * len(metrics)), 0.7 + 1.35 * len(rows))
    axes = figure.subplots(len(rows), len(metrics), squeeze=False)
    for line, (classifier, row) in zip(axes, rows.items(), strict=True):
        for ax, metric in zip(line, metrics, strict=True):
            if metric in row:
                _fill(ax, row[metric])
                title(ax, label(metric))
            else:
                ax.set_axis_off()
            # The same ends in all panels: precision may be known in a few epochs alone.
            ax.set_xlim(0, 1 + max(history.n_epochs for history in row.values()))
        line[0].set_ylabel("\n".join(wrapped([classifier], 18)))
    n_repeats = max(
        len(history.part(part)) for row in rows.values() for history in row.values() for part in PARTS
    )
    repeats = f"; thin: each of {n_repeats} repeats, thick: their mean" if n_repeats > 1 else ""
    figure.supxlabel(f"epoch ({dataset}, {method}{repeats})", fontsize=8)
    handles = {
        str(line.get_label()): line
        for ax in figure.axes
        for line in ax.get_lines()
        if not str(line.get_label()).startswith("_")
    }
    figure.legend(list(handles.values()), list(handles), loc="outside upper center", ncols=2)
    return figure


def _fill(ax: Axes, history: MetricHistory) -> None:
    for part, colour in zip(PARTS, COLOURS, strict=False):
        values = history.part(part)
        if not len(values):
            continue
        epochs = np.arange(1, values.shape[1] + 1)
        looks: dict[str, Any] = {"color": colour}
        if len(values) > 1:
            ax.plot(epochs, values.T, linewidth=0.4, alpha=0.35, **looks)
        ax.plot(epochs, history.mean(part), _STYLES[part], linewidth=1.4, label=part, **looks)
    ends = y_range(history.metric)
    if ends is not None:
        ax.set_ylim(ends)
    elif np.nanmin([0.0, *history.training.ravel(), *history.validation.ravel()]) >= 0:
        ax.set_ylim(bottom=0)
    ax.grid(axis="y", color="#eeeeee", linewidth=0.6)
    ax.locator_params(nbins=4)
