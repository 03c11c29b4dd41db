"""The pure core: whatever goes wrong becomes a status and a reason, never a score."""

from __future__ import annotations

import dataclasses
import math
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from smote_bench.classifiers.registry import parse_classifier
from smote_bench.environment.timeouts import CellTimeout
from smote_bench.errors import UnavailableError
from smote_bench.evaluation import evaluate as evaluate_module
from smote_bench.evaluation.evaluate import CellPlan, ResampledFold, describe, evaluate_cell, traceback_end
from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.splits import FoldRows
from smote_bench.methods.spec import parse_method
from smote_bench.metrics import METRICS, Metric

pytestmark = pytest.mark.versions


def _fold(n: int = 0, *, repeat: int = 0, noop: bool = False, **more: Any) -> ResampledFold:
    rng = np.random.default_rng(n)
    X, y = rng.normal(size=(40, 2)), np.repeat([0, 1], [30, 10])
    X_test, y_test = rng.normal(size=(10, 2)), np.repeat([0, 1], [8, 2])
    split = FoldRows("cv", repeat, n, np.arange(40), np.arange(40, 50))
    plain = {
        "X": X,
        "y": y,
        "X_test": X_test,
        "y_test": y_test,
        "rows_before": (30, 4),
        "seconds": 0.5,
        "noop": noop,
    }
    return ResampledFold(rows=split, **{**plain, **more})


def _plan(method: str = "SMOTE", classifier: str = "LogisticRegression", *metrics: str) -> CellPlan:
    names = metrics or ("roc_auc", "balanced_accuracy")
    return CellPlan(
        Cell("T", method, classifier),
        parse_method(method),
        parse_classifier(classifier),
        42,
        tuple(METRICS[name] for name in names),
    )


def _then(error: BaseException) -> Iterator[ResampledFold]:
    yield _fold(0)
    raise error


def test_scores_every_fold_in_the_order_it_came() -> None:
    outcome = evaluate_cell(_plan(), [_fold(0), _fold(1)])
    assert (outcome.status, outcome.reason) == ("ok", "")
    assert [(fit.phase, fit.repeat, fit.fold) for fit in outcome.fits] == [("cv", 0, 0), ("cv", 0, 1)]
    for fit in outcome.fits:
        assert list(fit.scores) == ["roc_auc", "balanced_accuracy"]
        assert (fit.rows_before, fit.rows_after, fit.resample_seconds) == ((30, 4), (30, 10), 0.5)


def test_a_cell_is_a_function_of_its_arguments() -> None:
    one, two = (evaluate_cell(_plan("SMOTE", "RandomForest"), [_fold(0), _fold(1)]) for _ in range(2))
    assert [fit.scores for fit in one.fits] == [fit.scores for fit in two.fits]


def test_a_classifier_is_seeded_by_the_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []
    real = evaluate_module.fit_predict

    def spy(*args: Any, seed: int, **more: Any) -> Any:
        seeds.append(seed)
        return real(*args, seed=seed, **more)

    monkeypatch.setattr(evaluate_module, "fit_predict", spy)
    evaluate_cell(_plan(), [_fold(0), _fold(1), _fold(0, repeat=1)])
    assert seeds == [42, 42, 43]


def test_a_failing_fold_is_an_error_and_keeps_the_fits_before_it() -> None:
    outcome = evaluate_cell(_plan(), _then(ValueError("too few\n  rows")))
    assert (outcome.status, outcome.reason) == ("error", "ValueError: too few rows")
    assert len(outcome.fits) == 1
    assert not outcome.is_scored
    assert "ValueError: too few" in outcome.traceback


def test_a_classifier_that_fails_is_an_error() -> None:
    outcome = evaluate_cell(_plan(), [_fold(0, X=np.full((40, 2), np.nan))])
    assert outcome.status == "error"
    assert "NaN" in outcome.reason


def test_a_time_out_is_a_time_out_and_says_how_far_it_came() -> None:
    outcome = evaluate_cell(_plan(), _then(CellTimeout("longer than the limit of 5 s")))
    assert (outcome.status, outcome.reason) == ("timeout", "longer than the limit of 5 s (after 1 fits)")


def test_what_is_not_here_is_unavailable_with_reason_and_remedy() -> None:
    outcome = evaluate_cell(_plan(), _then(UnavailableError("needs keras", "install it")))
    assert (outcome.status, outcome.reason) == ("unavailable", "needs keras; install it")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)])
