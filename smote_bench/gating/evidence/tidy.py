"""Tidy tables of any tool as one side of a gate: a file in, evidence out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.evaluation.outcome import STATUSES, Cell
from smote_bench.gating.evidence.evidence import Better, Evidence, SplitName
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gating.evidence.table_layout import NAMES, Layout, table_layout
from smote_bench.gating.evidence.table_source import TableSource

__all__ = ["read_table"]

_PHASES = ("cv", "holdout")

_LARGEST = 50_000_000
"""Scores in a panel: 400 MB."""

_NO_DIRECTIONS: Mapping[str, Better] = MappingProxyType({})


def read_table(
    path: Path | str, *, better: Mapping[str, Better] = _NO_DIRECTIONS, metrics: Sequence[str] = ()
) -> Evidence:
    """Return what a table of scores says; the order of its rows does not matter.

    Parameters
    ----------
    path : path
        Of a file of text in any form that data sets may have, Parquet, Feather or Excel. Columns
        ``dataset``, ``method``, ``classifier``, ``split`` (or ``repeat``), ``seed`` (0 where there is none),
        ``fold``, then either ``metric`` and ``value`` or one column per metric. Where they are there:
        ``phase`` (``cv`` or ``holdout``), ``status``, ``reason``, ``data_digest``, ``split_digest`` (of the
        test rows), ``digest`` (of all that a fit gave).
    better : mapping of metric to {"high", "low"}
        Directions of metrics that are not in `smote_bench.metrics.METRICS`, or that mean something
        else.
    metrics : sequence of str
        Those to take; all that have a direction by default, counts of rows left out.

    Raises
    ------
    ConfigError
        For a file that is no such table; it names the file, the row (the header is row 1) and the column.

    Notes
    -----
    An empty score is undefined. Rows with a status other than ``ok`` and ``noop`` need neither fold nor
    score. What was left out is said in ``about["notes"]``.
    """
    source = TableSource(Path(path))
    layout = table_layout(source, better, metrics)
    statuses, is_fit, place, cells = _cells(source)
    unit, units, draw, draws = _fits(source, layout, is_fit)
    scored_cells, place = np.unique(place[is_fit], return_inverse=True)
    axes: tuple[Sequence[Any], ...] = (
        [cells[n] for n in scored_cells.tolist()],
        units,
        draws,
        layout.metrics,
    )
    _check_size(source, dict(zip(("cases", "folds", "seeds", "metrics"), map(len, axes), strict=True)))
    panel = Panel.empty(*axes)
    rows = np.flatnonzero(is_fit)
    fits = (place, unit[rows], draw[rows])
    _fill(panel, source, layout, fits, rows)
    splits = _fill_digests(panel, source, fits, rows)
    return Evidence(
        name=source.path,
        scores=panel,
        better=layout.better,
        statuses=statuses,
        data=_data_digests(source),
        splits=splits,
        about={
            "file": source.path,
            "notes": [*source.notes, *layout.notes],
            "doubts": _of_metrics(source.doubts, layout),
            "units": _of_metrics(source.units, layout),
        },
    )


def _of_metrics(said: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """Return what is said of columns as what is said of metrics, which may stand below each other."""
    column_of = {name: "value" if layout.is_long else name for name in layout.metrics}
    return {name: said[column] for name, column in column_of.items() if column in said}


def _check_size(source: TableSource, counts: Mapping[str, int]) -> None:
    if math.prod(counts.values()) > _LARGEST:
        words = " x ".join(f"{n} {noun}" for noun, n in counts.items())
        raise ConfigError(
            f"{source.path}: expected cases that share splits, seeds and folds, got {words}: "
            "number them alike in every case, from 0"
        )


def _cells(source: TableSource) -> tuple[dict[Cell, tuple[str, str]], np.ndarray, np.ndarray, list[Cell]]:
    """Return statuses, which rows are fits of scored cells, each row's cell, and the cells in order."""
    codes, names = zip(*(source.names(column) for column in NAMES), strict=True)
    combined = (codes[0] * len(names[1]) + codes[1]) * len(names[2]) + codes[2]
    unique, place = np.unique(combined, return_inverse=True)
    cells = []
    for number in unique.tolist():
        rest, classifier = divmod(number, len(names[2]))
        dataset, method = divmod(rest, len(names[1]))
        cells.append(Cell(names[0][dataset], names[1][method], names[2][classifier]))
    if "status" not in source.columns:
        return dict.fromkeys(cells, ("ok", "")), np.ones(source.n_rows, dtype=bool), place, cells
    rank = _status_ranks(source)
    worst = np.zeros(len(cells), dtype=np.int64)
    np.maximum.at(worst, place, rank)
    reasons = _reasons(source, place, rank, worst)
    statuses = {cell: (STATUSES[worst[n]], reasons.get(n, "")) for n, cell in enumerate(cells)}
    # what a cell gave before it failed is never averaged, as in a run
    return statuses, np.array(worst < STATUSES.index("error"))[place], place, cells


