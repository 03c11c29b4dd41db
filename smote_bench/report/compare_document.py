"""The words and tables of a comparison, the same for terminal, Markdown and page."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from smote_bench.report.compare import Comparison, Seconds
from smote_bench.report.compare_differences import Difference, verdict
from smote_bench.report.compare_settings import SECTIONS
from smote_bench.report.data import Run
from smote_bench.report.document import Block, Section, Table

__all__ = ["comparison_sections"]

_LARGEST = 10
_STATUSES = 20
_NAMED = 5


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
    letters = [chr(ord("A") + n) if n < 26 else f"run{n}" for n in range(len(labels))]
    runs = [comparisons[0].base, *(comparison.other for comparison in comparisons)]
    head: list[Block] = [_runs_table(runs, labels, letters)]
    if len(comparisons) == 1:
        head.append(_answer(comparisons[0], *letters))
        return [Section("Comparison", head, 1), *_details(comparisons[0], *letters, level=2, brief=brief)]
    head.append("Each run against the base, A; a difference is the run's mean minus A's.")
    head += [_overview(comparisons, letters)]
    sections = [Section("Comparison", head, 1)]
    for comparison, letter in zip(comparisons, letters[1:], strict=True):
        sections.append(Section(f"{letter} against A", [_answer(comparison, "A", letter)], 2))
        sections += _details(comparison, "A", letter, level=3, brief=brief)
    return sections


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
                ", ".join(f"{n} {status}" for status, n in manifest["cells"]["by_status"].items()),
            ]
        )
    return Table(["", "run", "experiment", "commit", "finished", "cells"], rows, 6)


def _answer(c: Comparison, a: str, b: str) -> list[str]:
    """Say first what changed in the scores, then in the cells, then what to beware of."""
    points = [_score_sentence(c, metric, a, b) for metric in c.priority_metrics[:1]]
    points.append(_cells_sentence(c, a, b))
    losses = sum(change.is_loss for change in c.cells.status_changes)
    if losses:
        points.append(
            f"{_count(losses, 'cell')} scored in {a} no longer {'is' if losses == 1 else 'are'} in {b}."
        )
    return points + [f"Beware: {warning}." for warning in c.warnings]


def _score_sentence(c: Comparison, metric: str, a: str, b: str) -> str:
    difference = c.differences[metric]
    said = verdict(
        difference.mean, difference.half_width, c.metrics[metric].better, is_identical=difference.is_identical
    )
    if said == "undefined":
        return f"{metric}: nothing to compare, no cell is scored on the same data in both runs."
    if said == "identical":
        return f"{metric}: identical in all {_count(difference.n_cells, 'compared cell')}."
    by = _signed(difference) + f", n = {difference.n} {difference.basis}"
    if said == "no difference shown":
        return f"{metric}: no difference shown between {a} and {b} ({by})."
    return f"{metric}: {b} is {said} than {a} ({by})."


def _cells_sentence(c: Comparison, a: str, b: str) -> str:
    n, same = len(c.cells.pairs), c.n_identical
    if not n:
        n_base, n_other = len(c.cells.only_base), len(c.cells.only_other)
        return f"No cell is in both: {n_base} only in {a}, {n_other} only in {b}."
    if same == n:
        text = f"All {_count(n, 'cell')} in common are identical: every score of every fit, to the last bit"
    else:
        text = f"{_count(n, 'cell')} in common, of which {same} identical, {n - same} changed"
    alone = [
        f"{len(tasks)} only in {letter}"
        for tasks, letter in ((c.cells.only_base, a), (c.cells.only_other, b))
        if tasks
    ]
    return "; ".join([text, *alone]) + "."


def _overview(comparisons: Sequence[Comparison], letters: Sequence[str]) -> Table:
    metrics = dict.fromkeys(name for c in comparisons for name in c.priority_metrics)
    rows = [
        [
            metric,
            *(
                _signed(c.differences[metric]) + f" (n={c.differences[metric].n})"
                if metric in c.differences
                else "-"
                for c in comparisons
            ),
        ]
        for metric in metrics
    ]
    counts = [f"{c.n_identical} of {len(c.cells.pairs)}" for c in comparisons]
    return Table(["metric", *(f"{b} - A" for b in letters[1:])], [*rows, ["identical cells", *counts]])


def _details(c: Comparison, a: str, b: str, *, level: int, brief: bool) -> list[Section]:
    makers = (
        ("Settings", _settings),
        ("Scores by metric", functools.partial(_by_metric, brief=brief)),
        ("Scores by method", _by_method),
        ("Largest changes by cell", _largest),
        ("Statuses", _statuses),
        ("Cells in one run only", _alone),
        ("Seconds", _seconds),
    )
    sections = [Section(title, list(make(c, a, b)), level) for title, make in makers]
    return [section for section in sections if section.blocks]


def _settings(c: Comparison, a: str, b: str) -> Iterator[Block]:
    if not c.changes:
        yield "No setting, version, commit or machine differs."
        return
    order = {section: n for n, section in enumerate(SECTIONS)}
    changes = sorted(c.changes, key=lambda change: order[change.section])
    rows = [[change.section, change.what, _short(change.base), _short(change.other)] for change in changes]
    yield Table(["section", "setting", a, b], rows, 4)
    same = [section for section in SECTIONS if section not in {change.section for change in changes}]
    if same:
        yield f"Nothing differs in: {', '.join(same)}."
    for part, names in c.cells.renamed.items():
        for before, after in names.items():
            yield f"{before!r} is called {after!r} in {b}: the same definition, so these {part} are compared."


def _by_metric(c: Comparison, a: str, b: str, *, brief: bool) -> Iterator[Block]:
    if not c.compared:
        return
    rows = [
        [metric, *_difference_cells(difference, c.metrics[metric].better)]
        for metric, difference in c.differences.items()
    ]
    yield f"Mean of {b} - {a} with its 95% interval. {_how(c)}"
    shown_rows = [
        row
        for row in rows
        if not brief or row[0] in c.priority_metrics or row[-1] not in ("identical", "no difference shown")
    ]
    yield Table(["metric", f"{b} - {a}", "n", "cells", "verdict"], shown_rows)
    if len(shown_rows) < len(rows):
        said = Counter(row[-1] for row in rows if row not in shown_rows)
        counts = ", ".join(f"{n} {words}" for words, n in said.items())
        yield f"The other metrics: {counts}; their numbers are in the files."
    verdicts = [row[-1] for row in rows]
    tested = sum(not math.isnan(d.half_width) and not d.is_identical for d in c.differences.values())
    shown = sum(v in ("better", "worse", "higher", "lower") for v in verdicts)
    if tested > 1:
        yield (
            f"{shown} of {tested} intervals exclude zero; with nothing but noise about one in twenty would, "
            "several at once, since metrics move together."
        )
    left_out = [f"{metric} {d.n_left_out}" for metric, d in c.differences.items() if d.n_left_out]
    if left_out:
        yield f"Cells left out, as undefined in a fit: {', '.join(left_out)}."


def _how(c: Comparison) -> str:
    bases = {difference.basis for difference in c.differences.values() if difference.n}
    over = (
        "Over data sets, averaged over methods and classifiers within each (Student's t)"
        if bases != {"fits"}
        else "Over the fits of the one data set (Nadeau-Bengio)"
    )
    return f"{over}; {'paired by fold' if c.is_paired else 'not all paired by fold'}."


def _by_method(c: Comparison, a: str, b: str) -> Iterator[Block]:
    methods = list(dict.fromkeys(method for method, _ in c.by_method))
    if not methods:
        return
    rows = [
        [
            method,
            *(
                _with_n(c.by_method[method, metric], c.metrics[metric].better)
                for metric in c.priority_metrics
            ),
            _ratio(c.seconds_by_method[method]),
        ]
        for method in methods
    ]
    yield (
        f"{b} - {a} by method, with its 95% interval and n; * where it excludes zero. Last, the seconds of "
        f"{b} over those of {a}."
    )
    yield Table(["method", *c.priority_metrics, "seconds"], rows)


def _largest(c: Comparison, a: str, b: str) -> Iterator[Block]:
    if not c.compared or not c.priority_metrics:
        return
    metric = c.priority_metrics[0]
    rows = c.by_cell[(c.by_cell["metric"] == metric) & c.by_cell["delta"].notna() & ~c.by_cell["identical"]]
    if rows.empty:
        return
    beyond = int(rows["verdict"].isin(["better", "worse", "higher", "lower"]).sum())
    holm = int((rows["p_holm"] < 0.05).sum())
    tested = int(rows["half_width"].notna().sum())
    yield (
        f"By {metric}. Of {_count(tested, 'changed cell')} with an interval (Nadeau-Bengio, 95%), {beyond} "
        f"changed beyond it; with nothing but noise about {0.05 * tested:.1f} would. After Holm's correction "
        f"for that many looks: {holm}."
    )
    # what an interval carries stands first: the largest means alone are mostly noise
    order = (rows["half_width"] < rows["delta"].abs()), rows["delta"].abs()
    chosen = np.lexsort((-order[1].to_numpy(), ~order[0].to_numpy()))[:_LARGEST]
    body = [_cell_row(row) for row in rows.iloc[chosen].to_dict("records")]
    yield Table(
        ["dataset", "method", "classifier", a, b, f"{b} - {a}", "fits", "p (Holm)", "verdict"], body, 3
    )
    if len(rows) > _LARGEST:
        yield f"{_LARGEST} of {len(rows)}, those beyond their interval first, then the largest; all are in cell_changes.csv."


def _cell_row(row: Mapping[Hashable, Any]) -> list[str]:
    is_alone = row["verdict"] != "no difference shown" and not row["p_holm"] < 0.05
    return [
        *(str(row[name]) for name in ("dataset", "method", "classifier")),
        *(f"{row[name]:.4f}" for name in ("base", "other")),
        _plus_minus(row["delta"], row["half_width"]),
        str(row["n"]),
        "-" if math.isnan(row["p_holm"]) else f"{row['p_holm']:.3f}",
        f"{row['verdict']}, if looked at alone" if is_alone else str(row["verdict"]),
    ]


def _statuses(c: Comparison, a: str, b: str) -> Iterator[Block]:
    changes = c.cells.status_changes
    if not changes:
        return
    rows = [
        [change.task.dataset, change.task.method, change.task.classifier, change.base, change.other]
        + [_short(change.reason, 60)]
        for change in changes[:_STATUSES]
    ]
    yield Table(["dataset", "method", "classifier", a, b, "reason"], rows, 6)
    if len(changes) > _STATUSES:
        yield f"The first {_STATUSES} of {len(changes)}; all are in compare.json."


def _alone(c: Comparison, a: str, b: str) -> Iterator[Block]:
    for tasks, letter in ((c.cells.only_base, a), (c.cells.only_other, b)):
        if tasks:
            names = ", ".join(task.id for task in tasks[:_NAMED])
            more = f" and {len(tasks) - _NAMED} more (all in compare.json)" if len(tasks) > _NAMED else ""
            yield f"Only in {letter}: {_count(len(tasks), 'cell')}: {names}{more}."


def _seconds(c: Comparison, a: str, b: str) -> Iterator[Block]:
    s = c.seconds
    if not s.n_cells and not s.n_from_memo:
        return
    if not s.n_cells:
        n = _count(s.n_from_memo, "cell")
        yield f"Nothing to compare: {n} came from the memo in one run or both, and nothing was measured."
        return
    yield (
        f"{_count(s.n_cells, 'cell')} computed in both: {s.base:.1f} s in {a}, {s.other:.1f} s in {b}, "
        f"{_ratio(s)} times as long. One measurement each, without an interval: loads and machines vary."
    )
    if s.n_from_memo:
        yield f"Left out, since taken from the memo: {_count(s.n_from_memo, 'cell')}."
    machines = [run.manifest["machine"] for run in (c.base, c.other)]
    differing = [
        f"{name} {machines[0].get(name)} -> {machines[1].get(name)}"
        for name in machines[0]
        if machines[0].get(name) != machines[1].get(name)
    ]
    if differing:
        yield f"The machines differ ({', '.join(differing)}): the ratio is theirs as much as the code's."


def _difference_cells(difference: Difference, better: str | None) -> list[str]:
    said = verdict(difference.mean, difference.half_width, better, is_identical=difference.is_identical)
    n = f"{difference.n} {difference.basis}"
    return [_signed(difference), n, str(difference.n_cells), said]


def _with_n(difference: Difference, better: str | None) -> str:
    said = verdict(difference.mean, difference.half_width, better, is_identical=difference.is_identical)
    if said in ("identical", "undefined"):
        return said
    star = "" if said == "no difference shown" else "*"
    unit = "" if difference.basis == "data sets" else " fits"
    return f"{_signed(difference)}{star} (n={difference.n}{unit})"


def _signed(difference: Difference) -> str:
    if difference.is_identical:
        return "identical"
    return _plus_minus(difference.mean, difference.half_width)


def _plus_minus(mean: float, half_width: float) -> str:
    if math.isnan(mean):
        return "-"
    # no interval is said, not left out: a bare number looks certain
    return f"{mean:+.4f} " + ("(no interval)" if math.isnan(half_width) else f"± {half_width:.4f}")


def _ratio(seconds: Seconds) -> str:
    return "-" if math.isnan(seconds.ratio) else f"{seconds.ratio:.2f}"


def _short(text: str, width: int = 40) -> str:
    """Return a text that fits a column; digests are told apart by their beginnings."""
    return text if len(text) <= width else text[: width - 3] + "..."


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"
