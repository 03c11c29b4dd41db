"""The summary: hand-computed deltas, intervals, wins and losses."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
from collections.abc import Sequence

import pytest
import scipy.stats

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs.summary import (
    Delta,
    MethodSummary,
    Record,
    summarise,
    summary_lines,
    summary_rows,
)

NAN = math.nan
HIGH, LOW = {"m": "high"}, {"m": "low"}


def _cell(
    method: str,
    cv: Sequence[float] = (),
    holdout: Sequence[float] = (0.5,),
    *,
    dataset: str = "A",
    classifier: str = "kNN",
    n_folds: int | None = None,
    **more: object,
) -> Outcome:
    n_folds = n_folds or max(len(cv), 1)
    at = [("cv", n // n_folds, n % n_folds, v) for n, v in enumerate(cv)]
    at += [("holdout", n, 0, v) for n, v in enumerate(holdout)]
    fits = tuple(Fit(phase, r, f, {"m": v}, 1.0, 0.5, 0.25, (9, 1), (9, 9)) for phase, r, f, v in at)
    cell = Cell(dataset, method, classifier)
    return Outcome(**{"cell": cell, "status": "ok", "fits": fits, **more})


def _of(
    method: str, outcomes: Sequence[Outcome], better: dict[str, str] = HIGH, **more: float
) -> MethodSummary:
    return {summary.method: summary for summary in summarise(outcomes, ["m"], better, **more)}[method]


def _delta(outcomes: Sequence[Outcome], **more: float) -> Delta:
    return _of("SMOTE", outcomes, **more).deltas["m"]


def test_over_data_sets_the_interval_is_students_t_of_their_means() -> None:
    deltas = {"A": 0.10, "B": 0.02, "C": 0.06}
    outcomes = [
        cell
        for dataset, delta in deltas.items()
        for cell in (
            _cell("Original", [0.5, 0.7], dataset=dataset),
            _cell("SMOTE", [0.5 + delta + 0.01, 0.7 + delta - 0.01], dataset=dataset),
        )
    ]
    found = _delta(outcomes)
    low, high = scipy.stats.t.interval(0.95, 2, loc=0.06, scale=scipy.stats.sem(list(deltas.values())))
    assert (found.n, found.basis) == (3, "datasets")
    assert found.mean == pytest.approx(0.06)
    assert found.half_width == pytest.approx((high - low) / 2)
    # By hand: s = 0.04, t(2; 0.975) = 4.302653, 4.302653 * 0.04 / sqrt(3).
    assert found.half_width == pytest.approx(0.0993655, abs=1e-6)


def test_classifiers_are_averaged_within_a_data_set_so_that_n_counts_data_sets() -> None:
    outcomes = [
        cell
        for dataset, deltas in {"A": (0.1, 0.3), "B": (0.0, 0.2)}.items()
        for classifier, delta in zip(("kNN", "SVM"), deltas, strict=True)
        for cell in (
            _cell("Original", [0.5], dataset=dataset, classifier=classifier),
            _cell("SMOTE", [0.5 + delta], dataset=dataset, classifier=classifier),
        )
    ]
    found = _delta(outcomes)
    assert (found.mean, found.n) == (pytest.approx(0.15), 2)
    assert found.half_width == pytest.approx(
        scipy.stats.t.ppf(0.975, 1) * statistics.stdev([0.2, 0.1]) / math.sqrt(2)
    )


def test_over_the_folds_of_one_data_set_the_variance_is_nadeau_and_bengios() -> None:
    original, treated = [0.50, 0.60, 0.55, 0.70, 0.65], [0.60, 0.62, 0.65, 0.71, 0.75]
    differences = [0.10, 0.02, 0.10, 0.01, 0.10]
    found = _delta([_cell("Original", original), _cell("SMOTE", treated)])
    # Five folds: each tests a fifth and trains on four fifths, so n_test / n_train = 1/4.
    expected = scipy.stats.t.ppf(0.975, 4) * math.sqrt(statistics.variance(differences) * (1 / 5 + 1 / 4))
    assert (found.n, found.basis) == (5, "fits")
    assert found.mean == pytest.approx(0.066)
    assert found.half_width == pytest.approx(expected)
    # By hand: variance 0.00218, t(4; 0.975) = 2.776445, 2.776445 * sqrt(0.00218 * 0.45).
    assert found.half_width == pytest.approx(0.0869609, abs=1e-6)


def test_repeats_of_one_data_set_shrink_the_first_term_of_the_variance_only() -> None:
    differences = [0.10, 0.02, 0.04, 0.01, 0.10, 0.03]  # 2 repeats of 3 folds
    found = _delta(
        [_cell("Original", [0.5] * 6, n_folds=3), _cell("SMOTE", [0.5 + d for d in differences], n_folds=3)]
    )
    expected = scipy.stats.t.ppf(0.975, 5) * math.sqrt(statistics.variance(differences) * (1 / 6 + 1 / 2))
    assert (found.n, found.half_width) == (6, pytest.approx(expected))


@pytest.mark.parametrize("test_size", [0.2, 0.5])
def test_repeated_hold_outs_overlap_by_the_protocols_test_size(test_size: float) -> None:
    differences = [0.1, 0.2, 0.6]
    outcomes = [_cell("Original", holdout=[0.1] * 3), _cell("SMOTE", holdout=[0.1 + d for d in differences])]
    found = _delta(outcomes, test_size=test_size)
    variance = statistics.variance(differences) * (1 / 3 + test_size / (1 - test_size))
    assert found.half_width == pytest.approx(scipy.stats.t.ppf(0.975, 2) * math.sqrt(variance))


def test_one_fit_carries_no_interval() -> None:
    found = _delta([_cell("Original", holdout=[0.5]), _cell("SMOTE", holdout=[0.75])])
    assert (found.mean, found.n) == (0.25, 1)
    assert math.isnan(found.half_width)


@pytest.mark.parametrize("undefined", [NAN, math.inf])
@pytest.mark.parametrize("where", ["Original", "SMOTE"])
def test_an_undefined_score_leaves_its_pair_out_and_is_counted(undefined: float, where: str) -> None:
    outcomes = [
        *(_cell("Original", [0.5, 0.5], dataset=name) for name in "AB"),
        *(_cell("SMOTE", [0.6, 0.8], dataset=name) for name in "AB"),
        _cell("Original", [0.5, undefined if where == "Original" else 0.5], dataset="C"),
        _cell("SMOTE", [0.5, undefined if where == "SMOTE" else 0.5], dataset="C"),
    ]
    found = _of("SMOTE", outcomes)
    assert (found.deltas["m"].mean, found.deltas["m"].n, found.deltas["m"].n_left_out) == (
        pytest.approx(0.2),
        2,
        1,
    )
    if math.isnan(undefined):
        assert found.against_original == Record(wins=2, undefined=1)
    (line,) = [text for text in summary_lines([found], ["m"]) if "left out" in text]
    assert "SMOTE m 1" in line


@pytest.mark.parametrize("status", ["error", "timeout", "unavailable"])
def test_a_failed_cell_is_left_out_of_every_mean_and_counted(status: str) -> None:
    outcomes = [
        *(_cell("Original", [0.5, 0.5], dataset=name) for name in "ABC"),
        *(_cell("SMOTE", [0.6, 0.6], dataset=name) for name in "AB"),
        _cell("SMOTE", [0.0, 0.0], dataset="C", status=status, reason="why"),
    ]
    found = _of("SMOTE", outcomes)
    assert (found.deltas["m"].mean, found.deltas["m"].n) == (pytest.approx(0.1), 2)
    assert found.against_original == Record(wins=2)
    assert found.not_ok == {status: 1}
    assert f"1 {status}" in summary_lines([found], ["m"])[-1]


def test_a_method_without_a_scored_pair_has_no_delta() -> None:
    found = _of("SMOTE", [_cell("Original", [0.5]), _cell("SMOTE", status="error", reason="why")])
    assert found.deltas["m"].n == 0
    assert summary_lines([found], ["m"])[2].split() == ["SMOTE", "-"]


def test_a_noop_is_scored_and_counted() -> None:
    found = _of(
        "SMOTE", [_cell("Original", [0.5]), _cell("SMOTE", [0.5], status="noop", reason="input back")]
    )
    assert (found.deltas["m"].mean, found.against_original, found.not_ok) == (
        0.0,
        Record(ties=1),
        {"noop": 1},
    )


@pytest.mark.parametrize(("better", "record"), [(HIGH, Record(2, 1, 1)), (LOW, Record(1, 1, 2))])
def test_wins_and_losses_follow_the_metrics_direction(better: dict[str, str], record: Record) -> None:
    scores = {"A": 0.6, "B": 0.7, "C": 0.5, "D": 0.4}
    outcomes = [
        cell
        for name, score in scores.items()
        for cell in (_cell("Original", [0.5], dataset=name), _cell("SMOTE", [score], dataset=name))
    ]
    assert _of("SMOTE", outcomes, better).against_original == record


def test_scores_equal_to_four_digits_tie() -> None:
    outcomes = [_cell("Original", [0.50001]), _cell("SMOTE", [0.50004])]
    assert _of("SMOTE", outcomes).against_original == Record(ties=1)


def test_the_best_trivial_arm_is_chosen_by_cross_validation_and_compared_on_the_hold_out() -> None:
    arms = [
        _cell("Original", [0.50], holdout=[0.50]),
        _cell("class_weight", [0.70], holdout=[0.60]),  # best in cross-validation: the one to beat
        _cell("RandomOverSampler", [0.60], holdout=[0.90]),  # best on the hold-out: choosing it would peek
    ]
    # On the hold-out 0.75 beats class_weight's 0.60; against the hold-out's own best it would lose.
    assert _of("SMOTE", [*arms, _cell("SMOTE", [0.1], holdout=[0.75])]).against_trivial == Record(wins=1)
    assert _of("SMOTE", [*arms, _cell("SMOTE", [0.9], holdout=[0.55])]).against_trivial == Record(losses=1)


def test_the_best_trivial_arm_of_a_metric_where_low_is_better_has_the_lowest_score() -> None:
    arms = [
        _cell("Original", [0.50], holdout=[0.30]),
        _cell("tuned_threshold", [0.20], holdout=[0.40]),  # best in cross-validation
        _cell("class_weight", [0.90], holdout=[0.10]),
    ]
    assert _of("SMOTE", [*arms, _cell("SMOTE", [0.5], holdout=[0.35])], LOW).against_trivial == Record(wins=1)
    assert _of("SMOTE", [*arms, _cell("SMOTE", [0.5], holdout=[0.45])], LOW).against_trivial == Record(
        losses=1
    )


def test_a_trivial_arm_that_failed_or_is_undefined_is_not_the_one_to_beat() -> None:
    outcomes = [
        _cell("Original", [0.5], holdout=[0.5]),
        _cell("class_weight", [NAN], holdout=[0.9]),
        _cell("RandomOverSampler", [0.9], holdout=[0.9], status="error", reason="why"),
        _cell("SMOTE", [0.5], holdout=[0.6]),
    ]
    assert _of("SMOTE", outcomes).against_trivial == Record(wins=1)


def test_without_cross_validation_no_trivial_arm_can_be_chosen() -> None:
    assert _of("SMOTE", [_cell("Original"), _cell("SMOTE")]).against_trivial is None


def test_trivial_arms_are_compared_with_original_only() -> None:
    outcomes = [_cell("Original", [0.5]), _cell("class_weight", [0.6])]
    assert _of("class_weight", outcomes).against_trivial is None
    assert _of("class_weight", outcomes).against_original == Record(wins=1)
    original = _of("Original", outcomes)
    assert (original.deltas, original.against_original, original.against_trivial) == ({}, None, None)


def test_seconds_are_the_methods_own_over_all_its_cells() -> None:
    assert (
        _of("SMOTE", [_cell("Original", [0.5]), _cell("SMOTE", [0.5]), _cell("SMOTE", dataset="B")]).seconds
        == 5.25
    )


def test_the_summary_as_rows_has_empty_cells_where_there_is_nothing() -> None:
    outcomes = [_cell("Original", [0.5, 0.5]), _cell("SMOTE", [0.75, 0.75])]
    original, treated = summary_rows(summarise(outcomes, ["m"], HIGH))
    assert treated == {
        "method": "SMOTE",
        "delta_m": 0.25,
        "delta_m_half_width": None,  # equal differences have none
        "delta_m_n": 2,
        "delta_m_left_out": 0,
        **{f"{part}_against_original": n for part, n in vars(Record(wins=1)).items()},
        **{f"{part}_against_trivial": n for part, n in vars(Record(ties=1)).items()},
        "seconds": 5.25,
        "not_ok": "",
    }
    assert original["wins_against_original"] is None


def test_the_summary_as_text_aligns_its_columns_and_names_its_basis() -> None:
    outcomes = [
        _cell("Original", [0.5, 0.5]),
        _cell("SMOTE", [0.75, 0.75]),
        _cell("class_weight", [0.25, 0.5]),
    ]
    lines = summary_lines(summarise(outcomes, ["m"], HIGH), ["m"])
    assert "over 2 fits of one data set (Nadeau-Bengio)" in lines[0]
    assert [line.split()[0] for line in lines[1:4]] == ["method", "SMOTE", "class_weight"]
    assert len({len(line) for line in lines[1:4]}) == 1
    assert "+0.2500 " not in lines[2]  # equal differences: no interval beside it
    assert "-0.1250 ± " in lines[3]
    assert "(each method's alone)" in lines[0]


def test_a_delta_over_fewer_data_sets_than_the_others_says_so() -> None:
    outcomes = [
        *(_cell("Original", [0.5], dataset=name) for name in "ABC"),
        *(_cell("SMOTE", [0.6], dataset=name) for name in "ABC"),
        *(_cell("ADASYN", [0.6], dataset=name) for name in "AB"),
        _cell("ROSE", [0.6], dataset="A"),
    ]
    lines = summary_lines(summarise(outcomes, ["m"], HIGH), ["m"])
    assert "over 3 data sets" in lines[0]
    shown = {line.split()[0]: line for line in lines[2:5]}
    assert "(n=" not in shown["SMOTE"]
    assert "(n=2 datasets)" in shown["ADASYN"]
    assert "(n=1 fits)" in shown["ROSE"]


def test_equal_differences_of_scores_without_a_bound_have_no_interval_either() -> None:
    bases = {"A": 163716.16, "B": 112345.67, "C": 198765.43}
    outcomes = [
        cell
        for dataset, base in bases.items()
        for cell in (
            _cell("Original", [base, base + 10], dataset=dataset),
            _cell("SMOTE", [base + 0.3, base + 10.3], dataset=dataset),
        )
    ]
    for cells in (outcomes, outcomes[:2]):
        found = _delta(cells)
        assert found.mean == pytest.approx(0.3)
        assert math.isnan(found.half_width)


def test_the_summary_waits_for_no_pandas() -> None:
    code = "import sys, smote_bench.runs.summary; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_methods_are_called_as_people_read_them() -> None:
    outcomes = [_cell(method, [0.5, 0.6]) for method in ("Original", "sv.SMOTE")]
    lines = summary_lines(summarise(outcomes, ["m"], HIGH), ["m"], {"sv.SMOTE": "SMOTE (sv)"})
    assert sum(line.startswith("SMOTE (sv) ") for line in lines) == 2
    assert not any(line.startswith("sv.SMOTE") for line in lines)
