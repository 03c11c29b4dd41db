"""The sections of a comparison below its answer: settings, scores, cells, statuses, seconds."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.settings import SECTIONS
from smote_bench.report.compare.two_runs import Comparison
from smote_bench.report.compare.words import (
    count,
    difference_cells,
    plus_minus,
    ratio_words,
    shortened,
    with_n,
)
from smote_bench.report.text.document import Block, Section, Table
from smote_bench.runs.compared_cells import Compared, compare
from smote_bench.runs.summary import Delta, delta_of

__all__ = ["detail_sections"]

_LARGEST = 10
_STATUSES = 20
_NAMED = 5
_CHANGED = ("better", "worse", "higher", "lower")


def detail_sections(c: Comparison, a: str, b: str, *, level: int, brief: bool) -> list[Section]:
    """Return the sections that have something to say."""
    makers: dict[str, tuple[str, Callable[..., Iterator[Block]]]] = {"settings": ("Settings", _settings)}
    if not c.is_all_identical:
        makers |= {
            "by-metric": ("Scores by metric", functools.partial(_by_metric, brief=brief)),
            "by-method": ("Scores by method", _by_method),
            "against-original": ("What each run says of its methods", _against_original),
            "by-cell": ("Largest changes by cell", _largest),
        }
    makers |= {
        "statuses": ("Statuses", _statuses),
        "alone": ("Cells in one run only", _alone),
        "seconds": ("Seconds", _seconds),
    }
    sections = [
        Section(title, list(make(c, a, b)), level, f"{b.lower()}-{name}")
        for name, (title, make) in makers.items()
    ]
    return [section for section in sections if section.blocks]


def _settings(c: Comparison, a: str, b: str) -> Iterator[Block]:
    if not c.changes:
        yield "No setting, version, commit or machine differs."
        return
    order = {section: n for n, section in enumerate(SECTIONS)}
    changes = sorted(c.changes, key=lambda change: order[change.section])
    rows = [
        [change.section, change.what, shortened(change.base), shortened(change.other)] for change in changes
    ]
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
        [metric, *difference_cells(difference, c.metrics[metric].better)]
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
    yield _chance([row[-1] for row in rows])
    left_out = [f"{metric} {d.n_left_out}" for metric, d in c.differences.items() if d.n_left_out]
    if left_out:
        yield f"Cells left out, as undefined in a fit: {', '.join(left_out)}."


def _chance(verdicts: Sequence[str]) -> str:
    shown = sum(said in _CHANGED for said in verdicts)
    tested = shown + verdicts.count("no difference shown")
    return (
        f"{shown} of {tested} exclude zero; with nothing but noise about one in twenty would, several at "
        "once, since they share their cells."
    )


def _how(c: Comparison) -> str:
    bases = {difference.basis for difference in c.differences.values() if difference.n}
    over = (
        "Over data sets, averaged over methods and classifiers within each (Student's t)"
        if bases != {"fits"}
        else "Over the fits of the one data set (Nadeau-Bengio)"
    )
    n_paired = sum(pair.pairing == "paired" for pair in c.compared)
    paired = "paired by fold" if n_paired == len(c.compared) else "not paired by fold"
    if 0 < n_paired < len(c.compared):
        paired = f"paired by fold in {n_paired} of {count(len(c.compared), 'cell')}"
    return f"{over}; {paired}."


def _by_method(c: Comparison, a: str, b: str) -> Iterator[Block]:
    methods = list(dict.fromkeys(method for method, _ in c.by_method))
    if not methods:
        return
    rows = [
        [
            method,
            *(with_n(c.by_method[method, metric], c.metrics[metric].better) for metric in c.priority_metrics),
            ratio_words(c.seconds_by_method[method]),
        ]
        for method in methods
    ]
    yield (
        f"{b} - {a} by method, with its 95% interval and n; * where it excludes zero. Last, the seconds of "
        f"{b} over those of {a}."
    )
    yield Table(["method", *c.priority_metrics, "seconds"], rows)
    in_both = Counter(pair.cell.method for pair in c.cells.pairs)
    fewer = [
        f"{method} {metric} {in_both[method] - c.by_method[method, metric].n_cells} of {in_both[method]}"
        for method in methods
        for metric in c.priority_metrics
        if c.by_method[method, metric].n_cells < in_both[method]
    ]
    if fewer:
        yield (
            f"Cells left out on both sides, as not scored, undefined or on other data in a run: "
            f"{', '.join(fewer)}."
        )
    said = [
        verdict(d.mean, d.half_width, c.metrics[metric].better, is_identical=d.is_identical)
        for (_, metric), d in c.by_method.items()
    ]
    yield _chance(said)


def _against_original(c: Comparison, a: str, b: str) -> Iterator[Block]:
    """Put the two runs' own conclusions side by side: a change of both arms leaves them as they were."""
    if not c.priority_metrics:
        return
    metric = c.priority_metrics[0]
    mine, theirs = ([m for m in run.methods if m != ORIGINAL] for run in (c.base, c.other))
    names = {method: c.cells.renamed["methods"].get(method, method) for method in mine}
    names |= {method: method for method in theirs if method not in names.values()}
    if not names:
        return
    rows, fewer = [], []
    for method, name in names.items():
        sides = [compare(run.grid, m, ORIGINAL, metric) for run, m in ((c.base, method), (c.other, name))]
        shared = _shared(c, *sides) if method in mine and name in theirs else None
        found = sides if shared is None else [side.only(shared) for side in sides]
        rows.append([method, *map(_delta_words, map(delta_of, found, (c.base.test_size, c.other.test_size)))])
        left = [
            f"{len(side.datasets) - len(shared)} of {letter}"
            for side, letter in zip(sides, (a, b), strict=True)
            if shared is not None and len(side.datasets) > len(shared)
        ]
        fewer += [f"{method} ({', '.join(left)})"] if left else []
    yield (
        f"Mean delta of {metric} against {ORIGINAL} within each run, over the data sets on which both runs "
        "compare the method with the same classifiers; 95% interval of Student's t (Nadeau-Bengio's over "
        "fits)."
    )
    yield Table(["method", a, b], rows)
    if fewer:
        yield f"Data sets left out, as the other run does not compare the method there: {'; '.join(fewer)}."


