"""The cases of the runtime comparison: data of a size, and one sampler as three libraries have it.

It imports little: the conftest beside it reads it for every session.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["COLUMNS", "LIBRARIES", "ROWS", "SAMPLERS", "Case", "cases", "make_data", "positive_numbers"]

LIBRARIES = ("ours", "imblearn", "smote_variants")
SAMPLERS = ("SMOTE", "BorderlineSMOTE", "BorderlineSMOTE-2", "ADASYN")
ROWS = (1_000, 10_000)
COLUMNS = (5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Case:
    """One sampler of one library on one size of data.

    Attributes
    ----------
    sampler : str
    n_rows, n_columns : int
    library : str
    """

    sampler: str
    n_rows: int
    n_columns: int
    library: str

    @property
    def group(self) -> str:
        """What is compared: the same sampler and data."""
        return f"{self.sampler}-{self.n_rows}x{self.n_columns}"

    def resampler(self, **params: Any) -> Callable[[np.ndarray, np.ndarray], Any]:
        """Build the sampler: five neighbours, balanced classes, one thread, a fixed seed.

        `params` are for ours and imbalanced-learn's.
        """
        if self.library == "smote_variants":
            return _smote_variants(self.sampler)
        library = import_module("smote_impls" if self.library == "ours" else "imblearn.over_sampling")
        name, _, kind = self.sampler.partition("-")
        params |= {"kind": f"borderline-{kind}"} if kind else {}
        sampler = getattr(library, name)(random_state=0, **params)
        resample: Callable[[np.ndarray, np.ndarray], Any] = sampler.fit_resample
        return resample


def cases(rows: tuple[int, ...] = ROWS, columns: tuple[int, ...] = COLUMNS) -> list[Case]:
    """Return all cases of some sizes; those of one group follow each other."""
    return [
        Case(sampler, n_rows, n_columns, library)
        for n_rows in rows
        for n_columns in columns
        for sampler in SAMPLERS
        for library in LIBRARIES
    ]


@lru_cache(maxsize=1)
def make_data(n_rows: int, n_columns: int, minority: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Make two overlapping classes, one row in ten of the minority; one row in a hundred has a wrong label.

    Half of the columns are informative, a fifth are combinations of these, the rest are noise.
    """
    from sklearn.datasets import make_classification

    data: tuple[np.ndarray, np.ndarray] = make_classification(
        n_rows,
        n_columns,
        n_informative=n_columns // 2,
        n_redundant=n_columns // 5,
        weights=[1 - minority],
        flip_y=0.02,
        class_sep=0.7,
        random_state=0,
    )
    return data


def positive_numbers(text: str) -> tuple[int, ...]:
    """Read an option such as ``1000,100000``."""
    try:
        numbers = tuple(int(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        raise argparse.ArgumentTypeError(
            f"expected numbers above 0 with commas between, such as 1000,100000, but got {text!r}"
        )
    return numbers


def _smote_variants(sampler: str) -> Callable[[np.ndarray, np.ndarray], Any]:
    import smote_variants

    logging.getLogger("smote_variants").setLevel(logging.WARNING)
    name = {"BorderlineSMOTE": "Borderline_SMOTE1", "BorderlineSMOTE-2": "Borderline_SMOTE2"}.get(
        sampler, sampler
    )
    theirs = getattr(smote_variants, name)(random_state=0, n_jobs=1)
    sample: Callable[[np.ndarray, np.ndarray], Any] = theirs.sample
    return sample
