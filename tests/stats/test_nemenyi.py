"""Nemenyi's test of all pairs, its critical difference and cliques."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stats.score_frames import frames

from smote_bench.stats import (
    cliques,
    critical_difference,
    mean_ranks,
    nemenyi,
)


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
