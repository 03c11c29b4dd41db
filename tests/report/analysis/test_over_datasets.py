"""The tests over data sets: found where there is a difference, refused with the reason where there is none.

Also of: against_original.
"""

from __future__ import annotations

import math

import pytest
from made_up_scores import cells_of_table, effects_run, scored_run

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.analysis import cell_intervals, over_datasets, ranking
from smote_bench.runs.open import Run


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
        cells_of_table(
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
        cells_of_table(
            {"Original": [0.5] * 6, "SMOTE": [0.6] * 6, "ADASYN": [0.55] * 6, "broken": ["error"] * 6}
        )
    )
    worst, complete = over_datasets.tests(run, "m", failed="worst"), over_datasets.tests(run, "m")
    assert worst.mean_ranks["broken"] == 4
    assert "broken" not in complete.methods
    assert complete.n_datasets == 6
    assert any("left out: broken" in text for text in complete.warnings)


def test_cells_that_were_not_run_are_no_failures() -> None:
    cells = cells_of_table(
        {"Original": [0.5] * 7, "SMOTE": [0.6] * 6 + ["unavailable"], "ADASYN": [0.55] * 7, "late": [0.4] * 6}
    )
    found = over_datasets.tests(scored_run(cells), "m", failed="worst")
    assert (found.n_datasets, found.n_failed_cells) == (6, 0)
    assert found.mean_ranks["SMOTE"] == 1
    assert any("SMOTE on 1, late on 1" in text for text in found.warnings)


def test_methods_that_score_as_original_everywhere_are_not_tested() -> None:
    found = over_datasets.tests(
        scored_run(cells_of_table({"Original": [0.5] * 6, "tuned": [0.5] * 6, "SMOTE": [0.6] * 6})), "m"
    )
    assert found.wilcoxon is not None
    assert math.isnan(found.wilcoxon.loc["tuned", "p"])
    assert any("scored as Original on all data sets" in text and "tuned" in text for text in found.warnings)


def test_an_unbounded_metric_takes_no_region_of_practical_equivalence() -> None:
    run = scored_run(cells_of_table({"Original": [0.5] * 6, "SMOTE": [0.6] * 6}), unbounded=["m"])
    found = over_datasets.tests(run, "m")
    assert found.bayes is not None
    assert (found.bayes["rope"] == 0).all()
    assert any("no bounded scale" in text for text in found.warnings)


def test_a_metric_without_a_direction_is_named() -> None:
    run = scored_run(cells_of_table({"Original": [0.5] * 6, "SMOTE": [0.6] * 6}), better={"m": None})
    assert any("no direction of improvement" in text for text in over_datasets.tests(run, "m").warnings)


def test_refuses_another_treatment_of_failures() -> None:
    with pytest.raises(ValueError, match="expected failed='complete' or 'worst', got 'zero'"):
        over_datasets.tests(effects_run({"SMOTE": 0.1}), "balanced_accuracy", failed="zero")  # type: ignore[arg-type]


def test_a_run_whose_original_failed_everywhere_has_frames_all_the_same() -> None:
    run = scored_run(cells_of_table({"Original": ["error"] * 6, "SMOTE": [0.6] * 6, "ADASYN": [0.5] * 6}))
    assert ranking.ranking(run, "m")["method"].tolist() == ["SMOTE", "ADASYN", "Original"]
    assert (cell_intervals.heat_map(run)["undefined"] == 6).all()
    assert over_datasets.tests(run, "m").wilcoxon is None
    assert ranking.pareto(run, "m")["n_datasets"].iloc[0] == 6


def test_a_run_in_which_some_method_fails_on_every_data_set_has_no_ranks() -> None:
    run = scored_run(
        cells_of_table(
            {"Original": [0.5] * 2, "SMOTE": [0.6, "error"], "ADASYN": ["error", 0.6]}, spread=0.01
        )
    )
    found = ranking.ranking(run, "m")
    assert found["mean_rank"].isna().all()
    assert found["n_datasets"].tolist() == [0, 0, 0]
    assert over_datasets.tests(run, "m").mean_ranks.empty
    assert over_datasets.tests(run, "m", failed="worst").mean_ranks["Original"] == 2


def test_a_run_without_any_score_has_frames_all_the_same() -> None:
    run = scored_run(cells_of_table({"Original": ["error"], "SMOTE": ["error"]}))
    assert ranking.ranking(run, "m")["mean_rank"].isna().all()
    assert not ranking.pareto(run, "m")["on_front"].any()
    for failed in ("complete", "worst"):
        assert over_datasets.tests(run, "m", failed=failed).n_datasets == 0
    assert run.by_cell[Cell("data0", "SMOTE", "kNN")].status == "error"
