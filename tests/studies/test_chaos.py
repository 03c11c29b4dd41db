"""The chaos study: what it does to a run is noticed, and a run gets over it."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from collections import Counter

import pytest

from benchmarks.chaos.chaos import Chaos, table
from benchmarks.chaos.checks import Reference, n_computed_again, problems
from benchmarks.chaos.faults import FAULTS, Stage
from benchmarks.chaos.record import Record, Tally


@pytest.fixture(scope="module")
def chaos(tmp_path_factory):
    return Chaos(
        tmp_path_factory.mktemp("chaos"), 24, ["SIGKILL, a worker", "SIGINT, everything", "memo: cut"]
    )


@pytest.fixture
def copied(chaos, tmp_path):
    """The undisturbed run, copied: its folder of reports, and that of the run."""
    import shutil

    out = shutil.copytree(chaos.folder / "quiet", tmp_path / "out", symlinks=True)
    (run,) = (out / "runs").iterdir()
    return out, run


def test_a_disturbed_grid_ends_with_the_table_of_an_undisturbed_one(chaos):
    tally = chaos.run(1, 3)
    assert tally.problems == []
    assert (tally.identical, tally.rounds) == (1, 1)
    assert sum(tally.injected.values()) >= 1
    assert tally.starts > sum(tally.injected.values())  # and one that was left alone
    assert "1 of 1 tables byte-identical" in table(tally, 24, 3)


def test_rounds_go_on_where_an_earlier_call_was(chaos, tmp_path, monkeypatch):
    path = tmp_path / "rounds.jsonl"
    faults, scores = ["memo: cut"], chaos.reference.sha256
    done = Tally(starts=3, identical=1, rounds=1)
    done.injected["memo: cut"], done.ends["memo: cut"], done.lost["memo: cut"] = 2, Counter({0: 1, -9: 1}), 7
    Record(path, 24, faults, scores).keep(4, done)
    with path.open("a") as file:
        file.write('{"seed": 5, "ta')  # killed while it was written
    monkeypatch.setattr(chaos, "_faults", faults)
    monkeypatch.setattr(chaos, "_record", Record(path, 24, faults, scores))
    tally = chaos.run(2, 4)
    assert (tally.identical, tally.rounds, tally.problems) == (2, 2, [])
    assert tally.starts == 3 + chaos.tally.starts > 4
    assert tally.injected["memo: cut"] == 2 + chaos.tally.injected["memo: cut"]
    assert tally.ends["memo: cut"][-9] == 1
    assert "2 of 2 tables byte-identical" in table(tally, 24, 4)
    again = Record(path, 24, faults, scores)
    assert list(again.rounds) == [4, 5]
    assert again.rounds[4] == done
    monkeypatch.setattr(chaos, "_record", again)
    monkeypatch.setattr(chaos, "_round", None)  # nothing is left to do
    assert chaos.run(2, 4) == tally


@pytest.mark.parametrize("changed", [{"n_cells": 300}, {"faults": ["memo: cut"]}, {"scores": "other"}])
def test_rounds_of_another_grid_are_not_counted_together(tmp_path, changed):
    of = {"n_cells": 24, "faults": ["SIGKILL, a worker"], "scores": "a digest"}
    Record(tmp_path / "rounds.jsonl", **of)
    with pytest.raises(
        SystemExit, match=r"expected '.*rounds\.jsonl' to have rounds of this grid, got others"
    ):
        Record(tmp_path / "rounds.jsonl", **of | changed)


def test_an_undisturbed_run_has_nothing_amiss(chaos, copied, tmp_path):
    (tmp_path / "log").write_text("24 passed")
    assert problems(copied[0], chaos.reference, 0, tmp_path / "log") == []
    assert n_computed_again(copied[0]) == 0


def _changed_score(run):
    rows = list(csv.reader((run / "scores.csv").read_text().splitlines()))
    rows[5][-1] = "0.123"
    with (run / "scores.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _fewer_asked(run):
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["cells"]["asked"] -= 1
    (run / "manifest.json").write_text(json.dumps(manifest))


def _row_lost(run):
    lines = (run / "cells.csv").read_text().splitlines(keepends=True)
    (run / "cells.csv").write_text("".join(lines[:-1]))


def _no_tables(run):
    (run / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_changed_score, "1 rows of scores.csv are wrong"),
        (_fewer_asked, "23 cells asked for of 24"),
        (_row_lost, "cells.csv has 23 rows of 24"),
        (_no_tables, "exit code 0 with another table"),
    ],
)
def test_what_is_wrong_is_noticed(chaos, copied, tmp_path, spoil, words):
    out, run = copied
    spoil(run)
    (tmp_path / "log").write_text("24 passed")
    assert any(words in text for text in problems(out, chaos.reference, 0, tmp_path / "log"))


_INTERRUPTED = "Traceback (most recent call last):\n  File x, line 1\n    import re\nKeyboardInterrupt\n"
_LED_TO = "\nDuring handling of the above exception, another exception occurred:\n\n"
_CRASH = "Traceback (most recent call last):\n  File y, line 2\nTypeError: no\n"


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("INTERNALERROR> Traceback (most recent call last):\nINTERNALERROR>   File z\n", "INTERNALERROR> "),
        (_CRASH, "Traceback: TypeError: no"),
        (_INTERRUPTED + _CRASH, "Traceback: TypeError: no"),
        (_CRASH + _LED_TO + _CRASH, "Traceback: TypeError: no"),
    ],
)
def test_a_traceback_is_noticed(chaos, copied, tmp_path, log, words):
    (tmp_path / "log").write_text(log)
    said = problems(copied[0], chaos.reference, 1, tmp_path / "log")
    assert any(f"the command said {words}" in text for text in said), said


@pytest.mark.parametrize("log", [_INTERRUPTED, _INTERRUPTED + _LED_TO + _CRASH])
def test_a_traceback_of_an_interrupted_start_is_no_crash(chaos, copied, tmp_path, log):
    (tmp_path / "log").write_text("24 passed\n" + log)
    assert problems(copied[0], chaos.reference, -2, tmp_path / "log") == []


def test_cells_that_are_computed_again_are_counted(copied):
    out, run = copied
    other = run.with_name(run.name + "-2")
    other.mkdir()
    with sqlite3.connect(run / "cells.sqlite") as source, sqlite3.connect(other / "cells.sqlite") as target:
        source.backup(target)
    with sqlite3.connect(other / "cells.sqlite") as db:
        db.execute("UPDATE cells SET from_memo = 1 WHERE dataset = 'Haberman'")
    # Of the 12 cells of Ecoli, 4 are those of an equal classifier: they came from the memo.
    assert n_computed_again(out) == 8


@pytest.mark.parametrize("fault", [name for name in FAULTS if name.startswith("memo")])
def test_a_memo_that_is_damaged_is_another_file(tmp_path, fault):
    memo = tmp_path / "memo.sqlite"
    memo.write_bytes(bytes(100_000))
    FAULTS[fault](Stage(0, tmp_path, random.Random(1)))
    assert memo.read_bytes() != bytes(100_000)


def test_a_grid_of_another_size_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="expected a grid of 300 or 24 cells, got 25"):
        Chaos(tmp_path, 25)


def test_the_reference_knows_its_cells(chaos):
    assert isinstance(chaos.reference, Reference)
    assert chaos.reference.n_cells == 24
