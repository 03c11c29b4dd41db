"""Curves of a cell: scikit-learn's, thinned without a change of their area, never made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_up import made_up_run
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, average_precision_score, precision_recall_fscore_support

from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.predictions import FitPredictions, Predictions
from smote_bench.report.analysis.curves import (
    calibration,
    classification_frame,
    classification_report,
    confusion,
    has_probabilities,
    pooled,
    pr_points,
    roc_points,
    why_no_calibration,
    why_no_curve,
)
from smote_bench.runs.open import open_run
from smote_bench.scoring import score_fold


def _rows(seed, n, share, digits, signal):
    rng = np.random.default_rng(seed)
    truth = (np.arange(n) < max(1, int(share * n))).astype(np.uint8)
    score = 1 / (1 + np.exp(-rng.normal(size=n) - signal * truth))
    return truth, score if digits is None else np.round(score, digits)


ROWS = st.builds(
    _rows,
    seed=st.integers(0, 10**6),
    n=st.integers(2, 3000),
    share=st.floats(0.001, 0.6),
    digits=st.sampled_from([None, 1, 2, 3]),
    signal=st.floats(-1, 4),
)


@given(ROWS)
def test_the_whole_curves_area_is_the_score_of_the_tables(rows):
    truth, score = rows
    values = score_fold(truth, np.zeros_like(truth), score, ["roc_auc", "average_precision"])
    assert auc(*roc_points(truth, score, None)) == pytest.approx(values["roc_auc"], abs=1e-12)
    assert auc(*pr_points(truth, score, None)) == pytest.approx(values["average_precision"], abs=1e-12)
    assert values["average_precision"] == pytest.approx(average_precision_score(truth, score), abs=1e-12)


# A staircase whose every second vertex is an upper corner, and a single step.
STAIRCASE = np.tile([1, 0], 1500).astype(np.uint8), np.linspace(1, 0, 3000)


@given(ROWS, st.sampled_from([200, 300]))
@example(STAIRCASE, 200)
def test_thinned_curves_keep_area_ends_and_vertices(rows, max_points):
    truth, score = rows
    for points in (roc_points, pr_points):
        x, y = points(truth, score, None)
        few_x, few_y = points(truth, score, max_points)
        assert len(few_x) <= max_points
        assert auc(few_x, few_y) == pytest.approx(auc(x, y), abs=1e-3)
        assert (few_x[0], few_y[0], few_x[-1], few_y[-1]) == (x[0], y[0], x[-1], y[-1])
        assert set(zip(few_x, few_y, strict=True)) <= set(zip(x, y, strict=True))
        assert (np.diff(few_x) >= 0).all()


@given(ROWS)
def test_thinned_roc_is_never_far_from_the_whole_one(rows):
    truth, score = rows
    x, y = roc_points(truth, score, None)
    few_x, few_y = roc_points(truth, score)
    # Both rise, so along the falling diagonal (x - y against x + y) each is a function.
    whole = np.interp(few_x + few_y, x + y, y - x)
    back = np.interp(x + y, few_x + few_y, few_y - few_x)
    assert np.abs(whole - (few_y - few_x)).max() < 1e-9
    assert np.abs(back - (y - x)).max() < 0.05


def test_one_class_alone_has_no_curve_and_says_why():
    truth, score = np.zeros(5, np.uint8), np.linspace(0, 1, 5)
    assert [len(part) for part in (*roc_points(truth, score), *pr_points(truth, score))] == [0] * 4
    assert why_no_curve(truth) == "no minority rows among the 5 test rows"
    assert why_no_curve(1 - truth) == "no majority rows among the 5 test rows"
    assert why_no_curve(truth[:0]) == "no predictions were recorded"
    assert why_no_curve(np.array([0, 1])) == ""


@given(ROWS, st.sampled_from([5, 10]))
def test_calibration_is_scikit_learns_with_n(rows, n_bins):
    truth, score = rows
    frame = calibration(truth, score, n_bins)
    share, mean = calibration_curve(truth, score, n_bins=n_bins) if truth.min() < 1 else (None, None)
    assert frame["n"].sum() == len(truth)
    if share is not None:
        np.testing.assert_allclose(frame["share_positive"], share, atol=1e-12)
        np.testing.assert_allclose(frame["mean_score"], mean, atol=1e-12)


def test_scores_that_are_no_probabilities_have_no_calibration_and_say_why():
    truth, score = np.array([0, 1]), np.array([-1.5, 2.0])
    assert calibration(truth, score).empty
    assert list(calibration(truth, score)) == ["mean_score", "share_positive", "n"]
    assert why_no_calibration(truth, score) == "scores are no probabilities: from -1.5 to 2"
    assert why_no_calibration(truth, np.array([0.0, 1.0])) == ""


def test_pools_the_fits_of_one_phase_in_order():
    one = np.array([1], np.uint8)
    fits = [
        FitPredictions(phase, 0, fold, np.array([fold]), one, one, np.array([fold / 10]))
        for phase, fold in (("cv", 0), ("cv", 1), ("holdout", 2))
    ]
    assert pooled(Predictions(tuple(fits)), "cv")[2].tolist() == [0.0, 0.1]
    assert pooled(Predictions(tuple(fits)), "holdout")[2].tolist() == [0.2]
    assert [len(part) for part in pooled(None, "cv")] == [0, 0, 0]


def test_confusion_sums_the_hold_outs_of_all_repeats(tmp_path):
    failed = {("Ecoli", "SMOTE", "RandomForest"): "error"}
    run = open_run(made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, repeats=3, statuses=failed))
    cell = Cell("Ecoli", "Original", "RandomForest")
    counts = confusion(run, cell)
    holdouts = [fit for fit in run.by_cell[cell].fits if fit.phase == "holdout"]
    assert counts["test"] == tuple(sum(fit.scores[m] for fit in holdouts) for m in ("tn", "fp", "fn", "tp"))
    assert counts["train"] == tuple(np.sum([fit.train_counts for fit in holdouts], axis=0))
    assert len(holdouts) == 3
    assert confusion(run, Cell("Ecoli", "SMOTE", "RandomForest")) == {"train": None, "test": None}


@given(st.tuples(*[st.integers(0, 40)] * 4).filter(any))
def test_classification_frame_is_scikit_learns(counts):
    frame = classification_frame(counts)
    truth, label = np.repeat([0, 0, 1, 1], counts), np.repeat([0, 1, 0, 1], counts)
    expected = precision_recall_fscore_support(truth, label, labels=[0, 1], zero_division=np.nan)
    np.testing.assert_allclose(frame.loc[["majority", "minority"]].T, expected)


def test_classification_report_names_the_classes_and_counts_rows():
    text = classification_report((50, 10, 5, 35))
    assert "majority      0.909     0.833     0.870        60" in text
    assert "minority      0.778     0.875     0.824        40" in text


def test_classification_report_calls_undefined_undefined():
    assert "nan" in classification_report((50, 0, 5, 0))


def test_values_of_a_decision_function_in_the_unit_interval_have_no_calibration():
    truth, score = np.array([0, 1, 1]), np.array([0.2, 0.4, 0.9])
    assert len(calibration(truth, score))
    assert calibration(truth, score, is_probability=False).empty
    assert "decision function" in why_no_calibration(truth, score, False)


def test_labels_without_scores_have_no_curve_and_say_why():
    truth, score = np.array([0, 1, 1]), np.full(3, np.nan)
    assert (
        why_no_curve(truth, score)
        == why_no_calibration(truth, score)
        == ("the classifier has labels and no scores")
    )
    assert roc_points(truth, score)[0].size == pr_points(truth, score)[0].size == 0
    assert calibration(truth, score).empty


def test_a_phase_has_probabilities_where_all_of_its_fits_have():
    one = np.ones(1, np.uint8)

    def fit(phase, kind):
        return FitPredictions(phase, 0, 0, np.array([0]), one, one, np.array([0.5]), kind)

    mixed = Predictions((fit("cv", "decision"), fit("holdout", "probability")))
    assert not has_probabilities(mixed, "cv")
    assert has_probabilities(mixed, "holdout")
