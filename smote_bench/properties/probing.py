"""What data a sampler takes: as it is stated, or found by calls on an ordinary table and larger ones."""

from __future__ import annotations

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.properties.cases import Case
from smote_bench.properties.subject import APART, DataNeeds, Subject

__all__ = ["parse_columns", "probe"]

_KINDS = ("numeric", "category")
# The first is what the kit draws; after it, ever larger tables.
_ROWS, _COLUMNS = (6, 12, 20, 40, 80), (1, 2, 3, 5)
_MOST_COLUMNS = 50
_N_TABLES = 4


def parse_columns(text: str) -> tuple[str, ...]:
    """Return the kind of each column that ``numeric:3`` or ``category:1,numeric:2`` asks for.

    Raises
    ------
    ConfigError
        If it reads otherwise.
    """
    kinds: list[str] = []
    for part in text.split(","):
        kind, _, number = part.strip().partition(":")
        if kind not in _KINDS or not number.isdigit() or not 0 < int(number) <= _MOST_COLUMNS:
            raise ConfigError(
                f"expected --columns as KIND:NUMBER with kinds {' and '.join(_KINDS)}, such as "
                f"category:1,numeric:2, got {text!r}"
            )
        kinds += [kind] * int(number)
    return tuple(kinds)


def probe(subject: Subject) -> DataNeeds:
    """Return what data a subject takes: none in particular where it takes the smallest, or none at all."""
    if _answers(subject, _ROWS[0], _COLUMNS[0]):
        return DataNeeds()
    for apart in (False, True):
        # Where even a class that lies apart is wanted, it is with more rows, most likely.
        for columns in _COLUMNS:
            for rows in _ROWS:
                if _answers(subject, rows, columns, apart=apart):
                    least_rows = 0 if rows == _ROWS[0] else rows
                    return DataNeeds((), columns, least_rows, "found by probing", apart)
                if columns == _COLUMNS[0] and rows == _ROWS[1] and not apart:
                    break  # it is not the number of rows of a single column, most likely
    return DataNeeds()


def _answers(subject: Subject, rows: int, columns: int, *, apart: bool = False) -> bool:
    """Whether it answers each of a few tables of that size; the smallest is asked for once."""
    smallest = (rows, columns) == (_ROWS[0], _COLUMNS[0]) and not apart
    settable = subject.k_name is not None and subject.accepts(subject.k_name)
    numbers = (2,) if smallest or rows == _ROWS[0] or not settable else (2, 5)
    for seed in range(1 if smallest else _N_TABLES):
        rng = np.random.default_rng(seed)
        y = np.repeat([0, 1], [3 * rows, rows])
        X = rng.normal(size=(len(y), columns)).round(3) + (APART if apart else 0.5) * y[:, None]
        for k in numbers:
            settings = {subject.k_name: k} if settable and subject.k_name else {}
            try:
                subject.call(subject.build(Case(X, y, seed, settings)), X, y)
            except Exception:
                return False
    return True
