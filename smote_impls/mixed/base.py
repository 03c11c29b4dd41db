"""The base class of samplers that see categories as categories, what they make, and where it goes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from smote_impls.base import BaseOversampler, OversamplerTags
from smote_impls.mixed.columns import MixedColumns, read_columns
from smote_impls.segments import PARENTS_DTYPE, Segments, interpolate_dense
from smote_impls.tables.kinds import kind_of
from smote_impls.target import TargetClass

__all__ = ["MadeRows", "MixedOversampler"]


@dataclass(frozen=True, eq=False)
class MadeRows:
    """Synthetic rows of one class.

    Parameters
    ----------
    parents : ndarray of shape (n_samples,), of `PARENTS_DTYPE`
    numbers : tuple of ndarray of shape (n_samples,)
        The numeric columns of the synthetic rows, in the types of `MixedColumns.numbers`.
    donors : ndarray of shape (n_samples, n_categorical), intp
        For each categorical column the row of the input whose level a synthetic row has.
    """

    parents: np.ndarray
    numbers: tuple[np.ndarray, ...]
    donors: np.ndarray

    @classmethod
    def on_segments(cls, columns: MixedColumns, segments: Segments, donors: np.ndarray) -> MadeRows:
        """Make the numbers of rows on segments: integers are rounded, as everywhere here."""
        made = []
        for values in columns.numbers:
            out = np.empty((len(segments), 1), dtype=values.dtype)
            interpolate_dense(np.ascontiguousarray(values)[:, None], segments, out)
            made.append(out[:, 0])
        return cls(segments.as_parents(), tuple(made), donors)

    @classmethod
    def from_seeds(cls, seeds: np.ndarray, numbers: tuple[np.ndarray, ...], donors: np.ndarray) -> MadeRows:
        """Keep rows that were made from `seeds` and lie on no segment."""
        parents = np.empty(len(donors), dtype=PARENTS_DTYPE)
        parents["seed"], parents["neighbor"], parents["step"] = seeds, -1, np.nan
        return cls(parents, numbers, donors)

    def as_parents(self) -> np.ndarray:
        """Return the parents, as ``synthetic_parents_`` holds them."""
        return self.parents


class MixedOversampler(BaseOversampler):
    """A `BaseOversampler` whose ``target.X`` is a `MixedColumns`, and which returns `MadeRows`."""

    # What a subclass without the parameter takes for categorical columns.
    categorical_features: Any = "auto"

    @abstractmethod
    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> MadeRows:
        """Make the synthetic rows of one class."""

    def _check_X(self, X: Any) -> MixedColumns:
        return read_columns(self, X, self.categorical_features)

    def _room(self, X_checked: MixedColumns, n_synthetic: int) -> _MixedOutput:  # noqa: ARG002
        return _MixedOutput(X_checked)

    def _checked_rows(self, made: MadeRows, target: TargetClass) -> MadeRows:  # noqa: ARG002
        return made

    def _give_back(self, X: Any, output: _MixedOutput) -> Any:
        return output.appended_to(X)

    def __sklearn_tags__(self) -> OversamplerTags:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        return tags


class _MixedOutput:
    """The rows made so far, class by class."""

    def __init__(self, columns: MixedColumns) -> None:
        self.originals = columns
        self._made: list[MadeRows] = []

    def append(self, made: MadeRows) -> None:
        """Keep the rows of one class."""
        self._made.append(made)

    def appended_to(self, X: Any) -> Any:
        """Return the table as the user gave it, with all rows made."""
        of = self.originals
        donors = np.concatenate(
            [np.empty((0, len(of.categorical)), np.intp), *(m.donors for m in self._made)]
        )
        numbers = {
            int(column): np.concatenate([of.numbers[i][:0], *(made.numbers[i] for made in self._made)])
            for i, column in enumerate(of.numeric)
        }
        return kind_of(X).append(X, {int(c): donors[:, i] for i, c in enumerate(of.categorical)}, numbers)
