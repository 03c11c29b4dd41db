"""How a network trained: its metrics over epochs, training and validation, repeats thin, their mean thick."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis.history import PARTS, MetricHistory, histories, label, y_range
from smote_bench.report.charts.cells import CellSource
from smote_bench.report.charts.style import PALETTE, Figure, NothingToDraw, figure, numbers, plain

__all__ = ["HEIGHT", "training_history"]

HEIGHT = 640
_COLUMNS = 3
_MAX_EPOCHS = 200
_DASHES = {"training": "solid", "validation": "dash"}


def training_history(source: CellSource, cell: Cell) -> Figure:
    """Draw every metric of a cell's training histories over epochs, one panel each.

    Raises
    ------
    NothingToDraw
        If the cell is not scored or its classifier keeps no history.
    """
    found = histories(source.outcome(cell))
    if not found:
        raise NothingToDraw(_why_not(source, cell))
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    titles: list[dict[str, Any]] = []
    named: set[str] = set()
    n_epochs = max(history.n_epochs for history in found)
    columns = min(_COLUMNS, len(found))
    rows = math.ceil(len(found) / columns)
    for place, history in enumerate(found, start=1):
        suffix = "" if place == 1 else str(place)
        for part in PARTS:
            if len(history.part(part)):
                traces += _lines(history, part, suffix, in_legend=part not in named)
                named.add(part)
        below = place > len(found) - columns
        # The same ends in all panels: precision may be known in a few epochs alone.
        axes[f"xaxis{suffix}"] = {"range": [0, n_epochs + 1]}
        if below:
            axes[f"xaxis{suffix}"]["title"] = {"text": "epoch", "standoff": 4}
        axes[f"yaxis{suffix}"] = _y_axis(history.metric)
        titles.append(
            {
                "text": plain(label(history.metric)),
                "showarrow": False,
                "x": 0.5,
                "y": 1.02,
                "xanchor": "center",
                "yanchor": "bottom",
                "xref": f"x{suffix} domain",
                "yref": f"y{suffix} domain",
            }
        )
    names = ", ".join(map(plain, (cell.dataset, cell.method, cell.classifier)))
    return figure(
        traces,
        f"Training history: {names}",
        height=HEIGHT if rows > 1 else 380,
        grid={"rows": rows, "columns": columns, "pattern": "independent", "xgap": 0.14, "ygap": 0.24},
        annotations=titles,
        legend={"orientation": "h", "y": -0.12 if rows < 2 else -0.1, "yanchor": "top", "x": 0},
        margin={"t": 80, "b": 80},
        **axes,
    )


def _lines(history: MetricHistory, part: str, suffix: str, *, in_legend: bool) -> list[dict[str, Any]]:
    """Return the repeats as one trace with gaps, where there are several, and their mean."""
    values, mean = history.part(part), history.mean(part)
    shown = _epochs(values.shape[1])
    n_repeats = len(values)
    looks: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "legendgroup": part,
    }
    colour = PALETTE[PARTS.index(part)]
    lines: list[dict[str, Any]] = []
    if n_repeats > 1:
        epochs = [*(int(epoch) + 1 for epoch in shown), None]
        lines.append(
            {
                **looks,
                "x": epochs * n_repeats,
                "y": [v for row in values for v in (*numbers(row[shown]), None)],
                "line": {"color": colour, "width": 0.8},
                "opacity": 0.35,
                "name": f"{part}, each repeat",
                "showlegend": False,
                "hoverinfo": "skip",
            }
        )
    lines.append(
        {
            **looks,
            "x": [int(epoch) + 1 for epoch in shown],
            "y": numbers(mean[shown]),
            "name": f"{part}, mean of {n_repeats} repeats (thin: each)" if n_repeats > 1 else part,
            "line": {"color": colour, "width": 2.2, "dash": _DASHES[part]},
            "showlegend": in_legend,
            "hovertemplate": "epoch %{x}: %{y:.4f}<extra>%{fullData.name}</extra>",
        }
    )
    return lines


def _epochs(n_epochs: int) -> NDArray[np.intp]:
    """Return which epochs are drawn, both ends among them: all, unless they are more than a panel shows."""
    return np.unique(np.linspace(0, n_epochs - 1, min(n_epochs, _MAX_EPOCHS)).round().astype(np.intp))


def _y_axis(metric: str) -> dict[str, Any]:
    ends = y_range(metric)
    return {"range": list(ends)} if ends is not None else {"rangemode": "tozero"}


def _why_not(source: CellSource, cell: Cell) -> str:
    outcome = source.outcome(cell)
    if outcome is None:
        return source.why_not(cell)
    return f"{cell.classifier} keeps no training history (history_)."
