"""The progress line: how many cells are done, and how long the rest may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

__all__ = ["Progress", "in_words", "start_new_line"]

_EVERY_SHARE = 0.1
_EVERY_SECONDS = 10.0
_NOT_MORE_OFTEN_THAN = 1.0


class Progress:
    """Counts finished cells and says when a line is due.

    Parameters
    ----------
    n_cells : int
    expected_seconds : float
        Sum of the cells' estimates, in any unit: only its share that is done matters.
    clock : callable
        Seconds since any start.
    """

    def __init__(
        self, n_cells: int, expected_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.n_cells = n_cells
        self.n_done = 0
        self.n_from_memo = 0
        self.n_not_ok = 0
        self._expected = expected_seconds
        self._done = 0.0
        self._clock = clock
        self._start = self._last_time = clock()
        self._last_share = 0.0

    def done(self, seconds: float, *, from_memo: bool, ok: bool) -> str | None:
        """Count a cell whose estimate was `seconds`; return a line if one is due."""
        self.n_done += 1
        self.n_from_memo += from_memo
        self.n_not_ok += not ok
        self._done += seconds
        now, share = self._clock(), self._share()
        waited = now - self._last_time
        due = self.n_done == self.n_cells or waited >= _EVERY_SECONDS
        due = due or (share - self._last_share >= _EVERY_SHARE and waited >= _NOT_MORE_OFTEN_THAN)
        if not due:
            return None
        self._last_time, self._last_share = now, share
        return self.line(now - self._start, share)

    def line(self, elapsed: float, share: float) -> str:
        """Return the line for a share done in (0, 1] after `elapsed` seconds."""
        notes = [f"{self.n_from_memo} from the memo"] if self.n_from_memo else []
        notes += [f"{self.n_not_ok} not ok"] if self.n_not_ok else []
        counts = f"{self.n_done}/{self.n_cells} cells" + (f" ({', '.join(notes)})" if notes else "")
        if self.n_done >= self.n_cells:
            return f"smote-bench: {counts} in {in_words(elapsed)}"
        left = elapsed * (1 - share) / share if share > 0 else 0.0
        return f"smote-bench: {counts}, {share:.0%}, {in_words(elapsed)} gone, about {in_words(left)} left"

    def _share(self) -> float:
        by_cost = self._done / self._expected if self._expected > 0 else 1.0
        # An estimate may be off; that something is left is known.
        return min(max(by_cost, 1e-9), 0.99) if self.n_done < self.n_cells else 1.0


def in_words(seconds: float) -> str:
    """Return a duration in words.

    >>> in_words(4.2), in_words(190), in_words(7300)
    ('4 s', '3 min 10 s', '2 h 01 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def start_new_line(reporter: pytest.TerminalReporter) -> None:
    """End a line of dots; pytest's `ensure_newline` knows only those that begin with a file's name."""
    reporter.ensure_newline()
    if getattr(reporter._tw, "width_of_current_line", 0):
        reporter.write("\n")
