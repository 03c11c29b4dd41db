"""Rows that are copies of others are told from rows that agree by coincidence."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.data.leaks.rows import KeyColumn, contradictions, repeated_rows, twins

RNG = np.random.default_rng(0)
N = 400


def _keys(table: np.ndarray, counters: tuple[int, ...] = ()) -> list[KeyColumn]:
    return [
        KeyColumn(f"c{n}", np.unique(column, return_inverse=True)[1].astype(np.int32), n in counters)
        for n, column in enumerate(table.T)
    ]


def _copied(n_copies: int) -> np.ndarray:
    table = RNG.integers(0, 50, (N, 6))
    table[:n_copies] = table[n_copies : 2 * n_copies]
    return table


def test_repeated_rows_are_those_equal_in_everything_but_the_first() -> None:
    table = np.array([[1, 2], [1, 2], [1, 3], [1, 2]])
    assert repeated_rows(_keys(table), np.array([0, 0, 0, 1])).tolist() == [False, True, False, False]


def test_twins_are_found_by_the_one_column_in_which_they_differ() -> None:
    table = _copied(20)
    table[:20, 3] += 100
    (found,) = twins(_keys(table))
    assert found.column == "c3"
    assert found.text.startswith("40 of 400 rows have a twin that differs in column 'c3' alone")
    assert found.remedy == "'drop: [c3]' makes them repeated rows, which are removed"


def test_rows_that_agree_in_all_but_one_coarse_column_are_a_coincidence() -> None:
    table = RNG.integers(0, 4, (N, 5))
    assert twins(_keys(table)) == []


def test_rows_that_a_counter_alone_keeps_apart_are_twins_in_any_table() -> None:
    table = np.column_stack([np.arange(N), RNG.integers(0, 4, (N, 4))])
    assert twins(_keys(table)) == []
    (found,) = twins(_keys(table, counters=(0,)))
    assert found.column == "c0"


def test_twins_of_one_group_are_on_one_side() -> None:
    table = _copied(20)
    table[:20, 3] += 100
    groups = np.arange(N)
    groups[:20] = groups[20:40]
    assert twins(_keys(table), groups) == []
    assert len(twins(_keys(table), np.arange(N))) == 1


def test_repeated_rows_and_few_twins_are_none() -> None:
    table = _copied(20)
    assert twins(_keys(table)) == []
    table[:1, 3] += 100
    assert twins(_keys(table)) == []


def test_copies_with_both_labels_are_named_even_if_they_are_few() -> None:
    table, y = _copied(3), np.zeros(N, dtype=np.int64)
    y[:50] = 1
    y[3:6] = 0
    (found,) = contradictions(_keys(table), y)
    assert found.kind == "suspect"
    assert found.text.startswith("6 of 400 rows are equal in all features to rows of the other class (3 sets")
    assert "3 are wrong whatever a classifier says" in found.text


def test_coincidences_with_both_labels_are_named_where_they_bound_what_can_be_reached() -> None:
    table = np.column_stack([np.arange(N) // 2, np.arange(N) // 2 % 7])
    y = np.zeros(N, dtype=np.int64)
    y[:100:2] = 1
    (found,) = contradictions(_keys(table[:, 1:]), y)
    best = sum(min(y[table[:, 1] == v].sum(), (1 - y)[table[:, 1] == v].sum()) for v in range(7))
    assert f"{best} are wrong whatever a classifier says" in found.text


@pytest.mark.parametrize("seed", range(5))
def test_rows_that_are_all_different_contradict_nobody(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert contradictions(_keys(rng.normal(size=(N, 3))), rng.integers(0, 2, N)) == []


def _crossed(*levels: int) -> np.ndarray:
    return np.stack(np.meshgrid(*map(np.arange, levels), indexing="ij"), axis=-1).reshape(-1, len(levels))


@pytest.mark.parametrize("share", [1.0, 0.8])
@pytest.mark.parametrize("levels", [(4, 4, 4, 3), (3, 3, 3, 3, 2), (5, 5, 5), (10, 8, 3)])
def test_rows_of_a_factorial_design_are_no_twins_however_their_levels_are_coded(
    levels: tuple[int, ...], share: float
) -> None:
    rows = _crossed(*levels)
    rows = rows[np.random.default_rng(0).random(len(rows)) < share]
    indicators = [rows[:, k] == level for k in range(len(levels) - 1) for level in range(levels[k])]
    product = [rows[:, 0] * levels[1] + rows[:, 1]] * (levels[0] * levels[1] < 30)
    for columns in ([*rows.T], [*rows.T, *product], [*indicators, rows[:, -1]]):
        assert twins([KeyColumn(f"x{n}", of.astype(np.int32)) for n, of in enumerate(columns)]) == []


def test_a_file_that_is_there_twice_but_for_one_column_is_no_design() -> None:
    rng = np.random.default_rng(0)
    once = rng.permuted(np.tile(np.arange(300), (4, 1)), axis=1).astype(np.int32)
    columns = [*np.hstack([once, once]), np.repeat([0, 1], 300).astype(np.int32)]
    (found,) = twins([KeyColumn(f"x{n}", of) for n, of in enumerate(columns)])
    assert found.column == "x4"
    assert "600 of 600 rows have a twin" in found.text


def _of_entities(kind: str) -> list[np.ndarray]:
    """Return columns that follow from each other, of which rows of one shop, month or place have the same."""
    rng = np.random.default_rng(1)
    n = 600
    shop = rng.integers(0, 30, n)
    category = [rng.integers(0, k, n) for k in (3, 2, 3)]
    degrees = rng.integers(0, 400, n)
    return {
        "a number and a name": [shop, rng.permutation(30)[shop]],
        "a number, a place in two coordinates": [shop, rng.permutation(30)[shop], rng.permutation(30)[shop]],
        "a part and the rest": [degrees % 101, 100 - degrees % 101],
        "two units": [degrees, degrees],
        "indicators": [of == level for of in category for level in np.unique(of)],
        "indicators of many categories": [
            of == level for of in (rng.integers(0, 3, n) for _ in range(6)) for level in range(3)
        ],
        "a number, a name and a constant": [shop, rng.permutation(30)[shop], np.zeros(n)],
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "a number and a name",
        "a number, a place in two coordinates",
        "a part and the rest",
        "two units",
        "indicators",
        "indicators of many categories",
        "a number, a name and a constant",
    ],
)
def test_rows_of_one_shop_or_degree_differ_in_the_one_measurement_and_are_no_twins(kind: str) -> None:
    table = np.column_stack([*_of_entities(kind), np.random.default_rng(2).permutation(600)])
    assert twins(_keys(table)) == []


def test_columns_that_follow_from_others_hide_no_copies() -> None:
    table = _copied(20)
    table[:20, 3] += 100
    table = np.column_stack([table, 50 - table[:, 0], table[:, 1], table[:, :2].sum(axis=1)])
    (found,) = twins(_keys(table))
    assert found.column == "c3"


def test_equal_rows_are_no_copies_because_a_name_follows_from_a_number() -> None:
    shop = np.arange(3000) % 40
    y = (shop < 20).astype(np.int64)
    y[[30, 31]] = 1
    assert contradictions(_keys(np.column_stack([shop, shop * 7 % 40])), y) == []
