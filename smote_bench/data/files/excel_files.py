"""Excel's ``.xlsx``: which sheet is read, where its table begins, and what its cells stand for."""

from __future__ import annotations

import datetime
import importlib
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.files.column_names import names_of
from smote_bench.data.files.excel_doubts import dates_among_words, formulas_of
from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.values.labels import number, some
from smote_bench.data.values.number_marks import unclear_thousands
from smote_bench.data.values.zero_led_columns import are_zero_led_codes
from smote_bench.environment.optional_packages import is_installed, remedy_for
from smote_bench.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_excel"]

_MOST_PREAMBLE = 30


@dataclass
class _Grid:
    """The cells of a sheet without blank rows and without blank columns around, and where they stand.

    Parameters
    ----------
    rows : list of list
        Values; None for a blank cell.
    numbers : list of int
        Of the rows in the sheet, from 1 on.
    first_column : int
        Of the columns in the sheet, from 1 on.
    n_percents, n_numbers : Counter of int
        Cells of a column that are shown as percents, and those that are numbers.
    """

    rows: list[list[Any]]
    numbers: list[int]
    first_column: int
    n_percents: Counter[int] = field(default_factory=Counter)
    n_numbers: Counter[int] = field(default_factory=Counter)


def read_excel(path: Path, name: str, sheet: str | None = None) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the table of a sheet.

    Parameters
    ----------
    path : Path
    name : str
        What messages call the data set.
    sheet : str, optional
        Its name; the first one that has cells otherwise.

    Returns
    -------
    frame : DataFrame of shape (n_rows, n_columns)
        Numbers, dates and truth values where a column has nothing else, else text, as if the sheet had been
        saved as CSV.
    findings : list of Finding
        What was guessed or read otherwise than it stands there.

    Raises
    ------
    ConfigError
        If openpyxl is not installed, there is no such sheet, or merged cells have no meaning in a table.
    """
    import pandas as pd

    if not is_installed("openpyxl"):
        raise ConfigError(
            f"{name}: expected the package openpyxl, which reads {path.name}, but it is not installed: "
            f"{remedy_for('openpyxl')}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of styles and checks that are not read
        book = importlib.import_module("openpyxl").load_workbook(path, data_only=True)
    page, findings = _sheet(book, path, name, sheet)
    grid = _grid(page)
    start = _header_at(grid.rows)
    where = f"{name}: {path.name}, sheet {page.title!r}"
    findings += _said_of_place(grid, start, page, path.name)
    findings += _fill_merged(grid, start, page, where)
    _check_end(grid, start, where)
    names = names_of("" if value is None else str(value) for value in grid.rows[start])
    findings += [Finding("read", "", words) for words in names.remarks(path.name)]
    columns = {}
    for n, column in enumerate(names.header):
        values = [row[n] for row in grid.rows[start + 1 :]]
        if n in names.nameless:
            is_blank = all(value is None for value in values)
            words = "without name and values is left out" if is_blank else "has no name: it is called so"
            findings.append(Finding("read", "", f"{path.name}: column {column!r} {words}"))
            if is_blank:
                continue
        columns[n] = _column(values)
        findings += _said_of_column(values, column, grid, n, path.name)
        findings += dates_among_words(values, grid.numbers[start + 1 :], column, path.name)
    findings += _said_of_formulas(grid, start, names.header, _empty_formulas(path, page), path.name)
    frame = pd.DataFrame(columns)
    return frame.set_axis([names.header[n] for n in columns], axis=1), findings


def _sheet(book: Any, path: Path, name: str, wanted: str | None) -> tuple[Any, list[Finding]]:
    sheets = {page.title: page for page in book.worksheets}
    if wanted is not None:
        if wanted not in sheets:
            raise ConfigError(
                f"{name}: expected one of the sheets {some(sheets)} of {path.name} for 'sheet' in "
                "'read', got "
                f"{wanted!r}.{did_you_mean(wanted, sheets)}"
            )
        return sheets[wanted], []
    full = [title for title, page in sheets.items() if _has_cells(page)]
    if not full:
        raise ValueError("no sheet with cells")
    if full == [next(iter(sheets))]:
        return sheets[full[0]], []
    others = f"of {some(full)}" if len(full) > 1 else "the first one has no cells"
    other = yaml_name(full[1] if len(full) > 1 else full[0])
    return sheets[full[0]], [
        Finding(
            "read",
            "",
            f"{path.name}: sheet {full[0]!r} is read, {others}",
            f"'read: {{sheet: {other}}}' names one",
        )
    ]


def _has_cells(page: Any) -> bool:
    return any(_value(cell.value) is not None for row in page.iter_rows() for cell in row)


def _value(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _grid(page: Any) -> _Grid:
    rows, numbers = [], []
    n_percents: Counter[int] = Counter()
    n_numbers: Counter[int] = Counter()
    for cells in page.iter_rows():
        row = [_value(cell.value) for cell in cells]
        if any(value is not None for value in row):
            rows.append(row)
            numbers.append(cells[0].row)
        for n, cell in enumerate(cells):
            if _is_number(cell.value):
                n_numbers[n] += 1
                n_percents[n] += "%" in cell.number_format
    if not rows:
        raise ValueError(f"no cells in sheet {page.title!r}")
    used = [n for n, column in enumerate(zip(*rows, strict=True)) if any(v is not None for v in column)]
    left = used[0]
    return _Grid(
        [row[left : used[-1] + 1] for row in rows],
        numbers,
        left + 1,
        Counter({n - left: count for n, count in n_percents.items()}),
        Counter({n - left: count for n, count in n_numbers.items()}),
    )


def _header_at(rows: Sequence[Sequence[Any]]) -> int:
    """Return which row has the names: the first, or a full one of words below rows that are half empty."""
    width = len(rows[0])
    for n, row in enumerate(rows[: _MOST_PREAMBLE + 1]):
        n_full = width - row.count(None)
        if n_full == width > 1 and n and not any(map(_is_number, row)):
            return n
        if n_full * 2 > width:
            return 0
    return 0


def _said_of_place(grid: _Grid, start: int, page: Any, file: str) -> list[Finding]:
    said = []
    if start:
        said.append(f"{start} rows above the header, which are no rows of the table, are skipped")
    if grid.first_column > 1 or grid.numbers[start] > 1:
        cell = page.cell(row=grid.numbers[start], column=grid.first_column).coordinate
        said.append(f"the table of sheet {page.title!r} begins in cell {cell}")
    return [Finding("read", "", f"{file}: {words}") for words in said]


def _fill_merged(grid: _Grid, start: int, page: Any, where: str) -> list[Finding]:
    """Give each row the value of the cells that are merged over it."""
    place = {number: n for n, number in enumerate(grid.numbers)}
    header, width = grid.numbers[start], len(grid.rows[0])
    filled = []
    for area in sorted(page.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col)):
        first, last = area.min_col - grid.first_column, area.max_col - grid.first_column
        if area.max_row < header or first >= width or last < 0:
            continue
        if area.min_row <= header:
            raise ConfigError(
                f"{where}: expected a name for each column in row {header}, got the merged cells "
                f"{area.coord}: "
                "part them, and name each column"
            )
        if first != last:
            raise ConfigError(
                f"{where}: expected a cell for each column in row {area.min_row}, got the merged cells "
                f"{area.coord}: part them, or delete the row if it is none of the table"
            )
        value = _value(page.cell(row=area.min_row, column=area.min_col).value)
        for n in range(area.min_row, area.max_row + 1):
            if n in place:
                grid.rows[place[n]][first] = value
        filled.append(area.coord)
    if not filled:
        return []
    more = f" and {len(filled) - 1} more" if len(filled) > 1 else ""
    words = f"merged cells, {filled[0]}{more}, are read as a value in each of their rows"
    return [Finding("read", "", f"{where.partition(': ')[2]}: {words}", "part them in the file to change it")]


def _check_end(grid: _Grid, start: int, where: str) -> None:
    """Refuse a line below the table, such as its source: one cell of words that stand nowhere else there."""
    rows = grid.rows[start + 1 :]
    if len(rows) < 2 or len(rows[-1]) < 3:
        return
    full = [n for n, value in enumerate(rows[-1]) if value is not None]
    if len(full) != 1:
        return
    value = rows[-1][full[0]]
    if isinstance(value, str) and number(value) is None and all(row[full[0]] != value for row in rows[:-1]):
        raise ConfigError(
            f"{where}, row {grid.numbers[-1]}: expected a row of the table, got {value!r} alone: delete "
            "the row"
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _column(values: Sequence[Any]) -> pd.Series:
    """Return a column of one type where all cells are of it, else of texts."""
    import numpy as np
    import pandas as pd

    full = [value for value in values if value is not None]
    if full and all(map(_is_number, full)):
        whole = len(full) == len(values) and all(
            isinstance(value, int) and abs(value) < 2**63 for value in full
        )
        if whole:
            return pd.Series(np.array(values, dtype=np.int64))
        return pd.Series(np.array([np.nan if value is None else value for value in values], dtype=np.float64))
    if full and all(isinstance(value, datetime.date) for value in full):
        return pd.to_datetime(pd.Series(values, dtype=object))
    if len(full) == len(values) and all(isinstance(value, bool) for value in full):
        return pd.Series(values, dtype=bool)
    if not full:
        return pd.Series(np.full(len(values), np.nan))
    texts = pd.Series(["" if value is None else _text(value) for value in values], dtype="str")
    return texts.mask(pd.Series([value is None for value in values]))


def _text(value: Any) -> str:
    """Return a cell as Excel writes it into CSV, with a point and dates as 2024-12-31."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _empty_formulas(path: Path, page: Any) -> dict[tuple[int, int], str]:
    """Return the formulas without a value: those whose value is an empty text have one."""
    formulas = formulas_of(path, page.title)
    if not formulas:
        return {}
    texts = {
        (cell.row, cell.column)
        for row in page.iter_rows()
        for cell in row
        if cell.value is None and getattr(cell, "data_type", "") in ("s", "str")
    }
    return {place: formula for place, formula in formulas.items() if place not in texts}