def test_the_users_interrupt_is_not_recorded_as_an_outcome(error: BaseException) -> None:
    with pytest.raises(type(error)):
        evaluate_cell(_plan(), _then(error))


def test_a_method_that_gave_every_input_back_is_a_noop() -> None:
    outcome = evaluate_cell(_plan(), [_fold(0, noop=True), _fold(1, noop=True)])
    assert (outcome.status, outcome.reason) == ("noop", "the method returned its input in every fit")
    assert outcome.is_scored


def test_a_method_that_gave_some_inputs_back_is_ok_and_says_in_how_many() -> None:
    outcome = evaluate_cell(_plan(), [_fold(0, noop=True), _fold(1), _fold(2)])
    assert outcome.status == "ok"
    assert "the method returned its input in 1 of 3 fits" in outcome.warnings


def test_a_weight_that_a_classifier_cannot_take_is_a_noop_with_originals_scores() -> None:
    folds = [_fold(0), _fold(1)]
    weighted, plain = (evaluate_cell(_plan(name, "kNN"), folds) for name in ("class_weight", "Original"))
    assert weighted.status == "noop"
    assert "class_weight has no meaning for kNN" in weighted.reason
    assert [fit.scores for fit in weighted.fits] == [fit.scores for fit in plain.fits]
    assert any("kNN has no class weights" in text and "(in 2 fits)" in text for text in weighted.warnings)


@pytest.mark.parametrize("method", ["class_weight", "tuned_threshold"])
def test_weights_and_thresholds_reach_the_classifier(method: str) -> None:
    folds = [_fold(n) for n in range(3)]
    treated, plain = (
        evaluate_cell(_plan(name, "LogisticRegression", "recall"), folds) for name in (method, "Original")
    )
    assert treated.status == "ok"
    assert treated.mean("recall", "cv") > plain.mean("recall", "cv")


def test_an_undefined_metric_is_nan_and_counted() -> None:
    folds = [_fold(0), _fold(1, y_test=np.zeros(10, dtype=int))]
    outcome = evaluate_cell(_plan(), folds)
    assert outcome.status == "ok"
    assert math.isnan(outcome.fits[1].scores["roc_auc"])
    assert "roc_auc is undefined in 1 of 2 fits" in outcome.warnings


def test_a_warning_is_told_once_with_the_number_of_its_fits() -> None:
    folds = [_fold(n, warnings=("UserWarning: few rows", "UserWarning: few rows")) for n in range(3)]
    assert evaluate_cell(_plan(), folds).warnings == ("UserWarning: few rows (in 3 fits)",)


def test_a_users_metric_that_fails_is_an_error() -> None:
    own = Metric("own", "high", 0, 1, "scores", "own", "own", target="no_such_module:own")
    plan = _plan()
    outcome = evaluate_cell(CellPlan(plan.cell, plan.method, plan.classifier, 42, (own,)), [_fold(0)])
    assert outcome.status == "error"
    assert "no_such_module" in outcome.reason


def test_an_error_is_described_in_one_line_of_bounded_length() -> None:
    assert describe(KeyError()) == "KeyError"
    assert describe(ValueError("a\n b")) == "ValueError: a b"
    assert len(describe(ValueError("x" * 10_000))) == 500


def test_the_end_of_a_traceback_is_kept() -> None:
    try:
        raise ValueError("x" * 10_000 + "the end")
    except ValueError as error:
        text = traceback_end(error)
    assert len(text) == 4000
    assert text.endswith("the end\n")


def test_a_history_is_kept_of_the_final_evaluation_only(monkeypatch: pytest.MonkeyPatch) -> None:
    real = evaluate_module.fit_predict

    def recorded(*args: Any, **more: Any) -> Any:
        return dataclasses.replace(real(*args, **more), history={"loss": [0.5]})

    monkeypatch.setattr(evaluate_module, "fit_predict", recorded)
    final = _fold(1)
    final = dataclasses.replace(final, rows=dataclasses.replace(final.rows, phase="holdout"))
    fits = evaluate_cell(_plan(), [_fold(0), final]).fits
    assert [fit.history for fit in fits] == [None, {"loss": [0.5]}]


