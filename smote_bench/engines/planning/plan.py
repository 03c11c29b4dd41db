"""Puts a plan together: cells, CPU seconds by method and classifier, memory, wall time on some workers."""

from __future__ import annotations

import math
import os
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.engines.costs import longest_groups_first
from smote_bench.engines.planning.calibration import FIRST_SECONDS, Calibration, calibrate, start_seconds
from smote_bench.engines.planning.estimates import Estimates, GroupCost, group_costs
from smote_bench.engines.planning.schedule import Group, Schedule, simulate
from smote_bench.engines.planning.tables import Table, read_tables
from smote_bench.evaluation.folds import BUDGET_BYTES
from smote_bench.runs.known_work import Remembered, remembered

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment

__all__ = ["Basis", "Errors", "Plan", "Request", "make_plan", "plan_of", "take_basis"]

_SERIAL_SECONDS = 0.002
"""What the controller does for each cell, one after another (docs/scale.md)."""
_START_SECONDS = 4.0
_BASE_BYTES = 230e6
"""A worker with its libraries, before its first table (docs/scale.md)."""
_READ_SECONDS = 30.0


@dataclass(frozen=True)
class Request:
    """What a plan is asked for.

    Parameters
    ----------
    workers : tuple of int
    memo : Path or None
    data_dir : Path or None
    timeout : float
        Seconds that a cell may take; 0 for no limit.
    calibrate : float or None
        CPU seconds that a call may take while it is timed; 0 for no calibration, None for what suits the
        number of methods and classifiers.
    engine : {"", "xdist", "dask"}
        Whose order is simulated; "" for pytest-xdist's on up to as many workers as this machine has cores,
        and a cluster's beyond.
    """

    workers: tuple[int, ...] = (1, 16, 256, 4096)
    memo: Path | None = None
    data_dir: Path | None = None
    timeout: float = 1800.0
    calibrate: float | None = None
    engine: str = ""


@dataclass(frozen=True)
class Basis:
    """What plans are made from.

    Parameters
    ----------
    memory : Remembered
    tables : mapping of str to Table
    calibration : Calibration
    start : float
        CPU seconds of a worker's start.
    """

    memory: Remembered
    tables: Mapping[str, Table]
    calibration: Calibration = field(default_factory=Calibration)
    start: float = _START_SECONDS


@dataclass(frozen=True)
class Errors:
    """How far estimates were off where something was measured.

    Parameters
    ----------
    n : int
    half, most : float
        Factors that half of them, and nine in ten, are within.
    total : float
        Sum of the estimates by sum of what was measured; NaN where that says nothing.
    """

    n: int
    half: float
    most: float
    total: float = math.nan

    @classmethod
    def of(cls, ratios: Sequence[float], total: float = math.nan) -> Errors | None:
        """Return the errors of ratios of estimated to measured; None of no ratio."""
        off = sorted(max(ratio, 1 / ratio) for ratio in ratios if ratio > 0 and math.isfinite(ratio))
        if not off:
            return None
        return cls(
            len(off), statistics.median(off), off[min(len(off) - 1, math.ceil(0.9 * len(off)) - 1)], total
        )


