"""Metrics of a fold, against scikit-learn and imbalanced-learn wherever these define them."""

import math
import re
import struct
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from imblearn.metrics import geometric_mean_score, specificity_score
from sklearn import metrics as sk

from smote_bench.metrics import DEFAULT_METRICS, METRICS, parse_metric
from smote_bench.scoring import score_fold

pytestmark = pytest.mark.versions

ALL = list(DEFAULT_METRICS)  # tests/stats/test_calibration.py has the others
TIED = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
FREE = st.floats(0, 1)
COUNTED = {"precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score}


@st.composite
def folds(draw):
    """Folds of 1 to 40 rows: any labels, scores with and without ties, or one score for all rows."""
    n = draw(st.integers(1, 40))
    score = draw(st.sampled_from([TIED, FREE, st.just(draw(FREE))]))
    rows = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), score), min_size=n, max_size=n))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def reference(name, truth, label, score):
    """Return scikit-learn's or imbalanced-learn's value, NaN where a ratio in it is 0/0."""
    tn, fp, fn, tp = sk.confusion_matrix(truth, label, labels=[0, 1]).ravel().tolist()
    one_class = 0 in (tn + fp, tp + fn)
    base, _, average = (
        name.rpartition("_") if name.endswith(("_macro", "_weighted")) else (name, "", "binary")
    )
    if name in ("tn", "fp", "fn", "tp"):
        return {"tn": tn, "fp": fp, "fn": fn, "tp": tp}[name]
    if base in COUNTED:
        parts = COUNTED[base](truth, label, labels=[0, 1], average=None, zero_division=np.nan)
        if average == "binary":
            return parts[1]
        return (
            math.nan if np.isnan(parts).any() else COUNTED[base](truth, label, labels=[0, 1], average=average)
        )
    if base == "specificity":
        if average == "binary":
            # imbalanced-learn's average="binary" returns 0 where neither truth nor labels hold a positive,
            # and every row is right; its value by class is 1 there.
            return specificity_score(truth, label, labels=[0, 1], average=None)[1] if tn + fp else math.nan
        return math.nan if one_class else specificity_score(truth, label, labels=[0, 1], average=average)
    if base == "g_mean":
        return math.nan if one_class else geometric_mean_score(truth, label, labels=[0, 1], average=average)
    if base == "roc_auc":
        average = "macro" if average == "binary" else average
        return math.nan if one_class else sk.roc_auc_score(truth, score, average=average)
    if name == "mcc":
        return math.nan if one_class or 0 in (tp + fp, tn + fn) else sk.matthews_corrcoef(truth, label)
    if name == "average_precision":
        return sk.average_precision_score(truth, score) if tp + fn else math.nan
    if name == "balanced_accuracy":
        return math.nan if one_class else sk.balanced_accuracy_score(truth, label)
    if name == "accuracy":
        return sk.accuracy_score(truth, label)
    if name == "brier":
        return sk.brier_score_loss(truth, score, pos_label=1)
    return sk.log_loss(truth, score, labels=[0, 1])


# The references take up to 0.5 s a fold on a busy machine: fewer examples than usual, and without a deadline,
# as no test of ours is timed.
@settings(deadline=None, max_examples=50)
@given(folds())
@example((np.array([1]), np.array([0]), np.array([0.0])))
@example((np.array([0, 1]), np.array([1, 0]), np.array([1.0, 0.0])))
@example((np.array([0, 1, 0]), np.array([0, 0, 0]), np.array([0.1, 0.1, 0.1])))
def test_agrees_with_scikit_learn_and_imbalanced_learn(fold):
    values = score_fold(*fold, ALL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = {name: float(reference(name, *fold)) for name in ALL}
    assert values == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True)


@settings(deadline=None)
@given(folds())
def test_stays_in_the_range_of_each_metric(fold):
    for name, value in score_fold(*fold, ALL).items():
        assert math.isnan(value) or METRICS[name].low <= value <= METRICS[name].high


@settings(deadline=None)
@given(folds(), st.randoms(use_true_random=False))
def test_ranked_and_counted_metrics_do_not_depend_on_the_order_of_rows(fold, random):
    names = [name for name in ALL if name not in ("brier", "log_loss")]
    order = list(range(len(fold[0])))
    random.shuffle(order)
    shuffled = score_fold(*(column[order] for column in fold), names)
    assert _bits(shuffled) == _bits(score_fold(*fold, names))


