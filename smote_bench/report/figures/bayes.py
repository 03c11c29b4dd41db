"""The Bayesian signed-rank test of each method against `Original`, as bars that add up to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smote_bench.report.colours import ink_on
from smote_bench.report.figures.style import BETTER, SINGLE, UNCLEAR, WORSE, new_figure, say, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from smote_bench.report.analysis.over_datasets import TestResults

__all__ = ["draw_bayes"]

_PARTS = (
    ("p_worse", "worse", WORSE),
    ("p_equivalent", "equivalent", UNCLEAR),
    ("p_better", "better", BETTER),
)
_LEAST_SHOWN = 0.08


def draw_bayes(result: TestResults) -> Figure:
    """Draw the probabilities that a method is worse than, equivalent to, or better than `Original`.

    Parameters
    ----------
    result : TestResults
    """
    table = result.bayes
    figure = new_figure(SINGLE, 0.95 + 0.24 * max(3, 0 if table is None else len(table)))
    ax = figure.subplots()
    if table is None or table.empty:
        say(ax, "no Bayesian test: " + "; ".join(result.warnings[:1]))
        return figure
    places, left = range(len(table)), 0.0 * table["p_worse"]
    for column, label, colour in _PARTS:
        ax.barh(places, table[column], left=left, color=colour, label=label, height=0.7)
        for place, start, share in zip(places, left, table[column], strict=True):
            if share >= _LEAST_SHOWN:
                looks: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(colour)}
                ax.text(start + share / 2, place, f"{share:.2f}", fontsize=6.5, **looks)
        left = left + table[column]
    ns = sorted({int(n) for n in table["n"]})
    several, names = len(ns) > 1, wrapped(map(str, table.index))
    ax.set_yticks(
        places, [f"{m} (n = {n:.0f})" if several else m for m, n in zip(names, table["n"], strict=True)]
    )
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    n = "" if several else f"; n = {ns[0]} data sets"
    rope = float(table["rope"].iloc[0])
    ax.set_xlabel(f"probability, by {result.metric}\nequivalent: within ± {rope:g}{n}")
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper center", ncols=3, handlelength=1)
    return figure
