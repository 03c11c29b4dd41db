"""Parts of a longer protocol: the same cells on more splits, or with other seeds, beside a run's own.

A gate needs to know how far the seeds alone move a score. It has cells computed again under protocols that
differ from the run's in their repeats and in the draw of their random numbers, and in nothing else.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from smote_bench.errors import ConfigError
from smote_bench.evaluation.protocol import Protocol

__all__ = ["Part", "parts_beyond"]

_WORDS = re.compile(r"splits? (?P<first>\d+)(-(?P<last>\d+))?, seed (?P<draw>\d+)")


@dataclass(frozen=True, order=True)
class Part:
    """Some repeats of the protocol under one draw of random numbers.

    Parameters
    ----------
    first_repeat : int
        The number of its first repeat, from 0.
    n_repeats : int
        At least 1.
    draw : int
        See `smote_bench.evaluation.protocol.Protocol`.
    """

    first_repeat: int
    n_repeats: int
    draw: int

    @property
    def label(self) -> str:
        """The name in the store and in messages.

        >>> Part(1, 4, 0).label
        'splits 1-4, seed 0'
        """
        last = self.first_repeat + self.n_repeats - 1
        splits = f"splits {self.first_repeat}-{last}" if self.n_repeats > 1 else f"split {last}"
        return f"{splits}, seed {self.draw}"

    @classmethod
    def from_label(cls, label: str) -> Part:
        """Return the part that has this `label`.

        >>> Part.from_label("split 1, seed 2")
        Part(first_repeat=1, n_repeats=1, draw=2)
        """
        found = _WORDS.fullmatch(label)
        assert found is not None, label
        first = int(found["first"])
        return cls(first, int(found["last"] or first) - first + 1, int(found["draw"]))

    def protocol(self, protocol: Protocol) -> Protocol:
        """Return the run's protocol narrowed to this part."""
        return dataclasses.replace(
            protocol, first_repeat=self.first_repeat, random_runs=self.n_repeats, draw=self.draw
        )


def parts_beyond(protocol: Protocol, n_splits: int, n_seeds: int) -> list[Part]:
    """Return what a run under `protocol` lacks of `n_splits` splits with `n_seeds` seeds each.

    Parameters
    ----------
    protocol : Protocol
        The run's own: its repeats from 0 on, under draw 0.
    n_splits, n_seeds : int
        At least 1.

    Raises
    ------
    ConfigError
        If one of them is less than 1.

    Examples
    --------
    >>> [part.label for part in parts_beyond(Protocol(), 5, 2)]
    ['splits 1-4, seed 0', 'splits 0-4, seed 1']
    """
    for what, number in (("splits", n_splits), ("seeds", n_seeds)):
        if number < 1:
            raise ConfigError(f"expected at least 1 of the gate's {what}, got {number}: name 1 or more")
    assert (protocol.first_repeat, protocol.draw) == (0, 0), protocol
    n_own = protocol.random_runs
    more = [Part(n_own, n_splits - n_own, 0)] if n_splits > n_own else []
    return more + [Part(0, n_splits, draw) for draw in range(1, n_seeds)]
