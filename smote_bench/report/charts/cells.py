"""One cell beside `Original`: metrics by fold, ROC, precision-recall, calibration, confusion matrices."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis import curves
from smote_bench.report.charts.style import Figure, NothingToDraw, colour_of, figure, numbers, plain
from smote_bench.runs.open import Run

__all__ = ["CellSource", "calibration", "confusion", "folds", "precision_recall", "roc"]

_MAX_POINTS = 120
_LEGEND = {"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0}
Counts = tuple[int, int, int, int]


class _Curves(NamedTuple):
    """What is drawn of one cell's hold-out predictions."""

    roc: tuple[Any, Any]
    pr: tuple[Any, Any]
    calibration: Any
    n_rows: int
    confusion: dict[str, Counts | None]


class CellSource:
    """The drawn parts of cells, each computed once: `Original`'s stand in the figures of every method.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._known: dict[Cell, _Curves | None] = {}

    def outcome(self, cell: Cell) -> Outcome | None:
        """Return a cell where its scores are complete."""
        outcome = self.run.by_cell.get(cell)
        return outcome if outcome is not None and outcome.is_scored else None

    def curves(self, cell: Cell) -> _Curves | None:
        """Return what is drawn of a cell; None where it is not scored or nothing was recorded."""
        if cell not in self._known:
            self._known[cell] = self._compute(cell)
        return self._known[cell]

    def why_not(self, cell: Cell) -> str:
        """Return in words why a cell has nothing to show."""
        outcome = self.run.by_cell.get(cell)
        if outcome is None:
            return f"{cell.id} is not in this run."
        if not outcome.is_scored:
            return f"{cell.id}: {outcome.status}. {outcome.reason}"
        return f"{cell.id}: this run recorded no predictions for it."

    def _compute(self, cell: Cell) -> _Curves | None:
        if self.outcome(cell) is None:
            return None
        predictions = self.run.predictions(cell)
        truth, _, score = curves.pooled(predictions, "holdout")
        counts = curves.confusion(self.run, cell)
        if not len(truth):
            return None
        return _Curves(
            curves.roc_points(truth, score, _MAX_POINTS),
            curves.pr_points(truth, score, _MAX_POINTS),
            curves.calibration(truth, score, is_probability=curves.has_probabilities(predictions, "holdout")),
            len(truth),
            counts,
        )


def folds(source: CellSource, cell: Cell) -> Figure:
    """Draw every priority metric over folds and hold-outs, solid for `Original`, dashed for the method.

    Raises
    ------
    NothingToDraw
        If neither cell is scored.
    """
    run = source.run
    arms = _arms(source, cell)
    traces: list[dict[str, Any]] = []
    for metric in run.priority_metrics:
        for method, outcome in arms:
            x, y = _by_fold(outcome, metric)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": x,
                    "y": numbers(y),
                    "name": f"{plain(metric)}, {plain(method)}",
                    "legendgroup": plain(metric),
                    "line": _stroke(colour_of(metric, run.priority_metrics), method),
                    "marker": {"size": 6, "symbol": _symbol(method)},
                    "hovertemplate": "%{x}: %{y:.4f}<extra>%{fullData.name}</extra>",
                }
            )
    return figure(
        traces,
        f"Metrics by fold: {plain(cell.dataset)}, {plain(cell.classifier)}",
        height=460,
        xaxis={"type": "category", "title": {"text": _folds_words(arms)}},
        yaxis={"title": {"text": "score"}},
        legend=_LEGEND,
    )


def _folds_words(arms: list[tuple[str, Outcome]]) -> str:
    if all(fit.phase == "holdout" for _, outcome in arms for fit in outcome.fits):
        return "hold-out of each repeat; there is no cross-validation"
    if not any(fit.phase == "holdout" for _, outcome in arms for fit in outcome.fits):
        return "fold of the cross-validation; there is no hold-out"
    return "fold of the cross-validation; hold-out on the right"


def _by_fold(outcome: Outcome, metric: str) -> tuple[list[str], list[float]]:
    """Return labels and values; a gap parts the cross-validation from the hold-out."""
    repeated = len({fit.repeat for fit in outcome.fits}) > 1
    x: list[str] = []
    y: list[float] = []
    for phase in ("cv", "holdout"):
        fits = [fit for fit in outcome.fits if fit.phase == phase]
        labels = [_fold_label(phase, fit.repeat, fit.fold, repeated) for fit in fits]
        if x and labels:
            x.append(labels[0])
            y.append(math.nan)
        x += labels
        y += [fit.scores.get(metric, math.nan) for fit in fits]
    return x, y


def _fold_label(phase: str, repeat: int, fold: int, repeated: bool) -> str:
    if phase == "holdout":
        return f"hold-out {repeat + 1}" if repeated else "hold-out"
    return f"fold {repeat + 1}.{fold + 1}" if repeated else f"fold {fold + 1}"


def roc(source: CellSource, dataset: str, method: str) -> Figure:
    """Draw the ROC curves of the hold-out: a colour per classifier, solid before, dashed after.

    Raises
    ------
    NothingToDraw
        If no classifier's cell has a curve.
    """
    traces = _curve_traces(source, dataset, method, "roc", "roc_auc")
    chance = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "name": "chance",
        "line": {"color": "#9aa5b1", "dash": "dot", "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    axes = ("false positive rate", "true positive rate")
    return _square(
        [chance, *traces], f"ROC: {plain(dataset)}, {plain(method)}{_positive(source, dataset)}", axes
    )


def precision_recall(source: CellSource, dataset: str, method: str) -> Figure:
    """Draw the precision-recall curves of the hold-out: a colour per classifier, solid before, dashed after.

    Raises
    ------
    NothingToDraw
        If no classifier's cell has a curve.
    """
    traces = _curve_traces(source, dataset, method, "pr", "average_precision")
    title = f"Precision and recall: {plain(dataset)}, {plain(method)}{_positive(source, dataset)}"
    return _square(traces, title, ("recall", "precision"))


def _positive(source: CellSource, dataset: str) -> str:
    return plain(source.run.positive_note(dataset))


def _curve_traces(
    source: CellSource, dataset: str, method: str, kind: str, metric: str
) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    for classifier in source.run.classifiers:
        for arm in dict.fromkeys((ORIGINAL, method)):
            cell = Cell(dataset, arm, classifier)
            found = source.curves(cell)
            if found is None or not len(getattr(found, kind)[0]):
                continue
            x, y = getattr(found, kind)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": numbers(x, 3),
                    "y": numbers(y, 3),
                    "name": f"{plain(classifier)}, {plain(arm)}{_value(source, cell, metric)}",
                    "line": {
                        **_stroke(colour_of(classifier, source.run.classifiers), arm),
                        # precision is not linear between two points
                        "shape": "vh" if kind == "pr" else "linear",
                    },
                    "hovertemplate": "(%{x:.3f}, %{y:.3f})<extra>%{fullData.name}</extra>",
                }
            )
    if not traces:
        raise NothingToDraw(_all_reasons(source, dataset, method))
    return traces


def _value(source: CellSource, cell: Cell, metric: str) -> str:
    outcome = source.outcome(cell)
    value = outcome.mean(metric, "holdout") if outcome is not None else math.nan
    return "" if math.isnan(value) else f" ({value:.3f})"


def calibration(source: CellSource, dataset: str, method: str) -> Figure:
    """Draw how often rows of a score are positive in the hold-out, with the Brier score in the legend.

    Raises
    ------
    NothingToDraw
        If no classifier's cell has probabilities.
    """
    diagonal: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "name": "perfect",
        "line": {"color": "#9aa5b1", "dash": "dot", "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    traces: list[dict[str, Any]] = [diagonal]
    positive = source.run.positive(dataset)
    for classifier in source.run.classifiers:
        for arm in dict.fromkeys((ORIGINAL, method)):
            cell = Cell(dataset, arm, classifier)
            found = source.curves(cell)
            if found is None or not len(found.calibration):
                continue
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": numbers(found.calibration["mean_score"], 3),
                    "y": numbers(found.calibration["share_positive"], 3),
                    "name": f"{plain(classifier)}, {plain(arm)}{_value(source, cell, 'brier')}",
                    "customdata": [int(n) for n in found.calibration["n"]],
                    "line": _stroke(colour_of(classifier, source.run.classifiers), arm),
                    "marker": {"size": 6, "symbol": _symbol(arm)},
                    "hovertemplate": f"score %{{x:.3f}}, {positive} %{{y:.3f}}, %{{customdata}} rows"
                    "<extra>%{fullData.name}</extra>",
                }
            )
    if len(traces) == 1:
        reasons = _all_reasons(source, dataset, method)
        raise NothingToDraw(
            f"No calibration curve: the scores are no probabilities, or none is here. {reasons}"
        )
    title = f"Calibration (Brier score): {plain(dataset)}, {plain(method)}{_positive(source, dataset)}"
    return _square(traces, title, ("mean score in the bin", f"share of {positive} rows"))


def confusion(source: CellSource, cell: Cell) -> Figure:
    """Draw the confusion matrices of training part and hold-out, `Original`'s and the method's.

    Raises
    ------
    NothingToDraw
        If nothing was recorded.
    """
    panels = confusion_panels(source, cell)
    if not panels or source.curves(cell) is None:
        raise NothingToDraw(source.why_not(cell))
    data, axes, titles = [], {}, []
    classes = list(source.run.class_names(cell.dataset))
    for place, (title, (tn, fp, fn, tp)) in enumerate(panels, start=1):
        suffix = "" if place == 1 else str(place)
        rows = np.array([[tn, fp], [fn, tp]])
        share = rows / np.maximum(1, rows.sum(axis=1, keepdims=True))
        data.append(
            {
                "type": "heatmap",
                "z": [numbers(row, 3) for row in share],
                "zmin": 0,
                "zmax": 1,
                "x": classes,
                "y": classes,
                "showscale": False,
                "text": [
                    [f"{n:,}<br>{part:.0%}" for n, part in zip(*both, strict=True)]
                    for both in zip(rows.tolist(), share.tolist(), strict=True)
                ],
                "texttemplate": "%{text}",
                "colorscale": [[0, "#ffffff"], [1, "#7fb3d8"]],
                "xaxis": f"x{suffix}",
                "yaxis": f"y{suffix}",
                "xgap": 2,
                "ygap": 2,
                "name": title,
                "hovertemplate": "true %{y}, predicted %{x}: %{text}<extra>" + title + "</extra>",
            }
        )
        axes[f"xaxis{suffix}"] = {
            "title": {"text": "predicted", "standoff": 2},
            "showgrid": False,
            "ticks": "",
        }
        axes[f"yaxis{suffix}"] = {"autorange": "reversed", "showgrid": False, "ticks": "", "tickangle": -90}
        titles.append(
            {
                "text": title,
                "showarrow": False,
                "x": 0.5,
                "y": 1.02,
                "xanchor": "center",
                "yanchor": "bottom",
                "xref": f"x{suffix} domain",
                "yref": f"y{suffix} domain",
            }
        )
    return figure(
        data,
        f"Confusion matrices: {plain(cell.dataset)}, {plain(cell.classifier)} (rows are the truth"
        f"{_positive(source, cell.dataset)})",
        height=520,
        grid={
            "rows": 2 if len(panels) > 2 else 1,
            "columns": min(2, len(panels)),
            "pattern": "independent",
            "xgap": 0.2,
            "ygap": 0.3,
        },
        annotations=titles,
        margin={"t": 80, "l": 40, "b": 60},
        **axes,
    )


def confusion_panels(source: CellSource, cell: Cell) -> list[tuple[str, Counts]]:
    """Return title and counts (tn, fp, fn, tp) of the matrices that are known, training part first."""
    panels = []
    for part, words in (("train", "training"), ("test", "hold-out")):
        for arm in dict.fromkeys((ORIGINAL, cell.method)):
            found = source.curves(Cell(cell.dataset, arm, cell.classifier))
            counts = found.confusion.get(part) if found is not None else None
            if counts is not None:
                panels.append((f"{plain(arm)}, {words}", counts))
    return panels


def _arms(source: CellSource, cell: Cell) -> list[tuple[str, Outcome]]:
    arms = []
    for method in dict.fromkeys((ORIGINAL, cell.method)):
        outcome = source.outcome(Cell(cell.dataset, method, cell.classifier))
        if outcome is not None:
            arms.append((method, outcome))
    if not arms or source.outcome(cell) is None:
        raise NothingToDraw(source.why_not(cell))
    return arms


def _all_reasons(source: CellSource, dataset: str, method: str) -> str:
    return " ".join(source.why_not(Cell(dataset, method, c)) for c in source.run.classifiers)


def _stroke(colour: str, method: str) -> dict[str, Any]:
    return {"color": colour, "width": 2, "dash": "solid" if method == ORIGINAL else "dash"}


def _symbol(method: str) -> str:
    return "circle" if method == ORIGINAL else "diamond-open"


def _square(traces: list[dict[str, Any]], title: str, axes: tuple[str, str]) -> Figure:
    n_named = sum(trace.get("showlegend", True) for trace in traces)
    return figure(
        traces,
        title,
        # In one column where names are long: a legend that takes the panel's height runs into its axis.
        height=520 + 20 * max(0, n_named - 6),
        xaxis={"range": [-0.01, 1.01], "title": {"text": axes[0]}},
        yaxis={"range": [-0.01, 1.02], "title": {"text": axes[1]}},
        legend=_LEGEND,
        margin={"b": 140},
    )