class LabelsOnly:
    """Labels rows by their first column, without any score; as some classifiers do."""

    def __init__(self, random_state: Any = None) -> None:
        self.random_state = random_state

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {"random_state": self.random_state}

    def set_params(self, **params: Any) -> LabelsOnly:
        return self

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LabelsOnly:
        return self

    def predict(self, X: Any) -> Any:
        return (X[:, 0] > 0).astype(float)


class Decides(LabelsOnly):
    """Its decision lies in [0, 1] and is no probability."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Decides:
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: Any) -> Any:
        return np.clip(X[:, 0] / 10 + 0.5, 0, 1)


@pytest.fixture
def own_classifiers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("smote_bench_own")
    module.LabelsOnly, module.Decides = LabelsOnly, Decides
    monkeypatch.setitem(sys.modules, module.__name__, module)


METRICS_OF_ALL_KINDS = ("balanced_accuracy", "roc_auc", "average_precision", "brier", "log_loss")


@pytest.mark.usefixtures("own_classifiers")
@pytest.mark.parametrize(
    ("name", "kind", "undefined"),
    [("LabelsOnly", "none", METRICS_OF_ALL_KINDS[1:]), ("Decides", "decision", METRICS_OF_ALL_KINDS[3:])],
)
def test_what_a_classifier_cannot_be_scored_by_is_undefined_and_counted(
    name: str, kind: str, undefined: tuple[str, ...]
) -> None:
    plan = _plan("Original", f"smote_bench_own:{name}", *METRICS_OF_ALL_KINDS)
    outcome = evaluate_cell(plan, [_fold(0), _fold(1)])
    assert outcome.status == "ok"
    for fit in outcome.fits:
        assert [metric for metric, value in fit.scores.items() if math.isnan(value)] == list(undefined)
    assert [f"{metric} is undefined in 2 of 2 fits" for metric in undefined] == list(outcome.warnings)
    assert outcome.predictions is not None
    assert {fit.score_kind for fit in outcome.predictions.fits} == {kind}


@pytest.mark.usefixtures("own_classifiers")
def test_no_threshold_is_tuned_for_labels_alone() -> None:
    outcome = evaluate_cell(
        _plan("tuned_threshold", "smote_bench_own:LabelsOnly", "f1"), [_fold(0), _fold(1)]
    )
    assert outcome.status == "noop"
    assert any("has labels and no scores" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("positive", [1, 0])
def test_prior_correction_takes_the_ratio_of_the_rows_before(positive: int) -> None:
    names = ("balanced_accuracy", "brier")
    plan = dataclasses.replace(_plan("SMOTE", "LogisticRegression", *names), positive=positive)
    found = {}
    for how in (
        {},
        {"prior_corrected": True},
        {"class_weight": "balanced"},
        {"class_weight": "balanced", "prior_corrected": True},
    ):
        spec = parse_method("M", {"method": "SMOTE", **how})
        outcome = evaluate_cell(dataclasses.replace(plan, method=spec), [_fold()])
        assert outcome.status == "ok"
        found["+".join(how)] = outcome.predictions.fits[0].score
    # 4 to 30 before, 10 to 30 after, 1 to 1 in effect with balanced weights.
    for plain, corrected, factor in (
        ("", "prior_corrected", (4 / 30) / (10 / 30)),
        ("class_weight", "class_weight+prior_corrected", 4 / 30),
    ):
        odds = found[plain] / (1 - found[plain]) * (factor if positive == 1 else 1 / factor)
        assert found[corrected] == pytest.approx(odds / (1 + odds), rel=1e-9)


@pytest.mark.parametrize(
    ("definition", "more", "words"),
    [
        ({"method": "Original", "prior_corrected": True}, {}, "nothing to correct without a sampler"),
        ({"method": "SMOTE", "prior_corrected": True}, {"weights": np.ones(40)}, "these have weights"),
    ],
)
def test_a_correction_without_meaning_is_left_out_and_named(definition, more, words: str) -> None:
    plan = dataclasses.replace(_plan(), method=parse_method("M", definition))
    outcome = evaluate_cell(plan, [_fold(**more)])
    assert any(words in warning for warning in outcome.warnings)
    assert outcome.status == ("ok" if more else "noop")


def test_a_sampler_that_returned_its_input_leaves_nothing_to_correct() -> None:
    spec = parse_method("M", {"method": "SMOTE", "prior_corrected": True})
    outcome = evaluate_cell(dataclasses.replace(_plan(), method=spec), [_fold(noop=True)])
    assert outcome.status == "noop"
