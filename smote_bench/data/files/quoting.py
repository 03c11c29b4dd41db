"""What stands in quotes in a text file, where it is not cells in double ones: cells in single ones, lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Quoting", "parted_in_single_quotes", "quoting_of"]

_LINES = 200
_MARKS = (",", ";", "\t", "|")
_WHOLE = re.compile(r'\s*"(?:[^"]|"")*"\s*')
_CELL = r" *(?:'(?:[^']|'')*' *)?"
_SWAPPED = str.maketrans("'\"", "\"'")


@dataclass(frozen=True)
class Quoting:
    """What is in quotes.

    Parameters
    ----------
    mark : {'"', "'"}
        What stands around cells.
    is_of_lines : bool
        Whether each line is in double quotes as a whole, and those inside of it are written twice.
    """

    mark: str = '"'
    is_of_lines: bool = False

    @property
    def is_usual(self) -> bool:
        """Whether it is that of CSV: cells in double quotes, or none."""
        return self == Quoting()

    def bare(self, line: str) -> str:
        """Return a line without the quotes around it, if lines have some, and with its own end."""
        text = line.strip()
        if not self.is_of_lines or not _WHOLE.fullmatch(text):
            return line
        return text[1:-1].replace('""', '"') + line[len(line.rstrip("\r\n")) :]

    def usual(self, line: str) -> str:
        """Return a line of which the cells are as they would be in double quotes, to guess by."""
        return self.bare(line) if self.mark == '"' else line.translate(_SWAPPED)

    def remarks(self, file: str) -> list[str]:
        """Return what was guessed, in words."""
        if self.is_of_lines:
            return [f"{file}: each line is in quotes as a whole: they are left out, and its cells are read"]
        return [f"{file}: cells are in single quotes, which are left out"] if self.mark == "'" else []


def quoting_of(lines: Sequence[str], sep: str | None) -> Quoting:
    """Guess what is in quotes, by the first lines of a file; what is not sure is as in CSV.

    Parameters
    ----------
    lines : sequence of str
        The header first, without blank lines and comments.
    sep : str, optional
        What separates cells, where it is known.

    Returns
    -------
    Quoting
        Of single quotes where each row's cells are all in them, but for empty ones: words alone may have them
        as a part of their names. Of lines where all lines are one cell in double quotes, and of one width
        without them: as it stands, such a file has one column.
    """
    first, *rows = [line.rstrip("\r\n") for line in lines[:_LINES]] or [""]
    marks = (sep,) if sep else _MARKS
    if not rows:
        return Quoting()
    if all(map(_WHOLE.fullmatch, (first, *rows))):
        of_lines = Quoting(is_of_lines=True)
        inner = [of_lines.bare(line) for line in (first, *rows)]
        return of_lines if any(_are_alike(inner, mark) for mark in marks) else Quoting()
    if "'" not in rows[0]:
        return Quoting()
    for mark in marks:
        in_quotes = re.compile(f"{_CELL}(?:{re.escape(mark)}{_CELL})+")
        is_header = "'" not in first or in_quotes.fullmatch(first)
        if is_header and all("'" in row and in_quotes.fullmatch(row) for row in rows):
            return Quoting("'")
    return Quoting()


def parted_in_single_quotes(cells: Sequence[str]) -> str:
    """Return what looks like one cell in single quotes that was parted; empty where there is none.

    >>> parted_in_single_quotes(["1", "'red", " dark'", "yes"]), parted_in_single_quotes(["'red'", "it's"])
    ("'red, dark'", '')
    """
    opened = None
    for n, cell in enumerate(map(str.strip, cells)):
        begins, ends = cell.startswith("'"), cell.endswith("'")
        if begins and not ends:
            opened = n
        elif ends and not begins and opened is not None:
            return ",".join(cells[opened : n + 1]).strip()
    return ""


def _are_alike(lines: Sequence[str], mark: str) -> bool:
    widths = {len(cells) for cells in csv.reader(lines, delimiter=mark)}
    return len(widths) == 1 and min(widths) > 1
