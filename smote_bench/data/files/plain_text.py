"""Large text files in which nothing is to be decided: pandas reads them as they stand.

Row by row, as `csv_rows` reads, a million rows take ten times as long. A file is plain when that reader would
change nothing: ASCII, no quotation marks, no blanks around cells, no blank lines, every line as wide as the
header, and a value in the last one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

__all__ = ["SMALLEST_BYTES", "is_plain", "lines_of"]

SMALLEST_BYTES = 1 << 20
"""Smaller files are read row by row, which costs less than a second."""

_CHUNK_BYTES = 1 << 23
# What `str.strip` takes away, or what ends a line, beside blanks, tabs and line feeds.
_OTHER_BLANKS = b"\x0b\x0c\x1c\x1d\x1e\x1f\x85"


def is_plain(path: Path, delimiter: str, n_columns: int, *, smallest: int | None = None) -> bool:
    """Tell whether a file is plain, and not small.

    Parameters
    ----------
    path : Path
        A text file that is not packed and has its header in the first line.
    delimiter : str
        One ASCII character, which is no blank.
    n_columns : int
        Names in the header: two or more.
    smallest : int, optional
        In bytes; the default is `SMALLEST_BYTES`.
    """
    if path.stat().st_size < (SMALLEST_BYTES if smallest is None else smallest):
        return False
    with path.open("rb") as file:
        header, body = file.readline(), file.read()
    if b'"' in header or b"\0" in header or b"\r" in header[:-2]:  # with a \r the header ends there
        return False
    if not header.endswith(b"\n") or not body or not _has_plain_cells(body, delimiter.encode()):
        return False
    if not body[body.rfind(b"\n", 0, -1) + 1 :].strip(delimiter.encode() + b"\r\n"):
        return False  # below the table, perhaps
    return _is_rectangular(body, ord(delimiter), n_columns - 1)


def lines_of(path: Path, rows: Sequence[int]) -> list[bytes]:
    """Return lines below the header of a plain file by their numbers, from 0, without their ends."""
    wanted = set(rows)
    last = max(rows, default=-1)
    with path.open("rb") as file:
        file.readline()
        lines = enumerate(itertools.islice(file, last + 1))
        found = {n: line.rstrip(b"\r\n") for n, line in lines if n in wanted}
    return [found[n] for n in rows]


def _has_plain_cells(body: bytes, mark: bytes) -> bool:
    if not body.isascii() or b'"' in body or b"\0" in body:
        return False
    if body.startswith(b"#") or b"\n#" in body:  # a comment, perhaps
        return False
    if any(bytes((byte,)) in body for byte in _OTHER_BLANKS):
        return False
    if b"\r" in body and body.count(b"\r") != body.count(b"\r\n"):
        return False
    for blank in (b" ", b"\t"):
        if blank != mark and blank in body:
            beside = (mark + blank, blank + mark, b"\n" + blank, blank + b"\n", blank + b"\r")
            if body.startswith(blank) or body.endswith(blank) or any(text in body for text in beside):
                return False
    return True


def _is_rectangular(body: bytes, mark: int, n_marks: int) -> bool:
    """Tell whether every line has so many marks; a blank line has none."""
    import numpy as np

    start = 0
    while start < len(body):
        end = min(start + _CHUNK_BYTES, len(body))
        if end < len(body):
            end = body.rfind(b"\n", start, end) + 1
            if end <= start:
                return False  # a line of millions of characters
        chunk = np.frombuffer(body, np.uint8, end - start, start)
        ends = np.flatnonzero(chunk == ord("\n"))
        if not len(ends) or ends[-1] != len(chunk) - 1:
            ends = np.append(ends, len(chunk) - 1)  # the last line has no end
        starts = np.append(0, ends[:-1] + 1)
        if (np.add.reduceat((chunk == mark).astype(np.int64), starts) != n_marks).any():
            return False
        start = end
    return True
