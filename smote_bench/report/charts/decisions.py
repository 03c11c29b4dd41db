"""Where an experiment says what errors cost: decision curves and cost curves of the hold-out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.metrics import EXPECTED_COST
from smote_bench.report.analysis import curves, decisions
from smote_bench.report.charts.cells import CellSource
from smote_bench.report.charts.style import Figure, NothingToDraw, colour_of, figure, numbers, plain
from smote_bench.runs.open import Run

__all__ = ["cost_curves", "costs_of", "decision_curves"]

_THRESHOLDS = np.linspace(0.01, 0.99, 50)
_SHARES = np.linspace(0.0, 1.0, 51)
_LEGEND = {"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0}
_GREY = "#9aa5b1"


def costs_of(run: Run) -> tuple[float, float] | None:
    """Return what a false positive and a false negative cost; None where the experiment does not say."""
    card = run.metrics.get(EXPECTED_COST)
    return None if card is None else card.costs


def decision_curves(source: CellSource, dataset: str, method: str) -> Figure:
    """Draw the net benefit by the probability from which on one acts, and where the costs put that.

    Raises
    ------
    NothingToDraw
        If no classifier's cell has probabilities, or errors have no cost.
    """

    def curve(truth: Any, score: Any, is_probability: bool) -> Any:
        return decisions.net_benefit(truth, score, _THRESHOLDS, is_probability=is_probability)

    traces, truth = _traces(source, dataset, method, _THRESHOLDS, curve)
    fp, fn = _costs(source.run)
    everyone = decisions.treat_all(truth, _THRESHOLDS)
    highest = max([0.05, *(max(trace["y"]) for trace in traces)])
    act = [_line(_THRESHOLDS, everyone, "act on all rows"), _line([0, 1], [0, 0], "act on none")]
    title = f"Decision curves: {plain(dataset)}, {plain(method)}{plain(source.run.positive_note(dataset))}"
    return _drawn(
        [*act, *traces],
        title,
        ("act from this probability on", "net benefit (true positives a row)"),
        mark=fp / (fp + fn),
        words=f"costs {fp:.6g} : {fn:.6g}",
        yaxis=[-0.25 * highest, 1.1 * highest],
    )


def cost_curves(source: CellSource, dataset: str, method: str) -> Figure:
    """Draw the least normalized expected cost by the positive rows' share of cost, and where the costs lie.

    Raises
    ------
    NothingToDraw
        If no classifier's cell has scores, or errors have no cost.
    """

    def curve(truth: Any, score: Any, _is_probability: bool) -> Any:
        return decisions.cost_curve(truth, score, _SHARES)

    traces, truth = _traces(source, dataset, method, _SHARES, curve)
    share = decisions.share_of_cost(truth, _costs(source.run))
    trivial = _line(_SHARES, np.minimum(_SHARES, 1 - _SHARES), "the same label for all rows")
    title = f"Cost curves: {plain(dataset)}, {plain(method)}{plain(source.run.positive_note(dataset))}"
    return _drawn(
        [trivial, *traces],
        title,
        (f"{source.run.positive(dataset)} rows' share of the cost of all errors", "normalized expected cost"),
        mark=share,
        words="here",
        yaxis=[0, 0.52],
    )


def _costs(run: Run) -> tuple[float, float]:
    costs = costs_of(run)
    if costs is None:
        raise NothingToDraw("The experiment does not say what errors cost.")
    return costs


def _traces(
    source: CellSource, dataset: str, method: str, x: Any, curve: Callable[[Any, Any, bool], Any]
) -> tuple[list[dict[str, Any]], Any]:
    """Return a curve for each classifier, before and after, and the truth of the rows."""
    run, found, rows = source.run, [], np.empty(0)
    for classifier in run.classifiers:
        for arm in dict.fromkeys((ORIGINAL, method)):
            cell = Cell(dataset, arm, classifier)
            if source.outcome(cell) is None:
                continue
            predictions = run.predictions(cell)
            truth, _, score = curves.pooled(predictions, "holdout")
            y = curve(truth, score, curves.has_probabilities(predictions, "holdout")) if len(truth) else []
            if not len(y):
                continue
            rows = truth
            dash = "solid" if arm == ORIGINAL else "dash"
            found.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": numbers(x, 3),
                    "y": numbers(y, 4),
                    "name": f"{plain(classifier)}, {plain(arm)}",
                    "line": {"color": colour_of(classifier, run.classifiers), "width": 2, "dash": dash},
                    "hovertemplate": "(%{x:.2f}, %{y:.3f})<extra>%{fullData.name}</extra>",
                }
            )
    if not found:
        reasons = [source.why_not(Cell(dataset, method, classifier)) for classifier in run.classifiers]
        raise NothingToDraw(f"No curve: there are no scores of the kind it needs. {' '.join(reasons)}")
    return found, rows


def _line(x: Any, y: Any, name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": numbers(x, 3),
        "y": numbers(y, 4),
        "name": name,
        "line": {"color": _GREY, "dash": "dot", "width": 1},
        "hoverinfo": "skip",
    }


def _drawn(
    traces: list[dict[str, Any]],
    title: str,
    axes: tuple[str, str],
    *,
    mark: float,
    words: str,
    yaxis: list[float],
) -> Figure:
    return figure(
        traces,
        title,
        height=520 + 20 * max(0, len(traces) - 6),
        xaxis={"range": [-0.01, 1.01], "title": {"text": axes[0]}},
        yaxis={"range": yaxis, "title": {"text": axes[1]}},
        legend=_LEGEND,
        margin={"b": 140},
        shapes=[
            {
                "type": "line",
                "x0": mark,
                "x1": mark,
                "y0": 0,
                "y1": 1,
                "yref": "y domain",
                "line": {"color": _GREY, "width": 1},
            }
        ],
        annotations=[
            {
                "x": mark,
                "y": 1,
                "yref": "y domain",
                "yanchor": "top",
                "xanchor": "left" if mark < 0.5 else "right",
                "text": words,
                "showarrow": False,
            }
        ],
    )
