"""Interactive plots of a task: ROC, precision-recall, and where the points went (PCA, t-SNE).

Titles, series and legends are those of the original test bench, colours those of the report.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.points import GROUPS
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.curves import pooled, pr_points, roc_points, why_no_curve
from smote_bench.report.charts.points import MARKERS
from smote_bench.report.charts.style import plain
from smote_bench.report.colours import PALETTE
from smote_bench.report.trackers.clearml.reports import Line, Plot, Report

if TYPE_CHECKING:
    from smote_bench.evaluation.points import Points
    from smote_bench.runs.open import Run

__all__ = ["colour", "curve_reports", "pca_reports", "tsne_reports"]

_CURVES: dict[str, tuple[str, str, str, str, Callable[..., tuple[np.ndarray, np.ndarray]]]] = {
    "roc": ("ROC", "ROC", "False Positive Rate", "True Positive Rate", roc_points),
    "pr": ("Precision-Recall Curve", "PR", "Recall", "Precision", pr_points),
}

_SERIES = {"majority": "Class_0", "minority": "Class_1", "removed": "Removed_Samples"}
_SYNTHETIC = "Synthetic_Samples"


def colour(name: str, names: Sequence[str]) -> str:
    """Return the colour of a name among names: the report's first, then hues as far apart as can be.

    >>> colour("kNN", ["RandomForest", "kNN"])
    '#D55E00'
    """
    place = names.index(name)
    if place < len(PALETTE):
        return PALETTE[place]
    beyond = place - len(PALETTE)
    hue = (0.08 + beyond * (5**0.5 - 1) / 2) % 1  # the golden angle: never close to those before
    red, green, blue = colorsys.hls_to_rgb(hue, (0.3, 0.45, 0.6)[beyond % 3], 0.6)
    return "#" + "".join(f"{round(255 * part):02x}" for part in (red, green, blue))


def curve_reports(run: Run, kind: str, dataset: str, method: str) -> Iterator[Report]:
    """Yield the curves of the hold-out, rows of all repeats pooled, a colour per classifier.

    Parameters
    ----------
    run : Run
    kind : {"roc", "pr"}
    dataset, method : str
        The method's curves are dashed, those of `Original` beside them are solid.
    """
    title, series, x_title, y_title, of = _CURVES[kind]
    arms = {ORIGINAL: "original"} if method == ORIGINAL else {ORIGINAL: "original", method: "synthetic"}
    traces = []
    for classifier in run.classifiers:
        for arm, word in arms.items():
            outcome = run.by_cell.get(Cell(dataset, arm, classifier))
            if outcome is None or not outcome.is_scored:
                continue  # the table of cells has it
            truth, _, score = pooled(run.predictions(outcome.cell), "holdout")
            reason = why_no_curve(truth, score, run.class_names(dataset))
            if reason:
                yield Line(f"{title}: no curve of {classifier} ({word}): {reason}")
                continue
            x, y = of(truth, score)
            dash = "solid" if arm == ORIGINAL else "dash"
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": f"{plain(classifier)} ({word})",
                    "line": {"color": colour(classifier, run.classifiers), "width": 2, "dash": dash},
                    "x": x.tolist(),
                    "y": y.tolist(),
                }
            )
    if not traces:
        yield Line(f"{title}: no curve to draw")
        return
    axes = {
        "xaxis": {"title": {"text": f"{x_title}{run.positive_note(dataset)}"}, "range": [0, 1.05]},
        "yaxis": {"title": {"text": y_title}, "range": [0, 1.05]},
    }
    yield Plot(title, series, 1, {"data": traces, "layout": {**axes, "hovermode": "closest"}})


def pca_reports(run: Run, dataset: str, method: str) -> Iterator[Report]:
    """Yield the rows before and after a method on the principal axes of those before.

    Where nothing was resampled, those before alone.
    """
    points = run.points(dataset, method)
    before = run.points(dataset, ORIGINAL) or points
    if before is None:
        yield Line(f"Original Distribution: the run recorded no points of {dataset}")
        return
    axes = [f"PC{n + 1} ({100 * share:.1f}%)" for n, share in enumerate(before.explained)]
    yield from _scatters("Original Distribution", "", before, before.pca, axes)
    if method == ORIGINAL:
        return
    if points is None:
        yield Line(f"Original + SMOTE: {method} does not resample, or its points were not recorded")
        return
    yield from _scatters("Original + SMOTE", "Original_", points, points.pca, axes)


def tsne_reports(
    run: Run, dataset: str, method: str, embeddings: Mapping[tuple[str, str], np.ndarray]
) -> Iterator[Report]:
    """Yield the rows before and after a method as t-SNE lays them out, embedded together.

    Parameters
    ----------
    run : Run
    dataset, method : str
    embeddings : mapping of (dataset, method) to ndarray of shape (n_points, 2)
    """
    points, shown = run.points(dataset, method), method
    if points is None:
        points, shown = run.points(dataset, ORIGINAL), ORIGINAL
    place = embeddings.get((dataset, shown))
    if points is None or place is None:
        why = "no points were recorded" if points is None else "it was not computed"
        yield Line(f"Original Distribution TSNE: no t-SNE of {dataset}, {shown}: {why}")
        return
    axes = ["t-SNE 1", "t-SNE 2"]
    yield from _scatters("Original Distribution TSNE", "", points, place, axes)
    if shown != ORIGINAL:
        yield from _scatters("Original + SMOTE TSNE", "Original_", points, place, axes)


def _scatters(
    title: str, prefix: str, points: Points, places: np.ndarray, axes: Sequence[str]
) -> Iterator[Report]:
    """Yield a plot per group of rows, which ClearML lays over each other; synthetic ones after resampling."""
    for code, group in enumerate(GROUPS):
        chosen = points.group == code
        if not chosen.any() or (group == "synthetic" and not prefix):
            continue
        series = _SYNTHETIC if group == "synthetic" else _SERIES[group]
        series = prefix + series if series.startswith("Class") else series
        trace = {
            "type": "scatter",
            "mode": "markers",
            "name": f"{series} ({group})",
            "marker": MARKERS[group],
            "x": _numbers(places[chosen, 0]),
            "y": _numbers(places[chosen, 1]),
        }
        layout = {
            "xaxis": {"title": {"text": axes[0]}},
            "yaxis": {"title": {"text": axes[1]}},
            "showlegend": True,
        }
        yield Plot(title, series, 2, {"data": [trace], "layout": layout})


def _numbers(column: np.ndarray) -> list[float | None]:
    """Return coordinates as JSON values of the digits that they have."""
    return [float(str(value)) if np.isfinite(value) else None for value in column]
