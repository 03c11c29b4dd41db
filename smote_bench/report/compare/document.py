"""The words and tables of a comparison, the same for terminal, Markdown and page: the answer first."""

from __future__ import annotations

from collections.abc import Sequence

from smote_bench.report.compare.details import detail_sections
from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.two_runs import Comparison
from smote_bench.report.compare.words import count, signed
from smote_bench.report.text.document import Block, Caveats, Headline, Section, Table
from smote_bench.runs.open import Run

__all__ = ["comparison_sections", "run_letters"]


def comparison_sections(
    comparisons: Sequence[Comparison], labels: Sequence[str], *, brief: bool = False
) -> list[Section]:
    """Return the report of one base against one or several runs.

    Parameters
    ----------
    comparisons : sequence of Comparison
        All with the same base.
    labels : sequence of str
        Of the base and of the others, no two the same.
    brief : bool
        Leave out the rows of metrics that are no priority and show no difference; their number is said.
    """
    letters = run_letters(len(labels))
    runs = [comparisons[0].base, *(comparison.other for comparison in comparisons)]
    table = _runs_table(runs, labels, letters)
    if len(comparisons) == 1:
        first = Section("Comparison", [*_answer(comparisons[0], *letters), table], 1, "comparison")
        return [first, *detail_sections(comparisons[0], *letters, level=2, brief=brief)]
    said = "Each run against the base, A; a difference is the run's mean minus A's."
    sections = [Section("Comparison", [table, said, _overview(comparisons, letters)], 1, "comparison")]
    for comparison, letter in zip(comparisons, letters[1:], strict=True):
        answer = _answer(comparison, "A", letter)
        sections.append(Section(f"{letter} against A", answer, 2, letter.lower()))
        sections += detail_sections(comparison, "A", letter, level=3, brief=brief)
    return sections


def run_letters(n: int) -> list[str]:
    """Return A, B, C and so on, AA after Z.

    >>> run_letters(28)[-3:]
    ['Z', 'AA', 'AB']
    """
    singles = [chr(ord("A") + number) for number in range(26)]
    return [*singles, *(first + second for first in singles for second in singles)][:n]


def _runs_table(runs: Sequence[Run], labels: Sequence[str], letters: Sequence[str]) -> Table:
    rows = []
    for run, label, letter in zip(runs, labels, letters, strict=True):
        manifest = run.manifest
        commit = manifest["commit"]
        rows.append(
            [
                letter + (" (base)" if letter == "A" else ""),
                label,
                str(manifest["experiment"]["name"]),
                commit["id"][:7] + ("+" if commit["dirty"] else "") if commit else "-",
                str(manifest["finished"]).replace("T", " ").replace("+00:00", " UTC"),
                ", ".join(f"{n} {status}" for status, n in manifest["cells"]["by_status"].items())
                + (f" (cut: {run.account.done} of {run.account.n_selected})" if run.account.cut else ""),
            ]
        )
    return Table(["", "run", "experiment", "commit", "finished", "cells"], rows, 6)


def _answer(c: Comparison, a: str, b: str) -> list[Block]:
    """Say first what changed in the scores, then in the cells, then what to beware of."""
    blocks: list[Block] = [Headline(_score_sentence(c, metric, a, b)) for metric in c.priority_metrics[:1]]
    points = [_cells_sentence(c, a, b)]
    losses = sum(change.is_loss for change in c.cells.status_changes)
    if losses:
        are = "is" if losses == 1 else "are"
        points.append(f"{count(losses, 'cell')} scored in {a} no longer {are} in {b}.")
    blocks.append(points)
    return [*blocks, Caveats([f"{warning}." for warning in c.warnings])] if c.warnings else blocks


def _score_sentence(c: Comparison, metric: str, a: str, b: str) -> str:
    difference = c.differences[metric]
    said = verdict(
        difference.mean, difference.half_width, c.metrics[metric].better, is_identical=difference.is_identical
    )
    if said == "undefined":
        return f"{metric}: nothing to compare, no cell is scored on the same data in both runs."
    if said == "identical":
        return f"{metric}: identical in all {count(difference.n_cells, 'compared cell')}."
    by = signed(difference) + f", n = {difference.n} {difference.basis}"
    if said == "no difference shown":
        return f"{metric}: no difference shown between {a} and {b} ({by})."
    return f"{metric}: {b} is {said} than {a} ({by})."


def _cells_sentence(c: Comparison, a: str, b: str) -> str:
    n, same = len(c.cells.pairs), c.n_identical
    if not n:
        n_base, n_other = len(c.cells.only_base), len(c.cells.only_other)
        return f"No cell is in both: {n_base} only in {a}, {n_other} only in {b}."
    if same == n:
        text = f"All {count(n, 'cell')} in common are identical: every score of every fit, to the last bit"
    else:
        text = f"{count(n, 'cell')} in common, of which {same} identical, {n - same} changed"
    alone = [
        f"{len(cells)} only in {letter}"
        for cells, letter in ((c.cells.only_base, a), (c.cells.only_other, b))
        if cells
    ]
    return "; ".join([text, *alone]) + "."


def _overview(comparisons: Sequence[Comparison], letters: Sequence[str]) -> Table:
    metrics = dict.fromkeys(name for c in comparisons for name in c.priority_metrics)
    rows = [
        [
            metric,
            *(
                signed(c.differences[metric]) + f" (n={c.differences[metric].n})"
                if metric in c.differences
                else "-"
                for c in comparisons
            ),
        ]
        for metric in metrics
    ]
    counts = [f"{c.n_identical} of {len(c.cells.pairs)}" for c in comparisons]
    return Table(["metric", *(f"{b} - A" for b in letters[1:])], [*rows, ["identical cells", *counts]])
