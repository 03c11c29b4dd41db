"""What a workbook has in place of what people wrote: formulas without value, dates that were other texts."""

from __future__ import annotations

import datetime
import importlib
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.values.date_columns import find_date_form
from smote_bench.data.values.markers import ALL_MARKERS

__all__ = ["dates_among_words", "formulas_of"]

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK_BYTES = 1 << 20
_HALF = 0.5


def formulas_of(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the formulas of a sheet, by row and column from 1 on; a workbook without any is not read for it.

    Programs that do not compute, such as libraries, write them without a value, which is not looked at here.
    """
    if not _has_formulas(path):
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of styles and checks that are not read
        page = importlib.import_module("openpyxl").load_workbook(path)[sheet]
    return {
        (cell.row, cell.column): str(getattr(cell.value, "text", cell.value))
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        for member in packed.namelist():
            if not member.startswith("xl/worksheets/"):
                continue
            with packed.open(member) as stream:
                end = b""
                while chunk := stream.read(_CHUNK_BYTES):
                    if _FORMULA.search(end + chunk):
                        return True
                    end = chunk[-16:]
    return False


def dates_among_words(values: Sequence[Any], rows: Sequence[int], column: str, file: str) -> list[Finding]:
    """Suspect dates and times between words with digits: Excel makes a date of 10-20, and of MARCH1.

    Parameters
    ----------
    values : sequence
        The cells of a column, None where blank.
    rows : sequence of int
        Their rows in the sheet.
    column, file : str
    """
    dates = [n for n, value in enumerate(values) if isinstance(value, datetime.date | datetime.time)]
    if not dates:
        return []
    texts = (value.strip() for value in values if isinstance(value, str))
    words = Counter(text for text in texts if text.casefold() not in ALL_MARKERS)
    n_coded = sum(any(map(str.isdigit, word)) for word in words)
    if not words or n_coded < _HALF * len(words):
        return []
    form = find_date_form(list(words), list(words.values()))
    if form is not None and form[1] >= _HALF:
        return []
    shown = str(values[dates[0]]).removesuffix(" 00:00:00")
    said = (
        f"{file}: column {column!r} has {len(dates):,} dates or times among texts such as "
        f"{next(iter(words))!r}, the first in row {rows[dates[0]]} ({shown}): Excel makes them of texts such "
        "as 10-20, and they are read as other categories"
    )
    remedy = f"write those cells anew in columns of text, or 'drop: [{yaml_name(column)}]' leaves it out"
    return [Finding("suspect", column, said, remedy)]
