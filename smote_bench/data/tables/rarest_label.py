"""The minority of a file whose owner has named none: its rarest label, where it may be one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.tables.file_columns import read_file
from smote_bench.data.tables.layouts import markers_of
from smote_bench.data.tables.table_target import Labels
from smote_bench.data.values.label_doubts import may_stand_for_none
from smote_bench.data.values.labels import is_missing, some
from smote_bench.errors import ConfigError

__all__ = ["rarest_label"]

_MOST_LABELS = 20
_FEW_ROWS, _SHARE_OF_FEW = 2, 0.1
"""So few rows of a label, and of all rows: it may be no label but a line that is no row."""


def rarest_label(path: Path, target: str, read: ReadKeys) -> str:
    """Return the label of a user's file that is in the fewest rows.

    Raises
    ------
    ConfigError
        If there are no two labels, too many to guess, or if the rarest may be none.
    """
    layout = _AnyMinority(path.name, target, read)
    labels = read_file(path, layout, check_target=False).labels
    present = {
        text: n
        for text, n in zip(labels.texts, labels.counts, strict=True)
        if not is_missing(text, (), markers_of(layout))
    }
    what = f"column {target!r} of {path.name}"
    if len(present) < 2:
        got = f"{next(iter(present))!r} in all rows" if present else "none"
        raise ConfigError(f"expected two labels in {what}, got {got}: another column may be the target")
    if len(present) > _MOST_LABELS:
        raise ConfigError(
            f"expected two labels or a few more in {what}, got {len(present):,} ({some(present)}): say which "
            "is the minority, with --minority; of numbers it may be a condition, as in --minority '> 0.5'"
        )
    rarest = min(present, key=present.__getitem__)
    _check(rarest, present, labels, what)
    return rarest


def _check(rarest: str, present: dict[str, int], labels: Labels, what: str) -> None:
    """Refuse to guess where the rarest label may stand for none, or for a line that is no row."""
    n, n_rows = present[rarest], sum(present.values())
    if rarest in may_stand_for_none(list(present)):
        why = "may stand for a missing label"
    elif n <= _FEW_ROWS and n < _SHARE_OF_FEW * n_rows:
        why = "may be of a line that is no row, or misspelt"
    else:
        return
    where = f" ({labels.where[rarest]})" if rarest in labels.where else ""
    raise ConfigError(
        f"expected the rarest label in {what} to be the minority, got {rarest!r} in {n:,} of {n_rows:,} "
        f"rows{where}, which {why}: say which label is the minority, with --minority; or correct these rows, "
        "or skip lines that are no rows with --comment or --header"
    )


@dataclass(frozen=True)
class _AnyMinority:
    """The layout of a file of which nothing but its target is known, and no other column looked at."""

    name: str
    target: str
    read: ReadKeys

    minority = ""
    columns = ()
    nominal = ()
    ordinal = ()
    role_columns = ()
    kinds_stated = False
