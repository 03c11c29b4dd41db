"""What the page shows of a data set whose cells have no room for their details: names, status and scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.cell_intervals import cell_intervals
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.table_files import with_files
from smote_bench.report.text.markup import Html, element, escaped, joined, number, table
from smote_bench.runs.folder import file_name
from smote_bench.runs.open import Run
from smote_bench.runs.tables import scoring_phase

__all__ = [
    "MOST_BYTES",
    "MOST_DETAILED_BYTES",
    "MOST_DETAILED_CELLS",
    "brief_chunk",
    "extremes",
    "nothing_chunk",
    "row_filter",
]

MOST_DETAILED_CELLS, MOST_DETAILED_BYTES = 2000, 6_000_000
"""Cells whose curves, matrices and points the page carries, and the bytes that these may take."""

_EXTREMES = 10

MOST_BYTES = 11_500_000
"""That all data sets take in the page. With plotly and what concerns the whole run it stays below 15 MB."""


def brief_chunk(run: Run, dataset: str, parts: Mapping[str, Html]) -> Chunk:
    """Return a data set's chunk with each cell by its name: status, warnings, and scores beside `Original`'s.

    Parameters
    ----------
    run : Run
    dataset : str
    parts : mapping of key to Html
        What concerns the whole data set.
    """
    chunk = Chunk(otherwise=_why_no_details(dataset))
    for key, content in parts.items():
        chunk.add_html(key, content)
    for method in run.methods:
        for classifier in run.classifiers:
            cell = Cell(dataset, method, classifier)
            chunk.add_html(f"status/{method}/{classifier}", _looked_up(run, cell))
    return chunk


def extremes(run: Run) -> Html:
    """Return the cells with the largest gains and losses by the first metric, where any is compared."""
    metric = run.priority_metrics[0]
    found = cell_intervals(run, [metric]).dropna(subset=["delta"])
    if found.empty:
        return Html()
    order = found.sort_values("delta", ascending=run.metrics[metric].better == "low", kind="stable")
    shown = order if len(order) <= 2 * _EXTREMES else pd.concat([order[:_EXTREMES], order[-_EXTREMES:]])
    rows = [
        [row["dataset"], row["method"], row["classifier"], number(row["delta"], "+z.4f")]
        for row in shown.to_dict("records")
    ]
    header = ["Data set", "Method", "Classifier", f"Delta of {metric}"]
    caption = f"Largest gains and losses of single cells by {metric}: the ends of {len(order):,} noisy deltas"
    return with_files(run, table(header, rows, caption=caption, n_names=3), "cell_intervals")


def row_filter(section: str) -> Html:
    """Return a field that hides the rows of a section's tables which do not have all of its words."""
    field = element(
        "input", type="search", id=f"{section}-filter", data_filter=section, placeholder="words of a row"
    )
    return element("div", element("label", "Only rows with ", field), class_="selectors")


def nothing_chunk(dataset: str) -> Chunk:
    """Return the chunk of a data set for which the page has no room at all: where its numbers are."""
    name = file_name(dataset)
    chunk = Chunk(otherwise=_why_no_details(dataset))
    text = (
        f"The page has no room for {dataset}: its cells are in tables/results_{name}.csv and cells.csv "
        f"beside this page. {_why_no_details(dataset)}"
    )
    chunk.add_html("card", joined([element("h3", dataset), element("p", text, class_="note")]))
    return chunk


def _why_no_details(dataset: str) -> str:
    return (
        f"The page carries the details of {MOST_DETAILED_CELLS:,} cells at most, and {dataset} is not among "
        f"them. The same command with --smote-datasets and --smote-methods takes these cells from the memo "
        "and reports them with all details."
    )


def _looked_up(run: Run, cell: Cell) -> Html:
    outcome = run.by_cell.get(cell)
    if outcome is None:
        return element("p", f"{cell.id} is not in this run.", class_="failed")
    parts = [_status(outcome)]
    if outcome.is_scored:
        parts.append(_scores(run, outcome))
    if outcome.warnings:
        parts.append(element("ul", *(element("li", w) for w in outcome.warnings), class_="warnings"))
    return joined(parts)


def _status(outcome: Outcome) -> Html:
    if outcome.status == "ok":
        return element("p", element("strong", outcome.cell.id), ": ok.", class_="note")
    words = element("strong", f"{outcome.cell.id}: {outcome.status}. ")
    return element("p", words, outcome.reason, class_="failed")


def _scores(run: Run, outcome: Outcome) -> Html:
    """Return the mean of each priority metric in the scoring phase, and what it is more than `Original`'s."""
    cell, phase = outcome.cell, scoring_phase(outcome)
    original = run.by_cell.get(Cell(cell.dataset, ORIGINAL, cell.classifier))
    rows: list[list[Any]] = []
    for metric in run.priority_metrics:
        after = outcome.mean(metric, phase)
        before = original.mean(metric, phase) if original is not None and original.is_scored else None
        delta = None if before is None else after - before
        rows.append([metric, number(before), number(after), escaped(number(delta, "+z.4f"))])
    n = sum(fit.phase == phase for fit in outcome.fits)
    caption = f"Mean over {n} fits" if n > 1 else "Of one fit"
    where = {"cv": "the cross-validation", "holdout": "the hold-out"}[phase]
    return table(["Metric", ORIGINAL, cell.method, "Delta"], rows, caption=f"{caption} of {where}")
