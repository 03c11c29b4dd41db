"""Methods ranked: each one's mean delta against `Original` with its interval."""

from __future__ import annotations

import math
from typing import Any

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.ranking import ranking
from smote_bench.report.charts.style import (
    BETTER,
    LEGEND_ABOVE,
    UNCLEAR,
    WORSE,
    Figure,
    NothingToDraw,
    figure,
    labels_in,
    numbers,
    plain,
)
from smote_bench.runs.open import Run

__all__ = ["deltas"]

_KINDS = {
    "better": ("better than Original", BETTER, "circle"),
    "unclear": ("the interval holds 0, or there is none", UNCLEAR, "diamond-open"),
    "worse": ("worse than Original", WORSE, "x"),
}


def deltas(run: Run, metric: str) -> Figure:
    """Draw each method's mean delta against `Original` with its 95% interval, best mean rank on top.

    Raises
    ------
    NothingToDraw
        If no method has a delta.
    """
    table = ranking(run, metric)
    table = table[(table["method"] != ORIGINAL) & table["delta"].notna()]
    if table.empty:
        raise NothingToDraw(f"No method was scored beside {ORIGINAL}: there is no delta to show.")
    sign = -1 if run.metrics[metric].better == "low" else 1
    kinds = [_kind(sign * d, h) for d, h in zip(table["delta"], table["half_width"], strict=True)]
    traces: list[dict[str, Any]] = []
    for kind, (name, colour, symbol) in _KINDS.items():
        rows = table[[k == kind for k in kinds]]
        if rows.empty:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": numbers(rows["delta"], 5),
                "y": labels_in(run, rows["method"]),
                "error_x": {"type": "data", "array": numbers(rows["half_width"].fillna(0), 5), "width": 5},
                "marker": {"color": colour, "symbol": symbol, "size": 10},
                "customdata": [
                    [int(n), str(basis)] for n, basis in zip(rows["n"], rows["basis"], strict=True)
                ],
                "hovertemplate": "%{y}: %{x:+.4f} ± %{error_x.array:.4f}<br>n = %{customdata[0]} "
                "%{customdata[1]}<extra></extra>",
            }
        )
    direction = "lower is better" if sign < 0 else "higher is better"
    return figure(
        traces,
        f"Mean delta of {plain(metric)} against {ORIGINAL}, 95% interval of each method alone",
        height=150 + 28 * len(table),
        xaxis={
            "title": {"text": f"delta ({direction})"},
            "zeroline": True,
            "zerolinewidth": 2,
            "rangemode": "tozero",
        },
        yaxis={
            "categoryorder": "array",
            "categoryarray": labels_in(run, table["method"])[::-1],
            "type": "category",
        },
        legend=LEGEND_ABOVE,
        showlegend=True,
        margin={"t": 76},
    )


def _kind(gain: float, half_width: float) -> str:
    if math.isnan(half_width) or abs(gain) <= half_width or gain == 0:
        return "unclear"
    return "better" if gain > 0 else "worse"
