"""The answer in words, on runs whose truth is known.

Also of: sentences.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import pytest
from made_up_scores import cell, effects_run, scored_run
from report.analysis.answers import run_of_table, said, warned

from smote_bench.evaluation.outcome import Outcome
from smote_bench.report.analysis.answer import answer
from smote_bench.runs.trivial_arms import trivial_methods

NAN = math.nan


def test_a_method_that_is_clearly_better_helps_and_is_named() -> None:
    found = answer(effects_run({"SMOTE": 0.06, "ADASYN": 0.0, "class_weight": 0.0}))
    assert (found.verdict, found.method, found.n_datasets, found.n_classifiers) == ("helps", "SMOTE", 8, 2)
    assert found.sentences[0].startswith("Oversampling helped: SMOTE raised balanced accuracy by 0.0")
    assert "over 8 data sets and 2 classifiers (95% interval 0.0" in found.sentences[0]
    assert said(found, "1 of 2 methods", "p = 0.008 (max-T over signs of data sets)")
    assert said(found, "It beat simply weighting the classes (gain +0.0")
    assert said(found, "better on 8, equal on 0 and worse on 0 of 8 data sets")


def test_equal_methods_are_no_difference_shown_and_what_may_be_hidden() -> None:
    found = answer(effects_run({"SMOTE": 0.0, "ADASYN": 0.0, "class_weight": 0.0}))
    assert found.verdict == "no difference shown"
    assert found.sentences[0].startswith("No difference shown: the best of 2 methods, ")
    assert found.effect is not None
    assert f"a gain of up to {found.effect.high:.3f} or a loss of up to" in found.sentences[0]
    assert not said(found, "helped")
    assert not said(found, "hurt")


def test_scores_equal_to_the_digit_hide_nothing() -> None:
    found = answer(effects_run({"SMOTE": 0.0}, spread=0.0))
    assert found.verdict == "no difference shown"
    assert "All differences are zero" in found.sentences[0]


def test_methods_that_are_all_worse_hurt() -> None:
    found = answer(effects_run({"SMOTE": -0.05, "ADASYN": -0.08, "class_weight": 0.0}))
    assert (found.verdict, found.method) == ("hurts", "SMOTE")
    assert found.sentences[0].startswith(
        "Oversampling hurt: even the best of 2 methods, SMOTE, lowered balanced accuracy by 0.0"
    )
    assert said(found, "2 of 2 methods made it worse")
    assert said(found, "It did worse than simply weighting the classes")


def test_one_method_that_is_worse_is_named_where_none_is_better() -> None:
    found = answer(effects_run({"SMOTE": 0.0, "ADASYN": -0.08}))
    assert found.verdict == "no difference shown"
    assert said(found, "Worse by more than noise: ADASYN")


def test_many_methods_that_are_worse_are_not_all_named() -> None:
    found = answer(effects_run({"SMOTE": 0.0, **{f"bad{i}": -0.1 for i in range(9)}}))
    assert said(found, "Worse by more than noise: bad0, bad1, bad2, bad3 and 5 more.")


def test_weights_as_good_as_the_method_are_not_said_to_be_beaten() -> None:
    found = answer(effects_run({"SMOTE": 0.06, "class_weight": 0.06}))
    assert found.verdict == "helps"
    assert found.sentences[1].startswith("It was not shown to beat simply weighting the classes (gain ")
    assert found.sentences[2].startswith("It was not shown to beat the best trivial arm (gain ")
    assert "picked by cross-validation, always simply weighting the classes" in found.sentences[2]


def test_weights_better_than_the_method_are_said_to_be() -> None:
    found = answer(effects_run({"SMOTE": 0.04, "class_weight": 0.1, "tuned_threshold": 0.0}))
    assert found.verdict == "helps"
    assert said(found, "It did worse than simply weighting the classes (gain -0.0")
    assert said(found, "It did worse than the best trivial arm")


def test_weights_count_only_where_the_classifier_takes_them() -> None:
    """With kNN, which takes none, the mean over both would say that SMOTE beats the weights."""
    gains = {
        ("Original", "SVM"): 0.0,
        ("Original", "kNN"): 0.0,
        ("SMOTE", "SVM"): 0.05,
        ("SMOTE", "kNN"): 0.05,
        ("class_weight", "SVM"): 0.05,
        ("class_weight", "kNN"): 0.0,
    }
    cells = [
        cell(
            (f"d{i}", method, classifier),
            [0.5 + gain + (0.001 * (-1) ** i if method == "SMOTE" else 0)] * 3,
            [0.5],
            status="noop" if (method, classifier) == ("class_weight", "kNN") else "ok",
        )
        for i in range(6)
        for (method, classifier), gain in gains.items()
    ]
    found = answer(scored_run(cells))
    assert said(found, "not shown to beat simply weighting the classes (gain 0.000 ± 0.001")
    assert said(found, "without kNN, where weights change nothing")


def test_one_data_set_is_answered_for_itself_alone() -> None:
    found = answer(effects_run({"SMOTE": 0.08}, datasets=1))
    assert (found.verdict, found.n_datasets) == ("helps", 1)
    assert "on data0, on average over 5 fits (95% interval" in found.sentences[0]
    assert found.caveats[0].startswith("One data set: this says nothing about others")


@pytest.mark.parametrize("datasets", [2, 3, 4])
def test_two_to_four_data_sets_are_undecided_and_show_their_interval(datasets: int) -> None:
    metrics = {"balanced_accuracy": 1.0, "average_precision": -1.0}
    found = answer(effects_run({"SMOTE": 0.1, "class_weight": 0.1}, datasets=datasets, metrics=metrics))
    assert found.verdict == "undecided"
    # No claim on other measures either: they are of the same data sets.
    assert not said(found, "By the other measures")
    assert found.sentences[0].startswith("Undecided: SMOTE changed balanced accuracy by +0.")
    assert "95% interval" in found.sentences[0]
    assert f"{datasets} data sets are too few" in found.sentences[0]
    assert said(found, "Against simply weighting the classes the data sets are too few to tell")
    assert found.caveats[0].startswith(f"Only {datasets} data sets")


def test_five_data_sets_are_undecided_as_their_signs_agree_too_often() -> None:
    found = answer(effects_run({"SMOTE": 0.1, "class_weight": 0.0}, datasets=5))
    assert found.verdict == "undecided"
    assert "5 data sets are too few to tell whether it helps in general; at least 6" in found.sentences[0]
    assert not said(found, "It beat")
    assert found.caveats[0] == (
        "5 data sets are few: even where all signs agree their p is 0.062, so nothing is claimed below 6."
    )


@pytest.mark.parametrize("folds", [2, 3, 4])
def test_few_fits_of_one_data_set_are_undecided(folds: int) -> None:
    found = answer(effects_run({"SMOTE": 0.1, "class_weight": 0.0}, datasets=1, folds=folds))
    assert found.verdict == "undecided"
    assert f"{folds} fits are too few to tell it from noise; at least 5 are needed" in found.sentences[0]
    assert not said(found, "It beat")


@pytest.mark.parametrize("datasets", [1, 8])
@pytest.mark.parametrize("others", [0, 3])
@pytest.mark.parametrize("gain", [0.05, -0.05])
def test_equal_gains_everywhere_carry_no_verdict(datasets: int, others: int, gain: float) -> None:
    moves = {"SMOTE": gain, **{f"other{i}": gain - 0.01 for i in range(others)}, "class_weight": -gain}
    found = answer(effects_run(moves, spread=0.0, datasets=datasets))
    assert found.verdict == "undecided"
    assert "differences are the same: without any spread" in found.sentences[0]
    assert found.effect is not None
    assert math.isnan(found.effect.p)
    assert not found.effect.is_better
    assert not found.effect.is_worse
    assert not any(said(found, word) for word in ("It beat", "did worse", "more than noise", "interval 0"))
    assert said(found, "Against simply weighting the classes", "all the same, which carries no interval")


def test_one_fit_is_undecided() -> None:
    found = answer(effects_run({"SMOTE": 0.1, "class_weight": 0.1}, datasets=1, folds=0))
    assert found.verdict == "undecided"
    assert "but one fit carries no interval: use cross-validation or repeats" in found.sentences[0]
    assert warned(found, "Without cross-validation", "no trivial arm can be chosen")


def test_without_cross_validation_the_hold_outs_of_several_data_sets_answer() -> None:
    found = answer(effects_run({"SMOTE": 0.1, "class_weight": 0.0}, folds=0))
    assert found.verdict == "helps"
    assert not said(found, "best trivial arm")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"Original": [0.5] * 5}, "only Original was run"),
        ({"Original": ["error"] * 5, "SMOTE": [0.6] * 5}, "Original has no scores"),
        ({"Original": ["error"], "SMOTE": ["error"]}, "no cell of this run has scores"),
        ({"Original": [0.5, "error"], "SMOTE": ["error", 0.5]}, "no method has scores of m where Original"),
        ({"Original": [0.5, 0.5], "SMOTE": [NAN, NAN]}, "no method has scores of m where Original"),
    ],
)
def test_a_run_with_nothing_to_compare_says_so(rows: dict[str, Sequence[float | str]], words: str) -> None:
    found = answer(run_of_table(rows))
    assert (found.verdict, found.method, found.effect) == ("undecided", None, None)
    assert found.sentences[0].startswith("Undecided: ")
    assert words in found.sentences[0]


def test_the_trivial_arms_alone_are_called_what_they_are() -> None:
    found = answer(effects_run({"class_weight": 0.08, "tuned_threshold": 0.02}))
    assert found.verdict == "helps"
    assert found.sentences[0].startswith("Treating the imbalance helped: class_weight raised")
    assert not said(found, "trivial arm")


def test_undersampling_is_not_called_oversampling() -> None:
    run = effects_run({"Under": 0.08})
    steps = [{"target": "imblearn.under_sampling:RandomUnderSampler", "params": {}}]
    run.manifest["experiment"]["methods"] = {"Under": {"steps": steps}}
    assert answer(run).sentences[0].startswith("Resampling helped: Under")
    assert answer(run).subject == "Resampling"


@pytest.mark.parametrize(
    ("effect", "verdict", "verb"), [(-0.08, "helps", "lowered"), (0.08, "hurts", "raised")]
)
def test_where_low_is_better_lower_is_an_improvement(effect: float, verdict: str, verb: str) -> None:
    found = answer(effects_run({"SMOTE": effect}, metrics={"brier": 1.0}, better={"brier": "low"}))
    assert found.verdict == verdict
    assert f"SMOTE {verb} brier (where low is better) by 0.0" in found.sentences[0]


def test_other_measures_that_suffer_are_named() -> None:
    metrics = {"balanced_accuracy": 1.0, "average_precision": -1.0, "roc_auc": 0.0}
    found = answer(effects_run({"SMOTE": 0.08}, metrics=metrics))
    assert found.verdict == "helps"
    assert said(found, "worse by average precision (-0.0", "no difference shown by roc auc")


def test_a_run_looks_for_its_trivial_arms_once_for_all_its_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def counted(outcomes: Sequence[Outcome]) -> dict[str, str]:
        looked.append(len(outcomes))
        return trivial_methods(outcomes)

    monkeypatch.setattr("smote_bench.runs.open.trivial_methods", counted)
    run = effects_run({"SMOTE": 0.06, "class_weight": 0.0})
    first, second = answer(run), answer(run)
    assert first.sentences == second.sentences
    assert looked == [len(run.outcomes)]
    assert run.trivial == {"Original": "Original", "class_weight": "class_weight"}


def test_another_metric_has_the_answer_that_a_run_of_it_alone_would_have() -> None:
    both = effects_run({"SMOTE": 0.06, "ADASYN": 0.0}, metrics={"roc_auc": 0.0, "g_mean": 1.0})
    alone = dataclasses.replace(both, priority_metrics=("g_mean",))
    found, wanted = answer(both, "g_mean"), answer(alone)
    assert (found.metric, found.verdict, found.effect) == ("g_mean", "helps", wanted.effect)
    assert found.sentences[0] == wanted.sentences[0]
    assert answer(both).metric == "roc_auc"


def test_another_metric_is_said_to_be_picked_after_looking() -> None:
    run = effects_run({"SMOTE": 0.06}, metrics={"roc_auc": 0.0, "g_mean": 1.0})
    assert warned(answer(run, "g_mean"), "one of 2 metrics to pick from", "first is roc auc")
    assert not warned(answer(run), "to pick from")


def test_the_first_by_rank_and_the_first_by_mean_are_said_once() -> None:
    table = {
        "Original": [0.5] * 6,
        "often": [0.52, 0.53, 0.52, 0.53, 0.52, 0.5],
        "much": [0.51, 0.51, 0.51, 0.51, 0.51, 0.9],
    }
    found = answer(run_of_table(table))
    lines = [line for line in found.sentences if "first by" in line]
    assert len(lines) == 1
    assert lines[0].startswith(
        "Of all 3 methods often is first by mean rank (1.25), much by mean delta (+0.075): a rank counts"
    )


def test_a_method_that_is_first_by_rank_and_by_mean_is_said_to_be_both() -> None:
    found = answer(effects_run({"SMOTE": 0.06, "class_weight": 0.01}))
    assert said(found, "Of all 3 methods SMOTE is first by mean rank (1.00) and by mean delta (+0.0")


def test_where_low_is_better_the_lowest_mean_is_first() -> None:
    run = effects_run({"SMOTE": -0.06, "class_weight": 0.01}, metrics={"brier": 1.0}, better={"brier": "low"})
    assert said(answer(run), "SMOTE is first by mean rank (1.00) and by mean delta (-0.0")


def test_one_data_set_has_no_rank_to_speak_of() -> None:
    assert not said(answer(effects_run({"SMOTE": 0.06, "class_weight": 0.01}, datasets=1)), "first by")