def _said_of_formulas(
    grid: _Grid, start: int, header: Sequence[str], formulas: Mapping[tuple[int, int], str], file: str
) -> list[Finding]:
    """Name the columns with formulas that have no value in the file."""
    found = []
    for n, column in enumerate(header):
        empty = [
            formulas[place]
            for row, number_of_row in zip(grid.rows[start + 1 :], grid.numbers[start + 1 :], strict=True)
            if row[n] is None and (place := (number_of_row, n + grid.first_column)) in formulas
        ]
        if empty:
            said = (
                f"{file}: column {column!r} has {len(empty):,} formulas without a value in the file, such as "
                f"{empty[0]!r}: they are read as missing"
            )
            remedy = "open the file in Excel or LibreOffice and save it, which computes them"
            found.append(Finding("suspect", column, said, remedy))
    return found


def _said_of_column(values: Sequence[Any], column: str, grid: _Grid, n: int, file: str) -> list[Finding]:
    found = []
    texts = [value for value in values if isinstance(value, str)]
    if texts and all(number(text) is not None for text in texts) and not are_zero_led_codes(texts):
        said = f"{file}: column {column!r}: numbers that are stored as text, in {len(texts):,} cells"
        said += ", are read as numbers"
        kind, remedy = "read", f"'nominal: [{yaml_name(column)}]' makes categories of all"
        if unclear := unclear_thousands([[text.strip()] for text in texts], [column]).unclear:
            kind, remedy = "suspect", "store them as numbers, or write them without marks of thousands"
            said += f"; the point may part thousands as well, {unclear[1]} is read as {unclear[1]}"
        found.append(Finding(kind, column, said, remedy))
    shown, n_numbers = grid.n_percents[n], grid.n_numbers[n]
    if shown:
        said = f"{file}: column {column!r}: {shown:,} of {n_numbers:,} numbers are shown as percents"
        if shown == n_numbers and not texts:
            found.append(Finding("read", column, f"{said}: what is shown as 10% is read as 0.1, its value"))
        else:
            remedy = "show all alike in the file, and correct those that are a hundred times too large"
            found.append(Finding("suspect", column, f"{said}: 10% among them is 0.1, its value", remedy))
    return found
