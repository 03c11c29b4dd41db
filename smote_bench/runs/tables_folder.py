"""Writes a run's folder ``tables``: results and improvements, the summary, seconds, what is not ok."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.folder import file_name
from smote_bench.runs.row_writing import write_rows
from smote_bench.runs.summary import MethodSummary, summarise, summary_rows
from smote_bench.runs.tables import (
    NOT_OK_COLUMNS,
    SECONDS_COLUMNS,
    Row,
    improvement_rows,
    improvements_together,
    not_ok_rows,
    results_rows,
    seconds_rows,
)
from smote_bench.runs.whole_folder import whole_folder

__all__ = ["Measures", "write_tables"]


@dataclass(frozen=True)
class Measures:
    """What the tables of a run show.

    Parameters
    ----------
    better : mapping of str to {"high", "low"}
        All metrics, in the experiment's order.
    priority_metrics : sequence of str
        The first one decides wins and losses.
    test_size : float
        The hold-out's share of the rows.
    is_large : bool
        Whether there are too many pairs of data set and method for a file of each.
    """

    better: Mapping[str, str]
    priority_metrics: Sequence[str]
    test_size: float
    is_large: bool


def write_tables(
    folder: Path, outcomes: Sequence[Outcome], from_memo: Collection[Cell], measures: Measures
) -> list[MethodSummary]:
    """Write a run's tables into ``folder/tables``, in place of what is there, and return its summary.

    Parameters
    ----------
    folder : Path
        The run's.
    outcomes : sequence of Outcome
        In the experiment's order.
    from_memo : set of Cell
    measures : Measures

    Raises
    ------
    DiskError
        If there is no room.
    """
    summaries = summarise(outcomes, measures.priority_metrics, measures.better, test_size=measures.test_size)
    with whole_folder(folder / "tables") as tables:
        _write_csv(tables / "summary.csv", summary_rows(summaries))
        _write_rows(tables / "seconds.csv", SECONDS_COLUMNS, seconds_rows(outcomes, set(from_memo)))
        _write_rows(tables / "not_ok.csv", NOT_OK_COLUMNS, not_ok_rows(outcomes))
        for dataset, here in itertools.groupby(outcomes, key=lambda outcome: outcome.cell.dataset):
            _write_dataset_tables(tables, dataset, list(here), measures)
    return summaries


def _write_dataset_tables(folder: Path, dataset: str, here: Sequence[Outcome], measures: Measures) -> None:
    """Write a data set's results and improvements: a file for each method, in a large run one for all."""
    metrics = list(measures.better)
    results = results_rows(here, metrics)
    if results:
        _write_csv(_free(folder / f"results_{file_name(dataset)}.csv"), results)
    by_method: dict[str, dict[str, Outcome]] = {}
    for outcome in here:
        by_method.setdefault(outcome.cell.method, {})[outcome.cell.classifier] = outcome
    originals = by_method.pop(ORIGINAL, {})
    if measures.is_large:
        together = improvements_together(originals, by_method, measures.priority_metrics)
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


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write rows; they may lack columns that others have."""
    _write_rows(path, tuple(dict.fromkeys(name for row in rows for name in row)), rows)


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as they come; None is an empty cell, and text that a spreadsheet would run is guarded."""
    with path.open("w", newline="", encoding="utf-8") as file:
        write_rows(file, columns, rows)
