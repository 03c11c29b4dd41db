"""SMOTEN: the paper's vote of a row and its neighbours, by the value difference metric."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from smote_impls import SMOTEN
from smote_impls.mixed.value_difference import ValueDifference

from .mixed_data import CATEGORICAL, customers, levels_of

pytestmark = pytest.mark.versions


def test_the_example_of_the_paper():
    # F1 = A B C D E with the neighbours A F C G N and H B C D N makes A B C D N. Levels of the other class
    # are its own, so that all three are equally near to each other.
    X = np.array([list("ABCDE"), list("AFCGN"), list("HBCDN"), *[list("vwxyz")] * 9], dtype=object)
    sampler = SMOTEN(k_neighbors=2, random_state=0)
    out, _ = sampler.fit_resample(X, [1] * 3 + [0] * 9)
    assert {"".join(row) for row in out[12:]} == {"ABCDN"}


def test_levels_are_those_that_most_of_the_row_and_its_neighbours_have():
    frame, y = customers()
    frame = frame[CATEGORICAL]
    sampler = SMOTEN(random_state=0, k_neighbors=3, sampling_strategy={1: 400})
    made = sampler.fit_resample(frame, y)[0].iloc[len(frame) :]
    codes = np.column_stack([pd.factorize(frame[name])[0] for name in CATEGORICAL])
    rows = np.flatnonzero(y == 1)
    d2 = ValueDifference.of(codes, y).squared_distances(rows, rows)
    voters = {}
    for i, row in enumerate(rows):
        order = np.argsort(d2[i], kind="stable")
        voters[int(row)] = [row, *rows[order[order != i][:3]]]
    for name in CATEGORICAL:
        for seed, level in zip(sampler.synthetic_parents_["seed"].tolist(), made[name], strict=True):
            counts = frame[name].iloc[voters[seed]].astype(object).value_counts()
            assert counts[level] == counts.max()


def test_ties_are_broken_uniformly_in_each_column():
    # With one neighbour each vote of two different levels is a tie.
    X = np.array([["a", "p"], ["b", "q"], *[["o", "o"]] * 9], dtype=object)
    sampler = SMOTEN(k_neighbors=1, random_state=0, sampling_strategy={1: 4002})
    out, _ = sampler.fit_resample(X, [1] * 2 + [0] * 9)
    _, counts = np.unique(["".join(row) for row in out[11:]], return_counts=True)
    assert len(counts) == 4
    assert stats.chisquare(counts).pvalue > 0.001


def test_records_the_seed_and_no_segment():
    frame, y = customers()
    sampler = SMOTEN(random_state=0, sampling_strategy={1: 30 + 60})
    sampler.fit_resample(frame[CATEGORICAL], y)
    parents = sampler.synthetic_parents_
    assert np.bincount(parents["seed"], minlength=120)[y == 1].tolist() == [2] * 30
    assert (parents["neighbor"] == -1).all()
    assert np.isnan(parents["step"]).all()


def test_types_categories_and_order_are_kept_and_numbers_are_categories_too():
    frame, y = customers()
    frame = frame[[*CATEGORICAL, "visits", "age"]]
    out, _ = SMOTEN(random_state=0).fit_resample(frame, y)
    assert out.dtypes.equals(frame.dtypes)
    pd.testing.assert_frame_equal(out.iloc[:120], frame.reset_index(drop=True))
    for name in frame:
        assert levels_of(out, range(120, len(out)), name) <= levels_of(frame, np.flatnonzero(y == 1), name)


def test_several_classes_grow_by_one_metric():
    frame, y = customers(n_rows=200)
    y = np.where((y == 0) & (np.arange(200) % 4 == 0), 2, y)
    sampler = SMOTEN(random_state=0, k_neighbors="auto")
    _, labels = sampler.fit_resample(frame[CATEGORICAL], y)
    assert len(set(np.bincount(labels))) == 1
    assert sampler.k_neighbors_ == {1: 5, 2: 5}


def test_same_seed_same_rows_and_another_seed_others():
    frame, y = customers()
    first, second, other = (
        SMOTEN(random_state=seed).fit_resample(frame[CATEGORICAL], y)[0] for seed in (0, 0, 1)
    )
    pd.testing.assert_frame_equal(first, second)
    assert not first.equals(other)


def test_rejects_small_classes_missing_levels_and_sparse_matrices():
    frame, y = customers(n_minority=4)
    with pytest.raises(ValueError, match="at least 6 rows of class 1 for k_neighbors=5, got 4"):
        SMOTEN().fit_resample(frame[CATEGORICAL], y)
    with pytest.raises(ValueError, match="'k_neighbors' parameter of SMOTEN must be"):
        SMOTEN(k_neighbors="five").fit_resample(frame[CATEGORICAL], y)
    with pytest.raises(TypeError, match=r"sparse csr matrix: SMOTEN would take its zeros"):
        SMOTEN().fit_resample(sparse.csr_matrix(np.eye(120)), y)
    frame.loc[frame.index[3], "job"] = None
    with pytest.raises(ValueError, match=r"level in each row of categorical column 'job'.*1 values"):
        SMOTEN().fit_resample(frame[CATEGORICAL], y)
