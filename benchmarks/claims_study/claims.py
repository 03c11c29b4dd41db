"""What is claimed of a made-up run: by the report's own sentences, and before they were adjusted."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmarks.claims_study.truths import Scores
from smote_bench.report.analysis.answer import Answer
from smote_bench.stats import holm
from smote_bench.stats.intervals import resampled_t_columns

__all__ = ["CLAIMS", "PATTERNS", "said", "unadjusted"]

PATTERNS: Mapping[str, str] = {
    "helped": r"^\w+ helped: ",
    "hurt": r"^\w+ hurt: ",
    "others worse": r"^Worse by more than noise: ",
    "beat class weights": r"^It beat simply weighting",
    "worse than class weights": r"^It did worse than simply weighting",
    "beat the best arm": r"^It beat the best trivial arm",
    "other measures better": r"^By the other measures .*: better by",
    "other measures worse": r"^By the other measures .*[:;] worse by",
}
CLAIMS = tuple(PATTERNS)


def said(found: Answer) -> set[str]:
    """Return which claims the sentences of an answer make."""
    return {
        name
        for name, pattern in PATTERNS.items()
        if any(re.search(pattern, sentence) for sentence in found.sentences)
    }


def unadjusted(scores: Scores) -> tuple[set[str], int]:
    """Return the claims as they were before, and the method that they were of.

    Holm's adjustment for the headline alone; then each comparison of the picked method as if it were the
    only one, by Student's t (Nadeau and Bengio's for the folds of one data set); equal gains for certain.
    """
    first, second = scores.values - scores.values[:, :1]
    weights, n = scores.truth.with_weights, scores.truth.n_methods
    gain, p = _tests(scores, first[1 : n + 1])
    adjusted = holm(pd.Series(p)).to_numpy()
    sure = (gain > 0) & (adjusted < 0.05)
    best = int(np.where(sure, gain, -np.inf).argmax() if sure.any() else gain.argmax())
    claims = {
        "helped": sure.any(),
        "hurt": gain[best] < 0 and adjusted[best] < 0.05,
        "others worse": bool(((gain < 0) & (adjusted < 0.05)).any()) and not sure.any(),
    }
    claims["others worse"] = claims["others worse"] and not claims["hurt"]
    claims |= _one(scores, second[best + 1], "other measures better", "other measures worse")
    if weights:
        against = first[best + 1] - first[-1]
        claims |= _one(scores, against, "beat class weights", "worse than class weights")
        arms = scores.values[0][[0, -1]]
        chosen = arms[..., :-1].mean(axis=2).argmax(axis=0)
        holdout = scores.values[0, best + 1, :, -1] - arms[chosen, np.arange(arms.shape[1]), -1]
        if len(holdout) > 1:
            row = resampled_t_columns(holdout[:, None], 0.0).iloc[0]
            claims["beat the best arm"] = row["mean"] > 0 and _p(row["mean"], row["p"]) < 0.05
    return {name for name, is_claimed in claims.items() if is_claimed}, best


def _one(scores: Scores, gains: np.ndarray, better: str, worse: str) -> dict[str, bool]:
    gain, p = _tests(scores, gains[None])
    is_claimed = bool(p[0] < 0.05)
    return {better: is_claimed and gain[0] > 0, worse: is_claimed and gain[0] < 0}


def _tests(scores: Scores, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and p of gains of shape (n_methods, n_datasets, n_fits), over data sets or over folds."""
    folds = gains[..., :-1]
    is_one = scores.truth.n_datasets == 1
    columns = folds[:, 0].T if is_one else folds.mean(axis=2).T
    found = resampled_t_columns(columns, 1 / (scores.truth.n_folds - 1) if is_one else 0.0)
    mean = found["mean"].to_numpy()
    return mean, np.array([_p(m, p) for m, p in zip(mean, found["p"], strict=True)])


def _p(mean: float, p: float) -> float:
    return float(mean == 0) if np.isnan(p) else p
