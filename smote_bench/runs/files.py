"""Writes what a run leaves behind: tidy tables, tables for people, the manifest, the link to the latest."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import shutil
import sqlite3
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

from smote_bench.classifiers.registry import DECISION_TREE, FOREST
from smote_bench.classifiers.tree_growing import why_not_compiled
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.labels import labels_of
from smote_bench.methods.names import ORIGINAL
from smote_bench.plain_text import guarded
from smote_bench.runs.account import Account, account_of, cells_not_run
from smote_bench.runs.asked import Asked, finishing_command, read_asked
from smote_bench.runs.between_categories import between_lines
from smote_bench.runs.data_findings import finding_lines, findings_of
from smote_bench.runs.failure_groups import grouped_failures
from smote_bench.runs.folder import file_name, point_latest_to
from smote_bench.runs.large import is_large
from smote_bench.runs.listing import latest_of
from smote_bench.runs.manifest import draft_manifest
from smote_bench.runs.manifest_of_store import completed_manifest
from smote_bench.runs.run_store import RunStore, damage_of
from smote_bench.runs.splitting_classifiers import splitting_lines
from smote_bench.runs.summary import summarise, summary_lines, summary_rows
from smote_bench.runs.tables import (
    CELL_COLUMNS,
    NOT_OK_COLUMNS,
    SCORE_COLUMNS,
    SECONDS_COLUMNS,
    Row,
    cell_rows,
    improvement_rows,
    improvements_together,
    not_ok_rows,
    results_rows,
    score_rows,
    seconds_rows,
)
from smote_bench.runs.trivial_arms import threshold_note
from smote_bench.runs.whole_folder import whole_file, whole_folder, write_whole

if TYPE_CHECKING:
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["write_run"]

_NAMES = ("dataset", "method", "classifier")

_PART_BYTES = 16 * 1024 * 1024
"""Of ``scores.csv``, which become one row group of ``scores.parquet``."""
_READS = 16
"""In how many parts these are read."""


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
        "cells": lambda: _write_cells(run, outcomes, from_memo, not_run),
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


def _write_cells(
    run: Path, outcomes: Sequence[Outcome], from_memo: set[Cell], not_run: Mapping[Cell, str]
) -> None:
    # Names as they are, to be joined with scores.csv: what others wrote is in the texts.
    def write(file: TextIO) -> None:
        _write_rows_to(file, CELL_COLUMNS, cell_rows(outcomes, from_memo, not_run), raw=_NAMES)

    _write_text(run / "cells.csv", write)


def _write_text(path: Path, write: Callable[[TextIO], None]) -> None:
    """Write a table that takes the place of `path` when all is written.

    Without room, it is written to nowhere as well, to tell how much it needs.
    """
    with (
        whole_file(path, lambda: _size_of(write)) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        write(file)


class _Counter(io.TextIOBase):
    """Keeps nothing of a text but how many bytes it is."""

    n_bytes = 0

    def write(self, text: str) -> int:
        self.n_bytes += len(text.encode())
        return len(text)


def _size_of(write: Callable[[TextIO], None]) -> int:
    counter = _Counter()
    write(cast(TextIO, counter))
    return counter.n_bytes


def _write_manifest(run: Path, manifest: Mapping[str, Any]) -> None:
    write_whole(run / "manifest.json", json.dumps(manifest, indent=2, default=repr) + "\n")


def _write_tables(
    run: Path, experiment: Experiment, outcomes: Sequence[Outcome], from_memo: set[Cell]
) -> list[str]:
    """Write the folder ``tables``; return the summary's lines."""
    summaries = summarise(
        outcomes,
        experiment.priority_metrics,
        {name: metric.better or "high" for name, metric in experiment.metrics.items()},
        test_size=experiment.protocol.test_size,
    )
    with whole_folder(run / "tables") as tables:
        _write_csv(tables / "summary.csv", summary_rows(summaries))
        _write_rows(tables / "seconds.csv", SECONDS_COLUMNS, seconds_rows(outcomes, from_memo))
        _write_rows(tables / "not_ok.csv", NOT_OK_COLUMNS, not_ok_rows(outcomes))
        large = is_large(len(experiment.datasets), len(experiment.methods))
        for dataset, here in itertools.groupby(outcomes, key=lambda outcome: outcome.cell.dataset):
            _write_dataset_tables(tables, dataset, list(here), experiment, large=large)
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


