"""What a run was asked for: its cells and its command, in its store before the first cell is computed.

A run that is killed leaves no manifest; what it was to compute, and the command that goes on, are here. So
is what its manifest would say of all but the cells, from the first of these on.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shlex
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smote_bench.evaluation.outcome import Cell
from smote_bench.runs.disk import disk_errors
from smote_bench.runs.manifest_file import checked_shape, read_json
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.run_store import RunStore

__all__ = [
    "Asked",
    "finishing_command",
    "has_table",
    "how_to_finish",
    "read_asked",
    "read_command",
    "read_draft",
    "write_asked",
    "write_draft",
]

_TABLES = """
CREATE TABLE IF NOT EXISTS asked (
    dataset TEXT NOT NULL, method TEXT NOT NULL, classifier TEXT NOT NULL, selected INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS command (arguments TEXT NOT NULL, folder TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS draft (manifest TEXT NOT NULL);
"""
_NOT_AGAIN = {
    "--smote-run-name": True,
    "--exitfirst": False,
    "--maxfail": True,
    "--stepwise": False,
    "--sw": False,
    "--stepwise-skip": False,
    "--sw-skip": False,
    "--last-failed": False,
    "--lf": False,
    "--stepwise-reset": False,
    "--sw-reset": False,
    "--max-worker-restart": True,
    "--session-timeout": True,
}
"""What would end the run early again, select less, or find its name taken; whether a value follows."""
_FLAGS_THEN_X = re.compile(r"-([vqsl]*)x(.*)")
"""`-x` among other letters: before it none that takes what follows for its value, as `-kx`."""


@dataclass(frozen=True)
class Asked:
    """The cells of a run.

    Parameters
    ----------
    selected : tuple of Cell
        Those that the session was to run.
    left_out : tuple of Cell
        Those of the experiment that pytest left out, as ``-k`` says.
    """

    selected: tuple[Cell, ...] = ()
    left_out: tuple[Cell, ...] = ()

    @classmethod
    def of(cls, cells: Iterable[Cell], selected: Iterable[Cell]) -> Asked:
        """Return what is asked of an experiment's cells, in their order."""
        is_selected = dict.fromkeys(cells, False) | dict.fromkeys(selected, True)
        return cls(
            tuple(cell for cell, chosen in is_selected.items() if chosen),
            tuple(cell for cell, chosen in is_selected.items() if not chosen),
        )


def write_asked(store: Path, asked: Asked, arguments: Sequence[str], folder: Path) -> None:
    """Write what a run is asked for into its store, which is made if it is not there.

    Parameters
    ----------
    store : Path
        The run's ``cells.sqlite``.
    asked : Asked
    arguments : sequence of str
        pytest's.
    folder : Path
        Where pytest was called.
    """
    RunStore(store).close()
    parts = ((True, asked.selected), (False, asked.left_out))
    rows = [(cell.dataset, cell.method, cell.classifier, chosen) for chosen, part in parts for cell in part]
    with disk_errors(store, sum(sum(map(len, row[:3])) for row in rows)):
        _write(store, rows, json.dumps(list(arguments)), str(folder))


def _write(store: Path, rows: Iterable[tuple[str, str, str, bool]], arguments: str, folder: str) -> None:
    with _written(store) as db:
        db.execute("DELETE FROM asked")
        db.execute("DELETE FROM command")
        db.executemany("INSERT INTO asked VALUES (?, ?, ?, ?)", rows)
        db.execute("INSERT INTO command VALUES (?, ?)", (arguments, folder))


@contextlib.contextmanager
def _written(store: Path) -> Iterator[sqlite3.Connection]:
    """Commit what is done inside to the tables of this module, or nothing of it."""
    with contextlib.closing(sqlite3.connect(store, timeout=60, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(f"BEGIN IMMEDIATE; {_TABLES}")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def write_draft(store: Path, manifest: Mapping[str, Any]) -> None:
    """Write what a run's manifest says of all but its cells into its store, in place of what was there."""
    text = json.dumps(manifest, default=repr)
    with disk_errors(store, len(text)), _written(store) as db:
        db.execute("DELETE FROM draft")
        db.execute("INSERT INTO draft VALUES (?)", (text,))


def read_draft(store: Path) -> dict[str, Any] | None:
    """Return what `write_draft` wrote; None where it did not, as before a run's first cell.

    Raises
    ------
    sqlite3.Error
        If the store cannot be read.
    ValueError
        If what is there is no manifest.
    """
    with contextlib.closing(connect_to_read(store)) as db:
        row = db.execute("SELECT manifest FROM draft LIMIT 1").fetchone() if has_table(db, "draft") else None
    if row is None:
        return None
    found = read_json(row[0])
    try:
        return checked_shape(found)
    except ValueError as error:
        raise ValueError(f"expected the draft of a manifest in {str(store)!r}: {error}") from None


def read_asked(store: Path) -> Asked | None:
    """Return what a run was asked for; None of a run of an earlier release, which did not say."""
    with contextlib.closing(connect_to_read(store)) as db:
        if not has_table(db, "asked"):
            return None
        rows = db.execute("SELECT dataset, method, classifier, selected FROM asked").fetchall()
    return Asked(
        tuple(Cell(*map(sys.intern, names)) for *names, selected in rows if selected),
        tuple(Cell(*map(sys.intern, names)) for *names, selected in rows if not selected),
    )


def read_command(store: Path) -> tuple[list[str], str]:
    """Return pytest's arguments and the folder where it was called; nothing of an earlier release's run."""
    with contextlib.closing(connect_to_read(store)) as db:
        row = None
        if has_table(db, "command"):
            row = db.execute("SELECT arguments, folder FROM command LIMIT 1").fetchone()
    if row is None:
        return [], ""
    arguments = read_json(row[0])
    if not isinstance(arguments, list):
        raise ValueError(f"expected the arguments of a command in {str(store)!r}, got {arguments!r}")
    return [str(word) for word in arguments], str(row[1])


def finishing_command(arguments: Sequence[str], folder: str = "") -> str:
    """Return the command that goes on from what a run computed, to be copied into a shell.

    The same as the run's own, but for the name of its folder, which is taken, and for what ends a run early.

    >>> finishing_command(["benchmarks", "--smote-run-name", "mine", "-k", "a or b"])
    "pytest benchmarks -k 'a or b'"
    >>> finishing_command(["benchmarks", "-vx", "--maxfail=3"])
    'pytest benchmarks -v'
    """
    words, program = list(_to_the_end(arguments)), ["pytest"]
    if (own := _of_run_command(words, folder or os.getcwd())) is not None:
        words, program = own, ["smote-bench", "run"]
    command = shlex.join([*program, *words])
    elsewhere = folder and os.path.realpath(folder) != os.path.realpath(os.curdir)
    return f"cd {shlex.quote(folder)} && {command}" if elsewhere else command


def how_to_finish(arguments: Sequence[str], folder: str = "") -> str:
    """Say what goes on from what a run computed, with the command where it is known.

    >>> how_to_finish(["benchmarks", "--smote-memo", "off"])
    'run the same command again: pytest benchmarks --smote-memo off'
    """
    words = list(_options_alone(arguments))
    memo = [after for word, after in itertools.pairwise([*words, ""]) if word == "--smote-memo"]
    taken = "" if memo[-1:] == ["off"] else ", and a new run takes what was scored from the memo"
    command = f": {finishing_command(arguments, folder)}" if arguments else ""
    return f"run the same command again{taken}{command}"


def _options_alone(arguments: Iterable[str]) -> Iterator[str]:
    """Yield the words of a command, those of our options apart from their values."""
    for word in arguments:
        yield from word.split("=", 1) if word.startswith("--smote-") else [word]


def _to_the_end(arguments: Iterable[str]) -> Iterator[str]:
    """Yield the words of a command without those that it is not to be called with again."""
    words = iter(arguments)
    for word in words:
        name, equals, _ = word.partition("=")
        if name in _NOT_AGAIN:
            if _NOT_AGAIN[name] and not equals:
                next(words, None)
            continue
        while found := _FLAGS_THEN_X.fullmatch(word):
            word = f"-{found[1]}{found[2]}"
        if word != "-":
            yield word


def _of_run_command(words: Sequence[str], folder: str) -> list[str] | None:
    """Return what followed ``smote-bench run`` where that command called pytest; None where another did.

    Words of the variable PYTEST_ADDOPTS, which pytest takes first, stay ahead of its others; where that would
    change which of two words counts, it is pytest's command that is repeated.
    """
    from smote_bench.experiment.shipped import RUN_OPTIONS, experiments_folder, grid_file

    ahead = [str(grid_file()), *RUN_OPTIONS, "--smote-experiment"]
    start = list(words).index(ahead[0]) if ahead[0] in words else 0
    added, own = list(words[:start]), list(words[start:])
    if own[: len(ahead)] != ahead or len(own) == len(ahead) or any(map(_is_overruled, added)):
        return None
    file = Path(own[len(ahead)])
    experiment = file.stem if file.parent == experiments_folder() else str(file)
    rest = own[len(ahead) + 1 :]
    return [experiment, *added, *(rest[1:] if rest[:1] == [f"--rootdir={folder}"] else rest)]


def _is_overruled(word: str) -> bool:
    """Whether a word ahead of those of ``smote-bench run`` would count behind them, or name what runs."""
    is_place = "::" in word or os.path.exists(word)
    return is_place or word.partition("=")[0] in ("--smote-experiment", "--import-mode", "--rootdir", "-c")


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Tell whether a file has a table of this name."""
    found = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    return found.fetchone() is not None
