"""Cells of a role that are numbers as features may have them: ``1,234``, ``50%``, ``310 days``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding
from smote_bench.data.roles.role_cells import stripped
from smote_bench.data.values.clothed_numbers import Clothes, find_clothes
from smote_bench.data.values.number_texts import number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["dressed_findings", "dressed_numbers", "unit_of"]


def dressed_numbers(column: pd.Series) -> np.ndarray:
    """Return numbers in the one way that most of them are written in, NaN of other cells."""
    import numpy as np
    import pandas as pd

    texts = stripped(column)
    clothes = _clothes(texts)
    codes, distinct = pd.factorize(texts)
    numbers: np.ndarray = np.array([clothes.number(text) for text in distinct], dtype=np.float64)[codes]
    return numbers


def unit_of(column: pd.Series) -> str | None:
    """Return the unit that most cells have, empty for none; None where letters multiply, as in ``5K``."""
    clothes = _clothes(stripped(column))
    return None if clothes.has_magnitudes else clothes.unit


def dressed_findings(column: pd.Series, noun: str) -> list[Finding]:
    """Say how cells of texts are read as numbers, and whether they may be others; nothing of plain ones.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Of which `dressed_numbers` gives numbers.
    noun : str
        What they are, as ``weights``.
    """
    texts = stripped(column)
    distinct = texts.unique().tolist()
    clothes = _clothes(texts)
    dressed = [text for text in distinct if number(text) is None]
    if not dressed:
        return []
    shown = max(dressed, key=len)
    said = f"column {column.name!r}: {noun} are read as numbers, {shown!r} as {clothes.number(shown):.12g}"
    remedy = "write plain numbers there, such as 1234.5"
    if clothes.may_be_magnitude and len(dressed) < len(distinct):
        said += f"; {clothes.unit!r} may stand for thousands or millions as well, it is taken for a unit"
        return [Finding("suspect", str(column.name), said, remedy)]
    if not clothes.is_ambiguous:
        return [Finding("read", str(column.name), said, "write plain numbers there if that is wrong")]
    has_thousands = any(clothes.thousands in text for text in distinct)
    mark = clothes.thousands if has_thousands else clothes.decimal
    taken = "to part thousands" if has_thousands else "for the decimal mark"
    said += f"; {mark!r} may be read otherwise, it is taken {taken}"
    return [Finding("suspect", str(column.name), said, remedy)]


def _clothes(texts: pd.Series) -> Clothes:
    counts = texts.value_counts(sort=False)
    found = find_clothes(counts.index.tolist(), counts.tolist())
    return Clothes() if found is None else found[0]
