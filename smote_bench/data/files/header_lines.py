"""In which line of a text file the names of its columns may be, where the first one lacks the target."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from smote_bench.data.files.compressed import READ_ERRORS, open_binary
from smote_bench.data.files.encodings import encoding_of

__all__ = ["line_with"]

_BETWEEN = re.compile(r"[,;\t|]")
_MOST_LINES = 50


def line_with(path: Path, name: str) -> int:
    """Return the next line that has a name as a cell, counted from 1; 0 if none of fifty has it.

    Parameters
    ----------
    path : Path
        A text file, which may be packed.
    name : str
        Of a column that the first line lacks.
    """
    try:
        encoding = encoding_of(path)
        with open_binary(path) as stream:
            lines = [line.decode(encoding) for line in itertools.islice(stream, _MOST_LINES)]
    except (UnicodeDecodeError, *READ_ERRORS):  # told where the rows are read
        return 0
    for n, line in enumerate(lines, 1):
        cells = [cell.strip(" \"'\r\n") for cell in _BETWEEN.split(line)]
        if n > 1 and len(cells) > 1 and name in cells:
            return n
    return 0
