"""Where the points went: rows before resampling, removed and synthetic ones, with lines to the parents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.report.figures.style import COLOURS, DOUBLE, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from smote_bench.evaluation.points import Points

__all__ = ["draw_points"]

# In the order of smote_bench.evaluation.points.GROUPS; the majority lies below, the removed are crossed out.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": COLOURS[5], "marker": "o", "markersize": 2.2},
    {"color": COLOURS[1], "marker": "o", "markersize": 2.6},
    {"color": "#444444", "marker": "x", "markersize": 3.2},
    {"color": COLOURS[2], "marker": "^", "markersize": 2.6},
)


def draw_points(dataset: str, method: str, points: Points, embedding: np.ndarray | None = None) -> Figure:
    """Draw the training part after a method, on principal axes and, where it is given, by t-SNE.

    Parameters
    ----------
    dataset, method : str
    points : Points
    embedding : ndarray of shape (n_points, 2), optional
        t-SNE of the same points.
    """
    places = [("PCA", points.pca)] + ([("t-SNE", embedding)] if embedding is not None else [])
    height = 3.35
    width = DOUBLE if len(places) == 2 else 3.9
    figure = new_figure(width, height, layout=None)
    axes = figure.subplots(1, len(places), squeeze=False)[0]
    left, right = 0.48 / width, 1 - 0.08 / width
    figure.subplots_adjust(left=left, right=right, top=1 - 0.75 / height, bottom=0.42 / height, wspace=0.2)
    for ax, (name, xy) in zip(axes, places, strict=True):
        _scatter(ax, points, xy)
        if name == "PCA":
            share = [f"PC {n + 1} ({100 * part:.0f}% of variance)" for n, part in enumerate(points.explained)]
            ax.set(xlabel=share[0], ylabel=share[1])
        else:
            n = int(np.isfinite(xy).all(axis=1).sum())
            fewer = f", {n} of these rows" if n < len(xy) else ""
            ax.set(xlabel=f"{name} 1{fewer}", ylabel=f"{name} 2")
    from smote_bench.evaluation.points import GROUPS

    handles = [line for line in axes[0].lines if line.get_label() in GROUPS]
    labels = [f"{line.get_label()} ({points.totals[str(line.get_label())]})" for line in handles]
    shown = f", {len(points.X)} of {sum(points.totals.values())} rows shown" if points.is_sampled else ""
    figure.text(0.5, 1 - 0.06 / height, f"{dataset}, {method}: training part{shown}", ha="center", va="top")
    looks: dict[str, Any] = {"handletextpad": 0.2, "columnspacing": 1.0, "borderaxespad": 0.2}
    looks |= {"bbox_to_anchor": (0.5, 1 - 0.2 / height), "ncols": 4 if width > 5 else 2, "markerscale": 1.6}
    figure.legend(handles, labels, loc="upper center", **looks)
    return figure


def _scatter(ax: Axes, points: Points, xy: np.ndarray) -> None:
    from matplotlib.collections import LineCollection

    from smote_bench.evaluation.points import GROUPS

    children = np.flatnonzero((points.parents >= 0).all(axis=1))
    if len(children):
        ends = points.parents[children]
        lines = np.concatenate([np.stack([xy[children], xy[ends[:, n]]], axis=1) for n in (0, 1)])
        # Thousands of points and lines are one picture in the SVG; its text stays text.
        ax.add_collection(
            LineCollection(list(lines), colors="#bbbbbb", linewidths=0.35, rasterized=True, zorder=1)
        )
    for code, (name, look) in enumerate(zip(GROUPS, _LOOKS, strict=True)):
        chosen = points.group == code
        if chosen.any():
            edge = 0.8 if look["marker"] == "x" else 0
            looks = {"linestyle": "none", "markeredgewidth": edge, "alpha": 0.8, **look}
            ax.plot(*xy[chosen].T, label=name, rasterized=True, zorder=2 + code, **looks)
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.03)
    ax.locator_params(nbins=6)
