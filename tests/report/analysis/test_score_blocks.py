"""The analysis of a run: hand-computed frames, and what is missing is said."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from made_up_scores import cell, effects_run, scored_run
from scipy import stats

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.report.analysis import cell_intervals, over_datasets, ranking, score_blocks
from smote_bench.runs.open import Run
from smote_bench.runs.summary import summarise

NAN = math.nan


def _grid(
    scores: dict[str, Sequence[float | str]], *, classifier: str = "kNN", spread: float = 0.0
) -> list[Outcome]:
    """Return a cell per method and data set, from its score, or from its status."""
    cells = []
    for method, row in scores.items():
        for i, score in enumerate(row):
            names = (f"data{i}", method, classifier)
            if isinstance(score, str):
                cells.append(cell(names, status=score))
            else:
                cells.append(cell(names, [score - spread, score, score + spread], [score]))
    return cells


def test_blocks_are_mean_scores_over_folds_and_classifiers() -> None:
    run = scored_run(
        [
            cell(("A", "Original", "kNN"), [0.4, 0.6], [0.9]),
            cell(("A", "Original", "SVM"), [0.6, 0.8], [0.9]),
            cell(("A", "SMOTE", "kNN"), [0.5, 0.7], [0.9]),
            cell(("A", "SMOTE", "SVM"), [0.5, 0.5], [0.9]),
        ]
    )
    assert score_blocks.blocks(run, "m").loc["A"].tolist() == pytest.approx([0.6, 0.55])
    assert score_blocks.blocks(run, "m", "SVM").loc["A"].tolist() == pytest.approx([0.7, 0.5])


@pytest.mark.parametrize("gap", ["error", "timeout", "unavailable", NAN, math.inf])
def test_a_method_without_one_classifier_has_no_mean_over_them(gap: str | float) -> None:
    cells = [
        cell((name, method, classifier), [0.5, 0.5])
        for name in "AB"
        for method in ("Original", "SMOTE")
        for classifier in ("kNN", "SVM")
    ]
    cells[-1] = (
        cell(("B", "SMOTE", "SVM"), status=gap)
        if isinstance(gap, str)
        else cell(("B", "SMOTE", "SVM"), [gap, 1])
    )
    found = score_blocks.blocks(scored_run(cells), "m")
    assert found.notna().to_numpy().tolist() == [[True, True], [True, False]]
    assert score_blocks.blocks(scored_run(cells), "m", "kNN").notna().all(axis=None)


def test_blocks_of_a_run_without_cross_validation_are_hold_out_scores() -> None:
    run = scored_run([cell(("A", "Original", "kNN"), holdout=[0.4, 0.6])])
    assert score_blocks.blocks(run, "m").loc["A", "Original"] == 0.5


def test_an_unknown_metric_or_classifier_gets_a_suggestion() -> None:
    run = effects_run({"SMOTE": 0.1})
    with pytest.raises(ConfigError, match=r"got 'balanced_acuracy'\. Did you mean 'balanced_accuracy'"):
        score_blocks.blocks(run, "balanced_acuracy")
    with pytest.raises(ConfigError, match=r"got 'classifer0'\. Did you mean 'classifier0'"):
        over_datasets.tests(run, "balanced_accuracy", "classifer0")


def _one_cell(before: list[float], after: list[float], better: str = "high") -> pd.Series:
    run = scored_run(
        [cell(("A", "Original", "kNN"), before), cell(("A", "SMOTE", "kNN"), after)], better={"m": better}
    )
    (row,) = cell_intervals.cell_intervals(run).to_dict("records")
    return row


def test_a_cells_interval_is_nadeau_and_bengios() -> None:
    differences = [0.10, 0.02, 0.10, 0.01, 0.10]
    row = _one_cell([0.5] * 5, [0.5 + d for d in differences])
    expected = stats.t.ppf(0.975, 4) * math.sqrt(0.00218 * (1 / 5 + 1 / 4))
    assert (row["delta"], row["half_width"]) == pytest.approx((0.066, expected))
    assert (row["original"], row["treated"], row["n_fits"]) == (0.5, pytest.approx(0.566), 5)
    # 0.066 is within 0.087: more than nothing to four digits, and no more than noise.
    assert (row["verdict"], row["plain"]) == ("unchanged", "improved")
    assert row["p"] > 0.05


@pytest.mark.parametrize(("better", "verdict"), [("high", "improved"), ("low", "worsened")])
def test_a_verdict_follows_the_metrics_direction(better: str, verdict: str) -> None:
    row = _one_cell([0.5, 0.5, 0.5], [0.60, 0.61, 0.62], better)
    assert (row["verdict"], row["plain"]) == (verdict, verdict)
    assert row["delta"] == pytest.approx(0.11)
    assert row["p"] < 0.05


def test_repeated_hold_outs_overlap_by_the_test_size() -> None:
    cells = [
        cell(("A", "Original", "kNN"), holdout=[0.5] * 3),
        cell(("A", "SMOTE", "kNN"), holdout=[0.6, 0.7, 0.8]),
    ]
    row = cell_intervals.cell_intervals(scored_run(cells, test_size=0.5)).iloc[0]
    assert row["half_width"] == pytest.approx(stats.t.ppf(0.975, 2) * math.sqrt(0.01 * (1 / 3 + 1)))


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (cell(("A", "Original", "kNN"), [0.5]), cell(("A", "SMOTE", "kNN"), status="error"), "error"),
        (
            cell(("A", "Original", "kNN"), status="timeout"),
            cell(("A", "SMOTE", "kNN"), [0.5]),
            "Original: timeout",
        ),
        (None, cell(("A", "SMOTE", "kNN"), [0.5]), "Original was not run"),
        (
            cell(("A", "Original", "kNN"), [0.5, NAN]),
            cell(("A", "SMOTE", "kNN"), [0.5, 0.5]),
            "the metric is undefined in a fit",
        ),
        (
            cell(("A", "Original", "kNN"), [0.5, 0.5]),
            cell(("A", "SMOTE", "kNN"), [0.5, 0.5, 0.5]),
            "not the folds of Original",
        ),
    ],
)
def test_a_cell_without_a_verdict_says_why(before: Outcome | None, after: Outcome, reason: str) -> None:
    run = scored_run([outcome for outcome in (before, after) if outcome is not None])
    row = cell_intervals.cell_intervals(run, ["m"]).iloc[0]
    assert (row["verdict"], row["plain"], row["reason"]) == ("undefined", "undefined", reason)
    assert math.isnan(row["p"])
    assert cell_intervals.heat_map(run)[["undefined", "plain_undefined", "n"]].iloc[0].tolist() == [1, 1, 1]


@pytest.mark.parametrize("n_fits", [2, 3, 10])
@pytest.mark.parametrize("gain", [0.1, -0.1, 0.0])
def test_equal_differences_have_a_plain_verdict_and_no_interval(n_fits: int, gain: float) -> None:
    before = [0.5 + 0.013 * i for i in range(n_fits)]
    row = _one_cell(before, [score + gain for score in before])
    plain = "improved" if gain > 0 else "worsened" if gain < 0 else "unchanged"
    assert math.isnan(row["half_width"])
    assert row["plain"] == plain
    if gain:
        assert (row["verdict"], row["reason"]) == ("undefined", "equal differences carry no interval")
        assert math.isnan(row["p"])
    else:
        assert (row["verdict"], row["p"]) == ("unchanged", 1)


def test_one_fit_has_a_plain_verdict_and_no_other() -> None:
    row = _one_cell([0.5], [0.6])
    assert (row["verdict"], row["plain"], row["reason"]) == (
        "undefined",
        "improved",
        "one fit carries no interval",
    )


def test_a_noop_is_unchanged() -> None:
    run = scored_run(
        [cell(("A", "Original", "kNN"), [0.5, 0.6]), cell(("A", "SMOTE", "kNN"), [0.5, 0.6], status="noop")]
    )
    row = cell_intervals.cell_intervals(run).iloc[0]
    assert (row["verdict"], row["delta"], row["p"]) == ("unchanged", 0, 1)


def test_the_heat_map_counts_data_sets() -> None:
    original = [0.5, 0.5, 0.5, 0.5]
    cells = [
        *_grid({"Original": original}),
        *_grid({"SMOTE": [0.6, 0.4, 0.5, "error"]}, spread=0.001),
        *_grid({"noisy": [0.51, 0.49, 0.5, 0.52]}, spread=0.2),
    ]
    found = cell_intervals.heat_map(scored_run(cells)).set_index("method")
    assert found.loc["SMOTE", ["improved", "unchanged", "worsened", "undefined"]].tolist() == [1, 1, 1, 1]
    assert found.loc["noisy", ["improved", "unchanged", "worsened", "undefined"]].tolist() == [0, 4, 0, 0]
    plain = ["plain_improved", "plain_unchanged", "plain_worsened", "plain_undefined"]
    assert found.loc["noisy", plain].tolist() == [2, 1, 1, 0]
    assert found["n"].tolist() == [4, 4]


def test_the_heat_map_of_original_alone_is_empty() -> None:
    run = scored_run([cell(("A", "Original", "kNN"), [0.5, 0.5])])
    assert cell_intervals.heat_map(run).empty
    assert cell_intervals.cell_intervals(run).empty


def test_the_ranking_has_the_summarys_numbers() -> None:
    run = effects_run({"SMOTE": 0.05, "class_weight": 0.02, "ADASYN": -0.03}, datasets=6)
    metric = "balanced_accuracy"
    found = ranking.ranking(run, metric)
    assert found["method"].tolist() == ["SMOTE", "class_weight", "Original", "ADASYN"]
    assert found["mean_rank"].is_monotonic_increasing
    rows = found.set_index("method")
    for summary in summarise(run.outcomes, [metric], {metric: "high"}):
        row = rows.loc[summary.method]
        if summary.method == "Original":
            assert math.isnan(row["delta"])
            assert row["wins"] is pd.NA
            continue
        delta = summary.deltas[metric]
        assert (row["delta"], row["half_width"], row["n"], row["basis"]) == (
            delta.mean,
            delta.half_width,
            6,
            "datasets",
        )
        assert summary.against_original is not None
        assert (row["wins"], row["losses"]) == (
            summary.against_original.wins,
            summary.against_original.losses,
        )
    assert rows.loc["SMOTE", "trivial_wins"] + rows.loc["SMOTE", "trivial_losses"] == 12
    assert rows.loc["class_weight", "trivial_wins"] is pd.NA


def test_where_low_is_better_the_lowest_score_has_rank_one() -> None:
    cells = _grid({"Original": [0.5, 0.5], "SMOTE": [0.4, 0.3], "ADASYN": [0.6, 0.7]})
    found = ranking.ranking(scored_run(cells, better={"m": "low"}), "m")
    assert found["method"].tolist() == ["SMOTE", "Original", "ADASYN"]
    assert found["wins"].tolist()[0] == 2


def test_a_method_that_never_scored_is_last_and_takes_no_data_set_from_the_others() -> None:
    cells = _grid({"Original": [0.5, 0.5], "SMOTE": [0.6, 0.6], "broken": ["error", "error"]})
    found = ranking.ranking(scored_run(cells), "m").set_index("method")
    assert list(found.index) == ["SMOTE", "Original", "broken"]
    assert math.isnan(found.loc["broken", "mean_rank"])
    assert (found.loc["broken", "not_ok"], found.loc["broken", "n_failed"]) == ("2 error", 2)
    assert found["n_datasets"].tolist() == [2, 2, 2]


def test_ranks_are_over_the_data_sets_that_all_methods_share() -> None:
    cells = _grid({"Original": [0.5, 0.5, 0.5], "SMOTE": [0.6, 0.4, "error"], "ADASYN": [0.4, 0.6, 0.7]})
    found = ranking.ranking(scored_run(cells), "m")
    assert found["n_datasets"].tolist() == [2, 2, 2]
    assert found["mean_rank"].tolist() == [2, 2, 2]


def test_the_pareto_front_has_who_is_not_beaten_in_both() -> None:
    cells = [
        cell(("A", name, "kNN"), [score], seconds=seconds)
        for name, score, seconds in [
            ("Original", 0.5, 1.0),
            ("slow_and_good", 0.9, 9.0),
            ("slow_and_bad", 0.6, 9.0),
            ("cheap", 0.6, 2.0),
        ]
    ]
    cells.append(cell(("A", "broken", "kNN"), status="error"))
    found = ranking.pareto(scored_run(cells), "m").set_index("method")
    assert found["on_front"].to_dict() == {
        "Original": True,
        "slow_and_good": True,
        "slow_and_bad": False,
        "cheap": True,
        "broken": False,
    }
    assert found.loc["cheap", "seconds"] == 2
    low = ranking.pareto(scored_run(cells, better={"m": "low"}), "m").set_index("method")
    assert low.index[low["on_front"]].tolist() == ["Original"]


def test_the_tests_find_a_difference_that_is_there() -> None:
    run = effects_run({"SMOTE": 0.1, "ADASYN": 0.1, "none": 0.0}, datasets=12)
    found = over_datasets.tests(run, "balanced_accuracy")
    assert (found.n_datasets, found.n_failed_cells, found.methods[0]) == (12, 0, "Original")
    assert found.friedman is not None
    assert found.friedman.p < 0.001
    assert found.nemenyi is not None
    assert found.nemenyi.loc["SMOTE", "Original"] < 0.05 < found.nemenyi.loc["SMOTE", "ADASYN"]
    assert found.wilcoxon is not None
    assert found.wilcoxon.loc["SMOTE", "p"] == 2 / 2**12
    assert found.wilcoxon.loc["SMOTE", "p_holm"] == 3 * 2 / 2**12
    assert found.bayes is not None
    assert found.bayes.loc["SMOTE", "p_better"] > 0.99
    assert found.bayes.loc["none", "p_better"] < 0.5
    assert (found.bayes["rope"] == 0.01).all()
    assert {name for group in found.cliques for name in group} == set(found.methods)


def test_the_tests_follow_the_metrics_direction() -> None:
    run = effects_run({"SMOTE": 0.1, "ADASYN": 0.1}, metrics={"brier": 1.0}, better={"brier": "low"})
    found = over_datasets.tests(run, "brier")
    assert found.mean_ranks["Original"] == 1
    assert found.bayes is not None
    assert found.bayes.loc["SMOTE", "p_worse"] > 0.99
    assert found.wilcoxon is not None
    assert (found.wilcoxon.loc["SMOTE", "r_better"], found.wilcoxon.loc["SMOTE", "r_worse"]) == (0, 36)


@pytest.mark.parametrize(("datasets", "warned"), [(6, True), (7, False)])
def test_wilcoxon_that_could_not_reject_whatever_came_says_so(datasets: int, warned: bool) -> None:
    # Two methods: 2 * 2 / 2^6 = 0.0625, 2 * 2 / 2^7 = 0.03125.
    found = over_datasets.tests(
        effects_run({"SMOTE": 0.1, "ADASYN": 0.1}, datasets=datasets), "balanced_accuracy"
    )
    assert any("Wilcoxon-Holm cannot reject" in text for text in found.warnings) == warned


def test_the_frames_of_the_tests_have_their_methods_as_a_column_after_reset_index() -> None:
    found = over_datasets.tests(effects_run({"SMOTE": 0.1, "ADASYN": 0.1}), "balanced_accuracy")
    for frame in (found.wilcoxon, found.bayes, found.control):
        assert frame is not None
        assert set(frame.reset_index()["method"]) == {"SMOTE", "ADASYN"}


@pytest.mark.parametrize("datasets", [1, 4])
def test_below_five_data_sets_there_is_no_test_and_a_warning(datasets: int) -> None:
    found = over_datasets.tests(
        effects_run({"SMOTE": 0.1, "ADASYN": 0.1}, datasets=datasets), "balanced_accuracy"
    )
    assert (found.friedman, found.nemenyi, found.cd, found.wilcoxon, found.bayes) == (None,) * 5
    assert (found.cliques, found.n_datasets) == ([], datasets)
    assert len(found.mean_ranks) == 3
    assert any(
        text.startswith("no Friedman or Nemenyi test") and "at least 5" in text for text in found.warnings
    )
    assert any(text.startswith("no Wilcoxon or Bayesian test") for text in found.warnings)


def test_two_methods_have_wilcoxons_test_alone() -> None:
    found = over_datasets.tests(effects_run({"SMOTE": 0.1}), "balanced_accuracy")
    assert found.friedman is None
    assert found.wilcoxon is not None
    assert any("2 methods, at least 3 needed" in text for text in found.warnings)


def test_original_alone_has_no_tests() -> None:
    found = over_datasets.tests(effects_run({}), "balanced_accuracy")
    assert (found.friedman, found.wilcoxon, found.methods) == (None, None, ["Original"])
    assert any("no comparison with Original" in text for text in found.warnings)


@pytest.fixture
def with_failures() -> Run:
    """SMOTE is better where it runs, and fails on two of eight."""
    return scored_run(
        _grid(
            {
                "Original": [0.5] * 8,
                "SMOTE": [0.6, 0.61, 0.62, 0.63, 0.64, 0.65, "error", "timeout"],
                "ADASYN": [0.55, 0.4] * 4,
            }
        )
    )


def test_complete_cases_leave_data_sets_out_and_count_them(with_failures: Run) -> None:
    found = over_datasets.tests(with_failures, "m")
    assert (found.n_datasets, found.n_failed_cells) == (6, 2)
    assert found.mean_ranks["SMOTE"] == 1
    assert found.wilcoxon is not None
    # Each pair has its own data sets: ADASYN did not fail.
    assert found.wilcoxon["n"].to_dict() == {"SMOTE": 6, "ADASYN": 8}
    assert any("2 of 8 data sets" in text and "SMOTE on 2" in text for text in found.warnings)


def test_failed_cells_have_the_last_rank_where_that_is_asked_for(with_failures: Run) -> None:
    found = over_datasets.tests(with_failures, "m", failed="worst")
    assert (found.n_datasets, found.n_failed_cells) == (8, 2)
    assert found.mean_ranks["SMOTE"] == (6 * 1 + 2 * 3) / 8
    assert found.wilcoxon is not None
    assert found.wilcoxon.loc["SMOTE", ["n", "r_better", "r_worse"]].tolist() == [8, 21, 15]
    assert any(text.startswith("2 failed or undefined scores have the last rank") for text in found.warnings)


def test_a_method_that_failed_everywhere_is_last_everywhere_or_left_out() -> None:
    run = scored_run(
        _grid({"Original": [0.5] * 6, "SMOTE": [0.6] * 6, "ADASYN": [0.55] * 6, "broken": ["error"] * 6})
    )
    worst, complete = over_datasets.tests(run, "m", failed="worst"), over_datasets.tests(run, "m")
    assert worst.mean_ranks["broken"] == 4
    assert "broken" not in complete.methods
    assert complete.n_datasets == 6
    assert any("left out: broken" in text for text in complete.warnings)


def test_cells_that_were_not_run_are_no_failures() -> None:
    cells = _grid(
        {"Original": [0.5] * 7, "SMOTE": [0.6] * 6 + ["unavailable"], "ADASYN": [0.55] * 7, "late": [0.4] * 6}
    )
    found = over_datasets.tests(scored_run(cells), "m", failed="worst")
    assert (found.n_datasets, found.n_failed_cells) == (6, 0)
    assert found.mean_ranks["SMOTE"] == 1
    assert any("SMOTE on 1, late on 1" in text for text in found.warnings)


def test_methods_that_score_as_original_everywhere_are_not_tested() -> None:
    found = over_datasets.tests(
        scored_run(_grid({"Original": [0.5] * 6, "tuned": [0.5] * 6, "SMOTE": [0.6] * 6})), "m"
    )
    assert found.wilcoxon is not None
    assert math.isnan(found.wilcoxon.loc["tuned", "p"])
    assert any("scored as Original on all data sets" in text and "tuned" in text for text in found.warnings)


def test_an_unbounded_metric_takes_no_region_of_practical_equivalence() -> None:
    run = scored_run(_grid({"Original": [0.5] * 6, "SMOTE": [0.6] * 6}), unbounded=["m"])
    found = over_datasets.tests(run, "m")
    assert found.bayes is not None
    assert (found.bayes["rope"] == 0).all()
    assert any("no bounded scale" in text for text in found.warnings)


def test_a_metric_without_a_direction_is_named() -> None:
    run = scored_run(_grid({"Original": [0.5] * 6, "SMOTE": [0.6] * 6}), better={"m": None})
    assert any("no direction of improvement" in text for text in over_datasets.tests(run, "m").warnings)


def test_refuses_another_treatment_of_failures() -> None:
    with pytest.raises(ValueError, match="expected failed='complete' or 'worst', got 'zero'"):
        over_datasets.tests(effects_run({"SMOTE": 0.1}), "balanced_accuracy", failed="zero")  # type: ignore[arg-type]


def test_a_run_whose_original_failed_everywhere_has_frames_all_the_same() -> None:
    run = scored_run(_grid({"Original": ["error"] * 6, "SMOTE": [0.6] * 6, "ADASYN": [0.5] * 6}))
    assert ranking.ranking(run, "m")["method"].tolist() == ["SMOTE", "ADASYN", "Original"]
    assert (cell_intervals.heat_map(run)["undefined"] == 6).all()
    assert over_datasets.tests(run, "m").wilcoxon is None
    assert ranking.pareto(run, "m")["n_datasets"].iloc[0] == 6


def test_a_run_in_which_some_method_fails_on_every_data_set_has_no_ranks() -> None:
    run = scored_run(
        _grid({"Original": [0.5] * 2, "SMOTE": [0.6, "error"], "ADASYN": ["error", 0.6]}, spread=0.01)
    )
    found = ranking.ranking(run, "m")
    assert found["mean_rank"].isna().all()
    assert found["n_datasets"].tolist() == [0, 0, 0]
    assert over_datasets.tests(run, "m").mean_ranks.empty
    assert over_datasets.tests(run, "m", failed="worst").mean_ranks["Original"] == 2


def test_a_run_without_any_score_has_frames_all_the_same() -> None:
    run = scored_run(_grid({"Original": ["error"], "SMOTE": ["error"]}))
    assert ranking.ranking(run, "m")["mean_rank"].isna().all()
    assert not ranking.pareto(run, "m")["on_front"].any()
    for failed in ("complete", "worst"):
        assert over_datasets.tests(run, "m", failed=failed).n_datasets == 0
    assert run.by_cell[Cell("data0", "SMOTE", "kNN")].status == "error"
