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

from smote_bench.data.values.sampling import spread

__all__ = [
    "NEARLY_ALL",
    "Clothes",
    "are_flagged_numbers",
    "core_of",
    "find_clothes",
    "is_money",
    "is_share",
    "is_zero_led_code",
    "other_spellings",
    "units_of",
    "with_usual_signs",
]

NEARLY_ALL = 0.95
"""The share of a column's cells, those without a value apart, that have to agree for a guess on it."""

_SHARE_WITH_UNIT = 0.5
_SHARE_WITH_MAGNITUDE = 0.05
_LOOKED_AT_FIRST = 400
_SHARE_OF_THOSE = 0.5

_CURRENCY = (
    r"(?:[A-Z]{0,3}[$€£¥₹₽₩₺₴₪₫₦฿]|USD|EUR|GBP|JPY|CHF|CNY|RMB|INR|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|BRL|MXN|CAD"
    r"|AUD|NZD|SGD|HKD|ZAR|KRW|Rs\.?|kr\.?|zł|Kč|Ft)"
)
_LETTERS = r"[^\W\d_]"
_UNIT = (
    rf"(?:%|‰|°{_LETTERS}?|″|″|′|\"|{_CURRENCY}"
    rf"|{_LETTERS}{{1,12}}\.?[²³23]?(?:\s?[/·*]\s?{_LETTERS}{{1,8}}[²³23]?)?(?:\s{_LETTERS}{{1,10}})?)"
)
_CELL = re.compile(
    rf"(?P<open>\(\s*)?(?P<sign>[+-]\s*)?(?P<before>{_CURRENCY})?\s*(?P<inner>[+-]\s*)?"
    rf"(?P<core>[\d.,][\d.,' ]*(?<! ))(?P<power>[eEdD][+-]?\d+)?"
    rf"\s*(?P<after>{_UNIT}(?<!\s))?(?P<close>\s*\))?(?P<behind>\s*--?)?"
)
_WHOLE = re.compile(r"(?<=\d)(?:/-$|[.,]--?(?=\s*[^\d\s-]+$))")
"""What says that an amount is whole: ``158/-`` of rupees, ``4.964,- €``."""
_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "´": "'"})
_ABOUT = ("~", "≈")
_POWER_OF_TEN = re.compile(r"(?<=\d) ?[×x·*] ?10(?:\^([+-]?\d+)|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_OF_MEASURES = (
    "kg g mg µg t lb oz st m cm mm µm km in inch ft yd mi mile l dl ml µl gal",
    "ms s sec second min minute h hr hour d day wk week mo month yr year",
    "bit b byte kb mb gb tb kib mib gib tib hz khz mhz ghz",
    "w kw mw gw v kv mv kcal cal j kj pa hpa kpa bar mbar",
    "°c °f % ‰ bp $ € £ ¥ usd eur gbp jpy chf mmol/l µmol/l mg/dl g/dl g/l",
)
_SHORT_PLURALS = ("lbs", "hrs", "yrs", "wks", "mos")
_MEASURES = frozenset(unit for words in _OF_MEASURES for unit in words.split())
"""Units as `_spelled` and `_singular` leave them, by which columns of several are told from codes."""

_MAGNITUDES = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "Mio": 1e6,
    "mn": 1e6,
    "MM": 1e6,
    "B": 1e9,
    "bn": 1e9,
    "Mrd": 1e9,
}
_OF_MONEY = {**_MAGNITUDES, "m": 1e6, "b": 1e9}
_PERCENT = "%‰"
_CONVENTIONS = ((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))
_POINT, _COMMA = _CONVENTIONS[:2]
_DIGITS_OF_A_TELEPHONE = 9
_LONG = 300
_MARK = re.compile("[.,]")
_RANGE_OF_UNITS = 10
_FLAGGED = re.compile(r"[<>~+-]?\s*(?P<core>\d+(?:[.,]\d+)?)(?P<flag>\s*[^\d\s.,:/-][^\d:/]{0,9}|)")
_FEWEST_FLAGGED, _MOST_FLAGS = 30, 12
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
        parts = _parts(text)
        return None if parts is None else self._number(parts)

    @property
    def may_be_magnitude(self) -> bool:
        """Whether the unit is a letter, as in 300K, that stands for thousands or millions elsewhere."""
        return not self.has_magnitudes and self.unit in _MAGNITUDES

    def _number(self, parts: _Parts) -> float | None:
        if not _fits(parts, (self.decimal, self.thousands)):
            return None
        unit, factor = parts.unit, 1.0
        if self.has_magnitudes and (magnitude := _magnitude(parts)) is not None:
            unit, factor = magnitude
        if unit != self.unit and (unit or self.unit in _PERCENT) and _spelled(unit) != _spelled(self.unit):
            return None
        digits = parts.core.replace(self.thousands, "").replace(self.decimal, ".")
        value = float(digits + parts.power)
        if factor != 1:
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
    before = f"{unit} ?" if re.fullmatch(_CURRENCY, clothes.unit) else f"(?!){unit}"
    return re.compile(rf"(-?)(?:{before}({core})|({core}) ?{unit})")


