"""The exact tests keep their level, and notice what they are for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from smote_bench.properties.exact_tests import (
    Finding,
    binomial_findings,
    demand_plausible,
    same_share_findings,
    uniform_findings,
)
from smote_bench.properties.violations import Violation


def test_a_binomial_test_keeps_its_level():
    # Over all outcomes, p-values below a level are no more probable than the level.
    counts = np.arange(31)
    p_values = np.array([finding.p_value for finding in binomial_findings(counts, 30, 0.2, "")])
    for level in (0.01, 0.05, 0.2):
        assert stats.binom.pmf(counts, 30, 0.2)[p_values < level].sum() <= level


def test_an_even_count_is_no_finding():
    (finding,) = binomial_findings(np.array([20]), 100, 0.2, "")
    assert finding.p_value > 0.5


def test_the_level_is_shared_out_between_tests():
    findings = [Finding(1e-3, lambda: "odd"), *[Finding(1.0, lambda: "")] * 9]
    demand_plausible(findings, level=0.009)
    with pytest.raises(Violation, match=r"odd .* one of 10 exact tests"):
        demand_plausible(findings, level=0.011)


def test_words_are_made_for_a_violation_only():
    def never() -> str:
        raise AssertionError

    demand_plausible([Finding(0.5, never)])
    demand_plausible([])


def test_the_uniform_test_agrees_with_scipy():
    values = np.random.default_rng(0).uniform(size=50) ** 1.2
    findings = uniform_findings(values, "values")
    assert findings[0].p_value == pytest.approx(stats.kstest(values, "uniform", method="exact").pvalue)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.97), (0.03, 1.0)])
def test_a_range_cut_a_little_is_found(low, high):
    values = np.random.default_rng(1).uniform(low, high, size=1000)
    with pytest.raises(Violation, match=r"expected values uniform on \[0, 1\], got 1000 with mean"):
        demand_plausible(uniform_findings(values, "values"))


def test_evenly_spread_values_are_no_finding():
    demand_plausible(uniform_findings((np.arange(1000) + 0.5) / 1000, "values"))


def test_uniform_up_to_a_half_is_a_law_of_its_own():
    values = np.random.default_rng(2).uniform(0, 0.5, size=500)
    demand_plausible(uniform_findings(values, "values", high=0.5))
    with pytest.raises(Violation):
        demand_plausible(uniform_findings(values, "values"))


def test_no_values_are_no_finding():
    assert uniform_findings(np.empty(0), "values") == []


def test_shares_are_compared_by_fishers_test():
    findings = same_share_findings(np.array([5, 95]), np.array([40, 60]), "count {}")
    assert findings[0].p_value < 1e-7
    assert findings[0].words() == "count 0: expected the same share, got 5 of 100 and 40 of 100"
