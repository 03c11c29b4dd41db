"""The trivial arms of one data set and classifier, each by the metric it is judged by."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import pytest

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.report.analysis.answer import answer
from smote_bench.runs.summary import summarise
from smote_bench.runs.trivial_arms import best_trivial_arm, threshold_note, trivial_arms, trivial_methods
from tests.made_up_scores import effects_run

NAN = math.nan


def _cell(
    method: str,
    cv: float,
    holdout: float,
    tuned: Mapping[str, float] | None = None,
    *,
    metric: str = "f1",
    **more: object,
) -> Outcome:
    """Return a cell of two folds and a hold-out; `tuned` are its scores at the thresholds tuned for each."""
    at = [("cv", 0, cv), ("cv", 1, cv), ("holdout", 0, holdout)]
    fits = tuple(
        Fit(phase, 0, n, {metric: v}, 0, 0, 0, (9, 1), (9, 1), tuned_scores=tuned) for phase, n, v in at
    )
    return Outcome(**{"cell": Cell("A", method, "kNN"), "status": "ok", "fits": fits, **more})


def test_a_threshold_arm_is_judged_by_the_threshold_tuned_for_the_metric() -> None:
    arm = _cell("tuned_threshold", 0.3, 0.3, {"f1": 0.5, "mcc": 0.9}, arm="tuned_threshold")
    (found,) = trivial_arms([arm], "f1")
    assert (found.values("cv"), found.mean("holdout"), found.is_tuned) == ([0.5, 0.5], 0.5, True)


def test_a_metric_that_no_threshold_changes_has_the_arms_own_score() -> None:
    arm = _cell("tuned_threshold", 0.3, 0.4, {"f1": 0.5}, metric="roc_auc", arm="tuned_threshold")
    (found,) = trivial_arms([arm], "roc_auc")
    assert (found.mean("cv"), found.mean("holdout"), found.is_tuned) == (0.3, 0.4, False)


def test_the_arm_tuned_for_the_metric_wins_where_the_arm_as_listed_would_not() -> None:
    outcomes = [
        _cell("Original", 0.40, 0.40, arm="Original"),
        _cell("class_weight", 0.45, 0.45, arm="class_weight"),
        _cell("tuned_threshold", 0.30, 0.30, {"f1": 0.55}, arm="tuned_threshold"),
        _cell("SMOTE", 0.50, 0.50, arm=""),
    ]
    best = best_trivial_arm(outcomes, "f1", "high")
    assert best is not None
    assert (best.kind, best.mean("holdout")) == ("tuned_threshold", 0.55)
    (smote,) = (s for s in summarise(outcomes, ["f1"], {"f1": "high"}) if s.method == "SMOTE")
    assert str(smote.against_trivial) == "0/0/1"


def test_where_low_is_better_the_lowest_arm_is_the_best() -> None:
    outcomes = [
        _cell("Original", 4, 4, arm="Original", metric="fp"),
        _cell("tuned_threshold", 9, 9, {"fp": 1.0}, arm="tuned_threshold", metric="fp"),
    ]
    best = best_trivial_arm(outcomes, "fp", "low")
    assert best is not None
    assert (best.kind, best.mean("cv")) == ("tuned_threshold", 1.0)


def test_an_arm_is_told_by_its_definition_and_by_its_name_where_none_is_known() -> None:
    outcomes = [
        _cell("for_f1", 0.5, 0.5, arm="tuned_threshold"),
        _cell("class_weight", 0.5, 0.5, arm=""),  # a sampler that somebody called so
        Outcome(Cell("B", "class_weight", "kNN"), "error", "its data could not be read"),
        Outcome(Cell("B", "RandomOverSampler", "kNN"), "error", "its data could not be read"),
        _cell("SMOTE", 0.5, 0.5),
    ]
    assert trivial_methods(outcomes) == {
        "for_f1": "tuned_threshold",
        "RandomOverSampler": "RandomOverSampler",
    }


@pytest.mark.parametrize("order", [1, -1])
def test_arms_come_in_one_order_whatever_the_order_of_the_cells(order: int) -> None:
    outcomes = [_cell(name, 0.5, 0.5) for name in ("Original", "class_weight", "tuned_threshold")]
    assert [arm.kind for arm in trivial_arms(outcomes[::order], "f1")] == [o.cell.method for o in outcomes]


@pytest.mark.parametrize("bad", [NAN, math.inf])
def test_an_arm_without_a_finite_mean_is_never_the_best(bad: float) -> None:
    best = best_trivial_arm([_cell("Original", bad, 0.9), _cell("class_weight", 0.1, 0.1)], "f1", "high")
    assert best is not None
    assert best.kind == "class_weight"
    assert best_trivial_arm([_cell("Original", bad, 0.9)], "f1", "high") is None


def test_an_arm_without_complete_scores_is_left_out() -> None:
    assert trivial_arms([_cell("Original", 0.5, 0.5, status="error", reason="why")], "f1") == []


def test_the_answer_compares_with_the_threshold_tuned_for_its_metric_and_says_so() -> None:
    """By its row the arm is worse than the method, tuned for the metric it is better."""
    run = effects_run({"SMOTE": 0.1, "tuned_threshold": 0.0}, metrics={"f1": 1.0})

    def tuned(outcome: Outcome) -> Outcome:
        if outcome.cell.method != "tuned_threshold":
            return outcome
        fits = [dataclasses.replace(f, tuned_scores={"f1": f.scores["f1"] + 0.2}) for f in outcome.fits]
        return dataclasses.replace(outcome, fits=tuple(fits), arm="tuned_threshold", tuned_for="mcc")

    said = answer(dataclasses.replace(run, outcomes=tuple(map(tuned, run.outcomes)))).sentences
    (sentence,) = (text for text in said if "the best trivial arm" in text)
    assert sentence.startswith("It did worse than the best trivial arm (gain -0.1")
    assert "always just tuning the decision threshold for f1" in sentence
    (plain,) = (text for text in answer(run).sentences if "the best trivial arm" in text)
    assert "It beat the best trivial arm" in plain


@pytest.mark.parametrize("status", ["error", "timeout", "unavailable", "undefined", "ok"])
def test_the_answer_says_which_arms_could_not_be_the_best_one(status: str) -> None:
    run = effects_run({"SMOTE": 0.1, "tuned_threshold": 0.0}, metrics={"f1": 1.0})

    def fail(outcome: Outcome) -> Outcome:
        if outcome.cell.method != "tuned_threshold" or outcome.cell.dataset == run.datasets[0]:
            return outcome
        if status != "undefined":
            return dataclasses.replace(outcome, status=status, reason="" if status == "ok" else "why")
        fits = (dataclasses.replace(fit, scores=dict.fromkeys(fit.scores, NAN)) for fit in outcome.fits)
        return dataclasses.replace(outcome, fits=tuple(fits))

    outcomes = tuple(map(fail, run.outcomes))
    said = answer(dataclasses.replace(run, outcomes=outcomes)).sentences
    (sentence,) = (text for text in said if "the best trivial arm" in text)
    assert (f", without tuned_threshold ({status}) in 14 of 16" in sentence) == (status != "ok")
    assert ("without" in sentence) == (status != "ok")


def test_a_note_says_what_the_thresholds_of_rows_and_arms_are_tuned_for() -> None:
    arm = _cell("tuned_threshold", 0.3, 0.3, {"f1": 0.5}, arm="tuned_threshold", tuned_for="mcc")
    chain = _cell("chain", 0.3, 0.3, arm="", tuned_for="f1")
    assert threshold_note([arm, chain], "f1") == (
        "Thresholds of rows are tuned for one metric each (tuned_threshold: mcc; chain: f1). As a trivial "
        "arm that others are compared with, a threshold is tuned for f1."
    )
    assert threshold_note([arm], "roc_auc").endswith("(tuned_threshold: mcc).")
    assert threshold_note([_cell("SMOTE", 0.3, 0.3)], "f1") == ""
