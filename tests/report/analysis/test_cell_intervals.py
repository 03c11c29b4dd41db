"""What changed in a single cell, beyond the noise of its folds or not, worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from made_up_scores import cell, cells_of_table, scored_run
from scipy import stats

from smote_bench.evaluation.outcome import Outcome
from smote_bench.report.analysis import cell_intervals

NAN = math.nan


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
        *cells_of_table({"Original": original}),
        *cells_of_table({"SMOTE": [0.6, 0.4, 0.5, "error"]}, spread=0.001),
        *cells_of_table({"noisy": [0.51, 0.49, 0.5, 0.52]}, spread=0.2),
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