@settings(deadline=None)
@given(folds())
def test_same_fold_gives_the_same_bytes_whatever_else_is_asked(fold):
    together = score_fold(*fold, ALL)
    alone = {name: score_fold(*fold, [name])[name] for name in ALL}
    assert _bits(together) == _bits(alone)


def test_computes_a_fold_by_hand():
    truth, label = [0, 0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 0]
    values = score_fold(truth, label, [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.6, 0.2], ALL)
    assert [values[name] for name in ("tn", "fp", "fn", "tp")] == [4, 2, 1, 1]
    assert values["precision"] == 1 / 3
    assert values["specificity"] == 4 / 6
    assert values["g_mean"] == math.sqrt(0.5 * 4 / 6)
    assert values["balanced_accuracy"] == (0.5 + 4 / 6) / 2
    # Of the 12 pairs, 0.6 wins 4 and ties 1, 0.2 wins 1 and ties 1.
    assert values["roc_auc"] == (4 + 0.5 + 1 + 0.5) / 12


def test_returns_builtin_floats_in_the_order_asked():
    values = score_fold([0, 1], [0, 1], [0.2, 0.9], ["tp", "roc_auc", "accuracy", "brier"])
    assert list(values) == ["tp", "roc_auc", "accuracy", "brier"]
    assert {type(value) for value in values.values()} == {float}


@pytest.mark.parametrize(
    ("truth", "label", "undefined"),
    [
        ([0, 1, 0], [0, 0, 0], {"precision", "precision_macro", "precision_weighted", "mcc"}),
        (
            [0, 0, 0],
            [0, 1, 0],
            {"recall", "recall_macro", "recall_weighted", "specificity_macro", "specificity_weighted", "mcc"}
            | {"g_mean", "g_mean_macro", "g_mean_weighted", "balanced_accuracy", "average_precision"}
            | {"roc_auc", "roc_auc_macro", "roc_auc_weighted"},
        ),
    ],
)
def test_undefined_is_nan_and_nothing_else_is(truth, label, undefined):
    values = score_fold(truth, label, [0.1, 0.4, 0.2], ALL)
    assert {name for name, value in values.items() if math.isnan(value)} == undefined


def test_f1_without_predicted_positives_is_a_true_zero():
    assert score_fold([0, 1], [0, 0], [0.1, 0.2], ["f1"]) == {"f1": 0.0}


def test_brier_and_log_loss_of_decision_values_are_undefined():
    values = score_fold([0, 1], [0, 1], [-1.5, 2.0], ["brier", "log_loss", "roc_auc"])
    assert math.isnan(values["brier"])
    assert math.isnan(values["log_loss"])
    assert values["roc_auc"] == 1.0


def test_log_loss_of_a_confident_error_is_finite():
    assert score_fold([0, 1], [0, 0], [0.0, 0.0], ["log_loss"])["log_loss"] == pytest.approx(18.02, abs=0.01)


@pytest.mark.parametrize(
    ("fold", "message"),
    [
        (([0, 2], [0, 1], [0.1, 0.2]), "expected 0 and 1 in y_true, got [0, 2]"),
        (([0, 1], [-1, 1], [0.1, 0.2]), "expected 0 and 1 in y_label, got [-1, 1]"),
        (([0, 1], [0.5, 1], [0.1, 0.2]), "expected 0 and 1 in y_label, got [0.5, 1.0]"),
        ((["no", "yes"], [0, 1], [0.1, 0.2]), "expected 0 and 1 in y_true, got ['no', 'yes']"),
        (([0, 1], [0, 1, 1], [0.1, 0.2]), "got (2,), (3,) and (2,)"),
        (([], [], []), "at least one row, got (0,), (0,) and (0,)"),
        (([0, 1], [0, 1], [0.1, math.nan]), "expected finite scores, got 1 of 2"),
        (([0, 1], [0, 1], [0.1, math.inf]), "expected finite scores, got 1 of 2"),
    ],
)
def test_rejects_what_is_no_fold(fold, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        score_fold(*fold, ["accuracy"])


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int64, np.float64])
def test_takes_labels_of_any_numeric_type(dtype):
    labels = np.array([0, 1, 1], dtype=dtype)
    assert score_fold(labels, labels, [0.1, 0.8, 0.9], ["tp", "accuracy"]) == {"tp": 2.0, "accuracy": 1.0}


