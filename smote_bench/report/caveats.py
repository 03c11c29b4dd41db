"""What is to be known before a run's answer is believed, the gravest first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from smote_bench.experiment import ORIGINAL, TRIVIAL_ARMS
from smote_bench.report.effects import Effect, candidates
from smote_bench.report.sentences import few_names
from smote_bench.row_splitting import splitting_lines
from smote_bench.stats import MIN_DATASETS
from smote_bench.tables import scoring_phase
from smote_bench.trivial_arms import trivial_methods

if TYPE_CHECKING:
    from smote_bench.report.data import Run

__all__ = ["caveats"]


def caveats(run: Run, best: Effect | None, effects: Sequence[Effect]) -> list[str]:
    """Return the caveats of the answer on the first priority metric.

    Parameters
    ----------
    run : Run
    best : Effect or None
        What the answer is about.
    effects : sequence of Effect
        All that competed.
    """
    return [
        *_direction(run),
        *_few_data_sets(run, best),
        *_failures(run),
        *_left_out(run, best, effects),
        *_undefined(run),
        *_picked(best, effects),
        *_no_resampling(run),
        *splitting_lines(run.outcomes),
        *_trivial_arms(run),
        *_protocol(run),
    ]


def _direction(run: Run) -> list[str]:
    card = run.metrics[run.priority_metrics[0]]
    if card.better is not None:
        return []
    return [f"{card.title} has no direction of improvement: read here as if high were better."]


def _few_data_sets(run: Run, best: Effect | None) -> list[str]:
    n = len({outcome.task.dataset for outcome in run.outcomes if outcome.is_scored})
    lines = []
    if best is not None and best.basis == "fits":
        lines.append(
            "One data set: this says nothing about others; the interval is over fits of the same rows "
            "(Nadeau-Bengio)."
        )
    elif best is not None and best.n < MIN_DATASETS:
        lines.append(f"Only {best.n} data sets: tests over data sets need at least {MIN_DATASETS}.")
    elif best is not None and best.n < 10:
        lines.append(f"{best.n} data sets are few: an effect smaller than the interval cannot be seen.")
    if n and len(run.classifiers) == 1:
        lines.append(f"One classifier, {run.classifiers[0]}: others may react differently.")
    return lines


def _failures(run: Run) -> list[str]:
    failed = Counter(
        (o.task.method, o.status) for o in run.outcomes if o.status in ("error", "timeout", "unavailable")
    )
    if not failed:
        return []
    by_method: dict[str, list[str]] = {}
    for (method, status), n in sorted(failed.items()):
        by_method.setdefault(method, []).append(f"{n} {status}")
    ordered = [(name, by_method[name]) for name in run.methods if name in by_method]
    shown = "; ".join(f"{name}: {', '.join(counts)}" for name, counts in ordered[:4])
    more = f"; and {len(ordered) - 4} methods more" if len(ordered) > 4 else ""
    return [
        f"{failed.total()} of {len(run.outcomes)} cells have no scores and enter no mean ({shown}{more}): "
        "means of the others are over fewer, perhaps easier cells."
    ]


def _left_out(run: Run, best: Effect | None, effects: Sequence[Effect]) -> list[str]:
    competed = {effect.method for effect in effects}
    left = [method for method in candidates(run) if method not in competed]
    if not left or best is None:
        return []
    return [f"Not among those compared, as they have scores on fewer data sets: {few_names(left)}."]


def _undefined(run: Run) -> list[str]:
    metric = run.priority_metrics[0]
    n = sum(
        not all(map(math.isfinite, outcome.values(metric, scoring_phase(outcome))))
        for outcome in run.outcomes
        if outcome.is_scored
    )
    if not n:
        return []
    return [f"{run.metrics[metric].title} is undefined in {n} cells, which are left out of the means."]


def _picked(best: Effect | None, effects: Sequence[Effect]) -> list[str]:
    n = len(effects)
    if best is None or n < 2:
        return []
    return [
        f"{best.method} was picked as the best of {n} after looking, so its mean is likely too good. "
        "Intervals are for one comparison each; only p-values marked Holm are adjusted for several."
    ]


def _no_resampling(run: Run) -> list[str]:
    n = Counter(outcome.task.method for outcome in run.outcomes if outcome.status == "noop")
    if not n:
        return []
    names = ", ".join(f"{method} in {count}" for method, count in n.items())
    return [f"Returned the data unchanged, which counts as a score: {names} cells."]


def _trivial_arms(run: Run) -> list[str]:
    trivial = trivial_methods(run.outcomes)
    missing = [arm for arm in TRIVIAL_ARMS if arm not in trivial.values() and arm != ORIGINAL]
    if not missing or all(method in trivial for method in run.methods):
        return []
    return [f"Not run, so not compared with: {', '.join(missing)} (trivial arms any method has to beat)."]


def _protocol(run: Run) -> list[str]:
    phases = {scoring_phase(outcome) for outcome in run.outcomes if outcome.is_scored}
    if "cv" in phases or not phases:
        return []
    return ["Without cross-validation: scores are from the hold-out alone, and no trivial arm can be chosen."]
