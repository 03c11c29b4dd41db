"""Writes what a run leaves behind: tidy tables, tables for people, the manifest, the link to the latest."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from smote_bench.classifiers.registry import DECISION_TREE, FOREST
from smote_bench.classifiers.tree_growing import why_not_compiled
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.labels import labels_of
from smote_bench.runs.account import Account, account_of, cells_not_run
from smote_bench.runs.asked import Asked, finishing_command, read_asked
from smote_bench.runs.between_categories import between_lines
from smote_bench.runs.data_findings import finding_lines, findings_of
from smote_bench.runs.failure_groups import grouped_failures
from smote_bench.runs.folder import point_latest_to
from smote_bench.runs.large import is_large
from smote_bench.runs.listing import latest_to_show
from smote_bench.runs.manifest import draft_manifest
from smote_bench.runs.manifest_of_store import completed_manifest
from smote_bench.runs.run_store import RunStore, damage_of
from smote_bench.runs.splitting_classifiers import splitting_lines
from smote_bench.runs.summary import summary_lines
from smote_bench.runs.tables_folder import Measures, write_tables
from smote_bench.runs.tidy_tables import copy_scores, write_cells, write_scores
from smote_bench.runs.trivial_arms import threshold_note
from smote_bench.runs.whole_folder import write_whole

if TYPE_CHECKING:
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["write_run"]


def write_run(
    experiment: Experiment,
    settings: RunSettings,
    arguments: Sequence[str],
    *,
    why_cut: str = "",
    asked: Asked | None = None,
    draft: Mapping[str, Any] | None = None,
    failed: Callable[[str, Exception], None] | None = None,
) -> list[str]:
    """Write every file of a run from its store, and return the lines of the terminal's summary.

    Of a damaged store they are of what can still be read; the run is cut then.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    arguments : sequence of str
        The command's, for the manifest.
    why_cut : str
        Why the session ended before its end, if it did: the reason of the cells that it did not run.
    asked : Asked, optional
        What the run was asked for, where its damaged store cannot say it any more.
    draft : mapping, optional
        `draft_manifest` of the run, where it is known already.
    failed : callable, optional
        Told what could not be written and why, so that the rest is written all the same; without it the
        error is raised.
    """
    run = Path(settings.run_dir)
    with contextlib.suppress(SmoteBenchError), contextlib.closing(RunStore(run / "cells.sqlite")) as whole:
        whole.fold()  # what killed workers left beside the file goes into it
    store = RunStore(run / "cells.sqlite", read_only=True)
    readable, damage = ([], "") if store.is_blank else store.readable_outcomes()
    outcomes = sorted(readable, key=_order(experiment))
    from_memo: set[Cell] = set()
    try:
        from_memo = store.from_memo()
        asked = read_asked(store.path) or asked
    except sqlite3.DatabaseError as error:
        damage = damage or damage_of(store.path, error)
    store.close()
    done = {outcome.cell for outcome in outcomes}
    not_run = cells_not_run(asked, done, "its record in the damaged store is lost" if damage else why_cut)
    shutil.rmtree(run / ".locks", ignore_errors=True)
    # The manifest before the tables for people: with it and the store a run can be judged and reported.
    parts: dict[str, Callable[[], list[str] | None]] = {
        "scores": lambda: _write_scores(run, outcomes),
        "cells": lambda: write_cells(run, outcomes, from_memo, not_run),
        "manifest": lambda: _write_manifest(
            run,
            completed_manifest(
                draft or draft_manifest(experiment, settings, arguments), outcomes, from_memo, not_run
            ),
        ),
        "summary": lambda: _write_tables(run, experiment, outcomes, from_memo),
        "remarks": lambda: [
            *_problems(outcomes),
            *_remarks(experiment),
            *_tree_remark(experiment, outcomes, from_memo),
        ],
        "places": lambda: _places(run, _latest(run, account, n_done=len(outcomes))),
    }
    account = account_of(outcomes, from_memo, not_run)
    go_on = f"Finish it with: {finishing_command(arguments)}"
    lines = [account.headline, go_on, account.line, ""] if account.cut else [account.line, ""]
    if damage:
        parts = {"the run's store": lambda: _tell_damage(damage, len(outcomes), account.n_selected), **parts}
    for what, write in parts.items():
        try:
            lines += write() or []
        except Exception as error:
            if failed is None:
                raise
            failed(what, error)
    return lines


def _tell_damage(damage: str, n_read: int, n_selected: int) -> NoReturn:
    raise SmoteBenchError(
        f"{damage}: {n_read} of {n_selected} cells could be read, tables and report are of these; the same "
        "command computes what is not in the memo again"
    )


def _write_manifest(run: Path, manifest: Mapping[str, Any]) -> None:
    write_whole(run / "manifest.json", json.dumps(manifest, indent=2, default=repr) + "\n")


def _write_scores(run: Path, outcomes: Sequence[Outcome]) -> None:
    write_scores(run, outcomes)
    copy_scores(run)


def _write_tables(
    run: Path, experiment: Experiment, outcomes: Sequence[Outcome], from_memo: set[Cell]
) -> list[str]:
    """Write the folder ``tables``; return the summary's lines."""
    measures = Measures(
        {name: metric.better or "high" for name, metric in experiment.metrics.items()},
        experiment.priority_metrics,
        experiment.protocol.test_size,
        is_large(len(experiment.datasets), len(experiment.methods)),
    )
    summaries = write_tables(run, outcomes, from_memo, measures)
    return [
        *summary_lines(summaries, experiment.priority_metrics, _labels(experiment)),
        *_paragraphs(
            threshold_note(outcomes, experiment.priority_metrics[0]),
            *between_lines(outcomes),
            *splitting_lines(outcomes),
        ),
        "",
    ]


