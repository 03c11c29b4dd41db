"""Columns that name the rows, such as a customer's number or a saved index: no model learns from them.

Text would be one feature per row as categories; a counter says where a row stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from smote_bench.data.values.clothed_numbers import is_zero_led_code
from smote_bench.data.values.labels import number

if TYPE_CHECKING:
    import numpy as np

__all__ = ["counted_rows", "is_called_identifier", "is_identifier", "naming_texts"]

_FEWEST_ROWS = 30
_SHARE_OF_DISTINCT = 0.95
_SHARE_OF_NUMBERS = 0.5
_LOOKED_AT = 20_000
_WORDS_OF_TEXT, _WORDS_OF_LONG_TEXT = 5, 8
_SHARE_OF_DISTINCT_TEXTS = 0.5
_GAPS_OF_AN_ORDER, _GAPS_OF_A_SHUFFLE = 4.0, 1.05
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
_NAME = re.compile(
    r"(?i:unnamed: \d+_*|index|idx|level_\d+|row|rows|row[\W_]?(id|no|nr|num|number|names?)|record"
    r"|(.*[\W_])?(id|ids|uid|uuid|guid|rowid|identifier)"
    r"|(.*[\W_])?(serial|account|customer|client|patient|order|invoice|record|transaction|case|sample|phone|ssn)"
    r"[\W_]?(no|nr|num|number|id|code|key))"
    r"|.*[a-z](Id|ID)|(?i:(customer|client|patient|order|record|transaction|sample|user|person|member|loan)id)"
)


def is_identifier(distinct: Collection[str], n_present: int) -> bool:
    """Tell whether a column names its rows: texts, none of them a number, nearly all of them different.

    Parameters
    ----------
    distinct : collection of str
        The different values of the column, missing ones left out.
    n_present : int
        How many cells are not missing. Under thirty, nothing can be told.
    """
    if n_present < _FEWEST_ROWS or len(distinct) < _SHARE_OF_DISTINCT * n_present:
        return False
    return all(number(text) is None for text in distinct)


def is_called_identifier(name: str) -> bool:
    """Tell whether a column is called like one that names the rows.

    >>> [is_called_identifier(name) for name in ("id", "customerID", "Unnamed: 0", "paid", "income")]
    [True, True, True, False, False]
    """
    return _NAME.fullmatch(name.strip()) is not None


def naming_texts(texts: Sequence[str], n_present: int) -> str:
    """Return why a column of text is no feature, in words; empty where it may be one.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of the column, missing ones left out.
    n_present : int
        How many cells are not missing. Under thirty, nothing can be told but of UUIDs.
    """
    n_distinct = len(texts)
    of = f"{n_distinct:,} different texts in {n_present:,} rows"
    nearly_unique = n_distinct >= _SHARE_OF_DISTINCT * n_present
    if nearly_unique and n_distinct > 2 and all(map(_UUID.fullmatch, texts)):
        return f"as an identifier: {of}, UUIDs"
    if n_present < _FEWEST_ROWS:
        return ""
    texts = texts[:: -(-n_distinct // _LOOKED_AT) or 1]
    n_words = sum(len(text.split()) for text in texts) / max(len(texts), 1)
    is_long = n_words >= _WORDS_OF_LONG_TEXT and n_distinct >= _SHARE_OF_DISTINCT_TEXTS * n_present
    if is_long or (nearly_unique and n_words >= _WORDS_OF_TEXT):
        return f"as free text: {of}, of {n_words:.0f} words on average"
    if not nearly_unique:
        return ""
    if any(map(is_zero_led_code, texts)):
        return f"as an identifier: {of}, some with a leading 0"
    n_numbers = sum(number(text) is not None for text in texts)
    return "" if n_numbers >= _SHARE_OF_NUMBERS * len(texts) else f"as an identifier: {of}"


def counted_rows(name: str, values: np.ndarray) -> str:
    """Return why a column of numbers is no feature, in words; empty where it may be one.

    Whole numbers that are all different name the rows if they count them, in the order of the file or without
    gaps; if they only rise or fall with few gaps; or if the column is called like an identifier.

    Parameters
    ----------
    name : str
        Of the column.
    values : ndarray of shape (n_rows,), float64
        NaN where missing.
    """
    import numpy as np

    present = values[~np.isnan(values)]
    n = len(present)
    # the first rows tell nearly every column of measurements
    if n < _FEWEST_ROWS or (head := present[:_FEWEST_ROWS] % 1).any() or len(head) < _FEWEST_ROWS:
        return ""
    if (present % 1).any():
        return ""
    steps = np.diff(present)
    is_called = is_called_identifier(name)
    is_ordered = bool((steps > 0).all() or (steps < 0).all())
    if not is_ordered and len(np.unique(present)) < n:
        return ""
    if n < len(values) and not is_called:
        return ""
    low, high = f"{present.min():.0f}", f"{present.max():.0f}"
    if bool((steps == steps[0]).all()) and abs(steps[0]) == 1:
        return f"as a counter of the rows: {present[0]:.0f} to {present[-1]:.0f} in the order of the file"
    gaps = (float(present.max()) - float(present.min()) + 1) / n
    if gaps <= _GAPS_OF_A_SHUFFLE:
        return f"as a counter of the rows: {n:,} different whole numbers from {low} to {high}"
    if is_ordered and (gaps <= _GAPS_OF_AN_ORDER or is_called):
        side = "above" if steps[0] > 0 else "below"
        return f"as a counter of the rows: whole numbers from {low} to {high}, each {side} the one before"
    if is_called:
        return f"as an identifier: {n:,} different whole numbers in {n:,} rows, and its name"
    return ""
