"""Metrics after each epoch."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from smote_bench.classifiers.training_history import epoch_metrics


def test_every_epoch_has_scikit_learns_values():
    rng = np.random.default_rng(0)
    y = (rng.random(60) < 0.3).astype(int)
    score = np.round(rng.random((4, 60)), 1)  # with ties
    found = epoch_metrics(y, score)
    for epoch, values in enumerate(score):
        label = (values > 0.5).astype(int)
        assert {name: column[epoch] for name, column in found.items()} == {
            "accuracy": pytest.approx(accuracy_score(y, label)),
            "precision": pytest.approx(precision_score(y, label)),
            "recall": pytest.approx(recall_score(y, label)),
            "auc": pytest.approx(roc_auc_score(y, values)),
        }


def test_precision_is_undefined_while_nothing_is_labelled_minority():
    found = epoch_metrics(np.array([0, 1]), np.array([[0.1, 0.2]]))
    assert np.isnan(found.pop("precision")).tolist() == [True]
    assert found == {"accuracy": [0.5], "recall": [0.0], "auc": [1.0]}


def test_without_a_class_recall_and_auc_are_undefined():
    found = epoch_metrics(np.array([0, 0]), np.array([[0.1, 0.9]]))
    assert found["accuracy"] == [0.5]
    assert np.isnan([found["recall"][0], found["auc"][0]]).all()
