"""Tables with and without a leak, made by seed."""

from __future__ import annotations

import numpy as np
import pandas as pd


def labels(rng: np.random.Generator, n: int, n_minority: int) -> np.ndarray:
    y = np.zeros(n, dtype=np.int64)
    y[rng.permutation(n)[:n_minority]] = 1
    return y


def noise(rng: np.random.Generator, n: int, continuous: int = 3, discrete: int = 2) -> pd.DataFrame:
    """Features that know nothing of any target: normal ones, whole numbers, and categories."""
    columns: dict[str, object] = {f"x{i}": rng.normal(size=n) for i in range(continuous)}
    for i in range(discrete):
        columns[f"k{i}"] = rng.integers(0, rng.integers(2, 30), n).astype(float)
        levels = [f"level {v}" for v in range(int(rng.integers(2, 30)))]
        columns[f"c{i}"] = pd.Categorical.from_codes(rng.integers(0, len(levels), n), levels)
    return pd.DataFrame(columns)


def with_gaps(values: np.ndarray, is_missing: np.ndarray) -> np.ndarray:
    return np.where(is_missing, np.nan, values)
