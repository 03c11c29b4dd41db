"""With `positive`, metrics count the class that was named, as scikit-learn does with its `pos_label`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import StratifiedKFold, TunedThresholdClassifierCV, train_test_split
from sklearn.preprocessing import MinMaxScaler

from smote_bench.data.cards import data_folder
from smote_bench.engines.compute import CellComputer
from smote_bench.evaluation.outcome import Outcome
from smote_bench.experiment.file import experiment_from_text

POSITIVE = "g"
TEXT = """
methods: [SMOTE, class_weight, tuned_threshold, {by_f1: {method: tuned_threshold, params: {metric: f1}}}]
datasets: [{name: Ionosphere, positive: g}]
cv_folds: 3
metrics: [tn, fp, fn, tp, accuracy, precision, recall, specificity, f1, f1_macro, g_mean, mcc, roc_auc,
  average_precision, brier, log_loss, precision_weighted]
selected_classifiers:
  - LogisticRegression
  - {name: Ridge, classifier: "sklearn.linear_model:RidgeClassifier"}
  - name: Forest
    classifier: "sklearn.ensemble:RandomForestClassifier"
    params: {n_estimators: 10, max_depth: 4}
"""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    experiment = experiment_from_text(TEXT)
    computer = CellComputer(experiment)
    return {f"{cell.method}/{cell.classifier}": computer.outcome(cell) for cell in experiment.cells.values()}


def _parts() -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Split and scale the file as published, with pandas and scikit-learn alone."""
    table = pd.read_csv(data_folder() / "data" / "ionosphere.csv").drop_duplicates().reset_index(drop=True)
    X, y = table.drop(columns="class").to_numpy(float), table["class"].to_numpy()
    train, test = train_test_split(np.arange(len(y)), test_size=0.2, stratify=y, random_state=42)
    folds = StratifiedKFold(3, shuffle=True, random_state=42).split(train, y[train])
    rows = [("cv", train[a], train[b]) for a, b in folds] + [("holdout", train, test)]
    found = []
    for phase, fit, held_out in rows:
        scaler = MinMaxScaler().fit(X[fit])
        found.append((phase, scaler.transform(X[fit]), y[fit], scaler.transform(X[held_out]), y[held_out]))
    return found


def _expected(truth: np.ndarray, label: np.ndarray, score: np.ndarray) -> dict[str, float]:
    of = {"pos_label": POSITIVE}
    other = {"pos_label": "b"}
    tn, fp, fn, tp = sk.confusion_matrix(truth, label, labels=["b", "g"]).ravel()
    recall, specificity = sk.recall_score(truth, label, **of), sk.recall_score(truth, label, **other)
    is_positive = (truth == POSITIVE).astype(int)
    return {
        "tn": tn,
        "fp": fp,
        "fn": fn,
        "tp": tp,
        "accuracy": sk.accuracy_score(truth, label),
        "precision": sk.precision_score(truth, label, **of),
        "recall": recall,
        "specificity": specificity,
        "f1": sk.f1_score(truth, label, **of),
        "f1_macro": sk.f1_score(truth, label, average="macro"),
        "g_mean": np.sqrt(recall * specificity),
        "mcc": sk.matthews_corrcoef(truth, label),
        "roc_auc": sk.roc_auc_score(is_positive, score),
        "average_precision": sk.average_precision_score(truth, score, **of),
        "precision_weighted": sk.precision_score(truth, label, average="weighted"),
    }


def _compared(outcome: Outcome, expected: list[dict[str, float]]) -> None:
    assert outcome.status == "ok", outcome.reason
    assert [fit.phase for fit in outcome.fits] == ["cv"] * 3 + ["holdout"]
    for fit, wanted in zip(outcome.fits, expected, strict=True):
        assert {name: fit.scores[name] for name in wanted} == pytest.approx(wanted)


def test_metrics_of_hold_out_and_folds_are_scikit_learns_with_its_pos_label(
    outcomes: dict[str, Outcome],
) -> None:
    for method, weight in (("Original", None), ("class_weight", "balanced")):
        expected = []
        for _, X, y, X_test, y_test in _parts():
            model = LogisticRegression(max_iter=1000, class_weight=weight).fit(X, y)
            score = model.predict_proba(X_test)[:, list(model.classes_).index(POSITIVE)]
            wanted = _expected(y_test, model.predict(X_test), score)
            wanted["brier"] = sk.brier_score_loss(y_test == POSITIVE, score)
            wanted["log_loss"] = sk.log_loss(y_test == POSITIVE, score)
            expected.append(wanted)
        _compared(outcomes[f"{method}/LogisticRegression"], expected)


