"""Measures in more than one unit as numbers in the largest: ``6h 28m``, ``5'7"``, ``2 years 3 months``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smote_bench.data.values.clothed_numbers import NEARLY_ALL
from smote_bench.data.values.sampling import half_are, spread

__all__ = ["Measure", "find_measure"]

_YEAR, _DAY, _HOUR, _MINUTE = 31557600.0, 86400.0, 3600.0, 60.0
_LONG = {
    "y yr yrs year years jahr jahre an ans año años": ("years", _YEAR),
    "mo mos mon mth mths month months monat monate mois mes meses m": ("months", _YEAR / 12),
    "w wk wks week weeks woche wochen semaine semaines": ("weeks", 7 * _DAY),
    "d day days tag tage jour jours día días": ("days", _DAY),
}
_SHORT = {
    "d day days tag tage jour jours día días": ("days", _DAY),
    "h hr hrs hour hours std stunde stunden heure heures hora horas": ("hours", _HOUR),
    "min mins minute minutes minuten minuto minutos m '": ("minutes", _MINUTE),
    's sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos "': ("seconds", 1.0),
}
_FEET = {"ft foot feet '": ("feet", 12.0), 'in inch inches "': ("inches", 1.0)}
_METRES = {"m": ("metres", 100.0), "cm": ("centimetres", 1.0)}
_STONE = {"st stone stones": ("stone", 224.0), "lb lbs pound pounds": ("pounds", 16.0), "oz": ("ounces", 1.0)}
_SCALES = (_LONG, _FEET, _SHORT, _METRES, _STONE)  # 5'7" is a height, 3'45" a time

_PART = re.compile(
    r"(?P<size>\d{1,6}(?:[.,]\d+)?)\s*(?P<unit>[^\W\d_]+\.?|'|\"|$)(?:\s*,\s*|\s*(?:and|und|et|y)\s+|\s*)"
)
_ISO = re.compile(r"P(?=.)(?P<date>(?:\d+(?:\.\d+)?[YMWD])*)(?:T(?P<time>(?:\d+(?:\.\d+)?[HMS])+))?")
_ISO_PART = re.compile(r"(\d+(?:\.\d+)?)([A-Z])")
_OF_ISO = {"Y": "y", "M": "mo", "W": "w", "D": "d"}, {"H": "h", "M": "min", "S": "s"}
_SIGNS = str.maketrans({"′": "'", "’": "'", "″": '"', "”": '"', "−": "-", "\u00a0": " ", "\u202f": " "})
_SQUARE_OR_CUBE = re.compile(r"[^\W\d_]\s?[23]\s*$")
_LONGEST = 60

Parts = list[tuple[float, str]]


@dataclass(frozen=True)
class Measure:
    """How the measures of a column are written.

    Parameters
    ----------
    scale : int
        Which of the scales has its units.
    unit : str
        What the numbers count: the largest unit that cells have.
    size : float
        Of this unit, in the smallest of the scale.
    """

    scale: int
    unit: str
    size: float

    def number(self, text: str) -> float | None:
        r"""Return a cell's number, or None if it is no measure of these units.

        >>> find_measure(["5'6\"", "6'"], [1, 1]).number("5'6\"")
        5.5
        """
        found = _parts(text)
        value = None if found is None else _sum(found, _UNITS[self.scale])
        return None if value is None else value / self.size


def find_measure(texts: Sequence[str], counts: Sequence[int]) -> Measure | None:
    """Return how the measures in more than one unit are written that nearly all cells of a column are.

    Of units that follow each other each has to be smaller than the one before, and no part may fill the one
    before: ``1h 75m`` is none, nor is the area ``41 m2``. A year has 365.25 days, a month a twelfth of them.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    Returns
    -------
    Measure, or None
        None where no cell has more than one unit, unless it is a duration as ISO 8601 writes it.
    """
    if not half_are(texts, lambda text: _parts(text) is not None):
        return None
    texts, counts = spread(texts), spread(counts)
    cells = [(found, n, text) for text, n in zip(texts, counts, strict=True) if (found := _parts(text))]
    if not any(len(found) > 1 or text.strip()[:1] == "P" for found, _, text in cells):
        return None
    if _are_squares([text for found, _, text in cells if len(found) > 1 and not found[-1][1]]):
        return None
    for scale, units in enumerate(_UNITS):
        fitting = [(found, n) for found, n, _ in cells if _sum(found, units) is not None]
        if sum(n for _, n in fitting) >= NEARLY_ALL * sum(counts):
            largest = max((units[found[0][1]] for found, _ in fitting), key=lambda unit: unit[1])
            return Measure(scale, *largest)
    return None


def _are_squares(texts: Sequence[str]) -> bool:
    """Tell whether what stands behind units is 2 or 3 in nearly all texts: areas or volumes, no inches.

    >>> _are_squares(["41 m2", "7 m2"]), _are_squares(["5ft2", "5ft3"]), _are_squares(["5ft2", "5ft7"])
    (True, True, False)
    """
    n_squares = sum(_SQUARE_OR_CUBE.search(text) is not None for text in texts)
    return bool(texts) and n_squares >= NEARLY_ALL * len(texts)


def _spelled(scale: Mapping[str, tuple[str, float]]) -> dict[str, tuple[str, float]]:
    return {name: unit for names, unit in scale.items() for name in names.split()}


_UNITS = [_spelled(scale) for scale in _SCALES]


def _parts(text: str) -> Parts | None:
    """Return the numbers of a text and their units, of which the last may have none; None of other texts."""
    bare = text.translate(_SIGNS).strip().replace("''", '"')
    if not bare or len(bare) > _LONGEST:
        return None
    if iso := _ISO.fullmatch(bare):
        of_date, of_time = (_ISO_PART.findall(iso[part] or "") for part in ("date", "time"))
        dates, times = _OF_ISO
        parts = [(float(size), dates[unit]) for size, unit in of_date]
        return [*parts, *((float(size), times[unit]) for size, unit in of_time)] or None
    found: Parts = []
    place = 0
    while place < len(bare):
        part = _PART.match(bare, place)
        if part is None:
            return None
        if not part["unit"] and part["size"] in ("2", "3") and found and found[-1][1] == "m":
            return None  # 41 m2 is an area
        found.append((float(part["size"].replace(",", ".")), part["unit"].rstrip(".").lower()))
        place = part.end()
    return found


def _sum(parts: Parts, units: Mapping[str, tuple[str, float]]) -> float | None:
    """Return parts in the smallest unit; None of others, and where one is too large for the one before."""
    total, before = 0.0, ""
    for size, unit in parts:
        known = units.get(unit or _next(before, units))
        if known is None:
            return None
        if before and (known[1] >= units[before][1] or size * known[1] >= units[before][1]):
            return None
        total += size * known[1]
        before = unit
    return total


def _next(before: str, units: Mapping[str, tuple[str, float]]) -> str:
    """Return a name of the unit behind that of the part before, which 1h30 and 5'7 leave out."""
    if before not in units or units[before][0] not in ("hours", "feet", "metres"):
        return "?"
    smaller = [(size, name) for name, (_, size) in units.items() if size < units[before][1]]
    return max(smaller)[1] if smaller else "?"
