"""How a text file separates its cells: delimiter, decimal mark and lines before the header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from smote_bench.data.files.compressed import open_binary
from smote_bench.data.files.encodings import encoding_of, words_of_encoding
from smote_bench.data.files.quoting import Quoting, quoting_of
from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.files.text_lines import with_blanks
from smote_bench.data.values.labels import number
from smote_bench.data.values.number_marks import (
    NumberMarks,
    find_marks,
    marks_beside,
    may_be_unclear,
    unclear_thousands,
)

__all__ = ["Dialect", "sniff"]

_HEAD_CHARACTERS = 65536
_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BLANKS = {" ": "blanks"}
_LOOKED_AT = 10_000
_LINE_END = re.compile(r"\r\n|\r|\n")
_WITH_COMMA = re.compile(r"[+-]?[\d.]*,\d+")
_MOST_PREAMBLE = 30
_MOST_BROKEN = 10
_OPENS = re.compile(r'(?:^|[,;\t| ])"')
_SEP_LINE = re.compile(r'"?sep=([^\r\n"])"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How a text file is to be read.

    Parameters
    ----------
    encoding : str
        A codec of Python.
    delimiter : str
        One character; a blank stands for any number of blanks.
    n_comments : int
        Lines before the header that begin with ``#``.
    marks : NumberMarks
        Which mark is the decimal one.
    n_preamble : int
        Lines of other words before the header.
    n_skipped : int
        All lines before the header, blank ones among them.
    reading : ReadKeys
        What was given, and not guessed.
    has_sep_line : bool
        Whether the first line is Excel's ``sep=;``.
    quoting : Quoting
        What stands in quotes.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    n_comments: int = 0
    marks: NumberMarks = field(default_factory=NumberMarks)
    n_preamble: int = 0
    n_skipped: int = 0
    reading: ReadKeys = field(default_factory=ReadKeys)
    has_sep_line: bool = False
    quoting: Quoting = field(default_factory=Quoting)

    def remarks(self, file: str) -> list[str]:
        """Return what was guessed, in words; nothing of a comma-separated file in UTF-8."""
        said = words_of_encoding(self.encoding, file) if self.reading.encoding is None else []
        if self.has_sep_line:
            said.append(f"{file}: the first line, 'sep=', is no row: it says what separates the cells")
        elif self.delimiter != "," and self.reading.sep is None:
            said.append(f"{file}: cells are separated by {(_WORDS | _BLANKS)[self.delimiter]}")
        said += self.quoting.remarks(file)
        if self.n_comments:
            said.append(f"{file}: {self.n_comments} comment lines before the header are skipped")
        if self.n_preamble:
            said.append(f"{file}: {self.n_preamble} lines before the header, which are no rows, are skipped")
        if self.decimal_comma and self.reading.decimal is None and not self.marks.unclear:
            said.append(f"{file}: numbers have a decimal comma, 3,5 is read as 3.5")
        return said

    @property
    def decimal_comma(self) -> bool:
        """Whether ``3,5`` is a number."""
        return self.marks.decimal == ","

    def without_thousands(self, cells: list[str]) -> list[str]:
        """Return the cells with a decimal point and without the mark of thousands that was given."""
        return [self._without_thousands(cell) for cell in cells]

    @property
    def _number_with_thousands(self) -> re.Pattern[str]:
        mark, point = re.escape(self.reading.thousands or ""), "," if self.decimal_comma else r"\."
        return re.compile(rf"\s*[+-]?(?:\d{{1,3}}(?:{mark}\d{{3}})+|\d*)(?:{point}\d*)?(?:[eE][+-]?\d+)?\s*")

    def _without_thousands(self, cell: str) -> str:
        if not self._number_with_thousands.fullmatch(cell):
            return cell
        bare = cell.replace(self.reading.thousands or "", "")
        return bare.replace(",", ".") if self.decimal_comma else bare


def sniff(path: Path, reading: ReadKeys | None = None, marks: NumberMarks | None = None) -> Dialect:
    """Guess the dialect of a file from its bytes and its lines, but for what `reading` and `marks` say.

    A file that is a comma-separated table by its first two lines is read as one. The decimal mark is decided
    by rows from all over the file.

    Raises
    ------
    OSError, EOFError
        If the file cannot be read.
    """
    given = reading or ReadKeys()
    encoding = given.encoding or encoding_of(path)
    try:
        physical = _first_lines(path, encoding)
    except UnicodeError:  # to be told, with its line, when the rows are read
        return Dialect(encoding, given.sep or ",", reading=given)
    start = (given.header_line or 1) - 1
    quoting = quoting_of(
        [line for line in physical[start:] if line.strip() and not line.startswith(given.comment or "#")],
        given.sep,
    )
    physical = physical if quoting.is_usual else [quoting.usual(line) for line in physical]
    first, sep = _sep_line(physical)
    has_sep_line = sep is not None
    start, sep = max(start, first + 1) if has_sep_line else start, given.sep or sep
    numbered = _joined(
        [
            (n, line)
            for n, line in enumerate(physical)
            if n >= start and line.strip() and not (given.comment and line.startswith(given.comment))
        ][:200]
    )
    n_comments = n_preamble = 0
    if given.header_line is None:
        n_comments = _n_comments([line for _, line in numbered], sep)
        if given.has_header:
            n_preamble = _n_preamble([line for _, line in numbered[n_comments:]], sep)
    rest = numbered[n_comments + n_preamble :]
    n_skipped = rest[0][0] if rest and (n_comments or n_preamble) else start
    lines = [line for _, line in rest]
    delimiter = sep or _delimiter(lines)
    return Dialect(
        encoding,
        delimiter,
        n_comments,
        _given_marks(given)
        or _Sample(path, encoding, lines, delimiter, n_skipped, given, quoting).marks(marks),
        n_preamble,
        n_skipped,
        given,
        has_sep_line,
        quoting,
    )


def _sep_line(lines: Sequence[str]) -> tuple[int, str | None]:
    """Return the place of the first line with words, and the mark it names where it is Excel's ``sep=;``."""
    place = next((n for n, line in enumerate(lines) if line.strip()), 0)
    found = _SEP_LINE.fullmatch(lines[place]) if lines else None
    return place, found[1] if found else None


