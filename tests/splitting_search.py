"""A search, which splits the rows that it is fitted on, and rows for it."""

from __future__ import annotations

import numpy as np

from smote_bench.classifiers.registry import parse_classifier

__all__ = ["SEARCH", "splitting_rows"]

SEARCH = parse_classifier(
    "tuned",
    {
        "classifier": "sklearn.model_selection:GridSearchCV",
        "params": {
            "estimator": {"classifier": "sklearn.neighbors:KNeighborsClassifier"},
            "param_grid": {"n_neighbors": [1, 3]},
            "cv": 2,
        },
    },
)


def splitting_rows(n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = np.arange(n) % 3 == 0
    return rng.normal(size=(n, 3)) + y[:, None], y.astype(int)
