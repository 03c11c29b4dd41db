"""The numbers behind the answer: intervals that count their whole family, and the arm that is to be beaten.

Also of: gains.
"""

from __future__ import annotations

import pytest
from made_up_scores import cell, effects_run, scored_run
from report.analysis.answers import said, warned

from smote_bench.evaluation.outcome import Outcome
from smote_bench.report.analysis.answer import answer
from smote_bench.report.analysis.effects import against_best_trivial_arm, effects_by_method
from smote_bench.runs.open import Run
from smote_bench.stats import mean_interval


def test_the_headline_has_the_interval_of_the_mean() -> None:
    run = effects_run({"SMOTE": 0.06})
    (effect,) = effects_by_method(run, "balanced_accuracy")
    assert effect.half_width >= mean_interval(effect.gains).half_width
    interval = f"95% interval {effect.low:.3f} to {effect.high:.3f}"
    assert f"by {effect.gain:.3f} on" in answer(run).sentences[0]
    assert interval in answer(run).sentences[0]


def test_the_best_trivial_arm_is_picked_by_cross_validation_and_compared_on_the_hold_out() -> None:
    def arm(name: str, cv: float, holdout: float) -> list[Outcome]:
        spread = 0.001 if name == "SMOTE" else 0.0
        return [cell((f"d{i}", name, "kNN"), [cv] * 3, [holdout + spread * (i - 2.5)]) for i in range(6)]

    run = scored_run(
        [
            *arm("Original", 0.5, 0.5),
            *arm("class_weight", 0.7, 0.6),  # best in cross-validation: the one to beat
            *arm("tuned_threshold", 0.6, 0.9),  # best on the hold-out: choosing it would peek
            *arm("SMOTE", 0.6, 0.75),
        ]
    )
    found = against_best_trivial_arm(run, "SMOTE", "m")
    assert found is not None
    assert (found.gain, found.n, found.arms) == (pytest.approx(0.15), 6, {"class_weight": 6})
    assert found.is_better


def _gains(by_method: dict[str, list[float]]) -> Run:
    names = {"Original": [0.0] * 6, **by_method}
    return scored_run(
        [
            cell((f"d{i}", name, "kNN"), [0.5 + gain] * 3, [0.5 + gain])
            for name, gains in names.items()
            for i, gain in enumerate(gains)
        ]
    )


def test_the_best_of_many_is_not_believed_on_its_interval_alone() -> None:
    lucky = [0.10, 0.01, 0.03, 0.08, 0.02, 0.05]  # p = 0.021 alone
    noise = [0.10, -0.10, 0.05, -0.05, 0.02, -0.02]
    alone = answer(_gains({"SMOTE": lucky}))
    among = answer(_gains({"SMOTE": lucky, **{f"other{i}": noise for i in range(4)}}))
    assert (alone.verdict, among.verdict) == ("helps", "no difference shown")
    assert among.effect is not None
    assert among.effect.p == alone.effect.p < 0.05
    assert among.effect.low <= 0
    assert said(among, "Its interval alone excludes zero, but it was picked as the best of 5 after looking")
    assert "With several methods compared, that is within noise" in among.sentences[0]
    assert warned(among, "SMOTE was picked as the best of 5 after looking")


def test_a_sure_gain_goes_before_a_larger_one_that_may_be_noise() -> None:
    found = answer(
        _gains({"sure": [0.05, 0.06, 0.05, 0.06, 0.05, 0.06], "wild": [0.9, -0.3, 0.4, -0.4, 0.3, -0.2]})
    )
    assert (found.verdict, found.method) == ("helps", "sure")


def test_methods_without_effect_are_rarely_said_to_have_one() -> None:
    verdicts = [
        answer(effects_run({f"m{i}": 0.0 for i in range(6)}, classifiers=1, folds=2, seed=seed)).verdict
        for seed in range(40)
    ]
    # At 5% for all six methods together, 2 of 40 are expected, and 7 or more in 0.3% of such tests.
    assert sum(verdict != "no difference shown" for verdict in verdicts) < 7
