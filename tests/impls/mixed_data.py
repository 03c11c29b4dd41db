"""Small tables of numbers and categories that tests share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

HOMES = ["own", "rent", "free", "with family", "never seen"]


def customers(n_rows=120, n_minority=30, seed=0):
    """A frame with columns of many types, categories after and between numbers; y with `n_minority` ones."""
    rng = np.random.RandomState(seed)
    y = rng.permutation(np.repeat([1, 0], [n_minority, n_rows - n_minority]))
    home = pd.Categorical.from_codes(rng.randint(4, size=n_rows), HOMES)
    size = pd.Categorical.from_codes(rng.randint(3, size=n_rows), ["S", "M", "L"], ordered=True)
    frame = pd.DataFrame(
        {
            "income": rng.lognormal(3, size=n_rows) + 5 * y,
            "home": home,
            "age": rng.randint(18, 90, size=n_rows).astype("int32"),
            "job": rng.choice(["clerk", "cook", "none"], size=n_rows),
            "size": size,
            "member": rng.uniform(size=n_rows) < 0.5,
            "score": rng.normal(size=n_rows).astype("float32"),
            "city": pd.array(rng.choice(["Rome", "Oslo"], size=n_rows), dtype="string"),
            "visits": pd.array(rng.randint(9, size=n_rows), dtype="Int64"),
        },
        index=np.arange(n_rows) * 3 + 7,
    )
    frame["job"] = frame["job"].astype(object)
    return frame, y


CATEGORICAL = ["home", "job", "size", "member", "city"]
NUMERIC = ["income", "age", "score", "visits"]


def as_pyarrow(frame):
    """The same table in pyarrow."""
    return pa.Table.from_pandas(frame, preserve_index=False)


def as_objects(frame):
    """The same table as an array of objects."""
    return frame.astype(object).to_numpy()


def levels_of(frame, rows, column):
    """The levels that some rows have."""
    return set(frame[column].iloc[list(rows)])
