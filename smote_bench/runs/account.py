"""Every cell that a run was asked for, accounted for: done, from the memo, failed, or not run and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.asked import Asked

__all__ = ["NOT_SELECTED", "Account", "account_of", "cells_not_run", "cut_of"]

NOT_SELECTED = "not selected"
_NOT_RECORDED = "the session ended before it was recorded"
_FAILED = ("error", "timeout")


@dataclass(frozen=True)
class Account:
    """How many cells; `asked` are those that are done and those that were not run.

    Parameters
    ----------
    asked, done, from_memo, failed : int
        Done is what has an outcome of any status; of these came from the memo, and failed (error, timeout).
    not_run : mapping of str to int
        By reason.
    cut : str
        Why cells that were selected are not run; empty for a run that came to its end.
    """

    asked: int
    done: int
    from_memo: int = 0
    failed: int = 0
    not_run: Mapping[str, int] = field(default_factory=dict)
    cut: str = ""

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Account:
        """Read what `to_json` gave; of earlier releases' runs, which counted only what is done."""
        cells = manifest["cells"]
        by_status, total = cells["by_status"], int(cells["total"])
        return cls(
            int(cells.get("asked", total)),
            total,
            int(cells["from_memo"]),
            sum(int(by_status.get(status, 0)) for status in _FAILED),
            {str(why): int(n) for why, n in (cells.get("not_run") or {}).items()},
            cut_of(manifest),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {
            "asked": self.asked,
            "done": self.done,
            "failed": self.failed,
            "not_run": dict(sorted(self.not_run.items())),
        }

    @property
    def n_selected(self) -> int:
        """Cells that the session was to run, and those that it computed beside them."""
        return self.asked - self.not_run.get(NOT_SELECTED, 0)

    @property
    def headline(self) -> str:
        """What is to be said first of a run that was cut; empty for one that was not.

        >>> Account(42, 14, not_run={"worker limit": 28}, cut="worker limit").headline
        'This run was cut (worker limit): 14 of 42 cells are done.'
        """
        done = f"{self.done} of {self.n_selected} cells are done"
        return f"This run was cut ({self.cut}): {done}." if self.cut else ""

    @property
    def line(self) -> str:
        """Return all counts in words.

        >>> Account(42, 14, 3, 1, {"interrupted by Ctrl-C": 28}).line
        '42 cells asked for: 14 done (3 from the memo, 1 failed), 28 not run (28 interrupted by Ctrl-C)'
        """
        done = f"{self.done} done ({self.from_memo} from the memo, {self.failed} failed)"
        asked = f"{self.asked} cell{'s' * (self.asked != 1)} asked for"
        if not self.not_run:
            return f"{asked}: {done}"
        reasons = ", ".join(f"{n} {why}" for why, n in sorted(self.not_run.items()))
        return f"{asked}: {done}, {sum(self.not_run.values())} not run ({reasons})"


def cut_of(manifest: Mapping[str, Any]) -> str:
    """Return why a run was cut, by its manifest; empty for one that came to its end."""
    return str(manifest.get("cut") or "")


def cells_not_run(asked: Asked | None, done: Collection[Cell], why: str) -> dict[Cell, str]:
    """Return the cells without an outcome, each with the reason.

    Parameters
    ----------
    asked : Asked or None
    done : set of Cell
    why : str
        Why the session ended before its end, as far as that is known.
    """
    if asked is None:
        return {}
    cut = {cell: why or _NOT_RECORDED for cell in asked.selected if cell not in done}
    return cut | {cell: NOT_SELECTED for cell in asked.left_out if cell not in done}


def account_of(
    outcomes: Sequence[Outcome], from_memo: Collection[Cell], not_run: Mapping[Cell, str]
) -> Account:
    """Count what came of the cells of a run."""
    reasons = Counter(not_run.values())
    cut = next((why for why in reasons if why != NOT_SELECTED), "")
    return Account(
        len(outcomes) + len(not_run),
        len(outcomes),
        sum(outcome.cell in from_memo for outcome in outcomes),
        sum(outcome.status in _FAILED for outcome in outcomes),
        dict(reasons),
        cut,
    )
