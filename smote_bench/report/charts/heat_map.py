"""On how many data sets each method improved, did not change, or worsened a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smote_bench.report.charts.style import SHADES, Figure, NothingToDraw, figure, labels_in, plain, room_for
from smote_bench.runs.open import Run

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["improved_counts"]


def improved_counts(run: Run, counts: pd.DataFrame, *, beyond_interval: bool = True) -> Figure:
    """Draw the counts as a heat map: methods down, classifiers within metrics across.

    Parameters
    ----------
    run : Run
    counts : DataFrame
        Of `smote_bench.report.analysis.cell_intervals.heat_map`.
    beyond_interval : bool
        Whether "changed" means by more than the cell's interval, or by any amount.

    Raises
    ------
    NothingToDraw
        If no method was compared.
    """
    prefix = "" if beyond_interval else "plain_"
    if counts.empty:
        raise NothingToDraw("No method was compared with Original: there is nothing to count.")
    methods = [method for method in run.methods if method in set(counts["method"])]
    counted = set(counts["metric"])
    metrics = [metric for metric in run.priority_metrics if metric in counted]
    columns = [(metric, c) for metric in metrics for c in run.classifiers]
    by_place: dict[tuple[str, str, str], Any] = {
        (str(row.method), str(row.metric), str(row.classifier)): row for row in counts.itertuples()
    }
    shade, text, hover = [], [], []
    for method in methods:
        rows = [by_place.get((method, *column)) for column in columns]
        triples = [_triple(row, prefix) for row in rows]
        shade.append([_balance(triple) for triple in triples])
        text.append(["" if t is None else f"{t[0]}/{t[1]}/{t[2]}" for t in triples])
        hover.append(
            [
                "not compared" if t is None or row is None else _words(t, row.undefined, row.n)
                for t, row in zip(triples, rows, strict=True)
            ]
        )
    what = "beyond the cell's 95% interval" if beyond_interval else "by any amount (plain counts)"
    trace = {
        "type": "heatmap",
        "z": shade,
        "zmin": -1,
        "zmax": 1,
        "colorscale": SHADES,
        "showscale": False,
        "x": [[plain(m) for m, _ in columns], [plain(c) for _, c in columns]],
        "y": labels_in(run, methods),
        "text": text,
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": "#000000"},
        "hovertext": hover,
        "hovertemplate": "%{y}, %{x}<br>%{hovertext}<extra></extra>",
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
    }
    return figure(
        [trace],
        f"Data sets improved / unchanged / worsened {what}",
        height=room_for(run.classifiers) + 50 + 28 * len(methods),
        meta={"min_width": 160 + 48 * len(columns)},
        xaxis={"side": "top", "showgrid": False, "ticks": "", "showdividers": True, "automargin": False},
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": "", "type": "category"},
        margin={"t": 20 + room_for(run.classifiers), "b": 16},
    )


def _triple(row: object, prefix: str) -> tuple[int, int, int] | None:
    if row is None:
        return None
    names = ("improved", "unchanged", "worsened")
    improved, unchanged, worsened = (int(getattr(row, prefix + name)) for name in names)
    return improved, unchanged, worsened


def _balance(triple: tuple[int, int, int] | None) -> float | None:
    if triple is None or not sum(triple):
        return None
    return round((triple[0] - triple[2]) / sum(triple), 3)


def _words(triple: tuple[int, int, int], undefined: int, n: int) -> str:
    words = (
        f"improved on {triple[0]}, unchanged on {triple[1]}, worsened on {triple[2]} of {int(n)} data sets"
    )
    return f"{words}; undefined on {int(undefined)}" if undefined else words
