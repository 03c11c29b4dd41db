"""Scores as people write them: with a currency, a percent sign, a unit or thousands, as in data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smote_bench.data.values.clothed_numbers import find_clothes, is_share
from smote_bench.data.values.number_marks import may_be_unclear, unclear_thousands
from smote_bench.data.values.number_texts import number

__all__ = ["Dressed", "doubtful_points", "undressed"]

_PARTS = {"%": 100.0, "‰": 1000.0}
_LOOKED_AT = 200


@dataclass(frozen=True)
class Dressed:
    """The numbers of a column's distinct texts.

    Parameters
    ----------
    values : list of float
        One for each text.
    said : str
        How they were read, in words.
    unit : str
        That most have, ``%`` for all shares, which are divided; empty where there is none.
    doubt : str
        A text that may be another number, and what it was taken for; empty where there is none.
    """

    values: list[float]
    said: str
    unit: str
    doubt: str = ""


def undressed(texts: Sequence[str], counts: Sequence[int]) -> Dressed | None:
    """Return the numbers of texts as columns of users' data sets are read; None where one is none.

    Percents are shares, as all tables of scores have them: 57.3% is 0.573.

    Parameters
    ----------
    texts : sequence of str
        The distinct cells of a column, ``nan`` for undefined ones.
    counts : sequence of int
        How many rows have each.

    Examples
    --------
    >>> undressed(["$1,266.25", "$980.00"], [1, 1]).values, undressed(["57.3%", "nan"], [1, 1]).values[0]
    ([1266.25, 980.0], 0.573)
    >>> undressed(["1.5", "about 2"], [1, 1]) is None
    True
    """
    present = [(text, n) for text, n in zip(texts, counts, strict=True) if text != "nan"]
    found = find_clothes([text for text, _ in present], [n for _, n in present])
    if found is None:
        return None
    clothes = found[0]
    if clothes.may_be_magnitude and any(number(text) is not None for text, _ in present):
        return None
    parts = _PARTS[clothes.unit] if is_share(clothes.unit) else 1.0
    values = []
    for text in texts:
        value = float("nan") if text == "nan" else clothes.number(text)
        if value is None:
            return None
        values.append(value / parts if parts != 1 else value)
    shown = max((text for text, _ in present if number(text) is None), key=len, default=present[0][0])
    as_number = f"{(clothes.number(shown) or 0.0) / parts:.12g}"
    doubt = f"{shown!r}, taken for {as_number}" if clothes.is_ambiguous else ""
    unit = "%" if is_share(clothes.unit) else clothes.unit
    return Dressed(values, f"is read as numbers, {shown!r} as {as_number}", unit, doubt)


def doubtful_points(texts: Sequence[str]) -> tuple[str, bool]:
    """Return a number whose point may part thousands, and whether it looks so; empty where others say it.

    >>> doubtful_points(["1.916", "2.104"]), doubtful_points(["1.916", "0.5"])
    (('1.916', False), ('', False))
    >>> doubtful_points(["1.916", "953", "810"])
    ('1.916', True)
    """
    rows = [[text] for text in texts[:_LOOKED_AT] if text != "nan"]
    if not may_be_unclear(rows, ["x"]):
        return "", False
    rows = [[text] for text in texts if text != "nan"]
    if not may_be_unclear(rows, ["x"]):
        return "", False
    unclear = unclear_thousands(rows, ["x"]).unclear
    shown = next(cell for (cell,) in rows if "." in cell)
    return (unclear[1], True) if unclear else (shown, False)
