"""The tests drawn: critical-difference diagram, Bayesian signed test, corrected resampled t of each cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.charts.style import (
    BETTER,
    HATCH,
    LEGEND_ABOVE,
    SHADES,
    WORSE,
    Figure,
    NothingToDraw,
    figure,
    labels_in,
    numbers,
    plain,
    room_for,
)
from smote_bench.runs.open import Run

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.report.analysis.over_datasets import TestResults

__all__ = ["bayes_bars", "critical_difference", "interval_map"]

_INK = "#1f2933"


def critical_difference(results: TestResults) -> Figure:
    """Draw Nemenyi's critical-difference diagram: mean ranks, bars joining what the test does not part.

    Raises
    ------
    NothingToDraw
        If the test was refused; the message is its own.

    References
    ----------
    J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), section 3.2.2
    """
    ranks = results.mean_ranks.dropna().sort_values(kind="stable")
    if not results.cd or math.isnan(results.cd) or len(ranks) < 2:
        raise NothingToDraw(_refusal(results, "Nemenyi"))
    low, high = 1, len(ranks)
    n_left = (len(ranks) + 1) // 2
    # Elbows: the better half is labelled on the left, best on top; the worse half on the right, worst on top.
    depths = [*range(1, n_left + 1), *range(len(ranks) - n_left, 0, -1)]
    first = 0.6 + 0.35 * len(results.bars)
    margin = 0.05 * (high - low)
    elbows: dict[str, list[float | None]] = {"x": [], "y": []}
    labels: dict[str, list[Any]] = {"x": [], "y": [], "text": [], "textposition": [], "hovertext": []}
    for place, (method, rank) in enumerate(ranks.items()):
        y = -first - 0.5 * depths[place]
        left = place < n_left
        end = low - margin if left else high + margin
        elbows["x"] += [round(rank, 4), round(rank, 4), round(end, 4), None]
        elbows["y"] += [0, y, y, None]
        labels["x"].append(round(end, 4))
        labels["y"].append(y)
        labels["text"].append(f"{plain(method)} {rank:.2f} " if left else f" {rank:.2f} {plain(method)}")
        labels["textposition"].append("middle left" if left else "middle right")
        labels["hovertext"].append(f"{plain(method)}: mean rank {rank:.3f}")
    cd_y = 1.5
    data = [
        _line("method", elbows["x"], elbows["y"], 1.2),
        {
            "type": "scatter",
            "mode": "text",
            "name": "mean rank",
            "cliponaxis": False,
            "hovertemplate": "%{hovertext}<extra></extra>",
            **labels,
        },
        *_cliques(results, ranks),
        _scale(low, high),
        _line("critical difference", [low, low + results.cd], [cd_y, cd_y], 3, "lines+text+markers")
        | {
            "text": [f"CD = {results.cd:.2f}  ", ""],
            "textposition": "middle left",
            "marker": {"symbol": "line-ns-open", "size": 10, "color": _INK},
            "cliponaxis": False,
        },
    ]
    # As much room beside the axis as the longest label takes in a figure of 560 pixels.
    label = min(220, 7.5 * max(len(text) for text in labels["text"]))
    wide = (high - low) * label / (540 - 2 * label)
    drawn = figure(
        data,
        f"Nemenyi at α = {results.alpha:g}: {plain(results.metric)}, n = {results.n_datasets} data sets",
        height=int(130 + 50 * (first + 0.5 * n_left)),
        meta={"min_width": 560},
        showlegend=False,
        margin={"t": 64, "b": 10, "l": 10, "r": 10},
        xaxis={"visible": False, "range": [low - wide, high + wide]},
        yaxis={"visible": False, "range": [-first - 0.5 * n_left - 0.4, cd_y + 0.5]},
    )
    drawn["layout"]["title"]["subtitle"] = {
        "text": "mean ranks, 1 is best; a bar joins what cannot be told apart"
    }
    return drawn


def _refusal(results: TestResults, test: str) -> str:
    """Return the warnings that name a test, as the reason why it is not drawn."""
    reasons = [warning for warning in results.warnings if test in warning]
    return f"Not drawn: {'; '.join(reasons) or f'the {test} test was not made'}."


def _scale(low: int, high: int) -> dict[str, Any]:
    """Return the line of ranks that everything hangs on."""
    ticks = list(range(low, high + 1))
    return {
        **_line("rank", ticks, [0] * len(ticks), 1.5, "lines+markers+text"),
        "text": [f"{tick}" for tick in ticks],
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {"symbol": "line-ns-open", "size": 7, "color": _INK},
    }


def _cliques(results: TestResults, ranks: pd.Series) -> list[dict[str, Any]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for place, clique in enumerate(results.bars):
        ends = [float(ranks[method]) for method in clique]
        level = -0.35 * (place + 1)
        x += [min(ends) - 0.04, max(ends) + 0.04, None]
        y += [level, level, None]
    return [_line("no difference shown", x, y, 5)] if x else []


def _line(name: str, x: list[Any], y: list[Any], width: float, mode: str = "lines") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": mode,
        "name": name,
        "x": numbers(x),
        "y": numbers(y),
        "line": {"color": _INK, "width": width},
        "hoverinfo": "skip",
    }


def bayes_bars(results: TestResults) -> Figure:
    """Draw the Bayesian signed test as bars: probability of worse, practically equivalent, better.

    Raises
    ------
    NothingToDraw
        If the test was refused.
    """
    table = results.bayes
    if table is None or table.empty or table["p_better"].isna().all():
        raise NothingToDraw(_refusal(results, "Bayesian"))
    table = table[table["p_better"].notna()]
    table = table.set_index("method") if "method" in table.columns else table
    methods = [plain(method) for method in table.index]
    parts = (
        ("p_better", "better", BETTER, ""),
        ("p_equivalent", "practically equivalent", "#c4cad1", ""),
        ("p_worse", "worse", WORSE, "/"),
    )
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": methods,
            "x": numbers(table[column]),
            "marker": {"color": colour, "pattern": {"shape": pattern, **HATCH}},
            "text": [f"{p:.2f}" if p >= 0.07 else "" for p in table[column]],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "hovertemplate": "%{y}: P(" + name + ") = %{x:.3f}<extra></extra>",
        }
        for column, name, colour, pattern in parts
    ]
    rope, n = float(table["rope"].iloc[0]), int(table["n"].max())
    return figure(
        data,
        f"Bayesian signed-rank test vs {ORIGINAL} (ROPE ±{rope:g}, n = {n})",
        height=140 + 28 * len(methods),
        barmode="stack",
        xaxis={"range": [0, 1], "title": {"text": "posterior probability"}},
        yaxis={"autorange": "reversed", "type": "category"},
        legend={**LEGEND_ABOVE, "traceorder": "normal"},
        margin={"t": 76},
    )


def interval_map(run: Run, intervals: pd.DataFrame, metric: str, classifier: str) -> Figure:
    """Draw the corrected resampled t of each cell: data sets down, methods across, the delta as text.

    Parameters
    ----------
    run : Run
    intervals : DataFrame
        Of `smote_bench.report.analysis.cell_intervals.cell_intervals`.
    metric, classifier : str

    Raises
    ------
    NothingToDraw
        If no cell was compared.
    """
    chosen = intervals[(intervals["metric"] == metric) & (intervals["classifier"] == classifier)]
    if chosen.empty:
        raise NothingToDraw(f"No method was compared with {ORIGINAL} for {classifier}.")
    methods = [method for method in run.methods if method != ORIGINAL]
    names = labels_in(run, methods)
    by_place: dict[tuple[str, str], Any] = {
        (str(row.dataset), str(row.method)): row for row in chosen.itertuples()
    }
    level = {"improved": 1, "unchanged": 0, "worsened": -1}
    marks = {"improved": "▲", "worsened": "▼", "unchanged": "", "undefined": "?"}
    shade, text, hover = [], [], []
    for dataset in run.datasets:
        rows = [by_place.get((dataset, method)) for method in methods]
        shade.append([None if row is None else level.get(row.verdict) for row in rows])
        text.append(["" if row is None else f"{_signed(row.delta)} {marks[row.verdict]}" for row in rows])
        hover.append(["not scored" if row is None else _details(row) for row in rows])
    trace = {
        "type": "heatmap",
        "z": shade,
        "zmin": -1,
        "zmax": 1,
        "colorscale": SHADES,
        "showscale": False,
        "x": names,
        "y": [plain(d) for d in run.datasets],
        "text": text,
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": "#000000"},
        "xgap": 2,
        "ygap": 2,
        "hovertext": hover,
        "hovertemplate": "%{y}, %{x}<br>%{hovertext}<extra></extra>",
        "hoverongaps": False,
    }
    return figure(
        [trace],
        f"Corrected resampled t: {plain(metric)}, {plain(classifier)}: delta (▲ improved, ▼ worsened at 95%)",
        height=room_for(names) + 20 + 26 * len(run.datasets),
        meta={"min_width": 160 + 70 * len(methods)},
        xaxis={
            "side": "top",
            "tickangle": -90,
            "automargin": False,
            "showgrid": False,
            "ticks": "",
            "type": "category",
        },
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": "", "type": "category"},
        margin={"t": room_for(names), "b": 10},
    )


def _signed(value: float) -> str:
    return "" if math.isnan(value) else f"{value:+z.3f}"


def _details(row: Any) -> str:
    p = "undefined" if math.isnan(row.p) else f"{row.p:.4f}"
    half = "(no interval)" if math.isnan(row.half_width) else f"± {row.half_width:.4f}"
    return (
        f"{row.original:.4f} → {row.treated:.4f}<br>delta {row.delta:+z.4f} {half}, "
        f"corrected resampled t of this cell alone: p = {p}, n = {row.n_fits} fits: {row.verdict}"
    )
