"""How strict a gate is: alpha, tolerances, overrides, fixed limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from smote_bench.evaluation.outcome import Cell

__all__ = ["LEVELS", "GateSettings", "Level", "Mode", "Override"]

Level = Literal["method", "dataset", "case"]
Mode = Literal["off", "warn", "fail"]
LEVELS: tuple[Level, ...] = ("method", "dataset", "case")
"""A method over all data sets; a method on one; a single case."""

_TOLERANCE: Mapping[Level, float] = {"method": 0.0015, "dataset": 0.005, "case": 0.01}


@dataclass(frozen=True)
class Override:
    """Another strictness for some cases. Empty names match all.

    It holds for every comparison whose cases it covers all: one for a data set leaves the method's mean over
    all data sets as strict as it was; with mode ``off`` its cases enter no mean.

    Parameters
    ----------
    dataset, method, classifier, metric : str
    tolerance : float, optional
        In the metric's units.
    mode : {"off", "warn", "fail"}, optional
    """

    dataset: str = ""
    method: str = ""
    classifier: str = ""
    metric: str = ""
    tolerance: float | None = None
    mode: Mode | None = None

    def covers(self, cell: Cell, metric: str) -> bool:
        """Whether a case's metric, or a comparison named by its data set, method and classifier, is meant.

        A comparison over several (an empty name in `cell`) is covered only where the override names none.
        """
        return all(
            not own or own == other
            for own, other in (
                (self.dataset, cell.dataset),
                (self.method, cell.method),
                (self.classifier, cell.classifier),
                (self.metric, metric),
            )
        )


@dataclass(frozen=True)
class GateSettings:
    """What a gate is told.

    Parameters
    ----------
    mode : {"off", "warn", "fail"}
        With ``warn`` a verdict is shown and nothing fails.
    alpha : float
        Rate of false alarms per run, in (0, 1); half of it for changes of samples, half for drops.
    tolerance : mapping of level to float
        A mean drop up to this, in the metric's units, is never an alarm.
    metrics : tuple of str
        To be judged; empty for all that the baseline has.
    overrides : tuple of Override
        The last one that covers a comparison holds.
    fixed : mapping of metric to float
        Limits of a case's mean drop, without statistics, for those who want them.
    max_slowdown : float, optional
        A method whose seconds for resampling, in units of its run's own `Original`, grow by more than this
        factor (median over data sets) fails; None does not judge seconds.
    partial : bool
        Judge only the cells that the current side has: what is missing was not selected.
    """

    mode: Mode = "fail"
    alpha: float = 0.01
    tolerance: Mapping[Level, float] = field(default_factory=lambda: dict(_TOLERANCE))
    metrics: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    max_slowdown: float | None = None
    partial: bool = False
