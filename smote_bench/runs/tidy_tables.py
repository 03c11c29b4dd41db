"""Writes a run's tidy tables: ``scores.csv`` and ``.parquet``, a row a score; ``cells.csv``, a row a cell."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TextIO, cast

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.row_writing import write_rows
from smote_bench.runs.tables import CELL_COLUMNS, SCORE_COLUMNS, cell_rows, score_rows
from smote_bench.runs.whole_folder import whole_file

__all__ = ["copy_scores", "write_cells", "write_scores"]

_NAMES = ("dataset", "method", "classifier")

_PART_BYTES = 16 * 1024 * 1024
"""Of ``scores.csv``, which become one row group of ``scores.parquet``."""
_READS = 16
"""In how many parts these are read."""


def write_cells(
    folder: Path, outcomes: Sequence[Outcome], from_memo: Collection[Cell], not_run: Mapping[Cell, str]
) -> None:
    """Write ``cells.csv``.

    Names are as they are, to be joined with ``scores.csv``: what others wrote is in the texts.

    Raises
    ------
    DiskError
        If there is no room.
    """

    def write(file: TextIO) -> None:
        write_rows(file, CELL_COLUMNS, cell_rows(outcomes, set(from_memo), not_run), raw=_NAMES)

    _write_text(folder / "cells.csv", write)


def write_scores(folder: Path, outcomes: Sequence[Outcome]) -> None:
    """Write ``scores.csv``, row by row as they are made.

    Raises
    ------
    DiskError
        If there is no room.
    """

    def write(file: TextIO) -> None:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SCORE_COLUMNS)
        writer.writerows(score_rows(outcomes))

    _write_text(folder / "scores.csv", write)


def copy_scores(folder: Path) -> None:
    """Write the text of ``scores.csv`` as ``scores.parquet``.

    Arrow reads it back in parts, so that it is never whole in memory; building Arrow's arrays from Python
    values would import pandas first.

    Raises
    ------
    DiskError
        If there is no room.
    """
    with whole_file(folder / "scores.parquet") as partial:
        _write_parquet(folder / "scores.csv", partial)


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
