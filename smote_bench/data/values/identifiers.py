"""Columns that name the rows, such as a customer's number or a saved index: no model learns from them.

Text would be one feature per row as categories; a counter says where a row stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from smote_bench.data.findings import yaml_name
from smote_bench.data.values.clothed_numbers import is_zero_led_code
from smote_bench.data.values.labels import number
from smote_bench.data.values.sampling import spread

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "UUID",
    "counted_rows",
    "is_called_identifier",
    "is_called_number_of_rows",
    "is_identifier",
    "naming_texts",
    "rising_rows",
]

_FEWEST_ROWS = 30
_SHARE_OF_DISTINCT = 0.95
_SHARE_OF_NUMBERS = 0.5
_WORDS_OF_TEXT, _WORDS_OF_LONG_TEXT = 5, 8
_SHARE_OF_DISTINCT_TEXTS = 0.5
_GAPS_OF_AN_ORDER, _GAPS_OF_A_SHUFFLE = 4.0, 1.05
_SHARE_OF_STEPS = 0.95
_ROUNDING = 1e-9
UUID = re.compile(r"\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
"""With hyphens and braces or without."""
_NAME = re.compile(
    r"(?i:unnamed: \d+_*|index|idx|level_\d+|row|rows|row[\W_]?(id|no|nr|num|number|names?)|record"
    r"|(.*[\W_])?(id|ids|uid|uuid|guid|rowid|identifier)"
    r"|(.*[\W_])?(serial|account|customer|client|patient|order|invoice|record|transaction|case|sample|phone|ssn)"
    r"[\W_]?(no|nr|num|number|id|code|key))"
    r"|.*[a-z](Id|ID)|(?i:(customer|client|patient|order|record|transaction|sample|user|person|member|loan)id)"
)

_NUMBER = re.compile(
    r"(?i:#|n°|no\.?|nr\.?|num|number|lfd\.?[\W_]?nr\.?|seq|sequence|counter|obs|observation)"
)
_OF_ROWS = re.compile(
    r"(?i:(.*[\W_])?(account|acct|konto|customer|cust|client|kunden?|kd|patient(en)?|order|auftrags?|invoice|rechnungs?"
    r"|record|rec|transaction|txn|case|fall|sample|specimen|member|mitglieds?|student|matrikel|employee|emp"
    r"|personal|policy|policen|claim|ticket|passport|encounter|visit|loan|contract|vertrags?|serial|seq|sequence"
    r"|row|user|person|subject|device|product|artikel|item|batch|booking|registration|reg|roll|chassis|insee"
    r"|phone|telefon|s|sl|sr|lfd)[\W_]*(no|nr|number|nummer|nbr|numero|número|numéro|id|code|key)[\W_]*"
    r"|(.*[\W_])?(mrn|ssn|cust|kunde|nif|dni|cpf|cnpj|npi|vin|imei|iccid|ean|gtin|upc|sku|isbn|iban|barcode|phone|telephone"
    r"|telefon|acct|serial|pk|key|objectid|oid|lfd|subj|respondent|participant)"
    r"|.*[\W_]id[\W_](curr|prev|old|new|orig|ref|key|\d+)|unnamed:?)"
)
"""What numbers that are all different are called where they name rows; shared ones may be categories."""
_YEAR = re.compile(r"(?i:(.*[\W_])?(year|yr|jahr|année|annee|año|anno)([\W_].*)?)|.*[a-z]Year")
_YEARS = (1000, 2200)
_MEASURED_TOO = re.compile(
    r"(?i:(.*[\W_])?(dni|vin|nif|npi|ean|pk|key)|(.*[\W_])?(visit|user|person|device|batch|ticket)[\W_]*number)"
)
_LONG_NUMBER = 10_000
"""Shorter ones under such names may be measured: DNI of the sun, a voltage VIN, a number of visits."""
_INDEX = re.compile(r"(?i:index|idx)")


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


def is_called_number_of_rows(name: str) -> bool:
    """Tell whether a column is called like a number of whom or what rows are of, and like no measurement.

    Where most of its values are different, they name rows; else they may be categories, as of products.

    >>> [is_called_number_of_rows(name) for name in ("MRN", "Kundennummer", "ssn", "VIN", "income")]
    [True, True, True, False, False]
    """
    bare = name.strip()
    return _OF_ROWS.fullmatch(bare) is not None and _MEASURED_TOO.fullmatch(bare) is None


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
    if nearly_unique and n_distinct > 2 and all(map(UUID.fullmatch, texts)):
        return f"as an identifier: {of}, UUIDs"
    if n_present < _FEWEST_ROWS:
        return ""
    texts = spread(texts)
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

    Whole numbers name the rows if the column is called like an identifier and nearly all of them are
    different. Whatever it is called, they do if every row has one, all are different, and they count: in
    steps of one size in the order of the file, or without gaps in any order. A measurement of a sorted file
    rises as well, but in steps of many sizes; one that is called a year and looks like one may count.
    Numbers with a fraction name the rows if the column is called like an identifier and, in their own order,
    they have steps of one size: 0.5, 1.5, 2.5.

    Parameters
    ----------
    name : str
        Of the column.
    values : ndarray of shape (n_rows,), float64
        NaN where missing.
    """
    import numpy as np

    present = _whole(values)
    n = len(present)
    if not n:
        # An index may be one that is measured, of refraction or of prices.
        is_called = is_called_identifier(name) and not _INDEX.fullmatch(name.strip())
        return _in_even_steps(values) if is_called else ""
    low, high = f"{present.min():.0f}", f"{present.max():.0f}"
    is_called = is_called_identifier(name) or _is_called_of_rows(name.strip(), float(np.median(present)))
    steps = np.diff(present)
    is_ordered = bool((steps > 0).all() or (steps < 0).all())
    n_distinct = n if is_ordered else len(np.unique(present))
    if n_distinct < (_SHARE_OF_DISTINCT if is_called else 1) * n or (n < len(values) and not is_called):
        return ""
    if not is_called and _are_years(name, present):
        return ""
    if is_ordered and (steps == (step := float(np.median(steps)))).sum() >= _SHARE_OF_STEPS * len(steps):
        by = "" if abs(step) == 1 else f" by {abs(step):.0f}"
        where = f"{present[0]:.0f} to {present[-1]:.0f}{by} in the order of the file"
        return f"as a counter of the rows: {where}"
    if n_distinct == n and _gaps(present) <= _GAPS_OF_A_SHUFFLE:
        return f"as a counter of the rows: {n:,} different whole numbers from {low} to {high}"
    if is_called or _NUMBER.fullmatch(name.strip()):
        said = f"as an identifier: {n_distinct:,} different whole numbers in {n:,} rows, and its name"
        again = f"; 'groups: {yaml_name(name)}' keeps rows with the same number on one side"
        return said if n_distinct == n else said + again
    return ""


