"""The tables of a run before it is started: how large they are, and rows to measure with.

A table that is here is read as the run reads it, and one of its folds prepared. Of one that is not, or that
would take too long to read, what is known is its size; rows of such a size are generated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.data.clearml_tables.names import is_clearml
from smote_bench.data.fingerprints import size_hint
from smote_bench.errors import SmoteBenchError, UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from smote_bench.data.typed_rows import TypedRows
    from smote_bench.experiment.model import Experiment

__all__ = ["Table", "generated", "read_tables", "some_rows", "to_measure_with"]

_MOST_ROWS = 300_000
_SOME_ROWS = (1000, 6000)
_MOST_TABLES = 24
_GUESSED_SHARE = 0.2
_READ_SECONDS, _PREPARE_SECONDS = 2e-6, 1e-7
"""For each value of a table that was not read; orders of magnitude."""


@dataclass(frozen=True)
class Table:
    """What is known of a data set.

    Parameters
    ----------
    name : str
    rows : int
        Of the whole table, hold-out included.
    columns : int
        After preparation, where the table was read.
    minority_share : float
    read_seconds, prepare_seconds : float
        CPU seconds of reading the table, and of preparing one fold.
    is_read : bool
    why_not : str
        Why nothing can be computed on it here; empty where it can.
    X, y, X_test, y_test : ndarray, optional
        One fold.
    typed : TypedRows, optional
        Of the rows of `X`, where they have categories.
    """

    name: str
    rows: int
    columns: int
    minority_share: float = _GUESSED_SHARE
    read_seconds: float = 0.0
    prepare_seconds: float = 0.0
    is_read: bool = False
    why_not: str = ""
    X: Any = field(default=None, repr=False, compare=False)
    y: Any = field(default=None, repr=False, compare=False)
    X_test: Any = field(default=None, repr=False, compare=False)
    y_test: Any = field(default=None, repr=False, compare=False)
    typed: TypedRows | None = field(default=None, repr=False, compare=False)

    @property
    def bytes(self) -> int:
        """Return what its numbers take."""
        return 8 * self.rows * self.columns


def read_tables(
    experiment: Experiment,
    data_dir: Path | None,
    *,
    seconds: float,
    say: Callable[[str], None] = lambda _text: None,
) -> dict[str, Table]:
    """Return the tables of an experiment by name; after `seconds`, by their sizes alone.

    The smallest are read first. What would have to be fetched is not.
    """
    begun = time.perf_counter()
    sized = {name: _sized(name, experiment) for name in experiment.datasets}
    found = {}
    for name in sorted(sized, key=lambda name: sized[name].bytes):
        table = sized[name]
        is_over = time.perf_counter() - begun > seconds
        if not (table.why_not or is_over or is_clearml(_source(experiment, name)) or table.rows > _MOST_ROWS):
            say(f"reading {name}")
            table = _read(table, experiment, data_dir)
        found[name] = table
    return {name: found[name] for name in experiment.datasets}


def generated(rows: int, columns: int, minority_share: float = _GUESSED_SHARE, *, name: str = "") -> Table:
    """Return a table of normal numbers with two classes that overlap, and a fold of it.

    Parameters
    ----------
    rows, columns : int
    minority_share : float
    name : str
    """
    draw = np.random.RandomState(0)
    y = (np.arange(rows) < max(10, round(minority_share * rows))).astype(np.int64)
    draw.shuffle(y)
    X = draw.normal(size=(rows, columns))
    X[:, : max(1, columns // 3)] += 0.8 * y[:, None]
    cut = max(4, rows // 5)
    return Table(
        name or f"generated {rows} x {columns}",
        rows,
        columns,
        float(y.mean()),
        X=X[cut:],
        y=y[cut:],
        X_test=X[:cut],
        y_test=y[:cut],
    )


def _source(experiment: Experiment, name: str) -> Any:
    return experiment.datasets[name].source


def _sized(name: str, experiment: Experiment) -> Table:
    try:
        rows, columns = size_hint(_source(experiment, name))
    except UnavailableError as error:
        return Table(name, 1, 1, why_not=str(error))
    n = rows * columns
    return Table(name, rows, columns, read_seconds=_READ_SECONDS * n, prepare_seconds=_PREPARE_SECONDS * n)


def _read(table: Table, experiment: Experiment, data_dir: Path | None) -> Table:
    from smote_bench.evaluation.folds import FoldSource
    from smote_bench.evaluation.prepare import prepare_fold

    source = FoldSource(experiment.datasets, experiment.methods, experiment.protocol, data_dir)
    begun = time.process_time()
    try:
        dataset = source.dataset(table.name)
        rows = max(source.splits(table.name), key=lambda fold: len(fold.train))
        read = time.process_time()
        fold = prepare_fold(dataset, rows.train, rows.test, experiment.datasets[table.name].preprocessing)
    except (SmoteBenchError, OSError, ValueError) as error:
        return Table(table.name, table.rows, table.columns, why_not=str(error) or type(error).__name__)
    return Table(
        table.name,
        len(dataset.y),
        fold.X_train.shape[1],
        float(np.mean(dataset.y == 1)),
        read - begun,
        time.process_time() - read,
        is_read=True,
        X=np.ascontiguousarray(fold.X_train, dtype=np.float64),
        y=dataset.y[rows.train],
        X_test=np.ascontiguousarray(fold.X_test, dtype=np.float64),
        y_test=dataset.y[rows.test],
        typed=fold.typed,
    )


def to_measure_with(tables: Sequence[Table], *, each: bool = False) -> list[Table]:
    """Return tables with a fold, from small to large.

    Each has twice the rows of the one before or more; beside them are some rows of the two largest, on which
    a run spends most of its time. Where no table was read they are generated, of the sizes that are known.

    Parameters
    ----------
    tables : sequence of Table
    each : bool
        Whether there are to be some rows of every table: of the largest ones, where there are many.
    """
    there = [table for table in tables if table.X is not None]
    if not there:
        there = [
            generated(min(table.rows, _MOST_ROWS), table.columns, table.minority_share, name=table.name)
            for table in tables
            if not table.why_not
        ]
    chosen: list[Table] = []
    for table in sorted(there, key=lambda table: (len(table.X), table.columns)):
        if not chosen or len(table.X) >= 2 * len(chosen[-1].X):
            chosen.append(table)
    for table in sorted(there, key=lambda table: -table.X.size)[:2]:
        chosen += [some_rows(table, rows) for rows in _SOME_ROWS if 2 * rows < len(table.X)]
    names = {table.name for table in chosen}
    if each:
        rest = sorted((table for table in there if table.name not in names), key=lambda table: -table.X.size)
        chosen += [some_rows(table, _SOME_ROWS[0]) for table in rest[:_MOST_TABLES]]
    return sorted(chosen, key=lambda table: (len(table.X), table.columns))


def some_rows(table: Table, rows: int) -> Table:
    """Return a table whose fold has so many training rows, of both classes as before."""
    share = min(1.0, rows / len(table.X))
    chosen = [_share_of(y, share) for y in (table.y, table.y_test)]
    return replace(
        table,
        X=table.X[chosen[0]],
        y=table.y[chosen[0]],
        X_test=table.X_test[chosen[1]],
        y_test=table.y_test[chosen[1]],
        typed=None if table.typed is None else table.typed.take(chosen[0]),
    )


def _share_of(y: Any, share: float) -> Any:
    draw = np.random.RandomState(0)
    taken = [draw.permutation(np.flatnonzero(y == label)) for label in (0, 1)]
    return np.sort(np.concatenate([some[: max(6, round(share * len(some)))] for some in taken]))
