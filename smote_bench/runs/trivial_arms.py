"""The trivial arms of a (data set, classifier), each by the metric it is judged by: a threshold tuned for it.

A threshold arm is fitted once; the threshold for every threshold metric comes from the same inner fits, and
each fit keeps the score at the threshold tuned for that metric. Comparisons take that score, whatever metric
the arm's own row is tuned for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from smote_bench.evaluation.outcome import Fit, Outcome
from smote_bench.methods.names import TRIVIAL_ARMS

__all__ = [
    "THRESHOLD",
    "TrivialArm",
    "best_trivial_arm",
    "kind_of",
    "threshold_note",
    "trivial_arms",
    "trivial_methods",
    "why_not_best",
]

THRESHOLD = "tuned_threshold"


@dataclass(frozen=True)
class TrivialArm:
    """A trivial arm's scores by one metric.

    Parameters
    ----------
    kind : str
        Which of `TRIVIAL_ARMS` it is, whatever the experiment calls it.
    outcome : Outcome
    metric : str
    """

    kind: str
    outcome: Outcome
    metric: str

    def values(self, phase: str) -> list[float]:
        """Return the scores over repeats and folds of a phase, in order."""
        return [self._value(fit) for fit in self.outcome.fits if fit.phase == phase]

    def mean(self, phase: str) -> float:
        """Return their mean; NaN where there is none, or one is undefined or infinite."""
        values = self.values(phase)
        if not values or not all(map(math.isfinite, values)):
            return math.nan
        return math.fsum(values) / len(values)

    @property
    def judged(self) -> Outcome:
        """The outcome, its scores those by which the metric judges it: at the threshold tuned for it."""
        if not self.is_tuned:
            return self.outcome
        fits = (
            replace(fit, scores={**fit.scores, self.metric: self._value(fit)}) for fit in self.outcome.fits
        )
        return replace(self.outcome, fits=tuple(fits))

    @property
    def is_tuned(self) -> bool:
        """Whether the scores are those of a threshold tuned for the metric."""
        return any(self.metric in (fit.tuned_scores or {}) for fit in self.outcome.fits)

    def _value(self, fit: Fit) -> float:
        # Metrics that no threshold changes, and folds in which nothing could be tuned, have one score alone.
        tuned = fit.tuned_scores or {}
        return tuned.get(self.metric, fit.scores.get(self.metric, math.nan))


def trivial_arms(outcomes: Iterable[Outcome], metric: str) -> list[TrivialArm]:
    """Return the trivial arms among the outcomes of one data set and classifier, as a metric judges them.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Of one data set and classifier; methods that are no trivial arm, and cells without complete scores,
        are left out.
    metric : str
        For a threshold metric, a threshold arm has the scores of the threshold tuned for that metric.

    Returns
    -------
    list of TrivialArm
        In the order of `TRIVIAL_ARMS`, arms of one kind in the order of `outcomes`.
    """
    found = [TrivialArm(kind_of(o), o, metric) for o in outcomes if o.is_scored and kind_of(o)]
    return sorted(found, key=lambda arm: TRIVIAL_ARMS.index(arm.kind))


def best_trivial_arm(outcomes: Iterable[Outcome], metric: str, better: str) -> TrivialArm | None:
    """Return the trivial arm best in cross-validation, so on training rows only.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Of one data set and classifier, as `trivial_arms` takes them.
    metric : str
    better : {"high", "low"}

    Returns
    -------
    TrivialArm or None
        None where no arm has such a score. Of equal ones, the first.
    """
    sign = -1 if better == "low" else 1
    scored = [arm for arm in trivial_arms(outcomes, metric) if not math.isnan(arm.mean("cv"))]
    return max(scored, key=lambda arm: sign * arm.mean("cv"), default=None)


def why_not_best(outcome: Outcome, kind: str, metric: str) -> str:
    """Say why a trivial arm cannot be the best one by a metric; "" where it can."""
    if not outcome.is_scored:
        return outcome.status
    return "undefined" if math.isnan(TrivialArm(kind, outcome, metric).mean("cv")) else ""


def trivial_methods(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Return the methods of a run that are trivial arms: which of `TRIVIAL_ARMS` each is, by its name there.

    A method is told by its definition, not by its name: ``for_f1: {method: tuned_threshold, ...}`` is one.
    """
    kinds: dict[str, str] = {}
    for outcome in outcomes:
        # A cell that failed before it was evaluated knows its method's name alone.
        if outcome.arm is not None or outcome.cell.method not in kinds:
            kinds[outcome.cell.method] = kind_of(outcome)
    return {method: kind for method, kind in kinds.items() if kind}


def threshold_note(outcomes: Iterable[Outcome], metric: str) -> str:
    """Say what the thresholds of a run are tuned for: in rows of their own, and in comparisons by a metric.

    Returns
    -------
    str
        Empty where no method tunes a threshold.
    """
    outcomes = list(outcomes)
    methods: dict[str, dict[str, None]] = {}
    for outcome in outcomes:
        if outcome.tuned_for:
            methods.setdefault(outcome.tuned_for, {})[outcome.cell.method] = None
    if not methods:
        return ""
    rows = "; ".join(f"{', '.join(names)}: {tuned_for}" for tuned_for, names in methods.items())
    note = f"Thresholds of rows are tuned for one metric each ({rows})."
    if any(arm.is_tuned for arm in trivial_arms(outcomes, metric)):
        note += f" As a trivial arm that others are compared with, a threshold is tuned for {metric}."
    return note


def kind_of(outcome: Outcome) -> str:
    """Return which of `TRIVIAL_ARMS` an outcome's method is, by its definition; "" for none."""
    if outcome.arm is not None:
        return outcome.arm
    return outcome.cell.method if outcome.cell.method in TRIVIAL_ARMS else ""
