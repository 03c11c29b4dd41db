"""Intervals and tests of a family of comparisons: what holds for all differences, and error rates."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smote_bench.stats import MIN_SIGNS, joint_over_datasets, joint_over_fits, mean_interval, resampled_t

_VALUES = st.integers(-20, 20).map(lambda n: n / 100)


@st.composite
def _families(draw: st.DrawFn, least: int = 2) -> pd.DataFrame:
    n, k = draw(st.integers(least, 9)), draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(_VALUES, min_size=k, max_size=k), min_size=n, max_size=n))
    return pd.DataFrame(rows, columns=[f"m{i}" for i in range(k)])


def _both(family: pd.DataFrame) -> list[pd.DataFrame]:
    return [joint_over_datasets(family), joint_over_fits(family, 0.25)]


@settings(deadline=None)
@given(_families())
def test_the_interval_excludes_zero_exactly_where_p_is_below_alpha(family: pd.DataFrame) -> None:
    for found in _both(family):
        excludes = found["mean"].abs() > found["half_width"]
        assert excludes.tolist() == (found["p_joint"] < 0.05).tolist()


@settings(deadline=None)
@given(_families())
def test_counting_the_family_never_makes_a_claim_easier(family: pd.DataFrame) -> None:
    for ratio, found in zip((0.0, 0.25), _both(family), strict=True):
        for name in family:
            alone, row = resampled_t(family[name].to_numpy(), ratio), found.loc[name]
            assert row["mean"] == pytest.approx(alone.mean, abs=1e-12)
            if alone.scale == 0:
                assert row[["half_width", "p", "p_joint"]].isna().all()
            else:
                assert row["p"] == pytest.approx(alone.p)
                assert row["half_width"] >= alone.half_width * (1 - 1e-9)
                assert row["p_joint"] >= alone.p * (1 - 1e-9)


@settings(deadline=None)
@given(_families(), st.randoms(use_true_random=False), st.sampled_from([0.001, 1.0, 1000.0]))
def test_order_sign_and_unit_change_no_claim(family: pd.DataFrame, random: object, unit: float) -> None:
    rows, columns = list(family.index), list(family.columns)
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(columns)  # type: ignore[attr-defined]
    for one, other in zip(_both(family), _both(-unit * family.loc[rows, columns]), strict=True):
        other = other.loc[one.index]
        assert one["p_joint"].to_numpy() == pytest.approx(other["p_joint"].to_numpy(), nan_ok=True)
        assert one["mean"].to_numpy() == pytest.approx(-other["mean"].to_numpy() / unit, abs=1e-12)


@settings(deadline=None)
@given(_families(MIN_SIGNS))
def test_the_p_of_one_method_counts_assignments_of_signs(family: pd.DataFrame) -> None:
    values = family["m0"].to_numpy()
    found = joint_over_datasets(family[["m0"]]).loc["m0"]
    if math.isnan(found["p"]):
        return
    n = len(values)
    sums = [abs(sum(v if i >> j & 1 else -v for j, v in enumerate(values))) for i in range(2**n)]
    by_signs = sum(total >= abs(values.sum()) - 1e-9 for total in sums) / 2**n
    assert found["p_joint"] == pytest.approx(max(by_signs, stats.ttest_1samp(values, 0).pvalue))


def test_beyond_thirteen_data_sets_signs_are_drawn_the_datas_own_first() -> None:
    values = np.random.default_rng(3).normal(0.4, 1.0, 14)
    found = joint_over_datasets(pd.DataFrame({"a": values, "clear": np.linspace(1, 2, 14)}))["p_joint"]
    assert found["clear"] == pytest.approx(1 / 2**12)
    alone = joint_over_datasets(pd.DataFrame({"a": values}))["p_joint"]["a"]
    signs = 1 - 2 * ((np.arange(2**14)[:, None] >> np.arange(14)) & 1)
    by_signs = (np.abs(signs @ values) >= abs(values.sum()) - 1e-9).mean()
    assert alone == pytest.approx(max(by_signs, stats.ttest_1samp(values, 0).pvalue), abs=0.03)


def test_the_family_is_bonferronis_over_fits_and_over_few_data_sets() -> None:
    family = pd.DataFrame({"a": [1.0, 2, 3, 4, 6], "b": [2.0, 4, 6, 8, 12], "c": [0.5, 1, 1.5, 2, 3]})
    for ratio, found in zip((0.0, 0.25), _both(family), strict=True):
        assert found.loc["b", "p_joint"] == pytest.approx(3 * resampled_t(family["b"], ratio).p)
        expected = stats.t.ppf(1 - 0.025 / 3, 4) * resampled_t(family["b"], ratio).scale
        assert found.loc["b", "half_width"] == pytest.approx(expected)


def test_a_small_spread_by_chance_is_raised_to_the_median_over_fits() -> None:
    family = pd.DataFrame({"lucky": [0.1, 0.1, 0.1, 0.1, 0.1001], "b": [0.1, 0, 0.2, 0.1, 0.0]})
    family["c"] = family["b"] * -1.5
    found = joint_over_fits(family, 0.25)
    assert found.loc["lucky", "p_joint"] > 0.05 > 3 * found.loc["lucky", "p"]
    assert found.loc["b", "p_joint"] == pytest.approx(min(1.0, 3 * found.loc["b", "p"]))


def test_where_signs_agree_by_chance_too_often_no_interval_is_bounded() -> None:
    signs = np.array([[1, 1, 1, 1, 1, 1.1], [1, -1, 1, -1, 1, -1], [1, 1, 1, -1, -1, -1]]).T
    found = joint_over_datasets(pd.DataFrame(signs))
    assert found["half_width"].tolist() == [math.inf] * 3
    assert (found["p_joint"] > 0.05).all()


def test_methods_with_other_data_sets_are_tested_on_their_own() -> None:
    rng = np.random.default_rng(0)
    family = pd.DataFrame(rng.normal(size=(9, 3)) + 1)
    family.loc[[0, 1], 1] = math.nan
    found = joint_over_datasets(family)
    assert found["n"].tolist() == [9, 7, 9]
    assert found.loc[1, "mean"] == pytest.approx(family[1].mean())
    assert found.loc[1, "p"] == pytest.approx(mean_interval(family[1].dropna()).p)


_LAWS = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "heavy": lambda rng, shape: rng.standard_t(2, size=shape),
    "uniform": lambda rng, shape: rng.uniform(-1, 1, size=shape),
    "three values": lambda rng, shape: rng.integers(-1, 2, size=shape).astype(float),
    "each data set its own scale": lambda rng, shape: (
        rng.normal(size=shape) * rng.exponential(size=(shape[0], 1)) ** 2
    ),
}


@pytest.mark.parametrize("law", _LAWS)
@pytest.mark.parametrize(("n", "k"), [(6, 9), (8, 30)])
def test_a_family_without_effect_is_rarely_claimed_to_have_one(law: str, n: int, k: int) -> None:
    rng = np.random.default_rng([n, k])
    claimed = sum(
        bool((joint_over_datasets(pd.DataFrame(_LAWS[law](rng, (n, k))))["p_joint"] < 0.05).any())
        for _ in range(150)
    )
    # At 5%, 18 or more of 150 happen in 1 of 3,000 such tests; each alone at 5%, 9 methods give 55.
    assert claimed < 18
