"""t-SNE of a run's points: computed once, kept, left out where it takes long."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run

from smote_bench.report.analysis import embeddings as module
from smote_bench.report.analysis.embeddings import embed_points, thinned_rows, tsne
from smote_bench.runs.open import open_run
from smote_bench.runs.store import Store


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    return made_up_run(tmp_path, datasets=1, methods=3, classifiers=1, folds=2, points=40)


def test_every_method_with_points_is_embedded_row_by_row(run_folder: Path) -> None:
    run = open_run(run_folder)
    found = embed_points(run, "on").by_name
    assert list(found) == [("Ecoli", "Original"), ("Ecoli", "SMOTE")]  # class_weight moves no row
    for (dataset, method), embedded in found.items():
        points = run.points(dataset, method)
        assert points is not None
        assert embedded.shape == points.pca.shape
        assert np.isfinite(embedded).all()


def test_what_was_embedded_is_not_embedded_again(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = embed_points(open_run(run_folder), "on").by_name
    monkeypatch.setattr(module, "tsne", lambda X: pytest.fail("embedded again"))
    for wanted in ("on", "auto", "off"):
        again = embed_points(open_run(run_folder), wanted).by_name
        assert all(np.array_equal(again[name], first[name]) for name in first)


def test_another_run_finds_it_in_the_memo(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memo = tmp_path / "memo.sqlite"
    Store(memo).close()
    embed_points(open_run(run_folder), "on", memo=memo)
    twin = made_up_run(tmp_path, datasets=1, methods=3, classifiers=1, folds=2, points=40, name="twin")
    monkeypatch.setattr(module, "tsne", lambda X: pytest.fail("embedded again"))
    assert len(embed_points(open_run(twin), "on", memo=memo).by_name) == 2


def test_auto_leaves_out_what_would_take_long_and_says_how_much(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AUTO_POINTS", 50)
    monkeypatch.setattr(module, "QUICK_SECONDS", 0.0)
    left = embed_points(open_run(run_folder), "auto")
    assert left.by_name == {}
    assert left.left_out == (("Ecoli", "Original"), ("Ecoli", "SMOTE"))
    assert left.n_points_left_out == 40 + 60


def test_several_processes_give_the_same(run_folder: Path, tmp_path: Path) -> None:
    twin = made_up_run(tmp_path / "b", datasets=1, methods=3, classifiers=1, folds=2, points=40)
    done: list[tuple[int, int]] = []
    one = embed_points(open_run(run_folder), "on").by_name
    two = embed_points(open_run(twin), "on", jobs=2, progress=lambda *counts: done.append(counts)).by_name
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert done == [(1, 2), (2, 2)]


def test_equal_rows_are_embedded_at_one_place() -> None:
    X = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32)
    embedded = tsne(np.vstack([X, X[:5]]))
    assert np.array_equal(embedded[:5], embedded[30:])


@pytest.mark.parametrize("X", [np.ones((30, 3)), np.arange(30.0)[:, None]], ids=["one place", "one column"])
def test_rows_that_cannot_be_embedded_are_shown_as_they_are(X: np.ndarray) -> None:
    assert tsne(X.astype(np.float32)).shape == (30, 2)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time for 40 points of two pairs, and for no more."""
    monkeypatch.setattr(module, "AUTO_POINTS", 10)
    monkeypatch.setattr(module, "QUICK_SECONDS", 0.08)
    monkeypatch.setattr(module, "_SECONDS_A_POINT", 0.001)
    monkeypatch.setattr(module, "_SECONDS_TO_START", 0.0)
    monkeypatch.setattr(module, "_LEAST_QUICK_POINTS", 30)


@pytest.mark.usefixtures("hasty")
def test_fewer_points_of_one_or_two_data_sets_are_embedded_at_once(run_folder: Path) -> None:
    run = open_run(run_folder)
    found = embed_points(run, "auto")
    assert found.thinned == {("Ecoli", "SMOTE"): 43}  # a group keeps ten; Original has 40 in all
    assert (found.left_out, found.n_points_left_out) == ((), 0)
    drawn = found.by_name["Ecoli", "SMOTE"]
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    assert len(drawn) == len(points.X) == 60
    assert np.isfinite(drawn).all(axis=1).sum() == 43
    assert set(points.group[np.isfinite(drawn[:, 0])]) == set(points.group)
    again = embed_points(open_run(run_folder), "auto")
    assert all(
        np.array_equal(again.by_name[one], found.by_name[one], equal_nan=True) for one in found.by_name
    )


@pytest.mark.usefixtures("hasty")
def test_of_many_pairs_the_first_are_embedded_and_the_others_named(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=2, methods=2, classifiers=1, folds=2, points=40)
    found = embed_points(open_run(folder), "auto")
    assert list(found.by_name) == [("Ecoli", "Original"), ("Ecoli", "SMOTE")]
    assert found.left_out == (("Haberman", "Original"), ("Haberman", "SMOTE"))
    assert found.n_points_left_out == 100


@pytest.mark.usefixtures("hasty")
def test_of_three_data_sets_no_fewer_points_are_embedded(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=3, methods=2, classifiers=1, folds=2, points=40)
    assert embed_points(open_run(folder), "auto").by_name == {}


def test_rows_are_thinned_by_group_and_a_small_group_stays(run_folder: Path) -> None:
    points = open_run(run_folder).points("Ecoli", "SMOTE")
    assert points is not None
    chosen = thinned_rows(points, 40)
    assert np.array_equal(chosen, thinned_rows(points, 40))
    assert np.bincount(points.group[chosen]).tolist() == [20, 10, 0, 13]  # of 30, 10, 0 and 20
    assert np.array_equal(thinned_rows(points, 60), np.arange(60))
