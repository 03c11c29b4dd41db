"""What two texts have in common that may be one: words and digits, without accents and signs between them."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["loosely", "with_usual_apostrophes", "without_leading_zeros", "without_zeros_behind_words"]

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`′", "'"))
_LATIN_OF = str.maketrans(
    "АВЕЗКМНОРСТУХаеорсухіѕј" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABE3KMHOPCTYXaeopcyxisj" + "ABEZHIKMNOPTYXo"
)
"""Letters of Cyrillic and Greek that look like Latin ones."""
_MINUS = "−"
_MARKS = r"[\s_./\\-]+"
_BESIDE_LETTERS = re.compile(rf"(?<=[^\W\d_]){_MARKS}(?=[^\W_])|(?<=\d){_MARKS}(?=[^\W\d_])")
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_MARKS}(?=\d)")
_BEHIND_WORDS = re.compile(r"(?<=[^\W\d_]{3}[\s_])0+(?=\d)")
_LEADING_ZEROS = re.compile(r"(?<![\d.,])0+(?=\d)")


def with_usual_apostrophes(text: str) -> str:
    """Return a text with ``'`` for each sign that is meant for it, a single quotation mark among them."""
    return text.translate(_APOSTROPHES)


def loosely(text: str) -> str:
    """Return a text without accents, and without what may part words: blanks, dashes, points, underscores.

    Digits stay apart, and signs at an end stay. Letters that look like Latin ones are those.

    >>> loosely("Crohn’s") == loosely("Crohn's"), loosely("décès") == loosely("deces")
    (True, True)
    >>> loosely("at_risk") == loosely("At risk"), loosely("P-7") == loosely("P7")
    (True, True)
    >>> loosely("1-11") == loosely("11-1"), loosely("A-") == loosely("A+")
    (False, False)
    """
    text = with_usual_apostrophes(text.strip())
    if text.isascii() and text.isalnum():  # most are, of a million
        return text.casefold()
    if not any(map(str.isalpha, text)):  # 1/2 and 1-2 are two
        return text
    if not text.isascii():
        text = text.replace("й", "\0").replace("Й", "\0")  # letters of their own
        text = "".join(map(_sign, unicodedata.normalize("NFKD", text))).translate(_LATIN_OF)
    return _BETWEEN_DIGITS.sub(" ", _BESIDE_LETTERS.sub("", text)).casefold()


def without_leading_zeros(text: str) -> str:
    """Return what is left of a text as `loosely` leaves it, where no whole number in it has a 0 in front.

    >>> without_leading_zeros("P-038") == without_leading_zeros("p38"), without_leading_zeros("1.05")
    (True, '1.05')
    """
    return loosely(_LEADING_ZEROS.sub("", text))


def without_zeros_behind_words(text: str) -> str:
    """Return what `loosely` leaves of a text, where no number behind a word has a 0 in front.

    In codes each digit counts: E011 is another disease than E11.

    >>> without_zeros_behind_words("Ward 03"), without_zeros_behind_words("E011")
    ('ward3', 'e011')
    """
    return loosely(_BEHIND_WORDS.sub("", text))


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Pd" or sign == _MINUS:
        return "-"
    # vowels of Thai or Hindi are marks as well, and no accents
    is_accent = "\u0300" <= sign <= "\u036f"
    return "" if is_accent or kind == "Cf" else sign
