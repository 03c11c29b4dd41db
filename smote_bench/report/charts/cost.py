"""What a method costs: seconds against quality, where the seconds go, rows after resampling."""

from __future__ import annotations

import math
from typing import Any

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.report.analysis.ranking import pareto
from smote_bench.report.charts.style import (
    HATCH,
    LEGEND_ABOVE,
    Figure,
    NothingToDraw,
    figure,
    labels_in,
    numbers,
    plain,
    room_for,
)
from smote_bench.runs.open import Run
from smote_bench.runs.tables import final_phase

__all__ = ["front", "growth", "seconds_split"]

_PARTS = (
    ("resample", "#E69F00", "/"),
    ("fit", "#0072B2", ""),
    ("predict", "#56B4E9", "."),
    ("other", "#999999", ""),
)


_LABEL = 11
"""Pixels of a method's name beside its point; the page's script places names so that none hides another."""


def front(run: Run, metric: str) -> Figure:
    """Draw each method's seconds against its mean score, with the Pareto front.

    Raises
    ------
    NothingToDraw
        If nothing was scored.
    """
    table = pareto(run, metric)
    table = table[table["score"].notna() & (table["seconds"] > 0)].sort_values("seconds", kind="stable")
    if table.empty:
        raise NothingToDraw("No cell was scored: there is no quality to set against the seconds.")
    on_front = table[table["on_front"].astype(bool)]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "Pareto front",
            "hoverinfo": "skip",
            "x": numbers(on_front["seconds"]),
            "y": numbers(on_front["score"]),
            "line": {"color": "#0072B2", "dash": "dot", "width": 1.5, "shape": "hv"},
        }
    ]
    for name, rows, marker in (
        ("on the front", on_front, {"color": "#0072B2", "size": 11, "symbol": "circle"}),
        (
            "costs more, scores no better",
            table[~table["on_front"].astype(bool)],
            {"color": "#7f7f7f", "size": 10, "symbol": "circle-open", "line": {"width": 2}},
        ),
    ):
        if len(rows):
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers+text",
                    "name": name,
                    "marker": marker,
                    "x": numbers(rows["seconds"]),
                    "y": numbers(rows["score"]),
                    "text": labels_in(run, rows["method"]),
                    "customdata": labels_in(run, rows["method"]),
                    "cliponaxis": False,
                    "textposition": "top center",
                    "textfont": {"size": _LABEL},
                    "hovertemplate": "%{customdata}<br>%{x:.3g} s, %{y:.4f}<extra></extra>",
                }
            )
    direction = "lower" if run.metrics[metric].better == "low" else "higher"
    return figure(
        traces,
        f"Seconds against mean {plain(metric)}",
        height=430,
        meta={"labels": _LABEL},
        xaxis={
            "type": "log",
            "title": {"text": "seconds over the cells of data sets that all are scored on (log scale)"},
        },
        yaxis={"title": {"text": f"mean {plain(metric)} ({direction} is better)"}},
        legend=LEGEND_ABOVE,
        margin={"t": 76},
    )


def seconds_split(run: Run) -> Figure:
    """Draw where each method's seconds went: resampling, fitting, predicting, all else; over all its cells.

    Raises
    ------
    NothingToDraw
        If no cell was computed.
    """
    if not any(outcome.fits for outcome in run.outcomes):
        raise NothingToDraw("No cell was computed: there are no seconds to show.")
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": part,
            "y": labels_in(run, run.methods),
            "x": numbers(_seconds(run, method, part) for method in run.methods),
            "marker": {"color": colour, "pattern": {"shape": shape, **HATCH}},
            "hovertemplate": "%{y}: %{x:.3g} s " + part + "<extra></extra>",
        }
        for part, colour, shape in _PARTS
    ]
    return figure(
        data,
        "Seconds by part, over all cells",
        height=140 + 26 * len(run.methods),
        barmode="stack",
        xaxis={"title": {"text": "seconds"}},
        yaxis={"autorange": "reversed", "type": "category"},
        legend=LEGEND_ABOVE,
        margin={"t": 76},
    )


def _seconds(run: Run, method: str, part: str) -> float:
    return math.fsum(outcome.seconds(part) for outcome in run.grid.of_method(method))


def growth(run: Run) -> Figure:
    """Draw how many times the training rows each method leaves, data sets down, methods across.

    Raises
    ------
    NothingToDraw
        If no cell was computed.
    """
    shade, text, hover = [], [], []
    for dataset in run.datasets:
        fits = [_final_fit(run, dataset, method) for method in run.methods]
        factors = [sum(fit.rows_after) / max(1, sum(fit.rows_before)) if fit else None for fit in fits]
        shade.append(numbers(factors))
        text.append([f"×{factor:.2f}" if factor is not None else "" for factor in factors])
        hover.append([_rows_in_words(fit) for fit in fits])
    if not any(value is not None for row in shade for value in row):
        raise NothingToDraw("No cell was computed: there are no rows to count.")
    names = labels_in(run, run.methods)
    trace = {
        "type": "heatmap",
        "z": shade,
        "text": text,
        "texttemplate": "%{text}",
        "textfont": {"size": 11},
        "x": names,
        "y": [plain(d) for d in run.datasets],
        "colorscale": [[0, "#ffffff"], [1, "#8fbfe0"]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertext": hover,
        "hovertemplate": "%{y}, %{x}<br>%{hovertext}<extra></extra>",
        "hoverongaps": False,
    }
    return figure(
        [trace],
        "Training rows after / before resampling",
        meta={"min_width": 130 + 46 * len(run.methods)},
        height=room_for(names) + 20 + 26 * len(run.datasets),
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


def _final_fit(run: Run, dataset: str, method: str) -> Fit | None:
    for classifier in run.classifiers:
        outcome: Outcome | None = run.by_cell.get(Cell(dataset, method, classifier))
        for fit in outcome.fits if outcome else ():
            if outcome is not None and fit.phase == final_phase(outcome):
                return fit
    return None


def _rows_in_words(fit: Fit | None) -> str:
    if fit is None:
        return "not computed"
    before, after = (f"{n:,} majority + {m:,} minority" for n, m in (fit.rows_before, fit.rows_after))
    return f"before: {before}<br>after: {after}"