@dataclass(frozen=True)
class _Parts:
    core: str
    power: str
    before: str
    after: str
    is_negative: bool
    has_minus_behind: bool = False

    @property
    def unit(self) -> str:
        return f"{self.before} {self.after}" if self.before and self.after else self.before or self.after


def _parts(text: str) -> _Parts | None:
    """Return what a cell is made of if it may be one number."""
    found = _CELL.fullmatch(_plainly(text))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    core, behind, power = found["core"], (found["behind"] or "").strip(), found["power"] or ""
    if behind and core[-1] in ".,":  # 12.- and 12,-- are whole francs or marks, not below 0
        core, behind = core[:-1], ""
    signs = [mark.strip() for mark in (found["sign"], found["inner"], behind) if mark]
    if len(signs) > 1 or (signs and found["open"]) or behind == "--" or not core.strip("., '"):
        return None
    if power[:1] in ("d", "D") and not _MARK.search(core):  # Fortran writes 8.97D2, and 3D2 is a code
        return None
    if "+" in signs and " " in core:  # +49 170 123 is a telephone number
        return None
    after = found["after"] or ""
    return _Parts(
        core,
        re.sub("[dD]", "e", power),
        found["before"] or "",
        _singular(after),
        bool(found["open"]) or "-" in signs,
        behind == "-",
    )


def _plainly(text: str) -> str:
    """Return a cell without what says that its number is whole or not exact, its power of ten behind an e."""
    bare = _WHOLE.sub("", with_usual_signs(text).strip())
    if bare[:1] in _ABOUT:
        bare = bare[1:].lstrip()
    if power := _POWER_OF_TEN.search(bare):
        exponent = power[1] or power[2].translate(_RAISED)
        bare = f"{bare[: power.start()]}e{exponent}{bare[power.end() :]}"
    return bare


def with_usual_signs(text: str) -> str:
    """Return a cell with the usual minus, blank and apostrophe in place of their like.

    >>> with_usual_signs("−8\u202f387,81 €"), with_usual_signs("1’234")
    ('-8 387,81 €', "1'234")
    """
    return text.translate(_SIGNS)


def core_of(text: str) -> tuple[str, str] | None:
    """Return the digits and marks of a cell that may be one number, and its exponent; None of others.

    >>> core_of("$1,234.50"), core_of("7e-3 kg"), core_of("A12")
    (('1,234.50', ''), ('7', 'e-3'), None)
    """
    parts = _parts(text)
    return None if parts is None else (parts.core, parts.power)


def _singular(unit: str) -> str:
    bare = unit.rstrip(".")
    if bare in _SHORT_PLURALS:
        return bare[:-1]
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss") else bare


def _magnitude(parts: _Parts) -> tuple[str, float] | None:
    """Return the unit and the factor of a number such as 1.2k or $3M."""
    if parts.power:
        return None
    if parts.before and parts.after in _OF_MONEY:
        return parts.before, _OF_MONEY[parts.after]
    if not parts.before and parts.after in _MAGNITUDES:
        return "", _MAGNITUDES[parts.after]
    return None


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
    first = [_parts(text) for text in texts[:_LOOKED_AT_FIRST]]
    if sum(parts is not None for parts in first) < _SHARE_OF_THOSE * len(first) or not first:
        return None
    texts, counts = spread(texts), spread(counts)
    cells = [(parts, n) for parts, n in zip(map(_parts, texts), counts, strict=True) if parts is not None]
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


def _unit(cells: Sequence[tuple[_Parts, int]]) -> tuple[str, bool]:
    """Return the unit that most cells have, and whether letters for thousands and millions are among them."""
    n_cells = sum(n for _, n in cells)
    plain: Counter[str] = Counter()
    shortened: Counter[str] = Counter()
    n_short = 0
    for parts, n in cells:
        plain[parts.unit] += n
        magnitude = _magnitude(parts)
        shortened[parts.unit if magnitude is None else magnitude[0]] += n
        n_short += n if magnitude is not None else 0
    letters = {parts.after for parts, _ in cells if _magnitude(parts) is not None}
    others = {unit.casefold() for unit in plain if unit not in letters}
    if others & {letter.casefold() for letter in letters}:
        return "", False  # 57M beside 3m: millions and metres, or one of them misspelt
    has_magnitudes = n_short >= max(_SHARE_WITH_MAGNITUDE * n_cells, 1) and (
        len(letters) > 1
        or any(parts.before for parts, _ in cells)
        or (n_short < n_cells and not _are_alike([parts for parts, _ in cells]))
    )
    counted = shortened if has_magnitudes else plain
    together: Counter[str] = Counter()
    for unit, n in counted.items():
        together[_spelled(unit)] += n
    del together[""]
    spelled, n = max(together.items(), key=lambda pair: pair[1], default=("", 0))
    if not n or n < _SHARE_WITH_UNIT * n_cells:
        return "", has_magnitudes
    same = [unit for unit in counted if _spelled(unit) == spelled]
    return max(same, key=counted.__getitem__), has_magnitudes


