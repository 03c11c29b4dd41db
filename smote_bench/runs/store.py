"""Content-addressed outcomes in SQLite: the journal of one run, and the memo shared by runs.

Both files have the same form; what is peculiar to a run is in run_store.py. An outcome is committed by the
process that computed it before the test is reported, so a killed run loses at most the cells in flight;
writing the same outcome twice is harmless. WAL mode lets several workers write; it needs a local disk.

Beside the cells of its own protocol, a run that is gated keeps parts (`smote_bench.evaluation.parts`): the
same cells on more splits or with other seeds. They have rows and keys of their own and show up only where
parts are asked for.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from filelock import FileLock, Timeout

from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.disk import disk_errors, why_no_room
from smote_bench.runs.reading import connect_to_read

__all__ = ["PAGE_BYTES", "SCHEMA", "LockError", "SchemaMismatch", "Store", "is_locked", "size_of"]

SCHEMA = 4
"""Version of the outcome's JSON and of the tables; part of every key."""

_BUSY_SECONDS = 60.0

# By the indices a cell is found by its name; without them a file of ten times the cells took a hundred times.
_TABLES = """
CREATE TABLE IF NOT EXISTS cells (
    key TEXT NOT NULL,
    dataset TEXT NOT NULL, method TEXT NOT NULL, classifier TEXT NOT NULL,
    status TEXT NOT NULL, seconds REAL NOT NULL, computed_at REAL NOT NULL,
    from_memo INTEGER NOT NULL, outcome TEXT NOT NULL, part TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key, dataset, method, classifier)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS predictions (key TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS extras (
    key TEXT NOT NULL, kind TEXT NOT NULL, dataset TEXT NOT NULL, method TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (key, kind, dataset, method)
);
CREATE TABLE IF NOT EXISTS begun (
    key TEXT NOT NULL,
    dataset TEXT NOT NULL, method TEXT NOT NULL, classifier TEXT NOT NULL, part TEXT NOT NULL,
    session TEXT NOT NULL, worker TEXT NOT NULL,
    PRIMARY KEY (key, session, worker)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cells_by_name ON cells (dataset, method, classifier, part);
CREATE INDEX IF NOT EXISTS extras_by_name ON extras (kind, dataset, method);
"""

PAGE_BYTES = 4096
"""The least that SQLite writes."""

_NEW_BYTES = 9 * PAGE_BYTES
"""Of a new file: a page for each table and index, and one that lists them."""

# What is read of the tables: a file without them is another program's.
_COLUMNS = {
    "cells": "key, dataset, method, classifier, status, seconds, computed_at, from_memo, outcome",
    "predictions": "key, data",
    "extras": "key, kind, dataset, method, data",
}


class SchemaMismatch(SmoteBenchError):
    """A file of outcomes was written by a release with another schema."""


class LockError(SmoteBenchError):
    """A file of outcomes cannot be locked: nothing is known of what is in it, which may be whole."""


