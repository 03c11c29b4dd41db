"""How a sampler is told which columns of a frame are categories, where it does not see that by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.cases import Code

__all__ = ["PARAMETER", "code_of", "first_way", "told"]

PARAMETER = "categorical_features"
"""What imbalanced-learn's SMOTENC calls the parameter, and others after it."""

_NAMES = "X.select_dtypes(exclude='number').columns"
# What is asked for, as code: all are of imbalanced-learn's SMOTENC.
_WAYS = {
    "names": f"{_NAMES}.tolist()",
    "places": f"np.flatnonzero(X.columns.isin({_NAMES})).tolist()",
    "mask": f"X.columns.isin({_NAMES}).tolist()",
}


def code_of(way: str) -> Code:
    """Return the code that reads off a frame `X` what `told` tells of it."""
    return Code(_WAYS[way])


def told(way: str, frame: pd.DataFrame) -> list[Any]:
    """Return the columns of a frame that hold no numbers, by their names, places or a mask."""
    mask = frame.columns.isin(frame.select_dtypes(exclude="number").columns)
    if way == "mask":
        return list(mask.tolist())
    return list(frame.columns[mask]) if way == "names" else list(np.flatnonzero(mask).tolist())


def first_way(answers: Callable[[str, pd.DataFrame, np.ndarray], bool], *, numbers: bool) -> str:
    """Return the first way in which a sampler that is told its categories answers; "" where none is needed.

    Parameters
    ----------
    answers : callable
        Whether it answers a frame and its labels when told in a way, or, with "", as it is.
    numbers : bool
        Whether the frame shall have a column of numbers as well.
    """
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [36, 12])
    columns: dict[str, Any] = {
        name: pd.Categorical(rng.choice(["a", "b", "c"], size=len(y))) for name in ("kind", "colour")
    }
    if numbers:
        columns = {"size": rng.normal(size=len(y)).round(3), **columns}
    frame = pd.DataFrame(columns)
    return next((way for way in ("", *_WAYS) if answers(way, frame, y)), "")
