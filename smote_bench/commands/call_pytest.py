"""Calls pytest for the commands that run cells."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence

from smote_bench.session.standard_output import NOBODY, give_up, why_unprintable

__all__ = ["NOBODY_READS", "call_pytest"]

NOBODY_READS = 141
"""The exit code of a run whose output nobody reads any more: a shell's for SIGPIPE."""
_CUT = 2
"""That of one whose output takes nothing more: pytest's for a run that was cut."""


def call_pytest(words: Sequence[str]) -> int:
    """Call pytest; return its exit code.

    A run ends when what it prints is read by nobody any more, as after ``| head``, or into a file on a disk
    that is full. It was cut then, which is no success.
    """
    import pytest

    try:
        return int(pytest.main(list(words)))
    except OSError as error:
        why = why_unprintable(error)
        if not why:
            raise
    give_up()
    if why == NOBODY:
        expected = "somebody to read what is printed, got a closed pipe, as after `| head`"
        code, remedy = NOBODY_READS, "Write into a file instead"
    else:
        expected, code, remedy = f"to print, but {why}", _CUT, "Make room, or print elsewhere"
    with contextlib.suppress(OSError):
        print(
            f"smote-bench: expected {expected}: the run was cut. {remedy}; the same command goes on from "
            "what was recorded",
            file=sys.stderr,
        )
    return code
