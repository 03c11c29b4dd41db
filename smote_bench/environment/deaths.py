"""How a process ended, and what that says of the cell it was computing."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from smote_bench.environment.memory import kills_for_memory, size_text

__all__ = ["Death", "Told", "death_of", "exit_text"]

_OVER_MOST_OF_THE_MEMORY = 0.7
_INTERRUPTED = (130, 143)
"""What shells, and we, return after SIGINT and SIGTERM."""


@dataclass(frozen=True)
class Told:
    """Status and reason of a cell whose process died."""

    status: str
    reason: str


@dataclass(frozen=True)
class Death:
    """How a process ended.

    Parameters
    ----------
    exit_code : int or None
        As `subprocess` has it: the negative number of a signal; None where it is not known.
    peak_bytes : int
        The most memory that was resident; 0 where it is not known.
    """

    exit_code: int | None
    peak_bytes: int = 0

    def told(
        self,
        what: str = "the process died while it computed this cell",
        *,
        limit_seconds: float = 0.0,
        seconds: float = 0.0,
        max_memory: int = 0,
        killed_before: int | None = None,
    ) -> Told:
        """Return what the death says of the cell.

        Parameters
        ----------
        what : str
            That it died, in words.
        limit_seconds : float
            The cell's time limit, 0 for none.
        seconds : float
            How long it had been computed.
        max_memory : int
            The bytes it could have, 0 for no limit.
        killed_before : int or None
            What `kills_for_memory` was when the process began.
        """
        how = exit_text(self.exit_code)
        if limit_seconds and seconds >= limit_seconds:
            return Told("timeout", f"longer than the limit of {limit_seconds:g} s: {what}{how}")
        by_signal = self.exit_code is not None and self.exit_code < 0
        killed = kills_for_memory()
        if by_signal and killed_before is not None and killed is not None and killed > killed_before:
            held = f"with {size_text(self.peak_bytes)}" if self.peak_bytes else "for want of it"
            advice = "give it more memory, or fewer workers"
            return Told("error", f"memory: {what}{how}: the kernel ended it {held}: {advice}")
        if max_memory and self.peak_bytes > _OVER_MOST_OF_THE_MEMORY * max_memory:
            held, most = size_text(self.peak_bytes), size_text(max_memory)
            return Told("error", f"memory: {what}{how} with {held} of the {most} it may have")
        maybe = ": killed from outside, or for want of memory" if self.exit_code == -signal.SIGKILL else ""
        return Told("error", f"{what}{how}{maybe}")


def death_of(pid: int) -> Death:
    """Wait for a child process of this one to end, and return how it ended."""
    try:
        if not hasattr(os, "wait4"):
            return Death(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        _, status, usage = os.wait4(pid, 0)
    except ChildProcessError:  # somebody else has waited for it
        return Death(None)
    return Death(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024)


def exit_text(exit_code: int | None) -> str:
    """Return an exit code in words, in brackets; nothing where it is not known.

    Examples
    --------
    >>> exit_text(-11), exit_text(3), exit_text(130), exit_text(None)
    (' (signal SIGSEGV)', ' (exit code 3)', ' (exit code 130, as after SIGINT)', '')
    """
    if exit_code is None:
        return ""
    if exit_code < 0:
        return f" (signal {_signal_name(-exit_code)})"
    after = f", as after {_signal_name(exit_code - 128)}" if exit_code in _INTERRUPTED else ""
    return f" (exit code {exit_code}{after})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
