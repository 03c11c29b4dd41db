"""What a sampler did to the rows: each number by hand, its invariances, and what defects do to it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import smote_bench.evaluation.descriptors
from smote_bench.evaluation.descriptors import DESCRIPTORS, MAX_ROWS, OF_NUMBERS, describe
from smote_impls import SMOTE

Table = tuple[np.ndarray, np.ndarray]

# Two distinct places per class; mean 0, deviation sqrt(10).
PLACES = np.array([[-4.0], [-2.0], [2.0], [4.0]]), np.array([0, 0, 1, 1])
UNIT = math.sqrt(10)


def _described(before: Table, rows: Any, labels: Any = None) -> dict[str, float]:
    """Describe what adding these rows does; minority rows, if not told otherwise."""
    X, y = before
    rows = np.reshape(np.asarray(rows, dtype=float), (-1, X.shape[1]))
    labels = np.ones(len(rows), dtype=np.int64) if labels is None else labels
    return describe(before, (np.vstack([X, rows]), np.r_[y, labels]))


def _data(n: int = 300, d: int = 4, n_minority: int = 40, seed: int = 0) -> Table:
    rng = np.random.default_rng(seed)
    y = (np.arange(n) < n_minority).astype(np.int64)
    return rng.normal(size=(n, d)) + 1.2 * y[:, None], y


def _smote(before: Table, seed: int = 0) -> np.ndarray:
    X, y = before
    return SMOTE(random_state=seed).fit_resample(X, y)[0][len(X) :]


def test_minority_ratio_counts_rows_after_resampling() -> None:
    assert _described(PLACES, [3.0])["minority_ratio"] == 3 / 2
    assert _described(PLACES, [3.0, 3.0], [1, 0])["minority_ratio"] == 3 / 3


def test_distances_are_those_to_the_nearest_original_in_deviations() -> None:
    found = _described(PLACES, [2.5, -1.0])
    assert found["to_minority"] == pytest.approx((0.5 + 3.0) / 2 / UNIT)
    assert found["to_majority"] == pytest.approx((4.5 + 1.0) / 2 / UNIT)


def test_a_row_nearer_to_the_majority_counts_and_one_in_the_middle_does_not() -> None:
    assert _described(PLACES, [-1.0, 0.0, 1.0, 3.0])["nearer_majority"] == 1 / 4


def test_a_row_outside_the_minority_in_one_column_counts_once_and_rounding_does_not() -> None:
    X = np.array([[-4.0, 0.0], [-2.0, 1.0], [2.0, 0.0], [4.0, 1.0]])
    rows = [[3.0, 0.5], [4.0 + 1e-9, 0.5], [5.0, 2.0], [3.0, -0.1]]
    assert _described((X, PLACES[1]), rows)["outside_range"] == 2 / 4


def test_rows_labelled_majority_are_not_held_to_the_range_of_the_minority() -> None:
    assert _described(PLACES, [-3.0, 3.0], [0, 1])["outside_range"] == 0
    assert math.isnan(_described(PLACES, [-3.0], [0])["outside_range"])


def test_copies_of_originals_and_of_each_other_are_duplicates() -> None:
    assert _described(PLACES, [2.0, -4.0, 3.0, 3.0, 2.5])["duplicates"] == 4 / 5


def test_parents_used_is_the_share_of_distinct_minority_originals_that_are_nearest_to_a_row() -> None:
    X, y = np.array([[-9.0], [1.0], [2.0], [3.0], [3.0]]), np.array([0, 1, 1, 1, 1])
    assert _described((X, y), [1.1, 1.2, 3.0])["parents_used"] == 2 / 3


def test_distance_between_synthetic_rows_is_to_the_nearest_other_one() -> None:
    rows = [2.0, 3.0, 3.5, 4.0, 4.0, 8.0]
    found = _described(PLACES, rows)["between_synthetic"]
    assert found == pytest.approx((1.0 + 0.5 + 0.5 + 0.0 + 0.0 + 4.0) / 6 / UNIT)


def test_distance_between_few_synthetic_rows_is_undefined() -> None:
    assert math.isnan(_described(PLACES, [2.0, 2.5, 3.0, 3.5, 4.0])["between_synthetic"])


def test_labels_of_synthetic_rows_are_counted() -> None:
    assert _described(PLACES, [3.0, 3.5, 2.5, 2.1], [1, 0, 1, 1])["synthetic_majority"] == 1 / 4


def test_spread_compares_deviations_with_the_minority() -> None:
    assert _described(PLACES, [2.5, 3.5])["spread"] == pytest.approx(0.5)
    assert _described(PLACES, [3.0, 3.0])["spread"] == 0


def test_removed_originals_are_missed_by_class() -> None:
    X, y = _data(10, n_minority=4)
    found = describe((X, y), (X[[0, 1, 2, 5, 6, 7]], y[[0, 1, 2, 5, 6, 7]]))
    assert (found["kept_minority"], found["kept_majority"]) == (3 / 4, 3 / 6)


def test_an_original_with_another_label_is_missed_and_comes_as_a_duplicate() -> None:
    found = describe(PLACES, (PLACES[0], np.array([1, 0, 1, 1])))
    assert (found["kept_majority"], found["kept_minority"]) == (1 / 2, 1)
    assert (found["duplicates"], found["nearer_majority"]) == (1, 1)


def test_without_synthetic_rows_what_is_said_of_them_is_undefined() -> None:
    found = describe(PLACES, PLACES)
    defined = {name: value for name, value in found.items() if not math.isnan(value)}
    assert defined == {"minority_ratio": 1.0, "kept_majority": 1.0, "kept_minority": 1.0}


def test_an_absent_class_leaves_undefined_what_needs_it() -> None:
    X, y = np.array([[0.0], [1.0]]), np.array([1, 1])
    found = _described((X, y), [0.5] * 6)
    undefined = {name for name, value in found.items() if math.isnan(value)}
    assert undefined == {"minority_ratio", "to_majority", "nearer_majority", "kept_majority"}
    found = _described((X, 1 - y), [0.5])
    assert math.isnan(found["to_minority"])
    assert math.isnan(found["parents_used"])
    assert found["to_majority"] == pytest.approx(1.0)  # half a column's range is one deviation here


def test_every_descriptor_is_registered_and_given() -> None:
    assert list(describe(PLACES, PLACES)) == list(OF_NUMBERS)
    assert all(name == descriptor.name for name, descriptor in DESCRIPTORS.items())
    assert all(d.dataset_tolerance >= d.method_tolerance > 0 for d in DESCRIPTORS.values())


@pytest.mark.parametrize("d", [3, 20], ids=["tree", "all rows"])
def test_the_order_of_rows_does_not_matter(d: int) -> None:
    X, y = _data(d=d)
    rows = _smote((X, y))
    found = _described((X, y), rows)
    rng = np.random.default_rng(1)
    before, after = rng.permutation(len(X)), rng.permutation(len(X) + len(rows))
    X_after, y_after = np.vstack([X, rows]), np.r_[y, np.ones(len(rows), dtype=np.int64)]
    again = describe((X[before], y[before]), (X_after[after], y_after[after]))
    assert again == pytest.approx(found, rel=1e-12)


def test_which_of_equally_near_originals_is_a_parent_does_not_depend_on_their_order() -> None:
    X, y = np.array([[0.0], [2.0], [4.0], [9.0]]), np.array([1, 1, 1, 0])
    rows = np.array([1.0, 3.0])
    every = [np.array(order) for order in ([0, 1, 2, 3], [2, 1, 0, 3], [1, 3, 0, 2], [1, 2, 3, 0])]
    assert len({_described((X[order], y[order]), rows)["parents_used"] for order in every}) == 1


def test_units_do_not_matter() -> None:
    X, y = _data()
    rows = _smote((X, y))
    found = _described((X, y), rows)
    scale, shift = np.array([1e-4, 1.0, 30.0, 1e6]), np.array([0.0, -5.0, 100.0, 1e5])
    assert _described((X * scale + shift, y), rows * scale + shift) == pytest.approx(found, rel=1e-6)


def test_tree_and_comparison_with_all_rows_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _data(d=6)
    rows = np.vstack([_smote(before), before[0][:5]])
    found = _described(before, rows)
    monkeypatch.setattr(smote_bench.evaluation.descriptors, "_MANY_COLUMNS", 0)
    assert _described(before, rows) == pytest.approx(found, rel=1e-12)


def test_copies_are_at_distance_0_exactly_however_far_from_0_the_columns_are() -> None:
    X, y = _data(d=20)
    found = _described((X + 1e5, y), np.repeat(X[y == 1] + 1e5, 3, axis=0))
    assert (found["to_minority"], found["between_synthetic"], found["duplicates"]) == (0, 0, 1)


@pytest.mark.parametrize("value", [0.0, 0.1, 3.0])
def test_a_constant_column_enters_no_distance_and_leaving_it_is_outside_the_range(value: float) -> None:
    X, y = _data()
    rows = _smote((X, y))
    found = _described((X, y), rows)
    constant = np.full((len(X), 1), value)
    wider = np.hstack([X, constant])
    assert _described((wider, y), np.hstack([rows, constant[: len(rows)]])) == pytest.approx(found, rel=1e-9)
    moved = _described((wider, y), np.hstack([rows, constant[: len(rows)] + 0.01]))
    assert moved["outside_range"] == 1
    assert moved["to_minority"] == pytest.approx(found["to_minority"], rel=1e-9)


def test_a_table_of_constant_columns_has_distances_of_0() -> None:
    found = _described((np.ones((4, 2)), np.array([0, 0, 1, 1])), np.ones((6, 2)))
    assert (found["to_minority"], found["between_synthetic"], found["nearer_majority"]) == (0, 0, 0)
    assert found["parents_used"] == 1
    assert math.isnan(found["spread"])


def test_large_samples_are_described_by_a_part_the_same_each_time_and_nearly_as_by_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = _data(3000, n_minority=400)
    rows = _smote(before)
    assert len(rows) > 2 * MAX_ROWS
    state = np.random.get_state()[1].tolist()  # type: ignore[index]
    found = _described(before, rows)
    assert np.random.get_state()[1].tolist() == state  # type: ignore[index]
    assert _described(before, rows) == found
    monkeypatch.setattr(smote_bench.evaluation.descriptors, "MAX_ROWS", 10**6)
    every = _described(before, rows)
    for name in ("to_minority", "to_majority", "spread"):
        assert found[name] == pytest.approx(every[name], rel=0.06), name
        assert found[name] != every[name]
    for name in ("minority_ratio", "outside_range", "duplicates", "kept_majority"):
        assert found[name] == every[name], name


def _steps(before: Table, low: float, high: float) -> np.ndarray:
    """SMOTE with other steps than from 0 to 1."""
    X, y = before
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    seed, neighbor = X[sampler.synthetic_parents_["seed"]], X[sampler.synthetic_parents_["neighbor"]]
    step = low + (high - low) * sampler.synthetic_parents_["step"][:, None]
    return seed + step * (neighbor - seed)


def _moved(before: Table, rows: np.ndarray, labels: np.ndarray | None = None) -> dict[str, float]:
    """By how many tolerances each descriptor moves from sound SMOTE's, where it does by more than three."""
    sound, found = _described(before, _smote(before)), _described(before, rows, labels)
    moved = {}
    for name in OF_NUMBERS:
        descriptor = DESCRIPTORS[name]
        change = descriptor.compared(np.array(found[name])) - descriptor.compared(np.array(sound[name]))
        if abs(change) > 3 * descriptor.dataset_tolerance:
            moved[name] = float(change)
    return moved


