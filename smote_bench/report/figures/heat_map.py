"""On how many data sets each method improved, left unchanged, or worsened a metric, per classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smote_bench.report.colours import ink_on
from smote_bench.report.figures.style import (
    BETTER,
    DOUBLE,
    UNCLEAR,
    WORSE,
    new_figure,
    slanted,
    title,
    wrapped,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_heat_map"]

# Name, colour, and the sign before the count: no colour says a thing alone.
_PARTS = (
    ("improved", BETTER, "+"),
    ("unchanged", UNCLEAR, ""),
    ("worsened", WORSE, "−"),
    ("undefined", "#f2f2f2", ""),
)
_PANELS = (("", "beyond the cell's 95% interval"), ("plain_", "by the sign of the difference"))
_CELL = 0.8
"""A bar's width; 1 is the distance from column to column."""


def draw_heat_map(counts: pd.DataFrame, metric: str) -> Figure:
    """Draw a bar per method and classifier, split as the data sets are; the counts stand in the bar.

    Parameters
    ----------
    counts : DataFrame
        As `smote_bench.report.analysis.cell_intervals.heat_map` returns.
    metric : str
    """
    here = counts[counts["metric"] == metric]
    methods, classifiers = list(dict.fromkeys(here["method"])), list(dict.fromkeys(here["classifier"]))
    width = max(DOUBLE, 1.6 + 1.3 * len(classifiers))
    figure = new_figure(width, 1.5 + 0.24 * len(methods))
    axes = figure.subplots(1, 2)
    for ax, (prefix, heading) in zip(axes, _PANELS, strict=True):
        _panel(ax, here, methods, classifiers, prefix)
        title(ax, heading)
    axes[0].set_yticks(range(len(methods)), wrapped(methods))
    from matplotlib.patches import Patch

    used = [part for part in _PARTS if part[0] != "undefined" or here["undefined"].any()]
    handles = [Patch(facecolor=colour, edgecolor="#999999", label=name) for name, colour, _ in used]
    words = f"{metric}: data sets on which a method changed it against Original (n = {here['n'].max()})"
    figure.legend(handles=handles, loc="outside upper center", ncols=len(used), title=words)
    return figure


def _panel(ax: Axes, here: pd.DataFrame, methods: list[str], classifiers: list[str], prefix: str) -> None:
    from matplotlib.collections import PolyCollection

    rows = here["method"].map(methods.index).to_numpy()
    columns = here["classifier"].map(classifiers.index).to_numpy()
    left = columns - _CELL / 2
    for name, colour, sign in _PARTS:
        ink = ink_on(colour)
        counts = here[f"{prefix}{name}"].to_numpy()
        widths = _CELL * counts / here["n"].to_numpy()
        right, top, bottom = left + widths, rows - 0.39, rows + 0.39
        corners = [left, right, right, left], [top, top, bottom, bottom]
        bars = np.stack([np.stack(side, axis=1) for side in corners], axis=2)
        ax.add_collection(PolyCollection(list(bars), facecolors=colour))
        for x, y, w, count in zip(left, rows, widths, counts, strict=True):
            if count and name != "undefined":
                ax.text(x + w / 2, y, f"{sign}{count}", ha="center", va="center", fontsize=6, color=ink)
        left = left + widths
    slanted(ax, range(len(classifiers)), classifiers)
    ax.set_xlim(-0.55, len(classifiers) - 0.45)
    ax.set_ylim(len(methods) - 0.5, -0.5)
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
