"""Numbers as people write them: with a currency, a percent sign, a unit, thousands, a decimal comma.

A column is one if nearly all of its cells are such numbers in one convention and with one unit; a code that
is made of digits (``007``, ``1.2.3``, a telephone number) is no number.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smote_bench.data.values.number_marks import is_below_thousands
from smote_bench.data.values.number_parts import (
    CURRENCY,
    MAGNITUDES,
    MARK,
    OTHER_MAGNITUDES,
    Parts,
    is_money,
    magnitude_of,
    one_spelling,
    parts_of,
)
from smote_bench.data.values.sampling import spread

__all__ = [
    "NEARLY_ALL",
    "Clothes",
    "find_clothes",
    "is_share",
    "is_zero_led_code",
    "other_spellings",
]

NEARLY_ALL = 0.95
"""The share of a column's cells, those without a value apart, that have to agree for a guess on it."""

_SHARE_WITH_UNIT = 0.5
_SHARE_WITH_MAGNITUDE = 0.05
_LOOKED_AT_FIRST = 400
_SHARE_OF_THOSE = 0.5

_PERCENT = "%‰"
_CONVENTIONS = ((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))
_POINT, _COMMA = _CONVENTIONS[:2]
_DIGITS_OF_A_TELEPHONE = 9
_DIGITS_OF_THOUSANDS = 3
_LONG = 300
_RANGE_OF_UNITS = 10
_ZERO_LED = re.compile(r"0\d{2,}")


def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    point, mark = re.escape(decimal), re.escape(thousands)
    grouped = rf"[1-9]\d{{0,2}}(?:{mark}\d{{3}})+"
    if thousands == ",":
        grouped += r"|[1-9]\d?(?:,\d{2})+,\d{3}"  # lakhs
    return re.compile(rf"(?:0|[1-9]\d*|{grouped})(?:{point}\d*)?|{point}\d+")


_PATTERNS = {marks: _pattern(*marks) for marks in _CONVENTIONS}


@dataclass(frozen=True)
class Clothes:
    """How the numbers of a column are written.

    Parameters
    ----------
    decimal, thousands : str
        The marks; a cell need not have them.
    unit : str
        The currency, ``%`` or unit that cells may have, in the spelling that most have; empty for none.
    has_magnitudes : bool
        Whether ``1.2k`` and ``3M`` stand for thousands and millions.
    is_ambiguous : bool
        Whether all cells could be read with the two marks changed about.
    """

    decimal: str = "."
    thousands: str = ","
    unit: str = ""
    has_magnitudes: bool = False
    is_ambiguous: bool = False

    def number(self, text: str) -> float | None:
        """Return a cell's number, or None if it is none in this convention and unit.

        >>> Clothes(unit="$").number("($1,234.50)"), Clothes(",", ".", "€").number("1.234,50 €")
        (-1234.5, 1234.5)
        >>> Clothes().number("007"), Clothes().number("1,23"), Clothes(unit="kg").number("70 lb")
        (None, None, None)
        """
        if (usual := _usual(self).fullmatch(text)) and len(text) < _LONG:
            digits = (usual[2] or usual[3]).replace(self.thousands, "").replace(self.decimal, ".")
            return -float(digits) if usual[1] else float(digits)
        parts = parts_of(text)
        return None if parts is None else self._number(parts)

    @property
    def may_be_magnitude(self) -> bool:
        """Whether the unit is a letter or word, as in 300K or 3 mln, that may stand for thousands or more."""
        is_word = self.unit in MAGNITUDES or self.unit.casefold() in OTHER_MAGNITUDES
        return is_word and not self.has_magnitudes

    def _number(self, parts: Parts) -> float | None:
        if not _fits(parts, (self.decimal, self.thousands)):
            return None
        unit, factor = parts.unit, 1.0
        if self.has_magnitudes and (magnitude := magnitude_of(parts)) is not None:
            unit, factor = magnitude
            if not unit and self.unit and not _is_currency(self.unit):
                return None  # 30M beside 2 hrs: minutes, no millions
        is_bare = not unit and self.unit not in _PERCENT
        if unit != self.unit and not is_bare and one_spelling(unit) != one_spelling(self.unit):
            return None
        digits = parts.core.replace(self.thousands, "").replace(self.decimal, ".")
        value = float(digits + parts.power) + parts.fraction
        if parts.fraction:
            value *= factor
        elif factor != 1:
            value = float(
                f"{digits}e{round(len(str(int(factor))) - 1)}"
            )  # 1.1k is 1100, not 1100.0000000000002
        if math.isinf(value):
            return None
        return -value if parts.is_negative else value


