"""How a text file separates its cells: encoding, delimiter, decimal mark and leading comment lines."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

__all__ = ["Dialect", "sniff"]

_HEAD_CHARACTERS = 65536
_CHUNK_BYTES = 1 << 20
_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d+,\d+\s*")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_POINT_NUMBER = re.compile(r"\s*[+-]?\d+\.\d+(?:(?:\.\d{3})*,\d+)?\s*")
# 1.234,50 too: whether its marks are those of a column, `clothed_numbers` finds out from all its cells


@dataclass(frozen=True)
class Dialect:
    """How a text file is to be read.

    Parameters
    ----------
    encoding : str
        A codec of Python.
    delimiter : str
        One character.
    n_comments : int
        Lines before the header that begin with ``#``.
    decimal_comma : bool
        Whether ``3,5`` is a number.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    n_comments: int = 0
    decimal_comma: bool = False

    def remarks(self, file: str) -> list[str]:
        """Return what was guessed, in words; nothing of a comma-separated file in UTF-8."""
        said = []
        if self.encoding != "utf-8-sig":
            said.append(f"{file}: read as {self.encoding.upper()}, since it is no UTF-8")
        if self.delimiter != ",":
            said.append(f"{file}: cells are separated by {_WORDS[self.delimiter]}")
        if self.n_comments:
            said.append(f"{file}: {self.n_comments} comment lines before the header are skipped")
        if self.decimal_comma:
            said.append(f"{file}: numbers have a decimal comma, 3,5 is read as 3.5")
        return said

    def plain(self, cells: list[str]) -> list[str]:
        """Return the cells with a decimal point in every number."""
        if not self.decimal_comma:
            return cells
        return [cell.replace(",", ".") if _COMMA_NUMBER.fullmatch(cell) else cell for cell in cells]


def sniff(path: Path) -> Dialect:
    """Guess the dialect of a file from its bytes and its first lines.

    A file that is a comma-separated table by its first two lines is read as one.

    Raises
    ------
    OSError, EOFError
        If the file cannot be read.
    """
    encoding = _encoding(path)
    with _binary(path) as stream:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            head = decoder.decode(stream.read(_HEAD_CHARACTERS))
        except UnicodeDecodeError:
            return Dialect(encoding)
    lines = [line for line in head.splitlines() if line.strip()][:200]
    if len(head) >= _HEAD_CHARACTERS // 2 and len(lines) > 2:
        lines.pop()  # may be cut
    n_comments = 0
    while n_comments < len(lines) and lines[n_comments].startswith("#"):
        n_comments += 1
    if n_comments and not _is_comment(lines, n_comments):
        n_comments = 0
    lines = lines[n_comments:]
    delimiter = _delimiter(lines)
    cells = [cell for row in csv.reader(lines[1:], delimiter=delimiter) for cell in row]
    decimal_comma = (
        delimiter != ","
        and any(map(_COMMA_NUMBER.fullmatch, cells))
        and not any(map(_POINT_NUMBER.fullmatch, cells))
    )
    return Dialect(encoding, delimiter, n_comments, decimal_comma)


def _is_comment(lines: list[str], n_comments: int) -> bool:
    """Tell a comment from a header that begins with ``#``: the header is as wide as the rows."""
    rest = lines[n_comments:]
    if not rest:
        return False
    delimiter = _delimiter(rest)
    return _width(lines[n_comments - 1], delimiter) != _width(rest[0], delimiter)


def _delimiter(lines: list[str]) -> str:
    first, second = [*lines, "", ""][:2]
    widths = {mark: _width(first, mark) for mark in _WORDS}
    alike = [mark for mark in _WORDS if widths[mark] > 1 and widths[mark] == _width(second, mark)]
    if "," in alike or (not alike and widths[","] > 1):
        return ","
    return max(alike or _WORDS, key=widths.__getitem__)


def _width(line: str, delimiter: str) -> int:
    return len(next(csv.reader([line], delimiter=delimiter), []))


def _encoding(path: Path) -> str:
    with _binary(path) as stream:
        start = first = stream.read(_CHUNK_BYTES)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while start:
                decoder.decode(start)
                start = stream.read(_CHUNK_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            # what has control characters is no text: reading it as UTF-8 tells where
            return "utf-8-sig" if _BINARY.search(first) else "latin-1"
    return "utf-8-sig"


def _binary(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