def test_a_forest_breaks_its_ties_as_one_that_is_fitted_on_the_labels(outcomes: dict[str, Outcome]) -> None:
    expected = []
    for _, X, y, X_test, y_test in _parts():
        model = RandomForestClassifier(10, max_depth=4, random_state=_seed()).fit(X, y)
        score = model.predict_proba(X_test)[:, list(model.classes_).index(POSITIVE)]
        expected.append(_expected(y_test, model.predict(X_test), score))
    _compared(outcomes["Original/Forest"], expected)


def test_a_decision_function_ranks_the_class_that_was_named(outcomes: dict[str, Outcome]) -> None:
    expected = []
    for _, X, y, X_test, y_test in _parts():
        model = RidgeClassifier().fit(X, y == POSITIVE)
        label = np.where(model.predict(X_test), POSITIVE, "b")
        expected.append(_expected(y_test, label, model.decision_function(X_test)))
    _compared(outcomes["Original/Ridge"], expected)


def test_a_threshold_is_tuned_for_the_class_that_was_named(outcomes: dict[str, Outcome]) -> None:
    expected = []
    for _, X, y, X_test, y_test in _parts():
        tuned = TunedThresholdClassifierCV(
            LogisticRegression(max_iter=1000),
            scoring=sk.make_scorer(sk.f1_score, pos_label=POSITIVE),
            cv=StratifiedKFold(5, shuffle=True, random_state=_seed()),
        ).fit(X, y)
        score = tuned.predict_proba(X_test)[:, list(tuned.classes_).index(POSITIVE)]
        expected.append(_expected(y_test, np.where(score >= tuned.best_threshold_, "g", "b"), score))
    _compared(outcomes["by_f1/LogisticRegression"], expected)
    by_metric = outcomes["tuned_threshold/LogisticRegression"].fits[-1].tuned_scores
    assert by_metric is not None
    assert by_metric["f1"] == pytest.approx(expected[-1]["f1"])


def _seed() -> int:
    from smote_bench.evaluation.seeding import classifier_seed

    return classifier_seed(42, 0, 0)


def test_what_is_kept_of_a_fit_is_of_the_class_that_was_named(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["Original/LogisticRegression"]
    assert outcome.predictions is not None
    hold_out, (_, X, y, X_test, y_test) = outcome.predictions.fits[-1], _parts()[-1]
    model = LogisticRegression(max_iter=1000).fit(X, y)
    assert hold_out.truth.tolist() == (y_test == POSITIVE).tolist()
    assert hold_out.label.tolist() == (model.predict(X_test) == POSITIVE).tolist()
    assert hold_out.score == pytest.approx(model.predict_proba(X_test)[:, 1])
    counts = sk.confusion_matrix(y, model.predict(X), labels=["b", "g"]).ravel()
    assert outcome.fits[-1].train_counts == tuple(counts)
    # Rows are counted as ever: the minority is what is oversampled.
    assert outcome.fits[-1].rows_before == ((y == "g").sum(), (y == "b").sum())


def test_samplers_oversample_the_minority_whichever_class_is_positive(outcomes: dict[str, Outcome]) -> None:
    hold_out = outcomes["SMOTE/LogisticRegression"].fits[-1]
    n_majority, n_minority = hold_out.rows_before
    assert n_majority > n_minority
    assert hold_out.rows_after == (n_majority, n_majority)
    assert hold_out.scores["tp"] + hold_out.scores["fn"] > hold_out.scores["tn"] + hold_out.scores["fp"]


def test_naming_the_minority_changes_nothing() -> None:
    plain, named = (
        CellComputer(experiment_from_text(TEXT.replace("{name: Ionosphere, positive: g}", what)))
        for what in ("Ionosphere", "{name: Ionosphere, positive: b}")
    )
    cell = next(iter(plain.experiment.cells.values()))
    assert [fit.scores for fit in plain.outcome(cell).fits] == [
        fit.scores for fit in named.outcome(cell).fits
    ]


def test_a_gate_does_not_compare_scores_of_different_classes(outcomes: dict[str, Outcome]) -> None:
    plain = CellComputer(experiment_from_text(TEXT.replace("{name: Ionosphere, positive: g}", "Ionosphere")))
    (cell, *_) = plain.experiment.cells.values()
    # Tables with other digests are not compared.
    assert (
        outcomes["Original/LogisticRegression"].digest == f"{plain.outcome(cell).digest}, positive: majority"
    )
