"""Two runs compared: mean differences by method, and every cell's score in one run against the other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from smote_bench.report.charts.style import (
    BETTER,
    LEGEND_ABOVE,
    PALETTE,
    UNCLEAR,
    WORSE,
    Figure,
    NothingToDraw,
    figure,
    numbers,
    plain,
)
from smote_bench.report.compare.differences import verdict

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.report.compare.two_runs import Comparison

__all__ = ["by_cell", "by_method"]

_LOOKS = {
    "better": ("better", BETTER, "circle"),
    "worse": ("worse", WORSE, "x"),
    # Neither better nor worse, so of other colours.
    "higher": ("higher", PALETTE[2], "circle"),
    "lower": ("lower", PALETTE[3], "x"),
    "no difference shown": ("the interval holds 0, or there is none", UNCLEAR, "diamond-open"),
    "identical": ("identical", "#000000", "square-open"),
}
"""Name, colour and symbol of a verdict: told apart without colours, too."""


def by_method(comparison: Comparison, metric: str, a: str, b: str) -> Figure:
    """Draw each method's mean difference with its 95% interval, in the base's order.

    Raises
    ------
    NothingToDraw
        If no method has a difference.
    """
    differences = {
        method: difference
        for (method, name), difference in comparison.by_method.items()
        if name == metric and not math.isnan(difference.mean)
    }
    if not differences:
        raise NothingToDraw(f"No cell with {metric} is in both runs on the same data.")
    better = comparison.metrics[metric].better
    said = {
        method: verdict(d.mean, d.half_width, better, is_identical=d.is_identical)
        for method, d in differences.items()
    }
    traces = []
    for kind, (name, colour, symbol) in _LOOKS.items():
        chosen = {method: d for method, d in differences.items() if said[method] == kind}
        if not chosen:
            continue
        widths = [0.0 if math.isnan(d.half_width) else d.half_width for d in chosen.values()]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": numbers((d.mean for d in chosen.values()), 5),
                "y": [plain(method) for method in chosen],
                "error_x": {"type": "data", "array": numbers(widths, 5), "width": 5},
                "marker": {"color": colour, "symbol": symbol, "size": 10},
                "customdata": [[d.n, d.basis, d.n_cells] for d in chosen.values()],
                "hovertemplate": "%{y}: %{x:+.4f} ± %{error_x.array:.4f}<br>n = %{customdata[0]} "
                "%{customdata[1]}, %{customdata[2]} cells<extra></extra>",
            }
        )
    return figure(
        traces,
        f"{b} - {a} of {plain(metric)} by method, 95% interval",
        height=150 + 28 * len(differences),
        xaxis={"title": {"text": _direction(f"{b} - {a}", better)}, "zeroline": True, "zerolinewidth": 2},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [plain(method) for method in differences][::-1],
        },
        legend=LEGEND_ABOVE,
        margin={"t": 76},
    )


def by_cell(comparison: Comparison, metric: str, a: str, b: str) -> Figure:
    """Draw every cell's mean score in one run against the other; on the diagonal nothing changed.

    Raises
    ------
    NothingToDraw
        If no cell has a difference.
    """
    cells = comparison.by_cell
    cells = cells[(cells["metric"] == metric) & cells["delta"].notna()]
    if cells.empty:
        raise NothingToDraw(f"No cell with {metric} is in both runs on the same data.")
    ends = [min(cells[["base", "other"]].min()), max(cells[["base", "other"]].max())]
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": f"{b} = {a}",
            "hoverinfo": "skip",
            "x": numbers(ends),
            "y": numbers(ends),
            "line": {"color": "#9aa5b1", "width": 1},
        }
    ]
    for kind, (name, colour, symbol) in _LOOKS.items():
        rows = cells[cells["verdict"] == kind]
        if not rows.empty:
            traces.append(_cells(rows, name, colour, symbol))
    return figure(
        traces,
        f"{plain(metric)} of {len(cells)} cells in both runs",
        height=480,
        xaxis={"title": {"text": f"{a} (mean over fits)"}},
        yaxis={"title": {"text": _direction(f"{b} (mean over fits)", comparison.metrics[metric].better)}},
        legend=LEGEND_ABOVE,
        margin={"t": 76},
    )


def _cells(rows: pd.DataFrame, name: str, colour: str, symbol: str) -> dict[str, object]:
    names = rows[["dataset", "method", "classifier"]].itertuples(index=False, name=None)
    intervals = [
        "no interval" if math.isnan(half_width) else f"± {half_width:.4f}"
        for half_width in rows["half_width"].tolist()
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{name} ({len(rows)})",
        "x": numbers(rows["base"].tolist()),
        "y": numbers(rows["other"].tolist()),
        "marker": {"color": colour, "symbol": symbol, "size": 7, "opacity": 0.8},
        "text": [plain(", ".join(cell)) for cell in names],
        "customdata": [
            [delta, interval, n]
            for delta, interval, n in zip(
                numbers(rows["delta"].tolist()), intervals, rows["n"].tolist(), strict=True
            )
        ],
        "hovertemplate": "%{text}<br>%{x:.4f} to %{y:.4f}: %{customdata[0]:+.4f} %{customdata[1]}, "
        "%{customdata[2]} fits<extra></extra>",
    }


def _direction(what: str, better: str | None) -> str:
    return what + (f" ({'lower' if better == 'low' else 'higher'} is better)" if better else "")
