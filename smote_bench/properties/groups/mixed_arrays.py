"""Typed rows as arrays: a table of numbers of which some are codes, as the parameter for categories says."""

from __future__ import annotations

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.properties.cases import Case
from smote_bench.properties.kit import prop
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.told_categories import PARAMETER
from smote_bench.properties.violations import Violation

__all__ = ["columns_of_arrays_keep_their_places"]

_N, _CODES = (40, 16), ((0.0, 1.0, 2.0), (7.0, 8.0))
_PLACES = (0, 2)


def _coded_table(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out a code, a number, a code and a number, whose values have none in common."""
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], _N)
    numbers = np.array([100.0, -100.0]) + rng.normal(size=(len(y), 2)).round(3)
    codes = [rng.choice(known, size=len(y)) for known in _CODES]
    X = np.column_stack([codes[0], numbers[:, 0], codes[1], numbers[:, 1]])
    order = rng.permutation(len(y))
    return Case(X[order], y[order], seed % 2**16, {PARAMETER: list(_PLACES)})


@prop(
    "mixed",
    "of an array columns come back in other places, or numbers where the codes of categories were",
    families=("smotenc",),
    needs=(PARAMETER,),
    design=_coded_table,
)
def columns_of_arrays_keep_their_places(subject: Subject, case: Case) -> None:
    try:
        answer = subject.call(subject.build(case), case.X.copy(), case.y.copy())
    except (Violation, ConfigError):
        raise
    except Exception:  # arrays, or places of columns, need not be taken
        return
    X, _ = rows_and_labels(*answer, case)
    for column in range(case.X.shape[1]):
        before = case.X[:, column]
        if column in _PLACES:
            wrong = ~np.isin(X[:, column], before)
            known = f"one of {np.unique(before).tolist()}"
        else:
            wrong = ~((X[:, column] >= before.min()) & (X[:, column] <= before.max()))
            known = f"a number from {before.min():g} to {before.max():g}"
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise Violation(f"expected column {column} of row {row} to be {known}, got {X[row].tolist()}")
