"""SMOTENC and SMOTEN beside imbalanced-learn's: the same price and neighbours, and levels in the same shares.

Its SMOTENC draws seeds with replacement and its SMOTEN settles ties by the level's order; otherwise both do
the same. Shares are compared by a chi-squared test of two samples at a level of 0.001 over all columns
(Bonferroni), with fixed seeds. That the test sees a difference is shown on samplers with one fault each.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from imblearn import over_sampling as imblearn
from scipy import stats

from smote_impls import SMOTEN, SMOTENC
from smote_impls.mixed.base import MadeRows

pytestmark = pytest.mark.versions

LEVEL = 0.001
N_SYNTHETIC = 4000
COLUMNS = ["p", "q", "r"]


def _table(n_rows=300, n_minority=60, seed=0):
    rng = np.random.RandomState(seed)
    y = rng.permutation(np.repeat([1, 0], [n_minority, n_rows - n_minority]))
    frame = pd.DataFrame({"u": rng.normal(size=n_rows) + y, "v": 3 * rng.normal(size=n_rows)})
    for name, n_levels in zip(COLUMNS, (2, 4, 7), strict=True):
        codes = np.minimum(rng.geometric(0.4, size=n_rows) - 1, n_levels - 1)
        frame[name] = pd.Categorical.from_codes(codes, [f"{name}{j}" for j in range(n_levels)])
    return frame, y


def _smallest_p(first, second):
    """The smallest p-value over the columns, corrected for their number: of levels, or of numbers."""
    p = []
    for name in first:
        if first[name].dtype == "category":
            counts = np.array([table[name].value_counts(sort=False) for table in (first, second)])
            p.append(stats.chi2_contingency(counts[:, counts.sum(axis=0) > 0]).pvalue)
        else:
            p.append(stats.ks_2samp(first[name], second[name]).pvalue)
    return min(p) * len(p)


def _made(sampler, frame, y):
    return sampler.fit_resample(frame, y)[0].iloc[len(frame) :]


def _led_to(parents):
    pairs = {}
    for seed, neighbor, _ in parents.tolist():
        pairs.setdefault(seed, set()).add(neighbor)
    return pairs


def test_the_price_of_a_difference_is_the_same():
    frame, y = _table()
    theirs = imblearn.SMOTENC("auto", random_state=0)
    theirs.fit_resample(frame, y)
    ours = SMOTENC(random_state=0)
    ours.fit_resample(frame, y)
    assert ours.median_deviation_[1] == pytest.approx(theirs.median_std_[1])
    encoded = theirs.nn_k_._fit_X.toarray()[:, 2:]
    assert set(encoded.ravel()[encoded.ravel() != 0]) == {theirs.median_std_[1] / np.sqrt(2)}


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_smotenc_has_the_same_neighbours(k, seed):
    frame, y = _table(seed=seed)
    theirs = imblearn.SMOTENC("auto", random_state=0, k_neighbors=k)
    theirs.fit_resample(frame, y)
    rows = np.flatnonzero(y == 1)
    nearest = rows[theirs.nn_k_.kneighbors(theirs.nn_k_._fit_X, return_distance=False)[:, 1:]]
    ours = SMOTENC(random_state=0, k_neighbors=k, sampling_strategy={1: 60 * 60})
    ours.fit_resample(frame, y)
    assert _led_to(ours.synthetic_parents_) == {
        int(row): set(found.tolist()) for row, found in zip(rows, nearest, strict=True)
    }


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("k", [2, 5])
def test_smotenc_makes_levels_and_numbers_in_the_same_shares(k, seed):
    frame, y = _table(seed=seed)
    params = {"k_neighbors": k, "sampling_strategy": {1: 60 + N_SYNTHETIC}}
    ours = _made(SMOTENC(random_state=1, **params), frame, y)
    theirs = _made(imblearn.SMOTENC("auto", random_state=2, **params), frame, y)
    assert _smallest_p(ours, theirs) > LEVEL


class _SeedsLevel(SMOTENC):
    """The seed keeps its own levels."""

    def _synthesize(self, target, rng):
        made = super()._synthesize(target, rng)
        return MadeRows(made.parents, made.numbers, np.repeat(made.parents["seed"][:, None], 3, axis=1))


class _NeighboursLevel(SMOTENC):
    """The segment's partner gives the levels, without a vote."""

    def _synthesize(self, target, rng):
        made = super()._synthesize(target, rng)
        return MadeRows(made.parents, made.numbers, np.repeat(made.parents["neighbor"][:, None], 3, axis=1))


@pytest.mark.parametrize("broken", [_SeedsLevel, _NeighboursLevel])
def test_the_test_of_shares_sees_a_difference(broken):
    frame, y = _table()
    params = {"sampling_strategy": {1: 60 + N_SYNTHETIC}}
    theirs = _made(imblearn.SMOTENC("auto", random_state=2, **params), frame, y)
    assert _smallest_p(_made(broken(random_state=1, **params), frame, y), theirs) < LEVEL


def test_smoten_has_the_same_rows_where_no_vote_is_tied():
    # Two levels, and three voters: k = 2 and the row itself. Its neighbours may differ where rows are equally
    # far, so that shares are compared.
    rng = np.random.RandomState(0)
    y = rng.permutation(np.repeat([1, 0], [80, 220]))
    frame = pd.DataFrame({f"c{j}": rng.uniform(size=300) < 0.3 + 0.1 * y for j in range(8)}).astype(int)
    frame = frame.astype("category")
    params = {"k_neighbors": 2, "sampling_strategy": {1: 80 + N_SYNTHETIC}}
    codes = frame.to_numpy().astype(int)
    made = [
        pd.DataFrame(_made(sampler, codes, y), columns=frame.columns)
        for sampler in (
            _Rows(SMOTEN(random_state=1, **params)),
            _Rows(imblearn.SMOTEN(random_state=2, **params)),
        )
    ]
    means = [table.to_numpy(dtype=float).mean(axis=0) for table in made]
    np.testing.assert_allclose(*means, atol=0.08)


class _Rows:
    """A sampler of arrays whose rows `_made` can take."""

    def __init__(self, sampler):
        self.sampler = sampler

    def fit_resample(self, X, y):
        out, labels = self.sampler.fit_resample(X, y)
        return pd.DataFrame(out), labels


def test_smoten_settles_ties_by_lot_and_imbalanced_learn_by_order():
    X = np.array([["a"], ["b"], *[["o"]] * 9], dtype=object)
    y = np.array([1] * 2 + [0] * 9)
    params = {"k_neighbors": 1, "sampling_strategy": {1: 402}, "random_state": 0}
    ours, theirs = (cls(**params).fit_resample(X, y)[0][11:, 0] for cls in (SMOTEN, imblearn.SMOTEN))
    assert set(theirs) == {"a"}
    assert stats.binomtest(int((ours == "a").sum()), 400).pvalue > 0.001
