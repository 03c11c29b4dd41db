"""How much a row counts: plain numbers, or numbers as features may have them (``1,234``, ``50%``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding
from smote_bench.data.roles.role_cells import is_text, plain_numbers, row_of, stripped
from smote_bench.data.values.clothed_numbers import Clothes, find_clothes
from smote_bench.data.values.number_texts import number, some
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["weights_findings", "weights_of"]


def weights_of(column: pd.Series, name: str) -> np.ndarray:
    """Return the weights of rows, float64.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Without missing cells.
    name : str
        What messages call the table.

    Raises
    ------
    ConfigError
        If a cell is no finite number from 0 on, or all are 0.
    """
    import numpy as np

    numbers = plain_numbers(column)
    if numbers is None:
        numbers = _undressed(column)
    expected = f"{name}: expected finite numbers from 0 on in column {column.name!r}, which is 'weights', got"
    is_none, is_below = ~np.isfinite(numbers), numbers < 0
    for is_wrong, noun in ((is_none, "that are none"), (is_below, "below 0")):
        if is_wrong.any():
            shown = some(stripped(column)[is_wrong].unique()[:3].tolist())
            raise ConfigError(
                f"{expected} {int(is_wrong.sum()):,} cells {noun} ({shown}), {row_of(is_wrong)}: correct "
                "them; numbers may have a currency, a percent sign, a unit or thousands, all of them alike"
            )
    if not numbers.any():
        raise ConfigError(f"{expected} 0 in every row: correct them, or remove 'weights'")
    return numbers


def weights_findings(column: pd.Series) -> list[Finding]:
    """Return what is to be said of weights that are no plain numbers, and how they are read."""
    if not is_text(column) or plain_numbers(column) is not None:
        return []
    texts = stripped(column)
    distinct = texts.unique().tolist()
    clothes = _clothes(texts)
    shown = max((text for text in distinct if number(text) is None), key=len)
    said = f"column {column.name!r}: weights are read as numbers, {shown!r} as {clothes.number(shown):.12g}"
    if not clothes.is_ambiguous:
        return [Finding("read", str(column.name), said, "write plain numbers there if that is wrong")]
    has_thousands = any(clothes.thousands in text for text in distinct)
    mark = clothes.thousands if has_thousands else clothes.decimal
    taken = "to part thousands" if has_thousands else "for the decimal mark"
    said += f"; {mark!r} may be read otherwise, it is taken {taken}"
    return [Finding("suspect", str(column.name), said, "write plain numbers there, such as 1234.5")]


def _clothes(texts: pd.Series) -> Clothes:
    counts = texts.value_counts(sort=False)
    found = find_clothes(counts.index.tolist(), counts.tolist())
    return Clothes() if found is None else found[0]


def _undressed(column: pd.Series) -> np.ndarray:
    """Return numbers in the one way that most of them are written in, NaN of other cells."""
    import numpy as np
    import pandas as pd

    texts = stripped(column)
    clothes = _clothes(texts)
    codes, distinct = pd.factorize(texts)
    numbers: np.ndarray = np.array([clothes.number(text) for text in distinct], dtype=np.float64)[codes]
    return numbers
