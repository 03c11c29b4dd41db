"""Weights of rows through a whole cell, beside the same with scikit-learn alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fold_sources import fold_source
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import MinMaxScaler

from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text


def own_metric(y_true, y_label, y_score):
    return float(np.mean(y_true == y_label))


def weighted_metric(y_true, y_label, y_score, sample_weight=None):
    return float(np.average(y_true == y_label, weights=sample_weight))


@pytest.fixture
def frame(tmp_path):
    rng = np.random.default_rng(1)
    y = (np.arange(150) % 5 == 0).astype(int)
    table = pd.DataFrame(rng.normal(size=(150, 3)) + 0.8 * y[:, None], columns=["a", "b", "c"]).round(6)
    table = table.assign(w=rng.choice([0.5, 1.0, 4.0], 150), y=y)
    table.to_csv(tmp_path / "t.csv", index=False)
    return table


@pytest.fixture
def evaluate(tmp_path, frame):
    def evaluate(method, classifier="LogisticRegression"):
        experiment = experiment_from_text(
            "methods: [SMOTE, class_weight, tuned_threshold]\n"
            "datasets: [{name: t, file: t.csv, target: y, minority: 1, weights: w}]\n"
            "cv_folds: 4\ntest_size: 0\nselected_classifiers: [LogisticRegression, kNN]\nmetrics: "
            "[roc_auc, balanced_accuracy, "
            "{plain: {metric: 'evaluation.test_weighted_cells:own_metric', better: high}}, "
            "{weighed: {metric: 'evaluation.test_weighted_cells:weighted_metric', better: high}}]\n"
            "priority_metrics: [roc_auc]\n",
            str(tmp_path / "e.yaml"),
        )
        folds = fold_source(experiment)
        plan = CellPlan(
            Cell("t", method, classifier),
            experiment.methods[method],
            experiment.classifiers[classifier],
            42,
            tuple(experiment.metrics.values()),
        )
        return evaluate_cell(plan, folds.folds("t", method)), list(folds.folds("t", method))

    return evaluate


@pytest.mark.parametrize("method", ["Original", "SMOTE", "class_weight"])
def test_fit_and_scores_are_those_of_scikit_learn_with_sample_weight(evaluate, frame, method):
    outcome, folds = evaluate(method)
    assert outcome.status == "ok", outcome.reason
    X, y, w = frame[["a", "b", "c"]].to_numpy(), frame["y"].to_numpy(), frame["w"].to_numpy()
    splits = StratifiedKFold(4, shuffle=True, random_state=42).split(X, y)
    for fit, fold, (train, test) in zip(outcome.fits, folds, splits, strict=True):
        scaler = MinMaxScaler().fit(X[train])
        rows, labels, weights = scaler.transform(X[train]), y[train], w[train]
        if method == "SMOTE":
            np.testing.assert_array_equal(fold.X[: len(train)], rows)
            rows, labels = fold.X, fold.y
            # of our SMOTE each synthetic row's parents are known; here they are found anew by geometry
            weights = np.concatenate(
                [weights, [_of_parents(x, rows[: len(train)], y[train], weights) for x in rows[len(train) :]]]
            )
        kind = "balanced" if method == "class_weight" else None
        model = LogisticRegression(max_iter=1000, random_state=42, class_weight=kind)
        model.fit(rows, labels, sample_weight=weights)
        score = model.predict_proba(scaler.transform(X[test]))[:, 1]
        label = (score > 0.5).astype(int)
        assert fit.scores["roc_auc"] == pytest.approx(roc_auc_score(y[test], score, sample_weight=w[test]))
        assert fit.scores["balanced_accuracy"] == pytest.approx(
            balanced_accuracy_score(y[test], label, sample_weight=w[test])
        )
        assert fit.scores["weighed"] == pytest.approx(np.average(label == y[test], weights=w[test]))
        assert fit.scores["plain"] == pytest.approx(np.mean(label == y[test]))


def _of_parents(x, rows, labels, weights):
    """Return the mean weight of the two minority rows that a synthetic row lies between."""
    minority = np.flatnonzero(labels == 1)
    for n, one in enumerate(minority):
        for other in minority[n + 1 :]:
            whole = np.linalg.norm(rows[one] - rows[other])
            parts = np.linalg.norm(rows[one] - x) + np.linalg.norm(rows[other] - x)
            if parts - whole < 1e-10:
                return (weights[one] + weights[other]) / 2
    raise AssertionError("a synthetic row on no segment")


def test_who_takes_no_weights_is_named_once(evaluate):
    outcome, _ = evaluate("Original", "kNN")
    named = [text for text in outcome.warnings if "weights" in text or "sample_weight" in text]
    assert named == [
        "plain counts all rows alike: its function takes no sample_weight (in 4 fits)",
        "kNN is fitted without the rows' weights: KNeighborsClassifier takes no sample_weight; its "
        "scores are weighted (in 4 fits)",
    ]
    assert not any("fitted without" in text for text in evaluate("Original")[0].warnings)


def test_a_threshold_is_tuned_by_weighted_rows(evaluate, frame, tmp_path):
    before = [fit.threshold for fit in evaluate("tuned_threshold")[0].fits]
    heavy = frame.assign(w=np.where(frame["y"] == 1, 0.01, frame["w"]))
    heavy.to_csv(tmp_path / "t.csv", index=False)
    after = [fit.threshold for fit in evaluate("tuned_threshold")[0].fits]
    assert None not in before
    assert None not in after
    assert before != after
