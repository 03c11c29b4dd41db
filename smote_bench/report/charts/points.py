"""Where the points went: the training rows before and after resampling on two axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.evaluation.points import GROUPS
from smote_bench.report.charts.style import Figure, NothingToDraw, figure, plain
from smote_bench.runs.open import Run

if TYPE_CHECKING:
    from smote_bench.evaluation.points import Points

__all__ = ["MARKERS", "embedding", "principal_axes", "sample_note"]

MARKERS: dict[str, dict[str, Any]] = {
    "majority": {"color": "#9aa5b1", "size": 4, "symbol": "circle"},
    "minority": {"color": "#0072B2", "size": 6, "symbol": "circle"},
    "removed": {"color": "#000000", "size": 6, "symbol": "x-thin-open"},
    "synthetic": {"color": "#D55E00", "size": 5, "symbol": "diamond", "opacity": 0.75},
}
"""How the points of each group look."""

_STEPS = 2000
"""Coordinates are rounded to about this many steps across the figure: finer than its pixels."""


def principal_axes(run: Run, dataset: str, method: str) -> Figure:
    """Draw the rows on the two principal axes of the original training rows, a trace per group.

    Raises
    ------
    NothingToDraw
        If the run recorded no points for the method.
    """
    points = _recorded(run, dataset, method)
    shares = [f"PC{n + 1} ({share:.0%} of variance)" for n, share in enumerate(points.explained)]
    return _scatter(points, points.pca, f"PCA: {plain(dataset)}, {plain(method)}", shares)


def embedding(
    run: Run,
    dataset: str,
    method: str,
    embeddings: Mapping[tuple[str, str], np.ndarray | None] | None,
) -> Figure:
    """Draw the rows as t-SNE lays them out, originals and synthetic ones embedded together.

    Parameters
    ----------
    run : Run
    dataset, method : str
    embeddings : mapping of (dataset, method) to ndarray of shape (n_points, 2), optional
        Of the recorded points, in their order.

    Raises
    ------
    NothingToDraw
        If the run recorded no points for the method, or no embedding was computed.
    """
    points = _recorded(run, dataset, method)
    coordinates = (embeddings or {}).get((dataset, method))
    if coordinates is None:
        raise NothingToDraw(
            "t-SNE was not computed for this page: `smote-bench report RUN` computes it and writes the "
            "page again."
        )
    if len(coordinates) != len(points.group):
        raise NothingToDraw(
            f"Expected t-SNE coordinates of {len(points.group)} points, got {len(coordinates)}: compute "
            "them again with `smote-bench report RUN`."
        )
    n, total = int(np.isfinite(coordinates).all(axis=1).sum()), sum(points.totals.values())
    drawn = f"{n:,} of {total:,} rows" if n < total else f"all {n:,} rows"
    title = f"t-SNE of {drawn}: {plain(dataset)}, {plain(method)}"
    figure = _scatter(points, coordinates, title, ["t-SNE 1", "t-SNE 2"])
    if n < len(points.group):
        words = f"fewer, to be quick: `smote-bench report RUN` lays out {len(points.group):,}"
        figure["layout"]["title"]["subtitle"] = {"text": words}
        figure["layout"]["margin"]["t"] = 64
    return figure


def sample_note(run: Run, dataset: str, method: str) -> str:
    """Return in words how many rows there are of each group, and whether all of them are shown."""
    points = run.points(dataset, method)
    if points is None:
        return ""
    shown = np.bincount(points.group, minlength=len(GROUPS))
    counts = ", ".join(f"{points.totals.get(name, 0):,} {name}" for name in GROUPS)
    total = sum(points.totals.values())
    links = ""
    if points.totals.get("synthetic", 0):
        n_linked = int((points.parents >= 0).all(axis=1).sum())
        links = (
            f" Lines join {n_linked:,} of the synthetic rows to their parents, where both are shown."
            if n_linked
            else " No lines to parents: the sampler does not tell them."
        )
    encoding = (run.card(dataset) or {}).get("encoding")
    links += f" Laid out by {encoding}." if encoding else ""
    if not points.is_sampled:
        return f"All {total:,} rows of the training part: {counts}.{links}"
    sample = ", ".join(f"{n:,} {name}" for n, name in zip(shown, GROUPS, strict=True))
    return (
        f"A stratified sample: {len(points.group):,} of {total:,} rows ({counts}); shown are {sample}.{links}"
    )


def _recorded(run: Run, dataset: str, method: str) -> Points:
    points = run.points(dataset, method)
    if points is None:
        raise NothingToDraw(
            f"No points are recorded for {method} on {dataset}: it does not resample, its cells failed, "
            "or the run was made without them."
        )
    return points


def _scatter(points: Points, coordinates: np.ndarray, title: str, axes: list[str]) -> Figure:
    finite = coordinates[np.isfinite(coordinates).all(axis=1)]
    spread = float(np.ptp(finite, axis=0).max()) if len(finite) else 0.0
    digits = max(0, math.ceil(math.log10(_STEPS / spread))) if spread > 0 else 0
    xy = np.where(np.isfinite(coordinates), np.round(coordinates.astype(np.float64), digits), np.nan)
    traces = [_links(points, xy)] if (points.parents >= 0).any() else []
    for code, name in enumerate(GROUPS):
        chosen = points.group == code
        if not chosen.any():
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"{name} ({points.totals.get(name, 0):,})",
                "marker": MARKERS[name],
                "x": _values(xy[chosen, 0]),
                "y": _values(xy[chosen, 1]),
                "hovertemplate": f"{name} (%{{x}}, %{{y}})<extra></extra>",
            }
        )
    return figure(
        traces,
        title,
        height=480,
        xaxis={"title": {"text": axes[0]}},
        yaxis={"title": {"text": axes[1]}},
        legend={"orientation": "h", "y": -0.18, "yanchor": "top", "x": 0, "traceorder": "normal"},
        margin={"b": 90},
    )


def _links(points: Points, xy: np.ndarray) -> dict[str, Any]:
    """Return the lines from each synthetic point to its parents as one trace, broken between points."""
    children = np.flatnonzero((points.parents >= 0).all(axis=1))
    ends = points.parents[children]
    path = np.stack(
        [xy[ends[:, 0]], xy[children], xy[ends[:, 1]], np.full((len(children), 2), np.nan)], axis=1
    )
    flat = path.reshape(-1, 2)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "to its parents",
        "hoverinfo": "skip",
        "x": _values(flat[:, 0]),
        "y": _values(flat[:, 1]),
        "connectgaps": False,
        "line": {"color": "rgba(213, 94, 0, 0.28)", "width": 1},
    }


def _values(column: np.ndarray) -> list[float | None]:
    """Return JSON values; whole numbers without a decimal point, since thousands of them are embedded."""
    return [None if v != v else int(v) if v == int(v) else v for v in column.tolist()]
