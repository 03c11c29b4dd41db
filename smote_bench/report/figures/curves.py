"""ROC, precision-recall and calibration of a data set and method: a colour per classifier, dashed after."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.curves import (
    calibration,
    has_probabilities,
    pooled,
    pr_points,
    roc_points,
    why_no_calibration,
    why_no_curve,
)
from smote_bench.report.figures.style import COLOURS, DOUBLE, MARKERS, new_figure, title

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    from smote_bench.runs.open import Run

    Cells = Mapping[str, "CellCurves | None"]

__all__ = ["CellCurves", "CurvesSheet", "cell_curves"]

_Curve = tuple[np.ndarray, np.ndarray]
_LONGEST = 18
_TICKS = (0, 0.5, 1)
_FEW_WIDTH = 5.4
"""Of one panel or two, in inches: the heading has to fit."""
_EMPTY: _Curve = (np.empty(0), np.empty(0))


@dataclass(frozen=True, eq=False)
class CellCurves:
    """What is drawn of one cell: curves of the final evaluation's test rows of all repeats."""

    n: int
    roc: _Curve
    pr: _Curve
    bins: _Curve
    roc_auc: float
    average_precision: float
    brier: float
    why: str
    why_no_bins: str
    positive: str = ""


@dataclass(frozen=True)
class _Panel:
    curve: Callable[[CellCurves], _Curve]
    value: Callable[[CellCurves], float]
    why: Callable[[CellCurves], str]
    title: str
    x: str
    y: str


_PANELS = (
    _Panel(
        lambda c: c.roc,
        lambda c: c.roc_auc,
        lambda c: c.why,
        "ROC (area)",
        "false positive rate",
        "true positive rate",
    ),
    _Panel(
        lambda c: c.pr,
        lambda c: c.average_precision,
        lambda c: c.why,
        "precision-recall (average precision)",
        "recall",
        "precision",
    ),
    _Panel(
        lambda c: c.bins,
        lambda c: c.brier,
        lambda c: c.why_no_bins,
        "calibration (Brier score)",
        "mean predicted probability",
        "share of positives",
    ),
)

_BY_NAME = dict(zip(("roc", "pr", "calibration"), _PANELS, strict=True))


def cell_curves(run: Run, cell: Cell) -> CellCurves | None:
    """Return the curves of a cell on the hold-out; None where it was not run.

    Parameters
    ----------
    run : Run
    cell : Cell
    """
    outcome = run.by_cell.get(cell)
    if outcome is None:
        return None
    if not outcome.is_scored:
        nothing = (_EMPTY, _EMPTY, _EMPTY, math.nan, math.nan, math.nan)
        return CellCurves(0, *nothing, outcome.status, outcome.status)
    predictions = run.predictions(cell)
    truth, _, score = pooled(predictions, "holdout")
    is_probability = has_probabilities(predictions, "holdout")
    roc, pr = roc_points(truth, score), pr_points(truth, score)
    bins = calibration(truth, score, is_probability=is_probability)
    no_bins = why_no_calibration(truth, score, is_probability)
    return CellCurves(
        len(truth),
        roc,
        pr,
        (bins["mean_score"].to_numpy(), bins["share_positive"].to_numpy()),
        _area(*roc),
        _area(*pr),
        math.nan if no_bins else float(np.mean((score - truth) ** 2)),
        why_no_curve(truth, score, run.class_names(cell.dataset)),
        no_bins,
        run.positive_note(cell.dataset),
    )


