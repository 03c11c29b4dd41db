"""Leaks of a table are called by name, with their number and the key that mends them; chance is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data.catalogue_names import BUNDLED
from data.leaky_tables import labels, noise, with_gaps

from smote_bench.data.dataset import load_dataset
from smote_bench.data.findings import Finding
from smote_bench.data.leaks.search import find_leaks
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.sources import parse_source

N, N_MINORITY = 300, 40
RNG = np.random.default_rng(3)
Y = labels(RNG, N, N_MINORITY)
FEATURES = noise(RNG, N)

Made = Callable[[], tuple[object, np.ndarray]]


def _leaks(X: pd.DataFrame, y: np.ndarray, roles: RowRoles | None = None) -> list[Finding]:
    return find_leaks(X, y, roles)


def _categories(values: np.ndarray) -> pd.Categorical:
    return pd.Categorical(values.astype(str))


def _sorted_by_class() -> tuple[object, np.ndarray]:
    return np.arange(N, dtype=float), np.sort(Y)


def _middle_block() -> tuple[object, np.ndarray]:
    return np.arange(5.0, N + 5), np.roll(np.sort(Y), -N // 2)


def _patients() -> tuple[object, np.ndarray]:
    return _categories(np.repeat(np.arange(50), 6)), np.repeat(labels(RNG, 50, 10), 6)


PLANTED: dict[str, tuple[Made, str, str]] = {
    "a copy": (lambda: (Y * 1.0, Y), "copy or a code of the target", "drop: [leak]"),
    "a copy upside down": (lambda: (7.0 - Y, Y), "copy or a code of the target", "drop: [leak]"),
    "a copy in words": (lambda: (_categories(Y), Y), "code of the target", "drop: [leak]"),
    "a code of several words": (
        lambda: (_categories(3 * Y + RNG.integers(0, 3, N)), Y),
        "code of the target: it has 6 values",
        "drop: [leak]",
    ),
    "a code of scattered numbers": (
        lambda: (np.where(Y == 1, 5.0, RNG.choice([1.0, 9.0, 12.0], N)), Y),
        "code of the target: it has 4 values in 300 rows, and each belongs to one class",
        "drop: [leak]",
    ),
    "a copy with gaps": (
        lambda: (with_gaps(Y * 1.0, RNG.random(N) < 0.2), Y),
        "that have a value",
        "drop: [leak]",
    ),
    "a score that came later": (
        lambda: (RNG.normal(size=N) + 6.0 * Y, Y),
        "alone separates the classes: ROC AUC",
        "drop: [leak]",
    ),
    "an interval": (
        lambda: (np.where(Y == 1, RNG.uniform(0, 1, N), RNG.choice([-1, 1], N) * RNG.uniform(2, 3, N)), Y),
        "fall into 3 intervals",
        "drop: [leak]",
    ),
    "gaps that tell": (
        lambda: (with_gaps(RNG.normal(size=N), Y == 0), Y),
        "whether column 'leak' is missing tells the class: it is in 0 of 40 minority and 260 of 260",
        "drop: [leak]",
    ),
    "one value in the minority": (
        lambda: (np.where(Y == 1, 0.0, RNG.integers(0, 4, N)), Y),
        "one value in all 40 minority rows and another in",
        "drop: [leak]",
    ),
    "one value in the majority": (
        lambda: (_categories(np.where(Y == 0, 0, RNG.integers(0, 5, N))), Y),
        "one value in all 260 majority rows and another in",
        "drop: [leak]",
    ),
    "a saved index": (
        _sorted_by_class,
        "counts the rows (0 to 299, in the order of the file)",
        "drop: [leak]",
    ),
    "a saved index around a block": (_middle_block, "the labels come in 3 runs along it", "drop: [leak]"),
    "patients": (_patients, "50 values of 6.0 rows each, 50 of them", "groups: leak"),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_leak_is_named_with_its_number_and_its_remedy(kind: str) -> None:
    make, text, remedy = PLANTED[kind]
    values, y = make()
    found = _leaks(FEATURES.assign(leak=values), y)
    (leak,) = [one for one in found if one.column == "leak"]
    assert text in leak.text
    assert remedy in leak.remedy
    assert leak.is_caveat
    assert len(found) == 1


def test_noise_of_any_kind_is_no_leak() -> None:
    alarms = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(30, 400))
        y = labels(rng, n, int(rng.integers(3, n // 2)))
        alarms += _leaks(noise(rng, n), y)
    assert alarms == []


@pytest.mark.parametrize("name", BUNDLED)
def test_no_column_of_the_bundled_sets_is_called_a_leak(name: str) -> None:
    table = load_dataset(name)
    found = _leaks(table.X, table.y)
    # Equal rows with both labels are a fact of these four, and bound what any classifier reaches.
    wrong = {"Haberman": 6, "Contraceptive": 45, "Flare": 128, "Flare_letters": 125}
    expected = [f"{wrong[name]} are wrong whatever"] if name in wrong else []
    assert len(found) == len(expected)
    assert all(text in one.text and not one.column for text, one in zip(expected, found, strict=True))


def test_a_number_that_predicts_well_is_neither_leak_nor_group() -> None:
    rng = np.random.default_rng(0)
    y = labels(rng, 1000, 150)
    X = noise(rng, 1000).assign(strong=rng.normal(size=1000) + 2.5 * y)
    X["rounded"] = (X["strong"] * 40).round()
    X["category"] = pd.Categorical((X["strong"] * 2).round().astype(int).astype(str))
    assert _leaks(X, y) == []


def test_a_perfect_column_of_few_rows_is_left_to_chance() -> None:
    y = np.array([0] * 12 + [1] * 2)
    X = pd.DataFrame({f"x{i}": np.roll(np.arange(14.0), 5) for i in range(20)})
    assert _leaks(X.assign(leak=np.r_[np.zeros(12), 1, 1]), y) == []


def test_rows_that_are_repeated_and_will_be_removed_are_no_groups() -> None:
    rng = np.random.default_rng(1)
    X = noise(rng, 100, continuous=4, discrete=0)
    y = labels(rng, 100, 30)
    assert _leaks(pd.concat([X] * 4, ignore_index=True), np.tile(y, 4)) == []


def test_where_groups_are_given_no_others_are_suggested() -> None:
    values, y = _patients()
    X = FEATURES.assign(patient=values)
    groups = np.repeat(np.arange(50), 6)
    assert _leaks(X, y, RowRoles(groups=groups)) == []
    assert [one.remedy for one in _leaks(X, y)] == ["'groups: patient' keeps them on one side"]


def test_finding_leaks_changes_nothing() -> None:
    X = FEATURES.assign(leak=Y * 1.0)
    before, y = X.copy(deep=True), Y.copy()
    assert _leaks(X, y)
    pd.testing.assert_frame_equal(X, before)
    assert (y == Y).all()


def test_leaks_of_a_users_file_are_among_its_findings_before_any_cell(tmp_path: Path) -> None:
    rows = [f"{i},{np.sin(i):.4f},{int(i >= 100)}" for i in range(120)]
    (tmp_path / "own.csv").write_text("\n".join([",noise,y", *rows]) + "\n")
    source = parse_source({"name": "own", "file": "own.csv", "target": "y", "minority": 1}, tmp_path)
    assert not isinstance(source, str)
    assert [one.column for one in source.findings if one.kind in ("leak", "left out")] == ["Unnamed: 0"]


def test_tables_without_features_or_rows_have_no_leaks() -> None:
    assert _leaks(pd.DataFrame(index=range(3)), np.array([0, 1, 0])) == []
    assert _leaks(pd.DataFrame({"a": [np.nan] * 3, "b": [1.0] * 3}), np.array([0, 1, 0])) == []


@pytest.mark.parametrize(
    ("roles", "remedy"),
    [
        (None, "'groups: leak' keeps them on one side; 'drop: [leak]' leaves it out, if"),
        (
            RowRoles(times=np.arange(300.0)),
            "'groups: leak' in place of 'time'; or 'drop: [leak]' leaves it out",
        ),
        (
            RowRoles(is_test=np.arange(300) >= 200),
            "move all rows of a value to one side of the given split; or 'drop: [leak]' leaves it out",
        ),
    ],
)
def test_the_remedy_of_groups_is_one_that_the_split_allows(roles: RowRoles | None, remedy: str) -> None:
    values, y = _patients()
    (found,) = _leaks(FEATURES.assign(leak=values), y, roles)
    assert found.remedy.startswith(remedy)
