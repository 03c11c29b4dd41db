"""Tables that no session wrote of a run, since it was killed or a disk was full: made of the run's store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from smote_bench.errors import ConfigError, DiskError
from smote_bench.runs.folder import claim_folder
from smote_bench.runs.large import is_large
from smote_bench.runs.manifest_of_store import manifest_of
from smote_bench.runs.open import Run
from smote_bench.runs.tables_folder import Measures, write_tables
from smote_bench.runs.tidy_tables import copy_scores, write_cells, write_scores

__all__ = ["missing_tables", "table_writers"]


def missing_tables(folder: Path) -> list[str]:
    """Return which of ``scores.csv``, ``scores.parquet``, ``cells.csv`` and ``tables/`` a run has not.

    Tables of the analysis alone, as a report makes them, do not count: a session's have a summary.
    """
    return [name for name, (place, _) in _WRITERS.items() if not (folder / place).exists()]


@contextlib.contextmanager
def table_writers(run: Run) -> Iterator[dict[str, Callable[[], bool]]]:
    """Give what writes each of `missing_tables`, while no other process may write the run.

    There is none where one does write it, or has since the run was read: it comes to its tables itself.
    Each tells whether its table is there then: without ``scores.csv`` no Parquet file is made of it.
    """
    writers: dict[str, Callable[[], bool]] = {}
    with contextlib.ExitStack() as until_written:
        if missing_tables(run.folder):
            try:
                until_written.callback(claim_folder(run.folder))
                if manifest_of(run.folder) == run.manifest:
                    writers = {name: partial(_write, run, name) for name in missing_tables(run.folder)}
            except ConfigError:  # another process writes it
                pass
            except DiskError as error:  # which each of them would come to
                writers = dict.fromkeys(missing_tables(run.folder), partial(_raise, error))
        yield writers


def _raise(error: DiskError) -> NoReturn:
    raise error


def _write(run: Run, name: str) -> bool:
    place, write = _WRITERS[name]
    write(run)
    return (run.folder / place).exists()


def _copy_scores(run: Run) -> None:
    if (run.folder / "scores.csv").exists():
        copy_scores(run.folder)


def _write_tables(run: Run) -> None:
    experiment = run.manifest["experiment"]
    measures = Measures(
        {name: card.better or "high" for name, card in run.metrics.items()},
        run.priority_metrics,
        run.test_size,
        is_large(len(experiment["datasets"]), len(experiment["methods"])),
    )
    write_tables(run.folder, run.outcomes, run.from_memo, measures)


_WRITERS: dict[str, tuple[str, Callable[[Run], object]]] = {
    "scores.csv": ("scores.csv", lambda run: write_scores(run.folder, run.outcomes)),
    "scores.parquet": ("scores.parquet", _copy_scores),
    "cells.csv": (
        "cells.csv",
        lambda run: write_cells(run.folder, run.outcomes, run.from_memo, run.not_run),
    ),
    "tables/": ("tables/summary.csv", _write_tables),
}
"""By name: the file that is there where they are, and what writes them."""
