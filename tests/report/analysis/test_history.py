"""Training histories by metric and epoch: what is kept of them, in which order, and where there are none."""

from __future__ import annotations

import math

import numpy as np
from report.histories import outcome_of

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.report.analysis.history import histories


def test_history_of_a_fit_survives_json_with_its_gaps() -> None:
    told = outcome_of({"loss": [0.5, math.nan, math.inf], "val_loss": [0.6]}, None)
    read = Outcome.loads(told.dumps())
    history = read.fits[0].history
    assert history is not None
    assert history["loss"][0] == 0.5
    assert math.isnan(history["loss"][1])
    assert history["loss"][2] == math.inf
    assert list(history["val_loss"]) == [0.6]
    assert read.fits[1].history is None


def test_fit_stored_before_there_were_histories_has_none() -> None:
    plain = outcome_of(None).fits[0].to_json()
    del plain["history"]
    assert Fit.from_json(plain).history is None


def test_known_metrics_come_first_and_validation_beside_its_training() -> None:
    found = histories(outcome_of({"lift": [1.0], "val_auc": [0.7], "auc": [0.8], "loss": [0.4]}))
    assert [history.metric for history in found] == ["loss", "auc", "lift"]
    assert found[1].training.tolist() == [[0.8]]
    assert found[1].validation.tolist() == [[0.7]]
    assert found[0].validation.shape == (0, 0)


def test_mean_ends_where_the_first_repeat_stops() -> None:
    (loss,) = histories(outcome_of({"loss": [4.0, 2.0, 1.0]}, {"loss": [2.0, 0.0]}))
    np.testing.assert_array_equal(loss.mean("training"), [3.0, 1.0, np.nan])
    np.testing.assert_array_equal(loss.training[1], [2.0, 0.0, np.nan])


def test_metric_without_values_is_left_out() -> None:
    assert histories(outcome_of({"loss": [], "auc": [0.5]}))[0].metric == "auc"


def test_failed_cell_and_missing_cell_have_no_histories() -> None:
    failed = Outcome(Cell("Ecoli", "SMOTE", "net"), "error", "made up", fits=outcome_of({"loss": [1.0]}).fits)
    assert histories(failed) == histories(None) == []
