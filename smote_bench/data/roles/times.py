"""When rows were: a column of numbers or dates as numbers in the order of time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding
from smote_bench.data.roles.dressed_cells import dressed_findings, dressed_numbers, unit_of
from smote_bench.data.roles.role_cells import is_text, plain_numbers, row_of, stripped
from smote_bench.data.roles.unread_dates import why_unread
from smote_bench.data.values.clock_times import find_clock
from smote_bench.data.values.date_columns import days_of_texts, find_date_form, placeholder_of
from smote_bench.data.values.date_numbers import day_of_excel
from smote_bench.data.values.number_parts import one_spelling
from smote_bench.data.values.number_texts import some
from smote_bench.data.values.sentinels import Outlier, outlying_sentinels
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["times_findings", "times_of"]

_DATE_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y")
_MONTH_FIRST = re.compile(r"^(?P<month>0?[1-9]|1[0-2])[./-](?P<year>(?:19|20)\d\d)$")
_YEAR_FIRST = re.compile(r"^(?P<year>(?:19|20)\d\d)[./](?P<month>1[0-2]|0?[1-9])$")
_SEASON = re.compile(r"^(?P<first>(?:19|20)\d\d)[/-](?P<second>\d\d)$")
_HOURS_OF_A_DAY = 24
_NAMES_OF_UNITS = """
s sec second ms min minute h hr hour d day w wk week month mo y yr year
sekunde sekunden minuten stunde stunden tag tage woche wochen monat monate jahr jahre
seconde heure jour semaine an ans segundo minuto hora día semana año dia ano giorno ora
"""
_UNITS = frozenset(_NAMES_OF_UNITS.split())
"""Of times that go forward: ``3 days ago`` and ``5 BC`` go back."""

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_SECONDS_A_DAY = 86_400
_MOST_DAYS = 106_650
"""From 1970 to the end of 2261, and back to 1678: beside nearer dates, one beyond stands for none."""

_MOST_FAR = 2
"""More such days are those of a history, or of a story."""

_FEWEST_AFTER_ZERO = 1000
"""The lowest other time, for 0 to be none: years, days as 20241231 and seconds are above it."""

_LIMIT_OF_NANOSECONDS = 2**63 // 10**9 - 1


def times_of(column: pd.Series, name: str) -> np.ndarray:
    """Return the times of rows, float64: numbers as they stand, months counted, dates in seconds since 1970.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Without missing cells.
    name : str
        What messages call the table.

    Raises
    ------
    ConfigError
        If a cell is neither, or if dates may be read in two ways.
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _seconds(column)
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        seconds: np.ndarray = column.dt.total_seconds().to_numpy(dtype="float64")
        return seconds
    if not is_text(column) and not pd.api.types.is_numeric_dtype(column.dtype):
        column = column.astype(str)
    months = _months(column)
    if months is not None:
        return months
    numbers = plain_numbers(column)
    if numbers is not None:
        return numbers
    seasons = _seasons(column)
    if seasons is not None:
        return seasons
    try:
        return _seconds(_dates(stripped(column), name, str(column.name)))
    except ConfigError:
        spans = _spans(column)
        if spans is None:
            raise
        return spans


def times_findings(column: pd.Series, times: np.ndarray | None = None) -> list[Finding]:
    """Return what is to be said of times: days as Excel counts them, and what may stand for no time.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Without missing cells.
    times : ndarray of shape (n_rows,), float64, optional
        What `times_of` gave of it; without, nothing is said of dates that may stand for none.
    """
    import pandas as pd

    name = str(column.name)
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        return []
    is_typed = pd.api.types.is_datetime64_any_dtype(column.dtype)
    numbers = counted = None if is_typed else plain_numbers(column)
    told = []
    if numbers is None and not is_typed and times is not None:
        told = _spans_findings(column, times)
        counted = times if told else None
    if counted is None:
        found = [] if times is None else _dates_of_none(times)
    else:
        found = [(f"{one.value:.15g}", one.n_rows) for one in _numbers_of_none(counted)]
    doubts = [
        Finding(
            "suspect",
            name,
            f"column {name!r}: {shown} in {n:,} of {len(column):,} rows is far from all other times, and may "
            "stand for none: taken as a time, those rows are the first or the last of all",
            "correct them, or leave those rows out of the file",
        )
        for shown, n in found
    ]
    said = "" if numbers is None else day_of_excel(name, numbers)
    if not said:
        return [*told, *doubts]
    text = f"column {name!r}: {said}, they are read as numbers, whose order is that of time"
    return [*doubts, Finding("read", name, text)]


