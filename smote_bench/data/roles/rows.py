"""What a table says of its rows beside features and target: group, time, side of the split, weight."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["RowRoles"]


@dataclass(frozen=True, eq=False)
class RowRoles:
    """Columns of a table that are no features, one entry per row; None where the table has no such column.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,), int64, optional
        Rows of one number belong together and are never on two sides of a split.
    times : ndarray of shape (n_samples,), float64, optional
        Rows are tested later than all rows that train.
    is_test : ndarray of shape (n_samples,), bool, optional
        The hold-out that was given with the table.
    weights : ndarray of shape (n_samples,), float64, optional
        How much each row counts in fitting and in scores; 0 or more.
    """

    groups: np.ndarray | None = None
    times: np.ndarray | None = None
    is_test: np.ndarray | None = None
    weights: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> RowRoles:
        """Return the roles of some rows.

        Parameters
        ----------
        rows : ndarray
            Their numbers, or for each row whether it is one of them.
        """
        present: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return RowRoles(**{name: None if of is None else of[rows] for name, of in present.items()})

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) is not None for f in fields(self))
