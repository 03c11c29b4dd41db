"""The memo: outcomes shared by runs, in a file beside them."""

from __future__ import annotations

import contextlib
import itertools
import os
import warnings
from pathlib import Path

from filelock import FileLock

from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell
from smote_bench.runs.store import SchemaMismatch, Store

__all__ = ["check_memo", "known_seconds", "memo_of", "open_memo"]


def memo_of(out: Path) -> Path:
    """Return the memo of a folder of reports, where no other is named."""
    return out / "memo.sqlite"


def open_memo(path: Path) -> Store:
    """Open the memo; one of another schema is moved aside, not read and not lost."""
    try:
        return Store(path)
    except SchemaMismatch as error:
        # Several workers may come here at once: who gets the lock second finds a memo of the right schema.
        with FileLock(f"{path}.aside.lock"):
            with contextlib.suppress(SchemaMismatch):
                return Store(path)
            aside = _free_name(path)
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    path.with_name(path.name + end).rename(f"{aside}{end}")
            warnings.warn(f"{error}; it was moved to {str(aside)!r} and a new memo begun", stacklevel=2)
            return Store(path)


def check_memo(path: Path) -> None:
    """Refuse a file that is no memo, or a place where none can be, at once, not once per cell.

    Raises
    ------
    ConfigError
    """
    if not path.exists():
        nearest = next(folder for folder in path.parents if folder.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise ConfigError(
                f"--smote-memo: expected a file in a folder that is there or can be made, got {str(path)!r}: "
                f"{str(nearest)!r} is {'a folder that takes no files' if nearest.is_dir() else 'a file'}; "
                "name another, or off"
            )
        return
    try:
        Store(path).close()
    except SchemaMismatch:
        pass  # an older memo is moved aside by the first to write
    except SmoteBenchError as error:
        raise ConfigError(f"--smote-memo: {error}") from error


def known_seconds(path: Path) -> dict[Cell, float]:
    """Return the seconds that each cell of a memo took; none where there is no memo that can be read."""
    if not path.exists():
        return {}
    try:
        store = Store(path)
    except SmoteBenchError:
        return {}
    known = store.known_seconds()
    store.close()
    return known


def _free_name(path: Path) -> Path:
    numbers = itertools.count(1)
    return next(p for n in numbers if not (p := path.with_name(f"{path.name}.old{n}")).exists())