def _status_ranks(source: TableSource) -> np.ndarray:
    codes, found = source.names("status", may_be_empty=True)
    ranks = []
    for n, status in enumerate(found):
        if status and status not in STATUSES:
            raise source.error(
                int(np.flatnonzero(codes == n)[0]),
                "status",
                f"expected one of {', '.join(STATUSES)}, got {status!r}.{did_you_mean(status, STATUSES)} "
                "Write one of them, or nothing for ok",
            )
        ranks.append(STATUSES.index(status) if status else 0)
    by_row: np.ndarray = np.array(ranks, dtype=np.int64)[codes]
    return by_row


def _reasons(source: TableSource, place: np.ndarray, rank: np.ndarray, worst: np.ndarray) -> dict[int, str]:
    if "reason" not in source.columns:
        return {}
    codes, found = source.names("reason", may_be_empty=True)
    rows = np.flatnonzero((rank == worst[place]) & (rank > 0))
    pairs = sorted({(int(place[row]), found[codes[row]]) for row in rows.tolist()}, reverse=True)
    return dict(pairs)  # of several, the first in order of words


def _fits(
    source: TableSource, layout: Layout, is_fit: np.ndarray
) -> tuple[np.ndarray, list[Unit], np.ndarray, list[int]]:
    """Return each row's unit and draw as places in the sorted units and draws."""
    split = source.whole_numbers(layout.split, lowest=0, where=is_fit)
    fold = source.whole_numbers("fold", lowest=HOLDOUT_FOLD, where=is_fit)
    if "phase" in source.columns:
        codes, phases = source.names("phase")
        for n, phase in enumerate(phases):
            if phase not in _PHASES:
                raise source.error(
                    int(np.flatnonzero(codes == n)[0]),
                    "phase",
                    f"expected cv or holdout, got {phase!r}.{did_you_mean(phase, _PHASES)} Write one of them",
                )
        fold = np.where(np.array([phase == "holdout" for phase in phases])[codes], HOLDOUT_FOLD, fold)
    seed = np.zeros(source.n_rows, dtype=np.int64)
    if "seed" in source.columns:
        seed = source.whole_numbers("seed", lowest=0, where=is_fit)
    splits, split = np.unique(split, return_inverse=True)
    folds, fold = np.unique(fold, return_inverse=True)
    combined, unit = np.unique(split * len(folds) + fold, return_inverse=True)
    units = [Unit(int(splits[n // len(folds)]), int(folds[n % len(folds)])) for n in combined.tolist()]
    draws, draw = np.unique(seed, return_inverse=True)
    return unit, units, draw, draws.tolist()


def _fill(
    panel: Panel,
    source: TableSource,
    layout: Layout,
    fits: tuple[np.ndarray, np.ndarray, np.ndarray],
    rows: np.ndarray,
) -> None:
    panel.present[fits] = True
    if not layout.is_long:
        _check_once(panel, source, fits, None, rows)
        for n, name in enumerate(panel.names):
            panel.values[(*fits, n)] = source.numbers(name)[rows]
        return
    codes, found = source.names("metric", may_be_empty=True)
    _check_metric_cells(source, codes, found, rows)
    place_of = {name: n for n, name in enumerate(panel.names)}
    metric = np.array([place_of.get(name, -1) for name in found], dtype=np.int64)[codes][rows]
    taken = metric >= 0
    chosen = tuple(axis[taken] for axis in fits)
    _check_once(panel, source, chosen, metric[taken], rows[taken])
    panel.values[(*chosen, metric[taken])] = source.numbers("value")[rows[taken]]


def _check_metric_cells(
    source: TableSource, codes: np.ndarray, found: Sequence[str], rows: np.ndarray
) -> None:
    if "" in found:
        empty = rows[codes[rows] == found.index("")]
        if len(empty):
            raise source.error(int(empty[0]), "metric", "expected a metric, got an empty cell: fill it in")


def _check_once(
    panel: Panel, source: TableSource, fits: Sequence[np.ndarray], metric: np.ndarray | None, rows: np.ndarray
) -> None:
    """Refuse two rows of the same score."""
    shape = panel.values.shape if metric is not None else panel.present.shape
    place = np.ravel_multi_index((*fits, metric) if metric is not None else tuple(fits), shape)
    order = np.argsort(place, kind="stable")
    again = np.flatnonzero(place[order][1:] == place[order][:-1])
    if not len(again):
        return
    # the first in the file, so that the message does not depend on how names sort
    second = int(min(order[again + 1]))
    first = int(np.flatnonzero(place == place[second])[0])
    at, unit, draw = (int(axis[second]) for axis in fits)
    cell, (split, fold) = panel.cells[at], panel.units[unit]
    said = f" and metric {panel.names[int(metric[second])]}" if metric is not None else ""
    raise ConfigError(
        f"{source.path}, rows {rows[first] + 2} and {rows[second] + 2}: expected one row for each data set, "
        f"method, classifier, split, seed, fold and metric, got two of {cell.id}, split {split}, seed "
        f"{panel.draws[draw]}, fold {fold}{said}: delete one, or number splits and seeds apart"
    )


def _fill_digests(
    panel: Panel,
    source: TableSource,
    fits: tuple[np.ndarray, np.ndarray, np.ndarray],
    rows: np.ndarray,
) -> dict[SplitName, str]:
    """Fill in the fits' digests; return those of the test rows."""
    if "digest" in source.columns:
        codes, found = source.names("digest", may_be_empty=True)
        known = np.array([_as_number(text) for text in found], dtype=np.uint64)[codes][rows]
        panel.digests[fits] = known
        _check_same(source, "digest", "fit", panel.digests[fits] != known, rows)
    if "split_digest" not in source.columns:
        return {}
    codes, found = source.names("split_digest", may_be_empty=True)
    splits: dict[SplitName, str] = {}
    dataset = np.array([cell.dataset for cell in panel.cells], dtype=object)[fits[0]]
    triples = zip(dataset.tolist(), fits[1].tolist(), codes[rows].tolist(), rows.tolist(), strict=True)
    for name, unit, code, row in triples:
        key = (name, *panel.units[unit])
        if found[code] and splits.setdefault(key, found[code]) != found[code]:
            wrong = np.array([True])
            _check_same(source, "split_digest", "fold of a data set", wrong, np.array([row]))
    return splits


def _data_digests(source: TableSource) -> dict[str, str]:
    if "data_digest" not in source.columns:
        return {}
    datasets, names = source.names("dataset")
    codes, found = source.names("data_digest", may_be_empty=True)
    first = np.full(len(names), -1, dtype=np.int64)
    known = np.array([bool(text) for text in found])[codes]
    first[datasets[known][::-1]] = codes[known][::-1]
    _check_same(source, "data_digest", "data set", known & (first[datasets] != codes), np.arange(len(codes)))
    return {name: found[code] for name, code in zip(names, first.tolist(), strict=True) if code >= 0}


def _check_same(source: TableSource, column: str, of: str, differs: np.ndarray, rows: np.ndarray) -> None:
    for n in np.flatnonzero(differs)[:1].tolist():
        raise source.error(
            int(rows[n]),
            column,
            f"expected the same in all rows of a {of}, got another than before: write tables of different "
            "data into different files",
        )


def _as_number(text: str) -> int:
    """Return a digest as the panel keeps it: 64 bits, 0 where it is not known."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") if text else 0