@functools.lru_cache(maxsize=1024)
def _spelled(unit: str) -> str:
    """Return a unit in small letters and without blanks, so that kg, KG and Kg are one.

    Letters that stand for thousands and millions, and units with a capital inside, as mW beside MW, stay.
    """
    words = re.findall(_LETTERS + "+", unit)
    if unit in _MAGNITUDES or not all(word.islower() or word.isupper() or word.istitle() for word in words):
        return unit
    return "".join(unit.split()).casefold()


def _are_alike(cells: Sequence[_Parts]) -> bool:
    """Tell whether numbers are of one size, as 300 and 236K are, so that a letter is their unit."""
    sizes = [float(digits) for cell in cells if (digits := re.sub("[^0-9.]", "", cell.core)).count(".") < 2]
    return bool(sizes) and max(sizes) < _RANGE_OF_UNITS * min(sizes)


def _marks(cells: Sequence[tuple[_Parts, int]], unit: str, known: str) -> tuple[str, str, bool]:
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
    return (*_POINT, "," in signs or is_money(unit))


def _fits(parts: _Parts, marks: tuple[str, str]) -> bool:
    """Tell whether a cell is a number with these marks; before an exponent nobody parts thousands."""
    is_grouped = parts.power and marks[1] in parts.core
    return not is_grouped and _PATTERNS[marks].fullmatch(parts.core) is not None


def _are_telephone_numbers(cells: Sequence[_Parts]) -> bool:
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
    units = {parts.unit for text in spread(texts) if (parts := _parts(text)) is not None}
    same = _spelled(clothes.unit)
    return sorted(unit for unit in units if unit != clothes.unit and unit and _spelled(unit) == same)


def units_of(texts: Sequence[str], counts: Sequence[int]) -> dict[str, int]:
    """Return how many cells have each of several units of measurement, where nearly all are numbers with one.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    Returns
    -------
    dict of str to int
        The most frequent first; empty where there is one unit, or cells without, or a unit that is none, as
        the letter of a flat in ``12b``.

    Examples
    --------
    >>> units_of(["70 kg", "154 lb", "71 kg"], [1, 1, 1]), units_of(["12b", "14c"], [1, 1])
    ({'kg': 2, 'lb': 1}, {})
    """
    texts, counts = spread(texts), spread(counts)
    found: Counter[str] = Counter()
    for text, n in zip(texts, counts, strict=True):
        parts = _parts(text)
        found[_spelled(parts.unit) if parts is not None else ""] += n
    known = {unit: n for unit, n in found.most_common() if unit.casefold() in _MEASURES}
    is_all = sum(known.values()) >= NEARLY_ALL * sum(counts)
    return known if is_all and len(known) > 1 else {}


def are_flagged_numbers(texts: Sequence[str], counts: Sequence[int]) -> bool:
    """Tell whether texts are numbers with words of several kinds, as laboratories flag them: no identifiers.

    Most of the numbers have a fraction: a code such as ``12b`` has none.

    >>> are_flagged_numbers(["4.7 H", "2.1 L", "3.3", "4.1*"] * 10, [1] * 40)
    True
    >>> are_flagged_numbers(["12b", "14c", "7"] * 10, [1] * 30)
    False
    """
    if len(texts) < _FEWEST_FLAGGED:
        return False
    texts, counts = spread(texts), spread(counts)
    found = [(_FLAGGED.fullmatch(text.strip()), n) for text, n in zip(texts, counts, strict=True)]
    n_cells = sum(n for _, n in found)
    numbers = [(match, n) for match, n in found if match is not None]
    if sum(n for _, n in numbers) < NEARLY_ALL * n_cells:
        return False
    n_fractions = sum(n for match, n in numbers if _MARK.search(match["core"]))
    flags = {match["flag"].strip() for match, _ in numbers}
    return n_fractions * 2 >= n_cells and 2 <= len(flags) <= _MOST_FLAGS


def is_share(unit: str) -> bool:
    """Tell whether a unit is a sign of parts of a hundred or a thousand: a number without it is another."""
    return bool(unit) and unit in _PERCENT


def is_money(unit: str) -> bool:
    """Tell whether a unit is a currency, of which amounts have two decimals or none."""
    return re.fullmatch(rf"{_CURRENCY}.*", unit) is not None


def is_zero_led_code(text: str) -> bool:
    """Tell whether a text is a code of digits, three at least, the first of them 0.

    >>> is_zero_led_code("02134"), is_zero_led_code("0.5"), is_zero_led_code("07")
    (True, False, False)
    """
    return _ZERO_LED.fullmatch(text.strip()) is not None
