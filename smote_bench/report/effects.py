"""The numbers behind the answer: each method's effect with an interval and an adjusted p."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from smote_bench.experiment import ORIGINAL
from smote_bench.outcome import Task
from smote_bench.report.score_blocks import direction
from smote_bench.stats import MIN_DATASETS, holm, mean_interval, resampled_t
from smote_bench.summary import Delta, delta_between, summarise, tested_over_trained
from smote_bench.trivial_arms import best_trivial_arm, trivial_methods

if TYPE_CHECKING:
    from smote_bench.report.data import Run

__all__ = [
    "Effect",
    "against_best_trivial_arm",
    "candidates",
    "effect_against",
    "effects_by_method",
    "effects_by_metric",
    "too_few",
]

ALPHA = 0.05


@dataclass(frozen=True)
class Effect:
    """A mean difference, its sign turned so that positive is better.

    Parameters
    ----------
    method : str
    metric : str
    gain, half_width : float
        NaN where there is none.
    n : int
    basis : {"datasets", "fits"}
    p, p_holm : float
        Two-sided, of the same Student's t as the interval; adjusted for the comparisons made beside it.
    n_comparisons : int
        That `p_holm` is adjusted for.
    arms : mapping of arm to int
        Against the best trivial arm: how often each kind was the best.
    """

    method: str
    metric: str
    gain: float
    half_width: float
    n: int
    basis: str
    p: float
    p_holm: float = math.nan
    n_comparisons: int = 1
    arms: Mapping[str, int] | None = None

    @property
    def low(self) -> float:
        """The interval's end on the worse side."""
        return self.gain - self.half_width

    @property
    def high(self) -> float:
        """The interval's end on the better side."""
        return self.gain + self.half_width

    @property
    def is_better(self) -> bool:
        """Whether the data carry the claim that it is better, all comparisons counted."""
        return self.low > 0 and self.p_holm < ALPHA

    @property
    def is_worse(self) -> bool:
        """Whether the data carry the claim that it is worse, all comparisons counted."""
        return self.high < 0 and self.p_holm < ALPHA


def too_few(effect: Effect) -> bool:
    """Whether a mean is over so few data sets that no test over data sets is made."""
    return effect.basis == "datasets" and effect.n < MIN_DATASETS


def candidates(run: Run) -> list[str]:
    """Return the methods the question is about: those beside the trivial arms, else the arms themselves."""
    trivial = trivial_methods(run.outcomes)
    clever = [method for method in run.methods if method not in trivial]
    return clever or [method for method in run.methods if method != ORIGINAL]


def effects_by_method(run: Run, metric: str) -> list[Effect]:
    """Return each candidate's effect against `Original`, those over all data sets only, in the run's order.

    A mean over fewer, perhaps easier data sets does not compete.
    """
    better = direction(run, metric)
    wanted = candidates(run)
    summaries = summarise(run.outcomes, [metric], {metric: better}, test_size=run.test_size)
    found = [
        _effect(summary.method, metric, summary.deltas[metric], better)
        for summary in summaries
        if summary.method in wanted and summary.deltas[metric].n
    ]
    widest = max(((e.basis == "datasets", e.n) for e in found), default=None)
    return _adjusted([effect for effect in found if (effect.basis == "datasets", effect.n) == widest])


def effects_by_metric(run: Run, method: str, metrics: list[str]) -> list[Effect]:
    """Return one method's effect against `Original` by several metrics, adjusted for their number."""
    return _adjusted([effect_against(run, method, ORIGINAL, metric) for metric in metrics])


def effect_against(run: Run, method: str, control: str, metric: str) -> Effect:
    """Return one method's effect against another, on the same fits, where the other one does something.

    Class weights have no meaning for a classifier such as kNN: its cell is Original's, and beating it would
    be beating Original.
    """
    outcomes = [o for o in run.outcomes if not (o.task.method == control and o.status == "noop")]
    found = delta_between(outcomes, method, control, metric, test_size=run.test_size)
    return _adjusted([_effect(method, metric, found, direction(run, metric))])[0]


def against_best_trivial_arm(run: Run, method: str, metric: str) -> Effect | None:
    """Compare a method on the hold-out with the trivial arm that was best in cross-validation.

    The arm is chosen, as in the summary, by scores on training rows only.

    Returns
    -------
    Effect or None
        None where no arm has a cross-validated score, or the method no hold-out score beside it.
    """
    sign = -1.0 if direction(run, metric) == "low" else 1.0
    by_dataset: dict[str, list[np.ndarray]] = {}
    chosen: Counter[str] = Counter()
    for dataset in run.datasets:
        for classifier in run.classifiers:
            tasks = [Task(dataset, name, classifier) for name in run.methods]
            cells = [run.by_task[task] for task in tasks if task in run.by_task]
            treated = run.by_task.get(Task(dataset, method, classifier))
            best = best_trivial_arm(cells, metric, direction(run, metric))
            if best is None or treated is None or not treated.is_scored:
                continue
            after, before = np.array(treated.values(metric, "holdout")), np.array(best.values("holdout"))
            gains = sign * (after - before)
            if len(gains) and np.isfinite(gains).all():
                by_dataset.setdefault(dataset, []).append(gains)
                chosen[best.kind] += 1
    if not by_dataset:
        return None
    means = [float(np.mean([gains.mean() for gains in runs])) for runs in by_dataset.values()]
    if len(means) > 1:
        test, basis = mean_interval(means), "datasets"
    else:
        (runs,) = by_dataset.values()
        test, basis = resampled_t(np.mean(runs, axis=0), tested_over_trained(1, run.test_size)), "fits"
    effect = Effect(method, metric, test.mean, test.half_width, test.n, basis, test.p, arms=dict(chosen))
    return _adjusted([effect])[0]


def _effect(method: str, metric: str, delta: Delta, better: str) -> Effect:
    gain = -delta.mean if better == "low" else delta.mean
    # Sums of equal scores in another order differ in the last digits: that is no effect.
    gain = 0.0 if abs(gain) < 1e-12 else gain
    return Effect(method, metric, gain, delta.half_width, delta.n, delta.basis, _p(gain, delta))


def _p(gain: float, delta: Delta) -> float:
    """Return the two-sided p of the t-test whose 95% interval this is."""
    if math.isnan(gain) or math.isnan(delta.half_width):
        return math.nan
    if gain == 0:
        return 1.0
    if delta.half_width == 0:
        return 0.0
    t = abs(gain) / delta.half_width * special.stdtrit(delta.n - 1, 0.975)
    return float(min(1.0, 2 * special.stdtr(delta.n - 1, -t)))


def _adjusted(effects: list[Effect]) -> list[Effect]:
    adjusted = holm(pd.Series([effect.p for effect in effects], dtype=float))
    return [
        replace(effect, p_holm=float(p), n_comparisons=len(effects))
        for effect, p in zip(effects, adjusted, strict=True)
    ]
