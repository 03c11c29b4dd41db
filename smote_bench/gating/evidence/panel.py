"""The values of many cells on the same splits, folds and draws, as one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from smote_bench.evaluation.outcome import Cell

__all__ = ["HOLDOUT_FOLD", "Panel", "Unit"]

HOLDOUT_FOLD = -1
"""The fold of a split's final evaluation."""


class Unit(NamedTuple):
    """The rows that were tested: a fold of a split; `HOLDOUT_FOLD` is the split's hold-out."""

    split: int
    fold: int


@dataclass(frozen=True, eq=False)
class Panel:
    """What was measured, by cell, unit, draw and measure.

    Parameters
    ----------
    cells : tuple of Cell
        Without a classifier (``""``) where samples are described.
    units : tuple of Unit
        In order.
    draws : tuple of int
        The seeds: each splits the data alike and gives samplers and classifiers other random numbers.
    names : tuple of str
        Of the measures: metrics, or descriptors of samples.
    values : ndarray of shape (n_cells, n_units, n_draws, n_names), float64
        NaN where a measure is undefined, or was not taken.
    present : ndarray of shape (n_cells, n_units, n_draws), bool
        Whether there is such a fit at all.
    digests : ndarray of shape (n_cells, n_units, n_draws), uint64
        Of everything that the fit gave; 0 where that is not known.
    """

    cells: tuple[Cell, ...]
    units: tuple[Unit, ...]
    draws: tuple[int, ...]
    names: tuple[str, ...]
    values: np.ndarray
    present: np.ndarray
    digests: np.ndarray

    @classmethod
    def empty(
        cls,
        cells: Sequence[Cell],
        units: Sequence[Unit],
        draws: Sequence[int],
        names: Sequence[str],
    ) -> Panel:
        """Return a panel in which nothing was measured yet; its arrays are to be filled."""
        shape = (len(cells), len(units), len(draws))
        return cls(
            tuple(cells),
            tuple(units),
            tuple(draws),
            tuple(names),
            np.full((*shape, len(names)), np.nan),
            np.zeros(shape, dtype=bool),
            np.zeros(shape, dtype=np.uint64),
        )

    def take(
        self,
        *,
        cells: Sequence[Cell] | None = None,
        units: Sequence[Unit] | None = None,
        draws: Sequence[int] | None = None,
        names: Sequence[str] | None = None,
    ) -> Panel:
        """Return the panel in these cells, units, draws and measures; what it does not have is absent."""
        wanted = (cells, units, draws, names)
        have = (self.cells, self.units, self.draws, self.names)
        axes = [tuple(given) if given is not None else own for given, own in zip(wanted, have, strict=True)]
        places = []
        for axis, own in zip(axes, have, strict=True):
            known = {name: n for n, name in enumerate(own)}
            places.append(np.array([known.get(name, -1) for name in axis], dtype=np.intp))
        taken = Panel.empty(*axes)  # type: ignore[arg-type]
        there = [np.flatnonzero(place >= 0) for place in places]
        source = [place[place >= 0] for place in places]
        taken.values[np.ix_(*there)] = self.values[np.ix_(*source)]
        taken.present[np.ix_(*there[:3])] = self.present[np.ix_(*source[:3])]
        taken.digests[np.ix_(*there[:3])] = self.digests[np.ix_(*source[:3])]
        return taken
