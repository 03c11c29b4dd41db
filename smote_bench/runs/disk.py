"""What to say where a disk takes nothing more: full, over its quota, read-only, or not ours."""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from smote_bench.errors import DiskError

__all__ = ["disk_errors", "why_no_room"]

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "files may not grow beyond a limit",
    errno.EROFS: "it is read-only",
    errno.EACCES: "it may not be written",
    errno.EPERM: "it may not be written",
    errno.EIO: "the disk reports an error",
}
_MAKE_ROOM = (
    "Make room, or name another folder with --smote-out; what was recorded is kept, and the same command "
    "goes on from it"
)
_MAKE_WRITABLE = (
    "Make it writable, or name another place (--smote-out for runs, --smote-memo for the memo); what was "
    "recorded is kept"
)
_SEE_TO_IT = (
    "See to the disk, or to a limit of the size of files (`ulimit -f`), or name another folder with "
    "--smote-out; what was recorded is kept, and the same command goes on from it"
)
_ADVICE = {
    _REASONS[errno.EROFS]: _MAKE_WRITABLE,
    _REASONS[errno.EACCES]: _MAKE_WRITABLE,
    _REASONS[errno.EIO]: _SEE_TO_IT,
    _REASONS[errno.EFBIG]: _SEE_TO_IT,
}
"""Where room is of no use."""
_NO_MATTER_OF_ROOM = (_REASONS[errno.EROFS], _REASONS[errno.EACCES])
_SMALLEST_WRITE = 4096
"""A disk with less than this is full, whatever SQLite calls it."""
# What SQLite and Arrow say where they give no number.
_WORDS = {
    "database or disk is full": errno.ENOSPC,
    "disk I/O error": errno.EIO,
    "unable to open database file": errno.EACCES,
    "attempt to write a readonly database": errno.EROFS,
    "No space left on device": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
}


def why_no_room(error: BaseException) -> str:
    """Return why nothing more could be written, in words; empty where it was something else."""
    if isinstance(error, DiskError):
        return error.reason
    if isinstance(error, OSError) and error.errno in _REASONS:
        return _REASONS[error.errno]
    if isinstance(error, OSError | sqlite3.Error):
        return next((_REASONS[number] for words, number in _WORDS.items() if words in str(error)), "")
    return ""


@contextlib.contextmanager
def disk_errors(path: Path, n_bytes: int | Callable[[], int] = 0, *, advice: str = "") -> Iterator[None]:
    """Turn what a disk without room raises inside into a `DiskError` that names path, need and room.

    Parameters
    ----------
    path : Path
        What is being written.
    n_bytes : int or callable
        How much is to be written at least, as far as it is known, or what counts it, called after an error;
        0 where nothing is known, of which no number is said.
    advice : str
        What to do, where it is not the files of a run that are written.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = why_no_room(error)
        # SQLite cannot open a folder either, which has nothing to do with room.
        if not reason or (isinstance(error, sqlite3.Error) and path.is_dir()):
            raise
        needed = n_bytes() if callable(n_bytes) else n_bytes
        size = f"{needed:,} bytes or more " if needed else ""
        free = _n_free(path)
        if reason == _REASONS[errno.EIO] and free is not None and free < _SMALLEST_WRITE:
            reason = _REASONS[errno.ENOSPC]
        room = "" if free is None or reason in _NO_MATTER_OF_ROOM else f" ({free:,} bytes are free)"
        advice = advice or _ADVICE.get(reason, _MAKE_ROOM)
        raise DiskError(
            f"expected to write {size}to {str(path)!r}, but {reason}{room}. {advice}", reason
        ) from error


def _n_free(path: Path) -> int | None:
    for folder in path.parents:
        with contextlib.suppress(OSError):
            return shutil.disk_usage(folder).free
    return None
