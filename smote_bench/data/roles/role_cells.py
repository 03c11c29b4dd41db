"""Cells of a column with a role: their type, their texts without blanks around them, their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["is_text", "plain_numbers", "row_of", "stripped"]


def is_text(column: pd.Series) -> bool:
    """Tell whether cells are texts, or objects of which nobody knows what they are."""
    import pandas as pd

    return bool(pd.api.types.is_string_dtype(column.dtype) or column.dtype == object)


def stripped(column: pd.Series) -> pd.Series:
    """Return cells as texts without blanks around them."""
    return column.astype(str).str.strip()


def plain_numbers(column: pd.Series) -> np.ndarray | None:
    """Return a column as numbers, float64; None where a cell is no finite one."""
    import numpy as np
    import pandas as pd

    values = pd.to_numeric(stripped(column) if is_text(column) else column, errors="coerce")
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers if np.isfinite(numbers).all() else None


def row_of(is_one: np.ndarray) -> str:
    """Return where the first of some rows is, for a message."""
    return f"the first in row {int(is_one.argmax()) + 1:,} of {len(is_one):,}"
