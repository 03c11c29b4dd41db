"""Opens a store to read it: nothing in its folder is written, not even a lock."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path

__all__ = ["connect_to_read"]

_BUSY_SECONDS = 60.0


def connect_to_read(store: Path) -> sqlite3.Connection:
    """Return a connection that can only read.

    A store that nobody writes is read as it lies there. One that is being written has its newest rows in the
    files beside it, which SQLite reads along with it. Where these were left by a killed process and cannot be
    opened, since that would write, a copy elsewhere is read.

    Raises
    ------
    sqlite3.Error
        If there is no such file, or it cannot be opened.
    """
    store = Path(store).resolve()
    wal, shared = (store.with_name(f"{store.name}{end}") for end in ("-wal", "-shm"))
    uri = store.as_uri()  # escapes what a URI's query or fragment would begin with
    if not wal.exists() or wal.stat().st_size == 0:
        return _connect(f"{uri}?mode=ro&immutable=1")
    if shared.exists():
        with contextlib.suppress(sqlite3.Error):
            connection = _connect(f"{uri}?mode=ro")
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            return connection
    return _copied(store, wal)


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _copied(store: Path, wal: Path) -> sqlite3.Connection:
    """Return a connection to a copy in memory of a store and its write-ahead log."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with tempfile.TemporaryDirectory(prefix="smote-bench-") as folder:
        copy = Path(folder, store.name)
        shutil.copyfile(store, copy)
        shutil.copyfile(wal, copy.with_name(wal.name))
        with contextlib.closing(sqlite3.connect(copy)) as source:
            source.backup(memory)
    return memory
