"""How long the rest of a run may take: estimates made before it, corrected by what its own cells took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Kind", "TimeLeft"]

Kind = tuple[str, str]
"""Method and classifier of a cell: what its seconds are learned by."""


@dataclass
class _Seen:
    """What some computed cells took, and what they had been estimated to take."""

    seconds: float = 0.0
    estimate: float = 0.0

    def add(self, seconds: float, estimate: float) -> None:
        self.seconds += seconds
        self.estimate += estimate

    def factor(self, otherwise: float, weight: float) -> float:
        """Return seconds per second estimated; few cells count little beside what is known otherwise."""
        return (self.seconds + otherwise * weight) / (self.estimate + weight)


_NOTHING = _Seen()


class TimeLeft:
    """Learns from the cells of this run how long the others take.

    A cell's estimate is corrected by what cells of its method and classifier took, that by what its method
    took, and that by the whole run: what is less close counts as much as one cell. Cells that came from the
    memo were not computed, and say nothing of speed.

    Parameters
    ----------
    estimates : mapping of str to float
        For each cell its seconds, in any unit.
    kind_of : callable
        From a cell's name to its method and classifier.
    n_workers : int
        Cells that are computed at a time.
    """

    def __init__(
        self, estimates: Mapping[str, float], kind_of: Callable[[str], Kind], n_workers: int = 1
    ) -> None:
        self._estimates = estimates
        self._kind_of = kind_of
        self._n_workers = max(1, n_workers)
        self._left: dict[Kind, float] = defaultdict(float)
        for name, seconds in estimates.items():
            self._left[kind_of(name)] += seconds
        self._n_left = len(estimates)
        self._all, self._n_seen = _Seen(), 0
        self._of_method: dict[str, _Seen] = defaultdict(_Seen)
        self._of_kind: dict[Kind, _Seen] = defaultdict(_Seen)

    def done(self, name: str, seconds: float | None) -> None:
        """Take a cell off the rest, and learn from its seconds; None where it was not computed."""
        kind, estimate = self._kind_of(name), self._estimates[name]
        self._left[kind] -= estimate
        self._n_left -= 1
        if seconds is None:
            return
        self._n_seen += 1
        for seen in (self._all, self._of_method[kind[0]], self._of_kind[kind]):
            seen.add(seconds, estimate)

    def seconds(self, running: Mapping[str, float]) -> float | None:
        """Return how long the rest takes, or None before a cell was computed.

        Parameters
        ----------
        running : mapping of str to float
            The cells now computed, and since how many seconds.
        """
        if not self._n_seen:
            return None
        weight = self._all.estimate / self._n_seen or 1e-9
        overall = self._all.seconds / max(self._all.estimate, 1e-9)

        def factor(kind: Kind) -> float:
            method = self._of_method.get(kind[0], _NOTHING).factor(overall, weight)
            return self._of_kind.get(kind, _NOTHING).factor(method, weight)

        whole = sum(factor(kind) * left for kind, left in self._left.items() if left > 0)
        longest = 0.0
        for name, since in running.items():
            expected = factor(self._kind_of(name)) * self._estimates[name]
            whole -= min(since, expected)
            longest = max(longest, expected - since)
        return max(longest, max(0.0, whole) / max(1, min(self._n_workers, self._n_left)))