@dataclass(frozen=True)
class Plan:
    """What a run will cost. Seconds are CPU seconds, those of `wall` are by the clock.

    Parameters
    ----------
    experiment : str
    n_asked, n_known, n_unavailable, n_left : int
        Cells: of the experiment; those that the memo has; those whose data set cannot be had here; those to
        be computed.
    seconds : float
        Of the cells that are left, start-up and reading of one worker included.
    by_method, by_classifier : mapping of str to float
        Of the cells alone; what a method's classifiers share is the method's, and of no classifier.
    resampling : float
        What the classifiers share.
    known_seconds : float
        Of the cells' seconds, those known from the memo.
    start, opening : float
        Start-up of a worker; reading and preparing every table once.
    n_over_time : int
        Cells that are expected to run into the time limit.
    memory : float
        Bytes that the largest worker may come to hold.
    memory_of : str
        What takes the most.
    wall : mapping of int to Schedule
        By number of workers.
    longest : GroupCost or None
        The group that no number of workers makes shorter.
    errors, foretold : Errors or None
        Of the estimates of cells that the memo knows; of the largest tables timed, as foretold by smaller
        ones.
    calibration : Calibration
    remarks : tuple of str
    """

    experiment: str
    n_asked: int
    n_known: int
    n_unavailable: int
    n_left: int
    seconds: float
    by_method: Mapping[str, float]
    by_classifier: Mapping[str, float]
    resampling: float
    known_seconds: float
    start: float
    opening: float
    n_over_time: int
    memory: float
    memory_of: str
    wall: Mapping[int, Schedule]
    longest: GroupCost | None
    errors: Errors | None = None
    foretold: Errors | None = None
    calibration: Calibration = field(default_factory=Calibration)
    remarks: tuple[str, ...] = ()
    groups: tuple[GroupCost, ...] = ()

    @property
    def cell_seconds(self) -> float:
        """Seconds of the cells alone."""
        return math.fsum(self.by_method.values())

    @property
    def known_share(self) -> float:
        """Which share of the cells' seconds is known from the memo."""
        return min(1.0, self.known_seconds / self.cell_seconds) if self.cell_seconds else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; seconds and bytes are rounded to what they are worth."""
        return {
            "experiment": self.experiment,
            "cells": {
                "asked": self.n_asked,
                "in_the_memo": self.n_known,
                "unavailable": self.n_unavailable,
                "left": self.n_left,
                "over_the_time_limit": self.n_over_time,
            },
            "cpu_seconds": {
                "all": round(self.seconds, 2),
                "cells": round(self.cell_seconds, 2),
                "resampling": round(self.resampling, 2),
                "known": round(self.known_seconds, 2),
                "estimated": round(max(self.cell_seconds - self.known_seconds, 0.0), 2),
                "start_of_a_worker": round(self.start, 2),
                "reading": round(self.opening, 2),
                "by_method": {name: round(value, 2) for name, value in self.by_method.items()},
                "by_classifier": {name: round(value, 2) for name, value in self.by_classifier.items()},
            },
            "memory_bytes_of_a_worker": round(self.memory),
            "wall": {
                str(n): {
                    "seconds": round(one.seconds, 2),
                    "workers_used": one.n_used,
                    "idle_share": round(one.idle_share(n), 4),
                    "critical": [list(name) for name in one.critical],
                    "waits_for_controller": one.waits_for_controller,
                }
                for n, one in self.wall.items()
            },
            "off_where_known": None if self.errors is None else vars(self.errors),
            "off_in_calibration": None if self.foretold is None else _without_total(self.foretold),
            "remarks": list(self.remarks),
        }


def _without_total(errors: Errors) -> dict[str, float]:
    return {"n": errors.n, "half": errors.half, "most": errors.most}


def make_plan(
    experiment: Experiment,
    request: Request,
    *,
    cells: Iterable[Cell] | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Plan:
    """Measure what is needed, and plan the cells that the memo does not have.

    Parameters
    ----------
    experiment : Experiment
    request : Request
    cells : iterable of Cell, optional
        Only these; default all of the experiment.
    say : callable
        Gets what is being done.
    """
    asked = list(experiment.cells.values() if cells is None else cells)
    return plan_of(experiment, request, asked, take_basis(experiment, request, asked, say=say))


def take_basis(
    experiment: Experiment,
    request: Request,
    asked: Sequence[Cell],
    *,
    say: Callable[[str], None] = lambda _text: None,
) -> Basis:
    """Read the memo and the tables, and time what the memo does not know."""
    say("reading the memo")
    memory = remembered(request.memo, experiment, request.data_dir)
    left = [cell for cell in asked if cell not in memory.cells]
    tables = read_tables(experiment, request.data_dir, seconds=_READ_SECONDS, say=say)
    calibration, start = Calibration(), _START_SECONDS
    if request.calibrate != 0 and left:
        known = set(memory.work or ())
        left_unknown = [cell for cell in left if cell not in known and not tables[cell.dataset].why_not]
        calibration = calibrate(
            experiment,
            list(tables.values()),
            limit=request.calibrate,
            methods=_names(left_unknown, "method"),
            classifiers=_names(left_unknown, "classifier"),
            say=say,
        )
        say("timing the start of a worker")
        start = start_seconds(experiment)
    return Basis(memory, tables, calibration, start)


def _names(cells: Sequence[Cell], part: str) -> list[str]:
    return list(dict.fromkeys(getattr(cell, part) for cell in cells))


def plan_of(
    experiment: Experiment,
    request: Request,
    asked: Sequence[Cell],
    basis: Basis,
) -> Plan:
    """Plan cells from what is known and was measured."""
    memory, tables, calibration, start = basis.memory, basis.tables, basis.calibration, basis.start
    estimates = Estimates(experiment, tables, calibration, memory.work or {})
    left = [cell for cell in asked if cell not in memory.cells]
    there = [cell for cell in left if not tables[cell.dataset].why_not]
    costs = group_costs(there, estimates, limit=request.timeout)
    by_method: dict[str, float] = defaultdict(float)
    by_classifier: dict[str, float] = defaultdict(float)
    for cost in costs:
        by_method[cost.method] += cost.total
        for n, (cell, seconds) in enumerate(zip(cost.cells, cost.seconds, strict=True)):
            by_classifier[cell.classifier] += max(seconds - (cost.resampling if n == 0 else 0.0), 0.0)
    opening = {name: estimates.opening(name) for name in {cost.dataset for cost in costs}}
    total = math.fsum(by_method.values())
    n_bytes, of = _memory(experiment, costs, tables, calibration)
    pairs = estimates.errors()
    return Plan(
        experiment.name,
        len(asked),
        len(asked) - len(left),
        len(left) - len(there),
        len(there),
        (total + math.fsum(opening.values()) + start) if there else 0.0,
        _dearest_first(by_method),
        _dearest_first(by_classifier),
        math.fsum(cost.resampling for cost in costs),
        math.fsum(cost.known for cost in costs),
        start,
        math.fsum(opening.values()),
        sum(cost.n_over_time for cost in costs),
        n_bytes,
        of,
        _walls(costs, request, opening, start),
        max(costs, key=lambda cost: cost.total, default=None),
        _errors(pairs),
        Errors.of(calibration.errors()),
        calibration,
        _remarks(memory, tables, calibration, request),
        tuple(costs),
    )


def _errors(pairs: Sequence[tuple[float, float]]) -> Errors | None:
    pairs = [pair for pair in pairs if min(pair) > 0]
    total = math.fsum(known for _, known in pairs)
    return Errors.of([e / k for e, k in pairs], math.fsum(e for e, _ in pairs) / total if total else math.nan)


def _dearest_first(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: -item[1]))


def _walls(
    costs: Sequence[GroupCost], request: Request, opening: Mapping[str, float], start: float
) -> dict[int, Schedule]:
    """Simulate the run on each number of workers, in the order in which engines go through it."""
    seconds = {cell: value for cost in costs for cell, value in zip(cost.cells, cost.seconds, strict=True)}
    ranks = longest_groups_first(seconds, seconds.__getitem__)
    ordered = sorted(costs, key=lambda cost: (ranks[cost.dataset, cost.method], cost.dataset, cost.method))
    groups = [
        Group(cost.dataset, cost.method, cost.seconds, tuple(cell.classifier for cell in cost.cells))
        for cost in ordered
    ]
    cores = os.cpu_count() or 1
    found = {}
    for n in request.workers:
        by_xdist = request.engine == "xdist" or (not request.engine and n <= cores)
        found[n] = simulate(
            groups,
            n,
            start=start if n == 1 else 2 * start,  # the controller's own, and then the workers'
            opening=opening,
            asks_early=by_xdist,
            serial=_SERIAL_SECONDS,
        )
    return found


def _memory(
    experiment: Experiment,
    costs: Sequence[GroupCost],
    tables: Mapping[str, Table],
    calibration: Calibration,
) -> tuple[float, str]:
    """Return the bytes that a worker may come to hold, and which group takes them.

    Kept are tables and folds, as far as the caches' budget allows; beside them is what a call needs.
    """
    protocol = experiment.protocol
    names = {cost.dataset for cost in costs}
    fits = protocol.fits_per_cell
    prepared = sum(fits * tables[name].bytes for name in names)
    kept = sum(2 * tables[name].bytes for name in names) + 2 * min(prepared, BUDGET_BYTES)
    most, of = 0.0, ""
    for cost in costs:
        table = tables[cost.dataset]
        needed = float(fits * 1.8 * table.bytes)
        for one in (calibration.methods.get(cost.method), *_classifiers(cost, calibration)):
            if one is not None and one.peak is not None:
                needed = max(needed, one.peak.at(table.rows, table.columns))
        if needed > most:
            most, of = needed, f"{cost.method} on {cost.dataset}"
    return (_BASE_BYTES + kept + most if costs else 0.0), of


def _classifiers(cost: GroupCost, calibration: Calibration) -> list[Any]:
    return [calibration.classifiers.get(cell.classifier) for cell in cost.cells]


def _remarks(
    memory: Remembered, tables: Mapping[str, Table], calibration: Calibration, request: Request
) -> tuple[str, ...]:
    found = [memory.remark] if memory.remark else []
    found += [
        f"{name}: not computed here: {table.why_not}" for name, table in tables.items() if table.why_not
    ]
    by_size = [name for name, table in tables.items() if not table.is_read and not table.why_not]
    if by_size:
        found.append(f"estimated by their sizes alone, for they were not read: {', '.join(by_size)}")
    raised = {name: one for name, one in calibration.methods.items() if one.seconds is None}
    found += [
        f"{name}: raised on every table: {one.failures[-1]}" for name, one in raised.items() if one.failures
    ]
    bound = [name for name, one in {**calibration.methods, **calibration.classifiers}.items() if one.is_bound]
    if bound:
        found.append(
            f"stopped on the smallest table after {FIRST_SECONDS:g} s, so that nothing is known but "
            f"that they take longer: {', '.join(bound)}"
        )
    if request.calibrate == 0:
        found.append("not calibrated: what the memo does not know is right in its order of magnitude at best")
    elif (
        not calibration.classifiers
        and not calibration.methods
        and any(not table.why_not for table in tables.values())
    ):
        found.append("nothing was timed: all is known from the memo, or processes cannot be forked here")
    return tuple(found)
