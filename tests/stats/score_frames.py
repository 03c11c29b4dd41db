"""Frames of scores, drawn by hypothesis."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def named(values: np.ndarray) -> pd.DataFrame:
    n, k = values.shape
    return pd.DataFrame(
        values, index=[f"data {i}" for i in range(n)], columns=[f"method {i}" for i in range(k)]
    )


@st.composite
def frames(draw: st.DrawFn, *, min_methods: int = 3, min_blocks: int = 5) -> pd.DataFrame:
    """Scores of few digits, so that ties are frequent."""
    shape = (draw(st.integers(min_blocks, 12)), draw(st.integers(min_methods, 6)))
    whole = draw(hnp.arrays(np.int64, shape, elements=st.integers(0, 8)))
    return named(whole / 8)
