"""Calls pytest for the commands that run cells."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

__all__ = ["NOBODY_READS", "call_pytest"]

NOBODY_READS = 141
"""The exit code of a run whose output nobody reads any more: a shell's for SIGPIPE."""


def call_pytest(words: Sequence[str]) -> int:
    """Call pytest; return its exit code.

    A run ends when what it prints is read by nobody any more, as after ``| head``. It was cut then, which is
    no success.
    """
    import pytest

    try:
        return int(pytest.main(list(words)))
    except BrokenPipeError:
        # The interpreter's last flush must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with contextlib.suppress(OSError):
        print(
            "smote-bench: expected somebody to read what is printed, got a closed pipe, as after `| head`: "
            "the run was cut. Write into a file instead; the same command goes on from what was recorded",
            file=sys.stderr,
        )
    return NOBODY_READS
