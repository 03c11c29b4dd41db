"""Writes rows of a table as CSV: text that a spreadsheet would run as a formula is guarded."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from typing import TextIO

from smote_bench.plain_text import guarded
from smote_bench.runs.tables import Row

__all__ = ["write_rows"]


def write_rows(
    file: TextIO, columns: Sequence[str], rows: Iterable[Row], *, raw: Collection[str] = ()
) -> None:
    """Write a header and rows as they come; None is an empty cell, and `raw` columns are not guarded."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(guarded, columns))
    for row in rows:
        writer.writerow([row.get(name) if name in raw else guarded(row.get(name)) for name in columns])
