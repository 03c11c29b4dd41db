"""Times of day and durations as numbers: hours, whatever their cells are made of.

``12:30`` is hours and minutes, ``1:02:03.5`` hours, minutes and seconds. Two parts are minutes and seconds
where a cell of the column says so: by a part of a second (``1:23.4``), or by a first part of 24 or more
beside cells of three (``59:30`` beside ``1:02:10``). A point parts them
where ``Uhr`` follows, as in ``14.55 Uhr``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from smote_bench.data.values.sampling import half_are, spread

__all__ = ["Clock", "find_clock"]

_CELL = re.compile(
    r"(?P<sign>[+-])?\s?(?:(?P<days>\d{1,6}) days?,? \+?)?(?P<first>\d{1,4})"
    r"(?::|\.(?=\d\d ?uhr))(?P<second>[0-5]\d)"
    r"(?::(?P<third>[0-5]\d))?(?:[.,](?P<part>\d{1,9}))?"
    r"(?:\s?(?:(?P<half>[ap])\.?m\.?|uhr|h|hrs?))?",
    re.IGNORECASE,
)
_HOURS_OF_A_DAY = 24


@dataclass(frozen=True)
class Clock:
    """How the times of a column are written.

    Parameters
    ----------
    has_minutes_first : bool
        Whether cells of two parts are minutes and seconds, and not hours and minutes.
    is_unclear : bool
        Whether there are cells of two and of three parts, and none says what two are.
    is_of_day : bool
        Whether all may be times of day: from 0:00 to 24:00, without a sign or days.
    """

    has_minutes_first: bool = False
    is_unclear: bool = False
    is_of_day: bool = False

    def number(self, text: str) -> float | None:
        """Return a cell's hours, or None if it is no time.

        >>> Clock().number("12:30"), Clock().number("9:05 PM") == 21 + 5 / 60, Clock().number("00:30:00")
        (12.5, True, 0.5)
        >>> Clock(True).number("1:30"), Clock().number("-1 days +23:30:00"), Clock().number("12:75")
        (0.025, -0.5, None)
        """
        found = _CELL.fullmatch(text.strip())
        return None if found is None else _hours(found, self.has_minutes_first)


def find_clock(texts: Sequence[str], counts: Sequence[int]) -> tuple[Clock, float] | None:
    """Return how the times among some texts are written, and the share of cells that are times.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    Returns
    -------
    (Clock, float), or None
        None where fewer than half of the first texts are times.
    """
    if not half_are(texts, lambda text: _CELL.fullmatch(text.strip()) is not None):
        return None
    texts, counts = spread(texts), spread(counts)
    cells = [
        (found, n) for text, n in zip(texts, counts, strict=True) if (found := _CELL.fullmatch(text.strip()))
    ]
    clock = _clock([found for found, _ in cells])
    n_times = sum(n for found, n in cells if _hours(found, clock.has_minutes_first) is not None)
    return clock, n_times / sum(counts)


def _clock(cells: Sequence[re.Match[str]]) -> Clock:
    of_two = [cell for cell in cells if cell["third"] is None]
    is_mixed = 0 < len(of_two) < len(cells)
    has_halves = any(cell["half"] for cell in cells)
    has_minutes_first = not has_halves and any(
        cell["part"] or (is_mixed and int(cell["first"]) >= _HOURS_OF_A_DAY) for cell in of_two
    )
    hours = [_hours(cell, has_minutes_first) for cell in cells if not (cell["sign"] or cell["days"])]
    is_of_day = len(hours) == len(cells) and not has_minutes_first
    is_of_day = is_of_day and all(found is None or found <= _HOURS_OF_A_DAY for found in hours)
    return Clock(has_minutes_first, is_mixed and not has_minutes_first and not has_halves, is_of_day)


def _hours(cell: re.Match[str], has_minutes_first: bool) -> float | None:
    first, second = int(cell["first"]), int(cell["second"])
    part = float(f"0.{cell['part']}") if cell["part"] else 0.0
    if cell["half"]:
        if not 1 <= first <= 12 or cell["days"] or cell["sign"]:
            return None
        first = first % 12 + (12 if cell["half"] in "pP" else 0)
    is_short = cell["third"] is None
    if is_short and part and not has_minutes_first:
        return None
    seconds = (
        60 * first + second + part
        if is_short and has_minutes_first
        else 3600 * first + 60 * second + int(cell["third"] or 0) + part
    )
    sign = -1 if cell["sign"] == "-" else 1
    if cell["days"]:  # -1 days +23:30:00 is half an hour below 0
        return sign * 24.0 * int(cell["days"]) + seconds / 3600
    return sign * seconds / 3600