@functools.lru_cache(maxsize=64)
def _usual(clothes: Clothes) -> re.Pattern[str]:
    """Return a pattern of how most cells look: a shortcut, ten times as fast as taking them apart."""
    unit = re.escape(clothes.unit)
    core = _PATTERNS[clothes.decimal, clothes.thousands].pattern
    if not unit:
        return re.compile(rf"(-?)({core})()")
    before = f"{unit} ?" if _is_currency(clothes.unit) else f"(?!){unit}"
    return re.compile(rf"(-?)(?:{before}({core})|({core}) ?{unit})")


def find_clothes(
    texts: Sequence[str], counts: Sequence[int], known: str = ""
) -> tuple[Clothes, float] | None:
    """Return how the numbers among some texts are written, and the share of cells that are such numbers.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.
    known : {"", ".", ","}
        The decimal mark, where the whole file says it.

    Returns
    -------
    (Clothes, float), or None
        None where fewer than half of the first few hundred texts look like numbers. Of more than twenty
        thousand texts some are looked at, from the first to the last.
    """
    first = [parts_of(text) for text in texts[:_LOOKED_AT_FIRST]]
    if sum(parts is not None for parts in first) < _SHARE_OF_THOSE * len(first) or not first:
        return None
    texts, counts = spread(texts), spread(counts)
    cells = [(parts, n) for parts, n in zip(map(parts_of, texts), counts, strict=True) if parts is not None]
    if _are_telephone_numbers([parts for parts, _ in cells]):
        return None
    if cells and all(parts.has_minus_behind for parts, _ in cells):
        return None  # 5-, 10-, 15-: from so much on, or classes; some number would not be below 0
    unit, has_magnitudes = _unit(cells)
    if len(unit) > 1 and set(unit.casefold()) == {"x"}:
        return None  # 312xx: digits that are hidden, as of a postcode
    decimal, thousands, is_ambiguous = _marks(cells, unit, known)
    clothes = Clothes(decimal, thousands, unit, has_magnitudes, is_ambiguous)
    n_numbers = sum(n for parts, n in cells if clothes._number(parts) is not None)
    return clothes, n_numbers / sum(counts)


def _unit(cells: Sequence[tuple[Parts, int]]) -> tuple[str, bool]:
    """Return the unit that most cells have, and whether letters for thousands and millions are among them."""
    n_cells = sum(n for _, n in cells)
    plain: Counter[str] = Counter()
    shortened: Counter[str] = Counter()
    n_short = 0
    for parts, n in cells:
        plain[parts.unit] += n
        magnitude = magnitude_of(parts)
        shortened[parts.unit if magnitude is None else magnitude[0]] += n
        n_short += n if magnitude is not None else 0
    letters = {parts.after for parts, _ in cells if magnitude_of(parts) is not None}
    others = {unit.casefold() for unit in plain if unit not in letters}
    if others & {letter.casefold() for letter in letters}:
        return "", False  # 57M beside 3m: millions and metres, or one of them misspelt
    may_be_bytes = {"", "B"} >= set(plain) - {"k", "K"} and "B" in plain and len(letters) > 1
    if may_be_bytes and not any(MARK.search(parts.core) for parts, _ in cells if parts.after == "B"):
        return "", False  # 512B beside 12K, and no millions; 1.3B are billions
    has_magnitudes = n_short >= max(_SHARE_WITH_MAGNITUDE * n_cells, 1) and (
        len(letters) > 1
        or any(parts.before for parts, _ in cells)
        or (n_short < n_cells and not _are_alike([parts for parts, _ in cells]))
    )
    counted = shortened if has_magnitudes else plain
    together: Counter[str] = Counter()
    for unit, n in counted.items():
        together[one_spelling(unit)] += n
    del together[""]
    spelled, n = max(together.items(), key=lambda pair: pair[1], default=("", 0))
    if not n or n < _SHARE_WITH_UNIT * n_cells:
        return "", has_magnitudes
    same = [unit for unit in counted if one_spelling(unit) == spelled]
    return max(same, key=counted.__getitem__), has_magnitudes


