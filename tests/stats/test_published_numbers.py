"""The statistics give the numbers that were published, from the data that were published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from smote_bench.stats import (
    bayesian_correlated_t,
    cliques,
    critical_difference,
    friedman,
    mean_ranks,
    nemenyi,
    rank_blocks,
    resampled_t,
    signed_rank,
    z_against_control,
)
from smote_bench.stats.nemenyi import nemenyi_q

pytestmark = pytest.mark.versions

# Demsar (2006), Table 6: ranks as printed. The AUCs beside them are rounded and tie where the ranks do not.
_RANKS = {
    "adult (sample)": (4, 3, 2, 1),
    "breast cancer": (1, 2, 3, 4),
    "breast cancer wisconsin": (4, 1, 2, 3),
    "cmc": (4, 1, 3, 2),
    "ionosphere": (4, 2, 3, 1),
    "iris": (1, 2.5, 4, 2.5),
    "liver disorders": (3, 2, 4, 1),
    "lung cancer": (2.5, 2.5, 4, 1),
    "lymphography": (4, 3, 2, 1),
    "mushroom": (2.5, 2.5, 2.5, 2.5),
    "primary tumor": (4, 2.5, 1, 2.5),
    "rheum": (3, 2, 4, 1),
    "voting": (4, 1, 2, 3),
    "wine": (3, 1, 4, 2),
}
# Table 2: C4.5+m minus C4.5, in the same order.
_DIFFERENCES = [
    0.005,
    -0.008,
    0.017,
    0.033,
    0.006,
    -0.005,
    0.007,
    0.000,
    0.063,
    0.000,
    0.022,
    0.047,
    0.009,
    0.021,
]


@pytest.fixture
def table_6() -> pd.DataFrame:
    return pd.DataFrame.from_dict(_RANKS, orient="index", columns=["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"])


def test_ranks_of_ranks_are_demsars_table_6(table_6: pd.DataFrame) -> None:
    assert (rank_blocks(table_6, better="low") == table_6).all(axis=None)


def test_mean_ranks_are_demsars(table_6: pd.DataFrame) -> None:
    assert mean_ranks(table_6, better="low").round(3).tolist() == [3.143, 2.000, 2.893, 1.964]


def test_friedman_and_iman_davenport_are_demsars(table_6: pd.DataFrame) -> None:
    found = friedman(table_6)
    assert (found.n, found.k, found.df) == (14, 4, (3, 39))
    assert round(found.chi2, 2) == 9.28
    assert round(found.F, 2) == 3.69
    assert round(found.critical_F(), 2) == 2.85
    assert found.p < 0.05


def test_friedman_corrected_for_ties_is_scipys(table_6: pd.DataFrame) -> None:
    expected = stats.friedmanchisquare(*table_6.to_numpy().T)
    found = friedman(table_6)
    assert found.chi2_ties == pytest.approx(expected.statistic)
    assert found.p_chi2_ties == pytest.approx(expected.pvalue)
    assert found.chi2_ties > found.chi2


@pytest.mark.parametrize(("alpha", "q", "cd"), [(0.05, 2.569, 1.25), (0.10, 2.291, 1.12)])
def test_nemenyis_critical_values_are_demsars(alpha: float, q: float, cd: float) -> None:
    assert round(nemenyi_q(4, alpha), 3) == q
    assert round(critical_difference(4, 14, alpha=alpha), 2) == cd


@pytest.mark.parametrize(
    ("alpha", "pairs"),
    [(0.05, set()), (0.10, {("C4.5", "C4.5+m"), ("C4.5", "C4.5+m+cf")})],
    ids=["no pair at 0.05", "two pairs at 0.10"],
)
def test_nemenyi_finds_demsars_pairs(
    table_6: pd.DataFrame, alpha: float, pairs: set[tuple[str, str]]
) -> None:
    means = mean_ranks(table_6, better="low")
    p = nemenyi(means, 14)
    names = list(p.columns)
    found = {(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if p.loc[a, b] < alpha}
    assert found == pairs
    together = [set(group) for group in cliques(means, critical_difference(4, 14, alpha=alpha))]
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            assert ((a, b) in pairs) != any({a, b} <= group for group in together)


@pytest.mark.parametrize("k", range(2, 11))
def test_nemenyis_q_is_demsars_table_5(k: int) -> None:
    printed = {
        2: (1.960, 1.645),
        3: (2.343, 2.052),
        4: (2.569, 2.291),
        5: (2.728, 2.459),
        6: (2.850, 2.589),
        7: (2.949, 2.693),
        8: (3.031, 2.780),
        9: (3.102, 2.855),
        10: (3.164, 2.920),
    }
    # Demsar's table is cut, not rounded, here and there: 1 in the last digit is allowed.
    assert (nemenyi_q(k, 0.05), nemenyi_q(k, 0.10)) == pytest.approx(printed[k], abs=1.01e-3)


def test_holm_against_c45_rejects_demsars_two(table_6: pd.DataFrame) -> None:
    found = z_against_control(mean_ranks(table_6, better="low"), 14, "C4.5")
    assert list(found.index) == ["C4.5+m+cf", "C4.5+m", "C4.5+cf"]
    # Printed from rounded ranks and errors, hence 2.416 for 2.4154, and .607 for .6084.
    assert found["z"].to_numpy() == pytest.approx([2.416, 2.342, 0.512], abs=1e-3)
    assert found["p"].to_numpy() == pytest.approx([0.016, 0.019, 0.607], abs=1.5e-3)
    assert (found["p_holm"] < 0.05).tolist() == [True, True, False]


def test_wilcoxons_rank_sums_are_demsars() -> None:
    found = signed_rank(_DIFFERENCES)
    assert (found.r_plus, found.r_minus, found.statistic) == (93, 12, 12)
    # At n = 14 the critical value for 0.05 is 21: rejected.
    assert found.p < 0.05


@pytest.fixture(scope="module")
def moons() -> np.ndarray:
    """ROC AUC of an SVC with the rbf kernel minus that with the linear one, fold by fold."""
    X, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(SVC(kernel=kernel, random_state=0), X, y, scoring="roc_auc", cv=folds)
        for kernel in ("rbf", "linear")
    )
    return rbf - linear


def test_corrected_t_is_scikit_learns(moons: np.ndarray) -> None:
    found = resampled_t(moons, 10 / 90)
    assert (round(found.t, 3), round(found.p_greater, 3), found.n) == (0.750, 0.227, 100)


def test_naive_t_is_scikit_learns(moons: np.ndarray) -> None:
    found = resampled_t(moons, 0)
    assert (round(found.t, 3), round(found.p_greater, 3)) == (2.611, 0.005)


def test_bayesian_correlated_t_is_scikit_learns(moons: np.ndarray) -> None:
    assert round(bayesian_correlated_t(moons, 10 / 90, rope=0).p_better, 3) == 0.773
    found = bayesian_correlated_t(moons, 10 / 90, rope=0.01)
    assert round(found.p_worse, 3) == 0.068
    assert round(found.p_equivalent, 3) == 0.432
    assert round(found.p_better, 3) == 0.500
