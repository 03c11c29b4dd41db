"""The rows of a CSV file as text, every one as wide as the header.

Whoever needs the rows of a user's file takes them from here, the check while pytest collects and the load
alike: two readers that disagree on where a cell ends would check one table and load another. `dialects`
guesses the delimiter and the encoding.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from smote_bench.data.files.compressed import PACKED, READ_ERRORS, open_binary
from smote_bench.data.files.dialects import sniff
from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.values.number_marks import NumberMarks, PlainNumbers
from smote_bench.errors import ConfigError

__all__ = ["CsvRows", "lift_field_limit", "start_of_row"]

_LONGEST_FIELD = 2**31 - 1  # what a C long holds on every platform
_SHOWN = 60


def lift_field_limit() -> None:
    """Let the standard library read cells of any length: its default of 131072 characters is an error."""
    csv.field_size_limit(_LONGEST_FIELD)


class CsvRows:
    """A delimited text file with a header, open for one reading from top to end.

    Iterating gives (number of the line in the file, cells) of every row below the header; blank lines are
    passed over. Cells beyond the header that are blank in every row are cut off, so is the end of a header
    that no row has and that names nothing.

    Parameters
    ----------
    path : Path
        A delimited text file, which may be packed.
    name : str
        What messages call the data set.
    reading : ReadKeys, optional
        What is known of its form; the rest is guessed.
    marks : NumberMarks, optional
        The decimal mark, where another file has decided it.

    Attributes
    ----------
    header : list of str
        A name for every column, without blanks around it; one that the file leaves blank is ``Unnamed: 3``,
        counted from 0. None in an empty file.

    Raises
    ------
    ConfigError
        While it is opened or read: if it is no such file, a name occurs twice, or a row is not as wide as the
        header.
    """

    def __init__(
        self, path: Path, name: str, reading: ReadKeys | None = None, marks: NumberMarks | None = None
    ) -> None:
        self._path, self._name = path, name
        lift_field_limit()
        try:
            self._dialect = dialect = sniff(path, reading, marks)
            self._stream = io.TextIOWrapper(open_binary(path), encoding=dialect.encoding, newline="")
        except READ_ERRORS as error:
            raise ConfigError(
                f"{name}: expected {self._kind()} at {path}, got {error} (line 1): check the file"
            ) from error
        by_blanks = dialect.delimiter == " "
        self._lines = _Lines(self._stream, dialect.reading.comment, strip=by_blanks)
        self._reader = csv.reader(
            self._lines, strict=True, delimiter=dialect.delimiter, skipinitialspace=by_blanks
        )
        for _ in range(dialect.n_skipped):
            self._lines.skip()
        self._next_line = 1 + dialect.n_skipped
        self._first: list[tuple[int, list[str]]] = []
        self._padded: list[str] = []
        self._cut = False
        try:
            self.header = self._read_header()
        except BaseException:
            self._stream.close()
            raise
        self._blank = set(self._nameless)
        self._numbers = PlainNumbers(dialect.marks, self.header)

    def __enter__(self) -> CsvRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = itertools.chain(self._first, self._records())
        first = next(rows, None)
        if first is None:
            return
        width = self._width_of_rows(*first)
        n_named = len(self.header)
        plain = self._plain_form()
        for line, cells in itertools.chain([first], rows):
            if len(cells) != width or (width > n_named and _text(cells[n_named:])):
                raise self._ragged(line, cells, first[0], width)
            if self._blank:
                self._blank -= {n for n in self._blank if cells[n].strip()}
            yield line, plain(cells if width == n_named else cells[:n_named])

    def _plain_form(self) -> Callable[[list[str]], list[str]]:
        """Return what writes the numbers of a row with a decimal point."""
        if self._dialect.reading.thousands is not None:
            return self._dialect.without_thousands
        marks = self._dialect.marks
        if marks.has_marks or marks.decimal != ".":
            return self._numbers.plain
        return list

    @property
    def marks(self) -> NumberMarks:
        """Which mark is the decimal one."""
        return self._dialect.marks

    @property
    def doubts(self) -> list[Finding]:
        """What may have been read wrongly; known once all rows were read."""
        marks, file = self.marks, self._path.name
        remedy = "correct them, list the column under 'nominal', or say which mark it is: 'read: {decimal}'"
        return [
            *(Finding("suspect", "", said, marks.remedy) for said in marks.doubts(file)),
            *(Finding("suspect", name, said, remedy) for name, said in self._numbers.misfits(file)),
            *(
                Finding("suspect", name, said, f"'nominal: [{yaml_name(name)}]' makes categories of them")
                for name, said in self._numbers.twice(file)
            ),
        ]

    @property
    def plain_delimiter(self) -> str:
        """The delimiter of a file of which no cell is to be changed and no line skipped; empty of others."""
        dialect, given = self._dialect, self._dialect.reading
        is_changed = (
            dialect.decimal_comma
            or dialect.marks.has_marks
            or given.thousands is not None
            or given.comment is not None
        )
        is_moved = dialect.n_skipped or not given.has_header or self._nameless or self._padded
        is_packed = self._path.suffix.lower() in PACKED
        return "" if is_changed or is_moved or is_packed or dialect.delimiter == " " else dialect.delimiter

    @property
    def left_out(self) -> list[str]:
        """The columns without name and value, which are no features; known once all rows were read."""
        return [self.header[n] for n in sorted(self._blank)]

    @property
    def remarks(self) -> list[str]:
        """What was read otherwise than it stands there; known once all rows were read."""
        said = [*self._dialect.remarks(self._path.name), *self._numbers.remarks(self._path.name)]
        if self._cut:
            said.append(f"{self._path.name}: commas at the end of the header or of the rows are left out")
        if self._padded:
            said.append(
                f"{self._path.name}: blanks around names of columns are left out, as of {self._padded[0]!r}"
            )
        said += [
            f"{self._path.name}: a column without name and values is left out ({name})"
            for name in self.left_out
        ]
        said += [
            f"{self._path.name}: column {n + 1} has no name: it is called {self.header[n]!r}"
            for n in sorted(self._nameless - self._blank)
        ]
        return said

    def _read_header(self) -> list[str]:
        given = self._dialect.reading
        self._first = [] if given.has_header else list(itertools.islice(self._records(), 1))
        if given.has_header:
            _, header = next(self._records(), (0, []))
        elif isinstance(given.header, tuple):
            header = list(given.header)
        else:
            header = [f"c{n}" for n in range(1, len(self._first[0][1]) + 1)] if self._first else []
        self._padded = [text for text in header if text.strip() != text and text.strip()]
        header = [text.strip() for text in header]
        self._nameless = {n for n, text in enumerate(header) if not text.strip()}
        taken = set(header)
        for n in self._nameless:
            header[n] = f"Unnamed: {n}"
            while header[n] in taken:
                header[n] += "_"
        twice = [text for text, count in Counter(header).items() if count > 1]
        if twice:
            raise ConfigError(
                f"{self._name}: expected distinct column names in {self._path.name}, got {twice[0]!r} "
                "more than once: rename one"
            )
        return header

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield what is between line ends outside of quotes, with the line it begins in."""
        try:
            for cells in self._reader:
                line, self._next_line = self._next_line, self._lines.n_read + 1
                if len(cells) > 1 or _text(cells):
                    yield line, cells
        except csv.Error as error:  # strict: a quotation mark that is odd in number swallows rows otherwise
            where = f"{self._name}: {self._path.name}, line {self._next_line}"
            if self._lines.ended:  # the reader asked for more than there is
                raise ConfigError(
                    f"{where}: expected a closing quotation mark, got the end of the file: close the cell"
                ) from error
            raise ConfigError(
                f"{where}: expected a comma or the end of the line behind a closing quotation mark, got "
                f"{error} in line {self._lines.n_read}: correct the line; one inside of "
                "a quoted cell is written twice"
            ) from error
        except (UnicodeDecodeError, *READ_ERRORS) as error:
            raise ConfigError(
                f"{self._name}: expected {self._kind()} at {self._path}, got {error} "
                f"(line {self._next_line}): check the file"
            ) from error

    def _kind(self) -> str:
        given = self._dialect.reading.encoding if hasattr(self, "_dialect") else None
        return f"a CSV file in {given}" if given else "a UTF-8 CSV file"

    def _width_of_rows(self, line: int, cells: list[str]) -> int:
        """Return how wide every row has to be, by the header and the first row; cut what names nothing."""
        n_named, width = len(self.header), len(cells)
        if width < n_named and self._nameless.issuperset(range(width, n_named)):
            del self.header[width:]
            self._nameless &= set(range(width))
            self._blank &= self._nameless
            self._cut = True
        elif width != n_named and (width < n_named or _text(cells[n_named:])):
            raise self._ragged(line, cells, line, width)
        self._cut |= width > n_named
        return width

    def _ragged(self, line: int, cells: list[str], first_line: int, width: int) -> ConfigError:
        """Return an error that names the first line that is not as wide as the header."""
        n_named = len(self.header)
        where = f"{self._name}: {self._path.name}, line"
        if line == first_line or width == n_named or _text(cells[n_named:]):
            return ConfigError(
                f"{where} {line}: expected {n_named} cells as in the header, got {len(cells)} "
                f"({start_of_row(cells)}): correct the line; a comma inside a cell needs quotes around it"
            )
        return ConfigError(
            f"{where} {first_line}: expected {n_named} cells as in the header, got {width}, the last "
            f"of them blank, while line {line} has {len(cells)} ({start_of_row(cells)}): end every row in a "
            "comma, or none"
        )


class _Lines:
    """The lines of a file but for comments, how many were read, and whether anybody asked for more."""

    def __init__(self, stream: TextIO, comment: str | None, *, strip: bool) -> None:
        self._stream, self._comment, self._strip = stream, comment, strip
        self.ended = False
        self.n_read = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.skip()
        while self._comment and line.startswith(self._comment):
            line = self.skip()
        if not line:
            self.ended = True
            raise StopIteration
        return line.strip(" \r\n") + "\n" if self._strip else line

    def skip(self) -> str:
        """Pass over a line and return it."""
        line = self._stream.readline()
        self.n_read += bool(line)
        return line


def _text(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def start_of_row(cells: Sequence[str]) -> str:
    """Return the first characters of a row for a message, in quotation marks."""
    shown = ",".join(cells)
    return repr(shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "...")
