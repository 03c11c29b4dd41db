"""Ranks, Friedman and Nemenyi: what holds for all frames."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from smote_bench.stats import (
    cliques,
    complete_blocks,
    critical_difference,
    friedman,
    mean_ranks,
    nemenyi,
    rank_blocks,
    z_against_control,
)

pytestmark = pytest.mark.versions

NAN = math.nan


def _named(values: np.ndarray) -> pd.DataFrame:
    n, k = values.shape
    return pd.DataFrame(
        values, index=[f"data {i}" for i in range(n)], columns=[f"method {i}" for i in range(k)]
    )


@st.composite
def frames(draw: st.DrawFn, *, min_methods: int = 3, min_blocks: int = 5) -> pd.DataFrame:
    """Scores of few digits, so that ties are frequent."""
    shape = (draw(st.integers(min_blocks, 12)), draw(st.integers(min_methods, 6)))
    whole = draw(hnp.arrays(np.int64, shape, elements=st.integers(0, 8)))
    return _named(whole / 8)


@settings(deadline=None)
@given(frames(min_methods=1, min_blocks=1), st.sampled_from(["high", "low"]))
def test_ranks_of_every_block_sum_to_the_same(scores: pd.DataFrame, better: str) -> None:
    k = scores.shape[1]
    assert np.allclose(rank_blocks(scores, better=better).sum(axis=1), k * (k + 1) / 2)


@settings(deadline=None)
@given(frames(), st.integers(-5, 5))
def test_a_constant_added_to_a_block_leaves_its_ranks(scores: pd.DataFrame, constant: int) -> None:
    shifted = scores.copy()
    shifted.iloc[0] += constant
    assert rank_blocks(shifted).equals(rank_blocks(scores))


@settings(deadline=None)
@given(frames())
def test_the_other_direction_mirrors_the_ranks(scores: pd.DataFrame) -> None:
    k = scores.shape[1]
    assert np.allclose(rank_blocks(scores, better="low"), k + 1 - rank_blocks(scores, better="high"))


@settings(deadline=None)
@given(frames(), st.randoms(use_true_random=False))
def test_the_order_of_the_data_sets_changes_nothing(scores: pd.DataFrame, random: object) -> None:
    order = list(scores.index)
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = friedman(rank_blocks(scores)), friedman(rank_blocks(scores.loc[order]))
    assert (one.chi2, one.p) == pytest.approx((other.chi2, other.p))


def test_the_best_score_has_rank_one_in_either_direction() -> None:
    scores = pd.DataFrame({"a": [0.9], "b": [0.8], "c": [0.8]})
    assert rank_blocks(scores).iloc[0].tolist() == [1.0, 2.5, 2.5]
    assert rank_blocks(scores, better="low").iloc[0].tolist() == [3.0, 1.5, 1.5]


def test_scores_that_differ_in_their_seventeenth_digit_tie() -> None:
    scores = pd.DataFrame({"a": [0.1 + 0.2], "b": [0.3], "c": [0.2]})
    assert rank_blocks(scores).iloc[0].tolist() == [1.5, 1.5, 3.0]


@pytest.mark.parametrize("better", ["high", "low"])
@pytest.mark.parametrize("gap", [NAN, math.inf])
def test_a_failure_has_the_last_rank_and_several_share_it(better: str, gap: float) -> None:
    scores = pd.DataFrame({"a": [0.9], "b": [gap], "c": [0.7], "d": [NAN]})
    ranks = rank_blocks(scores, better=better, missing="worst").iloc[0]
    assert (ranks["b"], ranks["d"]) == (3.5, 3.5)
    assert ranks[["a", "c"]].tolist() == ([1, 2] if better == "high" else [2, 1])


def test_refuses_to_rank_what_is_missing() -> None:
    scores = pd.DataFrame({"SMOTE": [0.9, 0.8], "ADASYN": [0.8, NAN]}, index=["Ecoli", "Oil"])
    with pytest.raises(ValueError, match=r"expected finite scores, got 1 .*'ADASYN' on 'Oil': take"):
        rank_blocks(scores)
    assert complete_blocks(scores).index.tolist() == ["Ecoli"]


def test_refuses_a_direction_that_is_none() -> None:
    with pytest.raises(ValueError, match="got better='up'"):
        rank_blocks(pd.DataFrame({"a": [1.0]}), better="up")  # type: ignore[arg-type]


def test_refuses_a_data_set_that_occurs_twice() -> None:
    scores = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["Oil", "Oil"])
    with pytest.raises(ValueError, match="each of the blocks once, got Oil twice"):
        rank_blocks(scores)


@settings(deadline=None)
@given(frames())
def test_friedmans_p_is_a_probability_and_its_tie_correction_scipys(scores: pd.DataFrame) -> None:
    found = friedman(rank_blocks(scores))
    assert 0 <= found.p <= 1
    assert 0 <= found.p_chi2 <= 1
    if (scores.nunique(axis=1) == 1).all():
        assert math.isnan(found.chi2_ties)
    else:
        assert found.chi2_ties == pytest.approx(stats.friedmanchisquare(*scores.to_numpy().T).statistic)
        assert found.chi2_ties >= found.chi2 - 1e-9


def test_friedman_of_methods_that_are_all_equal_finds_nothing() -> None:
    found = friedman(rank_blocks(_named(np.ones((6, 3)))))
    assert (found.chi2, found.p) == (0, 1)
    assert math.isnan(found.chi2_ties)


def test_friedman_of_one_order_everywhere_is_certain() -> None:
    found = friedman(rank_blocks(_named(np.tile([3.0, 2.0, 1.0], (6, 1)))))
    assert (found.F, found.p) == (math.inf, 0)


def test_refuses_friedman_below_five_data_sets() -> None:
    with pytest.raises(ValueError, match="at least 5 data sets, got 4"):
        friedman(rank_blocks(_named(np.eye(4))))


def test_refuses_friedman_of_two_methods_and_names_the_test_of_two() -> None:
    with pytest.raises(ValueError, match=r"at least 3 methods, got 2 .*`signed_rank`"):
        friedman(rank_blocks(_named(np.arange(12.0).reshape(6, 2))))


def test_refuses_friedman_of_scores_that_are_not_ranked() -> None:
    with pytest.raises(ValueError, match=r"expected ranks that sum to 6 .*rank the scores with"):
        friedman(_named(np.full((6, 3), 0.5)))


@settings(deadline=None)
@given(frames())
def test_nemenyis_p_are_symmetric_probabilities(scores: pd.DataFrame) -> None:
    p = nemenyi(mean_ranks(scores), len(scores))
    assert p.equals(p.T)
    assert ((p >= 0) & (p <= 1)).all(axis=None)
    assert (np.diag(p) == 1).all()


@settings(max_examples=50, deadline=None)
@given(frames())
def test_nemenyis_p_and_the_critical_difference_agree(scores: pd.DataFrame) -> None:
    means, n = mean_ranks(scores), len(scores)
    critical = critical_difference(len(means), n)
    p = nemenyi(means, n).to_numpy()
    apart = np.abs(means.to_numpy()[:, None] - means.to_numpy()[None, :])
    clear = np.abs(apart - critical) > 1e-6
    assert ((p < 0.05) == (apart > critical))[clear].all()


@settings(deadline=None)
@given(frames(), st.floats(0.01, 4))
def test_cliques_hold_every_method_and_nobody_further_apart(scores: pd.DataFrame, critical: float) -> None:
    means = mean_ranks(scores)
    groups = cliques(means, critical)
    assert {name for group in groups for name in group} == set(means.index)
    for group in groups:
        assert means[group].max() - means[group].min() < critical
    assert not any(set(a) < set(b) for a in groups for b in groups)


@settings(deadline=None)
@given(frames(), st.floats(0.01, 4))
def test_every_pair_within_the_critical_difference_shares_a_clique(
    scores: pd.DataFrame, critical: float
) -> None:
    means = mean_ranks(scores)
    groups = [set(group) for group in cliques(means, critical)]
    for a in means.index:
        for b in means.index:
            apart = abs(means[a] - means[b])
            if abs(apart - critical) > 1e-9:
                assert any({a, b} <= group for group in groups) == (apart < critical)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_methods": 1, "n_datasets": 5}, "n_methods=1"),
        ({"n_methods": 3, "n_datasets": 0}, "n_datasets=0"),
        ({"n_methods": 3, "n_datasets": 5, "alpha": 1.0}, "alpha=1.0"),
    ],
)
def test_refuses_a_critical_difference_of_nothing(arguments: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        critical_difference(**arguments)  # type: ignore[arg-type]


def test_the_z_of_a_better_method_is_positive() -> None:
    found = z_against_control(pd.Series({"Original": 2.6, "SMOTE": 1.4, "ADASYN": 2.0}), 10, "Original")
    assert found["z"].gt(0).all()
    assert found.index[0] == "SMOTE"


def test_refuses_a_control_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="expected a control among SMOTE, got 'Original'"):
        z_against_control(pd.Series({"SMOTE": 1.0}), 10, "Original")
