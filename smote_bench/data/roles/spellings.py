"""What all spellings of one group have in common: numbers, dates, signs that look alike or are not seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from decimal import Decimal

from smote_bench.data.values.identifiers import UUID
from smote_bench.data.values.loose_texts import with_usual_apostrophes
from smote_bench.data.values.number_texts import number

__all__ = ["group_id", "how_they_differ"]

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_TIME = r"([T ](?P<time>\d\d:\d\d)(:00(\.0+)?|(?P<rest>:\d\d(\.\d+)?))?)?"
_DAYS = tuple(
    re.compile(day + _TIME)
    for day in (
        r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
        r"(?P<d>\d{1,2})[- ](?P<name>[A-Za-z]{3,9})[- ](?P<y>\d{4})",
        r"(?P<name>[A-Za-z]{3,9}) (?P<d>\d{1,2}),? (?P<y>\d{4})",
    )
)
"""Dates that can be read in one way alone; of 05/03/2024 nobody knows which is the month."""
_MONTHS = "january february march april may june july august september october november december"
_BYTES = re.compile(r"""b(['"])(.*)\1""")
_SHORTEST_UUID = 32
_QUOTED = re.compile("""(['"“”„«»])\\s*([^'"“”„«»]*[^'"“”„«»\\s])\\s*(['"“”«»])""")
_MINUS = "−"


def group_id(text: str) -> Hashable:
    """Return what all spellings of one group have in common.

    Numbers are one where they are equal, also with commas between thousands, and a date is one with its
    midnight, in each form that can be read in one way. Of other texts neither case counts, nor how many
    blanks there are, nor signs of no width, nor which dash or apostrophe it is, nor quotes around them, nor a
    full stop at the end.

    >>> group_id("1") == group_id("1.0"), group_id("P1") == group_id("p1 "), group_id("P1") == group_id("P2")
    (True, True, False)
    >>> group_id("1,000") == group_id("1000"), group_id("2024-01-01") == group_id("2024-01-01 00:00:00")
    (True, True)
    >>> group_id("Ward  3.") == group_id("Ward 3"), group_id("2024-03-05") == group_id("05.03.2024")
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
    text = with_usual_apostrophes(text)
    if not text.isascii():
        text = "".join(_sign(sign) for sign in unicodedata.normalize("NFKC", text))
    if found := _BYTES.fullmatch(text):
        text = found[2]
    text = " ".join(text.split())
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[2]
    text = text.rstrip(".,; ") or text
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    if len(text) >= _SHORTEST_UUID and UUID.fullmatch(text):
        return text.strip("{}").replace("-", "")
    return _in_one_form(text) if text[:1].isalnum() and text[-1:].isdigit() else text


def _in_one_form(text: str) -> str:
    """Return a date as ``2024-03-05``, with the time of day if there is one beside midnight; others as is."""
    found = next((found for day in _DAYS if (found := day.fullmatch(text))), None)
    if found is None:
        return text
    parts = found.groupdict()
    months = [n for n, name in enumerate(_MONTHS.split(), 1) if _begins(name, parts.get("name"))]
    month = int(parts["m"]) if parts.get("m") else (months or [0])[0]
    if not month:
        return text
    day = f"{parts['y']}-{month:02d}-{int(parts['d']):02d}"
    time = (parts["time"] or "00:00") + (parts["rest"] or "")
    return day if time == "00:00" else f"{day} {time}"


def _begins(month: str, text: str | None) -> bool:
    return bool(text) and month.startswith(str(text).casefold())


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Pd" or sign == _MINUS:
        return "-"
    return "" if kind == "Cf" or (kind == "Cc" and not sign.isspace()) else sign
