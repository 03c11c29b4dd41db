"""What became of the training rows: groups, sample, axes, parents."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.evaluation.points import GROUPS, MAX_POINTS, Points, take_points
from smote_impls import SMOTE

MAJORITY, MINORITY, REMOVED, SYNTHETIC = range(4)


def _data(n: int = 60, d: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = (np.arange(n) < n // 4).astype(np.int64)
    return rng.normal(size=(n, d)) + y[:, None], y


def test_rows_of_an_oversampler_are_kept_or_synthetic() -> None:
    X, y = _data()
    points = take_points((X, y), SMOTE(random_state=0).fit_resample(X, y))
    assert points.totals == {"majority": 45, "minority": 15, "removed": 0, "synthetic": 30}
    assert points.group.tolist() == [MINORITY] * 15 + [MAJORITY] * 45 + [SYNTHETIC] * 30
    assert np.array_equal(points.X[:60], X.astype(np.float32))
    assert not points.is_sampled


def test_rows_that_an_undersampler_drops_are_removed_whatever_their_order() -> None:
    X, y = _data()
    kept = np.random.default_rng(1).permutation(np.r_[0:15, 20:35])
    points = take_points((X, y), (X[kept], y[kept]))
    assert points.totals == {"majority": 15, "minority": 15, "removed": 30, "synthetic": 0}
    assert np.flatnonzero(points.group == REMOVED).tolist() == [*range(15, 20), *range(35, 60)]


def test_repeated_rows_count_as_synthetic_and_a_relabelled_row_as_removed_and_synthetic() -> None:
    X, y = _data()
    again = np.r_[np.arange(60), 3, 3]
    assert take_points((X, y), (X[again], y[again])).totals["synthetic"] == 2
    other = y.copy()
    other[50] = 1
    totals = take_points((X, y), (X, other)).totals
    assert (totals["removed"], totals["synthetic"]) == (1, 1)


def test_rows_that_are_there_twice_before_are_matched_one_to_one() -> None:
    X, y = _data()
    X, y = np.vstack([X, X[:2]]), np.r_[y, y[:2]]
    points = take_points((X, y), (X[:-1], y[:-1]))
    assert points.totals == {"majority": 45, "minority": 16, "removed": 1, "synthetic": 0}


def test_minus_zero_is_zero() -> None:
    X, y = np.zeros((6, 2)), np.array([0, 0, 0, 0, 1, 1])
    assert take_points((X, y), (-X, y)).totals["removed"] == 0


def test_a_synthetic_row_lies_between_its_parents() -> None:
    X, y = _data(200)
    sampler = SMOTE(random_state=0)
    points = take_points((X, y), sampler.fit_resample(X, y), sampler.synthetic_parents_)
    made = np.flatnonzero(points.group == SYNTHETIC)
    assert len(made) == 100
    seed, neighbor = points.X[points.parents[made].T]
    assert (points.group[points.parents[made]] == MINORITY).all()
    low, high = np.minimum(seed, neighbor) - 1e-6, np.maximum(seed, neighbor) + 1e-6
    assert ((low <= points.X[made]) & (points.X[made] <= high)).all()
    assert (points.parents[: len(X)] == -1).all()


def test_parents_that_are_not_told_stay_unknown() -> None:
    X, y = _data()
    sampler = SMOTE(random_state=0)
    after = sampler.fit_resample(X, y)
    assert (take_points((X, y), after).parents == -1).all()
    unknown = sampler.synthetic_parents_.copy()
    unknown["seed"] = -1
    assert (take_points((X, y), after, unknown).parents == -1).all()
    assert (take_points((X, y), after, np.zeros(30)).parents == -1).all()


def test_large_tables_are_sampled_in_proportion_and_a_small_minority_stays() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(9000, 2))
    y = (np.arange(9000) < 60).astype(np.int64)
    sampler = SMOTE(random_state=0)
    points = take_points((X, y), sampler.fit_resample(X, y), sampler.synthetic_parents_)
    counts = dict(zip(GROUPS, np.bincount(points.group, minlength=4).tolist(), strict=True))
    assert points.is_sampled
    assert MAX_POINTS - 4 <= len(points.X) <= MAX_POINTS
    assert points.totals == {"majority": 8940, "minority": 60, "removed": 0, "synthetic": 8880}
    assert counts["minority"] >= 50
    assert counts["majority"] == pytest.approx(counts["synthetic"], rel=0.02)
    shown = points.parents[points.group == SYNTHETIC]
    assert (shown >= 0).all(axis=1).mean() > 0.6  # parents of what is shown are shown first


def test_the_sample_and_the_axes_repeat() -> None:
    X, y = _data(3000)
    after = SMOTE(random_state=0).fit_resample(X, y)
    assert take_points((X, y), after).dumps() == take_points((X, y), after).dumps()


def test_all_methods_of_a_data_set_share_their_axes() -> None:
    X, y = _data()
    plain = take_points((X, y), (X, y))
    treated = take_points((X, y), SMOTE(random_state=0).fit_resample(X, y))
    assert np.array_equal(plain.pca, treated.pca[: len(X)])
    assert np.array_equal(plain.explained, treated.explained)
    centred = X - X.mean(axis=0)
    shares = np.linalg.svd(centred, compute_uv=False) ** 2
    assert plain.explained == pytest.approx((shares / shares.sum())[:2], rel=1e-5)
    assert plain.pca.var(axis=0) == pytest.approx((shares / len(X))[:2], rel=1e-4)


@pytest.mark.parametrize("X", [np.ones((8, 3)), np.arange(8.0)[:, None]], ids=["constant", "one column"])
def test_tables_without_two_axes_lie_on_a_line(X: np.ndarray) -> None:
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    points = take_points((X, y), (X, y))
    assert points.pca.shape == (8, 2)
    assert (points.pca[:, 1] == 0).all()


def test_points_come_back_from_their_bytes() -> None:
    X, y = _data()
    points = take_points((X, y), SMOTE(random_state=0).fit_resample(X, y))
    back = Points.loads(points.dumps())
    for name in ("X", "group", "pca", "explained", "parents"):
        assert np.array_equal(getattr(back, name), getattr(points, name)), name
    assert back.totals == points.totals
