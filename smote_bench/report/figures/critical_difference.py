"""Mean ranks over data sets with Nemenyi's critical difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smote_bench.report.figures.style import COLOURS, DOUBLE, SINGLE, new_figure, say, title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from smote_bench.report.analysis.over_datasets import TestResults

__all__ = ["draw_ranks"]

_WORDS = {"complete": "data sets where all methods are scored", "worst": "failed cells ranked last"}


def draw_ranks(results: Sequence[TestResults]) -> Figure:
    """Draw mean ranks, best on top; a bar joins methods that Nemenyi's test does not tell apart.

    Parameters
    ----------
    results : sequence of TestResults
        A panel each: complete cases, and failed cells ranked last where some failed.
    """
    k = max((len(result.methods) for result in results), default=0)
    figure = new_figure(SINGLE if len(results) == 1 else DOUBLE, 1.4 + 0.21 * max(k, 3))
    axes = figure.subplots(1, len(results), squeeze=False)[0]
    for ax, result in zip(axes, results, strict=True):
        _panel(ax, result)
    return figure


def _panel(ax: Axes, result: TestResults) -> None:
    if not result.n_datasets:
        say(ax, "\n".join(["no ranks", *result.warnings[:1]]))
        return
    ranks = result.mean_ranks.sort_values(kind="stable")
    k, places = len(ranks), range(len(ranks))
    ax.hlines(places, 1, ranks, color="#cccccc", linewidth=0.8)
    ax.plot(ranks, places, "o", color=COLOURS[0], markersize=4.5)
    for place, rank in zip(places, ranks, strict=True):
        ax.annotate(f"{rank:.2f}", (rank, place), (5, 0), textcoords="offset points", va="center", fontsize=7)
    row = {method: place for place, method in enumerate(ranks.index)}
    right = 1.15 * k + 0.1  # beside the label of the last rank, which takes an eighth of the width
    for n, clique in enumerate(result.bars):
        rows = sorted(row[method] for method in clique)
        x = right + n * 0.035 * (k - 1 + 1)
        ax.plot([x, x], [rows[0] - 0.2, rows[-1] + 0.2], color="black", linewidth=2.2, clip_on=False)
    _heading(ax, result, k)
    ax.set_yticks(places, wrapped(map(str, ranks.index)))
    ax.set_ylim(k - 0.5, -0.5 if result.cd is None else -1.6)
    ax.set_xlim(0.8, right - 0.1 + 0.035 * k * max(1, len(result.bars)))
    ax.set_xlabel(f"mean rank by {result.metric}\n1 is best; n = {result.n_datasets} data sets")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", integer=True, nbins=8)


def _heading(ax: Axes, result: TestResults, k: int) -> None:
    words = _WORDS[result.failed]
    if result.cd is not None and result.friedman is not None:
        ax.plot([1, 1 + result.cd], [-1, -1], color="black", linewidth=1.2, marker="|", markersize=6)
        place = (1 + result.cd, -1)
        bar = f"CD = {result.cd:.2f}"
        ax.annotate(bar, place, (5, 0), textcoords="offset points", va="center", fontsize=7)
        words += f"\nFriedman: F = {result.friedman.F:.2f}, its p {_p(result.friedman.p)}"
        words += f"\nbars: Nemenyi's test, level {result.alpha:g}"
    else:
        words += f"\nno test: {result.n_datasets} data sets, {k} methods"
    title(ax, words, loc="left", fontsize=7.5)


def _p(p: float) -> str:
    return "< 0.0001" if p < 1e-4 else f"= {p:.4f}"
