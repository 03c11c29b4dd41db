"""Numbers that are dates: ``20240131``, ``202401``, and seconds or milliseconds since 1970."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["COUNTED", "date_form_of_numbers", "day_of_excel", "is_called_date"]

COUNTED = {"s": 1, "ms": 1000}
"""The forms that count from 1970, and how many are a second."""

_DATE = re.compile(
    r"(?i:.*(date|datum|fecha|timestamp).*"
    r"|(.*[\W_])?(day|dt|dob|month|monat|mois|mes|period|ym|ymd|yyyymm(dd)?|birth\w*|jour|tag)([\W_].*)?)"
)
_EPOCH = re.compile(r"(?i:.*(timestamp|epoch|unix).*)")
_FIRST, _LAST = 1900, 2100
_FIRST_SECOND, _LAST_SECOND = 10**8, 4_102_444_800  # 1973 to 2099
_FIRST_DAY_OF_EXCEL, _LAST_DAY_OF_EXCEL = 20_000, 60_000  # 1954 to 2064
_FEWEST_DAYS, _FEWEST_MONTHS = 5, 6
_SHARE = 0.95
_OF_TIMES = {"%Y%m%d%H": (24,), "%Y%m%d%H%M": (24, 60), "%Y%m%d%H%M%S": (24, 60, 60)}
"""A day with its time behind it, and how many hours, minutes and seconds there are."""


def is_called_date(name: str) -> bool:
    """Tell whether a column's name says that it has dates.

    >>> [is_called_date(name) for name in ("signup_date", "OrderDate", "dt", "month", "income")]
    [True, True, True, True, False]
    """
    return _DATE.fullmatch(name.strip()) is not None


def date_form_of_numbers(name: str, values: np.ndarray, *, is_stated: bool = False) -> tuple[str, bool]:
    """Return the form in which numbers are dates, and whether the column's name says that they are.

    Parameters
    ----------
    name : str
        Of the column.
    values : ndarray of shape (n_rows,), float64
        NaN where missing.
    is_stated : bool
        Whether the owner says that they are dates.

    Returns
    -------
    (str, bool)
        ``%Y%m%d``, with hours, minutes and seconds or without, ``%Y%m``, ``s`` or ``ms``; empty where they
        are none. Without a name that says it, all of them have to be dates, and several; a count since 1970
        needs such a name.
    """
    import numpy as np

    # the first rows tell nearly every column of numbers
    if not len(values) or not _may_be_dates(values[:1000]):
        return "", False
    present = values[~np.isnan(values)]
    is_named = is_stated or is_called_date(name)
    for form, share, fewest in (
        ("%Y%m%d", _share_of_days(present), _FEWEST_DAYS),
        *((form, _share_of_times(present, *parts), _FEWEST_DAYS) for form, parts in _OF_TIMES.items()),
        ("%Y%m", _share_of_months(present), _FEWEST_MONTHS),
    ):
        if share == 1 and (is_named or len(np.unique(present)) >= fewest):
            return form, is_named
        if share >= _SHARE and is_named:
            return form, True
    for form, per_second in COUNTED.items():
        low, high = _FIRST_SECOND * per_second, _LAST_SECOND * per_second
        if (is_stated or _EPOCH.fullmatch(name.strip())) and ((present >= low) & (present <= high)).all():
            return form, True
    return "", False


def day_of_excel(name: str, values: np.ndarray) -> str:
    """Say that numbers may be days as Excel counts them; empty of others.

    Parameters
    ----------
    name : str
        Of the column, which has to say that it has dates.
    values : ndarray of shape (n_rows,), float64
        NaN where missing.

    Examples
    --------
    >>> import numpy as np
    >>> day_of_excel("visit_date", np.array([44927.0, 45000.5]))
    'numbers such as 44927 may be days as Excel counts them (2023-01-01)'
    >>> day_of_excel("income", np.array([44927.0]))
    ''
    """
    import numpy as np

    if not is_called_date(name):
        return ""
    present = values[~np.isnan(values)]
    if not len(present) or present.min() < _FIRST_DAY_OF_EXCEL or present.max() > _LAST_DAY_OF_EXCEL:
        return ""
    day = np.datetime64("1899-12-30") + int(present[0])
    return f"numbers such as {present[0]:.12g} may be days as Excel counts them ({day})"


def _may_be_dates(values: np.ndarray) -> bool:
    import numpy as np

    present = values[~np.isnan(values)]
    if not len(present):
        return True
    middle = float(np.median(present))
    return _FIRST * 100 <= middle <= _LAST * 100 or middle >= _FIRST * 10_000


def _share_of_months(present: np.ndarray) -> float:
    import numpy as np

    year, month = np.divmod(present, 100)
    is_month = (year >= _FIRST) & (year < _LAST) & (month >= 1) & (month <= 12) & (present % 1 == 0)
    return float(is_month.mean()) if len(present) else 0.0


def _share_of_times(present: np.ndarray, *parts: int) -> float:
    import numpy as np

    is_time = present % 1 == 0
    if not is_time[:1].all():
        return 0.0
    rest = present
    for n in reversed(parts):
        rest, part = np.divmod(rest, 100)
        is_time &= part < n
    return _share_of_days(rest[is_time]) * float(is_time.mean()) if is_time.any() else 0.0


def _share_of_days(present: np.ndarray) -> float:
    import numpy as np

    months, day = np.divmod(present, 100)
    if not len(present):
        return 0.0
    year, month = np.divmod(months, 100)
    is_day = (
        (year >= _FIRST) & (year < _LAST) & (month >= 1) & (month <= 12) & (day >= 1) & (present % 1 == 0)
    )
    last = np.where(
        month == 2, np.where(year % 4 == 0, 29, 28), np.where(np.isin(month, [4, 6, 9, 11]), 30, 31)
    )
    return float((is_day & (day <= last)).mean())
