"""The store of one run: one outcome a cell, and which cells were begun and never ended.

The memo keeps whatever has a key of its own. A run keeps one outcome for each of its cells, in whatever order
processes die: an outcome with scores that was committed stays, what was computed later takes the place of an
earlier failure, and a cell whose process died is an error unless something better is known of it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from smote_bench.evaluation.outcome import Cell, DamagedOutcome, Outcome
from smote_bench.runs.disk import disk_errors
from smote_bench.runs.place import Place
from smote_bench.runs.store import PAGE_BYTES, SCHEMA, Store, size_of

__all__ = ["DIED", "READABLE", "RunStore", "Worker", "damage_of", "this_worker"]

DIED = "the worker died while computing this cell"
"""Why a cell has no outcome of its own, as far as is known."""

READABLE = frozenset({3, SCHEMA})
"""The schemas of runs that are read."""

_LOST = "lost-"
# Scores before reasons, and the reason of who computed before that of who found him dead.
_RANK = f"CASE WHEN status IN ('ok', 'noop') THEN 2 WHEN key LIKE '{_LOST}%' THEN 0 ELSE 1 END"
_CELL = "dataset = ? AND method = ? AND classifier = ? AND part = ?"
# The cell that each worker began last, by which a death over the time limit is known; not in files of earlier
# releases.
_LATEST = """
CREATE TABLE IF NOT EXISTS latest_begun (
    session TEXT NOT NULL, worker TEXT NOT NULL,
    dataset TEXT NOT NULL, method TEXT NOT NULL, classifier TEXT NOT NULL, part TEXT NOT NULL,
    at REAL NOT NULL, limit_seconds REAL NOT NULL,
    PRIMARY KEY (session, worker)
) WITHOUT ROWID
"""
_FOLD_MILLISECONDS = 1000
"""For so long a process in the middle of reading is waited for."""
_END = f"DELETE FROM begun WHERE {_CELL} AND session = ? AND worker = ?"


class Worker(NamedTuple):
    """A process of a session: the session's name, and the worker's within it."""

    session: str
    name: str


def this_worker() -> Worker:
    """Return which worker of pytest-xdist this process is; any other process is a session of its own."""
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    name = os.environ.get("PYTEST_XDIST_WORKER")
    return Worker(session, name) if session and name else Worker(f"process {os.getpid()}", "")


def damage_of(path: Path, error: BaseException) -> str:
    """Return in words that a file is damaged, and how that is known."""
    return f"{str(path)!r} is damaged ({' '.join(str(error).split())})"


class RunStore(Store):
    """`Store` with at most one outcome for each (data set, method, classifier, part).

    Runs of schema 3, which could hold two outcomes of a cell whose worker died, are read with one.
    """

    _readable = READABLE
    _has_latest = False

    def __init__(self, path: Path, *, read_only: bool = False, patience: float | None = None) -> None:
        super().__init__(path, read_only=read_only, patience=patience)
        self._place = Place.of(self.path)

    def check_place(self) -> None:
        """Check that the file is where it was opened; see `smote_bench.runs.place`."""
        self._place.check()

    def put(
        self,
        key: str,
        outcome: Outcome,
        predictions: bytes | None = None,
        *,
        from_memo: bool = False,
        part: str = "",
    ) -> None:
        """Commit an outcome, unless the cell has a better one: scores stay, and of equals the later."""
        self.check_place()
        with self._transaction(lambda: size_of(outcome, predictions)):
            if self._make_room(outcome, part, is_lost=key.startswith(_LOST)):
                self._insert(key, outcome, predictions, from_memo=from_memo, part=part)
            self._db.execute(_END, (*vars(outcome.cell).values(), part, *this_worker()))

    def put_lost(self, cell: Cell, reason: str = DIED, *, status: str = "error", part: str = "") -> Outcome:
        """Commit why a cell that could not report for itself has no scores, and return the outcome it has.

        That is another one where the cell had been recorded before its process died.
        """
        self.put(_lost_key(cell, part), Outcome(cell, status, reason), part=part)
        outcome = self.outcome_of(cell, part)
        assert outcome is not None
        return outcome

    def _make_room(self, outcome: Outcome, part: str, *, is_lost: bool) -> bool:
        """Delete what an outcome takes the place of; return False where what is there is better."""
        rank = 2 if outcome.is_scored else 0 if is_lost else 1
        cell = (*vars(outcome.cell).values(), part)
        there = self._db.execute(f"SELECT key, {_RANK} FROM cells WHERE {_CELL}", cell).fetchall()
        if any(other > rank for _, other in there):
            return False
        for key, _ in there:
            self._db.execute(f"DELETE FROM cells WHERE key = ? AND {_CELL}", (key, *cell))
            self._db.execute(
                "DELETE FROM predictions WHERE key = ? AND key NOT IN (SELECT key FROM cells)", (key,)
            )
        return True

    def begin(self, key: str, cell: Cell, part: str = "", *, limit_seconds: float = 0.0) -> None:
        """Note that this process computes a cell, under a time limit or 0 for none; `put` ends it."""
        self.check_place()
        names = (*vars(cell).values(), part)
        begun = "INSERT OR REPLACE INTO begun VALUES (?, ?, ?, ?, ?, ?, ?)"
        if not limit_seconds:
            with disk_errors(self.path, PAGE_BYTES):
                self._db.execute(begun, (key, *names, *this_worker()))
            return
        with self._transaction():
            self._db.execute(begun, (key, *names, *this_worker()))
            if not self._has_latest:
                self._db.execute(_LATEST)
                self._has_latest = True
            self._db.execute(
                "INSERT OR REPLACE INTO latest_begun VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*this_worker(), *names, time.time(), limit_seconds),
            )

    def time_of(self, worker: Worker, cell: Cell, part: str = "") -> tuple[float, float]:
        """Return for how many seconds a worker has been at a cell, and its limit; zeros where not known."""
        found = None
        with contextlib.suppress(sqlite3.OperationalError):  # no such table: nothing was begun under a limit
            found = self._db.execute(
                f"SELECT at, limit_seconds FROM latest_begun WHERE {_CELL} AND session = ? AND worker = ?",
                (*vars(cell).values(), part, *worker),
            ).fetchone()
        return (time.time() - found[0], found[1]) if found else (0.0, 0.0)

    def abandon(self, cell: Cell, part: str = "") -> None:
        """Note that this process lives and gave up a cell that it had begun, as when a user interrupts it."""
        with disk_errors(self.path, PAGE_BYTES):
            self._db.execute(_END, (*vars(cell).values(), part, *this_worker()))

    def begun_by_another(self, key: str) -> bool:
        """Tell whether another worker of this session began a key and never ended it."""
        session, name = this_worker()
        found = self._db.execute(
            "SELECT 1 FROM begun WHERE key = ? AND session = ? AND worker <> ?", (key, session, name)
        )
        return found.fetchone() is not None

    def lost_with_another(self, key: str, cell: Cell, part: str = "") -> Outcome | None:
        """Return the outcome of a cell in which another worker of this session died; None where none did.

        Distributions of pytest-xdist that keep a file together hand such a cell out again, and again.
        """
        if not self.begun_by_another(key):
            return None
        row = self._db.execute("SELECT outcome FROM cells WHERE key = ?", (_lost_key(cell, part),)).fetchone()
        return Outcome.loads(row[0]) if row else None

    def begun_by(self, worker: Worker) -> list[tuple[Cell, str]]:
        """Return the cells and parts that a worker began and never ended, with the label of the part."""
        rows = self._db.execute(
            "SELECT dataset, method, classifier, part FROM begun WHERE session = ? AND worker = ?", worker
        )
        return [(Cell(*names), part) for *names, part in rows]

    def forget(self, worker: Worker) -> None:
        """Forget what a worker began and never ended: it is begun anew."""
        with disk_errors(self.path, PAGE_BYTES):
            self._db.execute("DELETE FROM begun WHERE session = ? AND worker = ?", worker)

    def fold(self) -> None:
        """Have the file alone hold everything: closing leaves that undone while another process reads it."""
        with contextlib.suppress(sqlite3.Error):
            self._db.execute(f"PRAGMA busy_timeout = {_FOLD_MILLISECONDS}")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def outcome_of(self, cell: Cell, part: str = "") -> Outcome | None:
        """Return the outcome of a cell by its name, or None."""
        row = self._db.execute(
            f"SELECT outcome FROM cells WHERE {_CELL} ORDER BY {_RANK} DESC, computed_at DESC LIMIT 1",
            (*vars(cell).values(), part),
        ).fetchone()
        return Outcome.loads(row[0]) if row else None

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcome of each of the run's own cells, ordered by data set, method and classifier."""
        for _, text in self._best("part = ''"):
            yield Outcome.loads(text)

    def readable_outcomes(self) -> tuple[list[Outcome], str]:
        """Return the outcomes that can be read, and what is damaged, in words: empty where nothing is."""
        try:
            return list(self.outcomes()), ""
        except (sqlite3.DatabaseError, DamagedOutcome, RecursionError) as error:
            return self.salvaged_outcomes(), damage_of(self.path, error)

    def salvaged_outcomes(self) -> list[Outcome]:
        """Return the outcomes of the run's own cells that can still be read from a damaged file.

        Every range of keys is read from both ends, up to what is damaged.
        """
        best: dict[Cell, tuple[int, float, Outcome]] = {}
        for rank, when, outcome in self._salvaged():
            there = best.get(outcome.cell)
            if there is None or there[:2] < (rank, when):
                best[outcome.cell] = rank, when, outcome
        return [outcome for _, _, outcome in best.values()]

    def _salvaged(self) -> Iterator[tuple[int, float, Outcome]]:
        starts = ["", *(f"{n:02x}" for n in range(256)), "g"]
        for start, end in itertools.pairwise([*starts, "\U0010ffff"]):
            for order in ("", "ORDER BY key DESC, dataset DESC, method DESC, classifier DESC"):
                with contextlib.suppress(sqlite3.DatabaseError):
                    rows = self._db.execute(
                        f"SELECT {_RANK}, computed_at, outcome FROM cells "
                        f"WHERE key >= ? AND key < ? AND part = '' {order}",
                        (start, end),
                    )
                    for rank, when, text in rows:
                        with contextlib.suppress(DamagedOutcome, RecursionError):
                            yield rank, when, Outcome.loads(text)
                    break

    def part_outcomes(self) -> Iterator[tuple[str, Outcome]]:
        """Yield the outcome of each part with its label, ordered by data set, method, classifier, part."""
        for part, text in self._best("part <> ''"):
            yield part, Outcome.loads(text)

    def _best(self, where: str) -> Iterator[tuple[str, str]]:
        rows = self._db.execute(
            f"SELECT dataset, method, classifier, part, outcome FROM cells WHERE {where} "
            f"ORDER BY dataset, method, classifier, part, {_RANK} DESC, computed_at DESC"
        )
        for (*_, part), same in itertools.groupby(rows, key=lambda row: row[:4]):
            yield part, next(same)[-1]


def _lost_key(cell: Cell, part: str) -> str:
    return f"{_LOST}{cell.id} {part}".rstrip()
