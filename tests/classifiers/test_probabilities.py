"""Probabilities set right: scikit-learn's calibration, the analytic correction, a model with known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from smote_bench.classifiers.fitting import fit_predict
from smote_bench.classifiers.prediction import NotApplicable
from smote_bench.classifiers.probabilities import calibrator, prior_corrected
from smote_bench.classifiers.registry import parse_classifier
from smote_bench.classifiers.thresholds import HeldOut
from smote_bench.stats.calibration import calibration_scores
from smote_impls import SMOTE

LINEAR = {"classifier": "sklearn.svm:LinearSVC"}
PLAIN = {"classifier": "sklearn.linear_model:LogisticRegression", "params": {"C": 1e6, "max_iter": 1000}}


def drawn(seed: int, rows: int, intercept: float = -2.5):
    """Return rows of a logistic model with two features, a tenth of them positive or so."""
    draw = np.random.RandomState(seed)
    X = draw.normal(size=(rows, 2))
    return X, (draw.uniform(size=rows) < expit(intercept + X @ [1.0, -0.5])).astype(int)


def test_the_odds_are_multiplied() -> None:
    correct = prior_corrected(0.25)
    assert correct(np.array([0.0, 0.5, 0.8, 1.0])) == pytest.approx([0.0, 0.2, 0.5, 1.0])
    score = np.linspace(0.01, 0.99, 50)
    assert logit(correct(score)) == pytest.approx(logit(score) + math.log(0.25))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_sampler_shifts_the_intercept_and_the_correction_takes_it_back(seed: int) -> None:
    X, y = drawn(seed, 20_000)
    X_test, y_test = drawn(seed + 100, 50_000)
    X_more, y_more = SMOTE(random_state=seed).fit_resample(X, y)
    spec = parse_classifier("LR", PLAIN)
    (n0, n1), (m0, m1) = np.bincount(y), np.bincount(y_more)
    shift = math.log((m1 / m0) / (n1 / n0))
    assert shift > 1.5
    found = {}
    for name, factor in (("resampled", None), ("corrected", (n1 / n0) / (m1 / m0))):
        made = fit_predict(spec, X_more, y_more, X_test, seed=0, odds_factor=factor)
        found[name] = calibration_scores(y_test, made.score)
    assert found["resampled"]["calibration_intercept"] == pytest.approx(-shift, abs=0.25)
    assert abs(found["corrected"]["calibration_intercept"]) < 0.15
    error = "expected_calibration_error"
    assert found["corrected"][error] < 0.02 < 0.2 < found["resampled"][error]


def test_isotonic_calibration_is_scikit_learns() -> None:
    X, y = drawn(3, 400)
    X_test, _ = drawn(4, 100)
    folds = StratifiedKFold(5, shuffle=True, random_state=7)
    expected = CalibratedClassifierCV(
        LogisticRegression(C=1e6, max_iter=1000), method="isotonic", cv=folds, ensemble=False
    )
    # scikit-learn calibrates a decision function where there is one: the same but between its steps.
    probability = expected.fit(X, y).predict_proba(X_test)[:, 1]
    made = fit_predict(parse_classifier("LR", PLAIN), X, y, X_test, seed=7, calibrated="isotonic")
    assert made.score == pytest.approx(probability, abs=5e-3)
    assert (made.label == (made.score > 0.5)).all()


def test_sigmoid_calibration_of_a_decision_function_is_scikit_learns() -> None:
    X, y = drawn(5, 400)
    X_test, _ = drawn(6, 100)
    folds = StratifiedKFold(5, shuffle=True, random_state=11)
    # The seed of `fit_predict` reaches the estimator too.
    expected = CalibratedClassifierCV(LinearSVC(random_state=11), method="sigmoid", cv=folds, ensemble=False)
    made = fit_predict(parse_classifier("SVM", LINEAR), X, y, X_test, seed=11, calibrated="sigmoid")
    assert made.score_kind == "probability"
    assert made.score == pytest.approx(expected.fit(X, y).predict_proba(X_test)[:, 1], abs=1e-4)


def test_a_threshold_is_tuned_on_the_scores_as_they_were() -> None:
    X, y = drawn(8, 400)
    X_test, _ = drawn(9, 200)
    spec = parse_classifier("LR", PLAIN)
    raw = fit_predict(spec, X, y, X_test, seed=1, tuned_threshold=True)
    for how in ({"odds_factor": 0.3}, {"calibrated": "sigmoid"}, {"calibrated": "isotonic"}):
        made = fit_predict(spec, X, y, X_test, seed=1, tuned_threshold=True, **how)
        assert (made.label == raw.label).all()
        assert made.score.tolist() != raw.score.tolist()
        (threshold,) = made.thresholds.values()
        assert 0 <= threshold <= 1
        if how != {"calibrated": "isotonic"}:  # whose steps give rows of several scores one probability
            assert ((made.score >= threshold) == made.label).mean() > 0.99


def test_what_has_no_probabilities_or_no_scores_is_not_applicable() -> None:
    X, y = drawn(1, 200)
    with pytest.raises(NotApplicable, match="SVM has no probabilities, so prior_corrected"):
        fit_predict(parse_classifier("SVM", LINEAR), X, y, X, seed=0, odds_factor=0.5)
    flat = [HeldOut(np.array([0, 1, 0, 1]), np.full(4, 0.3))]
    with pytest.raises(NotApplicable, match="no curve fits"):
        calibrator("sigmoid", flat, "probability")


def test_weights_are_rows_that_are_there_as_often() -> None:
    draw = np.random.RandomState(0)
    truth, score = draw.randint(0, 2, 60), draw.uniform(size=60)
    weights = draw.randint(0, 3, 60).astype(float)
    often = np.repeat(np.arange(60), weights.astype(int))
    at = np.linspace(0.05, 0.95, 10)
    for kind in ("sigmoid", "isotonic"):
        weighted = calibrator(kind, [HeldOut(truth, score, weights)], "probability")(at)
        assert weighted == pytest.approx(
            calibrator(kind, [HeldOut(truth[often], score[often])], "probability")(at), abs=1e-8
        )
