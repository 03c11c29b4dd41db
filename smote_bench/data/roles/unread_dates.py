"""What is the trouble with dates that cannot be read: short years, or months named in another language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.data.values.date_columns import find_date_form
from smote_bench.data.values.number_texts import some

__all__ = ["why_unread"]

_SHORT_YEAR = re.compile(r"\d{2}[-./]\d{1,2}[-./]\d{1,2}([T ].*)?|\d{1,2}[-./]\d{1,2}[-./]\d{2}([T ].*)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAMES = """
januar jänner jaenner februar feber märz maerz mrz mai juni juli oktober okt dezember dez janvier janv
février fevrier févr fevr fév mars avril avr juin juillet juil août aout septembre octobre novembre décembre
decembre déc enero ene febrero marzo abril abr mayo junio julio agosto ago septiembre setiembre octubre
noviembre diciembre dic gennaio gen febbraio aprile maggio mag giugno giu luglio lug settembre ottobre
dicembre janeiro fevereiro fev março maio junho julho setembro outubro novembro dezembro januari februari
maart mrt mei augustus
"""
_MONTHS = frozenset(_NAMES.split())
"""Of German, French, Spanish, Italian, Portuguese and Dutch, where they are no English ones."""


def why_unread(texts: Sequence[str]) -> str:
    """Return what is the trouble with texts that are no dates, and what to do; empty if it is unknown.

    Parameters
    ----------
    texts : sequence of str
        The distinct cells, without blanks around them.

    Examples
    --------
    >>> why_unread(["3. März 2024"])[:47]
    "months have names of another language ('März'),"
    >>> why_unread(["soon"])
    ''
    """
    words = dict.fromkeys(word for text in texts for word in _WORD.findall(text))
    names = [word for word in words if word.casefold() in _MONTHS]
    if names:
        return (
            f"months have names of another language ({some(names[:3])}), and English ones alone are read: "
            "write numbers for months"
        )
    if _have_short_years(texts):
        return (
            "years have two digits, which may be of any century, and may be the day or the month as well: "
            "write all four digits"
        )
    return ""


def _have_short_years(texts: Sequence[str]) -> bool:
    form = find_date_form(texts, [1] * len(texts))
    if form is not None and "%y" in form[0]:
        return True
    return sum(_SHORT_YEAR.fullmatch(text) is not None for text in texts) * 2 > len(texts)
