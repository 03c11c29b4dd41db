"""A run's scores as ClearML shows them, under the titles and series of the original test bench."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.trackers.clearml.reports import Line, Report, Scalar, Table
from smote_bench.report.trackers.values import cv_summary, final_test, steps
from smote_bench.runs.tables import improvement_rows, scoring_phase

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = [
    "cell_reports",
    "cells_of",
    "cv_reports",
    "dataset_reports",
    "final_test_reports",
    "results_reports",
    "summary_reports",
]

_FOUR = ".4f"


def cells_of(run: Run, dataset: str, method: str) -> list[Outcome]:
    """Return the cells of a method on a data set that are in the run, in the order of its classifiers."""
    cells = (run.by_cell.get(Cell(dataset, method, classifier)) for classifier in run.classifiers)
    return [outcome for outcome in cells if outcome is not None]


def dataset_reports(run: Run, dataset: str) -> Iterator[Report]:
    """Yield size and imbalance of a data set, as its card has them."""
    card = run.card(dataset)
    if card is None:
        yield Line(f"Dataset Info: the run recorded no card of {dataset}")
        return
    majority, minority = card["rows"] - card["minority_rows"], card["minority_rows"]
    for series, value in (
        ("Total Samples", card["rows"]),
        ("Features", card["features"]),
        ("Classes", 2),
        ("Imbalance Ratio", majority / minority if minority else math.inf),
    ):
        yield from _scalar("Dataset Info", series, float(value), 0)


def cell_reports(outcomes: Sequence[Outcome], metrics: Sequence[str]) -> Iterator[Report]:
    """Yield a line and a table's row for every cell: its status, and what became of it.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of one method on one data set.
    metrics : sequence of str
        Whose means are in the lines.
    """
    rows = []
    for outcome in outcomes:
        yield Line(_in_words(outcome, metrics))
        for warning in outcome.warnings:
            yield Line(f"{outcome.cell.classifier}: warning: {warning}")
        seconds = [outcome.seconds(part) for part in ("resample", "fit", "predict")]
        rows.append(
            [
                outcome.cell.classifier,
                outcome.status,
                outcome.reason,
                *(seconds if outcome.fits else [None] * 3),
                " | ".join(outcome.warnings),
            ]
        )
    columns = ["Classifier", "Status", "Reason", "Resample_Seconds", "Fit_Seconds", "Predict_Seconds"]
    formats = dict.fromkeys(columns[3:], ".3f")
    yield Table("Cells", outcomes[0].cell.dataset, 0, [*columns, "Warnings"], rows, formats)


def cv_reports(run: Run, dataset: str, method: str) -> Iterator[Report]:
    """Yield the cross-validation's scores by fold, and their means and spreads."""
    folds = steps(run, dataset, method, "cv")
    folds = folds[folds["metric"].isin(run.priority_metrics)]
    for row in folds.to_dict("records"):
        title = f"CV Fold Results - {row['classifier']}"
        yield from _scalar(title, row["metric"], row["value"], row["step"])
    summary = cv_summary(run, dataset, method)
    for row in summary[summary["metric"].isin(run.priority_metrics)].to_dict("records"):
        for part in ("mean", "std"):
            series = f"{row['classifier']}_{part}"
            yield from _scalar(f"CV Summary - {row['metric']}", series, row[part], 1)


def final_test_reports(run: Run, dataset: str, method: str) -> Iterator[Report]:
    """Yield the hold-out's scores by repeat; of `Original` its own alone."""
    both = final_test(run, dataset, method)
    parts = {"Original": "original", "SMOTE": "treated", "Improvement": "improvement"}
    if method == ORIGINAL:
        del parts["SMOTE"], parts["Improvement"]
    for row in both[both["metric"].isin(run.priority_metrics)].to_dict("records"):
        for part, column in parts.items():
            series = f"{row['classifier']}_{row['metric']}"
            yield from _scalar(f"Final Test - {part}", series, row[column], row["step"])


def summary_reports(run: Run, dataset: str, method: str) -> Iterator[Report]:
    """Yield the table of improvements on the hold-out, mean over repeats; none of `Original`."""
    if method == ORIGINAL:
        return
    originals, treated = (
        {outcome.cell.classifier: outcome for outcome in cells_of(run, dataset, name)}
        for name in (ORIGINAL, method)
    )
    rows = improvement_rows(originals, treated, run.priority_metrics)
    if not rows:
        yield Line(f"Metrics Summary - {method}: no classifier is scored with it and with {ORIGINAL}")
        return
    formats = dict.fromkeys((ORIGINAL, method, "Delta_Absolute"), _FOUR) | {"Delta_Percent": ".2f"}
    yield Table(
        f"Metrics Summary - {method}",
        dataset,
        1,
        list(rows[0]),
        [list(row.values()) for row in rows],
        formats,
    )


def results_reports(run: Run, dataset: str) -> Iterator[Report]:
    """Yield a data set's table: means of the cross-validation, `Original` first, failed cells with why."""
    rows: list[list[Any]] = []
    for method in run.methods:
        for outcome in cells_of(run, dataset, method):
            names = [method, outcome.cell.classifier]
            if not outcome.is_scored:
                rows.append([*names, *[outcome.status] * len(run.priority_metrics)])
                yield Line(f"{outcome.cell.id}: {outcome.status}: {outcome.reason}")
                continue
            phase = scoring_phase(outcome)
            if phase != "cv":
                yield Line(f"{outcome.cell.id}: without cross-validation, means are those of the hold-out")
            rows.append([*names, *(outcome.mean(metric, phase) for metric in run.priority_metrics)])
    columns = ["Method", "Classifier", *run.priority_metrics]
    yield Table(f"{dataset} results", "Table", 0, columns, rows, dict.fromkeys(run.priority_metrics, _FOUR))


def _scalar(title: str, series: str, value: float, step: int) -> Iterator[Report]:
    """Yield a point, or say that there is none: ClearML would draw what is undefined as 0."""
    if math.isfinite(value):
        yield Scalar(title, series, value, step)
    else:
        yield Line(f"{title}: {series} is {_word(value)} at step {step} and left out")


def _in_words(outcome: Outcome, metrics: Sequence[str]) -> str:
    head = f"{outcome.cell.classifier}: {outcome.status}"
    if outcome.reason:
        head += f" ({outcome.reason})"
    if not outcome.is_scored:
        return head
    means = ", ".join(
        f"{metric} {_word(outcome.mean(metric, phase))} ({name})"
        for metric in metrics
        for phase, name in (("cv", "cross-validation"), ("holdout", "hold-out"))
        if outcome.folds(phase)
    )
    parts = ", ".join(f"{part} {outcome.seconds(part):.3f} s" for part in ("resample", "fit", "predict"))
    return f"{head}: {means}; {parts}"


def _word(value: float) -> str:
    if math.isnan(value):
        return "undefined"
    return f"{value:.4f}" if math.isfinite(value) else "infinite"
