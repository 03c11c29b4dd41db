"""Tables and parameters on which trees of ours are compared with scikit-learn's."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

# Values that lie nearer than 1e-7, the distance below which scikit-learn takes two for one, zeros of both
# signs, very small and very large ones (a table whose sum overflows is left to scikit-learn's own fit).
ODD = np.array(
    [*(0.0, -0.0, 1e-7, 2e-7, 5e-8, -5e-8, 1.0), *(1.0 + 1e-7, 1.0 + 3e-7, 1e-45, 1e-38, 1e35, -1e35, 1e7)],
    dtype=np.float32,
)


@st.composite
def tables(draw):
    """Tables of two classes: smooth, coarse or odd columns, some constant, from 2 to 400 rows."""
    n, d = draw(st.integers(2, 400)), draw(st.integers(1, 9))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X = random.normal(size=(n, d)).astype(np.float32)
    for column, kind in enumerate(draw(st.lists(st.integers(0, 4), min_size=d, max_size=d))):
        match kind:
            case 0:
                X[:, column] = np.round(X[:, column])
            case 1:
                X[:, column] = random.choice(ODD, n)
            case 2:
                X[:, column] = np.float32(random.normal()) + random.integers(0, 3, n) * np.float32(6e-8)
            case 3:
                X[:, column] = 7.0
    y = (random.random(n) < draw(st.sampled_from([0.05, 0.3, 0.5]))).astype(int)
    y[:2] = 0, 1
    return X, y


def growths(**more):
    """Draw parameters of a tree, beside others."""
    return st.fixed_dictionaries(
        {"random_state": st.integers(0, 2**31 - 1)},
        optional={
            "max_depth": st.integers(1, 6),
            "max_features": st.one_of(
                st.sampled_from(["sqrt", "log2", None]), st.integers(1, 3), st.floats(0.05, 1)
            ),
            "min_impurity_decrease": st.floats(0, 0.1),
            "min_samples_leaf": st.integers(1, 9),
            "min_samples_split": st.integers(2, 20),
            **more,
        },
    )
