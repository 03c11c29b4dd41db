"""When there are repeats enough: told by the width of the intervals and by time, never by the gains.

To stop where a gain looks good would make chance look like a finding. Widths say nothing of the sign or size
of a gain, so that what is claimed in the end holds as if the number of repeats had been fixed before
(docs/try.md has the simulation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.effects import ALPHA, candidates, effects_by_method
from smote_bench.report.analysis.gains import gains_over
from smote_bench.runs.tables import scoring_phase

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Outcome
    from smote_bench.runs.open import Run

__all__ = ["MOST_REPEATS", "Precision", "WhyStopped", "narrow_enough", "next_repeats", "precision_of"]

MOST_REPEATS = 10
"""The folds of all repeats share their rows: more would narrow an interval by a twentieth at most."""

WhyStopped = Literal["narrow enough", "no use", "time"]

_SHARE_OF_RANGE, _SHARE_OF_MEAN = 0.01, 0.05


@dataclass(frozen=True)
class Precision:
    """How wide the intervals of a run on one file are, and what further repeats could make of them.

    Parameters
    ----------
    half_width : float
        The widest of the methods' 95% intervals, all methods counted; NaN where none has one.
    n_fits, n_folds : int
        Fits that it is from, over all repeats, and of one repeat.
    test_train_ratio : float
        Rows tested over rows trained on.
    n_methods : int
        That share the 5%.
    """

    half_width: float
    n_fits: int
    n_folds: int
    test_train_ratio: float
    n_methods: int

    def after(self, repeats: float) -> float:
        """Return what half width so many repeats would have, if the differences spread as they do."""
        return self.half_width * self._factor(repeats * self.n_folds) / self._factor(self.n_fits)

    @property
    def least(self) -> float:
        """The half width that no number of repeats goes below."""
        return self.after(math.inf)

    def _factor(self, n: float) -> float:
        from scipy import special

        tail = 1 - ALPHA / (2 * self.n_methods)
        t = special.ndtri(tail) if math.isinf(n) else special.stdtrit(max(n - 1, 1), tail)
        return float(t * math.sqrt(1 / n + self.test_train_ratio))


def precision_of(run: Run, metric: str) -> Precision:
    """Return how wide the intervals of a run on one data set are.

    Parameters
    ----------
    run : Run
    metric : str
    """
    gains = gains_over(run, metric, candidates(run))
    effects = [effect for effect in effects_by_method(run, metric) if math.isfinite(effect.half_width)]
    n_fits = len(gains.values)
    n_repeats = int(run.manifest["experiment"]["protocol"]["random_runs"])
    return Precision(
        half_width=max((effect.half_width for effect in effects), default=math.nan),
        n_fits=n_fits,
        n_folds=max(1, n_fits // n_repeats),
        test_train_ratio=gains.test_train_ratio,
        n_methods=max(1, len(gains.methods)),
    )


def narrow_enough(run: Run, metric: str) -> float:
    """Return the half width that tells enough, where the user names none.

    A hundredth of the metric's range; of one without an end, such as a cost, a twentieth of Original's mean.
    """
    card = run.metrics[metric]
    if math.isfinite(card.high - card.low):
        return _SHARE_OF_RANGE * (card.high - card.low)
    means = [outcome.mean(metric, scoring_phase(outcome)) for outcome in _originals(run)]
    mean = math.fsum(means) / len(means) if means else math.nan
    return _SHARE_OF_MEAN * abs(mean) if math.isfinite(mean) and mean else _SHARE_OF_MEAN


def _originals(run: Run) -> list[Outcome]:
    return [outcome for outcome in run.outcomes if outcome.cell.method == ORIGINAL and outcome.is_scored]


def next_repeats(
    now: Precision, wanted: float, repeats: int, affordable: int
) -> tuple[int, Literal["more"] | WhyStopped]:
    """Return with how many repeats to go on, or why not.

    Parameters
    ----------
    now : Precision
    wanted : float
        Half width that is narrow enough.
    repeats : int
        Made.
    affordable : int
        That there is time for, made anew.
    """
    if now.half_width <= wanted:
        return repeats, "narrow enough"
    if repeats >= MOST_REPEATS:
        return repeats, "no use"
    best = max(_repeats_wanted(now, wanted), repeats + 1)
    return (min(best, affordable), "more") if min(best, affordable) > repeats else (repeats, "time")


def _repeats_wanted(now: Precision, wanted: float) -> int:
    """Return with how many repeats the intervals would be as narrow as wanted, at most `MOST_REPEATS`.

    Where nothing has a spread yet, as many as there are: few fits agree by chance.

    >>> _repeats_wanted(Precision(0.05, 5, 5, 0.25, 4), 0.04)
    2
    """
    if math.isnan(now.half_width):
        return MOST_REPEATS
    return next((n for n in range(1, MOST_REPEATS) if now.after(n) <= wanted), MOST_REPEATS)
