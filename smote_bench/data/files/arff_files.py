"""ARFF files and KEEL's ``.dat``: attributes, then rows by commas, by blanks, or sparse.

No library reads what Weka, OpenML, R and KEEL write. scipy 1.17 stops at sparse rows, at text attributes and
at letters beyond ASCII, and liac-arff 2.5 (of 2020; scikit-learn has a copy for itself) at dates, at tabs and
escaped quotes in the header, and at KEEL's ranges: its header would have to be parsed here as well.
"""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.files.compressed import open_binary
from smote_bench.data.files.encodings import encoding_of, words_of_encoding
from smote_bench.data.findings import Finding
from smote_bench.data.values.labels import number, some
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["read_arff"]

_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
# A comment begins at a % behind a blank, a comma or a closing quotation mark; in 10% it is part of the cell.
_COMMENT = r"""(?:(?<=[\s,'"}])%.*)?$"""
_CELL = re.compile(rf"""\s*(?:({_QUOTED})|((?!['"%])[^,]*?))\s*(?:(,)|{_COMMENT})""")
_IN_BRACES = re.compile(rf"""\s*(?:({_QUOTED})|((?!['"])[^,}}]*?))\s*([,}}])""")
_OF_BLANKS = re.compile(rf"""\s*(?:({_QUOTED})|([^\s,'"{{}}%]+))(?:\s+|(?=}})|$)""")
_PAIR = re.compile(rf"""\s*(\d+)\s+(?:({_QUOTED})|((?!['"])[^,}}]*?))\s*([,}}])""")
_EMPTY = re.compile(r"\{\s*\}")
_COMMENT_BEHIND = re.compile(rf"\s*{_COMMENT}")
_ATTRIBUTE = re.compile(rf"\s*@attribute\s+(?:({_QUOTED})\s*|([^\s{{'\"][^\s{{]*)\s*)(.*)$", re.IGNORECASE)
_KEYWORD = re.compile(r"\s*@([a-z]+)", re.IGNORECASE)
_NUMERIC = re.compile(rf"(?:numeric|real|integer)\s*(?:\[[^\]]*\])?{_COMMENT_BEHIND.pattern}", re.IGNORECASE)
_STRING = re.compile(rf"string{_COMMENT_BEHIND.pattern}", re.IGNORECASE)
_DATE = re.compile(rf"date(?:\s+({_QUOTED}|[^\s%]+))?{_COMMENT_BEHIND.pattern}", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_SPECIAL = re.compile(r"""['"%{\\]""")
_NULL = "<null>"  # KEEL's mark of a missing cell, where ARFF has a question mark
_WEIGHT = re.compile(r"\{[\d.eE+-]+\}")
_DATE_LETTERS = {
    "yyyy": "%Y", "yy": "%y", "MMM": "%b", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"
}  # fmt: skip
_DATE_PART = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']")
_ISO = "yyyy-MM-dd'T'HH:mm:ss"
_SHOWN = 60
_EXACT = 2**53


@dataclass
class _Attribute:
    """An attribute and its cells: numbers, or the places of texts in `values`, -1 for a missing one.

    `long` has whole numbers with more digits than a float, by the rows they are in.
    """

    name: str
    kind: str
    values: dict[str, int] = field(default_factory=dict)
    form: str = ""
    cells: array[Any] = field(default_factory=lambda: array("q"))
    long: dict[int, str] = field(default_factory=dict)

    def add(self, text: str | None) -> None:
        """Append a cell; None is a missing one.

        Raises
        ------
        ValueError
            If it is none of the attribute's; the message says what was expected and what came.
        """
        if self.kind == "numeric":
            value = float("nan") if text is None else number(text)
            if value is None:
                raise ValueError(f"expected a number in attribute {self.name!r}, got {text!r}")
            if text is not None and abs(value) >= _EXACT and text.lstrip("+-").isdecimal():
                self.long[len(self.cells)] = text
            self.cells.append(value)
        elif text is None:
            self.cells.append(-1)
        elif self.kind == "nominal":
            if text not in self.values:
                raise ValueError(
                    f"expected one of {some(self.values)} in attribute {self.name!r}, got {text!r}"
                )
            self.cells.append(self.values[text])
        else:
            self.cells.append(self.values.setdefault(text, len(self.values)))


def read_arff(path: Path, name: str, encoding: str | None = None) -> tuple[pd.DataFrame, list[Finding]]:
    """Read an ARFF or KEEL file.

    Parameters
    ----------
    path : Path
        The file, which may be packed.
    name : str
        What messages call the data set.
    encoding : str, optional
        A codec of Python; guessed where it is not given.

    Returns
    -------
    frame : DataFrame of shape (n_rows, n_columns)
        Numeric attributes as float64, or as texts where whole numbers are too long for it, dates as
        ``datetime64``, the others as text; nominal ones whose values are all numbers, or of which one is a
        question mark in quotes, as ``category``.
    findings : list of Finding
        What was guessed.

    Raises
    ------
    ConfigError
        With the line, if an attribute or a row is none.
    ValueError
        If there is no line ``@data``, or a date does not fit its attribute's form.
    """
    import pandas as pd

    codec = encoding or encoding_of(path)
    with open_binary(path) as stream, io.TextIOWrapper(stream, encoding=codec) as text:
        reader = _Reader(text, f"{name}: {path.name}")
        attributes = reader.attributes()
        reader.read_rows(attributes)
    said = [] if encoding else words_of_encoding(codec, path.name)
    if reader.left_out:
        said.append(
            f"{path.name}: rows are sparse: what they leave out is 0, and of nominal attributes the "
            "first value, "
            f"as {reader.left_out[1]!r} of {reader.left_out[0]!r}"
        )
    columns = {attribute.name: _column(attribute) for attribute in attributes}
    return pd.DataFrame(columns), [Finding("read", "", words) for words in said]


class _Reader:
    """The lines of a file, numbered; errors name the line they are at."""

    def __init__(self, lines: Iterable[str], where: str) -> None:
        self._lines, self._where = lines, where
        self._line = 0
        self.left_out: tuple[str, str] | None = None

    def attributes(self) -> list[_Attribute]:
        """Return the attributes, and stay below the line ``@data``."""
        found: list[_Attribute] = []
        for line in self._numbered():
            keyword = _KEYWORD.match(line)
            word = keyword[1].lower() if keyword else ""
            if word == "data":
                if not found:
                    raise ValueError("no line '@attribute' before '@data'")
                return found
            if word == "attribute":
                attribute = self._attribute(line)
                if any(attribute.name == other.name for other in found):
                    raise self._error(
                        f"expected distinct names of attributes, got {attribute.name!r} twice: rename one"
                    )
                found.append(attribute)
            elif word not in ("relation", "inputs", "input", "outputs", "output"):
                raise ValueError(f"{_shown(line)} before a line '@data' in line {self._line}")
        raise ValueError("no line '@data'")

    def read_rows(self, attributes: list[_Attribute]) -> None:
        """Give the cells of each row to the attributes."""
        for line in self._numbered():
            bare = line.strip()
            if bare.startswith("{"):
                cells = self._sparse(bare, attributes)
            else:
                cells = self._dense(bare, len(attributes))
            if len(cells) != len(attributes):
                raise self._ragged(line, cells, len(attributes))
            try:
                for attribute, cell in zip(attributes, cells, strict=True):
                    attribute.add(cell)
            except ValueError as error:
                raise self._error(f"{error}: correct the cell or the attribute's line") from error

    def _numbered(self) -> Iterator[str]:
        for line in self._lines:
            self._line += 1
            if line.strip() and not line.lstrip().startswith("%"):
                yield line.rstrip("\r\n")

    def _attribute(self, line: str) -> _Attribute:
        found = _ATTRIBUTE.match(line)
        if not found:
            raise self._error(
                f"expected a name, in quotes where it has blanks, and a type behind @attribute, got "
                f"{_shown(line)}: correct the line"
            )
        name, kind = _text(found[1], found[2]) or "", found[3]
        if kind.startswith("{"):
            values = self._braced(kind, line)
            return _Attribute(name, "nominal", {value: n for n, value in enumerate(dict.fromkeys(values))})
        if _NUMERIC.fullmatch(kind):
            return _Attribute(name, "numeric", cells=array("d"))
        if _STRING.fullmatch(kind):
            return _Attribute(name, "text")
        if date := _DATE.fullmatch(kind):
            given = date[1] or _ISO
            form = _date_form(_unquoted(given) if given[0] in "'\"" else given)
            if form:
                return _Attribute(name, "date", form=form)
        raise self._error(
            f"expected numeric, real, integer, string, a date of {', '.join(_DATE_LETTERS)} or "
            f"{{values, by, commas}} as the type of attribute {name!r}, got {_shown(kind)}: correct the "
            "line, or "
            "write the file as CSV"
        )

    def _braced(self, kind: str, line: str) -> list[str]:
        """Return the values of a nominal attribute; ``?`` is one of them here."""
        values, place, mark = [], 1, ","
        while mark == ",":
            found = _IN_BRACES.match(kind, place)
            if not found:
                break
            values.append(_unquoted(found[1]) if found[1] else found[2])
            place, mark = found.end(), found[3]
        if (
            mark == "}"
            and len(values) == 1
            and re.search(r"\s", values[0])
            and kind[1:].lstrip()[:1] not in "'\""
        ):
            values = values[0].split()  # Weka separates values by blanks too
        elif mark == ",":
            parts = list(self._by_blanks(kind, 1))
            values = [text or "?" for text, _ in parts]
            place = parts[-1][1] + 1 if parts else 1
            mark = kind[place - 1 : place] if parts else ""
        if mark != "}" or not _COMMENT_BEHIND.fullmatch(kind, place) or values == [""]:
            raise self._error(
                f"expected {{values, by, commas}} in one line, those with a quotation mark in quotes, got "
                f"{_shown(line)}: correct the line"
            )
        return values

    @staticmethod
    def _by_blanks(text: str, place: int) -> Iterator[tuple[str | None, int]]:
        """Yield cells that blanks separate, each with the place behind it."""
        found = _OF_BLANKS.match(text, place)
        while found:
            yield _text(found[1], found[2]), found.end()
            found = _OF_BLANKS.match(text, found.end())

    def _dense(self, line: str, n_attributes: int) -> list[str | None]:
        if not _SPECIAL.search(line):
            texts = [text.strip() for text in line.split(",")]
            if len(texts) == 1 < n_attributes:
                texts = line.split()
            cells = [None if text in ("?", "") or text.lower() == _NULL else text for text in texts]
        else:
            cells = self._special(line, n_attributes)
        if len(cells) == n_attributes + 1 and cells[-1] is None and line.endswith(","):
            cells.pop()
        return cells

    def _special(self, line: str, n_attributes: int) -> list[str | None]:
        """Return the cells of a row with quotation marks or a comment."""
        cells: list[str | None] = []
        place, mark = 0, ","
        while mark == ",":
            found = _CELL.match(line, place)
            if not found:
                break
            cells.append(_text(found[1], found[2]))
            place, mark = found.end(), found[3] or ""
        if not mark and (len(cells) > 1 or n_attributes == 1):
            return cells
        by_blanks = list(self._by_blanks(line, 0))
        if len(by_blanks) == n_attributes and _COMMENT_BEHIND.fullmatch(line, by_blanks[-1][1]):
            return [cell for cell, _ in by_blanks]
        if not mark:
            return cells
        raise self._error(
            f"expected a quotation mark that is closed before the next comma, got {line[place:][:_SHOWN]!r}: "
            r"correct the line; one inside of a quoted cell is written \' "
        )

    def _sparse(self, line: str, attributes: list[_Attribute]) -> list[str | None]:
        told: dict[int, str | None] = {}
        empty = _EMPTY.match(line)
        place, mark = (empty.end(), "}") if empty else (1, ",")
        while mark == ",":
            found = _PAIR.match(line, place)
            n = int(found[1]) if found else -1
            if not found or n >= len(attributes) or n in told:
                raise self._error(
                    f"expected {{number value, number value}} with distinct numbers from 0 to "
                    f"{len(attributes) - 1}, got {line[place:][:_SHOWN]!r}: correct the line"
                )
            told[n] = _text(found[2], found[3])
            place, mark = found.end(), found[4]
        if not _COMMENT_BEHIND.fullmatch(line, place):
            raise self._weighted_or_more(line[place:])
        return [told[n] if n in told else self._implied(a) for n, a in enumerate(attributes)]

    def _implied(self, attribute: _Attribute) -> str | None:
        """Return what a sparse row means where it says nothing."""
        if attribute.kind == "numeric":
            return "0"
        if attribute.kind == "nominal":
            first = next(iter(attribute.values))
            self.left_out = self.left_out or (attribute.name, first)
            return first
        return None

    def _weighted_or_more(self, rest: str) -> ConfigError:
        weight = _WEIGHT.fullmatch(rest.strip(" ,"))
        remedy = (
            "make an attribute of the weights, and name it with 'weights'" if weight else "correct the line"
        )
        return self._error(f"expected no more behind the cells of a row, got {rest.strip()!r}: {remedy}")

    def _ragged(self, line: str, cells: list[str | None], n_attributes: int) -> ConfigError:
        if len(cells) == n_attributes + 1 and _WEIGHT.fullmatch(cells[-1] or ""):
            return self._weighted_or_more(cells[-1] or "")
        return self._error(
            f"expected {n_attributes} cells, one for each attribute, got {len(cells)} ({_shown(line)}): "
            "correct "
            "the line; a comma inside a cell needs quotes around it"
        )

    def _error(self, words: str) -> ConfigError:
        return ConfigError(f"{self._where}, line {self._line}: {words}")


def _text(quoted: str | None, bare: str) -> str | None:
    """Return a cell's text; what is quoted is never a missing cell."""
    if quoted:
        return _unquoted(quoted)
    return None if bare in ("?", "") or bare.lower() == _NULL else bare


def _unquoted(quoted: str) -> str:
    inner = quoted[1:-1]
    return _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return chr(int(code, 8)) if code[0] in "01234567" else _ESCAPES.get(code, code)


def _date_form(java: str) -> str:
    """Return Python's form of a date's, which is Java's; empty where it has letters that are not known."""
    parts = []
    for part in _DATE_PART.finditer(java):
        if part[2] and part[0] not in _DATE_LETTERS:
            return ""
        parts.append(_DATE_LETTERS.get(part[0], part[0] if part[1] is None else part[1]))
    return "".join(parts)


def _column(attribute: _Attribute) -> pd.Series:
    import numpy as np
    import pandas as pd

    if attribute.kind == "numeric":
        numbers = np.array(attribute.cells, dtype=np.float64)
        is_whole = bool(attribute.long) and not (numbers[~np.isnan(numbers)] % 1).any()
        return _digits(numbers, attribute.long) if is_whole else pd.Series(numbers)
    codes = np.array(attribute.cells, dtype=np.int64)
    values = list(attribute.values)
    texts = pd.Series(np.array([*values, ""], dtype=object)[codes], dtype="str").mask(codes < 0)
    if attribute.kind == "date":
        return pd.to_datetime(texts, format=attribute.form)
    used = [values[code] for code in np.unique(codes[codes >= 0])]
    # Texts that are all numbers would be read as numbers, though the file says that they are none, and a
    # question mark as a missing cell.
    is_said = attribute.kind == "nominal" and (all(number(text) is not None for text in used) or "?" in used)
    return texts.astype("category") if is_said else texts


def _digits(numbers: np.ndarray, long: Mapping[int, str]) -> pd.Series:
    """Return whole numbers as texts, which keep all digits of long ones, such as codes that are labels."""
    import numpy as np
    import pandas as pd

    texts = [
        long.get(n, "" if value != value else f"{value:.0f}") for n, value in enumerate(numbers.tolist())
    ]
    return pd.Series(texts, dtype="str").mask(np.isnan(numbers))


def _shown(line: str) -> str:
    text = line.strip()
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
