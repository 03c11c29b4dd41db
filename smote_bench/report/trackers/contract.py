"""What a tracker is: it gets a finished run, and remembers in a ledger what it has sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from smote_bench.errors import TrackerError

if TYPE_CHECKING:
    from smote_bench.report.trackers.ledger import Ledger
    from smote_bench.runs.open import Run

__all__ = ["Tracker", "TrackerError"]


class Tracker(Protocol):
    """Sends a finished run somewhere. It is made without arguments, in a process of its own."""

    def publish(self, run: Run, ledger: Ledger, say: Callable[[str], None]) -> None:
        """Send what the ledger does not have yet.

        Parameters
        ----------
        run : Run
        ledger : Ledger
            Told of every item before and after it is sent, so that a second call sends nothing twice.
        say : callable
            Told where things are and what is being sent, a line each. A tracker that says nothing for
            minutes is taken for dead.

        Raises
        ------
        TrackerError
            With what was expected, what came and what to do.
        """
        ...
