"""Small data sets and samplers that the tests of smote_impls share."""

from __future__ import annotations

import numpy as np

from smote_impls import ADASYN, SMOTE, BaseOversampler, BorderlineSMOTE, Segments

SAMPLERS = {
    "SMOTE": SMOTE(random_state=0),
    "borderline-1": BorderlineSMOTE(random_state=0),
    "borderline-2": BorderlineSMOTE(random_state=0, kind="borderline-2"),
    "ADASYN": ADASYN(random_state=0),
}


class FirstToSecond(BaseOversampler):
    """Every synthetic row lies between the first two rows of its class, as far as the generator says."""

    def _synthesize(self, target, rng):
        first, second = target.rows[:2]
        n = target.n_samples
        return Segments(np.full(n, first), np.full(n, second), rng.uniform(size=n))


def overlapping(n_rows=200, n_features=3, n_minority=40, seed=0):
    """Two classes that overlap, so that some rows are in danger; rows shuffled."""
    rng = np.random.RandomState(seed)
    y = rng.permutation(np.repeat([1, 0], [n_minority, n_rows - n_minority]))
    return rng.normal(size=(n_rows, n_features)) + y[:, None], y


def rebuilt(X, parents):
    """The rows that `synthetic_parents_` describe."""
    start, end = X[parents["seed"]], X[parents["neighbor"]]
    return start + parents["step"][:, None] * (end - start)
