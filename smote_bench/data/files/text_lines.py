"""The lines of a text file for a reader of records: numbered, without comments, without zero bytes."""

from __future__ import annotations

from typing import TextIO

from smote_bench.data.files.quoting import Quoting

__all__ = ["TextLines", "ZeroByteError", "with_blanks"]


class ZeroByteError(Exception):
    """A line has a zero byte, which is no text."""


def with_blanks(line: str, *, is_within: bool = False) -> str:
    """Return a line with a blank for every tab outside of double quotes.

    `is_within` says whether the line begins inside of some.
    """
    if "\t" not in line:
        return line
    parts = line.split('"')
    return '"'.join(part if n % 2 != is_within else part.replace("\t", " ") for n, part in enumerate(parts))


class TextLines:
    """The lines of a file but for comments, how many were read, and whether anybody asked for more.

    `began` is the line that the record begins in, `opened` the one of a quotation mark in it that is not
    closed; 0 where there is none. Inside of a record no line is a comment.
    """

    def __init__(
        self, stream: TextIO, comment: str | None, *, strip: bool, quoting: Quoting | None = None
    ) -> None:
        self._quoting = quoting or Quoting()
        self._stream, self._comment, self._strip = stream, comment, strip
        self._is_within = False
        self.ended = False
        self.n_read = self.began = self.opened = 0

    def __iter__(self) -> TextLines:
        return self

    def __next__(self) -> str:
        line = self.skip()
        while self._comment and not self._is_within and line.startswith(self._comment):
            line = self.skip()
        if not line:
            self.ended = True
            raise StopIteration
        if self._quoting.is_of_lines:
            line = self._quoting.bare(line)
        if self._strip:
            line = with_blanks(line, is_within=bool(self._is_within and self.opened))
        if not self._is_within:
            self._is_within, self.began, self.opened = True, self.n_read, 0
        if "\0" in line:
            raise ZeroByteError
        if self._quoting.mark in line:
            self._find_open(line)
        return line.strip(" \r\n") + "\n" if self._strip else line

    def end_record(self) -> int:
        """Say that a record is complete, and return the line it began in."""
        self._is_within = False
        return self.began

    def _find_open(self, line: str) -> None:
        mark = self._quoting.mark
        n_marks = line.replace(mark + mark, "").count(mark)
        if self.opened and n_marks % 2:
            self.opened = 0
        elif n_marks and (self.opened or n_marks % 2):
            self.opened = self.n_read

    def skip(self) -> str:
        """Pass over a line and return it."""
        line = self._stream.readline()
        self.n_read += bool(line)
        return line
