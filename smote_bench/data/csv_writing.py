"""Writing a table as CSV so that reading it gives the same values to the bit."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_csv"]


def write_csv(path: Path, columns: Mapping[str, pd.Series]) -> None:
    """Write columns in their order: numbers in full without a needless .0, missing cells empty.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.csv.gz``.
    columns : mapping of str to Series
    """
    texts = [_as_texts(column) for column in columns.values()]
    with _writer(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*texts, strict=True))


def _writer(path: Path) -> TextIO:
    # UTF-8 and a bare newline on every platform, so that the file's checksum can equal that on the card
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "wt", encoding="utf-8", newline=""))
    return path.open("w", encoding="utf-8", newline="")


def _as_texts(column: pd.Series) -> list[str]:
    return [
        "" if missing else _as_text(cell)
        for cell, missing in zip(column.tolist(), column.isna(), strict=True)
    ]


def _as_text(cell: object) -> str:
    return repr(cell).removesuffix(".0") if isinstance(cell, float) else str(cell)
