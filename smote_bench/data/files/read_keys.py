"""What an entry's ``read`` says of a file: it overrides what is guessed of its form.

Everything here runs while pytest collects, so it imports no pandas.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from smote_bench.data.findings import how_to_quote
from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["ReadKeys", "parse_read_keys", "read_keys"]

_SEPARATORS = {"tab": "\t", "\\t": "\t", "blank": " ", "comma": ",", "semicolon": ";", "bar": "|"}
_THOUSANDS = {"blank": " ", "apostrophe": "'"}
_ALLOWED_THOUSANDS = (",", ".", "'", "’", " ", "\u00a0", "\u202f", "_")
_OF_DOMAINS = ("idna", "punycode")
"""Codecs of names in the internet, not of lines."""
_MEANINGS = {
    "sep": "one character between cells, or 'tab', or 'blank' for any number of blanks and tabs",
    "encoding": "a codec of Python, such as cp1252",
    "decimal": "'.' or ','",
    "thousands": "',', '.', an apostrophe, 'blank' or '_'",
    "header": "the number of the header's line from 1 on, false for a file without, or the columns' names",
    "comment": "what lines that are no rows begin with, such as '%'",
    "na": "a list of values that stand for missing cells, or {only: [...]} for these and no others",
    "sheet": "the name of an Excel file's sheet",
}


@dataclass(frozen=True)
class ReadKeys:
    """How a file is to be read; None where that is to be guessed.

    Parameters
    ----------
    sep : str, optional
        One character; a blank stands for any number of blanks.
    encoding : str, optional
        A codec of Python.
    decimal : {".", ","}, optional
    thousands : str, optional
        One character, left out of numbers.
    header : int, False or tuple of str, optional
        The header's line, counted from 1; False for a file without one, whose columns are then ``c1``,
        ``c2``, ...; or their names.
    comment : str, optional
        Lines that begin with it are no rows.
    na : tuple of str
        What stands for a missing cell, in any column.
    only_na : bool
        Whether nothing but `na` and the empty cell stands for a missing one.
    sheet : str, optional
        Of an Excel file, its name; the other keys but `na` are of text files, `encoding` of ARFF too.
    """

    sep: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: int | bool | tuple[str, ...] | None = None
    comment: str | None = None
    na: tuple[str, ...] = ()
    only_na: bool = False
    sheet: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is set, as JSON values."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        told = {
            key: value for key, value in found.items() if value is not None and key not in ("na", "only_na")
        }
        if self.na or self.only_na:
            told["na"] = {"only": list(self.na)} if self.only_na else list(self.na)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in told.items()}

    @property
    def has_header(self) -> bool:
        """Whether the file has a line with the columns' names."""
        return self.header is not False and not isinstance(self.header, tuple)

    @property
    def header_line(self) -> int | None:
        """The header's line, counted from 1, where it is given."""
        return self.header if isinstance(self.header, int) and not isinstance(self.header, bool) else None

    def __bool__(self) -> bool:
        return self != ReadKeys()


def read_keys(layout: Any) -> ReadKeys:
    """Return what a layout says of its file's form; a card says nothing."""
    found = getattr(layout, "read", None)
    return found if isinstance(found, ReadKeys) else ReadKeys()


def parse_read_keys(value: Any, label: str) -> ReadKeys:
    """Check the key ``read`` of one user's file.

    Parameters
    ----------
    value : mapping or None
        With some of the keys of `ReadKeys`.
    label : str
        What messages begin with.

    Raises
    ------
    ConfigError
        If a key or a value is none of those allowed.
    """
    if value is None:
        return ReadKeys()
    if not isinstance(value, Mapping):
        raise ConfigError(
            f"{label}: expected {{{', '.join(_MEANINGS)}}} for 'read', got {value!r} "
            f'({type(value).__name__}): write it as in read: {{sep: ";"}}'
        )
    for key in value:
        if key not in _MEANINGS:
            raise ConfigError(
                f"{label}: expected the keys {', '.join(_MEANINGS)} in 'read', got {key!r}."
                f"{did_you_mean(str(key), _MEANINGS)}"
            )
    na, only_na = _missing(value.get("na"), label)
    found = ReadKeys(
        sep=_one_of(value, "sep", _SEPARATORS, None, label),
        encoding=_codec(value.get("encoding"), label),
        decimal=_one_of(value, "decimal", {}, (".", ","), label),
        thousands=_one_of(value, "thousands", _THOUSANDS, _ALLOWED_THOUSANDS, label),
        header=_header(value.get("header"), label),
        comment=_comment(value.get("comment"), label),
        na=na,
        only_na=only_na,
        sheet=_sheet(value.get("sheet"), label),
    )
    if found.thousands is not None and found.thousands == (
        found.decimal or ("," if found.thousands == "." else ".")
    ):
        raise ConfigError(
            f"{label}: expected another character for 'thousands' than for 'decimal' in 'read', got "
            f"{found.thousands!r} for both: correct one"
        )
    return found


def _wrong(key: str, value: Any, label: str) -> ConfigError:
    return ConfigError(
        f"{label}: expected {_MEANINGS[key]} for {key!r} in 'read', got {value!r} ({type(value).__name__}): "
        "correct it"
    )


def _one_of(
    value: Mapping[str, Any], key: str, words: Mapping[str, str], allowed: tuple[str, ...] | None, label: str
) -> str | None:
    text = value.get(key)
    if text is None:
        return None
    found = words.get(text, text) if isinstance(text, str) else None
    if found is None or len(found) != 1 or found in '\r\n"' or (allowed is not None and found not in allowed):
        raise _wrong(key, text, label)
    return found


def _codec(name: Any, label: str) -> str | None:
    if name is None:
        return None
    try:
        known = codecs.lookup(name)
        "a".encode(name)  # refuses codecs of other things than texts, such as rot13 and zlib
        if known.name in _OF_DOMAINS:
            raise LookupError
    except (LookupError, TypeError, ValueError) as error:
        raise _wrong("encoding", name, label) from error
    return "utf-8-sig" if known.name == "utf-8" else known.name


def _header(value: Any, label: str) -> int | bool | tuple[str, ...] | None:
    if value is None or value is False:
        return None if value is None else False
    if isinstance(value, str) and value.casefold() == "none":
        return False
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(name, str) and name for name in value):
        if len(set(value)) < len(value):
            raise ConfigError(
                f"{label}: expected distinct names for 'header' in 'read', got {value!r}: rename one"
            )
        return tuple(value)
    raise _wrong("header", value, label)


def _comment(value: Any, label: str) -> str | None:
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise _wrong("comment", value, label)
    return value


def _sheet(value: Any, label: str) -> str | None:
    if value is not None and (not isinstance(value, str) or not value):
        raise _wrong("sheet", value, label)
    return value


def _missing(value: Any, label: str) -> tuple[tuple[str, ...], bool]:
    if value is None:
        return (), False
    only = isinstance(value, Mapping)
    if only and set(value) != {"only"}:
        raise _wrong("na", value, label)
    listed = value["only"] if only else value
    listed = [listed] if isinstance(listed, str | int | float) else listed
    if not isinstance(listed, list | tuple) or any(
        isinstance(one, bool) or not isinstance(one, str | int | float) for one in listed
    ):
        error = _wrong("na", value, label)
        truths = [one for one in listed if isinstance(one, bool)] if isinstance(listed, list | tuple) else []
        raise (
            ConfigError(f"{str(error).removesuffix('correct it')}{how_to_quote(truths)}") if truths else error
        )
    return tuple(str(one) for one in listed), only
