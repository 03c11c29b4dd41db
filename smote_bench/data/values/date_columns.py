"""Dates as numbers: days since 1970, with the time of day as a part of a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from smote_bench.data.values.date_numbers import COUNTED
from smote_bench.data.values.sampling import spread

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "LAST_SHORT_YEAR",
    "are_far",
    "dates_in_several_forms",
    "days",
    "days_of_texts",
    "find_date_form",
    "placeholder_of",
    "word_of_period",
]

_ISO = "ISO8601"
_SAMPLE = 200
_SHARE_OF_THE_SAMPLE = 0.5
_FEWEST_DATES = 2
_SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?")
_OUTLINE = re.compile(
    r"\d{4}-\d{1,2}(-\d{1,2}([T ]\d.*)?)?|\d{4}[/.]\d{1,2}[/.]\d{1,2}( \d.*)?"
    r"|\d{1,2}([-/])\d{1,2}\4(\d{4}|\d{2})(,? \d.*)?|\d{1,2}\.\d{1,2}\.\d{4}(,? \d.*)?"
    r"|\d{2}\.\d{2}\.\d{2}( \d.*)?|(19|20)\d{6}"
    r"|[A-Za-z]{3,9}\.?[- /](\d{4}|\d{2})|\d{4}[- ][A-Za-z]{3,9}|(0?[1-9]|1[0-2])/(19|20)\d\d"
    r"|(19|20)\d\d[- ]?[Qq][1-4]|[Qq][1-4][-/ ]?(19|20)\d\d|[1-4][Qq][-/ ]?(19|20)\d\d"
    r"|(19|20)\d\d-?W\d{1,2}(-?[1-7])?"
    r"|[A-Z][a-z]{2},? [A-Za-z]{3} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}"
    r"|([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([A-Z]{1,4}|[+-]\d{4})"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d [+-]\d{4} \d{4}"
    r"|\d{2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}"
    r"|\d{1,2}[A-Za-z]{3}\d{4}(:\d\d:\d\d(:\d\d(\.\d+)?)?)?"
    r"|\d{2}[A-Za-z]{3}\d{2}|(19|20)\d{6}T\d{4}(\d\d)?Z?|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{4}\. ?\d{1,2}\. ?\d{1,2}\.?|\d{1,2}\. \d{1,2}\. \d{4}"
    r"|\d{1,2}(st|nd|rd|th)?[- ][A-Za-z]{3,9}\.?[- ](\d{4}|\d{2})( \d.*)?"
    r"|[A-Za-z]{3,9}\.? {1,2}\d{1,2}(st|nd|rd|th)?,? \d{4}(,? {1,2}\d.*)?"
)
_DAYS = (
    "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%m-%d-%y",
    "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d%b%Y",
    "%d%b%y", "%Y. %m. %d.", "%Y.%m.%d.", "%Y. %m. %d", "%d. %m. %Y", "%Y年%m月%d日",
)  # fmt: skip
_MONTHS = ("%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%b/%Y", "%b-%y", "%b %y", "%Y-%b", "%Y %b", "%m/%Y")
_PARTS = {
    "quarter": re.compile(r"(?P<y>(?:19|20)\d\d)[- ]?[Qq](?P<n>[1-4])"),
    "quarter first": re.compile(r"(?:[Qq](?P<n>[1-4])|(?P<m>[1-4])[Qq])[-/ ]?(?P<y>(?:19|20)\d\d)"),
    "week": re.compile(r"(?P<y>(?:19|20)\d\d)-?W(?P<n>\d{1,2})(?:-?(?P<d>[1-7]))?"),
}
"""Forms that no codec of dates knows."""
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I:%M:%S%p")
_OF_PROGRAMS = (
    *("%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S %Z", "%a, %d %b %Y %H:%M:%S %z"),
    *("%d %b %Y %H:%M:%S %Z", "%d %b %Y %H:%M:%S %z"),
    *("%a %b %d %H:%M:%S %z %Y", "%d/%b/%Y:%H:%M:%S %z", "%d%b%Y:%H:%M:%S", "%d%b%Y:%H:%M"),
    *("%d%b%Y:%H:%M:%S.%f", "%b %d %Y %I:%M:%S:%f%p"),
)
"""As C's ``ctime``, mail, logs of servers, SAS and SQL Server write the time."""
_WITH_POINTS = ("%d-%b-%y %I.%M.%S.%f %p", "%d-%b-%y %I.%M.%S %p", "%d-%b-%Y %I.%M.%S %p")
"""As Oracle writes the time."""
_COMPACT = (
    (re.compile(r"\d{8}T\d{4}"), "%Y%m%dT%H%M"),
    (re.compile(r"\d{8}T\d{4}Z"), "%Y%m%dT%H%MZ"),
    (re.compile(r"\d{8}T\d{6}"), "%Y%m%dT%H%M%S"),
    (re.compile(r"\d{8}T\d{6}Z"), "%Y%m%dT%H%M%SZ"),
)
"""A day and its time without signs between: by its length, as pandas takes one form for another."""
_YEAR_AND_MORE = re.compile(r"\d{4}-\d")
_PART_OF_A_SECOND = re.compile(r"(?<=:\d\d),(?=\d)")
_ZONE = re.compile(r"(?<=\d) ?(?:UTC|GMT)$")
_HALF_OF_A_DAY = re.compile(r"(?<=\d)\s?([AaPp])\.\s?[Mm]\.$")
_COMMA = re.compile(r"(?<=\d\d),(?= \d\d?:\d\d)")
_HALF = re.compile(r"[AaPp]\.?\s?[Mm]")
_MONTH_NAME = re.compile(r"[A-Za-z]{3}")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")

