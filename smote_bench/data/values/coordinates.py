"""Latitudes and longitudes as signed degrees, south and west below 0: ``52.5N``, ``13.4 W``, ``52°31'N``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.data.values.clothed_numbers import NEARLY_ALL
from smote_bench.data.values.sampling import half_are, spread

__all__ = ["are_coordinates", "degrees"]

_PART = r"\d{1,2}(?:[.,]\d+)?"
_CELL = re.compile(
    r"(?P<lead>[NSEW])?\s*(?P<sign>[+-])?\s*(?P<degrees>\d{1,3}(?:[.,]\d+)?)"
    rf"\s*(?:(?P<mark>[°º˚])\s*(?:(?P<minutes>{_PART})\s*['′’]\s*(?:(?P<seconds>{_PART})\s*(?:''|′′|[\"″”])\s*)?)?)?"
    r"(?P<side>[NSEW])?"
)
_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " "})
_NAME = re.compile(
    r"(?i:(.*[\W_])?(lat|lon|lng|long|latitude|longitude|coord|coords|coordinates?)([\W_].*)?|.*(latitude|longitude))"
)
_AXES = ("NS", "EW")


def degrees(text: str) -> float | None:
    r"""Return a cell's degrees, or None if it has neither a side nor minutes.

    >>> degrees("52.5N"), degrees("13.4 W"), degrees("52°30'00\"S"), degrees("W 0°15'"), degrees("52.5")
    (52.5, -13.4, -52.5, -0.25, None)
    >>> degrees("91N"), degrees("52°75'N"), degrees("-5S")
    (None, None, None)
    """
    found = _match(text)
    return None if found is None else _degrees(found)


def are_coordinates(name: str, texts: Sequence[str], counts: Sequence[int]) -> bool:
    """Tell whether nearly all cells of a column are coordinates of one axis.

    ``60W`` may be watts, ``5N`` newtons: there has to be another side, a sign of degrees, or a telling name.

    Parameters
    ----------
    name : str
        Of the column.
    texts : sequence of str
        Its distinct values.
    counts : sequence of int
        How many cells have each.
    """
    if not half_are(texts, lambda text: _match(text) is not None):
        return False
    texts, counts = spread(texts), spread(counts)
    cells = [
        (found, n)
        for text, n in zip(texts, counts, strict=True)
        if (found := _match(text)) is not None and _degrees(found) is not None
    ]
    if sum(n for _, n in cells) < NEARLY_ALL * sum(counts):
        return False
    sides = {_side(found) for found, _ in cells} - {""}
    if not any(sides <= set(axis) for axis in _AXES):
        return False
    return (
        len(sides) == 2
        or any(found["mark"] for found, _ in cells)
        or _NAME.fullmatch(name.strip()) is not None
    )


def _match(text: str) -> re.Match[str] | None:
    found = _CELL.fullmatch(text.translate(_SIGNS).strip())
    return found if found and (_side(found) or found["minutes"]) else None


def _side(found: re.Match[str]) -> str:
    return found["lead"] or found["side"] or ""


def _degrees(found: re.Match[str]) -> float | None:
    side = _side(found)
    if (found["lead"] and found["side"]) or (side and found["sign"]):
        return None
    whole, minutes, seconds = (_value(found[part]) for part in ("degrees", "minutes", "seconds"))
    size = (3600 * whole + 60 * minutes + seconds) / 3600 if found["minutes"] else whole
    if minutes >= 60 or seconds >= 60 or size > (90 if side and side in _AXES[0] else 180):
        return None
    return -size if side in ("S", "W") or found["sign"] == "-" else size


def _value(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0
