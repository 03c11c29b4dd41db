"""The cells of a column: of what type they are, its distinct texts, its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.data.findings import yaml_name
from smote_bench.data.tables.wrong_cells import WrongCellsError
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "Texts",
    "each",
    "is_category",
    "is_date",
    "is_duration",
    "is_text",
    "is_truth",
    "plain_numbers",
    "texts_of",
]


@dataclass(frozen=True)
class Texts:
    """A column's distinct texts, how many cells have each, and each cell's place among them; -1: missing."""

    values: list[str]
    counts: np.ndarray
    codes: np.ndarray

    def spread(self, numbers: np.ndarray) -> np.ndarray:
        """Return a number for each cell from one for each text, NaN where missing."""
        import numpy as np

        spread: np.ndarray = np.append(numbers, np.nan)[self.codes]
        return spread

    @property
    def n_present(self) -> int:
        """How many cells are not missing."""
        return int(self.counts.sum())


def is_text(column: pd.Series) -> bool:
    """Tell whether a column's cells are texts, or objects of which nobody knows what they are."""
    import pandas as pd

    return is_category(column) or bool(pd.api.types.is_string_dtype(column.dtype) or column.dtype == object)


def is_category(column: pd.Series) -> bool:
    """Tell whether a file says that a column has categories."""
    import pandas as pd

    return isinstance(column.dtype, pd.CategoricalDtype)


def is_truth(column: pd.Series) -> bool:
    """Tell whether a column is of truth values already."""
    import pandas as pd

    return bool(pd.api.types.is_bool_dtype(column.dtype))


def is_date(column: pd.Series) -> bool:
    """Tell whether a column is of dates already."""
    import pandas as pd

    return bool(pd.api.types.is_datetime64_any_dtype(column.dtype))


def is_duration(column: pd.Series) -> bool:
    """Tell whether a column is of durations already."""
    import pandas as pd

    return bool(pd.api.types.is_timedelta64_dtype(column.dtype))


def plain_numbers(column: pd.Series, name: str) -> np.ndarray:
    """Return a column's numbers as float64, NaN where missing; durations in hours.

    Raises
    ------
    ConfigError
        If a cell is no finite number.
    """
    import numpy as np

    if is_duration(column):
        column = column.dt.total_seconds() / 3600
    try:
        values: np.ndarray = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{name}: expected numbers in column {column.name!r}, got {error}: "
            "correct the cell, or list the column under 'nominal'"
        ) from error
    if np.isinf(values).any():
        raise WrongCellsError(
            f"{name}: expected finite numbers in column {column.name!r}, got {int(np.isinf(values).sum())} "
            "infinite: correct those cells, or leave them empty",
            str(column.name),
        )
    return values


def texts_of(column: pd.Series, name: str) -> Texts:
    """Return a column's distinct texts; `name` is what messages call the table.

    Raises
    ------
    ConfigError
        If its cells are lists or the like.
    """
    import numpy as np
    import pandas as pd

    try:
        codes, values = pd.factorize(column)
    except TypeError as error:
        shown = type(column.dropna().iloc[0]).__name__
        raise ConfigError(
            f"{name}: expected numbers or texts in column {column.name!r}, got cells of type {shown}: make "
            f"columns of what is in them, or leave it out with 'drop: [{yaml_name(str(column.name))}]'"
        ) from error
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    return Texts([str(value) for value in values], counts, codes)


def each(texts: Texts, number: Callable[[str], float | None]) -> np.ndarray:
    """Return the number of each distinct text, NaN where it has none."""
    import numpy as np

    return np.asarray([number(text) for text in texts.values], dtype=np.float64)
