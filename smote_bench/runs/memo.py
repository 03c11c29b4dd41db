"""The memo: outcomes shared by runs, in a file beside them.

It is a cache: whatever is wrong with its file, a run goes on without it or with a new one, and says so. What
is in it by mistake is never believed: a key holds everything that a score depends on, and an outcome its
checksum.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import time
import warnings
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from smote_bench.errors import ConfigError, DiskError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell, DamagedOutcome, Outcome
from smote_bench.runs.asked import has_table
from smote_bench.runs.disk import why_no_room
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.store import LockError, SchemaMismatch, Store, is_locked

__all__ = ["Memo", "check_memo", "known_seconds", "memo_of", "open_memo"]

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds for which a process that holds the file is waited for: it is a cache."""
NEXT_TRY_SECONDS = 10.0
"""After so many it is tried again."""
MOST_LATER = 200
"""So many entries wait until the file is free."""


def memo_of(out: Path) -> Path:
    """Return the memo of a folder of reports, where no other is named."""
    return out / "memo.sqlite"


class Memo:
    """A `Store` that costs a run nothing: what cannot be read is not there, what cannot be written not kept.

    Each kind of trouble is said once, as a warning.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._said: set[str] = set()
        self._store: Store | None = None
        self._later: deque[Callable[[Store], None]] = deque()
        self._n_lost = 0
        self._not_before = {"open": 0.0, "read": 0.0, "write": 0.0}
        self._is_held = False
        self._open()

    def _open(self) -> None:
        """Open the file; one that is no memo of this release is moved aside, not read and not lost."""
        self._is_held = False
        try:
            try:
                self._store = Store(self.path, patience=PATIENCE)
            except (DiskError, LockError):
                raise
            except SmoteBenchError:
                # Several workers may come here at once: who gets the lock second finds a new memo.
                with FileLock(f"{self.path}.aside.lock", timeout=PATIENCE):
                    self._store = self._opened_or_new()
            self._inode = self.path.stat().st_ino
        except LockError as error:
            self._store, self._is_held = None, True
            self._wait("open")
            self._say("locked", f"the memo is left as it is, and the run goes on without it: {error}")
        except Timeout:
            self._mended_elsewhere()
        except (SmoteBenchError, OSError) as error:
            self._store = None
            self._say("opened", f"the memo {str(self.path)!r} cannot be used, nothing goes into it: {error}")

    def _mended_elsewhere(self) -> None:
        self._store, self._is_held = None, True
        self._wait("open")
        self._say(
            "locked", f"the run does not wait for the memo {str(self.path)!r}: another process mends it"
        )

    def _opened_or_new(self) -> Store:
        try:
            return Store(self.path, patience=PATIENCE)
        except LockError:
            raise
        except SmoteBenchError as error:
            self._move_aside(error)
            return Store(self.path, patience=PATIENCE)

    def _move_aside(self, why: Exception) -> None:
        is_old = isinstance(why, SchemaMismatch)
        aside = _free_name(self.path, "old" if is_old else "damaged")
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(self.path.name + end).rename(f"{aside}{end}")
        self._say("aside", f"{why}; it was moved to {str(aside)!r} and a new memo begun")

    def get(self, key: str) -> Outcome | None:
        """Return an outcome stored under `key`, or None; one that is damaged is not there."""
        return self._asked(lambda store: store.get(key))

    def predictions(self, key: str) -> bytes | None:
        """See `Store.predictions`."""
        return self._asked(lambda store: store.predictions(key))

    def extra(self, key: str, kind: str) -> bytes | None:
        """See `Store.extra`."""
        return self._asked(lambda store: store.extra(key, kind))

    def known_seconds(self) -> dict[Cell, float]:
        """See `Store.known_seconds`; empty where they cannot be read."""
        return self._asked(lambda store: store.known_seconds()) or {}

    def put(self, key: str, outcome: Outcome, predictions: bytes | None = None, *, part: str = "") -> None:
        """See `Store.put`; where another process holds the file, it is put there later."""
        self._put(lambda store: store.put(key, outcome, predictions, part=part))

    def put_extra(self, key: str, kind: str, data: bytes, *, dataset: str, method: str = "") -> None:
        """See `Store.put_extra`; as `put`."""
        self._put(lambda store: store.put_extra(key, kind, data, dataset=dataset, method=method))

    def close(self) -> None:
        """Write what had to wait, as far as that is possible, and close the file."""
        self._not_before = dict.fromkeys(self._not_before, 0.0)
        self._write_later()
        if n := self._n_lost + len(self._later):
            self._say(
                "lost",
                f"{n} entr{'y is' if n == 1 else 'ies are'} not in the memo {str(self.path)!r}, which could "
                "not be locked in time; the run has them",
            )
        self._later.clear()
        self._n_lost = 0
        self._close_store()

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()

    def _put(self, write: Callable[[Store], None]) -> None:
        self._later.append(write)
        self._write_later()
        if len(self._later) > MOST_LATER:
            self._later.popleft()
            self._n_lost += 1

    def _write_later(self) -> None:
        """Write what waits, in its order, until the file is found held."""
        while self._later:
            if not self._is_free("write"):
                return
            self._asked(self._later[0], "write")
            if self._is_held or not self._is_free("write"):
                return
            self._later.popleft()

    def _wait(self, kind: str) -> None:
        self._not_before[kind] = time.monotonic() + NEXT_TRY_SECONDS

    def _is_free(self, kind: str) -> bool:
        return self._not_before[kind] <= time.monotonic()

    def _asked(self, ask: Callable[[Store], T], kind: str = "read") -> T | None:
        """Return the answer of the file; where it is damaged, that of a new one."""
        if self._is_held and self._is_free("open"):
            self._open()
        for _ in range(2):
            if self._store is None or not self._is_free(kind):
                return None
            try:
                return ask(self._store)
            except (DamagedOutcome, RecursionError) as error:
                self._say("outcome", f"computed again, as the memo {str(self.path)!r} is damaged: {error}")
                return None
            except (sqlite3.Error, DiskError, ValueError, TypeError) as error:
                if reason := why_no_room(error):
                    self._say("room", f"the memo {str(self.path)!r} takes no outcome ({reason}): {error}")
                    return None
                if is_locked(error):
                    self._wait(kind)
                    self._say("locked", f"the run does not wait for the memo {str(self.path)!r}: {error}")
                    return None
                self._renew(error)
        return None

    def _renew(self, error: Exception) -> None:
        """Move a file aside that was found damaged, unless another process did, and open what is there."""
        self._close_store()
        try:
            with (
                FileLock(f"{self.path}.aside.lock", timeout=PATIENCE),
                contextlib.suppress(FileNotFoundError),
            ):
                if self.path.stat().st_ino == self._inode:
                    what = f"expected outcomes in the memo {str(self.path)!r}, got {error}"
                    self._move_aside(SmoteBenchError(what))
        except Timeout:
            self._mended_elsewhere()
            return
        except OSError as problem:
            self._store = None
            self._say("opened", f"the damaged memo {str(self.path)!r} ({error}) cannot be moved: {problem}")
            return
        self._open()

    def _say(self, kind: str, text: str) -> None:
        if kind not in self._said:
            self._said.add(kind)
            warnings.warn(text, stacklevel=2)


def open_memo(path: Path) -> Memo:
    """Open the memo; one of another schema, damaged or foreign is moved aside, not read and not lost."""
    return Memo(path)


def check_memo(path: Path) -> None:
    """Refuse a place where no memo can be, at once, not once per cell.

    Raises
    ------
    ConfigError
    """
    target = Path(os.path.realpath(path))
    if path.is_symlink() and (target.is_symlink() or not target.parent.is_dir()):
        raise ConfigError(
            f"--smote-memo: expected a file, got {str(path)!r}, a link to {os.readlink(path)!r} that leads "
            "nowhere: mend it, or name another file, or off"
        )
    if path.exists() and not path.is_file():
        what = "a folder: name a file in it" if path.is_dir() else "none: name another"
        raise ConfigError(f"--smote-memo: expected a file, got {str(path)!r}, which is {what}, or off")
    if _is_of_run(path):
        raise ConfigError(
            f"--smote-memo: expected a file of its own, got {str(path)!r}, which is what a run has stored: "
            "cells of other runs would come into it. Name another, or off"
        )
    nearest = path if path.exists() else next(folder for folder in path.parents if folder.exists())
    folder = path.parent if path.exists() else nearest
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ConfigError(
            f"--smote-memo: expected a file in a folder that is there or can be made, got {str(path)!r}: "
            f"{str(folder)!r} is {'a folder that takes no files' if folder.is_dir() else 'a file'}; "
            "name another, or off"
        )


def _is_of_run(path: Path) -> bool:
    """Tell whether a file is the store of one run: it says what that was asked for."""
    try:
        with contextlib.closing(connect_to_read(path)) as db:
            return has_table(db, "asked")
    except (OSError, sqlite3.Error):
        return False


def known_seconds(path: Path) -> dict[Cell, float]:
    """Return the seconds that each cell of a memo took; none where there is no memo that can be read.

    A damaged memo is moved aside here, before the first cell.
    """
    if not path.exists():
        return {}
    memo = Memo(path)
    known = memo.known_seconds()
    memo.close()
    return known


def _free_name(path: Path, kind: str) -> Path:
    numbers = itertools.count(1)
    return next(p for n in numbers if not (p := path.with_name(f"{path.name}.{kind}{n}")).exists())
