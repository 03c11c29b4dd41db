"""What cells that are not ok have in common: one fault is told once, with how many cells it cost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from smote_bench.evaluation.outcome import Cell, Outcome

__all__ = ["FailureGroup", "failure_key", "grouped_failures", "place_of"]

_SHOWN = 3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FRAME = re.compile(r'^\s*File "(.+)", line (\d+), in (.+)$', re.MULTILINE)


@dataclass(frozen=True)
class FailureGroup:
    """Cells of one status whose reasons differ at most in numbers, and come from one line of code.

    Parameters
    ----------
    status : str
    reason : str
        The first cell's.
    cells : tuple of Cell
        In the order of the outcomes.
    n_reasons : int
        Different ones.
    place : str
        File, line and function where it was raised; empty where no traceback is kept.
    traceback : str
        The first cell's.
    """

    status: str
    reason: str
    cells: tuple[Cell, ...]
    n_reasons: int = 1
    place: str = ""
    traceback: str = ""

    @property
    def words(self) -> str:
        """The reason, how often it came with other numbers, and where."""
        others = self.n_reasons - 1
        differ = f" (and {others} that differ{'s' * (others == 1)} in numbers)" if others else ""
        return f"{self.reason}{differ}" + (f", at {self.place}" if self.place else "")

    @property
    def which(self) -> str:
        """The first cells' ids, and how many more there are."""
        shown = [cell.id for cell in self.cells[:_SHOWN]]
        more = len(self.cells) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more else "")


def grouped_failures(outcomes: Iterable[Outcome]) -> list[FailureGroup]:
    """Return what is not ``ok`` by what it has in common, in the order in which it comes.

    Parameters
    ----------
    outcomes : iterable of Outcome
    """
    groups: dict[tuple[str, ...], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.status != "ok":
            key = failure_key(outcome.status, outcome.reason, outcome.traceback)
            groups.setdefault(key, []).append(outcome)
    return [_group(alike) for alike in groups.values()]


def failure_key(status: str, reason: str, traceback: str) -> tuple[str, ...]:
    """Return what two failures have to have in common to be told as one.

    >>> failure_key("error", "ValueError: 3 rows", "") == failure_key("error", "ValueError: 41 rows", "")
    True
    """
    return status, _NUMBER.sub("#", reason), *_last_frame(traceback)


def place_of(traceback: str) -> str:
    r"""Return where a traceback ends.

    >>> place_of('  File "<string>", line 9, in fit_resample\n    raise ValueError')
    '<string>:9 in fit_resample'
    """
    frame = _last_frame(traceback)
    return f"{PurePath(frame[0]).name}:{frame[1]} in {frame[2]}" if frame else ""


def _last_frame(traceback: str) -> tuple[str, ...]:
    frames = _FRAME.findall(traceback)
    return tuple(frames[-1]) if frames else ()


def _group(alike: list[Outcome]) -> FailureGroup:
    first = alike[0]
    return FailureGroup(
        first.status,
        first.reason,
        tuple(outcome.cell for outcome in alike),
        len({outcome.reason for outcome in alike}),
        place_of(first.traceback),
        first.traceback,
    )
