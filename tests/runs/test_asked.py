"""What a run was asked for is in its store, and the command that goes on can be copied into a shell."""

from __future__ import annotations

import argparse
import shlex
import sqlite3
from pathlib import Path

import pytest

from smote_bench.commands import run
from smote_bench.errors import DiskError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.asked import (
    Asked,
    finishing_command,
    how_to_finish,
    read_asked,
    read_command,
    write_asked,
)
from smote_bench.runs.run_store import RunStore

CELLS = [Cell("Ecoli", method, "kNN") for method in ("Original", "SMOTE", "a b")]


def test_what_is_written_is_read_before_and_after_there_are_outcomes(tmp_path: Path) -> None:
    store = tmp_path / "run" / "cells.sqlite"
    write_asked(store, Asked.of(CELLS, CELLS[1:]), ["-k", "a b"], tmp_path)
    expected = Asked((CELLS[1], CELLS[2]), (CELLS[0],))
    assert read_asked(store) == expected
    assert read_command(store) == (["-k", "a b"], str(tmp_path))
    run = RunStore(store)
    run.put("key", Outcome(CELLS[1], "ok"))
    assert read_asked(store) == expected  # while another process has it open
    run.close()
    write_asked(store, Asked.of(CELLS, CELLS), [], tmp_path)  # not twice the rows
    assert read_asked(store) == Asked(tuple(CELLS), ())


def test_a_run_of_an_earlier_release_did_not_say(tmp_path: Path) -> None:
    RunStore(tmp_path / "cells.sqlite").close()
    assert read_asked(tmp_path / "cells.sqlite") is None
    assert read_command(tmp_path / "cells.sqlite") == ([], "")


def test_reading_writes_nothing_into_the_folder(tmp_path: Path) -> None:
    store = tmp_path / "run" / "cells.sqlite"
    write_asked(store, Asked.of(CELLS, CELLS), [], tmp_path)
    before = {path.name: path.read_bytes() for path in store.parent.iterdir()}
    read_asked(store)
    assert {path.name: path.read_bytes() for path in store.parent.iterdir()} == before


def test_a_store_that_takes_nothing_is_named(tmp_path: Path) -> None:
    store = tmp_path / "cells.sqlite"
    RunStore(store).close()
    with sqlite3.connect(store) as db:
        db.execute("CREATE TABLE asked (dataset, method, classifier, selected)")
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON asked "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    with pytest.raises(DiskError, match=r"bytes or more to .*cells.sqlite', but the disk is full"):
        write_asked(store, Asked.of(CELLS, CELLS), [], tmp_path)
    assert read_asked(store) == Asked()  # nothing half-written


@pytest.mark.parametrize("named", [["--smote-run-name", "mine"], ["--smote-run-name=mine"]])
def test_the_command_leaves_out_the_name_that_is_taken(named: list[str], tmp_path: Path) -> None:
    arguments = ["grid.py", *named, "-k", "it's $HOME"]
    here = finishing_command(arguments, str(Path.cwd()))
    assert shlex.split(here) == ["pytest", "grid.py", "-k", "it's $HOME"]
    folder = tmp_path / "a b"
    assert shlex.split(finishing_command(arguments, str(folder)))[:3] == ["cd", str(folder), "&&"]


@pytest.mark.parametrize(
    "early",
    [
        "-x",
        "--exitfirst",
        "--maxfail=1",
        "--maxfail 2",
        "--sw",
        "--stepwise --stepwise-skip",
        "--sw-skip",
        "--sw-reset",
        "--max-worker-restart=0",
        "--max-worker-restart 3",
        "--session-timeout=60",
        "--lf",
        "--last-failed -x",
        "-xx --smote-run-name mine --maxfail 1",
    ],
)
def test_the_command_leaves_out_what_ended_the_run_early(early: str) -> None:
    found = finishing_command(["grid.py", *early.split(), "-n", "2"])
    assert found == "pytest grid.py -n 2"


def test_of_letters_in_one_word_only_the_flag_goes() -> None:
    given = ["grid.py", "-vxs", "-xk", "a or b", "-kx", "-px", "-n2"]
    shown = ["grid.py", "-vs", "-k", "a or b", "-kx", "-px", "-n2"]
    assert finishing_command(given) == shlex.join(["pytest", *shown])


@pytest.mark.parametrize(("given", "shown"), [("quick.yaml", "quick"), ("mine.yaml", "mine.yaml")])
def test_a_run_of_the_run_command_is_finished_by_it(
    given: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(pytest, "main", lambda arguments: seen.append(arguments) or 0)
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").touch()
    args = argparse.Namespace(experiment=given.removesuffix(".yaml") if shown == "quick" else given, rest=[])
    for rest in (["-n", "2", "-k", "a or b"], ["--rootdir=/elsewhere"]):
        args.rest = rest
        run.run(args)
        assert shlex.split(finishing_command(seen[-1], str(tmp_path))) == ["smote-bench", "run", shown, *rest]
        with_environment = ["--color=no", *seen[-1]]
        found = shlex.split(finishing_command(with_environment, str(tmp_path)))
        assert found == ["smote-bench", "run", shown, "--color=no", *rest]
        for overruled in (["--smote-experiment", "other.yaml"], ["--rootdir=/x"], ["mine.yaml"]):
            assert finishing_command([*overruled, *seen[-1]]).startswith(f"pytest {shlex.join(overruled)} ")


@pytest.mark.parametrize(
    ("words", "has_memo"),
    [
        ("grid.py", True),
        ("grid.py --smote-memo off", False),
        ("grid.py --smote-memo=off -n 2", False),
        ("grid.py --smote-memo official.sqlite", True),
        ("grid.py --smote-memo=off --smote-memo mine.sqlite", True),
        ("grid.py -k 'a --smote-memo off'", True),
    ],
)
def test_from_the_memo_is_promised_what_comes_from_it(words: str, has_memo: bool) -> None:
    said = how_to_finish(shlex.split(words))
    assert said.endswith(f": pytest {words}")
    assert ("takes what was scored from the memo" in said) == has_memo