def test_other_random_numbers_move_nothing() -> None:
    before = _data(6000, n_minority=500)
    assert _moved(before, _smote(before, seed=1)) == {}


@pytest.mark.parametrize(
    ("low", "high", "down", "up"),
    [
        (0.0, 1.5, (), ("outside_range",)),
        (0.0, -1.0, (), ("outside_range", "to_minority", "between_synthetic")),
        (0.5, 0.5, (), ("to_minority", "duplicates")),
        (0.0, 0.1, ("to_minority", "between_synthetic"), ()),
    ],
    ids=["gap 1.5", "wrong sign", "always the middle", "short steps"],
)
def test_wrong_steps_move_what_they_should(
    low: float, high: float, down: tuple[str, ...], up: tuple[str, ...]
) -> None:
    before = _data(600, n_minority=80)
    moved = _moved(before, _steps(before, low, high))
    assert all(moved[name] < 0 for name in down)
    assert all(moved[name] > 0 for name in up)


def test_flipped_labels_missing_rows_and_one_seed_move_what_they_should() -> None:
    before = _data(600, n_minority=80)
    rows = _smote(before)
    labels = (np.arange(len(rows)) % 50 != 0).astype(np.int64)
    assert set(_moved(before, rows, labels)) == {"minority_ratio", "synthetic_majority"}
    assert "minority_ratio" in _moved(before, rows[::2])
    one_place = rows[0] + 1e-3 * np.random.default_rng(0).normal(size=rows.shape)
    assert {"spread", "parents_used", "between_synthetic"} <= set(_moved(before, one_place))


def test_logarithms_are_compared_from_a_thousandth_on_and_shares_as_they_are() -> None:
    values = np.array([0.0, 1e-4, 0.5, np.nan])
    compared = DESCRIPTORS["to_minority"].compared(values)
    assert compared[:3].tolist() == [math.log(1e-3), math.log(1e-3), math.log(0.5)]
    assert math.isnan(compared[3])
    assert DESCRIPTORS["duplicates"].compared(values)[:3].tolist() == [0.0, 1e-4, 0.5]


def test_rejects_tables_that_cannot_be_compared() -> None:
    X, y = PLACES
    with pytest.raises(ValueError, match="as many columns after resampling as before, got 2 for 1"):
        describe(PLACES, (np.hstack([X, X]), y))
    with pytest.raises(ValueError, match="expected originals to compare with, got no rows"):
        describe((X[:0], y[:0]), PLACES)
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="got NaN or infinity after resampling"):
            _described(PLACES, [bad])
