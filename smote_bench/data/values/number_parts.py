"""A cell taken apart: digits and marks of its number, its sign, its power of ten, its currency or unit."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

__all__ = [
    "CURRENCY",
    "MAGNITUDES",
    "MARK",
    "OTHER_MAGNITUDES",
    "Parts",
    "core_of",
    "is_money",
    "magnitude_of",
    "one_spelling",
    "parts_of",
    "with_usual_signs",
]

CURRENCY = (
    r"(?:[A-Z]{0,3}[$€£¥₹₽₩₺₴₪₫₦฿₱৳₿元円]|Mex\$|U\$S|USD|EUR|GBP|JPY|CHF|CNY|RMB|INR|SEK|NOK|DKK|PLN|CZK|HUF"
    r"|RUB|TRY|BRL|MXN|CAD|AUD|NZD|SGD|HKD|ZAR|KRW|AED|SAR|THB|IDR|MYR|VND|TWD|ILS|UAH|RON"
    r"|Rs\.?|Rp\.?|S/(?=\s)|S?Fr\.|kr\.?|zł|Kč|Ft)"
)
_FRACTIONS = "¼-¾⅐-⅞↉"
_LETTERS = rf"[^\W\d_{_FRACTIONS}]"
_PER = "(?:s|sec|min|h|hr|hour|d|day|wk|week|mo|month|yr|year|kg|g|[dmµ]?[lL]|m|km|cm|mm³?|unit|person)"
_UNIT = (
    rf"(?:%|‰|¢|°\s?{_LETTERS}?|/{_PER}|″|″|′|\"|{CURRENCY}"
    rf"|{_LETTERS}{{1,12}}\.?(?:\^?[²³23])?(?:\s?[/·*]\s?{_LETTERS}{{1,8}}(?:\^?[²³23])?)?"
    rf"(?:\s{_LETTERS}{{1,10}}\.?)?)"
)
_CELL = re.compile(
    rf"(?P<open>\(\s*)?(?P<sign>[+-]\s*)?(?P<before>{CURRENCY})?\s*(?P<inner>[+-]\s*)?"
    rf"(?P<core>[\d.,][\d.,' ]*(?<! ))(?P<power>[eEdD][+-]?\d+)?"
    rf"\s*(?P<after>{_UNIT}(?<!\s))?(?P<close>\s*\))?(?P<behind>\s*--?)?"
)
_WHOLE = re.compile(r"(?<=\d)(?:[/:]-$|[.,]--?(?=\s*[^\d\s-]+$))")
"""What says that an amount is whole: ``158/-`` of rupees, ``4.964,- €``."""
_FULL_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
_BLANKS = "\u00a0\u202f\u2007\u2009"
_SIGNS = {**_FULL_WIDTH, **str.maketrans(f"−–’´٫٬٪￥￠￡￦{_BLANKS}", "--''.,%¥¢£₩" + " " * len(_BLANKS))}
_ABOUT = ("~", "≈")
_FRACTION = re.compile(rf" ?([{_FRACTIONS}])")
_OTHER_DIGIT = re.compile("(?![0-9])\\d")
_RAISED_POINT = re.compile(r"(?<=\d)·(?=\d)")
_BRACKET_BEHIND = re.compile(rf"({CURRENCY})\s?\((.+)\)")
_POWER_OF_TEN = re.compile(
    r"(?:(?<=\d) ?[×x·*] ?10(?:\^([+-]?\d+)|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
    r"|^10(?:\^([+-]?\d+)|(⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))"  # 10² may be 10 with a footnote
)
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
MARK = re.compile("[.,]")
_AS_ONE = str.maketrans("²³", "23", ".^")
_SHORT_PLURALS = ("lbs", "hrs", "yrs", "wks", "mos")

MAGNITUDES = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "Tsd": 1e3,
    "thousand": 1e3,
    "Mio": 1e6,
    "million": 1e6,
    "mn": 1e6,
    "MM": 1e6,
    "B": 1e9,
    "bn": 1e9,
    "Mrd": 1e9,
    "billion": 1e9,
}
_LARGE = """
万 亿 萬 億 千 百 兆 만 억 천 백 조 แสน ألف مليون אלף מיליון
mil mill mille millier millón millone millon milhão milhõe milione milioni milion milyon miljoen miljon milj
miljard miliard miliarda milyar milliard mld mlrd mln miliony tys tis tusen tuhat tkr mkr mnkr tausend
тыс тысяч тысяча тис млн млрд миллион миллиард χιλ εκατ lakh lac lacs crore cr bin ribu rb juta jt miliar
triệu nghìn ngàn tỷ trillion tn trn hundred dozen t€ teur tchf m€ k€ k$ m$
"""
OTHER_MAGNITUDES = frozenset(_LARGE.split())
"""Words and signs for hundreds, thousands and more, in small letters, that multiply nothing here."""
_OF_MONEY = {**MAGNITUDES, "m": 1e6, "b": 1e9}


@dataclass(frozen=True)
class Parts:
    """What a cell of one number is made of.

    Parameters
    ----------
    core : str
        Its digits and marks.
    power : str
        Its exponent, as ``e-3``; empty for none.
    before, after : str
        The currency before, and the currency or unit behind.
    is_negative, has_minus_behind : bool
    fraction : float
        What a sign such as ½ adds to a whole number.
    """

    core: str
    power: str
    before: str
    after: str
    is_negative: bool
    has_minus_behind: bool = False
    fraction: float = 0.0

    @property
    def unit(self) -> str:
        """The currency and the unit; empty for none."""
        return f"{self.before} {self.after}" if self.before and self.after else self.before or self.after


def parts_of(text: str) -> Parts | None:
    """Return what a cell is made of if it may be one number."""
    bare, fraction = _without_fraction(_plainly(text))
    found = _CELL.fullmatch(bare)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    core, behind, power = found["core"], (found["behind"] or "").strip(), found["power"] or ""
    if behind and core[-1] in ".,":  # 12.- and 12,-- are whole francs or marks, not below 0
        core, behind = core[:-1], ""
    signs = [mark.strip() for mark in (found["sign"], found["inner"], behind) if mark]
    if len(signs) > 1 or (signs and found["open"]) or behind == "--" or not core.strip("., '"):
        return None
    if fraction and (power or not core.isdecimal()):
        return None
    if power[:1] in ("d", "D") and not MARK.search(core):  # Fortran writes 8.97D2, and 3D2 is a code
        return None
    if "+" in signs and " " in core:  # +49 170 123 is a telephone number
        return None
    after = found["after"] or ""
    return Parts(
        core,
        re.sub("[dD]", "e", power),
        found["before"] or "",
        _singular(after),
        bool(found["open"]) or "-" in signs,
        behind == "-",
        fraction,
    )


def _plainly(text: str) -> str:
    """Return a cell without what says that its number is whole or not exact, its power of ten behind an e."""
    bare = _WHOLE.sub("", with_usual_signs(text).strip())
    if bare[:1] in _ABOUT:
        bare = bare[1:].lstrip()
    if "10" in bare and (power := _POWER_OF_TEN.search(bare)):
        exponent = next(filter(None, power.groups())).translate(_RAISED)
        bare = f"{bare[: power.start()] or '1'}e{exponent}{bare[power.end() :]}"
    if bare[-1:] == ")" and (found := _BRACKET_BEHIND.fullmatch(bare)):
        bare = f"({found[1]}{found[2]})"
    if bare.isascii():
        return bare
    digits = _OTHER_DIGIT.sub(lambda sign: str(unicodedata.decimal(sign[0])), bare)
    return _RAISED_POINT.sub(".", digits)  # the Lancet writes 3·54


def _without_fraction(text: str) -> tuple[str, float]:
    """Return a cell without a sign such as ½, and its number.

    >>> _without_fraction("3 ½ kg"), _without_fraction("½"), _without_fraction("3")
    (('3 kg', 0.5), ('0', 0.5), ('3', 0.0))
    """
    if text.isascii() or (found := _FRACTION.search(text)) is None:
        return text, 0.0
    before = text[: found.start()]
    whole = "" if before[-1:].isdecimal() else "0"
    return f"{before}{whole}{text[found.end() :]}", unicodedata.numeric(found[1])


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
    parts = parts_of(text)
    return None if parts is None else (parts.core, parts.power)


def _singular(unit: str) -> str:
    bare = unit.rstrip(".")
    if bare in _SHORT_PLURALS:
        return bare[:-1]
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss") else bare


def magnitude_of(parts: Parts) -> tuple[str, float] | None:
    """Return the unit and the factor of a number such as 1.2k or $3M."""
    if parts.power:
        return None
    if parts.before and parts.after in _OF_MONEY:
        return parts.before, _OF_MONEY[parts.after]
    if not parts.before and parts.after in MAGNITUDES:
        return "", MAGNITUDES[parts.after]
    return None


@functools.lru_cache(maxsize=1024)
def one_spelling(unit: str) -> str:
    """Return a unit in small letters, without blanks and points: kg, KG and Kg. are one, and m², m2, m^2.

    Letters that stand for thousands and millions, and units with a capital inside, as mW beside MW, stay.
    """
    words = re.findall(_LETTERS + "+", unit)
    if unit in MAGNITUDES or not all(word.islower() or word.isupper() or word.istitle() for word in words):
        return unit
    return "".join(unit.split()).translate(_AS_ONE).casefold()


def is_money(unit: str) -> bool:
    """Tell whether a unit is a currency, of which amounts have two decimals or none."""
    return re.fullmatch(rf"{CURRENCY}.*", unit) is not None
