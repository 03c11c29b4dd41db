"""Samplers whose calls get in each other's way, or that say something wrong of the last one."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state, check_X_y

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainSMOTE
from broken_samplers.removing import PlainUndersampler

_room = np.empty(1 << 16)
_at_work = {}


def _in_the_room(X):
    """Return rows in memory that all calls share, where they fit."""
    if X.dtype != np.float64 or X.size > _room.size:
        return X
    shared = _room[: X.size].reshape(X.shape)
    shared[:] = X
    return shared


@broken("earlier_answers_stay", family="smote")
class AnswersInOneRoom(PlainSMOTE):
    """Keeps memory for answers, so that none has to be asked for."""

    def like_X(self, values, X):
        return _in_the_room(values) if isinstance(X, np.ndarray) else super().like_X(values, X)


@broken("earlier_answers_stay", family="generic")
def noise_in_one_room(X, y, random_state=None):
    """The same of a function."""
    rows, labels = GaussianNoise(random_state=random_state).fit_resample(X, y)
    return _in_the_room(rows), labels


@broken("earlier_answers_stay", family="smote")
class AnswersInItsOwnRoom(PlainSMOTE):
    """The same for each object."""

    def like_X(self, values, X):
        if not isinstance(X, np.ndarray):
            return super().like_X(values, X)
        if getattr(self, "room_", np.empty((0, 0))).shape != values.shape:
            self.room_ = values.copy()
        self.room_[:] = values
        return self.room_


@broken("threads_do_not_share_data", family="smote")
class KeepsTheTableInTheModule(PlainSMOTE):
    """Puts the rows at work into a variable of the module, to save an argument."""

    def new_rows(self, X, y, label, n, rng):
        _at_work["rows"] = X[y == label]
        near = self.neighbors(_at_work["rows"], self.k_neighbors)
        rows = _at_work["rows"]
        return self.between(rows, self.seeds(np.arange(len(near)), n, rng) % len(rows), near % len(rows), rng)


@broken("sample_indices_name_the_rows", family="undersampler")
class NumbersRowsWithinTheirClass(PlainUndersampler):
    """Says of each row that stays which of its class it is."""

    def fit_resample(self, X, y):
        X, y = check_X_y(X, y)
        rows = self.rows(X, y, check_random_state(self.random_state))
        places = np.array([np.flatnonzero(np.flatnonzero(y == y[row]) == row)[0] for row in rows])
        self.sample_indices_ = places
        return X[rows], y[rows]


@broken("sample_indices_name_the_rows", family="generic")
class NamesTheFirstRowForRepeats(GaussianNoise):
    """Repeats rows, and names the first row of the table for each repeat."""

    def new_rows(self, X, y, label, n, rng):
        own = np.flatnonzero(y == label)
        self.sample_indices_ = np.r_[np.arange(len(X)), np.zeros(n, dtype=int)]
        return X[rng.choice(own, size=n)]
