"""SMOTENC: numbers on segments, levels by vote, the paper's distance, and the errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from smote_impls import SMOTENC
from smote_impls.mixed.distance import MixedRows, median_deviation

from .mixed_data import CATEGORICAL, NUMERIC, customers, levels_of

pytestmark = pytest.mark.versions


def _nearest(frame, rows, k):
    """The k nearest rows of the class of each row, written out from the paper."""
    numbers = frame[NUMERIC].iloc[rows].to_numpy(dtype=float)
    codes = np.column_stack([pd.factorize(frame[name].iloc[rows])[0] for name in CATEGORICAL])
    price = np.median(numbers.std(axis=0))
    nearest = {}
    for i, row in enumerate(rows):
        d2 = ((numbers - numbers[i]) ** 2).sum(axis=1) + (codes != codes[i]).sum(axis=1) * price**2
        order = np.argsort(d2, kind="stable")
        nearest[int(row)] = [int(rows[j]) for j in order if j != i][:k]
    return nearest


def test_parents_lead_to_the_nearest_rows_by_the_papers_distance():
    frame, y = customers()
    sampler = SMOTENC(random_state=0, k_neighbors=3, sampling_strategy={1: 30 * 40})
    sampler.fit_resample(frame, y)
    led_to = {}
    for seed, neighbor, _ in sampler.synthetic_parents_.tolist():
        led_to.setdefault(seed, set()).add(neighbor)
    assert led_to == {row: set(near) for row, near in _nearest(frame, np.flatnonzero(y == 1), 3).items()}


def test_numbers_lie_where_the_parents_say_and_integers_are_rounded():
    frame, y = customers()
    sampler = SMOTENC(random_state=0)
    made = sampler.fit_resample(frame, y)[0].iloc[len(frame) :]
    parents = sampler.synthetic_parents_
    for name in NUMERIC:
        values = frame[name].to_numpy(dtype=float)
        start, end = values[parents["seed"]], values[parents["neighbor"]]
        expected = start + parents["step"] * (end - start)
        if name in ("age", "visits"):
            expected = np.rint(expected)
        np.testing.assert_allclose(made[name].to_numpy(dtype=float), expected, rtol=1e-6)


def test_every_level_is_one_that_most_of_the_neighbours_have():
    frame, y = customers()
    sampler = SMOTENC(random_state=0, sampling_strategy={1: 500})
    made = sampler.fit_resample(frame, y)[0].iloc[len(frame) :]
    nearest = _nearest(frame, np.flatnonzero(y == 1), 5)
    for name in CATEGORICAL:
        for seed, level in zip(sampler.synthetic_parents_["seed"].tolist(), made[name], strict=True):
            counts = frame[name].iloc[nearest[seed]].astype(object).value_counts()
            assert counts[level] == counts.max()


def test_the_seed_itself_has_no_vote():
    # Row 0 alone has level "x" in the class; its neighbours never do.
    frame = pd.DataFrame({"v": [0.0, 1, 2, 3, 90, 91, 92, 93, 94], "c": ["x", "a", "a", "a", *"bbbbb"]})
    out, _ = SMOTENC(random_state=0, k_neighbors=2, sampling_strategy={1: 204}).fit_resample(
        frame, [1] * 4 + [0] * 5
    )
    sampler = SMOTENC(random_state=0, k_neighbors=1, sampling_strategy={1: 204})
    assert levels_of(out, range(9, len(out)), "c") <= {"x", "a"}
    out, _ = sampler.fit_resample(frame, [1] * 4 + [0] * 5)
    from_first = np.flatnonzero(sampler.synthetic_parents_["seed"] == 0)
    assert levels_of(out, 9 + from_first, "c") == {"a"}


def test_ties_of_the_vote_are_broken_uniformly():
    # The two nearest rows of row 0 have levels p and q; each wins half of the time, in each column by itself.
    frame = pd.DataFrame({"v": [0.0, 1, 1, 50, 51, 52], "c": [*"rpqzzz"], "d": [*"rpqzzz"]})
    frame = pd.concat([frame, pd.DataFrame({"v": np.full(9, 900.0), "c": "o", "d": "o"})], ignore_index=True)
    sampler = SMOTENC(random_state=0, k_neighbors=2, sampling_strategy={1: 6 + 6 * 2000})
    out, _ = sampler.fit_resample(frame, [1] * 6 + [0] * 9)
    made = out.iloc[15:][sampler.synthetic_parents_["seed"] == 0]
    table = pd.crosstab(made["c"], made["d"])
    assert table.index.tolist() == table.columns.tolist() == ["p", "q"]
    assert table.to_numpy().sum() == 2000
    assert stats.chisquare(table.to_numpy().ravel()).pvalue > 0.001


def test_the_median_is_of_the_class_that_grows():
    frame, y = customers(n_rows=150)
    y = np.where((y == 0) & (np.arange(150) % 4 == 0), 2, y)
    sampler = SMOTENC(random_state=0)
    sampler.fit_resample(frame, y)
    assert list(sampler.median_deviation_) == [1, 2]
    for label, median in sampler.median_deviation_.items():
        numbers = frame[NUMERIC][y == label].to_numpy(dtype=float)
        assert median == pytest.approx(np.median(numbers.std(axis=0)))
        assert median == median_deviation(numbers)


def test_where_half_of_the_numbers_are_constant_levels_have_no_price():
    frame = pd.DataFrame({"v": np.r_[np.zeros(6), 5.0 * np.ones(9)], "c": list("aabbbc") + ["z"] * 9})
    sampler = SMOTENC(random_state=0, k_neighbors=2)
    out, _ = sampler.fit_resample(frame, [1] * 6 + [0] * 9)
    assert sampler.median_deviation_ == {1: 0.0}
    assert levels_of(out, range(15, len(out)), "c") <= set("abc")


def test_gives_each_row_as_many_as_the_paper_does():
    frame, y = customers()
    sampler = SMOTENC(random_state=0, sampling_strategy={1: 30 + 3 * 30})
    sampler.fit_resample(frame, y)
    assert np.bincount(sampler.synthetic_parents_["seed"], minlength=120)[y == 1].tolist() == [3] * 30


def test_renaming_levels_and_moving_columns_changes_nothing():
    frame, y = customers()
    out, _ = SMOTENC(random_state=0).fit_resample(frame, y)
    renamed = frame.copy()
    renamed["job"] = frame["job"].map({"clerk": "z", "cook": "a", "none": "m"})
    renamed["home"] = frame["home"].cat.reorder_categories(frame["home"].cat.categories[::-1])
    again, _ = SMOTENC(random_state=0).fit_resample(renamed, y)
    assert again["job"].map({"z": "clerk", "a": "cook", "m": "none"}).tolist() == out["job"].tolist()
    assert again["home"].tolist() == out["home"].tolist()
    pd.testing.assert_frame_equal(again[NUMERIC], out[NUMERIC])
    moved = frame[[*NUMERIC, *CATEGORICAL]]
    again, _ = SMOTENC(random_state=0).fit_resample(moved, y)
    pd.testing.assert_frame_equal(again, out[[*NUMERIC, *CATEGORICAL]])


@pytest.mark.parametrize("name", CATEGORICAL)
def test_a_constant_category_and_as_many_levels_as_rows_are_no_matter(name):
    frame, y = customers()
    frame[name] = pd.Categorical(["same"] * len(frame), categories=["same", "unseen"])
    out, _ = SMOTENC(random_state=0).fit_resample(frame, y)
    assert set(out[name]) == {"same"}
    frame[name] = [f"row {i}" for i in range(len(frame))]
    out, _ = SMOTENC(random_state=0).fit_resample(frame, y)
    assert levels_of(out, range(120, len(out)), name) <= levels_of(frame, np.flatnonzero(y == 1), name)


@pytest.mark.parametrize("seed", [0, np.random.RandomState(3)])
def test_same_seed_same_rows_and_another_seed_others(seed):
    frame, y = customers()
    make = (lambda: seed) if isinstance(seed, int) else (lambda: np.random.RandomState(3))
    first, second, other = (
        SMOTENC(random_state=state).fit_resample(frame, y)[0] for state in (make(), make(), 1)
    )
    pd.testing.assert_frame_equal(first, second)
    assert not first.equals(other)


def test_threads_change_nothing():
    frame, y = customers(400, 150)
    one, two = (SMOTENC(random_state=0, n_jobs=n).fit_resample(frame, y)[0] for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)


def test_auto_lowers_k_and_records_it():
    frame, y = customers(n_minority=4)
    sampler = SMOTENC(k_neighbors="auto", random_state=0)
    sampler.fit_resample(frame, y)
    assert sampler.k_neighbors_ == {1: 3}
    with pytest.raises(ValueError, match=r"at least 6 rows of class 1 for k_neighbors=5, got 4"):
        SMOTENC().fit_resample(frame, y)


def test_says_which_columns_it_took():
    frame, y = customers()
    sampler = SMOTENC(random_state=0)
    sampler.fit_resample(frame, y)
    assert frame.columns[sampler.categorical_features_].tolist() == CATEGORICAL
    assert frame.columns[sampler.numeric_features_].tolist() == NUMERIC
    assert sampler.n_features_in_ == 9
    assert sampler.feature_names_in_.tolist() == list(frame.columns)


BAD = {
    "all categorical": (lambda f: f[CATEGORICAL], {}, ValueError, "5 categorical columns only. Use SMOTEN"),
    "all numeric": (lambda f: f[NUMERIC], {}, ValueError, "numbers only.*categorical_features, or use SMOTE"),
    "sparse": (
        lambda f: sparse.csr_matrix(f[NUMERIC].astype(float)),
        {"categorical_features": [0]},
        TypeError,
        "sparse csr matrix: SMOTENC would take its zeros.*toarray",
    ),
    "array of auto": (
        lambda f: f.astype(object).to_numpy(),
        {},
        ValueError,
        r"named for an array.*categorical_features=\[0, 3\]",
    ),
    "k an estimator": (
        lambda f: f,
        {"k_neighbors": object()},
        ValueError,
        "'k_neighbors' parameter of SMOTENC",
    ),
    "k of 0": (lambda f: f, {"k_neighbors": 0}, ValueError, "'k_neighbors' parameter of SMOTENC"),
    "no such word": (
        lambda f: f,
        {"categorical_features": "infer"},
        ValueError,
        "'categorical_features' param",
    ),
    "a number": (lambda f: f, {"categorical_features": 3}, ValueError, "'categorical_features' parameter"),
}


@pytest.mark.parametrize("case", BAD)
def test_rejects_what_it_cannot_use_and_says_what_to_do(case):
    make, params, error, message = BAD[case]
    frame, y = customers()
    with pytest.raises(error, match=message):
        SMOTENC(**params).fit_resample(make(frame), y)


def test_its_rows_are_no_encoding():
    rows = MixedRows(np.zeros((2, 1)), np.array([[0, 0, 0], [1, 0, 1]]), 0.1)
    assert rows.squared_distances(rows, np.array([1]), np.array([0])).tolist() == [2 * 0.1**2]
