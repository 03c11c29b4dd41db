"""What a gate says: findings, counts, limits; plain data, shown by `smote_bench.gating.verdicts.words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from smote_bench.experiment.gate_settings import GateSettings, Level

__all__ = ["EXIT_CODES", "Finding", "Kind", "Limit", "Problem", "Result", "Verdict"]

Result = Literal["pass", "fail", "undecided", "not comparable"]
EXIT_CODES: Mapping[Result, int] = {"pass": 0, "fail": 1, "undecided": 8, "not comparable": 4}
"""Of a process. 2 is a wrong call; pytest has 0 to 6 for itself."""

Kind = Literal["CHANGED", "DROP", "LIMIT", "SLOWER", "RISE"]


@dataclass(frozen=True)
class Problem:
    """Something wrong with a case before any statistics.

    Parameters
    ----------
    what : str
        ``cut`` for a run that did not end; ``missing case``, ``missing fit``, ``undefined score``,
        ``status``; ``data``, ``splits`` or ``protocol`` where the sides cannot be compared.
    where : str
        The case's id, or a data set.
    reason : str
        What was expected, what came, what to do.
    """

    what: str
    where: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """A comparison that came out beyond its limit.

    Parameters
    ----------
    kind : str
        ``CHANGED`` (a descriptor of samples), ``DROP`` (a metric), ``LIMIT`` (a fixed limit), ``SLOWER``; a
        ``RISE`` only warns.
    level : {"method", "dataset", "case"}
    dataset, method, classifier : str
        Empty where the comparison is over all.
    measure : str
        Metric or descriptor.
    before, after : float
        Means of the baseline and of the run.
    change : float
        After minus before, in the measure's own units.
    se : float
        Standard error of the change; NaN where there is none.
    limit : float
        Alarms beyond this change (with its sign), in the measure's own units.
    p : float
        Adjusted (Holm) within its level, not for the levels' shares of alpha.
    n_datasets, of_datasets : int
        On how many data sets the same was found alone, of how many that were compared.
    is_warning : bool
        Shown, but no reason to fail.
    n_splits : int
        Splits behind the comparison; 0 where that does not matter (fixed limits, seconds).
    """

    kind: Kind
    level: Level
    dataset: str
    method: str
    classifier: str
    measure: str
    before: float
    after: float
    change: float
    se: float
    limit: float
    p: float
    n_datasets: int = 0
    of_datasets: int = 0
    is_warning: bool = False
    n_splits: int = 0

    @property
    def is_of_one_split(self) -> bool:
        """Whether its rate of false alarms is not held, so that it decides nothing alone.

        All folds of a split share the classifiers' seeds, and how far one seed can take all of them down
        together is not to be known from a handful of others.
        """
        return self.n_splits == 1


@dataclass(frozen=True)
class Limit:
    """From which drop on a comparison raises an alarm, and which drop it sees in 95 of 100 runs.

    Parameters
    ----------
    level, dataset, method, classifier, metric
        As in `Finding`.
    alarms_beyond : float
        Positive, in the metric's units.
    would_see : float
        Positive, in the metric's units.
    n_units : int
        Folds that the run has of it.
    """

    level: Level
    dataset: str
    method: str
    classifier: str
    metric: str
    alarms_beyond: float
    would_see: float
    n_units: int


@dataclass(frozen=True)
class Verdict:
    """The outcome of a gate.

    Parameters
    ----------
    result : {"pass", "fail", "undecided", "not comparable"}
        ``undecided`` where alarms of a single split, or drops on one fold with one seed, are all there is
        against the run.
    n_cases : int
        Of the baseline that were compared, those with problems among them.
    n_identical, n_changed, n_within_noise : int
        Of those: equal to the last digit; not so; not so, yet part of no alarm.
    incomparable, problems : tuple of Problem
        Why the sides cannot be compared; what is wrong with the structure.
    findings : tuple of Finding
        Alarms and warnings, gravest first.
    new_cases, not_selected : tuple of str
        Ids of cases that the baseline does not have; of cases that were not asked for this time.
    would_see : mapping of level to float
        The drop that 95 of 100 runs would have shown, mean over the level's comparisons of the metric in
        which they are least sensitive; NaN where nothing can be said.
    limits : tuple of Limit
        Of every comparison.
    fixed_rate : mapping of metric to float
        How often a fixed limit raises an alarm when nothing changed but the seeds.
    settings : GateSettings
    notes : tuple of str
        What a reader has to know: undefined scores, missing noise, versions that differ.
    baseline, current : mapping
        Their `Evidence.name` and `Evidence.about`, and the numbers of splits, folds and seeds.
    """

    result: Result
    n_cases: int
    n_identical: int
    n_changed: int
    n_within_noise: int
    incomparable: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    new_cases: tuple[str, ...] = ()
    not_selected: tuple[str, ...] = ()
    would_see: Mapping[Level, float] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    fixed_rate: Mapping[str, float] = field(default_factory=dict)
    settings: GateSettings = field(default_factory=GateSettings)
    notes: tuple[str, ...] = ()
    baseline: Mapping[str, Any] = field(default_factory=dict)
    current: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """Of a process, see `EXIT_CODES`; 0 for all where the mode is not ``fail``."""
        return EXIT_CODES[self.result] if self.settings.mode == "fail" else 0

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings that are reasons not to pass."""
        return tuple(finding for finding in self.findings if not finding.is_warning)
