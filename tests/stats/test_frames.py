"""Differences to a control, in the direction of the metric, failures counted."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from smote_bench.stats import oriented_differences

NAN = math.nan


@pytest.fixture
def scores() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Original": [0.5, 0.5, NAN, NAN, 0.5],
            "SMOTE": [0.6, NAN, 0.6, NAN, 0.4],
            "ADASYN": [0.5, 0.5, 0.5, 0.5, math.inf],
        }
    )


def test_positive_differences_are_better_in_either_direction(scores: pd.DataFrame) -> None:
    high = oriented_differences(scores, "Original")
    low = oriented_differences(scores, "Original", better="low")
    assert high["SMOTE"].dropna().tolist() == pytest.approx([0.1, -0.1])
    assert low["SMOTE"].dropna().tolist() == pytest.approx([-0.1, 0.1])


@pytest.mark.parametrize("better", ["high", "low"])
def test_a_failure_counts_as_the_largest_loss_and_one_of_the_control_as_the_largest_gain(
    scores: pd.DataFrame, better: str
) -> None:
    found = oriented_differences(scores, "Original", better=better, missing="worst")["SMOTE"]
    assert found.iloc[[1, 2, 3]].tolist() == pytest.approx([-0.2, 0.2, 0.0])
    adasyn = oriented_differences(scores, "Original", better=better, missing="worst")["ADASYN"]
    assert adasyn.tolist() == [0, 0, 1, 1, -1]


def test_what_was_not_run_is_no_failure(scores: pd.DataFrame) -> None:
    not_run = scores.isna()
    found = oriented_differences(scores, "Original", missing="worst", not_run=not_run)
    assert found["SMOTE"].notna().tolist() == [True, False, False, False, True]


def test_refuses_differences_to_a_method_that_is_not_there(scores: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="expected a control among Original, SMOTE, ADASYN, got 'None'"):
        oriented_differences(scores, "None")