def _shared(c: Comparison, mine: Compared, theirs: Compared) -> list[str]:
    """Return the data sets on which both runs compare a method, with the same classifiers."""
    renamed = c.cells.renamed["classifiers"]
    return [
        dataset
        for dataset, pairs in mine.pairs.items()
        if {renamed.get(o.cell.classifier, o.cell.classifier) for o, _ in pairs}
        == {o.cell.classifier for o, _ in theirs.pairs.get(dataset, ())}
    ]


def _delta_words(delta: Delta) -> str:
    words = plus_minus(delta.mean, delta.half_width)
    return words if not delta.n else f"{words} (n={delta.n}{' fits' if delta.basis == 'fits' else ''})"


def _largest(c: Comparison, a: str, b: str) -> Iterator[Block]:
    if not c.compared or not c.priority_metrics:
        return
    metric = c.priority_metrics[0]
    rows = c.by_cell[(c.by_cell["metric"] == metric) & c.by_cell["delta"].notna() & ~c.by_cell["identical"]]
    if rows.empty:
        return
    beyond = int(rows["verdict"].isin(_CHANGED).sum())
    holm = int((rows["p_holm"] < 0.05).sum())
    tested = int(rows["half_width"].notna().sum())
    yield (
        f"By {metric}. Of {count(tested, 'changed cell')} with an interval (Nadeau-Bengio, 95%), {beyond} "
        f"changed beyond it; with nothing but noise about {0.05 * tested:.1f} would. After Holm's correction "
        f"for that many looks: {holm}. p is of the corrected resampled t of a cell's fits (of Welch's t "
        "where they are not paired)."
    )
    # what an interval carries stands first: the largest means alone are mostly noise
    order = (rows["half_width"] < rows["delta"].abs()), rows["delta"].abs()
    chosen = np.lexsort((-order[1].to_numpy(), ~order[0].to_numpy()))[:_LARGEST]
    body = [_cell_row(row) for row in rows.iloc[chosen].to_dict("records")]
    yield Table(
        ["dataset", "method", "classifier", a, b, f"{b} - {a}", "fits", "resampled t: p (Holm)", "verdict"],
        body,
        3,
    )
    if len(rows) > _LARGEST:
        yield (
            f"{_LARGEST} of {len(rows)}, those beyond their interval first, then the largest; all are in "
            "cell_changes.csv."
        )


def _cell_row(row: Mapping[Hashable, Any]) -> list[str]:
    is_alone = row["verdict"] != "no difference shown" and not row["p_holm"] < 0.05
    return [
        *(str(row[name]) for name in ("dataset", "method", "classifier")),
        *(f"{row[name]:.4f}" for name in ("base", "other")),
        plus_minus(row["delta"], row["half_width"]),
        str(row["n"]),
        "-" if math.isnan(row["p_holm"]) else f"{row['p_holm']:.3f}",
        f"{row['verdict']}, if looked at alone" if is_alone else str(row["verdict"]),
    ]


def _statuses(c: Comparison, a: str, b: str) -> Iterator[Block]:
    changes = c.cells.status_changes
    if not changes:
        return
    rows = [
        [change.cell.dataset, change.cell.method, change.cell.classifier, change.base, change.other]
        + [shortened(change.reason, 60)]
        for change in changes[:_STATUSES]
    ]
    yield Table(["dataset", "method", "classifier", a, b, "reason"], rows, 6)
    if len(changes) > _STATUSES:
        yield f"The first {_STATUSES} of {len(changes)}; all are in compare.json."


def _alone(c: Comparison, a: str, b: str) -> Iterator[Block]:
    for cells, letter in ((c.cells.only_base, a), (c.cells.only_other, b)):
        if cells:
            names = ", ".join(cell.id for cell in cells[:_NAMED])
            more = f" and {len(cells) - _NAMED} more (all in compare.json)" if len(cells) > _NAMED else ""
            yield f"Only in {letter}: {count(len(cells), 'cell')}: {names}{more}."


def _seconds(c: Comparison, a: str, b: str) -> Iterator[Block]:
    s = c.seconds
    if not s.n_cells and not s.n_from_memo:
        return
    if not s.n_cells:
        n = count(s.n_from_memo, "cell")
        yield f"Nothing to compare: {n} came from the memo in one run or both, and nothing was measured."
        return
    yield (
        f"{count(s.n_cells, 'cell')} computed in both: {s.base:.1f} s in {a}, {s.other:.1f} s in {b}, "
        f"{ratio_words(s)} times as long. One measurement each, without an interval: loads and machines vary."
    )
    if s.n_from_memo:
        yield f"Left out, since taken from the memo: {count(s.n_from_memo, 'cell')}."
    machines = [run.manifest["machine"] for run in (c.base, c.other)]
    differing = [
        f"{name} {machines[0].get(name)} -> {machines[1].get(name)}"
        for name in machines[0]
        if machines[0].get(name) != machines[1].get(name)
    ]
    if differing:
        yield f"The machines differ ({', '.join(differing)}): the ratio is theirs as much as the code's."
