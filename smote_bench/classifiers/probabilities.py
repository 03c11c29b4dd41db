"""Probabilities set right after resampling: by the changed ratio of classes, or by calibration.

A sampler changes the ratio of classes that a classifier learns from, and class weights do so in effect: its
probabilities are those of another population. Where that is all it changes, the odds are multiplied by the
change and back (`prior_corrected`). Calibration asks real rows that were kept from sampler and fit, and maps
scores to what happened there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from smote_bench.classifiers.prediction import NotApplicable, ScoreKind
from smote_bench.classifiers.thresholds import HeldOut

__all__ = ["Calibration", "calibrator", "prior_corrected"]

Calibration: TypeAlias = Literal["", "sigmoid", "isotonic"]
Scores: TypeAlias = NDArray[np.float64]


def prior_corrected(odds_factor: float) -> Callable[[Scores], Scores]:
    """Return what multiplies the odds of probabilities by a factor.

    Parameters
    ----------
    odds_factor : float
        Positive by negative rows before resampling, by the same ratio after it (Elkan 2001; Saerens and
        others 2002).

    Examples
    --------
    >>> float(prior_corrected(0.25)(np.array([0.5]))[0])
    0.2
    """

    def corrected(score: Scores) -> Scores:
        scaled = score * odds_factor
        return np.asarray(scaled / (scaled + (1.0 - score)), dtype=np.float64)

    return corrected


def calibrator(
    kind: Calibration, held: Sequence[HeldOut], score_kind: ScoreKind
) -> Callable[[Scores], Scores]:
    """Return what maps scores to probabilities, learnt from held-out rows of all inner folds together.

    Parameters
    ----------
    kind : {"sigmoid", "isotonic"}
        Platt's logistic curve over the log odds (over a decision function's own values), with his targets
        just inside 0 and 1; or scikit-learn's isotonic regression.
    held : sequence of HeldOut
        Of every inner fold.
    score_kind : {"probability", "decision"}

    Raises
    ------
    NotApplicable
        Where no curve can be fitted.
    """
    truth = np.concatenate([one.truth for one in held])
    score = np.concatenate([one.score for one in held])
    weights = np.concatenate([np.ones(len(o.truth)) if o.weights is None else o.weights for o in held])
    counted = weights > 0
    truth, score, weights = truth[counted], score[counted], weights[counted]
    if kind == "isotonic":
        from sklearn.isotonic import IsotonicRegression

        curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
        curve.fit(score, truth, sample_weight=weights)
        return lambda values: np.asarray(curve.predict(values), dtype=np.float64)
    from smote_bench.stats.calibration import chance_of, fit_logistic, log_odds

    value = log_odds if score_kind == "probability" else np.asarray
    positives, negatives = weights[truth == 1].sum(), weights[truth == 0].sum()
    target = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    intercept, slope = fit_logistic(target, value(score), weights)
    if not np.isfinite(slope):
        raise NotApplicable("probabilities cannot be calibrated: no curve fits the held-out scores")
    return lambda values: chance_of(intercept + slope * value(values))