def _joined(numbered: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put the lines of a cell in quotes with line breaks in it together."""
    found = []
    while numbered:
        (n, line), *_ = numbered
        n_lines = 1
        if _is_open(line):
            ends = (k for k in range(2, _MOST_BROKEN + 1) if not _is_open(_lines(numbered[:k])))
            n_lines = next(ends, 1)
        found.append((n, _lines(numbered[:n_lines])))
        numbered = numbered[n_lines:]
    return found


def _lines(numbered: Sequence[tuple[int, str]]) -> str:
    return " ".join(line for _, line in numbered)


def _is_open(text: str) -> bool:
    """Tell whether a cell in quotes begins in a text and does not end there."""
    return text.count('"') % 2 == 1 and _OPENS.search(text) is not None


def _first_lines(path: Path, encoding: str) -> list[str]:
    with open_binary(path) as stream:
        head = codecs.getincrementaldecoder(encoding)().decode(stream.read(_HEAD_CHARACTERS))
    lines = _LINE_END.split(head)
    if len(head) >= _HEAD_CHARACTERS // 2 and len(lines) > 2:
        lines.pop()  # may be cut
    return lines


def _given_marks(given: ReadKeys) -> NumberMarks | None:
    if given.decimal is None and given.thousands is None:
        return None
    decimal = given.decimal or ("," if given.thousands == "." else ".")
    return NumberMarks(decimal, is_known=True, has_marks=True)


@dataclass(frozen=True)
class _Sample:
    """Rows from all over a file, by which its marks are decided."""

    path: Path
    encoding: str
    lines: Sequence[str]
    delimiter: str
    n_skipped: int
    given: ReadKeys
    quoting: Quoting

    def marks(self, borrowed: NumberMarks | None) -> NumberMarks:
        """Decide the decimal mark; in a comma-separated file each column with quoted commas says its own.

        `borrowed` are the marks of the file that trains, which a test file has as well.
        """
        if not self.lines:
            return borrowed or NumberMarks()
        names, delimiter = self._names(), self.delimiter
        try:
            if borrowed is not None:
                return marks_beside(borrowed, find_marks(self._rows(), names, ";"), delimiter)
            if delimiter != ",":
                return find_marks(self._rows(), names, delimiter)
            head = [_cells(line, delimiter) for line in self.lines[self.given.has_header :]]
            return unclear_thousands(self._rows(), names) if may_be_unclear(head, names) else NumberMarks()
        except UnicodeError:
            return NumberMarks()

    def _names(self) -> list[str]:
        given, lines = self.given, self.lines
        header = _cells(lines[0], self.delimiter)
        names = list(given.header) if isinstance(given.header, tuple) else [name.strip() for name in header]
        if given.has_header and len(lines) > 1 and _width(lines[1], self.delimiter) == len(names) + 1:
            return ["", *names]  # the names of the rows have none
        return names

    def _rows(self) -> Iterator[list[str]]:
        # about as long as the first lines: the rows looked at lie all over the file
        n_lines = self.path.stat().st_size // max(sum(map(len, self.lines)) // len(self.lines), 1)
        step = max(n_lines // _LOOKED_AT, 1)
        comment = self.given.comment
        with (
            open_binary(self.path) as stream,
            io.TextIOWrapper(stream, encoding=self.encoding, newline="") as text,
        ):
            for n, line in enumerate(text):
                if (
                    n >= self.n_skipped + self.given.has_header
                    and (n % step == 0 or n < _LOOKED_AT // 10)
                    and not (comment and line.startswith(comment))
                ):
                    yield _cells(self.quoting.usual(line), self.delimiter)


def _n_comments(lines: Sequence[str], sep: str | None) -> int:
    """Count the comments; a header that begins with ``#`` is none: it is as wide as the values below."""
    n_comments = 0
    while n_comments < len(lines) and lines[n_comments].startswith("#"):
        n_comments += 1
    rest = lines[n_comments:]
    if not n_comments or not rest:
        return 0
    delimiter = sep or _delimiter(rest)
    below, next_below = (_has_number(line, delimiter) for line in [*rest, ""][:2])
    alike = _width(lines[n_comments - 1], delimiter) == _width(rest[0], delimiter)
    return 0 if alike and not (next_below and not below) else n_comments


def _has_number(line: str, delimiter: str) -> bool:
    return any(number(cell) is not None for cell in _cells(line, delimiter))


def _n_preamble(lines: Sequence[str], sep: str | None) -> int:
    """Count lines such as a report's title, mostly empty, before a line of words and rows as wide as it."""
    best = 0, 0
    if any(_is_table(lines, mark) for mark in ([sep] if sep else _WORDS)):
        return 0
    for mark in [sep] if sep else _WORDS:
        rows = [_cells(line, mark) for line in lines]
        widths = Counter(map(len, rows[1:]))
        width = max(widths, key=lambda w: (widths[w], w), default=0)
        start = next(
            (n for n, cells in enumerate(rows) if len(cells) == width and all(map(str.strip, cells))), 0
        )
        below = rows[start + 1 :]
        if (
            width > 1
            and 0 < start <= _MOST_PREAMBLE
            and len(below) > 1
            and all(len(cells) == width for cells in below)
            and all(number(cell) is None for cell in rows[start])
            and all(_n_full(line) * 2 <= width for line in lines[:start])
        ):
            best = max(best, (width, start))
    return best[1]


def _n_full(line: str) -> int:
    """Count the cells of a line that are not blank, by the mark that finds most of them."""
    return max(sum(map(bool, map(str.strip, _cells(line, mark)))) for mark in _WORDS)


def _is_table(lines: Sequence[str], mark: str) -> bool:
    """Tell whether the first line is full and as wide as the second."""
    first, second = (_cells(line, mark) for line in [*lines, "", ""][:2])
    return 1 < len(first) == len(second) and all(map(str.strip, first))


def _delimiter(lines: Sequence[str]) -> str:
    first, second = [*lines, "", ""][:2]
    widths = {mark: _width(first, mark) for mark in _WORDS}
    alike = [mark for mark in _WORDS if widths[mark] > 1 and widths[mark] == _width(second, mark)]
    # R leaves out the name of the rows' names
    alike = alike or [
        mark for mark in _WORDS if widths[mark] > 1 and widths[mark] + 1 == _width(second, mark)
    ]
    if "," in alike and len(alike) > 1:
        return _clearest(lines, alike)
    if "," in alike or (not alike and widths[","] > 1):
        return ","
    if max(widths.values()) == 1 and _by_blanks(lines):
        return " "
    return max(alike or _WORDS, key=widths.__getitem__)


def _clearest(lines: Sequence[str], marks: Sequence[str]) -> str:
    """Return the mark by which most lines are as wide as the first, and fewest cells have another mark.

    Names of columns may have commas as well, and numbers a decimal comma. Of equals, the comma.
    """
    found = {}
    for mark in marks:
        rows = [_cells(line, mark) for line in lines]
        others = [other for other in marks if other != mark]
        cells = [cell for row in rows for cell in row]
        n_alike = sum(len(row) == len(rows[0]) for row in rows)
        n_clear = sum(
            not any(other in cell for other in others)
            or (mark != "," and _WITH_COMMA.fullmatch(cell.strip()) is not None)
            for cell in cells
        )
        found[mark] = (n_alike / len(rows), n_clear / len(cells), mark == ",")
    return max(found, key=found.__getitem__)


def _by_blanks(lines: Sequence[str]) -> bool:
    """Tell whether cells are separated by blanks: all lines of one width, with numbers in the second.

    The first may have one less: R leaves out the name of the rows' names.
    """
    rows = [_cells(line, " ") for line in lines]
    return (
        len(rows) > 2
        and len(rows[0]) > 1
        and len(rows[0]) in (len(rows[1]), len(rows[1]) - 1)
        and all(len(cells) == len(rows[1]) for cells in rows[1:])
        and any(number(cell) is not None for cell in rows[1])
    )


def _width(line: str, delimiter: str) -> int:
    return len(_cells(line, delimiter))


def _cells(line: str, delimiter: str) -> list[str]:
    blanks = delimiter == " "
    text = with_blanks(line).strip() if blanks else line
    return next(csv.reader([text], delimiter=delimiter, skipinitialspace=blanks), [])
