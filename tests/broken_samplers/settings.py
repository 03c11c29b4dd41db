"""Samplers that go wrong where a parameter of their own has another value."""

from __future__ import annotations

import numpy as np

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainSMOTE

__all__: list[str] = []


class _Reaching(PlainSMOTE):
    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5, reach=1.0):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.reach = reach


@broken("other_parameters_keep_the_counts", family="smote")
class LosesRowsToItsFilter(PlainSMOTE):
    """Filters new rows when it is told to, and makes none in their place."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5, strict=False):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.strict = strict

    def new_rows(self, X, y, label, n, rng):
        made = super().new_rows(X, y, label, n, rng)
        if not self.strict:
            return made
        return made[made[:, 0] >= np.median(made[:, 0])]


@broken("other_parameters_keep_the_counts", family="smote")
class RoundsItsShare(_Reaching):
    """A share of the rows that is no share of the rows."""

    def new_rows(self, X, y, label, n, rng):
        return super().new_rows(X, y, label, int(n * min(self.reach, 1.0)), rng)


@broken("other_parameters_keep_the_counts", family="adasyn")
class MakesEachRowTwice(PlainADASYN):
    """Repeats each row as often as it is told to, on top of its count."""

    def __init__(self, sampling_strategy="auto", random_state=None, n_neighbors=5, repeats=1):
        super().__init__(sampling_strategy, random_state, n_neighbors)
        self.repeats = repeats

    def new_rows(self, X, y, label, n, rng):
        return np.repeat(super().new_rows(X, y, label, n, rng), self.repeats, axis=0)


@broken("other_parameters_are_kept", family="smote")
class KeepsItsFirstReach(_Reaching):
    """Remembers the first value."""

    def steps(self, n, n_features, rng):
        self.reach_ = getattr(self, "reach_", self.reach)
        return super().steps(n, n_features, rng) * min(self.reach_, 1.0)


@broken("other_parameters_are_kept", family="generic")
class CutsItsScale(GaussianNoise):
    """Cuts a scale that it thinks too large, and keeps the new one."""

    def new_rows(self, X, y, label, n, rng):
        self.scale = min(self.scale, 0.1)
        return super().new_rows(X, y, label, n, rng)


@broken("other_parameters_are_kept", family="generic")
class SetsOnlyWhatItKnows(GaussianNoise):
    """Its own set_params takes the seed and forgets the rest."""

    def set_params(self, **params):
        known = ("random_state", "sampling_strategy")
        if unknown := set(params) - {*known, "scale"}:
            raise ValueError(f"unknown parameters {sorted(unknown)}")
        if len(params) == 1:
            params.pop("scale", None)
        for name, value in params.items():
            setattr(self, name, value)
        return self
