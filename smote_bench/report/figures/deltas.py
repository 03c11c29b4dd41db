"""What each method changed on one data set: delta and interval per classifier and metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.report.figures.style import COLOURS, DOUBLE, MARKERS, new_figure, title, wrapped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["draw_dataset_deltas"]


def draw_dataset_deltas(dataset: str, intervals: pd.DataFrame) -> Figure:
    """Draw the delta of every cell of a data set with its 95% interval; filled where that leaves 0 out.

    Parameters
    ----------
    dataset : str
    intervals : DataFrame
        As `smote_bench.report.analysis.cell_intervals.cell_intervals` returns; the rows of this data set.
    """
    methods, metrics, classifiers = (
        list(dict.fromkeys(intervals[name])) for name in ("method", "metric", "classifier")
    )
    step = 0.8 / max(1, len(classifiers))
    height = 1.15 + len(methods) * max(0.22, 0.075 * len(classifiers))
    figure = new_figure(max(DOUBLE, 1.6 + 1.25 * len(metrics)), height)
    axes = figure.subplots(1, len(metrics), squeeze=False)[0]
    for ax, metric in zip(axes, metrics, strict=True):
        for n, classifier in enumerate(classifiers):
            chosen = (intervals["metric"] == metric) & (intervals["classifier"] == classifier)
            rows = intervals[chosen & intervals["delta"].notna()]
            place = rows["method"].map(methods.index).to_numpy(float) + (n + 0.5) * step - 0.4
            colour, marker = COLOURS[n % len(COLOURS)], MARKERS[n % len(MARKERS)]
            delta, half = rows["delta"].to_numpy(float), rows["half_width"].to_numpy(float)
            half = np.nan_to_num(half, nan=0.0)
            ax.hlines(place, delta - half, delta + half, color=colour, linewidth=0.9)
            clear = rows["verdict"].isin(["improved", "worsened"]).to_numpy()
            for filled, face in ((clear, colour), (~clear, "white")):
                looks: dict[str, Any] = {"color": colour, "markerfacecolor": face, "markersize": 3.2}
                ax.plot(delta[filled], place[filled], marker, markeredgewidth=0.8, **looks)
        ax.axvline(0, color="black", linewidth=0.6)
        title(ax, metric)
        ax.locator_params(axis="x", nbins=4)
        between = np.arange(len(methods) - 1) + 0.5
        ax.hlines(between, 0, 1, transform=ax.get_yaxis_transform(), color="#eeeeee", linewidth=0.6, zorder=0)
        ax.set_yticks(range(len(methods)) if ax is axes[0] else [])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(methods) - 0.5, -0.5)
    axes[0].set_yticklabels(wrapped(methods))
    n_fits = int(intervals["n_fits"].max() or 0)
    figure.supxlabel(
        f"{dataset}: delta against Original with 95% interval (Nadeau-Bengio), n = {n_fits} fits; "
        "filled: the interval leaves 0 out",
        fontsize=8,
    )
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=COLOURS[n % len(COLOURS)], marker=MARKERS[n % len(MARKERS)], label=name, ms=4)
        for n, name in enumerate(classifiers)
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=min(4, len(handles)))
    return figure