LAST_SHORT_YEAR = 2035
"""The last year that two digits stand for: a fixed one, so that a file is read alike at any time."""
_FIRST_YEAR, _LAST_YEAR = "1678-01-01", "2261-12-31"
"""What every release of pandas can hold; a date outside, such as 9999-12-31, stands for none."""


def days(dates: pd.Series) -> np.ndarray:
    """Return dates as days since 1970-01-01 in UTC, float64; NaN where there is none, or none that is near.

    Parameters
    ----------
    dates : Series of shape (n_rows,), datetime64 with or without a time zone
    """
    import numpy as np

    if getattr(dates.dtype, "tz", None) is not None:
        dates = dates.dt.tz_convert(None)
    instants = dates.to_numpy(dtype="datetime64[us]")
    out = (
        np.isnat(instants) | (instants < np.datetime64(_FIRST_YEAR)) | (instants > np.datetime64(_LAST_YEAR))
    )
    values: np.ndarray = instants.astype(np.int64) / 86_400e6
    values[out] = np.nan
    return values


def days_of_texts(texts: Sequence[str], form: str) -> np.ndarray:
    """Return the days of texts in a form that `find_date_form` gave; NaN where one is no such date.

    Years of two digits are those from 1936 to `LAST_SHORT_YEAR`.
    """
    import pandas as pd

    if form in _PARTS:
        return days(
            pd.to_datetime(pd.Series([_first_day(text.strip(), form) for text in texts], dtype=object))
        )
    if form in COUNTED:
        counted = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
        since: np.ndarray = counted.to_numpy(dtype="float64") / (86_400 * COUNTED[form])
        return since
    plain = pd.Series([_as_codecs_write(text, form) for text in texts], dtype=object)
    dates = pd.to_datetime(plain, format=form, errors="coerce", utc=True)
    if "%y" in form:
        is_late = dates.dt.year > LAST_SHORT_YEAR
        if is_late.any():
            dates = dates.where(~is_late, dates - pd.DateOffset(years=100))
    return days(dates)


def _as_codecs_write(text: str, form: str) -> str | None:
    """Return a text as the codec of a form knows it, None where it is none of that."""
    text = text.strip()
    if form == _ISO:
        if not _YEAR_AND_MORE.match(text):  # a year alone would be a date as well
            return None
        if "," in text:
            text = _PART_OF_A_SECOND.sub(".", text)
        return _ZONE.sub("Z", text) if text.endswith(("UTC", "GMT")) else text
    if "," in text:
        text = _COMMA.sub("", text)
    if form.endswith(" %p") and text.endswith("."):
        text = _HALF_OF_A_DAY.sub(r" \1m", text)
    return _ORDINAL.sub("", text) if "%d" in form and ("%b" in form or "%B" in form) else text


_PLACEHOLDERS = (
    *("1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01"),
    *("2049-12-31", "2050-01-01", "2079-06-06", "2099-12-31", "2100-01-01", "2199-12-31", "2200-01-01"),
)
"""Days that databases and programs write where there is no date."""
_FAR_FROM_OTHERS = 3


