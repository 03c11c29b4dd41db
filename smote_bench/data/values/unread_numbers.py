"""Texts with one number each in a form that is not known: ``20+``, ``R 20``, ``90 min`` beside ``2 Seasons``.

They are categories, which is said: most are measurements that nobody meant to be one feature for each value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.data.values.clothed_numbers import NEARLY_ALL
from smote_bench.data.values.sampling import half_are, spread

__all__ = ["unread_numbers"]

_TEXT = re.compile(
    r"(?P<head>\D*?)(?P<core>(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[.,' ]\d{3})+)(?:[.,]\d+)?)"
    r"(?P<tail>(?!\d|[.,:/-]\d).*)"
)
_FEWEST_NUMBERS, _FEWEST_WITH_SIGNS, _MOST_FORMS = 20, 10, 12
_SHARE_OF_FRACTIONS = 0.1
_ENDS_A_WORD = re.compile(r"[^\W\d_][-_]?$")
_LETTER_OF_A_CODE = re.compile(r"[^\W\d_]?|st|[nr]d|th", re.IGNORECASE)


def unread_numbers(texts: Sequence[str], counts: Sequence[int]) -> str:
    """Return whether texts that are read as categories are likely to be numbers.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    Returns
    -------
    {"", "read", "suspect"}
        ``suspect`` where a number has signs or words behind it, ``read`` where it may be the name of
        something, as in ``Ward 20``, empty of codes (``A12``, ``12b``), and of few numbers.

    Examples
    --------
    >>> def kind_of(form):
    ...     return unread_numbers([form.format(n, "ABC"[n % 3]) for n in range(30)], [2] * 30)
    >>> kind_of("{}+"), kind_of("Ward {}"), kind_of("{1}{0}"), kind_of("{}{}")
    ('suspect', 'read', '', '')
    """
    if len(texts) < _FEWEST_NUMBERS or not half_are(texts, lambda text: _TEXT.fullmatch(text) is not None):
        return ""
    texts, counts = spread(texts), spread(counts)
    cells = [(found, n) for text, n in zip(texts, counts, strict=True) if (found := _TEXT.fullmatch(text))]
    forms = {(found["head"], found["tail"]) for found, _ in cells}
    if sum(n for _, n in cells) < NEARLY_ALL * sum(counts) or len(forms) > _MOST_FORMS or forms == {("", "")}:
        return ""
    cores = {found["core"] for found, _ in cells}
    has_words = any(map(str.isalpha, "".join(head + tail for head, tail in forms)))
    if len(cores) < (_FEWEST_NUMBERS if has_words else _FEWEST_WITH_SIGNS):  # 38+2: weeks and days
        return ""
    has_fractions = sum("." in core or "," in core for core in cores) >= _SHARE_OF_FRACTIONS * len(cores)
    heads = {head for head, _ in forms if any(map(str.isalpha, head))}
    if heads:
        is_attached = any(map(_ENDS_A_WORD.search, heads))
        if is_attached:
            return "" if len(heads) > 1 else "read"
        return "suspect" if has_fractions else "read"
    if all(head.strip() == "#" for head, _ in forms):
        return "read"
    is_code = all(not head and _LETTER_OF_A_CODE.fullmatch(tail) for head, tail in forms)
    return "suspect" if has_fractions or not is_code else ""
