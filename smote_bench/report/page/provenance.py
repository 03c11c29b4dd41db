"""The page's account of where the run came from, and of everything that was not ok."""

from __future__ import annotations

import json
import shlex
from typing import Any

from smote_bench.report.page.table_files import with_files
from smote_bench.report.text.markup import Html, element, facts, joined, table
from smote_bench.runs.failure_groups import grouped_failures
from smote_bench.runs.open import Run

__all__ = ["provenance_section"]

_MOST_ROWS = 500
"""Of a table here: what failed in a hundred thousand cells would keep the page from opening."""
_MOST_TRACEBACKS = 20


def provenance_section(run: Run) -> Html:
    """Return the section ``provenance``."""
    return element(
        "section",
        element("h2", "Provenance"),
        facts(_origin(run)),
        _not_ok(run),
        _warnings(run),
        element("div", _versions(run), _datasets(run), class_="columns"),
        element("details", element("summary", "Methods"), _recipes(run, "methods", "Methods")),
        element("details", element("summary", "Classifiers"), _recipes(run, "classifiers", "Classifiers")),
        element("details", element("summary", "Metrics"), _metrics(run)),
        id="provenance",
    )


def _origin(run: Run) -> dict[str, object]:
    manifest, experiment = run.manifest, run.manifest["experiment"]
    machine, commit = manifest.get("machine") or {}, manifest.get("commit")
    dirty = " (with uncommitted changes)" if commit and commit.get("dirty") else ""
    cells = manifest.get("cells", {})
    statuses = _named(cells.get("by_status"))
    return {
        "Experiment": f"{experiment.get('name')} ({experiment.get('file')})",
        "Finished": manifest.get("finished"),
        "Command": element("code", shlex.join(map(str, manifest.get("command", [])))),
        "Commit": f"{commit['id']}{dirty}" if commit else "not in a git repository",
        "Code digest": manifest.get("code_digest"),
        "Machine": ", ".join(f"{name} {value}" for name, value in machine.items()),
        "Cells": f"{cells.get('total')}, {cells.get('from_memo')} from the memo; {statuses}",
        "Protocol": _named(experiment.get("protocol")),
    }


def _named(values: dict[str, Any] | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in (values or {}).items())


def _versions(run: Run) -> Html:
    rows = [list(pair) for pair in run.manifest.get("versions", {}).items()]
    return table(["Package", "Version"], rows, caption="Versions", n_names=2)


def _not_ok(run: Run) -> Html:
    """Return what was not ok, each fault once with how many cells it cost, and its traceback."""
    groups = sorted(grouped_failures(run.outcomes), key=lambda group: -len(group.cells))
    if not groups:
        return element("p", f"All {len(run.outcomes)} cells were ok.", class_="note")
    n = sum(len(group.cells) for group in groups)
    shown = table(
        ["Reason", "Which", "Status", "Cells"],
        [[group.words, group.which, group.status, len(group.cells)] for group in groups[:_MOST_ROWS]],
        caption=f"Not ok: {n} of {len(run.outcomes)} cells",
        n_names=3,
    )
    traces = (
        element(
            "details",
            element("summary", f"Traceback: {group.reason}, {group.cells[0].id}"),
            element("pre", group.traceback),
        )
        for group in groups[:_MOST_TRACEBACKS]
        if group.traceback
    )
    return joined([with_files(run, shown, "not_ok"), _and_more(len(groups), "tables/not_ok.csv"), *traces])


def _and_more(n: int, where: str) -> Html:
    if n <= _MOST_ROWS:
        return Html()
    return element("p", f"{n - _MOST_ROWS:,} more: see {where} beside this page.", class_="note")


def _warnings(run: Run) -> Html:
    counts: dict[str, list[str]] = {}
    for outcome in run.outcomes:
        for warning in outcome.warnings:
            counts.setdefault(warning, []).append(outcome.cell.id)
    if not counts:
        return element("p", "No warnings were recorded.", class_="note")
    rows = [
        [text, f"{cells[0]}{f' and {len(cells) - 1} more' if len(cells) > 1 else ''}", len(cells)]
        for text, cells in sorted(counts.items(), key=lambda item: -len(item[1]))
    ]
    caption = f"Warnings: {len(rows)} different"
    shown = table(["Warning", "Where", "Cells"], rows[:_MOST_ROWS], caption=caption, n_names=2)
    return joined([shown, _and_more(len(rows), "cells.csv")])


def _datasets(run: Run) -> Html:
    rows = [
        [name, entry.get("version"), entry.get("digest") or "–", _named(entry.get("preprocessing"))]
        for name, entry in run.manifest["experiment"]["datasets"].items()
    ]
    return table(["Data set", "Version", "Digest", "Preprocessing"], rows, caption="Data sets", n_names=4)


def _recipes(run: Run, part: str, words: str) -> Html:
    rows = [
        [name, element("code", json.dumps(spec, default=str))]
        for name, spec in run.manifest["experiment"][part].items()
    ]
    return table([words[:-1], "As specified"], rows, caption=words, n_names=2)


def _metrics(run: Run) -> Html:
    rows = [[name, card.title, card.formula, card.better or "–"] for name, card in run.metrics.items()]
    return table(["Metric", "Title", "Formula", "Better"], rows, caption="Metrics", n_names=4)