class CurvesSheet:
    """A figure that is filled anew for each method: half its time would go into axes that stay the same.

    Parameters
    ----------
    classifiers : sequence of str
    panels : sequence of {"roc", "pr", "calibration"}
    """

    def __init__(self, classifiers: Sequence[str], panels: Sequence[str] = tuple(_BY_NAME)) -> None:
        self._height = 2.8 + 0.15 * len(classifiers)
        width = DOUBLE if len(panels) > 2 else _FEW_WIDTH
        # Margins by hand: a layout engine draws everything twice.
        self._figure = new_figure(width, self._height, layout=None)
        self._heading = self._figure.text(0.5, 1 - 0.06 / self._height, "", ha="center", va="top")
        axes = self._figure.subplots(1, len(panels), squeeze=False)[0]
        top, bottom = 1 - 0.47 / self._height, (0.53 + 0.15 * len(classifiers)) / self._height
        self._still: Any = None
        left = 0.065 * DOUBLE / width
        self._figure.subplots_adjust(left=left, right=0.99, top=top, bottom=bottom, wspace=0.28)
        inches = (top - bottom) * self._height
        self._panels = [
            _PanelArtists(ax, _BY_NAME[name], classifiers, inches)
            for ax, name in zip(axes, panels, strict=True)
        ]

    def draw(self, dataset: str, method: str, before: Cells, after: Cells) -> Figure:
        """Return the figure with a data set's curves with `Original` (solid) and with a method (dashed).

        It is the same object each time: save it before the next call.

        Parameters
        ----------
        dataset, method : str
            `Original` itself is drawn once.
        before, after : mapping of classifier to CellCurves or None
        """
        both = method != ORIGINAL
        cells = [cell for part in (before, after) for cell in part.values() if cell is not None]
        lines = f"solid: {ORIGINAL}, dashed: {method}" if both else ORIGINAL
        n = max((cell.n for cell in cells), default=0)
        positive = next((cell.positive for cell in cells if cell.positive), "")
        self._heading.set_text(f"{dataset}, hold-out, n = {n} test rows; {lines}{positive}")
        for panel in self._panels:
            panel.fill([before, after] if both else [before])
        return self._figure

    def save_png(self, path: Path) -> None:
        """Save the figure as it was drawn last; axes and their words are drawn for the first one only."""
        from PIL import Image

        canvas: Any = self._figure.canvas
        changing = [self._heading, *(artist for panel in self._panels for artist in panel.changing)]
        if self._still is None:
            for artist in changing:
                artist.set_visible(False)
            canvas.draw()
            self._still = canvas.copy_from_bbox(self._figure.bbox)
            for artist in changing:
                artist.set_visible(True)
        canvas.restore_region(self._still)
        for artist in changing:
            self._figure.draw_artist(artist)
        # Level 3 as in `smote_bench.report.figures.style.save`.
        Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").save(path, compress_level=3)


class _PanelArtists:
    """One panel: two lines and a line of the legend for each classifier."""

    def __init__(self, ax: Axes, panel: _Panel, classifiers: Sequence[str], panel_height: float) -> None:
        self._panel = panel
        self._lines: dict[str, list[Line2D]] = {}
        self._words: dict[str, Any] = {}
        swatches: list[float] = []
        axes_place: dict[str, Any] = {"transform": ax.transAxes, "clip_on": False}
        for n, name in enumerate(classifiers):
            looks: dict[str, Any] = {"color": COLOURS[n % len(COLOURS)], "linewidth": 1, "markersize": 2.5}
            looks["marker"] = MARKERS[n % len(MARKERS)] if panel is _PANELS[2] else ""
            self._lines[name] = [ax.plot([], [], style, **looks)[0] for style in ("-", "--")]
            # By hand: a legend takes as long to draw as the panel.
            swatches.append((-33.5 - 10.8 * n) / (72 * panel_height))
            self._words[name] = ax.text(0.055, swatches[-1], "", fontsize=7, va="center", **axes_place)
        colours = [lines[0].get_color() for lines in self._lines.values()]
        ax.scatter([0.02] * len(swatches), swatches, s=28, c=colours, marker="s", **axes_place)
        if panel is not _PANELS[1]:
            ax.plot([0, 1], [0, 1], ":", color="#999999", linewidth=0.8, zorder=0)
        self._why: Text = ax.text(0.5, 0.5, "", ha="center", va="center", color="#444444", fontsize=7.5)
        ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=panel.x, ylabel=panel.y)
        ax.set(xticks=_TICKS, yticks=_TICKS)
        title(ax, panel.title)

    @property
    def changing(self) -> list[Artist]:
        """What differs from one method to the next."""
        lines = [line for pair in self._lines.values() for line in pair]
        return [*lines, *self._words.values(), self._why]

    def fill(self, parts: Sequence[Cells]) -> None:
        """Put the cells' curves in: before, and after where there is one."""
        reasons: list[str] = []
        for name, lines in self._lines.items():
            values: list[str] = []
            for line, cell in zip(lines, [part.get(name) for part in parts], strict=False):
                x, y = self._panel.curve(cell) if cell is not None else _EMPTY
                line.set_data(x, y)
                if not len(x):
                    reasons.append(self._panel.why(cell) if cell is not None else "not run")
                values.append(_value(cell, self._panel))
            self._words[name].set_text(f"{_short(name)}  {' → '.join(values)}")
        nothing = len(reasons) == len(parts) * len(self._lines)
        self._why.set_text(textwrap.fill(reasons[0], 34) if nothing and reasons else "")


def _short(name: str) -> str:
    """Return a name that fits below a panel."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _value(cell: CellCurves | None, panel: _Panel) -> str:
    if cell is None:
        return "not run"
    value = panel.value(cell)
    return panel.why(cell).split(":")[0] if math.isnan(value) else f"{value:.3f}"


def _area(x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray) -> float:
    from scipy.integrate import trapezoid  # numpy has it under this name only since 2.0

    return float(trapezoid(y, x)) if len(x) else math.nan