def _numbers_of_none(numbers: np.ndarray) -> list[Outlier]:
    """Return numbers that may stand for no time: those of nines, and a 0 far before all others."""
    found = outlying_sentinels(numbers)
    zeros = outlying_sentinels(numbers, (0.0,)) if not found and (numbers == 0).any() else []
    return [*found, *(one for one in zeros if one.low >= _FEWEST_AFTER_ZERO and one.low > one.high - one.low)]


def _dates_of_none(times: np.ndarray) -> list[tuple[str, int]]:
    """Return days that may stand for no date, as they do in a feature, and in how many rows they are."""
    import numpy as np

    days, counts = np.unique(np.floor(times / _SECONDS_A_DAY), return_counts=True)
    is_out = np.abs(days) > _MOST_DAYS
    found = [
        (str(np.datetime64(0, "D") + int(day)), int(n))
        for day, n in zip(days[is_out], counts[is_out], strict=True)
    ]
    if 0 < len(found) <= _MOST_FAR and not is_out.all():
        return found
    placeholder = placeholder_of(np.repeat(days[~is_out], counts[~is_out]))
    return [] if placeholder is None else [placeholder]


def _seasons(column: pd.Series) -> np.ndarray | None:
    """Return the first years of seasons such as ``2020/21``; None where a cell is none."""
    import numpy as np

    parts = stripped(column).str.extract(_SEASON)
    if parts.isna().any(axis=None):
        return None
    first, second = (parts[name].astype(int) for name in ("first", "second"))
    if ((first + 1) % 100 != second).any():
        return None
    years: np.ndarray = first.to_numpy(np.float64)
    return years


def _spans(column: pd.Series) -> np.ndarray | None:
    """Return times of day or durations in hours, or numbers with thousands or a unit of time; None else."""
    import numpy as np
    import pandas as pd

    texts = stripped(column)
    codes, distinct = pd.factorize(texts)
    clock = find_clock(distinct.tolist(), np.bincount(codes).tolist())
    if clock is not None and clock[1] == 1 and not clock[0].is_unclear:
        hours: np.ndarray = np.array([clock[0].number(text) for text in distinct], dtype=np.float64)[codes]
        return hours
    unit = unit_of(column)
    if unit is None or (unit and not _UNITS & {one_spelling(unit), one_spelling(unit).removesuffix("s")}):
        return None
    numbers = dressed_numbers(column)
    return numbers if np.isfinite(numbers).all() else None


def _spans_findings(column: pd.Series, times: np.ndarray) -> list[Finding]:
    """Say how times are read that are neither dates nor plain numbers; nothing of others."""
    import numpy as np

    spans = _spans(column)
    if spans is None or not np.array_equal(spans, times):
        return []
    texts = stripped(column)
    if not texts.str.contains(":", regex=False).all():
        return dressed_findings(column, "times")
    is_of_day = times.min() >= 0 and times.max() <= _HOURS_OF_A_DAY
    noun = "times of day, or durations" if is_of_day else "durations"
    said = f"column {column.name!r}, which is 'time', has {noun}, such as {texts.iloc[0]!r}: their order is"
    said += " that of the hours" if not is_of_day else " that of the hours, whatever the day"
    remedy = "write the date as well, if rows are of several days"
    return [Finding("suspect" if is_of_day else "read", str(column.name), said, remedy if is_of_day else "")]


def _months(column: pd.Series) -> np.ndarray | None:
    """Return months written as ``12.2023`` or ``2023.12``, counted; None where they are plain numbers.

    As numbers, December of 2020 would come after January of 2023, and October before February. Where all have
    two digits behind the year, or none has, the order of the numbers is that of the months.
    """
    import numpy as np

    if not is_text(column):
        return None
    texts = stripped(column)
    for form in (_MONTH_FIRST, _YEAR_FIRST):
        parts = texts.str.extract(form)
        if parts.isna().any(axis=None):
            continue
        lengths = set(parts["month"].str.len().unique())
        if form is _MONTH_FIRST or lengths == {1, 2}:
            counted: np.ndarray = (parts["year"].astype(int) * 12 + parts["month"].astype(int)).to_numpy(
                np.float64
            )
            return counted
    return None


