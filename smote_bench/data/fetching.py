"""Fetching into a cache that several processes share: one fetches while the others wait for its answer.

A failure is remembered for the rest of the process, and left to those who waited: a machine without a
network gets its answer once and quickly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from smote_bench.data.digests import DigestMismatch
from smote_bench.errors import SmoteBenchError, UnavailableError

__all__ = ["once", "turn"]

Key = TypeVar("Key", bound=Hashable)
Fetched = TypeVar("Fetched")

_LOCK_SECONDS = 600.0


def once(failures: MutableMapping[Key, SmoteBenchError], key: Key, fetch: Callable[[], Fetched]) -> Fetched:
    """Return what `fetch` returns; a failure that `failures` has is raised without asking again."""
    if key in failures:
        raise failures[key]
    try:
        return fetch()
    except (UnavailableError, DigestMismatch) as error:
        failures[key] = error
        raise


@contextmanager
def turn(name: str, folder: Path, *, provider: str) -> Iterator[str]:
    """Wait for our turn; yield why another process failed meanwhile, and leave our own failure to others.

    Parameters
    ----------
    name : str
        What is fetched, as part of file names.
    folder : Path
        Where the lock and the note of a failure lie.
    provider : str
        From whom, in words.

    Raises
    ------
    UnavailableError
        If another process takes longer than ten minutes.
    """
    import filelock

    asked = time.time()
    note = folder / f"{name}.failed"
    try:
        lock = filelock.FileLock(folder / f"{name}.lock", timeout=_LOCK_SECONDS)
        with lock:
            # Without the note, each of n workers on a machine without a network would wait for n timeouts.
            fresh = note.is_file() and note.stat().st_mtime >= asked
            try:
                yield note.read_text(encoding="utf-8") if fresh else ""
            except UnavailableError as error:
                if not fresh:
                    note.write_text(error.reason, encoding="utf-8")
                raise
            note.unlink(missing_ok=True)
    except filelock.Timeout as error:
        raise UnavailableError(
            f"another process has been fetching it from {provider} for {_LOCK_SECONDS:.0f} s",
            "try again later",
        ) from error
