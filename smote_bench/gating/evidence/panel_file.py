"""A panel as a Parquet file that is fit for git: small, the same bytes for the same values, quick to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.panel import Panel, Unit

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["DESCRIPTOR_DIGITS", "read_panel", "round_to_digits", "write_panel"]

DESCRIPTOR_DIGITS = 4
"""Far finer than any tolerance, for a third of the bytes; both sides of a gate round, alike."""

_NAMES = ("dataset", "method", "classifier")
_PLACES = ("split", "fold", "seed")
_DIGEST = "digest"
_LEVEL = 9
"""Of zstd."""
_POWERS = np.array([float(10**n) for n in range(23)])
_MANY_VALUES = 0.5
"""With more distinct values per row than this, a dictionary makes a column longer."""


def write_panel(
    panel: Panel,
    path: Path,
    *,
    digits: int | None = None,
    group_by_dataset: bool = False,
    by_cell: Mapping[str, Mapping[Cell, float]] | None = None,
) -> None:
    """Write the fits that are there, a row each; digests of draw 0 alone.

    Parameters
    ----------
    panel : Panel
    path : Path
    digits : int, optional
        Round values to these; single precision then holds them. All digits, where nothing is said.
    group_by_dataset : bool
        Give each data set dictionaries of its own: shorter where its test rows allow few values of a measure.
    by_cell : mapping of column to mapping of Cell to float
        More columns, with one value per cell.

    Raises
    ------
    ConfigError
        If a measure has the name of another column.
    """
    from pyarrow import parquet

    by_cell = by_cell or {}
    taken = {*_NAMES, *_PLACES, _DIGEST, *by_cell}
    for name in panel.names:
        if name in taken:
            raise ConfigError(
                f"expected measures under names of their own, got {name!r}, which is a column of a "
                f"baseline's ({', '.join(sorted(taken))}): rename the metric"
            )
    table, ends = _table(panel, by_cell)
    if digits is not None:
        table = _in_single_precision(table, panel.names, digits)
    n_rows = len(table)
    continuous = [name for name in panel.names if len(np.unique(table.column(name))) > _MANY_VALUES * n_rows]
    with parquet.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=[name for name in table.column_names if name not in (_DIGEST, *continuous)],
        # rounded numbers repeat as wholes, which zstd finds by itself; others in their first bytes only
        column_encoding=dict.fromkeys(continuous, "PLAIN" if digits else "BYTE_STREAM_SPLIT") or None,
        write_statistics=False,
        store_schema=False,
    ) as writer:
        start = 0
        for end in ends if group_by_dataset else [n_rows]:
            writer.write_table(table.slice(start, end - start), row_group_size=max(1, end - start))
            start = end


def _table(panel: Panel, by_cell: Mapping[str, Mapping[Cell, float]]) -> tuple[pa.Table, list[int]]:
    """Return the rows in the order that compresses best found, and where each data set ends."""
    import pyarrow as pa

    order = sorted(range(len(panel.cells)), key=lambda n: _sorting(panel.cells[n]))
    place, unit, draw = (axis.ravel() for axis in np.indices(panel.present.shape))
    place = np.array(order, dtype=np.intp)[place]
    is_there = panel.present[place, unit, draw]
    place, unit, draw = place[is_there], unit[is_there], draw[is_there]
    columns: dict[str, Any] = {}
    for part in _NAMES:
        names, code = _coded([getattr(cell, part) for cell in panel.cells])
        columns[part] = pa.DictionaryArray.from_arrays(pa.array(code[place]), pa.array(names, pa.string()))
    splits, folds = (np.array([u[n] for u in panel.units], dtype=np.int32) for n in (0, 1))
    columns["split"], columns["fold"] = pa.array(splits[unit]), pa.array(folds[unit])
    draws = np.array(panel.draws, dtype=np.int32)
    columns["seed"] = pa.array(draws[draw])
    for number, name in enumerate(panel.names):
        columns[name] = pa.array(panel.values[place, unit, draw, number])
    digests = panel.digests[place, unit, draw]
    columns[_DIGEST] = pa.array(np.where(draws[draw] == 0, digests, np.uint64(0)))
    for name, values in by_cell.items():
        columns[name] = pa.array(np.array([values.get(cell, np.nan) for cell in panel.cells])[place])
    dataset = columns["dataset"].indices.to_numpy()
    ends = [*(np.flatnonzero(np.diff(dataset)) + 1).tolist(), len(place)]
    return pa.table(columns), ends


def _in_single_precision(table: pa.Table, names: Sequence[str], digits: int) -> pa.Table:
    import pyarrow as pa

    for name in names:
        rounded = round_to_digits(table.column(name).to_numpy(), digits).astype(np.float32)
        table = table.set_column(table.column_names.index(name), name, pa.array(rounded))
    return table


def _sorting(cell: Cell) -> tuple[str, str, str]:
    return cell.dataset, cell.classifier, cell.method


def _coded(names: list[str]) -> tuple[list[str], np.ndarray]:
    known = sorted(set(names))
    place = {name: n for n, name in enumerate(known)}
    return known, np.array([place[name] for name in names], dtype=np.int32)


def read_panel(
    path: Path, *, digits: int | None = None, by_cell: Sequence[str] = ()
) -> tuple[Panel, dict[str, dict[Cell, float]]]:
    """Read what `write_panel` wrote: the panel, its cells sorted by name, and the columns `by_cell`.

    `digits` are those that it was written with.

    Raises
    ------
    OSError, ValueError, KeyError
        If it is another file (pyarrow's errors are of the first two).
    """
    from pyarrow import parquet

    with parquet.ParquetFile(path, read_dictionary=list(_NAMES)) as file:
        table = file.read().unify_dictionaries().combine_chunks()
    cells, place = _cells(table)
    split, fold, seed = (_array(table, name).astype(np.int64) for name in _PLACES)
    # one number is sorted many times faster than a pair; folds begin at -1
    n_folds = 2 + int(fold.max(initial=0))
    numbers, unit = np.unique(split * n_folds + fold + 1, return_inverse=True)
    units = [Unit(n // n_folds, n % n_folds - 1) for n in numbers.tolist()]
    draws, draw = np.unique(seed, return_inverse=True)
    own = {*_NAMES, *_PLACES, _DIGEST, *by_cell}
    names = [name for name in table.column_names if name not in own]
    panel = Panel.empty(cells, units, draws.tolist(), names)
    panel.present[place, unit, draw] = True
    for number, name in enumerate(names):
        panel.values[place, unit, draw, number] = _array(table, name)
    if digits is not None:
        panel.values[:] = round_to_digits(panel.values, digits)
    panel.digests[place, unit, draw] = _array(table, _DIGEST)
    more = {}
    for name in by_cell:
        values = np.full(len(cells), np.nan)
        values[place] = _array(table, name)
        more[name] = {cell: v for cell, v in zip(cells, values.tolist(), strict=True) if v == v}
    return panel, more


def _array(table: pa.Table, name: str) -> np.ndarray:
    """Return a column of numbers; Arrow's own `to_numpy` would import pandas, which takes longer than all."""
    return np.from_dlpack(table.column(name).chunk(0))


def _cells(table: pa.Table) -> tuple[list[Cell], np.ndarray]:
    """Return the cells, sorted by name, and which one each row is of."""
    number = np.zeros(len(table), dtype=np.int64)
    words: list[list[str]] = []
    for part in _NAMES:
        column = table.column(part).chunk(0)
        words.append(column.dictionary.to_pylist())
        number = number * len(words[-1]) + np.from_dlpack(column.indices).astype(np.int64)
    numbers, row_of = np.unique(number, return_inverse=True)
    shape = tuple(map(len, words))
    names = [
        Cell(*(known[n] for known, n in zip(words, place, strict=True)))
        for place in zip(*(axis.tolist() for axis in np.unravel_index(numbers, shape)), strict=True)
    ]
    order = sorted(range(len(names)), key=lambda n: (names[n].dataset, names[n].method, names[n].classifier))
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return [names[n] for n in order], rank[row_of]


def round_to_digits(values: np.ndarray, digits: int) -> np.ndarray:
    """Return values as the doubles nearest to their decimals of some significant digits.

    What went through single precision comes back the same. What is not finite stays; below 1e-18 or so,
    digits are lost.

    >>> round_to_digits(np.array([0.123456, 123456.0, 0.0]), 4).tolist()
    [0.1235, 123500.0, 0.0]
    """
    is_number = np.isfinite(values) & (values != 0)
    size = np.abs(np.where(is_number, values, 1.0))
    power = digits - 1 - np.floor(np.log10(size)).astype(np.intp)
    # Up to 1e22 powers of ten are exact, and so the one rounding left is that to the nearest double.
    up, down = (_POWERS[np.clip(sign * power, 0, len(_POWERS) - 1)] for sign in (1, -1))
    whole = np.rint(np.where(is_number, values, 0.0) * up / down)
    return np.where(is_number, whole * down / up, values)
