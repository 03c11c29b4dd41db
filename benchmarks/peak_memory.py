"""The most memory that a process has held, on Linux.

Not `ru_maxrss`: a process that was started by a larger one begins with that one's.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["peak_bytes", "reset_peak"]


def reset_peak() -> None:
    """Let the peak begin anew: what this process holds now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """Return the most memory that this process has held since it began, or since `reset_peak`."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