def test_a_users_metric_cannot_change_the_others(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "greedy_metric.py").write_text(
        "def spoil(y_true, y_label, y_score):\n    y_true[:] = 1 - y_true\n    y_score[:] = 0\n    return 7\n"
    )
    own = parse_metric("own", {"metric": "greedy_metric:spoil", "better": "high"})
    truth, score = np.array([0, 1]), np.array([0.2, 0.9])
    assert score_fold(truth, [0, 1], score, [own, "accuracy", "roc_auc"]) == {
        "own": 7.0,
        "accuracy": 1.0,
        "roc_auc": 1.0,
    }
    assert (truth.tolist(), score.tolist()) == ([0, 1], [0.2, 0.9])


def _bits(values):
    # NaN is not equal to itself, its bytes are; 0.0 and -0.0 are equal, their bytes are not.
    return {name: struct.pack("<d", value) for name, value in values.items()}


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.floats(0, 1)), min_size=1))
def test_a_decision_function_in_the_unit_interval_is_ranked_and_no_probability(rows):
    fold = [list(column) for column in zip(*rows, strict=True)]
    decided, probable = (score_fold(*fold, ALL, is_probability=known) for known in (False, True))
    for name in ALL:
        if name in ("brier", "log_loss"):
            assert math.isnan(decided[name])
            assert not math.isnan(probable[name])
        else:
            assert _bits({name: decided[name]}) == _bits({name: probable[name]})


def test_without_scores_the_metrics_of_labels_are_defined():
    truth, label = [0, 1, 1, 0], [0, 1, 0, 0]
    values, scored = score_fold(truth, label, None, ALL), score_fold(truth, label, [0.1, 0.2, 0.3, 0.4], ALL)
    for name in ALL:
        if METRICS[name].needs == "scores":
            assert math.isnan(values[name])
        else:
            assert values[name] == scored[name]


def test_probabilities_beyond_one_by_rounding_have_a_brier_score():
    values = score_fold([0, 1], [0, 1], [-1e-8, np.float32(1.0000001)], ["brier", "log_loss"])
    assert values["brier"] == pytest.approx(0, abs=1e-12)
    assert values["log_loss"] == pytest.approx(0, abs=1e-12)


def test_weighted_metrics_are_those_of_scikit_learn():
    from sklearn import metrics

    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    score = np.round(np.clip(rng.normal(0.35, 0.2, 200) + 0.3 * truth, 0, 1), 2)  # with ties
    label = (score >= 0.5).astype(int)
    weights = rng.choice([0.0, 0.5, 1.0, 3.0], 200)
    found = score_fold(truth, label, score, METRICS, weights=weights)
    expected = {
        "accuracy": metrics.accuracy_score(truth, label, sample_weight=weights),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, label, sample_weight=weights),
        "precision": metrics.precision_score(truth, label, sample_weight=weights),
        "recall_weighted": metrics.recall_score(truth, label, sample_weight=weights, average="weighted"),
        "f1": metrics.f1_score(truth, label, sample_weight=weights),
        "f1_macro": metrics.f1_score(truth, label, sample_weight=weights, average="macro"),
        "mcc": metrics.matthews_corrcoef(truth, label, sample_weight=weights),
        "roc_auc": metrics.roc_auc_score(truth, score, sample_weight=weights),
        "average_precision": metrics.average_precision_score(truth, score, sample_weight=weights),
        "brier": metrics.brier_score_loss(truth, score, sample_weight=weights),
        "log_loss": metrics.log_loss(truth, score, sample_weight=weights),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    ones = score_fold(truth, label, score, METRICS, weights=np.ones(200))
    assert ones == pytest.approx(score_fold(truth, label, score, METRICS), abs=1e-12)
    assert np.isnan(list(score_fold(truth, label, score, METRICS, weights=np.zeros(200)).values())).all()
