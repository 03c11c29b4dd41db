"""Tables of mixed kinds with missing cells, drawn by hypothesis, and a dataset of one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from smote_bench.data.cards import Card
from smote_bench.data.dataset import Dataset

CATEGORIES = ["low", "mid", "high"]
NUMBERS = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_subnormal=False), st.just(0.0))
TEXTS = st.one_of(st.none(), st.sampled_from("abc"))
ORDERED = st.one_of(st.none(), st.sampled_from(CATEGORIES))


@st.composite
def tables(draw, max_rows=12):
    """Draw tables of mixed kinds with missing cells; often with constant and all-missing columns."""
    n_rows = draw(st.integers(1, max_rows))

    def cells(values):
        return draw(
            st.one_of(st.lists(values, min_size=n_rows, max_size=n_rows), values.map(lambda v: [v] * n_rows))
        )

    columns = {f"number{i}": np.array(cells(NUMBERS), dtype=float) for i in range(draw(st.integers(0, 3)))}
    columns |= {f"kind{i}": pd.Categorical(cells(TEXTS)) for i in range(draw(st.integers(0, 2)))}
    columns |= {f"is_so{i}": np.array(cells(st.booleans())) for i in range(draw(st.integers(0, 2)))}
    columns["size"] = pd.Categorical(cells(ORDERED), categories=CATEGORIES, ordered=True)
    return pd.DataFrame(columns)


def like(train, test):
    """Give `test` the columns of `train`, as if both were rows of one table."""
    both = test.reindex(columns=train.columns)
    for name in train.columns:
        if name.startswith("kind"):
            both[name] = pd.Categorical(both[name])
        elif name == "size":
            both[name] = pd.Categorical(both[name], categories=CATEGORIES, ordered=True)
        elif not name.startswith("is_so") or both[name].isna().any():
            both[name] = both[name].astype(float)
    return both


def dataset(X, version="raw", preprocessing=None):
    card = Card(
        **dict.fromkeys(
            ["name", "title", "source", "licence", "citation", "file", "target", "minority"], "made-up"
        ),
        rows=len(X),
        features=X.shape[1],
        minority_rows=1,
    )
    y = np.zeros(len(X), dtype=np.int64)
    return Dataset(X, y, "made-up", version, "0", card, preprocessing)