def _seconds(dates: pd.Series) -> np.ndarray:
    """Return the seconds since 1970 of dates in whatever unit they have; none of them is too far for it."""
    import numpy as np

    if getattr(dates.dtype, "tz", None) is not None:
        dates = dates.dt.tz_convert(None)
    instants = dates.to_numpy() if isinstance(dates.dtype, np.dtype) else dates.to_numpy("datetime64[us]")
    per_second = _PER_SECOND[np.datetime_data(instants.dtype)[0]]
    whole = instants.astype(np.int64)
    if (np.abs(whole // per_second) < _LIMIT_OF_NANOSECONDS).all():
        # The same floats whatever the unit, which differs between releases of pandas.
        nanoseconds: np.ndarray = whole * (10**9 // per_second) / 1e9
        return nanoseconds
    seconds: np.ndarray = whole / per_second
    return seconds


def _dates(texts: pd.Series, name: str, column: str) -> pd.Series:
    """Read dates in ISO 8601, or in the one other form that fits all of them."""
    import numpy as np
    import pandas as pd

    found = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    if not found.isna().any():
        return found
    try:  # dates so far apart, or so fine, that pandas has no unit for all of them
        instants = [_in_utc(text) for text in texts]
        return pd.Series(np.array(instants, dtype="datetime64[us]"), index=texts.index)
    except (ValueError, OverflowError):
        pass
    fitting = []
    for form in _DATE_FORMATS:
        read = pd.to_datetime(texts, format=form, utc=True, errors="coerce")
        if not read.isna().any():
            fitting.append((form, read))
    if len(fitting) == 1:
        return fitting[0][1]
    dates, is_unclear = _in_another_form(texts)
    if dates is not None and not is_unclear:
        return dates
    if fitting or is_unclear:
        raise ConfigError(
            f"{name}: expected dates that can be read in one way in column {column!r}, which is 'time', got "
            f"{some(texts.unique()[:3].tolist())}, where day and month may be either: "
            "write them as 2024-12-31"
        )
    is_unread = _are_unread(texts, found)
    unread = texts[is_unread].unique().tolist()
    why = why_unread(unread)
    trouble = f"{why}; " if why else ""
    raise ConfigError(
        f"{name}: expected numbers or dates in column {column!r}, which is 'time', got {some(unread[:3])}, "
        f"{row_of(is_unread)}: {trouble}write dates of the years 1 to 9999 as 2024-12-31 or "
        "2024-12-31T23:59:59"
    )


def _are_unread(texts: pd.Series, found: pd.Series) -> np.ndarray:
    """Tell which cells are no times, in the way that most of them are written in."""
    import numpy as np
    import pandas as pd

    is_none = found.isna().to_numpy(dtype=bool)
    is_word = pd.to_numeric(texts, errors="coerce").isna().to_numpy(dtype=bool)
    ways = [is_none, is_word]
    codes, distinct = pd.factorize(texts)
    if form := find_date_form(distinct.tolist(), np.bincount(codes).tolist()):
        ways.append(np.isnan(days_of_texts(distinct.tolist(), form[0]))[codes])
    return min((way for way in ways if way.any()), key=lambda way: int(way.sum()))


def _in_another_form(texts: pd.Series) -> tuple[pd.Series | None, bool]:
    """Read dates in a form that features may have too; also tell whether two forms fit all of them."""
    import numpy as np
    import pandas as pd

    codes, distinct = pd.factorize(texts)
    found = find_date_form(distinct.tolist(), np.bincount(codes).tolist())
    if found is None or found[1] < 1 or "%y" in found[0]:  # of years with two digits the century is a guess
        return None, False
    days = days_of_texts(distinct.tolist(), found[0])
    if np.isnan(days).any():
        return None, False
    instants = np.rint(days[codes] * 86_400e6).astype("datetime64[us]")
    return pd.Series(instants, index=texts.index), bool(found[2])


def _in_utc(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)