def _are_alike(cells: Sequence[Parts]) -> bool:
    """Tell whether numbers are of one size, as 300 and 236K are, so that a letter is their unit."""
    sizes = [float(digits) for cell in cells if (digits := re.sub("[^0-9.]", "", cell.core)).count(".") < 2]
    return bool(sizes) and max(sizes) < _RANGE_OF_UNITS * min(sizes)


def _marks(cells: Sequence[tuple[Parts, int]], unit: str, known: str) -> tuple[str, str, bool]:
    """Return the decimal mark and that of thousands, and whether it may be the other way about."""
    fitting = {marks: sum(n for parts, n in cells if _fits(parts, marks)) for marks in _CONVENTIONS}
    allowed = [marks for marks in _CONVENTIONS if known in ("", marks[0])]
    best = max(allowed, key=fitting.__getitem__)  # the first among equals
    signs = {sign for parts, _ in cells for sign in parts.core if not sign.isdigit()}
    if known:
        is_ambiguous = best in (_POINT, _COMMA) and fitting[_POINT] == fitting[_COMMA] and bool(signs)
        return (*best, is_ambiguous)
    if best != _POINT or fitting[_POINT] != fitting[_COMMA] or not signs & {",", "."}:
        return (*best, False)
    # each cell with a mark has three digits behind it; amounts of money have two decimals, or none
    if signs == {"."} and is_money(unit):
        return (*_COMMA, True)
    may_have_thousands = not is_share(unit) and _may_have_thousands([parts for parts, _ in cells])
    return (*_POINT, "," in signs or is_money(unit) or may_have_thousands)


def _may_have_thousands(cells: Sequence[Parts]) -> bool:
    """Tell whether numbers without a mark are below 1000, beside others with three digits behind it."""
    whole = [parts for parts in cells if parts.core.isdecimal()]
    short = {parts.core for parts in whole if is_below_thousands(parts.core, parts.is_negative)}
    longest = max((len(parts.core) for parts in whole), default=0)
    return len(short) > 1 and longest <= _DIGITS_OF_THOUSANDS


def _fits(parts: Parts, marks: tuple[str, str]) -> bool:
    """Tell whether a cell is a number with these marks; before an exponent nobody parts thousands."""
    is_grouped = parts.power and marks[1] in parts.core
    return not is_grouped and _PATTERNS[marks].fullmatch(parts.core) is not None


def _are_telephone_numbers(cells: Sequence[Parts]) -> bool:
    """Tell whether numbers are all of one length, nine digits at least, in groups with blanks between."""
    if not cells or not all(" " in cell.core and not cell.unit and not cell.is_negative for cell in cells):
        return False
    digits = [parts.core.replace(" ", "") for parts in cells]
    return (
        all(map(str.isdecimal, digits))
        and {len(digits[0])} == set(map(len, digits))
        and (len(digits[0]) >= _DIGITS_OF_A_TELEPHONE)
    )


def other_spellings(texts: Sequence[str], clothes: Clothes) -> list[str]:
    """Return how else than in `clothes` the unit is written, among texts that are numbers of it.

    >>> other_spellings(["50 kg", "51 KG", "52"], Clothes(unit="kg"))
    ['KG']
    """
    units = {parts.unit for text in spread(texts) if (parts := parts_of(text)) is not None}
    same = one_spelling(clothes.unit)
    return sorted(unit for unit in units if unit != clothes.unit and unit and one_spelling(unit) == same)


def is_share(unit: str) -> bool:
    """Tell whether a unit is a sign of parts of a hundred or a thousand: a number without it is another."""
    return bool(unit) and unit in _PERCENT


def _is_currency(unit: str) -> bool:
    return re.fullmatch(CURRENCY, unit) is not None


def is_zero_led_code(text: str) -> bool:
    """Tell whether a text is a code of digits, three at least, the first of them 0.

    >>> is_zero_led_code("02134"), is_zero_led_code("0.5"), is_zero_led_code("07")
    (True, False, False)
    """
    return _ZERO_LED.fullmatch(text.strip()) is not None
