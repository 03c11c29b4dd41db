"""The numbers behind the answer: each method's effect with an interval and an adjusted p."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from smote_bench.compared_cells import Compared
from smote_bench.experiment import ORIGINAL, TRIVIAL_ARMS
from smote_bench.report.gains import Gains, gains_over, gains_over_best_arm
from smote_bench.stats import MIN_DATASETS, holm, resampled_t_columns

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
        Against the best trivial arm: how often each was the best.
    compared : Compared, optional
        The cells that it is the mean over.
    gains : tuple of float
        That it is the mean of: of data sets, or of fits where there is one data set.
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
    compared: Compared | None = None
    gains: tuple[float, ...] = ()

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
    clever = [method for method in run.methods if method not in TRIVIAL_ARMS]
    return clever or [method for method in run.methods if method != ORIGINAL]


def effects_by_method(run: Run, metric: str) -> list[Effect]:
    """Return each candidate's effect against `Original`, in the run's order, all over the same data sets.

    A mean over other, perhaps easier data sets does not compete: see `smote_bench.report.gains`.
    """
    return _effects(gains_over(run, metric, candidates(run)))


def effects_by_metric(run: Run, method: str, metrics: list[str]) -> list[Effect]:
    """Return one method's effect against `Original` by several metrics, adjusted for their number."""
    return _adjusted([effect_against(run, method, ORIGINAL, metric) for metric in metrics])


def effect_against(run: Run, method: str, control: str, metric: str) -> Effect:
    """Return one method's effect against another, on the same cells, where the other one does something.

    Class weights have no meaning for a classifier such as kNN: its cell is Original's, and beating it would
    be beating Original.
    """
    gains = gains_over(run, metric, [method], control)
    nothing = Effect(
        *(method, metric, math.nan, math.nan, 0, "datasets", math.nan), compared=gains.left_out.get(method)
    )
    return next(iter(_effects(gains)), nothing)


def against_best_trivial_arm(run: Run, method: str, metric: str) -> Effect | None:
    """Compare a method on the hold-out with the trivial arm that was best in cross-validation.

    The arm is chosen, as in the summary, by scores on training rows only.

    Returns
    -------
    Effect or None
        None where the method has no score on any data set that can be compared with an arm's.
    """
    found = gains_over_best_arm(run, metric, [method])
    effects = _effects(found)
    return replace(effects[0], arms=found.arms(method)) if effects else None


def _effects(gains: Gains) -> list[Effect]:
    """Return the effect of every method of a family, all tested alike and adjusted for their number."""
    if not len(gains.values):
        return []
    tested = resampled_t_columns(gains.values.to_numpy(), gains.test_train_ratio)
    return _adjusted(
        [
            Effect(
                method,
                gains.metric,
                float(row["mean"]),
                float(row["half_width"]),
                len(gains.values),
                gains.basis,
                float(row["p"]),
                compared=gains.compared[method],
                gains=tuple(gains.values[method]),
            )
            for method, row in zip(gains.methods, tested.to_dict("records"), strict=True)
        ]
    )


def _adjusted(effects: Sequence[Effect]) -> list[Effect]:
    adjusted = holm(pd.Series([effect.p for effect in effects], dtype=float))
    return [
        replace(effect, p_holm=float(p), n_comparisons=len(effects))
        for effect, p in zip(effects, adjusted, strict=True)
    ]
