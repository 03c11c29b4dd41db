"""Cells that are not of their column's kind, and the lines of the file in which they stand."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.formats import format_of
from smote_bench.data.files.read_keys import read_keys
from smote_bench.data.findings import yaml_name
from smote_bench.data.tables.layouts import Layout, marks_of
from smote_bench.data.values.labels import several
from smote_bench.errors import ConfigError, SmoteBenchError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["WrongCellsError", "lines_of", "or_missing", "with_lines"]

_SHOWN = 3
_LOOKED_AT = 20_000
_MOST_MARKERS = 5


class WrongCellsError(ConfigError):
    """A column has cells that are none of its kind.

    Parameters
    ----------
    message : str
    column : str
    texts : tuple of str
        The cells, as they stand in the file; none for infinite numbers.
    """

    def __init__(self, message: str, column: str, texts: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.column = column
        self.texts = texts

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (str(self), self.column, self.texts)


@contextlib.contextmanager
def with_lines(path: Path, layout: Layout) -> Iterator[None]:
    """Add to an error about cells where in the file they stand, and show them as they stand there."""
    try:
        yield
    except WrongCellsError as error:
        said = f"{error}{lines_of(path, layout, error.column, error.texts)}"
        raise ConfigError(as_written(said, path, layout)) from error
    except ConfigError as error:
        if (said := as_written(str(error), path, layout)) == str(error):
            raise
        raise ConfigError(said) from error


def as_written(message: str, path: Path, layout: Layout) -> str:
    """Return a message with cells as they stand in a text file, where numbers were read with a decimal point.

    Labels that the experiment names are left as they are there.
    """
    if format_of(path) != "text":
        return message
    named = {repr(one) for one in several(layout.minority)}
    try:
        with CsvRows(path, layout.name, read_keys(layout), marks_of(layout)) as rows:
            for cell, plain in rows.changed_cells(_LOOKED_AT):
                if (shown := repr(plain)) in message and shown not in named:
                    message = message.replace(shown, repr(cell))
    except (SmoteBenchError, ValueError, OSError):
        pass
    return message


def or_missing(texts: Sequence[str]) -> str:
    """Return the key that takes cells as missing, as a part of a remedy; empty where there is none.

    >>> print(or_missing(["k.A.", "#NV"]).rstrip())
    'read: {na: [k.A., "#NV"]}' takes them as missing,
    """
    words = list(dict.fromkeys(text.strip() for text in texts))
    if len(words) > _MOST_MARKERS or any(map(_may_be_number, words)):
        return ""
    marks = ", ".join(map(yaml_name, words))
    return f"'read: {{na: [{marks}]}}' takes {'them' if len(words) > 1 else 'it'} as missing, "


def _may_be_number(text: str) -> bool:
    """Tell whether a text may be a number that is misspelt; ``1.#INF`` is none."""
    return "#" not in text and any(map(str.isdigit, text))


def lines_of(path: Path, layout: Layout, column: str, texts: Collection[str]) -> str:
    """Return the lines of the first wrong cells in words; empty where the file has none, or none is found."""
    if format_of(path) != "text":
        return ""
    found: list[int] = []
    wanted = {text.strip() for text in texts}
    try:
        with CsvRows(path, layout.name, read_keys(layout), marks_of(layout)) as rows:
            place = (rows.header or []).index(column)
            for line, cells in rows:
                text = cells[place].strip()
                if text in wanted or (not wanted and _is_infinite(text)):
                    found.append(line)
                    if len(found) > _SHOWN:
                        break
    except (SmoteBenchError, ValueError, IndexError, OSError):
        return ""
    shown = ", ".join(map(str, found[:_SHOWN])) + (" and more" if len(found) > _SHOWN else "")
    return f" ({path.name}, line{'s' * (len(found) > 1)} {shown})" if found else ""


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
