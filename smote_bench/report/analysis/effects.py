"""The numbers behind the answer: each method's effect, with an interval and a p that count its whole family.

The answer speaks of the method that came out best, so what it says of it must hold for whichever method that
might have been: each question is one family of tests, with every candidate in it (docs/statistics.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.gains import Gains, gains_over, gains_over_best_arm
from smote_bench.rounding import NOTHING
from smote_bench.runs.compared_cells import Compared
from smote_bench.stats import MIN_FITS, MIN_SIGNS, joint_over_datasets, joint_over_fits

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = [
    "ALPHA",
    "Effect",
    "against_best_trivial_arm",
    "candidates",
    "effect_against",
    "effects_by_method",
    "effects_by_metric",
    "effects_of",
    "least",
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
        Of the 95% interval that holds for all comparisons of the family together: infinite where none of
        them is bounded, NaN for a single fit and where the gains have no spread.
    n : int
    basis : {"datasets", "fits"}
    p, p_joint : float
        Two-sided: of this comparison looked at alone (Student's t), and with the family counted, which is
        below 0.05 exactly where the interval excludes 0.
    n_comparisons : int
        Of the family.
    arms : mapping of arm to int
        Against the best trivial arm: how often each kind was the best.
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
    p_joint: float = math.nan
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
        return self.gain > 0 and self._is_claimed

    @property
    def is_worse(self) -> bool:
        """Whether the data carry the claim that it is worse, all comparisons counted."""
        return self.gain < 0 and self._is_claimed

    @property
    def _is_claimed(self) -> bool:
        return self.p_joint < ALPHA and not too_few(self)

    @property
    def is_all_zero(self) -> bool:
        """Whether there is no difference at all, in none of several data sets or fits."""
        return self.n > 1 and all(abs(gain) < NOTHING for gain in self.gains)

    @property
    def has_no_spread(self) -> bool:
        """Whether the differences are all the same, so that they carry neither an interval nor a test."""
        return self.n > 1 and math.isnan(self.half_width)

    @property
    def test(self) -> str:
        """What `p_joint` and the interval are from."""
        if self.basis == "fits":
            name = "corrected resampled t"
        elif self.n >= MIN_SIGNS:
            return "max-T over signs of data sets" if self.n_comparisons > 1 else "signs of data sets"
        else:
            name = "t over data sets"
        return f"{name}, Bonferroni" if self.n_comparisons > 1 else name


def too_few(effect: Effect) -> bool:
    """Whether a mean is over so few data sets, or fits of one, that nothing is claimed."""
    return effect.n < least(effect.basis)


def least(basis: str) -> int:
    """Return how many data sets, or fits of one, a claim takes."""
    return MIN_SIGNS if basis == "datasets" else MIN_FITS


def candidates(run: Run) -> list[str]:
    """Return the methods the question is about: those beside the trivial arms, else the arms themselves."""
    trivial = run.trivial
    clever = [method for method in run.methods if method not in trivial]
    return clever or [method for method in run.methods if method != ORIGINAL]


def effects_by_method(run: Run, metric: str) -> list[Effect]:
    """Return each candidate's effect against `Original`, in the run's order, all over the same data sets.

    A mean over other, perhaps easier data sets does not compete: see `smote_bench.report.analysis.gains`.
    """
    return effects_of(run, metric, candidates(run))


def effects_of(run: Run, metric: str, methods: Sequence[str]) -> list[Effect]:
    """Return the effects of a family of methods against `Original`, as `effects_by_method` does."""
    return _effects([gains_over(run, metric, methods)])


def effects_by_metric(run: Run, method: str, metrics: list[str]) -> list[Effect]:
    """Return one method's effect against `Original` by several metrics.

    The family: all candidates, any of which might have been picked, by all these metrics.
    """
    families = [gains_over(run, metric, _family(run, method), like=method) for metric in metrics]
    found = {effect.metric: effect for effect in _effects(families) if effect.method == method}
    return [found.get(gains.metric) or _nothing(method, gains) for gains in families]


def effect_against(run: Run, method: str, control: str, metric: str) -> Effect:
    """Return one method's effect against another, on the same cells, where the other one does something.

    Class weights have no meaning for a classifier such as kNN: its cell is Original's, and beating it would
    be beating Original. The family: all candidates against this control.
    """
    gains = gains_over(run, metric, _family(run, method), control, like=method)
    return _of(method, gains) or _nothing(method, gains)


def against_best_trivial_arm(run: Run, method: str, metric: str) -> Effect | None:
    """Compare a method on the hold-out with the trivial arm that was best in cross-validation.

    The arm is chosen, as in the summary, by scores on training rows only. The family: all candidates.

    Returns
    -------
    Effect or None
        None where the method has no score on any data set that can be compared with an arm's.
    """
    gains = gains_over_best_arm(run, metric, _family(run, method), like=method)
    found = _of(method, gains)
    return replace(found, arms=gains.arms(method)) if found else None


def _family(run: Run, method: str) -> list[str]:
    """Return the methods that might have been picked where this one was."""
    return list(dict.fromkeys([*candidates(run), method]))


def _of(method: str, gains: Gains) -> Effect | None:
    return next((effect for effect in _effects([gains]) if effect.method == method), None)


def _nothing(method: str, gains: Gains) -> Effect:
    left_out = gains.left_out.get(method)
    return Effect(method, gains.metric, math.nan, math.nan, 0, "datasets", math.nan, compared=left_out)


def _effects(families: Sequence[Gains]) -> list[Effect]:
    """Return the effects of all methods of several families of gains, tested as one family."""
    families = [gains for gains in families if len(gains.values)]
    bases: dict[tuple[str, float], list[Gains]] = {}
    for gains in families:
        bases.setdefault((gains.basis, gains.test_train_ratio), []).append(gains)
    found = []
    for (basis, ratio), alike in bases.items():
        values = alike[0].values
        if len(alike) > 1:
            values = pd.concat([gains.values for gains in alike], axis=1, ignore_index=True)
        # Where metrics differ in the data sets they are defined on, the parts share the family's 5%.
        alpha = ALPHA / len(bases)
        tested = (
            joint_over_datasets(values, alpha=alpha)
            if basis == "datasets"
            else joint_over_fits(values, ratio, alpha=alpha)
        )
        rows = iter(tested.to_dict("records"))
        for gains in alike:
            for method in gains.methods:
                row = next(rows)
                effect = Effect(
                    method,
                    gains.metric,
                    row["mean"],
                    row["half_width"],
                    len(gains.values),
                    basis,
                    row["p"],
                    float(np.minimum(1.0, row["p_joint"] * len(bases))),
                    n_comparisons=sum(len(part.methods) for part in families),
                    compared=gains.compared[method],
                    gains=tuple(gains.values[method]),
                )
                found.append(effect)
    return found
