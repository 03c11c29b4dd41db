"""One cell as a test sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.evaluation.outcome import Cell, Outcome
    from smote_bench.evaluation.parts import Part

__all__ = ["SmoteCase"]


class SmoteCase:
    """One cell as a test sees it.

    Attributes
    ----------
    cell : Cell
    """

    def __init__(self, cell: Cell, runner: CellRunner, item: pytest.Item, parts: Sequence[Part] = ()) -> None:
        self.cell = cell
        self._runner = runner
        self._item = item
        self._parts = parts

    def evaluate(self) -> None:
        """Evaluate the cell and record its deltas against `Original` and its seconds on the test's report.

        Fails the test when the cell errs or runs out of time; skips it when something it needs is not here.
        """
        from smote_bench.session.no_room import one_error_without_room

        with one_error_without_room(self._item):
            result = self._runner.run(self.cell)
        outcome = result.outcome
        record = self._item.user_properties.append
        record(("smote_cell", self.cell.id))
        record(("smote_status", outcome.status))
        if outcome.reason:
            record(("smote_reason", outcome.reason))
        if result.from_memo:
            record(("smote_from_memo", True))
        for part in ("resample", "fit", "predict"):
            record((f"{part}_seconds", _readable(outcome.seconds(part))))
        for (phase, metric), delta in result.deltas.items():
            record((f"delta_{phase}_{metric}", _readable(delta)))
        if result.why_no_deltas:
            record(("smote_no_deltas", result.why_no_deltas))
        self._record_strictness()
        if outcome.status == "unavailable":
            pytest.skip(outcome.reason)
        _fail_if_broken(self.cell.id, outcome)
        for beside in self._parts:  # of the baseline that is being saved
            with one_error_without_room(self._item):
                of_part = self._runner.run_part(self.cell, beside)
            _fail_if_broken(f"{self.cell.id}, {beside.label}", of_part)

    def _record_strictness(self) -> None:
        """Send what markers say of the gate along with the report, since the gate is elsewhere."""
        marks = list(self._item.iter_markers("smote_gate"))
        if not marks:
            return
        from smote_bench.errors import ConfigError
        from smote_bench.session.gate_plan import marker_override

        try:
            overrides = marker_override(self.cell, marks, self._runner.experiment)
        except ConfigError as error:
            pytest.fail(str(error), pytrace=False)
        self._item.user_properties.append(("smote_gate", json.dumps(overrides)))


def _fail_if_broken(name: str, outcome: Outcome) -> None:
    if outcome.status in ("error", "timeout"):
        trace = f"\n\n{outcome.traceback}" if outcome.traceback else ""
        pytest.fail(f"{name}: {outcome.status}: {outcome.reason}{trace}", pytrace=False)


def _readable(value: float) -> float:
    """Round a number for people, who read it in JUnit's XML; the tables have every digit."""
    return float(f"{value:.5g}")