def placeholder_of(values: np.ndarray) -> tuple[str, int] | None:
    """Return the day that stands for no date in a column of days, and how many cells have it.

    Such a day is one of those that programs write, the first or the last of the column, in two cells at
    least, and further from all others than three times what these span, and than three years.

    Parameters
    ----------
    values : ndarray of shape (n_rows,), float64
        Days since 1970, NaN where missing.
    """
    import numpy as np

    distinct, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    if len(distinct) < 3:
        return None
    for edge, others in ((0, distinct[1:]), (-1, distinct[:-1])):
        day = str(np.datetime64(0, "D") + int(distinct[edge] // 1))
        gap = np.abs(others - distinct[edge]).min()
        if day in _PLACEHOLDERS and counts[edge] > 1 and gap > max(_FAR_FROM_OTHERS * np.ptp(others), 1100):
            return day, int(counts[edge])
    return None


def word_of_period(form: str) -> str:
    """Return what a date of a form is where it is longer than a day: ``months``, ``quarters``, ``weeks``.

    >>> word_of_period("%b %Y"), word_of_period("week"), word_of_period("%Y-%m-%d")
    ('months', 'weeks', '')
    """
    if form in _PARTS:
        return f"{form.split()[0]}s"
    return "months" if form in (*_MONTHS, "%Y%m") else ""


def _first_day(text: str, form: str) -> date | None:
    found = _PARTS[form].fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    number = int(parts["n"] or parts["m"])
    try:
        if form == "week":
            return date.fromisocalendar(int(parts["y"]), number, int(parts["d"] or 1))
        return date(int(parts["y"]), 3 * number - 2, 1)
    except ValueError:
        return None


def are_far(texts: Sequence[str], form: str) -> np.ndarray:
    """Tell which texts are dates that stand for none, since they are before 1678 or after 2261.

    Returns
    -------
    ndarray of shape (n_texts,), bool
    """
    import numpy as np

    found = np.zeros(len(texts), dtype=bool)
    if form in _PARTS or form in COUNTED:
        return found
    for place in np.flatnonzero(np.isnan(days_of_texts(texts, form))).tolist():
        found[place] = _is_far(_as_codecs_write(texts[place], form), form)
    return found


def _is_far(text: str | None, form: str) -> bool:
    if text is None:
        return False
    try:
        found = datetime.fromisoformat(text) if form == _ISO else datetime.strptime(text, form)
    except ValueError:
        return False
    day = found.date().isoformat()
    return not _FIRST_YEAR <= day <= _LAST_YEAR


def find_date_form(texts: Sequence[str], counts: Sequence[int]) -> tuple[str, float, str] | None:
    """Return the form in which most of some texts are dates.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    Returns
    -------
    (str, float, str), or None
        The form, the share of cells that are dates in it, and another form in which as many are; empty if
        there is none. The day is taken to stand before the month where both may. None where the texts do not
        look like dates.
    """
    import numpy as np

    sample = texts[:_SAMPLE]
    looks = sum(_OUTLINE.fullmatch(text.strip()) is not None for text in sample)
    if not sample or looks < _SHARE_OF_THE_SAMPLE * len(sample):
        return None
    of_sample = [(_n_dates(sample, np.ones(len(sample)), form), form) for form in _forms(sample)]
    likely = [form for n, form in of_sample if n >= _SHARE_OF_THE_SAMPLE * len(sample)]
    if not likely:
        return None
    texts, counts = spread(texts), spread(counts)
    weights = np.asarray(counts, dtype=float)
    fitting = [(_n_dates(texts, weights, form), form) for form in likely]
    most = max(n for n, _ in fitting)
    best = [form for n, form in fitting if n == most]
    return best[0], most / weights.sum(), best[1] if len(best) > 1 else ""


def _forms(sample: Sequence[str]) -> list[str]:
    """Return the forms that some of a few texts may have: each that is tried costs all of them a look."""
    has_time = any(":" in text for text in sample)
    compact = [form for how, form in _COMPACT if any(how.fullmatch(text.strip()) for text in sample)]
    days_only = () if has_time else (*_MONTHS, *_PARTS)
    others = _OF_PROGRAMS if has_time else (*compact, *days_only, *_WITH_POINTS)
    times = _possible(_TIMES[1:] if has_time else ("",), sample, ("%p",), _HALF)
    dates = _possible(_DAYS, sample, ("%b", "%B"), _MONTH_NAME)
    return [_ISO, *(day + time for day in dates for time in times), *others]


def _possible(
    forms: Sequence[str], sample: Sequence[str], parts: Sequence[str], written: re.Pattern[str]
) -> list[str]:
    """Return the forms with one of some parts where a text has it `written`, the others where one has not."""
    found = [written.search(text) is not None for text in sample]
    has, lacks = any(found), not all(found)
    return [form for form in forms if (has if any(part in form for part in parts) else lacks)]


def dates_in_several_forms(texts: Sequence[str]) -> list[str]:
    """Return texts that are dates, each in another form; one alone where the others are no dates.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column that was not read as one of dates.

    Returns
    -------
    list of str
        Empty unless half of them are dates, or days as Excel counts them beside some dates.
    """
    import numpy as np

    sample = [text.strip() for text in spread(texts)][:_SAMPLE]
    likely = [text for text in sample if _OUTLINE.fullmatch(text)]
    n_counted = sum(_SERIAL.fullmatch(text) is not None for text in sample)
    if len(likely) < _FEWEST_DATES or len(likely) + n_counted < _SHARE_OF_THE_SAMPLE * len(sample):
        return []
    with_time = [text for text in likely if ":" in text]
    others = [text for text in likely if ":" not in text]
    found: list[str] = []
    n_dates = 0
    for alike in (with_time, others):
        for form in _forms(alike) if alike else ():
            is_date = ~np.isnan(days_of_texts(alike, form))
            if is_date.any():
                found.append(alike[int(is_date.argmax())])
                n_dates += int(is_date.sum())
                alike = [text for text, flag in zip(alike, is_date.tolist(), strict=True) if not flag]
            if not alike:
                break
    is_enough = n_dates >= _FEWEST_DATES and n_dates + n_counted >= _SHARE_OF_THE_SAMPLE * len(sample)
    return found if is_enough else []


def _n_dates(texts: Sequence[str], weights: np.ndarray, form: str) -> float:
    import numpy as np

    is_date = ~np.isnan(days_of_texts(texts, form)) | are_far(texts, form)
    return float(weights[is_date].sum())
