"""The progress line: how many cells are done, what runs now, and how long the rest may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from smote_bench.session.memory_use import in_gigabytes
from smote_bench.session.time_left import Kind, TimeLeft

if TYPE_CHECKING:
    import pytest

__all__ = ["Progress", "in_words", "start_new_line"]

_EVERY_SHARE = 0.1
# Lines come at least every ten seconds, later every tenth of the time gone.
_EVERY_SECONDS, _EVERY_PART = 10.0, 0.1
_NOT_MORE_OFTEN_THAN = 1.0
# A cell that runs so long without a line in between is named, and again when it has run twice as long.
_STILL_AFTER = 120.0
_MOST_NAMED = 3


class Progress:
    """Counts finished cells, knows the running ones, and says when a line is due.

    Parameters
    ----------
    estimates : mapping of str to float
        For each cell its seconds, in any unit: what this run's own cells take corrects them.
    kind_of : callable, optional
        From a cell's name to its method and classifier, which seconds are learned by.
    n_workers : int
        Cells that are computed at a time.
    memory : callable
        The bytes that controller and workers hold, or None.
    engine : callable, optional
        What computes elsewhere, in words.
    clock : callable
        Seconds since any start.
    """

    def __init__(
        self,
        estimates: Mapping[str, float],
        kind_of: Callable[[str], Kind] = lambda _name: ("", ""),
        *,
        n_workers: int = 1,
        memory: Callable[[], int | None] = lambda: None,
        engine: Callable[[], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.n_cells = len(estimates)
        self.n_done = 0
        self.n_from_memo = 0
        self.n_not_ok = 0
        self._estimates = estimates
        self._left = TimeLeft(estimates, kind_of, n_workers)
        self._expected = sum(estimates.values())
        self._done = 0.0
        self._memory = memory
        self._engine = engine
        self._clock = clock
        self._start = self._last_time = clock()
        self._last_share = 0.0
        self._running: dict[str, float] = {}
        self._still_after = _STILL_AFTER
        self._are_cells_over = False

    def begun(self, what: str) -> None:
        """Note that a cell, or a step of the end, runs from now on."""
        self._running[what] = self._clock()

    def ended(self, what: str) -> None:
        """Note that it runs no more, whatever came of it."""
        self._running.pop(what, None)

    def cells_are_over(self) -> None:
        """Note that no cell runs any more, whether all are done or not: steps of the end follow."""
        self._are_cells_over = True
        self._running.clear()

    def done(self, name: str, seconds: float, *, from_memo: bool, ok: bool) -> str | None:
        """Count a cell that took some seconds; return a line if one is due."""
        self.n_done += 1
        self.n_from_memo += from_memo
        self.n_not_ok += not ok
        self._done += self._estimates[name]
        self._left.done(name, None if from_memo else seconds)
        self.ended(name)
        now, share = self._clock(), self._share()
        waited = now - self._last_time
        due = self.n_done == self.n_cells
        due = due or waited >= max(_EVERY_SECONDS, _EVERY_PART * (now - self._start))
        due = due or (share - self._last_share >= _EVERY_SHARE and waited >= _NOT_MORE_OFTEN_THAN)
        if not due:
            return None
        self._last_time, self._last_share = now, share
        self._still_after = _STILL_AFTER
        return self.line()

    def still(self) -> str | None:
        """Return a line that names what has been running for long, where no other line has come meanwhile."""
        now = self._clock()
        if not self._running or now - self._last_time < self._still_after:
            return None
        if max(now - since for since in self._running_now().values()) < self._still_after:
            return None
        self._last_time = now
        self._still_after *= 2
        counts = "" if self._are_cells_over else f" ({self._counts()})"
        return f"smote-bench: still: {self._named(' for ')}{counts}{self._memory_in_words()}"

    def line(self) -> str:
        """Return the line for what is known now."""
        elapsed = self._clock() - self._start
        if self.n_done >= self.n_cells:
            return f"smote-bench: {self._counts()} in {in_words(elapsed)}"
        left = self._left.seconds(
            {name: elapsed for name, elapsed in self._since() if name in self._estimates}
        )
        words = "time left not known yet" if left is None else f"about {in_words(left)} left"
        return (
            f"smote-bench: {self._counts()}, {self._share():.0%}, {in_words(elapsed)} gone, {words}"
            f"{self._engine_in_words()}{self._memory_in_words()}"
        )

    def live_line(self) -> str:
        """Return the line with what runs now: for a terminal, where it is drawn anew all the time."""
        now = self._named(" ")
        if self._are_cells_over:
            return f"smote-bench: {now}{self._memory_in_words()}" if now else ""
        return f"{self.line()}; now {now}" if now else self.line()

    def _counts(self) -> str:
        notes = [f"{self.n_from_memo} from the memo"] if self.n_from_memo else []
        notes += [f"{self.n_not_ok} not ok"] if self.n_not_ok else []
        return f"{self.n_done}/{self.n_cells} cells" + (f" ({', '.join(notes)})" if notes else "")

    def _running_now(self) -> dict[str, float]:
        return dict(self._running)  # a copy at once: another thread may add to it

    def _since(self) -> list[tuple[str, float]]:
        now = self._clock()
        return sorted(
            ((name, now - since) for name, since in self._running_now().items()), key=lambda x: -x[1]
        )

    def _named(self, joint: str) -> str:
        """Name what runs, the longest first."""
        since = self._since()
        words = [f"{name}{joint}{in_words(seconds)}" for name, seconds in since[:_MOST_NAMED]]
        words += [f"{len(since) - _MOST_NAMED} more"] if len(since) > _MOST_NAMED else []
        return ", ".join(words)

    def _engine_in_words(self) -> str:
        words = "" if self._engine is None else self._engine()
        return f", {words}" if words else ""

    def _memory_in_words(self) -> str:
        n_bytes = self._memory()
        return "" if n_bytes is None else f", {in_gigabytes(n_bytes)}"

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
