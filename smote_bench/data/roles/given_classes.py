"""Whether both sides of a given split have rows of both classes: most metrics are not defined without."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from smote_bench.data.values.labels import several, some
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

    from smote_bench.data.roles.keys import RoleKeys

__all__ = ["check_classes"]


class GivenSplit(Protocol):
    """What says of a user's table which rows train and which test."""

    @property
    def name(self) -> str:
        """What messages call the table."""

    @property
    def file(self) -> Path:
        """The file of the rows that train, or of all."""

    @property
    def target(self) -> str:
        """The column of labels."""

    @property
    def minority(self) -> str | tuple[str, ...]:
        """As on a card."""

    @property
    def roles(self) -> RoleKeys:
        """The columns and the file of the roles."""


def check_classes(y: np.ndarray, side: str, source: GivenSplit, labels: Sequence[str] = ()) -> None:
    """Check that one side of a given split has rows of both classes.

    Parameters
    ----------
    y : ndarray of shape (n_rows,), 0/1
        Of the rows of that side.
    side : {"train", "test"}
    source : UserTable
        Of which ``test`` or ``split`` is set.
    labels : sequence of str
        Those that are there, as they are written, where they are known.

    Raises
    ------
    ConfigError
        If all are of one class, or there are none. It names the class and the place.
    """
    if 0 < y.sum() < len(y):
        return
    key = "test" if source.roles.test is not None else "split"
    if key == "split":
        where = f"the rows of {source.file.name} that {side}, as column {source.roles.split!r} says"
    else:
        where = f"the test file {source.roles.test.name}" if side == "test" and source.roles.test else ""
        where = where or f"the file that trains, {source.file.name}"
    if not len(y):
        raise ConfigError(
            f"{source.name}: expected rows of both classes in {where}, got none that is not a repeat of "
            "another row, which are left out: give rows that are not there as well, or remove "
            f"{key!r}, and the hold-out is drawn"
        )
    minority = " or ".join(map(repr, several(source.minority)))
    has_minority = bool(len(y)) and bool(y.all())
    lacks = f"no other label than {minority}" if has_minority else f"no {minority}"
    shown = f" (it has {some(labels)})" if labels and not has_minority else ""
    raise ConfigError(
        f"{source.name}: expected rows of both classes in {where}, got {len(y):,} rows, all of the "
        f"{'minority' if has_minority else 'majority'}: column {source.target!r} has {lacks} there{shown}. "
        f"Most metrics compare two classes: move rows of the other one there, or remove {key!r}, and the "
        "hold-out is drawn"
    )