def is_locked(error: BaseException) -> bool:
    """Tell whether SQLite gave up since another process holds the file."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


class Store:
    """One SQLite file of outcomes.

    Parameters
    ----------
    path : Path
        Created with its folder when it is not there.
    read_only : bool
        Whether nothing is created or written, in its folder neither.
    patience : float, optional
        For how many seconds another process's lock is waited for; by default a minute, and without an end
        where others create the file.

    Attributes
    ----------
    is_blank : bool
        Whether the file was made and never had tables, which one that is only read may be.

    Raises
    ------
    SchemaMismatch
        If the file holds outcomes of another schema.
    LockError
        If its lock cannot be had.
    SmoteBenchError
        If it is no SQLite file, holds other tables, or cannot be opened or created.
    """

    _readable: ClassVar[frozenset[int]] = frozenset({SCHEMA})

    def __init__(self, path: Path, *, read_only: bool = False, patience: float | None = None) -> None:
        self.path = Path(path)
        self.is_blank = False
        self._patience = patience
        with contextlib.ExitStack() as on_error:
            try:
                if read_only:
                    self._db = connect_to_read(self.path)
                    on_error.callback(self._db.close)
                    found = self._found()
                    self._check(*found)
                    self.is_blank = found == (0, set())
                else:
                    with disk_errors(self.path, _needed_to_open(self.path)):
                        self.path.parent.mkdir(parents=True, exist_ok=True)
                        seconds = _BUSY_SECONDS if patience is None else patience
                        self._db = sqlite3.connect(self.path, timeout=seconds, isolation_level=None)
                        on_error.callback(self._db.close)
                        self._prepare()
            except (OSError, sqlite3.Error) as error:
                if is_locked(error):
                    raise self._held() from error
                raise SmoteBenchError(
                    f"expected an SQLite file of outcomes, got {str(self.path)!r} ({error}): "
                    "move it away or name another"
                ) from error
            on_error.pop_all()

    def _prepare(self) -> None:
        # SQLite's busy time-out does not cover the switch to WAL: two workers creating a file would collide.
        lock = FileLock(f"{self.path}.lock", timeout=-1 if self._patience is None else self._patience)
        try:
            lock.acquire()
        except Timeout as error:
            raise self._held() from error
        except OSError as error:
            if why_no_room(error):
                raise
            raise LockError(
                f"expected a file {lock.lock_file!r} to lock {str(self.path)!r} by, got another thing of "
                f"that name ({error.strerror}): move it away"
            ) from error
        try:
            self._open_or_create()
        finally:
            lock.release()

    def _held(self) -> LockError:
        return LockError(
            f"expected {str(self.path)!r} to be free, got it locked by another process: wait for it or end it"
        )

    def _open_or_create(self) -> None:
        version, tables = self._found()
        self._check(version, tables)
        self._db.execute("PRAGMA journal_mode = WAL")
        # A commit survives the death of the process; a power cut may lose the last ones, never corrupt.
        self._db.execute("PRAGMA synchronous = NORMAL")
        if version != SCHEMA:  # an older one lacks tables
            self._db.executescript(_TABLES)
        if version == 0:
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    def _found(self) -> tuple[int, set[str]]:
        """Return the schema's number, 0 for a new file, and the names of the tables."""
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return int(version), tables

    def _check(self, version: int, tables: set[str]) -> None:
        """Refuse what is of another schema or another program."""
        if version != 0 and version not in self._readable:
            raise SchemaMismatch(
                f"expected outcomes of schema {SCHEMA}, got schema {version} in {str(self.path)!r}: "
                "move the file away, or read it with the release that wrote it"
            )
        if version == 0 and tables - {"cells", "predictions", "extras", "begun"}:
            raise SmoteBenchError(
                f"expected a file of outcomes, got other tables ({', '.join(sorted(tables))}) in "
                f"{str(self.path)!r}: name another file"
            )
        for table, columns in _COLUMNS.items():
            if version or table in tables:
                self._db.execute(f"SELECT {columns} FROM {table} LIMIT 0")

    def get(self, key: str) -> Outcome | None:
        """Return an outcome stored under `key`, whatever names its cell went by, or None."""
        row = self._db.execute("SELECT outcome FROM cells WHERE key = ? LIMIT 1", (key,)).fetchone()
        return Outcome.loads(row[0]) if row else None

    def put(
        self,
        key: str,
        outcome: Outcome,
        predictions: bytes | None = None,
        *,
        from_memo: bool = False,
        part: str = "",
    ) -> None:
        """Commit an outcome and its predictions under `key`, replacing what is there.

        `part` names the part of a longer protocol that it is (`smote_bench.evaluation.parts.Part.label`);
        empty for a cell of the run's own protocol.
        """
        with self._transaction(lambda: size_of(outcome, predictions)):
            self._insert(key, outcome, predictions, from_memo=from_memo, part=part)

    def _insert(
        self, key: str, outcome: Outcome, predictions: bytes | None, *, from_memo: bool, part: str
    ) -> None:
        cell = outcome.cell
        self._db.execute(
            "INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key,
                cell.dataset,
                cell.method,
                cell.classifier,
                outcome.status,
                outcome.total_seconds,
                time.time(),
                int(from_memo),
                outcome.dumps(),
                part,
            ),
        )
        if predictions is not None:
            self._db.execute("INSERT OR REPLACE INTO predictions VALUES (?, ?)", (key, predictions))

    @contextlib.contextmanager
    def _transaction(self, n_bytes: int | Callable[[], int] = PAGE_BYTES) -> Iterator[None]:
        """Commit what is done inside, or nothing of it: also where the disk is full at the commit itself."""
        with disk_errors(self.path, n_bytes):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite takes some back by itself
                    self._db.execute("ROLLBACK")
                raise

    def predictions(self, key: str) -> bytes | None:
        """Return the stored `smote_bench.evaluation.predictions.Predictions` of a key as bytes, or None."""
        row = self._db.execute("SELECT data FROM predictions WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def predictions_of(self, cell: Cell) -> bytes | None:
        """Return the newest predictions of a cell by its name, or None."""
        row = self._db.execute(
            "SELECT data FROM cells JOIN predictions USING (key) "
            "WHERE dataset = ? AND method = ? AND classifier = ? AND part = '' "
            "ORDER BY computed_at DESC LIMIT 1",
            (cell.dataset, cell.method, cell.classifier),
        ).fetchone()
        return row[0] if row else None

    def extra(self, key: str, kind: str) -> bytes | None:
        """Return what was recorded beside the cells under `key`, whatever names it went by, or None."""
        row = self._db.execute("SELECT data FROM extras WHERE key = ? AND kind = ? LIMIT 1", (key, kind))
        found = row.fetchone()
        return found[0] if found else None

    def extra_of(self, kind: str, dataset: str, method: str = "") -> bytes | None:
        """Return what was recorded beside the cells, by name, or None."""
        row = self._db.execute(
            "SELECT data FROM extras WHERE kind = ? AND dataset = ? AND method = ? LIMIT 1",
            (kind, dataset, method),
        ).fetchone()
        return row[0] if row else None

    def extras_of(self, kind: str, dataset: str, method: str = "") -> list[bytes]:
        """Return all that was recorded beside the cells by this name: of the run and of its parts."""
        rows = self._db.execute(
            "SELECT data FROM extras WHERE kind = ? AND dataset = ? AND method = ? ORDER BY key",
            (kind, dataset, method),
        )
        return [data for (data,) in rows]

    def put_extra(self, key: str, kind: str, data: bytes, *, dataset: str, method: str = "") -> None:
        """Commit something beside the cells: the ``card`` of a data set, the ``points`` of a method on it."""
        with disk_errors(self.path, len(data)):
            self._db.execute(
                "INSERT OR REPLACE INTO extras VALUES (?, ?, ?, ?, ?)", (key, kind, dataset, method, data)
            )

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcomes of the run's own cells, ordered by data set, method and classifier."""
        rows = self._db.execute(
            "SELECT outcome FROM cells WHERE part = '' ORDER BY dataset, method, classifier, key"
        )
        for (text,) in rows:
            yield Outcome.loads(text)

    def part_outcomes(self) -> Iterator[tuple[str, Outcome]]:
        """Yield the outcomes of parts with their labels, ordered by data set, method, classifier, part."""
        rows = self._db.execute(
            "SELECT part, outcome FROM cells WHERE part <> '' ORDER BY dataset, method, classifier, part, key"
        )
        for part, text in rows:
            yield part, Outcome.loads(text)

    def from_memo(self) -> set[Cell]:
        """Return the run's own cells whose outcome was taken from the memo."""
        if self.is_blank:
            return set()
        rows = self._db.execute("SELECT dataset, method, classifier FROM cells WHERE from_memo AND part = ''")
        return {Cell(*row) for row in rows}

    def known_seconds(self) -> dict[Cell, float]:
        """Return the seconds of scored cells by name, parts apart, the newest where there are several."""
        rows = self._db.execute(
            "SELECT dataset, method, classifier, seconds FROM cells "
            "WHERE status IN ('ok', 'noop') AND part = '' ORDER BY computed_at"
        )
        return {Cell(*row[:3]): row[3] for row in rows}

    def close(self) -> None:
        """Close the file; the WAL is folded in by the last one to close."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()


def _needed_to_open(path: Path) -> int:
    """Return how many bytes opening a file writes at least: all of a new one, nothing of another."""
    with contextlib.suppress(OSError):
        if path.stat().st_size >= _NEW_BYTES:
            return 0
    return _NEW_BYTES


def size_of(outcome: Outcome, predictions: bytes | None) -> int:
    """Return how many bytes an outcome and its predictions are, without what a file needs around them."""
    return len(outcome.dumps().encode()) + len(predictions or b"")
