"""What all spellings of one group have in common: numbers, dates, signs that look alike or are not seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from decimal import Decimal

from smote_bench.data.values.number_texts import number

__all__ = ["group_id", "how_they_differ"]

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_INSTANT = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d)(:00(\.0+)?|(?P<rest>:\d\d(\.\d+)?))?")
_MINUS = "−"


def group_id(text: str) -> Hashable:
    """Return what all spellings of one group have in common.

    Numbers are one where they are equal, also with commas between thousands, and a date is one with its
    midnight. Of other texts neither case nor blanks around them count, nor signs of no width, nor which dash
    it is.

    >>> group_id("1") == group_id("1.0"), group_id("P1") == group_id("p1 "), group_id("P1") == group_id("P2")
    (True, True, False)
    >>> group_id("1,000") == group_id("1000"), group_id("2024-01-01") == group_id("2024-01-01 00:00:00")
    (True, True)
    """
    bare = text.strip()
    if not (bare.isascii() and bare.isalnum()):  # most are, of a million
        bare = _in_one_spelling(bare)
    value = number(bare)
    if value is None or value - value != 0:
        return bare.casefold()
    return Decimal(bare)  # exact: names of accounts have more digits than a float


def how_they_differ(text: str, other: str) -> str:
    """Return how two spellings of one group differ, in words.

    >>> how_they_differ("P1", "p1"), how_they_differ("1", "1.0"), how_they_differ("P-1", "P–1")
    ('which differ in case alone', 'which are one number', 'which look or mean the same')
    """
    if number(text) is not None or number(other) is not None:
        return "which are one number"
    is_case = text.casefold() == other.casefold()
    return "which differ in case alone" if is_case else "which look or mean the same"


def _in_one_spelling(text: str) -> str:
    if not text.isascii():
        text = "".join(_sign(sign) for sign in unicodedata.normalize("NFKC", text)).strip()
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    if found := _INSTANT.fullmatch(text):
        time = found["time"] + (found["rest"] or "")
        return found["day"] if time == "00:00" else f"{found['day']} {time}"
    return text


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Pd" or sign == _MINUS:
        return "-"
    return "" if kind in ("Cf", "Cc") else sign