def _write_dataset_tables(
    folder: Path, dataset: str, here: Sequence[Outcome], experiment: Experiment, *, large: bool
) -> None:
    """Write a data set's results and improvements: a file for each method, in a large run one for all."""
    metrics = list(experiment.metrics)
    results = results_rows(here, metrics)
    if results:
        _write_csv(_free(folder / f"results_{file_name(dataset)}.csv"), results)
    by_method: dict[str, dict[str, Outcome]] = {}
    for outcome in here:
        by_method.setdefault(outcome.cell.method, {})[outcome.cell.classifier] = outcome
    originals = by_method.pop(ORIGINAL, {})
    if large:
        together = improvements_together(originals, by_method, experiment.priority_metrics)
        if together:
            _write_csv(_free(folder / f"improvement_{file_name(dataset)}.csv"), together)
        return
    for method, treated in by_method.items():
        rows = improvement_rows(originals, treated, metrics)
        if rows:
            name = f"improvement_{file_name(dataset)}_{file_name(method)}.csv"
            _write_csv(_free(folder / name), rows)


def _free(path: Path) -> Path:
    """Return a path that is not taken: two names may differ in what no file's name can hold."""
    number = 2
    wanted = path
    while path.exists():
        path = wanted.with_stem(f"{wanted.stem}-{number}")
        number += 1
    return path


def _write_scores(run: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the tidy table as CSV, and that same text as Parquet.

    Rows are written as they are made, and Arrow reads the CSV back in parts: neither is ever whole in memory.
    Building Arrow's arrays from Python values would import pandas first.
    """
    path = run / "scores.csv"

    def write(file: TextIO) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SCORE_COLUMNS)
        writer.writerows(score_rows(outcomes))

    _write_text(path, write)
    with whole_file(run / "scores.parquet") as partial:
        _write_parquet(path, partial)


def _write_parquet(path: Path, partial: Path) -> None:
    """Copy the tidy table into a Parquet file, a row group for each part of the text that is read at once."""
    import pyarrow as pa
    from pyarrow import csv as pa_csv
    from pyarrow import parquet

    types = {name: pa.string() for name in SCORE_COLUMNS}
    types |= {"repeat": pa.int32(), "fold": pa.int32(), "value": pa.float64()}
    reader = pa_csv.open_csv(
        path,
        # Arrow reads a dozen parts ahead of what was asked for.
        read_options=pa_csv.ReadOptions(block_size=_PART_BYTES // _READS, use_threads=False),
        convert_options=pa_csv.ConvertOptions(column_types=types),
    )
    with reader, parquet.ParquetWriter(partial, reader.schema) as writer:
        while batches := list(itertools.islice(reader, _READS)):
            writer.write_table(pa.Table.from_batches(batches))


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write rows; they may lack columns that others have."""
    _write_rows(path, tuple(dict.fromkeys(name for row in rows for name in row)), rows)


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as they come; None is an empty cell, and text that a spreadsheet would run is guarded."""
    with path.open("w", newline="", encoding="utf-8") as file:
        _write_rows_to(file, columns, rows)


def _write_rows_to(
    file: TextIO, columns: Sequence[str], rows: Iterable[Row], *, raw: Collection[str] = ()
) -> None:
    """See `_write_rows`; of the columns `raw` nothing is guarded."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(guarded, columns))
    for row in rows:
        writer.writerow([row.get(name) if name in raw else guarded(row.get(name)) for name in columns])


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
    before = latest_of(run.parent.parent)
    where = f"still {before.name}" if before is not None else "none yet"
    return f"{where}; only a whole run takes its place" if account.cut else ""


def _places(run: Path, latest: str) -> list[str]:
    names = ("scores.csv", "scores.parquet", "cells.csv", "tables/", "manifest.json")
    there = [name for name in names if (run / name).exists()] or ["cells.sqlite alone"]
    return [f"files: {run}/ ({', '.join(there)})", *([f"latest: {latest}"] if latest else [])]
