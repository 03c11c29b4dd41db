"""SMOTETomek and SMOTEENN: which rows go, by hand and beside imbalanced-learn's, on numbers, on mixed rows,
on levels.

Also of: smote_tomek, smote_enn, row_distance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from imblearn.under_sampling import EditedNearestNeighbours, RandomUnderSampler, TomekLinks
from scipy import sparse
from sklearn.base import clone
from sklearn.utils import get_tags

from smote_impls import ADASYN, SMOTE, SMOTEENN, SMOTEN, SMOTENC, RandomOverSampler, SMOTETomek
from smote_impls.mixed.distance import MixedRows, median_deviation
from smote_impls.mixed.value_difference import ValueDifference

from .mixed_data import CATEGORICAL, NUMERIC, as_pyarrow, customers
from .small_data import overlapping

pytestmark = pytest.mark.versions

COMBINED = {"SMOTETomek": SMOTETomek(random_state=0), "SMOTEENN": SMOTEENN(random_state=0)}


@pytest.fixture(params=COMBINED)
def combined(request):
    """Each of the two."""
    return clone(COMBINED[request.param])


def _distances(frame, y):
    """All distances of a mixed frame: the price is of class 1 in the first 120 rows, the input."""
    numbers = frame[NUMERIC].to_numpy(dtype=float)
    codes = np.column_stack([pd.factorize(frame[name])[0] for name in CATEGORICAL])
    rows = MixedRows(numbers, codes, median_deviation(numbers[:120][y[:120] == 1]))
    n = len(frame)
    d2 = rows.squared_distances(rows, *(part.ravel() for part in np.mgrid[:n, :n])).reshape(n, n)
    np.fill_diagonal(d2, np.inf)
    return d2


def _kept_by_tomek(d2, y):
    nearest = d2.argmin(axis=1)
    linked = (nearest[nearest] == np.arange(len(y))) & (y[nearest] != y)
    return np.flatnonzero(~linked)


def _kept_by_enn(d2, y):
    nearest = np.argsort(d2, axis=1, kind="stable")[:, :3]
    return np.flatnonzero((y[nearest] != y[:, None]).sum(axis=1) < 2)


@pytest.mark.parametrize(("name", "rule"), [("SMOTETomek", _kept_by_tomek), ("SMOTEENN", _kept_by_enn)])
def test_mixed_rows_are_removed_by_the_mixed_distance(name, rule):
    frame, y = customers()
    out, labels = clone(COMBINED[name]).fit_resample(frame, y)
    more, more_y = SMOTENC(random_state=0).fit_resample(frame, y)
    kept = rule(_distances(more, more_y), more_y)
    assert 0 < len(kept) < len(more)
    pd.testing.assert_frame_equal(out, more.take(kept).reset_index(drop=True))
    assert labels.tolist() == more_y[kept].tolist()


@pytest.mark.parametrize(("name", "rule"), [("SMOTETomek", _kept_by_tomek), ("SMOTEENN", _kept_by_enn)])
def test_levels_alone_are_removed_by_the_value_difference(name, rule):
    frame, y = customers()
    frame = frame[CATEGORICAL]
    out, _ = clone(COMBINED[name]).fit_resample(frame, y)
    more, more_y = SMOTEN(random_state=0).fit_resample(frame, y)
    everyone = np.arange(len(more))
    codes = np.column_stack([pd.factorize(more[name])[0] for name in CATEGORICAL])
    d2 = ValueDifference.of(codes, more_y).squared_distances(everyone, everyone)
    np.fill_diagonal(d2, np.inf)
    pd.testing.assert_frame_equal(out, more.take(rule(d2, more_y)).reset_index(drop=True))


@pytest.mark.parametrize("make", [np.asarray, pd.DataFrame, sparse.csr_matrix])
def test_numbers_are_cleaned_as_by_imbalanced_learn(make):
    X, y = overlapping()
    more, more_y = SMOTE(random_state=0).fit_resample(X, y)
    pairs = [
        (SMOTETomek(random_state=0), TomekLinks(sampling_strategy="all")),
        (SMOTEENN(random_state=0), EditedNearestNeighbours(sampling_strategy="all", kind_sel="mode")),
        (SMOTEENN(random_state=0, kind_sel="all"), EditedNearestNeighbours(sampling_strategy="all")),
    ]
    for ours, theirs in pairs:
        out, labels = ours.fit_resample(make(X), y)
        theirs.fit_resample(more, more_y)
        kept = np.sort(theirs.sample_indices_)
        dense = out.toarray() if sparse.issparse(out) else np.asarray(out)
        np.testing.assert_allclose(dense, more[kept], rtol=1e-12)
        np.testing.assert_array_equal(labels, more_y[kept])
        assert type(out) is type(make(X))


def test_wilsons_rule_by_hand():
    # Row 5 stands among zeros; row 4 has two ones and a zero nearest; the others have their own.
    X = np.array([0.0, 0.1, 0.2, 0.3, 9.5, 0.15, 9.0, 10.0, 11.0]).reshape(-1, 1)
    y = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    sampler = SMOTEENN(sampling_strategy={1: 4}, random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.original_rows_.tolist() == [0, 1, 2, 3, 6, 7, 8]
    # Where one neighbour of another class is enough, rows beside 5 and 4 go too.
    sampler.set_params(kind_sel="all", enn_neighbors=1).fit_resample(X, y)
    assert sampler.original_rows_.tolist() == [0, 3, 8]


def test_both_rows_of_a_link_go_and_a_row_is_in_one_link_at_most():
    X = np.array([0.0, 5, 6, 20, 21, 40, 41, 6]).reshape(-1, 1)
    y = np.array([0, 0, 1, 1, 1, 0, 0, 1])
    sampler = SMOTETomek(sampling_strategy={1: 4}, random_state=0)
    sampler.fit_resample(X, y)
    # Row 1 is nearest to row 2, but row 2 to its duplicate 7: no link.
    assert sampler.original_rows_.tolist() == list(range(8))
    sampler.fit_resample(X[:7], y[:7] if (y[:7] == 1).sum() == 4 else np.array([0, 0, 1, 1, 1, 0, 1]))
    assert sampler.original_rows_.tolist() == [0, 3, 4]


def test_says_which_rows_are_left_and_where_synthetic_ones_came_from(combined):
    frame, y = customers()
    out, labels = combined.fit_resample(frame, y)
    original = combined.original_rows_
    assert len(original) == len(out)
    kept = original >= 0
    pd.testing.assert_frame_equal(
        out[kept].reset_index(drop=True), frame.take(original[kept]).reset_index(drop=True)
    )
    assert (labels[~kept] == 1).all()
    parents = combined.synthetic_parents_
    assert len(parents) == (~kept).sum()
    start, end = (frame["income"].to_numpy()[parents[of]] for of in ("seed", "neighbor"))
    np.testing.assert_allclose(out["income"][~kept], start + parents["step"] * (end - start))


def test_types_and_containers_are_kept(combined):
    frame, y = customers()
    out, _ = combined.fit_resample(frame, y)
    assert out.dtypes.equals(frame.dtypes)
    table = as_pyarrow(frame)
    again, _ = combined.fit_resample(table, y)
    assert again.schema == table.schema
    assert again["job"].to_pylist() == out["job"].tolist()
    rows, labels = combined.fit_resample(*(part.tolist() for part in overlapping()))
    assert isinstance(rows, list)
    assert isinstance(labels, list)


@pytest.mark.parametrize(
    "oversampler", [RandomOverSampler(), SMOTENC(k_neighbors=2), RandomOverSampler(random_state=4)]
)
def test_takes_an_oversampler_and_hands_it_the_seed_unless_it_has_one(combined, oversampler):
    frame, y = customers()
    combined.set_params(oversampler=oversampler, random_state=9)
    combined.fit_resample(frame, y)
    assert combined.oversampler_.random_state == (oversampler.random_state or 9)
    assert type(combined.oversampler_) is type(oversampler)
    assert oversampler is combined.oversampler
    assert not hasattr(oversampler, "sampling_strategy_")


def test_the_oversampler_suits_the_columns(combined):
    frame, y = customers()
    for table, expected in [(frame, SMOTENC), (frame[NUMERIC], SMOTE), (frame[CATEGORICAL], SMOTEN)]:
        combined.fit_resample(table, y)
        assert type(combined.oversampler_) is expected
    X = np.column_stack([frame["age"], frame["visits"].astype(int)])
    combined.set_params(categorical_features=[1]).fit_resample(X, y)
    assert type(combined.oversampler_) is SMOTENC


def test_fit_counts_without_making_rows(combined):
    frame, y = customers()
    assert combined.fit(frame, y) is combined
    assert combined.sampling_strategy_ == {1: 60}
    assert combined.feature_names_in_.tolist() == list(frame.columns)
    assert not hasattr(combined, "original_rows_")


def test_same_seed_same_rows_whatever_the_threads(combined):
    frame, y = customers(300, 80)
    first, _ = combined.fit_resample(frame, y)
    second, _ = clone(combined).set_params(n_jobs=2).fit_resample(frame, y)
    pd.testing.assert_frame_equal(first, second)
    other, _ = clone(combined).set_params(random_state=1).fit_resample(frame, y)
    assert not first.equals(other)


def test_tags_say_combined(combined):
    tags = get_tags(combined)
    assert tags.oversampler_family == "combined"
    assert combined._sampling_type == "over-sampling"
    assert tags.input_tags.sparse


def test_several_classes_are_cleaned():
    X, y = overlapping(300)
    y = np.where((y == 0) & (np.arange(300) % 4 == 0), 2, y)
    _, labels = SMOTEENN(random_state=0).fit_resample(X, y)
    assert set(labels) == {0, 1, 2}
    assert len(labels) < 3 * np.bincount(y).max()


BAD = {
    "not an oversampler": ({"oversampler": "SMOTE"}, "'oversampler' parameter of SMOTEENN"),
    "kind": ({"kind_sel": "some"}, "'kind_sel' parameter of SMOTEENN"),
    "no neighbours": ({"enn_neighbors": 0}, "'enn_neighbors' parameter of SMOTEENN"),
    "too many neighbours": (
        {"enn_neighbors": 500},
        "at least 501 rows after oversampling.*got 320.*enn_neighbors to 319 or less",
    ),
    "strategy beside it": (
        {"oversampler": ADASYN(), "sampling_strategy": 0.5},
        r"given to the oversampler, ADASYN\(\), got sampling_strategy=0\.5",
    ),
    "removes": (
        {"oversampler": RandomUnderSampler()},
        r"RandomUnderSampler\(random_state=0\), to append rows to the 200",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_rejects_what_it_cannot_use_and_says_what_to_do(case):
    params, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        SMOTEENN(**{"random_state": 0, **params}).fit_resample(*overlapping())


def test_a_class_that_is_lost_is_told():
    X = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 2.5, 4.5]).reshape(-1, 1)
    with pytest.warns(UserWarning, match=r"SMOTEENN removed every row of \[1\].*oversampler alone"):
        _, labels = SMOTEENN(sampling_strategy={1: 2}).fit_resample(X, [0] * 8 + [1] * 2)
    assert labels == [0] * 8


def test_no_rows_are_an_error(combined):
    X, y = overlapping()
    with pytest.raises(ValueError, match="a class for each row, got no rows"):
        combined.fit_resample(X[:0], y[:0])


def test_named_columns_of_a_sparse_matrix_are_refused_and_tags_say_so(combined):
    X, y = overlapping()
    combined.set_params(categorical_features=[0])
    assert not get_tags(combined).input_tags.sparse
    with pytest.raises(TypeError, match="got a sparse csr matrix: SMOTENC would take its zeros"):
        combined.fit_resample(sparse.csr_matrix(X), y)


def test_text_in_an_array_points_to_the_columns():
    frame, y = customers()
    with pytest.raises(ValueError, match=r"numbers only.*SMOTENC"):
        SMOTETomek().fit_resample(frame[["income", "job"]].astype(object).to_numpy(), y)
