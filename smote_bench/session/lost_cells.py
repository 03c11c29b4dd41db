"""Cells that could not report for themselves: a worker died, a mark skipped them, or their set-up failed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.errors import DiskError
from smote_bench.session.retries import Retries, why_lost

if TYPE_CHECKING:
    import pytest

    from smote_bench.evaluation.outcome import Cell, Outcome
    from smote_bench.runs.run_store import RunStore, Worker
    from smote_bench.session.setup import Setup

__all__ = ["LostCells", "run_store"]


def run_store(setup: Setup, *, read_only: bool = False) -> contextlib.closing[RunStore]:
    """Open the store of a session's run, to be closed at the end of a `with`."""
    from smote_bench.runs.run_store import RunStore

    return contextlib.closing(RunStore(Path(setup.settings.run_dir, "cells.sqlite"), read_only=read_only))


class LostCells:
    """Puts into a run's store what is known of cells that did not report.

    Parameters
    ----------
    setup : callable
        Gives the session's `Setup`, or raises a `DiskError` where its run has no place any more.
    say : callable
        Told in words of cells that are tried again, and of workers that died after their cell was recorded.
    """

    def __init__(self, setup: Callable[[], Setup], say: Callable[[str], None]) -> None:
        self._setup = setup
        self._say = say
        self._retries = Retries(say)

    def put(self, cell: Cell, report: pytest.TestReport) -> str:
        """Record a cell whose test was skipped by a mark, or failed before it; return its status.

        Raises
        ------
        DiskError
        """
        from smote_bench.runs.run_store import DIED

        status, reason = "error", DIED
        if report.skipped:
            status, reason = "unavailable", f"skipped by a mark: {_skip_reason(report)}"
        elif report.when in ("setup", "call"):
            reason = f"test set-up failed: {report.longreprtext[-300:]}"
        with run_store(self._setup()) as store:
            store.put_lost(cell, " ".join(reason.split()), status=status)
        return status

    def may_try_again(self, cell: Cell, worker: Worker, exit_code: int | None) -> bool:
        """Tell whether a cell whose worker died is tried again; see `Retries`."""
        try:
            with run_store(self._setup()) as store:
                return self._retries.grant(store, cell, worker, exit_code)
        except DiskError:
            return False

    def tell(
        self,
        cell: Cell,
        report: pytest.TestReport,
        worker: Worker,
        exit_code: int | None = None,
        *,
        is_done: bool,
    ) -> None:
        """Record what a dead worker had begun, and make its test's report that of the cell in the store.

        A cell that was committed before the worker died keeps its outcome and passes: what died then is
        another cell (`Original`, for the deltas), which is an error of its own, or nothing.

        Parameters
        ----------
        cell : Cell
            The cell of the test that the worker was at.
        report : pytest.TestReport
            Of that test, written by pytest-xdist; changed in place.
        worker : Worker
        exit_code : int, optional
            Of its process, where it is known.
        is_done : bool
            Whether that test had reported before: the worker died after its last word on this cell.
        """
        try:
            setup = self._setup()
            with run_store(setup) as store:
                lost = self._put_begun(store, worker, exit_code)
                outcome = store.outcome_of(cell) or store.put_lost(cell)
                parts = setup.gate.parts(setup.experiment) if outcome.is_scored else ()
                of_parts = {
                    part.label: store.outcome_of(cell, part.label) or store.put_lost(cell, part=part.label)
                    for part in parts
                }
        except DiskError as error:
            report.when, report.longrepr = "call", f"{cell.id}: its worker died, and {error}"
            report.user_properties = [("smote_no_room", error.reason)]
            return
        if is_done:
            report.outcome, report.when, report.longrepr = "passed", "teardown", None
            return
        failed = [(part, o) for part, o in of_parts.items() if not o.is_scored]
        _report_outcome(report, outcome, [f"{cell.id}, {part}: {o.status}: {o.reason}" for part, o in failed])
        if report.passed:
            note = f"a worker died after {cell.id} was recorded, which stays {outcome.status}"
            names = ", ".join(other.id for other in lost)
            self._say(f"{note}; it was computing {names}" if names else note)

    def _put_begun(self, store: RunStore, worker: Worker, exit_code: int | None) -> list[Cell]:
        """Record as lost what a dead worker had begun, and return these cells."""
        begun = store.begun_by(worker)
        for cell, part in begun:
            told = why_lost(store.time_of(worker, cell, part), exit_code)
            store.put_lost(cell, told.reason + self._retries.words(cell), status=told.status, part=part)
        return [cell for cell, _ in begun]


def _report_outcome(report: pytest.TestReport, outcome: Outcome, failed_parts: Sequence[str]) -> None:
    """Make the report of a test whose worker died that of the cell's outcome in the store."""
    name = outcome.cell.id
    report.when = "call"
    report.user_properties = [("smote_cell", name), ("smote_status", outcome.status)]
    if outcome.reason:
        report.user_properties.append(("smote_reason", outcome.reason))
    if outcome.status == "unavailable":
        report.outcome, report.longrepr = "skipped", (report.fspath, 0, f"Skipped: {outcome.reason}")
    elif not outcome.is_scored:
        report.longrepr = f"{name}: {outcome.status}: {outcome.reason}\n\n{report.longreprtext}"
    elif failed_parts:
        report.longrepr = "\n".join([*failed_parts, "", report.longreprtext])
    else:
        report.outcome, report.longrepr = "passed", None
        report.user_properties.append(("smote_no_deltas", "no deltas: the worker died before"))


def _skip_reason(report: pytest.TestReport) -> str:
    """Return the words of a skip, which pytest gives with file and line before them."""
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
