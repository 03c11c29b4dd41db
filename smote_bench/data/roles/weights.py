"""How much a row counts: plain numbers, or numbers as features may have them (``1,234``, ``50%``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding
from smote_bench.data.roles.dressed_cells import dressed_findings, dressed_numbers
from smote_bench.data.roles.role_cells import is_text, plain_numbers, row_of, stripped
from smote_bench.data.values.number_texts import some
from smote_bench.data.values.sentinels import outlying_sentinels
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smote_bench.data.roles.rows import RowRoles

__all__ = ["check_weighted", "weights_findings", "weights_of"]

_FEWEST_ROWS, _LEAST_SHARE = 30, 0.05
_LEAST, _MOST = 1e-50, 1e50  # scores have products of four sums of weights: float64 ends at 1e308


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
        If a cell is no finite number from 0 on, all are 0, or the largest is beyond what scores take.
    """
    import numpy as np

    numbers = plain_numbers(column)
    if numbers is None:
        numbers = dressed_numbers(column)
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
    most = float(numbers.max())
    if not _LEAST <= most <= _MOST:
        raise ConfigError(
            f"{expected} {most:.6g} as the largest: scores have products of weights, and those end where "
            f"floats end. It has to be between {_LEAST:g} and {_MOST:g}: correct it, or divide all by "
            "one number"
        )
    return numbers


def check_weighted(y: np.ndarray, roles: RowRoles, name: str, column: str | None) -> None:
    """Check that rows of both classes count, on both sides of a given split: no score is defined otherwise.

    Parameters
    ----------
    y : ndarray of shape (n_rows,), 0/1
    roles : RowRoles
        With or without weights.
    name, column : str
        What messages call the table and its weights.

    Raises
    ------
    ConfigError
        If all rows of a class have weight 0. It names the class and the side.
    """
    if roles.weights is None:
        return
    sides = {"": slice(None)} if roles.is_test is None else {"train": ~roles.is_test, "test": roles.is_test}
    for side, rows in sides.items():
        for label, noun in ((1, "minority"), (0, "majority")):
            of_class = roles.weights[rows][y[rows] == label]
            if len(of_class) and not of_class.any():
                of_side = f" among the rows that {side}" if side else ""
                raise ConfigError(
                    f"{name}: expected a weight above 0 for rows of both classes in column {column!r}, which "
                    f"is 'weights', got 0 in all {len(of_class):,} rows of the {noun}{of_side}: no score is "
                    "defined where one class does not count; correct them, or remove 'weights'"
                )


def weights_findings(column: pd.Series) -> list[Finding]:
    """Return how weights are read that are no plain numbers, and which may stand for none, as 999."""
    numbers = plain_numbers(column)
    clothed = [] if numbers is not None or not is_text(column) else dressed_findings(column, "weights")
    values = dressed_numbers(column) if numbers is None else numbers
    sentinels = _sentinels(column, values)
    return [*clothed, *(sentinels or _few_that_count(column, values))]


def _few_that_count(column: pd.Series, values: np.ndarray) -> list[Finding]:
    """Name weights by which hardly any row counts: of n equal ones (sum)^2 / sum of squares is n (Kish)."""
    import numpy as np

    n_rows, most = len(values), float(np.max(values, initial=0.0))
    if n_rows < _FEWEST_ROWS or not 0 < most < np.inf:
        return []
    shares = values / most  # squares of large ones overflow
    n_counted = float(shares.sum() ** 2 / (shares**2).sum())
    if n_counted >= _LEAST_SHARE * n_rows:
        return []
    said = (
        f"column {column.name!r}, which is 'weights': {n_rows:,} rows count as much as {n_counted:.3g} with "
        f"equal weights, as the largest weight, {most:g}, is {float(1 / shares.mean()):.3g} times the mean: "
        "scores depend on few rows"
    )
    return [Finding("suspect", str(column.name), said, "correct the weights, if that is not meant")]


def _sentinels(column: pd.Series, numbers: np.ndarray) -> list[Finding]:
    return [
        Finding(
            "suspect",
            str(column.name),
            f"column {column.name!r}, which is 'weights', has {one.value:g} in {one.n_rows:,} of "
            f"{len(numbers):,} rows, all others are from {one.low:g} to {one.high:g}: it may stand for a "
            "missing weight, and those rows count as it says",
            "leave those rows out of the file, or write their weights, if it does",
        )
        for one in outlying_sentinels(numbers)
    ]
