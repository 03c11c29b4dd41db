"""Columns of numbers that are not of one unit: of several, or with words of several kinds beside them."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence

from smote_bench.data.values.clothed_numbers import NEARLY_ALL, Clothes
from smote_bench.data.values.number_parts import MAGNITUDES, MARK, one_spelling, parts_of
from smote_bench.data.values.sampling import spread

__all__ = ["are_flagged_numbers", "sizes_apart", "units_of"]

_OF_MEASURES = (
    "kg g mg µg t lb oz st m cm mm µm km in inch ft yd mi mile l dl ml µl gal",
    "m2 cm2 km2 in2 ft2 yd2 ha acre m3 dm3 cm3 in3 ft3",
    "ms s sec second min minute h hr hour d day wk week mo month yr year",
    "bit b byte kb mb gb tb kib mib gib tib hz khz mhz ghz",
    "w kw mw gw v kv mv kcal cal j kj pa hpa kpa bar mbar",
    "°c °f % ‰ bp $ € £ ¥ usd eur gbp jpy chf mmol/l µmol/l mg/dl g/dl g/l",
)
_MEASURES = frozenset(unit for words in _OF_MEASURES for unit in words.casefold().split())
"""Units as `one_spelling` and `_singular` leave them, by which columns of several are told from codes."""

_FLAGGED = re.compile(r"[<>~+-]?\s*(?P<core>\d+(?:[.,]\d+)?)(?P<flag>\s*[^\d\s.,:/-][^\d:/]{0,9}|)")
_FEWEST_FLAGGED, _MOST_FLAGS = 30, 12
_FEWEST_OF_A_SIZE, _APART = 3, 10


def units_of(texts: Sequence[str], counts: Sequence[int]) -> dict[str, int]:
    """Return how many cells have each of several units of measurement, where nearly all are numbers with one.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    Returns
    -------
    dict of str to int
        The most frequent first, a K or M among them; empty where there is one unit, or cells without, or a
        unit that is none, as the letter of a flat in ``12b``.

    Examples
    --------
    >>> units_of(["70 kg", "154 lb", "71 kg"], [1, 1, 1]), units_of(["12b", "14c"], [1, 1])
    ({'kg': 2, 'lb': 1}, {})
    """
    texts, counts = spread(texts), spread(counts)
    found: Counter[str] = Counter()
    for text, n in zip(texts, counts, strict=True):
        parts = parts_of(text)
        found[one_spelling(parts.unit) if parts is not None else ""] += n
    measures = {unit for unit in found if unit.casefold() in _MEASURES}
    known = {unit: n for unit, n in found.most_common() if unit in measures or unit in MAGNITUDES}
    is_all = sum(known.values()) >= NEARLY_ALL * sum(counts)
    return known if is_all and len(known) > 1 and measures else {}


def are_flagged_numbers(texts: Sequence[str], counts: Sequence[int]) -> bool:
    """Tell whether texts are numbers with words of several kinds, as laboratories flag them: no identifiers.

    Most of the numbers have a fraction: a code such as ``12b`` has none.

    >>> are_flagged_numbers(["4.7 H", "2.1 L", "3.3", "4.1*"] * 10, [1] * 40)
    True
    >>> are_flagged_numbers(["12b", "14c", "7"] * 10, [1] * 30)
    False
    """
    if len(texts) < _FEWEST_FLAGGED:
        return False
    texts, counts = spread(texts), spread(counts)
    found = [(_FLAGGED.fullmatch(text.strip()), n) for text, n in zip(texts, counts, strict=True)]
    n_cells = sum(n for _, n in found)
    numbers = [(match, n) for match, n in found if match is not None]
    if sum(n for _, n in numbers) < NEARLY_ALL * n_cells:
        return False
    n_fractions = sum(n for match, n in numbers if MARK.search(match["core"]))
    flags = {match["flag"].strip() for match, _ in numbers}
    return n_fractions * 2 >= n_cells and 2 <= len(flags) <= _MOST_FLAGS


def sizes_apart(texts: Sequence[str], clothes: Clothes) -> tuple[float, float] | None:
    """Return how large numbers with the unit and without typically are, where one is ten times the other.

    Then the unit may be a word for thousands in some language, or the others are of another unit.

    >>> sizes_apart(["1.2 L", "2.5 L", "7 L", "480", "350", "90"], Clothes(unit="L"))
    (2.5, 350.0)
    >>> sizes_apart(["1.2 L", "2.5 L", "7 L", "4.8", "3.5", "9"], Clothes(unit="L")) is None
    True
    """
    if not clothes.unit or clothes.has_magnitudes:
        return None
    sizes: dict[bool, list[float]] = {True: [], False: []}
    for text in spread(texts):
        parts, value = parts_of(text), clothes.number(text)
        if parts is not None and value:
            sizes[bool(parts.unit)].append(abs(value))
    if min(map(len, sizes.values())) < _FEWEST_OF_A_SIZE:
        return None
    dressed, bare = (statistics.median(sizes[has_unit]) for has_unit in (True, False))
    return (dressed, bare) if max(dressed, bare) >= _APART * min(dressed, bare) else None
