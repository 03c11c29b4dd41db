"""The rows of a CSV file as text, every one as wide as the header.

Whoever needs the rows of a user's file takes them from here, the check while pytest collects and the load
alike: two readers that disagree on where a cell ends would check one table and load another. `dialects`
guesses the delimiter and the encoding.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from smote_bench.data.files.column_names import names_of
from smote_bench.data.files.compressed import PACKED, READ_ERRORS, open_binary
from smote_bench.data.files.dialects import sniff
from smote_bench.data.files.encodings import encodings_with, other_alphabet, remedy_of_letters, wrong_encoding
from smote_bench.data.files.quoting import parted_in_single_quotes
from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.files.text_lines import TextLines, ZeroByteError
from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.values.labels import number
from smote_bench.data.values.number_marks import NumberMarks, PlainNumbers
from smote_bench.errors import ConfigError

__all__ = ["CsvRows", "lift_field_limit", "start_of_row"]

_LONGEST_FIELD = 2**31 - 1  # what a C long holds on every platform
_SHOWN = 60
_UNPARTED = "write them without points, if these part thousands"


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
    row_names : str
        What the first column is called where every row has one cell more than the header has names, and the
        first cells are all distinct, as R writes them; empty otherwise.

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
            self._open()
        except (UnicodeError, *READ_ERRORS) as error:
            raise self._unreadable(error, 1) from error
        self._first: list[tuple[int, list[str]]] = []
        self._cut = False
        self._n_empty = 0
        self.row_names = ""
        try:
            self.header = self._read_header()
            if dialect.reading.has_header:
                self._look_for_row_names()
        except BaseException:
            self._stream.close()
            raise
        self._blank = set(self._nameless)
        self._numbers = PlainNumbers(dialect.marks, self.header)

    def _open(self) -> None:
        dialect = self._dialect
        by_blanks = dialect.delimiter == " "
        self._stream = io.TextIOWrapper(open_binary(self._path), encoding=dialect.encoding, newline="")
        quoting = dialect.quoting
        self._lines = TextLines(self._stream, dialect.reading.comment, strip=by_blanks, quoting=quoting)
        self._reader = csv.reader(
            self._lines,
            strict=True,
            delimiter=dialect.delimiter,
            skipinitialspace=by_blanks or quoting.mark == "'",
            quotechar=quoting.mark,
        )
        for _ in range(dialect.n_skipped):
            self._lines.skip()

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
        for line, cells in self._to_the_last(itertools.chain([first], rows)):
            if len(cells) != width or (width > n_named and _text(cells[n_named:])):
                raise self._ragged(line, cells, first[0], width)
            if cells[0][:1] == "#" and self._is_comment(cells, first[1]):
                raise self._comment(line, cells)
            if self._blank:
                self._blank -= {n for n in self._blank if cells[n].strip()}
            yield line, plain(cells if width == n_named else cells[:n_named])

    def _to_the_last(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """Yield rows, but not the last ones of which no cell has a value: spreadsheets write such."""
        empty: list[tuple[int, list[str]]] = []
        for line, cells in rows:
            if not cells[0].strip() and not _text(cells):
                empty.append((line, cells))
                continue
            if empty:
                yield from empty
                empty = []
            yield line, cells
        self._n_empty = len(empty)

    def _plain_form(self) -> Callable[[list[str]], list[str]]:
        """Return what writes the numbers of a row with a decimal point."""
        if self._dialect.reading.thousands is not None:
            return self._dialect.without_thousands
        marks = self._dialect.marks
        if marks.has_marks or marks.decimal != ".":
            return self._numbers.plain
        return list

    def changed_cells(self, n_rows: int) -> Iterator[tuple[str, str]]:
        """Yield those cells of the first rows that are read with other marks: as written, and as taken.

        To be asked in place of iterating.
        """
        plain = self._plain_form()
        for _, cells in itertools.islice(itertools.chain(self._first, self._records()), n_rows):
            yield from (
                (cell.strip(), made.strip())
                for cell, made in zip(cells, plain(cells), strict=False)
                if cell != made
            )

    @property
    def file(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def marks(self) -> NumberMarks:
        """Which mark is the decimal one."""
        return self._dialect.marks

    @functools.cached_property
    def doubt_of_letters(self) -> str:
        """What speaks against the encoding, where it was guessed."""
        is_given = self._dialect.reading.encoding is not None
        return "" if is_given else other_alphabet(self._path, self._dialect.encoding)

    def doubt_of(self, texts: Iterable[str]) -> str:
        """Return what speaks against the encoding where some texts are missed; empty if it was given."""
        if self._dialect.reading.encoding is not None:
            return ""
        return encodings_with(self._path, self._dialect.encoding, texts) or self.doubt_of_letters

    @property
    def doubts(self) -> list[Finding]:
        """What may have been read wrongly; known once all rows were read."""
        marks, file = self.marks, self._path.name
        remedy = "correct them, list the column under 'nominal', or say which mark it is: 'read: {decimal}'"
        letters = self.doubt_of_letters
        return [
            *([Finding("suspect", "", f"{file}: {letters}", remedy_of_letters(letters))] if letters else []),
            *(Finding("suspect", "", said, marks.remedy) for said in marks.doubts(file)),
            *(
                Finding("suspect", name, said, f"{_UNPARTED}, or {marks.remedy}, in all columns")
                if is_odd
                else Finding("read", name, said, marks.remedy)
                for name, said, is_odd in marks.borrowed(file)
            ),
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
            or not dialect.quoting.is_usual
        )
        names = self._names
        is_moved = dialect.n_skipped or not given.has_header or names.nameless or names.padded or names.broken
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
        if self._n_empty:
            said.append(
                f"{self._path.name}: {self._n_empty:,} lines below the table, without a value, are skipped"
            )
        if self.row_names:
            said.append(
                f"{self._path.name}: the header has one name less than the rows have cells: the first "
                "cells, all "
                f"distinct, are names of the rows, and their column is called {self.row_names!r}"
            )
        said += self._names.remarks(self._path.name)
        said += [
            f"{self._path.name}: a column without name and values is left out ({name})"
            for name in self.left_out
        ]
        said += [
            f"{self._path.name}: column {n + 1} has no name: it is called {self.header[n]!r}"
            for n in sorted(self._nameless - self._blank)
            if self.header[n] != self.row_names
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
        return self._named(header)

    def _named(self, texts: Sequence[str]) -> list[str]:
        self._names = names_of(texts)
        self._nameless = set(self._names.nameless)
        header = self._names.header
        twice = [text for text, count in Counter(header).items() if count > 1]
        if twice:
            raise ConfigError(
                f"{self._name}: expected distinct column names in {self._path.name}, got {twice[0]!r} "
                "more than once: rename one, or say in which line the names are, as in 'read: {header: 2}', "
                "if it is another"
            )
        return header

    def _look_for_row_names(self) -> None:
        """Name the first column where R has left its name out, which all rows of the file have to say."""
        records = self._records()
        first = next(records, None)
        n_named = len(self.header)
        if first is None or len(first[1]) != n_named + 1 or not first[1][n_named].strip() or self._nameless:
            self._first = [] if first is None else [first]
            return
        if parted_in_single_quotes(first[1]):
            raise self._ragged(first[0], first[1], first[0], len(first[1]))
        lines = {first[1][0]: first[0]}
        again = None
        n_rows = 1
        for line, cells in records:
            n_rows += 1
            if len(cells) != n_named + 1:
                break
            again = again or ((lines[cells[0]], line, cells[0]) if cells[0] in lines else None)
            lines[cells[0]] = line
        else:
            if again is not None:
                one, other, text = again
                raise ConfigError(
                    f"{self._name}: {self._path.name}: expected a name in the header for each of the "
                    f"{n_named + 1} "
                    f"cells of the rows, or names of rows in the first, got {n_named} names, and "
                    f"{text!r} in lines "
                    f"{one} and {other}: add the name that is missing to the header"
                    f"{self._of_decimal_commas(first[1])}"
                )
            if n_rows > 1:
                self.header = self._named(["", *self.header])
                self.row_names = self.header[0]
        self._stream.close()
        self._open()
        next(self._records(), None)

    def _of_decimal_commas(self, cells: Sequence[str]) -> str:
        """Say that a decimal comma may part a number in two; empty where no two cells are whole numbers."""
        parted = (f"{one},{other}" for one, other in itertools.pairwise(cells) if (one + other).isdigit())
        shown = next(parted, "") if self._dialect.delimiter == "," else ""
        return (
            f"; if {shown} is one number, write {shown.replace(',', '.')}, or put it in quotes"
            if shown
            else ""
        )

    def _is_comment(self, cells: Sequence[str], first: Sequence[str]) -> bool:
        """Tell whether a row with ``#`` at its start is a comment: the file has others, or it was a row."""
        dialect = self._dialect
        if dialect.reading.comment is not None or first[0].startswith("#"):
            return False
        was_row = number(first[0]) is not None and number(cells[0].lstrip("# ")) is not None
        return dialect.n_comments > 0 or was_row

    def _comment(self, line: int, cells: Sequence[str]) -> ConfigError:
        return ConfigError(
            f"{self._name}: {self._path.name}, line {line}: expected a row of {len(self.header)} cells, got "
            f"{start_of_row(cells)}, which looks like a comment: 'read: {{comment: \"#\"}}' skips such lines "
            "everywhere; if it is a row, name another sign there"
        )

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield what is between line ends outside of quotes, with the line it begins in."""
        try:
            for cells in self._reader:
                line = self._lines.end_record()
                if len(cells) > 1 or _text(cells):
                    yield line, cells
        except ZeroByteError as error:
            raise ConfigError(
                f"{self._name}: {self._path.name}, line {self._lines.n_read}: expected text, got a zero "
                "byte: "
                "write the file anew if it is damaged; if it is in UTF-16 or UTF-32, 'read: {encoding: "
                "utf-16}' "
                "says so"
            ) from error
        except csv.Error as error:  # strict: a quotation mark that is odd in number swallows rows otherwise
            where = f"{self._name}: {self._path.name}, line {self._lines.began}"
            if self._lines.ended:  # the reader asked for more than there is
                where = f"{self._name}: {self._path.name}, line {self._lines.opened or self._lines.began}"
                raise ConfigError(
                    f"{where}: expected a closing quotation mark, got the end of the file: close the cell"
                ) from error
            raise ConfigError(
                f"{where}: expected a comma or the end of the line behind a closing quotation mark, got "
                f"{error} in line {self._lines.n_read}: correct the line; one inside of "
                "a quoted cell is written twice"
            ) from error
        except (UnicodeError, *READ_ERRORS) as error:
            raise self._unreadable(error, self._lines.n_read + 1) from error

    def _unreadable(self, error: Exception, line: int) -> ConfigError:
        given = self._dialect.reading.encoding if hasattr(self, "_dialect") else None
        kind = f"a CSV file in {given}" if given else "a UTF-8 CSV file"
        is_wrong_codec = given is not None and isinstance(error, UnicodeError)
        remedy = wrong_encoding(self._path, given) if given and is_wrong_codec else "check the file"
        return ConfigError(
            f"{self._name}: expected {kind} at {self._path}, got {error} (line {line}): {remedy}"
        )

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
        if cells[0].lstrip()[:1] == "#" and self._dialect.reading.comment is None:
            return self._comment(line, cells)
        if parted := parted_in_single_quotes(cells):
            return ConfigError(
                f"{where} {line}: expected {n_named} cells as in the header, got {len(cells)} "
                f"({start_of_row(cells)}): write double quotes around a cell that has a comma, {parted} has "
                "single ones"
            )
        full = [cell.strip() for cell in cells if cell.strip()]
        if full and len(cells) < n_named and not any(number(cell) is not None for cell in full):
            # a source or a count of rows below the table
            begins = full[0].split()[0] if cells[0].strip() else self._dialect.delimiter
            mark = json.dumps(begins, ensure_ascii=False)
            return ConfigError(
                f"{where} {line}: expected {n_named} cells as in the header, got {len(cells)} "
                f"({start_of_row(cells)}): correct the line; if it is no row, remove it, or skip lines "
                "that begin "
                f"so with 'read: {{comment: {mark}}}'"
            )
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


def _text(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def start_of_row(cells: Sequence[str]) -> str:
    """Return the first characters of a row for a message, in quotation marks."""
    shown = ",".join(cells)
    return repr(shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "...")
