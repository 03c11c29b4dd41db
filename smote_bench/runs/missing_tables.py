"""Tables that no session wrote of a run, since it was killed or a disk was full: made of the run's store."""

from __future__ import annotations

from collections.abc import Callable

from smote_bench.errors import ConfigError
from smote_bench.runs.folder import claim_folder
from smote_bench.runs.large import is_large
from smote_bench.runs.open import Run
from smote_bench.runs.tables_folder import Measures, write_tables
from smote_bench.runs.tidy_tables import copy_scores, write_cells, write_scores

__all__ = ["write_missing_tables"]


def write_missing_tables(run: Run) -> list[str]:
    """Write those of ``scores.csv``, ``scores.parquet``, ``cells.csv`` and ``tables/`` that are not there.

    What is there stays as it is. While another process writes the run, nothing is done: it comes to them.

    Returns
    -------
    list of str
        What was written, by its name in the folder.

    Raises
    ------
    DiskError
        If there is no room.
    """
    missing = {name: write for name, write in _WRITERS.items() if not (run.folder / name).exists()}
    if not missing:
        return []
    try:
        give_back = claim_folder(run.folder)
    except ConfigError:
        return []
    try:
        for write in missing.values():
            write(run)
    finally:
        give_back()
    return list(missing)


def _tables(run: Run) -> None:
    experiment = run.manifest["experiment"]
    measures = Measures(
        {name: card.better or "high" for name, card in run.metrics.items()},
        run.priority_metrics,
        run.test_size,
        is_large(len(experiment["datasets"]), len(experiment["methods"])),
    )
    write_tables(run.folder, run.outcomes, run.from_memo, measures)


_WRITERS: dict[str, Callable[[Run], object]] = {
    "scores.csv": lambda run: write_scores(run.folder, run.outcomes),
    "scores.parquet": lambda run: copy_scores(run.folder),
    "cells.csv": lambda run: write_cells(run.folder, run.outcomes, run.from_memo, run.not_run),
    "tables": _tables,
}
"""In this order: the second is made of the first."""
