"""Which cells of two runs belong together, and which of their fits were made on the same rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.report.compare.settings import renamed
from smote_bench.runs.open import Run

__all__ = ["Cells", "Pair", "StatusChange", "match_cells"]

FitKey = tuple[int, int]
"""The seed of a split and its fold: with data and protocol, that is which rows are trained on and tested."""


@dataclass(frozen=True)
class Pair:
    """A cell that both runs have.

    Parameters
    ----------
    base, other : Outcome
    phase : {"cv", "holdout"}
        Whose scores are compared: the cross-validation's where both have one.
    pairing : {"paired", "unpaired", "other data", "not scored"}
        Paired where at least one fit of both was made on the same rows; other data where the table is not the
        same one, so that a difference says nothing of methods or code.
    common : tuple of (int, int)
        The fits on the same rows, by seed and fold; empty unless paired.
    seeds : tuple of int
        The `random_state` of both protocols.
    is_identical : bool
        Same status, and the same scores to the last bit in every fit, undefined ones included.
    """

    base: Outcome
    other: Outcome
    phase: str
    pairing: Literal["paired", "unpaired", "other data", "not scored"]
    common: tuple[FitKey, ...]
    seeds: tuple[int, int]
    is_identical: bool

    @property
    def cell(self) -> Cell:
        """The cell's name in the base."""
        return self.base.cell

    def fits(self) -> tuple[list[Fit], list[Fit]]:
        """Return the fits to compare, of the base and of the other; side by side where paired."""
        mine, theirs = (
            _by_key(outcome, self.phase, seed)
            for outcome, seed in zip((self.base, self.other), self.seeds, strict=True)
        )
        if self.common:
            return [mine[key] for key in self.common], [theirs[key] for key in self.common]
        return list(mine.values()), list(theirs.values())


@dataclass(frozen=True)
class StatusChange:
    """A cell whose status is not the same in both runs."""

    cell: Cell
    base: str
    other: str
    reason: str

    @property
    def is_loss(self) -> bool:
        """Whether a cell that was scored no longer is."""
        return self.base in ("ok", "noop") and self.other not in ("ok", "noop")


@dataclass(frozen=True)
class Cells:
    """The cells of two runs.

    Parameters
    ----------
    pairs : tuple of Pair
        In the base's order.
    only_base, only_other : tuple of Cell
    status_changes : tuple of StatusChange
        Those that are no longer scored first.
    renamed : mapping of str to dict
        For ``methods`` and ``classifiers``: the base's name to the other's.
    n_rows_differ : int
        Cells whose splits should be the same, but whose training parts count other rows: taken as unpaired.
    """

    pairs: tuple[Pair, ...]
    only_base: tuple[Cell, ...]
    only_other: tuple[Cell, ...]
    status_changes: tuple[StatusChange, ...]
    renamed: Mapping[str, Mapping[str, str]]
    n_rows_differ: int


def match_cells(base: Run, other: Run) -> Cells:
    """Match the cells of two runs by name, and renamed methods and classifiers by their definition."""
    parts = {
        part: renamed(base.manifest["experiment"][part], other.manifest["experiment"][part])
        for part in ("methods", "classifiers")
    }

    def there(cell: Cell) -> Cell:
        method = parts["methods"].get(cell.method, cell.method)
        return Cell(cell.dataset, method, parts["classifiers"].get(cell.classifier, cell.classifier))

    pairs, changes, n_rows_differ = [], [], 0
    for cell, mine in base.by_cell.items():
        theirs = other.by_cell.get(there(cell))
        if theirs is None:
            continue
        pair, rows_differ = _pair(mine, theirs, base, other)
        pairs.append(pair)
        n_rows_differ += rows_differ
        if mine.status != theirs.status:
            reason = mine.reason if theirs.status == "ok" else theirs.reason
            changes.append(StatusChange(cell, mine.status, theirs.status, reason))
    taken = {there(cell) for cell in base.by_cell}
    return Cells(
        tuple(pairs),
        tuple(cell for cell in base.by_cell if there(cell) not in other.by_cell),
        tuple(cell for cell in other.by_cell if cell not in taken),
        tuple(sorted(changes, key=lambda change: not change.is_loss)),
        parts,
        n_rows_differ,
    )


def _pair(mine: Outcome, theirs: Outcome, base: Run, other: Run) -> tuple[Pair, bool]:
    protocols = [run.manifest["experiment"]["protocol"] for run in (base, other)]
    seeds = (int(protocols[0]["random_state"]), int(protocols[1]["random_state"]))
    phases = [{fit.phase for fit in outcome.fits} for outcome in (mine, theirs)]
    phase = "cv" if "cv" in phases[0] & phases[1] else "holdout"
    common: tuple[FitKey, ...] = ()
    rows_differ = False
    if not (mine.is_scored and theirs.is_scored):
        pairing: Literal["paired", "unpaired", "other data", "not scored"] = "not scored"
    elif (mine.version, mine.digest) != (theirs.version, theirs.digest):
        pairing = "other data"
    else:
        common, rows_differ = _same_splits(mine, theirs, phase, seeds, protocols)
        pairing = "paired" if common else "unpaired"
    same = mine.status == theirs.status and _scores(mine.fits) == _scores(theirs.fits)
    return Pair(mine, theirs, phase, pairing, common, seeds, same and bool(mine.fits)), rows_differ


def _same_splits(
    mine: Outcome,
    theirs: Outcome,
    phase: str,
    seeds: tuple[int, int],
    protocols: list[Mapping[str, float]],
) -> tuple[tuple[FitKey, ...], bool]:
    """Return the fits on the same rows, and whether row counts deny that they are.

    Data and version are the same already. What the splitter did is not recorded row by row; the sizes of the
    training parts are, and tell when another release splits otherwise.
    """
    parts = ("test_size", "cv_folds") if phase == "cv" else ("test_size",)
    if any(protocols[0][part] != protocols[1][part] for part in parts):
        return (), False
    first, second = _by_key(mine, phase, seeds[0]), _by_key(theirs, phase, seeds[1])
    common = tuple(sorted(first.keys() & second.keys()))
    if any(first[key].rows_before != second[key].rows_before for key in common):
        return (), True
    return common, False


def _by_key(outcome: Outcome, phase: str, seed: int) -> dict[FitKey, Fit]:
    return {(seed + fit.repeat, fit.fold): fit for fit in outcome.fits if fit.phase == phase}


def _scores(fits: Iterable[Fit]) -> dict[tuple[str, int, int], dict[str, float | None]]:
    """Return the scores by fit, None for NaN, which does not equal itself."""
    return {
        (fit.phase, fit.repeat, fit.fold): {
            name: None if math.isnan(value) else value for name, value in fit.scores.items()
        }
        for fit in fits
    }