def _labels(experiment: Experiment) -> dict[str, str]:
    """Return what methods are called where people read: with their library."""
    return labels_of({name: spec.to_json() for name, spec in experiment.methods.items()})


def _order(experiment: Experiment) -> Any:
    """Sort outcomes as the experiment lists them."""
    places = [
        {name: n for n, name in enumerate(part)}
        for part in (experiment.datasets, experiment.methods, experiment.classifiers)
    ]

    def place(outcome: Outcome) -> tuple[int, ...]:
        names = (outcome.cell.dataset, outcome.cell.method, outcome.cell.classifier)
        return tuple(known.get(name, len(known)) for known, name in zip(places, names, strict=True))

    return place


def _paragraphs(*texts: str) -> list[str]:
    """Return texts in lines of a terminal's width, each after an empty line."""
    wrapped = [textwrap.wrap(text, 100, break_long_words=False, break_on_hyphens=False) for text in texts]
    return [line for lines in wrapped if lines for line in ("", *lines)]


def _problems(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a line for every distinct fault for which cells are not ok, with how many."""
    lines = [
        f"{len(group.cells)} {group.status}: {group.words} ({group.which})"
        for group in grouped_failures(outcomes)
    ]
    return [*lines, ""] if lines else []


def _remarks(experiment: Experiment) -> list[str]:
    """Return a line for everything of the experiment's file without effect, and found in its tables."""
    found = {name: findings_of(entry) for name, entry in experiment.datasets.items()}
    lines = [*experiment.remarks, *finding_lines(found)]
    return [*lines, ""] if lines else []


def _tree_remark(
    experiment: Experiment, outcomes: Iterable[Outcome], from_memo: Collection[Cell]
) -> list[str]:
    """Say that trees took longer than they need, where this run grew any."""
    trees = {n for n, spec in experiment.classifiers.items() if spec.target in (FOREST, DECISION_TREE)}
    has_grown = any(o.cell.classifier in trees and o.cell not in from_memo for o in outcomes)
    if not has_grown or not (reason := why_not_compiled()):
        return []
    return [f"trees were grown by scikit-learn's own builder, slower and the same: {reason}", ""]


def _latest(run: Path, account: Account, *, n_done: int) -> str:
    """Point `latest` to a whole run, and return what to say of it; a cut run takes nobody's place."""
    if not account.cut and n_done:
        return str(point_latest_to(run))
    before = latest_to_show(run.parent.parent)
    where = f"still {before.name}" if before is not None else "none yet"
    return f"{where}; only a whole run takes its place" if account.cut else ""


def _places(run: Path, latest: str) -> list[str]:
    names = ("scores.csv", "scores.parquet", "cells.csv", "tables/", "manifest.json")
    there = [name for name in names if (run / name).exists()] or ["cells.sqlite alone"]
    return [f"files: {run}/ ({', '.join(there)})", *([f"latest: {latest}"] if latest else [])]
