"""Net benefit and cost curves, against sums over rows written out and bounds that hold for any scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.report.analysis.decisions import cost_curve, net_benefit, share_of_cost, treat_all

ROWS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0])), min_size=2)


def test_by_hand() -> None:
    truth, score = np.array([1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.3, 0.2, 0.1])
    # From .25 on: two true and one false positive, which counts a third.
    assert net_benefit(truth, score, np.array([0.25]))[0] == pytest.approx((2 - 1 / 3) / 5)
    assert treat_all(truth, np.array([0.25]))[0] == pytest.approx((2 - 3 / 3) / 5)
    assert share_of_cost(truth, (1.0, 3.0)) == pytest.approx(2 * 3 / (2 * 3 + 3 * 1))
    # At a third the best threshold takes the first row alone or the first three: 1/2 * 1/3 < 1/3 * 2/3.
    assert cost_curve(truth, score, np.array([1 / 3]))[0] == pytest.approx(1 / 6)


@given(ROWS, st.floats(0, 0.99))
def test_net_benefit_counts_rows(rows, threshold) -> None:
    truth, score = (np.array(column) for column in zip(*rows, strict=True))
    worth = [(1 if y else -threshold / (1 - threshold)) for y, p in rows if p >= threshold]
    found = net_benefit(truth, score.astype(float), np.array([threshold]))[0]
    assert found == pytest.approx(sum(worth) / len(rows), abs=1e-12)


@given(ROWS)
def test_a_cost_curve_is_the_least_over_all_thresholds(rows) -> None:
    truth, score = (np.array(column) for column in zip(*rows, strict=True))
    shares = np.linspace(0, 1, 11)
    found = cost_curve(truth, score.astype(float), shares)
    if truth.min() == truth.max():
        assert not len(found)
        return
    cuts = [*np.unique(score), np.inf]
    missed = np.array([np.mean(score[truth == 1] < cut) for cut in cuts])
    wrong = np.array([np.mean(score[truth == 0] >= cut) for cut in cuts])
    expected = [(missed * share + wrong * (1 - share)).min() for share in shares]
    assert found == pytest.approx(expected, abs=1e-12)


def test_scores_of_another_kind_have_no_curve() -> None:
    truth, score = np.array([0, 1]), np.array([-1.0, 2.0])
    assert not len(net_benefit(truth, score, np.array([0.5])))
    assert not len(net_benefit(truth, np.array([0.2, 0.9]), np.array([0.5]), is_probability=False))
    assert not len(net_benefit(truth, np.array([np.nan, np.nan]), np.array([0.5])))
    assert len(cost_curve(truth, score, np.array([0.5])))
    assert share_of_cost(truth, (0.0, 1.0)) == 1.0
