"""In which encoding a text file is, by its bytes, and what speaks against the guess."""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from smote_bench.data.files.compressed import READ_ERRORS, open_binary

__all__ = [
    "encoding_of",
    "encodings_with",
    "other_alphabet",
    "remedy_of_letters",
    "words_of_encoding",
    "wrong_encoding",
]

_OF_MORE_LETTERS = ("cp1250", "iso8859-2", "cp1254")
"""Of Latin letters with accents that Western Europe has not."""
_OTHER_ALPHABETS = (
    *("cp1251", "koi8-r", "cp866", "iso8859-5", "cp1253", "cp1255", "cp1256", "cp874"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
)
_CHUNK_BYTES = 1 << 20
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLIND = {"utf-16-le", "utf-16-be"}  # encodings that are told without a mark
_LATIN = {"cp1252", "latin-1"}
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(rb"[a-zA-Z\x80-\xff]{2,}")
_STRAY = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8
_LETTERS = re.compile("[a-zA-Z\x80-\U0010ffff]+")
_OTHERS = re.compile("[^\x00-\x7f]")
_ACCENTED = re.compile("[a-zA-Z][À-ſ]|[À-ſ][a-zA-Z]")
_ODD = re.compile("[\u03cf-\u03ff\u0460-\u048f\u0494-\u052f]")  # Greek and Cyrillic that are rare, or no more
_OF_ONE_SCRIPT = re.compile(
    "[\u0386-\u03ce]{3}|[\u0401-\u045f\u0490-\u0493]{3}|[\u05d0-\u05ea]{3}|[\u0600-\u06ff]{3}|[\u0e00-\u0e7f]{3}"
    "|[\u3040-\u30ff]{3}|[\u4e00-\u9fff]{2}|[\uac00-\ud7a3]{2}"
)  # letters of Chinese in its own encodings look like UTF-8 one time in ten, as the odd ones in particular
_IN_UTF8 = " in utf-8, which "
_SHOWN = 12  # bytes
_ALIKE = 0.1
_FOREIGN = 0.6


def words_of_encoding(encoding: str, file: str) -> list[str]:
    """Return which encoding was guessed, in words; nothing of UTF-8."""
    if encoding == "utf-8-sig":
        return []
    why = "by its zero bytes, though it has no mark" if encoding in _BLIND else "since it is no UTF-8"
    mend = "if letters look wrong, 'read: {encoding}' says which it is"
    return [f"{file}: read as {encoding.upper()}, {why}; {mend}"]


def encoding_of(path: Path) -> str:
    """Guess the encoding of a text file: ``utf-8-sig`` where it is valid UTF-8."""
    with open_binary(path) as stream:
        start = first = stream.read(_CHUNK_BYTES)
        if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if blind := _without_mark(start):
            return blind
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while start:
                decoder.decode(start)
                start = stream.read(_CHUNK_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            # what has control characters is no text: reading it as UTF-8 tells where
            return "utf-8-sig" if _BINARY.search(first) else _one_byte_encoding(path)
    return "utf-8-sig"


def wrong_encoding(path: Path, given: str) -> str:
    """Say what to do about an encoding that is given of a file which is not in it."""
    try:
        guessed = encoding_of(path).removesuffix("-sig")
    except READ_ERRORS:  # damaged further on
        return "correct 'encoding' in 'read', and check the file"
    looks = f", the file looks like {guessed}" if guessed != given.removesuffix("-sig") else ""
    return f"correct 'encoding' in 'read'{looks}, or leave it out, and it is guessed"


def _without_mark(start: bytes) -> str:
    """Return which UTF-16 it is, which signs and ends of lines tell by their zero bytes; empty of others."""
    zeros = start[::2].count(0), start[1::2].count(0)
    if not any(zeros) or min(zeros) * 20 > max(zeros) or max(zeros) * 20 < len(start):
        return ""
    encoding = "utf-16-le" if zeros[1] else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError:
        return ""
    return encoding if _LINE_END.search(text) else ""


def _one_byte_encoding(path: Path) -> str:
    """Tell Windows' characters from Latin-1, which has control characters in their place."""
    is_windows = False
    with open_binary(path) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            is_windows |= bool(_WINDOWS.search(chunk))
            try:
                chunk.decode("cp1252")
            except UnicodeDecodeError:
                return "latin-1"
    return "cp1252" if is_windows else "latin-1"


def other_alphabet(path: Path, encoding: str) -> str:
    """Say which encodings a file may be in that is read as Latin letters; nothing where it looks right.

    Words of Latin letters are mostly ASCII; of other alphabets most have next to none of it.

    Parameters
    ----------
    path : Path
    encoding : str
        What `encoding_of` guessed of it.

    Returns
    -------
    str
        A word as it is read, and those encodings in which the beginning of the file is words, each with what
        the word is in it: a word has no capitals behind small letters, and nothing but letters.
    """
    if encoding not in _LATIN:
        return ""
    n_lines = 0
    with open_binary(path) as stream:
        start = end = stream.read(_CHUNK_BYTES)
        while chunk := stream.read(_CHUNK_BYTES):
            n_lines += end.count(b"\n")
            end = chunk
    if start is end:
        said = _broken_utf8(start, encoding)
    else:
        _, _, rest = end.partition(b"\n")  # the first line may begin before, in the middle of a letter
        said = _partly_utf8(start, encoding, 0) or _partly_utf8(rest, encoding, n_lines + 1)
    if said:
        return said
    found = [word for word in _WORD.findall(start) if len({*word}) > 1]  # not the signs of £££
    words = [word for word in found if len(_HIGH.findall(word)) > _FOREIGN * len(word)]
    if not words or 2 * sum(len(_HIGH.findall(word)) for word in words) < len(_HIGH.findall(start)):
        return ""
    is_mixed = 2 * sum(len(_HIGH.findall(word)) < len(word) for word in words) >= len(words)
    codecs_of_words = (*(_OF_MORE_LETTERS if is_mixed else ()), *_OTHER_ALPHABETS)
    odd = {codec: share for codec in codecs_of_words if (share := _share_of_odd(start, codec)) is not None}
    best = [codec for codec in odd if odd[codec] <= min(odd.values()) + _ALIKE]
    if not best:
        return ""
    word = max(words, key=len)[:_SHOWN]
    read_as = [f"{word.decode(codec, 'ignore')!r} in {codec}" for codec in sorted(best, key=odd.__getitem__)]
    return f"{word.decode(encoding)!r} may be letters of another alphabet: {', '.join(read_as)}"


def remedy_of_letters(doubt: str) -> str:
    """Return what is to be done where letters are doubted: no encoding is that of a file of two."""
    return "write the file in one encoding" if _IN_UTF8 in doubt else "'read: {encoding}' says which"


def encodings_with(path: Path, encoding: str, texts: Iterable[str]) -> str:
    """Say in which encodings the beginning of a file has one of some texts; empty where it has none of them.

    Parameters
    ----------
    path : Path
    encoding : str
        What `encoding_of` guessed of it.
    texts : iterable of str
        Names or labels that may be missed; those that are ASCII, or that it has as it is read, are not.
    """
    wanted = [text for text in texts if not text.isascii()]
    if not wanted or encoding not in _LATIN:
        return ""
    with open_binary(path) as stream:
        start = stream.read(_CHUNK_BYTES)
    for text in wanted:
        if _has(start, text, encoding):
            continue
        codecs_of_it = [codec for codec in (*_OTHER_ALPHABETS, *_OF_MORE_LETTERS) if _has(start, text, codec)]
        if codecs_of_it:
            return f"the file has {text!r} in {', '.join(codecs_of_it)}"
    return ""


def _has(start: bytes, text: str, codec: str) -> bool:
    try:
        return text.encode(codec) in start
    except UnicodeEncodeError:
        return False


@dataclass(frozen=True)
class _Mixture:
    """A text of which some words are UTF-8: how many letters, and where both kinds are first."""

    word: str
    n_good: int
    n_bad: int
    line: int
    other_line: int


def _mixture(content: bytes) -> _Mixture | None:
    """Return what is in UTF-8 of a text; None where most of it is not, or that may be by chance."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    text = decoder.decode(content)
    n_bad, n_odd = len(_STRAY.findall(text)), len(_ODD.findall(text))
    n_good = sum(not one.isascii() for one in text) - n_bad - n_odd
    found = _whole_word(text)
    if found is None and n_good > n_bad:
        found = re.search(r"\w*[^\W\x00-\x7f]\w*", text)
    if found is None:
        return None
    stray = _STRAY.search(text)
    line, other = (len(_LINE_END.findall(text[: one.start()])) + 1 for one in (found, stray or found))
    return _Mixture(found.group()[:_SHOWN], n_good, n_bad, line, other)


def _broken_utf8(content: bytes, encoding: str) -> str:
    """Say that a part of a file is in UTF-8 and another is not: as Latin letters, they come in twos: ``Ã¼``.

    So are a few bytes of another encoding among many letters, and two exports below each other.
    """
    found = _mixture(content)
    if found is None:
        return ""
    where = f"the first in line {found.other_line}"
    if found.n_good <= found.n_bad:
        where = f"lines {found.line} and {found.other_line} are the first"
    return (
        f"{found.word.encode().decode(encoding, 'replace')!r} is {found.word!r}{_IN_UTF8}"
        f"{found.n_good:,} letters are and {found.n_bad:,} bytes are not ({where})"
    )


def _partly_utf8(content: bytes, encoding: str, n_before: int) -> str:
    """Say so of a long file by one end of it: how many letters are in UTF-8 in all of it is not counted."""
    found = _mixture(content)
    if found is None:
        return ""
    where = f"line {n_before + found.line} is"
    if found.n_bad:
        where += f", and line {n_before + found.other_line} is not"
    return (
        f"{found.word.encode().decode(encoding, 'replace')!r} is {found.word!r}{_IN_UTF8}a part of "
        f"the file is and another is not ({where})"
    )


def _whole_word(text: str) -> re.Match[str] | None:
    """Return a word in UTF-8, of another alphabet, or a Latin one among other Latin ones; None for none."""
    words = [word for word in _LETTERS.finditer(text) if len(word[0]) > 1 and not word[0].isascii()]
    others = [word[0] for word in words if _STRAY.search(word[0])]
    n_foreign = sum(len(_OTHERS.findall(word)) > _FOREIGN * len(word) for word in others)
    forms = [_OF_ONE_SCRIPT, *([_ACCENTED] if n_foreign * 2 <= len(others) else [])]
    whole = (word for word in words if not _STRAY.search(word[0]))
    return next((word for word in whole if any(form.search(word[0]) for form in forms)), None)


def _share_of_odd(start: bytes, codec: str) -> float | None:
    """Return which share of letters is odd, of bytes in an encoding; None where they cannot be in it."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(start)
    except UnicodeDecodeError:
        return None
    letters = [one for one in text if not one.isascii()]
    if not letters:
        return None
    n_odd = sum(not one.isalpha() and unicodedata.category(one)[0] != "M" for one in letters)
    n_odd += sum(one.islower() and other.isupper() for one, other in itertools.pairwise(text))
    return n_odd / len(letters)
