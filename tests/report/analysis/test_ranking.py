"""The methods in order: ranks, deltas, wins, losses, and the front of cost and gain."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from made_up_scores import cell, cells_of_table, effects_run, scored_run

from smote_bench.errors import ConfigError
from smote_bench.report.analysis import ranking
from smote_bench.runs.summary import summarise


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


def test_a_run_without_cells_is_refused_in_words() -> None:
    run = scored_run([])
    with pytest.raises(ConfigError, match=r"expected a run with cells, got .*, of which none can be read"):
        ranking.ranking(run, "m")


def test_where_low_is_better_the_lowest_score_has_rank_one() -> None:
    cells = cells_of_table({"Original": [0.5, 0.5], "SMOTE": [0.4, 0.3], "ADASYN": [0.6, 0.7]})
    found = ranking.ranking(scored_run(cells, better={"m": "low"}), "m")
    assert found["method"].tolist() == ["SMOTE", "Original", "ADASYN"]
    assert found["wins"].tolist()[0] == 2


def test_a_method_that_never_scored_is_last_and_takes_no_data_set_from_the_others() -> None:
    cells = cells_of_table({"Original": [0.5, 0.5], "SMOTE": [0.6, 0.6], "broken": ["error", "error"]})
    found = ranking.ranking(scored_run(cells), "m").set_index("method")
    assert list(found.index) == ["SMOTE", "Original", "broken"]
    assert math.isnan(found.loc["broken", "mean_rank"])
    assert (found.loc["broken", "not_ok"], found.loc["broken", "n_failed"]) == ("2 error", 2)
    assert found["n_datasets"].tolist() == [2, 2, 2]


def test_ranks_are_over_the_data_sets_that_all_methods_share() -> None:
    cells = cells_of_table(
        {"Original": [0.5, 0.5, 0.5], "SMOTE": [0.6, 0.4, "error"], "ADASYN": [0.4, 0.6, 0.7]}
    )
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
