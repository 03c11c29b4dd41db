"""How much memory processes hold, where the system says so in ``/proc``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

__all__ = ["in_gigabytes", "resident_bytes"]


def resident_bytes(pids: Iterable[int], proc: Path = Path("/proc")) -> int | None:
    """Return the resident bytes of some processes together, pages they share counted in each.

    A process that is gone has none; None where the system tells of none at all.
    """
    found = [n for pid in pids if (n := _resident_pages(proc / str(pid) / "statm")) is not None]
    return sum(found) * os.sysconf("SC_PAGE_SIZE") if found else None


def _resident_pages(statm: Path) -> int | None:
    try:
        return int(statm.read_bytes().split()[1])
    except (OSError, ValueError, IndexError):
        return None


def in_gigabytes(n_bytes: int) -> str:
    """Return an amount of memory in words.

    >>> in_gigabytes(1_234_000_000), in_gigabytes(90_000_000)
    ('1.2 GB', '0.1 GB')
    """
    return f"{n_bytes / 1e9:.1f} GB"
