"""The names and places of what a run leaves on disk."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.errors import ConfigError
from smote_bench.runs import folder as folders_of_runs
from smote_bench.runs.folder import file_name, new_run_folder, point_latest_to, reserved_run_folder

NOW = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456)


def test_a_run_is_named_by_its_time_and_experiment(tmp_path: Path) -> None:
    folder = new_run_folder(tmp_path, "my grid", NOW)
    assert folder == tmp_path / "runs" / "20240506-070809-123-my_grid"
    assert not folder.exists()


def test_two_runs_of_one_moment_have_folders_of_their_own(tmp_path: Path) -> None:
    folders = []
    for _ in range(3):
        folders.append(new_run_folder(tmp_path, "grid", NOW))
        folders[-1].mkdir(parents=True)
    assert len(set(folders)) == 3


def test_runs_sort_by_time(tmp_path: Path) -> None:
    later = NOW + datetime.timedelta(milliseconds=1)
    assert new_run_folder(tmp_path, "z", NOW).name < new_run_folder(tmp_path, "a", later).name


def test_latest_points_to_the_newest_run_and_survives_moving_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "reports"
    for name in ("one", "two"):
        run = out / "runs" / name
        run.mkdir(parents=True)
        (run / "manifest.json").write_text(name)
        latest = point_latest_to(run)
    assert latest == out / "latest"
    assert (latest / "manifest.json").read_text() == "two"
    out.rename(tmp_path / "moved")
    assert (tmp_path / "moved" / "latest" / "manifest.json").read_text() == "two"
    assert sorted(path.name for path in (tmp_path / "moved").iterdir()) == ["latest", "runs"]


def test_latest_is_a_text_file_where_links_are_not_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise OSError("links are not allowed")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    assert point_latest_to(run).read_text() == os.path.join("runs", "one") + "\n"


@given(st.text(min_size=1))
def test_a_file_name_stays_in_its_folder(name: str) -> None:
    made = file_name(name)
    assert not set(made) & set('/\\:*?"<>|\0 \n')
    assert file_name(made) == made


def test_a_reserved_folder_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "runs" / "now-mine"
    answers = iter([taken, taken, tmp_path / "runs" / "later-mine"])
    monkeypatch.setattr(folders_of_runs, "new_run_folder", lambda out, name: next(answers))
    assert folders_of_runs.reserved_run_folder(tmp_path, "mine") == taken
    assert folders_of_runs.reserved_run_folder(tmp_path, "mine").name == "later-mine", "another was quicker"


def test_a_named_folder_may_be_there_but_hold_no_run(tmp_path: Path) -> None:
    named = folders_of_runs.run_folder_named(tmp_path, "mine")
    assert named == tmp_path / "runs" / "mine"
    named.mkdir(parents=True)
    assert folders_of_runs.run_folder_named(tmp_path, "mine") == named
    (named / "cells.sqlite").touch()
    with pytest.raises(ConfigError, match="expected the name of a new run, got 'mine', which is there"):
        folders_of_runs.run_folder_named(tmp_path, "mine")


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "two words"])
def test_a_name_that_is_no_folders_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected a run's name of letters"):
        folders_of_runs.run_folder_named(tmp_path, name)


@pytest.mark.parametrize("letter", ["m", "é", "数"])
def test_long_names_are_cut_to_bytes_and_stay_apart(letter: str) -> None:
    first, second = letter * 200 + "a", letter * 200 + "b"
    assert file_name(first) != file_name(second)
    for made in map(file_name, (first, second)):
        assert len(made.encode()) <= 70
        assert made.startswith(letter * 10)
        assert file_name(made) == made


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda out: out.symlink_to("/nonexistent/y"), "a link to '/nonexistent/y', which is not there"),
        (lambda out: (out.mkdir(), (out / "runs").write_text("")), "(File exists|Not a directory)"),
        (lambda out: out.symlink_to(out), "which is not there"),
    ],
    ids=["dead link", "file", "link to itself"],
)
def test_where_no_folder_can_be_made_a_run_is_refused_and_does_not_try_for_ever(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    out = tmp_path / "reports"
    make(out)
    with pytest.raises(ConfigError, match=f"for --smote-out in which files can be made, got .*{why}"):
        reserved_run_folder(out, "grid")


@pytest.mark.parametrize("name", ["file/sub", "n" * 300])
def test_a_place_below_a_file_or_with_too_long_a_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="for out in which files can be made, got"):
        reserved_run_folder(tmp_path / name, "grid", called="out")


def test_a_name_that_another_process_took_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = new_run_folder(tmp_path, "grid", NOW)
    taken.mkdir(parents=True)
    names = iter([taken, tmp_path / "runs" / "free"])
    monkeypatch.setattr(folders_of_runs, "new_run_folder", lambda *_: next(names))
    assert reserved_run_folder(tmp_path, "grid") == tmp_path / "runs" / "free"


def test_a_file_in_the_place_of_latest_is_left_and_named_unless_it_is_ours(tmp_path: Path) -> None:
    latest = tmp_path / "latest"
    for name in ("one", "two"):
        (tmp_path / "runs" / name).mkdir(parents=True)
    for text in ("my notes\n", "runs/one is the best\nof all\n", ""):
        latest.write_text(text)
        with pytest.raises(ConfigError, match=r"expected a link to the latest run .* got a file, which"):
            point_latest_to(tmp_path / "runs" / "one")
        assert latest.read_text() == text
    latest.write_text(os.path.join("runs", "one") + "\n")  # as we write it where links are not allowed
    assert point_latest_to(tmp_path / "runs" / "two").resolve() == tmp_path / "runs" / "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "runs"]


def test_a_folder_in_the_place_of_latest_is_left_and_named(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine.txt").write_text("kept")
    with pytest.raises(ConfigError, match=r"expected a link to the latest run at .* got a folder"):
        point_latest_to(run)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "runs"]
    assert (tmp_path / "latest" / "mine.txt").read_text() == "kept"
