"""Standard output that takes nothing more: its reader went away, or the disk of its file is full."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

from smote_bench.runs.disk import why_no_room

__all__ = ["NOBODY", "give_up", "why_unprintable"]

NOBODY = "nobody reads its output any more"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def why_unprintable(error: BaseException) -> str:
    """Return why nothing more can be printed; empty where an error is of something else.

    Errors of files that are opened by name have that name; those of a stream that is open have none.
    """
    if isinstance(error, BrokenPipeError):
        return NOBODY
    if isinstance(error, OSError) and error.filename is None and error.errno in _FULL:
        return f"its output takes nothing more: {why_no_room(error)}"
    return ""


def give_up() -> None:
    """Print into nothing from now on: the interpreter's last flush must not complain either."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
