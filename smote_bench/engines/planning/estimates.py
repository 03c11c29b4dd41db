"""Seconds of each cell of a run before it: from cells that the memo knows, else from what was timed here.

A cell's work is in parts, since the classifiers of a method share its resampled rows: a whole group is
resampled once. What the memo knows of some cells of a method or a classifier corrects the estimates of its
others.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.engines.costs import classifier_cost, fit_seconds, method_costs
from smote_bench.engines.planning.calibration import Calibration, Measured
from smote_bench.methods.names import ORIGINAL

if TYPE_CHECKING:
    from smote_bench.engines.planning.tables import Table
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.known_work import Work

__all__ = ["Estimates", "GroupCost", "group_costs"]

_BESIDE_A_CELL = 0.008
"""Test, messages, store: docs/scale.md has 13 ms with preparing and scoring, which are measured here."""
_BESIDE_A_FIT = 0.001
_INNER_FITS, _INNER_ROWS = 5, 0.8


@dataclass
class _Ratio:
    """Seconds that some cells took, and that were estimated."""

    known: float = 0.0
    estimated: float = 0.0
    n: int = 0

    def add(self, known: float, estimated: float) -> None:
        self.known, self.estimated, self.n = self.known + known, self.estimated + estimated, self.n + 1

    def factor(self, otherwise: float) -> float:
        """Return known by estimated seconds; what is known otherwise counts as much as one cell."""
        weight = self.estimated / self.n if self.n else 1.0
        return (self.known + otherwise * weight) / (self.estimated + weight)


_NOTHING = _Ratio()


class Estimates:
    """Seconds of the parts of cells.

    Parameters
    ----------
    experiment : Experiment
    tables : mapping of str to Table
    calibration : Calibration
        What is not in it is estimated by its kind, whose seconds are orders of magnitude.
    known : mapping of Cell to Work
        Seconds of cells of earlier runs, for one fit.
    """

    def __init__(
        self,
        experiment: Experiment,
        tables: Mapping[str, Table],
        calibration: Calibration,
        known: Mapping[Cell, Work],
    ) -> None:
        self._experiment = experiment
        self._tables = tables
        self._calibration = calibration
        self.known = {cell: work for cell, work in known.items() if cell.id in experiment.cells}
        self._raw_resampling = functools.cache(self._raw_resampling)  # type: ignore[method-assign]
        self._raw_fitting = functools.cache(self._raw_fitting)  # type: ignore[method-assign]
        self._of: dict[tuple[str, ...], _Ratio] = defaultdict(_Ratio)
        self._known_resampling: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._learn()

    @property
    def n_fits(self) -> int:
        """Fits of a cell."""
        return self._experiment.protocol.fits_per_cell

    def resampling(self, dataset: str, method: str) -> float:
        """Return the seconds of resampling all folds of a group, once."""
        if not self._experiment.methods[method].steps:
            return 0.0
        if there := self._known_resampling.get((dataset, method)):
            return self.n_fits * math.fsum(there) / len(there)
        overall = self._of.get(("resample",), _NOTHING).factor(1.0)
        factor = self._of.get(("resample", method), _NOTHING).factor(overall)
        return self.n_fits * factor * self._raw_resampling(dataset, method)

    def fitting(self, cell: Cell) -> float:
        """Return the seconds of all fits of a cell with their predictions."""
        if cell in self.known:
            return self.n_fits * self.known[cell].fitting
        overall = self._of.get(("fit",), _NOTHING).factor(1.0)
        of_classifier = self._of.get(("fit", cell.classifier), _NOTHING).factor(overall)
        factor = self._of.get(("fit", cell.classifier, cell.method), _NOTHING).factor(of_classifier)
        return self.n_fits * factor * self._raw_fitting(cell)

    def beside(self, cell: Cell) -> float:
        """Return the seconds of what is done beside them: scoring, labelling training rows, recording."""
        table, protocol = self._tables[cell.dataset], self._experiment.protocol
        tested = table.rows * protocol.test_size if protocol.has_holdout else 0.0
        scored = (table.rows - tested) / protocol.cv_folds if protocol.cv_folds else tested
        score = self._calibration.beside.get("score")
        seconds = _BESIDE_A_CELL + self.n_fits * _BESIDE_A_FIT
        seconds += self.n_fits * (score.at(max(scored, tested, 2), 1) if score else 0.002)
        measured = self._calibration.classifiers.get(cell.classifier)
        if measured is not None and measured.more is not None and protocol.has_holdout:
            seconds += protocol.random_runs * measured.more.at(
                self._rows(cell.dataset), table.columns, cell.dataset
            )
        return seconds

    def describing(self, dataset: str, method: str) -> float:
        """Return the seconds of what is kept of a group: points and descriptions of its rows."""
        table, beside = self._tables[dataset], self._calibration.beside
        if not self._experiment.methods[method].steps and method != ORIGINAL:
            return 0.0
        rows = self._rows(dataset)
        seconds = beside["points"].at(rows, table.columns, dataset) if "points" in beside else 0.02
        if "describe" in beside and self._experiment.methods[method].steps:
            seconds += self.n_fits * beside["describe"].at(rows, table.columns, dataset)
        return seconds

    def opening(self, dataset: str) -> float:
        """Return the seconds of reading a table and preparing its folds, in each worker that needs it."""
        table = self._tables[dataset]
        return table.read_seconds + self.n_fits * table.prepare_seconds

    def fails(self, method: str) -> bool:
        """Whether a method raised on every table that it was tried on."""
        measured = self._calibration.methods.get(method)
        return measured is not None and measured.seconds is None

    def errors(self) -> list[tuple[float, float]]:
        """Return (estimated, known) seconds of the known cells, estimated from nothing that the memo has."""
        return [
            (
                self.n_fits * (self._raw_fitting(cell) + self._raw_resampling(cell.dataset, cell.method)),
                self.n_fits * (work.fitting + work.resampling),
            )
            for cell, work in self.known.items()
        ]

    def _learn(self) -> None:
        for cell, work in self.known.items():
            fit, raw = work.fitting, self._raw_fitting(cell)
            for names in (("fit",), ("fit", cell.classifier), ("fit", cell.classifier, cell.method)):
                self._of[names].add(fit, raw)
            if self._experiment.methods[cell.method].steps:
                raw = self._raw_resampling(cell.dataset, cell.method)
                for names in (("resample",), ("resample", cell.method)):
                    self._of[names].add(work.resampling, raw)
                self._known_resampling[cell.group].append(work.resampling)

    def _rows(self, dataset: str) -> float:
        """Return the rows that a fit trains on, in the mean over the folds."""
        protocol, rows = self._experiment.protocol, float(self._tables[dataset].rows)
        whole = rows * (1 - protocol.test_size)
        k = protocol.cv_folds
        parts = [whole * (k - 1) / k] * k if k > 1 else []
        parts += [whole] if protocol.has_holdout else []
        return math.fsum(parts) / len(parts) if parts else rows

    def _raw_resampling(self, dataset: str, method: str) -> float:
        spec, table = self._experiment.methods[method], self._tables[dataset]
        if not spec.steps or table.why_not:
            return 0.0
        rows, measured = self._rows(dataset), self._calibration.methods.get(method)
        inner = _INNER_FITS if spec.has_inner_fits else 0
        if measured is not None and measured.seconds is not None:
            seconds = measured.seconds.at(rows, table.columns, dataset)
            return seconds + inner * measured.seconds.at(_INNER_ROWS * rows, table.columns, dataset)
        if measured is not None:
            return 0.001  # it raises
        seconds = 0.01 + 2e-7 * rows * table.columns
        seconds += sum(fit_seconds(cost, rows, table.columns) for cost in method_costs(spec))
        return seconds * (1 + inner)

    def _raw_fitting(self, cell: Cell) -> float:
        spec, table = self._experiment.methods[cell.method], self._tables[cell.dataset]
        if table.why_not:
            return 0.0
        rows = self._grown(cell)
        one = self._one_fit(cell.classifier, table)
        tuned = _INNER_FITS * one(_INNER_ROWS * rows) if spec.has_inner_fits else 0.0
        return one(rows) + tuned

    def _one_fit(self, classifier: str, table: Table) -> Callable[[float], float]:
        measured = self._calibration.classifiers.get(classifier)
        if measured is not None and (growth := measured.seconds) is not None:
            return lambda rows: growth.at(rows, table.columns, table.name)
        cost = classifier_cost(self._experiment.classifiers[classifier])
        return lambda rows: fit_seconds(cost, rows, table.columns)

    def _grown(self, cell: Cell) -> float:
        """Return the rows that are fitted after resampling."""
        rows, spec = self._rows(cell.dataset), self._experiment.methods[cell.method]
        if not spec.steps:
            return rows
        measured: Measured = self._calibration.methods.get(cell.method, Measured())
        gap = 1 - 2 * min(self._tables[cell.dataset].minority_share, 0.5)
        return max(rows * (1 + min(max(measured.grown, -1.0), 1.5) * gap), 0.02 * rows)


@dataclass(frozen=True)
class GroupCost:
    """What the cells of one (data set, method) that are to be computed take.

    Parameters
    ----------
    dataset, method : str
    cells : tuple of Cell
    seconds : tuple of float
        Of each cell; the first has what they share.
    resampling : float
        Of it, resampling and describing the rows.
    known : float
        Of the sum, what is known from the memo.
    n_over_time : int
        Cells that are expected to end by the time limit.
    """

    dataset: str
    method: str
    cells: tuple[Cell, ...]
    seconds: tuple[float, ...]
    resampling: float
    known: float
    n_over_time: int

    @property
    def total(self) -> float:
        """Seconds of all cells."""
        return math.fsum(self.seconds)


def group_costs(cells: Iterable[Cell], estimates: Estimates, *, limit: float = 0.0) -> list[GroupCost]:
    """Return the costs of groups of cells, in the order of the cells.

    Parameters
    ----------
    cells : iterable of Cell
        To be computed.
    estimates : Estimates
    limit : float
        Seconds that a cell may take; 0 for no limit. A group whose resampling runs out of time ends there:
        its other cells are told so at once.
    """
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.group].append(cell)
    return [_group_cost(members, estimates, limit or math.inf) for members in groups.values()]


def _group_cost(cells: Sequence[Cell], estimates: Estimates, limit: float) -> GroupCost:
    dataset, method = cells[0].group
    if estimates.fails(method):
        shared = estimates.resampling(dataset, method)
        return GroupCost(dataset, method, tuple(cells), (shared, *[0.005] * (len(cells) - 1)), shared, 0.0, 0)
    resampling = estimates.resampling(dataset, method)
    describing = estimates.describing(dataset, method)
    seconds, over, known = [], 0, 0.0
    left = resampling
    for cell in cells:
        fitting, beside = estimates.fitting(cell), estimates.beside(cell)
        if resampling > limit and not left:
            seconds.append(0.01)  # it is told what became of the first
            over += 1
            continue
        work = min(left + fitting + beside, limit)  # scoring and labelling are under the limit, too
        if left + fitting + beside > limit:
            over += 1
        if cell in estimates.known:
            known += min(left + fitting, limit)
        seconds.append(work)
        left = 0.0
    if over < len(cells):
        seconds[0] += describing
    return GroupCost(
        dataset,
        method,
        tuple(cells),
        tuple(seconds),
        min(resampling, limit) + (describing if over < len(cells) else 0.0),
        known,
        over,
    )
