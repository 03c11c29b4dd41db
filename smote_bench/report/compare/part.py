"""A second run on a run's own page: what is different by metric, method and data set, with intervals."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from smote_bench.report.compare import chart
from smote_bench.report.compare.cells import Pair
from smote_bench.report.compare.differences import mean_difference, verdict
from smote_bench.report.compare.document import comparison_sections
from smote_bench.report.compare.files import run_labels
from smote_bench.report.compare.two_runs import Comparison, compare_runs
from smote_bench.report.compare.words import count, signed
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.page import Part
from smote_bench.report.page.slots import MAIN, figure_slot, html_slot, selectors
from smote_bench.report.text.document import Section, html_section
from smote_bench.report.text.markup import Html, element, joined, number, table
from smote_bench.runs.open import Run

__all__ = ["against_part"]


def against_part(run: Run, other: Run) -> Part:
    """Return the section of a run's page that compares it with another run.

    Parameters
    ----------
    run : Run
        Whose page it is; a difference is its mean minus the other's.
    other : Run
        The base.
    """
    comparison = compare_runs(other, run)
    labels = run_labels([other, run])
    said = comparison_sections([comparison], labels, brief=True)[0]
    shown = Section(f"Against {labels[0]}", said.blocks, 2, "against")
    return Part(
        "against",
        "Second run",
        html_section(shown, _below(run, comparison)),
        functools.partial(_add, run, comparison),
    )


def _below(run: Run, comparison: Comparison) -> Html:
    height = 200 + 28 * len(comparison.base.methods)
    words = (
        "A is the other run, B this one; a difference is B - A of one method on one data set, with its 95% "
        "interval over fits (corrected resampled t, Nadeau and Bengio; Welch's t where splits differ). "
        "Each is looked at alone: of differences that are nothing but noise 1 in 20 leaves zero out."
    )
    return joined(
        [
            element("h3", "By method and data set"),
            element("p", words),
            selectors("against", metric=run.priority_metrics),
            html_slot("against/{metric}", chunk=MAIN),
            figure_slot("against-method/{metric}", "Differences by method", chunk=MAIN, height=height),
            figure_slot("against-cell/{metric}", "Scores of each cell in both runs", chunk=MAIN, height=480),
        ]
    )


def _add(run: Run, comparison: Comparison, chunk: Chunk) -> None:
    for metric in run.priority_metrics:
        chunk.add_html(f"against/{metric}", _differences(comparison, metric))
        if metric in comparison.metrics:
            chunk.add(f"against-method/{metric}", chart.by_method, comparison, metric, "A", "B")
            chunk.add(f"against-cell/{metric}", chart.by_cell, comparison, metric, "A", "B")


def _differences(c: Comparison, metric: str) -> Html:
    rows = list(_rows(c, metric)) if metric in c.metrics else []
    if not rows:
        return element("p", f"No cell with {metric} is in both runs on the same data.", class_="note")
    said = [row[-1] for row in rows]
    beyond = sum(word in ("better", "worse", "higher", "lower") for word in said)
    caption = (
        f"{metric}: mean over the classifiers of both runs; of {count(len(rows), 'difference')} {beyond} "
        "beyond its interval"
    )
    header = ["Data set", "Method", "A", "B", "B - A ± 95%", "Fits", "Verdict"]
    return table(header, rows, caption=caption, n_names=2)


def _rows(c: Comparison, metric: str) -> Iterator[list[object]]:
    """Yield a row for each data set and method that both runs have scores of."""
    protocols = (c.base.manifest["experiment"]["protocol"], c.other.manifest["experiment"]["protocol"])
    pairs: dict[tuple[str, str], list[Pair]] = {}
    for pair in c.compared:
        pairs.setdefault((pair.cell.dataset, pair.cell.method), []).append(pair)
    by_place = dict(list(c.by_cell[c.by_cell["metric"] == metric].groupby(["dataset", "method"], sort=False)))
    for place, here in pairs.items():
        cells = by_place[place]
        found = mean_difference(here, cells, metric, protocols=protocols)
        if not found.n_cells:
            continue
        defined = cells[cells["delta"].notna()]
        word = verdict(
            found.mean, found.half_width, c.metrics[metric].better, is_identical=found.is_identical
        )
        yield [
            *place,
            number(defined["base"].mean()),
            number(defined["other"].mean()),
            signed(found),
            found.n or "–",
            word,
        ]
