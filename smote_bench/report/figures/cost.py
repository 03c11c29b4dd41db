"""What methods cost: seconds against quality, and where the seconds went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smote_bench.report.figures.style import COLOURS, MARKERS, SINGLE, new_figure, say, wrapped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from smote_bench.runs.open import Run

__all__ = ["draw_pareto", "draw_seconds"]

_PARTS = (
    ("resample", COLOURS[4], ""),
    ("fit", COLOURS[0], "///"),
    ("predict", COLOURS[5], "..."),
    ("other", "#999999", ""),
)


def draw_pareto(front: pd.DataFrame, metric: str, better: str | None) -> Figure:
    """Draw seconds against quality; a line joins the methods that no other beats in both.

    Parameters
    ----------
    front : DataFrame
        As `smote_bench.report.analysis.ranking.pareto` returns.
    metric : str
    better : {"high", "low"} or None
    """
    from matplotlib.ticker import LogFormatter

    shown = front[front["score"].notna() & (front["seconds"] > 0)]
    figure = new_figure(5.2, max(2.6, 0.8 + 0.17 * len(shown)))
    ax = figure.subplots()
    if shown.empty:
        say(ax, "no data set on which all methods are scored")
        return figure
    line = shown[shown["on_front"]].sort_values("seconds")
    ax.step(line["seconds"], line["score"], where="post", color="#999999", linewidth=0.9, zorder=0)
    columns = (shown[name].tolist() for name in ("seconds", "score", "method", "on_front"))
    for n, (x, y, method, on_front) in enumerate(zip(*columns, strict=True)):
        colour, marker = COLOURS[n % len(COLOURS)], MARKERS[(n + n // len(COLOURS)) % len(MARKERS)]
        face = colour if on_front else "white"
        looks: dict[str, Any] = {"color": colour, "markerfacecolor": face, "markersize": 6}
        ax.plot([x], [y], marker, label=wrapped([method], 30)[0], **looks)
    ax.set_xscale("log")
    for axis_formatter in (ax.xaxis.set_major_formatter, ax.xaxis.set_minor_formatter):
        axis_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))
    n_datasets = int(front["n_datasets"].max()) if "n_datasets" in front else len(front)
    ax.set_xlabel(f"seconds: resampling, fitting, predicting; n = {n_datasets} data sets")
    ax.set_ylabel(f"{metric} ({'lower' if better == 'low' else 'higher'} is better)")
    figure.legend(loc="outside right center", title="filled: on the front")
    return figure


def draw_seconds(run: Run) -> Figure:
    """Draw the seconds of each method, split into resampling, fitting, predicting and all else.

    Resampling is shared by the classifiers of a data set and counted with each, as in the tables.
    """
    cells = run.cells[run.cells["status"].isin(["ok", "noop"])]
    sums = cells.groupby("method")[[f"{part}_seconds" for part, _, _ in _PARTS]].sum()
    table = sums.reindex([m for m in run.methods if m in sums.index])
    n_cells = cells.groupby("method").size()
    figure = new_figure(SINGLE, 1.05 + 0.22 * max(3, len(table)))
    ax = figure.subplots()
    if table.empty:
        say(ax, "no cell is complete")
        return figure
    places, left = range(len(table)), 0.0 * table["fit_seconds"]
    for part, colour, hatch in _PARTS:
        widths = table[f"{part}_seconds"]
        ax.barh(
            places, widths, left=left, color=colour, hatch=hatch, edgecolor="white", linewidth=0, label=part
        )
        left = left + widths
    several = n_cells.nunique() > 1
    labels = [f"{m} (n = {n_cells[m]})" if several else str(m) for m in table.index]
    ax.set_yticks(places, wrapped(labels))
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    n = "n: cells" if several else f"n = {n_cells.iloc[0]} cells"
    ax.set_xlabel(f"seconds in all complete cells\n{n}")
    figure.legend(loc="outside upper center", ncols=4, handlelength=1.4)
    return figure
