"""Text that others wrote, made fit to be shown: no control characters, no value of a million letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TextIO

__all__ = ["VisibleStream", "cut", "guarded", "unguarded", "visible"]

LONGEST_WORD, LONGEST_TEXT = 500, 5000
"""Characters without a space, and in all, that a message shows of what it was given."""

_SHOWN_OF_WORD = 80
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    r"""Return a text with what no printer shows written out: control, direction and separator characters.

    Line feeds and tabs stay; so does what joins letters and emoji.

    >>> visible("a\x1b[31m b\x00 c\u202e d\ud800"), visible("two\nlines")
    ('a\\x1b[31m b\\x00 c\\u202e d\\ud800', 'two\nlines')
    """
    if text.isprintable():  # the quick way, and nearly always
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() or character in "\n\t\u200c\u200d":
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def cut(text: str) -> str:
    """Return a text whose long words, and its end, are replaced by how long they were.

    >>> cut("got " + 9 * "x")
    'got xxxxxxxxx'
    >>> cut("got " + 5000 * "9").partition("999...")[2]
    ' (5,000 characters)'
    """
    if len(text) <= LONGEST_WORD:
        return text
    text = _LONG_WORD.sub(lambda word: f"{word[0][:_SHOWN_OF_WORD]}... ({len(word[0]):,} characters)", text)
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}... ({len(text):,} characters)"


def guarded(cell: Any) -> Any:
    """Return a cell of a table for people: text that a spreadsheet would run as a formula gets an apostrophe.

    >>> guarded("=1+1"), guarded("SMOTE"), guarded(-0.5)
    ("'=1+1", 'SMOTE', -0.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """Return the text of a cell that `guarded` wrote."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


class VisibleStream:
    """A text stream that shows what is written as `visible` does, and is the other one in all else.

    Parameters
    ----------
    stream : text stream
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text."""
        return self._stream.write(visible(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        """Return what the stream has of this name."""
        return getattr(self._stream, name)
