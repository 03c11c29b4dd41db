"""How many training rows each method leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from smote_bench.report.figures.style import new_figure, say, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from smote_bench.runs.open import Run

__all__ = ["draw_rows"]


def draw_rows(run: Run) -> Figure:
    """Draw the training rows after resampling over those before, data sets down, methods across.

    Rows are of the final evaluation's training part, first repeat; a field is empty where there is none.
    """
    counted = run.cells.dropna(subset=["majority_before"])
    before = counted["majority_before"] + counted["minority_before"]
    factors = (counted["majority_after"] + counted["minority_after"]) / before
    # Resampling is shared by the classifiers: any cell that was computed tells it.
    table = factors.groupby([counted["dataset"], counted["method"]]).first().unstack()
    table = table.reindex(index=list(run.datasets), columns=list(run.methods)).astype(float)
    figure = new_figure(1.6 + 0.55 * max(3, len(run.methods)), 1.2 + 0.2 * max(3, len(run.datasets)))
    ax = figure.subplots()
    shown = table.to_numpy(float)
    if not np.isfinite(shown).any():
        say(ax, "no cell was computed")
        return figure
    ax.imshow(shown, aspect="auto", cmap="Blues", vmin=0, vmax=2 * max(1.0, float(np.nanmax(shown))))
    for row, values in enumerate(shown):
        for column, factor in enumerate(values):
            if not math.isnan(factor):
                ax.text(column, row, f"×{factor:.2f}", ha="center", va="center", fontsize=7)
    ax.set_yticks(range(len(table)), wrapped(list(table.index)))
    ax.set_xticks(
        range(len(table.columns)),
        wrapped(list(table.columns)),
        rotation=20,
        ha="right",
        rotation_mode="anchor",
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    figure.supxlabel("training rows after resampling / before", fontsize=8)
    return figure