def _is_called_of_rows(name: str, middle: float) -> bool:
    """Tell whether different numbers, of which the middle one is given, name rows by their name."""
    is_called = _OF_ROWS.fullmatch(name) is not None
    return is_called and (middle >= _LONG_NUMBER or _MEASURED_TOO.fullmatch(name) is None)


def _in_even_steps(values: np.ndarray) -> str:
    """Return that numbers with a fraction count the rows, in words; empty where their steps differ."""
    import numpy as np

    present = values[np.isfinite(values)]
    n, distinct = len(present), np.unique(present)
    if n < _FEWEST_ROWS or len(distinct) < _SHARE_OF_DISTINCT * n:
        return ""
    steps = np.diff(distinct)
    step = float(np.median(steps))
    rounding = _ROUNDING * float(np.abs(distinct).max())
    if rounding > step / 100 or (np.abs(steps - step) <= rounding).mean() < _SHARE_OF_STEPS:
        return ""
    ends = f"{distinct[0]:.6g} to {distinct[-1]:.6g}"
    return f"as a counter of the rows: {len(distinct):,} different numbers in steps of {step:.6g}, {ends}"


def rising_rows(name: str, values: np.ndarray) -> str:
    """Return what to say of a column that may be a counter with gaps, or a feature the file is sorted by.

    Parameters
    ----------
    name : str
        Of the column, of which `counted_rows` says nothing.
    values : ndarray of shape (n_rows,), float64
        NaN where missing.

    Returns
    -------
    str
        Empty unless its whole numbers rise or fall from each row to the next, over at most four times as
        many numbers as rows.
    """
    import numpy as np

    present = _whole(values)
    if not len(present) or len(present) < len(values):
        return ""
    steps = np.diff(present)
    if not ((steps > 0).all() or (steps < 0).all()) or _gaps(present) > _GAPS_OF_AN_ORDER:
        return ""
    way = "rises" if steps[0] > 0 else "falls"
    why = "as its name says years" if _are_years(name, present) else "a sorted measurement does so"
    return (
        f"{way} from each row to the next, {present[0]:.0f} to {present[-1]:.0f}: it is kept, {why}, but a "
        "counter of the rows would too"
    )


def _whole(values: np.ndarray) -> np.ndarray:
    """Return the numbers that are there; none of a column that has others than whole ones, or too few."""
    import numpy as np

    present: np.ndarray = values[~np.isnan(values)]
    # the first rows tell nearly every column of measurements
    if len(present) < _FEWEST_ROWS or (present[:_FEWEST_ROWS] % 1).any() or (present % 1).any():
        return present[:0]
    return present


def _gaps(present: np.ndarray) -> float:
    """Return how many numbers there are from the lowest to the highest, for each that is there."""
    return (float(present.max()) - float(present.min()) + 1) / len(present)


def _are_years(name: str, present: np.ndarray) -> bool:
    low, high = _YEARS
    return _YEAR.fullmatch(name.strip()) is not None and low <= present.min() and present.max() <= high
