"""Confusion matrices of a data set, before and after: methods below each other, classifiers side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis.curves import confusion
from smote_bench.report.figures.style import DOUBLE, new_figure, slanted, title, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from smote_bench.runs.open import Run

__all__ = ["draw_confusion"]

_GAP = 0.25
"""Between two matrices; an entry is 1 wide."""

_TEXT: dict[str, Any] = {
    "ha": "center",
    "va": "center",
    "family": "monospace",
    "fontsize": 5.2,
    "linespacing": 2.0,
}
_PANELS = (("train", "training part, before resampling"), ("test", "hold-out"))


def draw_confusion(run: Run, dataset: str) -> Figure:
    """Draw the matrices of the final evaluation, summed over repeats; shades are shares of the true class."""
    methods, classifiers = list(run.methods), list(run.classifiers)
    counts = {
        (method, classifier): confusion(run, Cell(dataset, method, classifier))
        for method in methods
        for classifier in classifiers
    }
    width = max(DOUBLE, 1.4 + 1.45 * len(classifiers))
    figure = new_figure(width, 1.2 + 0.36 * len(methods))
    axes = figure.subplots(1, 2)
    for ax, (part, heading) in zip(axes, _PANELS, strict=True):
        shades = np.full((3 * len(methods) - 1, 3 * len(classifiers) - 1), np.nan)
        for row, method in enumerate(methods):
            for column, classifier in enumerate(classifiers):
                centre = column * (2 + _GAP) + 1, row * (2 + _GAP) + 1
                matrix = counts[method, classifier][part]
                if matrix is None:
                    outcome = run.by_cell.get(Cell(dataset, method, classifier))
                    why = "not run" if outcome is None else "-" if outcome.is_scored else outcome.status
                    ax.text(*centre, why, ha="center", va="center", fontsize=6.5, color="#777777")
                    continue
                shades[3 * row : 3 * row + 2, 3 * column : 3 * column + 2] = _shares(matrix)
                ax.text(*centre, _words(matrix), **_TEXT)
        edges = [_edges(len(names)) for names in (classifiers, methods)]
        ax.pcolormesh(*edges, shades, cmap="Blues", vmin=0, vmax=1.7)
        title(ax, heading)
        slanted(ax, _centres(classifiers), classifiers)
        ax.set_yticks(_centres(methods) if ax is axes[0] else [])
        ax.set_ylim(len(methods) * (2 + _GAP), -_GAP)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    axes[0].set_yticklabels(wrapped(methods))
    order = ", ".join(run.class_names(dataset))
    figure.supxlabel(
        f"{dataset}: rows are true {order}; columns predicted {order}{run.positive_note(dataset)}",
        fontsize=8,
    )
    return figure


def _shares(counts: Sequence[int]) -> np.ndarray:
    """Return the counts as shares of their true class."""
    matrix = np.reshape(counts, (2, 2))
    shares: np.ndarray = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return shares


def _words(counts: Sequence[int]) -> str:
    """Return a matrix as two lines of one text, centred over its entries: many texts take long to draw."""
    width = max(4, len(str(max(counts))) + 1)
    first, second, third, fourth = (str(n).center(width) for n in counts)
    return f"{first} {second}\n{third} {fourth}"


def _edges(n: int) -> np.ndarray:
    """Return the borders of n matrices' entries and of the gaps between them."""
    return np.sort(np.concatenate([np.arange(n) * (2 + _GAP) + offset for offset in (0, 1, 2)]))


def _centres(names: Sequence[str]) -> np.ndarray:
    return np.arange(len(names)) * (2 + _GAP) + 1
