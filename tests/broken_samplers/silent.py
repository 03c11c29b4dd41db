"""Samplers that give their input back without a word where there is nothing they can start from."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings

import numpy as np

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainOversampler, PlainSMOTE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    warnings.warn("expected enough rows: said once, while nobody resamples", stacklevel=1)


class _Swallows(PlainOversampler):
    """Takes an error for an answer: no new rows."""

    def new_rows(self, X, y, label, n, rng):
        try:
            return super().new_rows(X, y, label, n, rng)
        except ValueError:
            self.tell(label)
            return np.empty((0, X.shape[1]))

    def tell(self, label):
        """Say nothing."""


@broken("too_few_rows_are_said_so", family="smote")
class SilentFew(_Swallows, PlainSMOTE):
    """Fewer rows than k + 1: the input."""


@broken("too_few_rows_are_said_so", "nothing_to_start_from_is_said", family="borderline1")
class SilentBorderline(_Swallows, PlainBorderline):
    """No row in DANGER: the input."""


@broken("too_few_rows_are_said_so", "nothing_to_start_from_is_said", family="borderline2")
class SilentBorderline2(_Swallows, PlainBorderline):
    """The same of the second kind."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5, m_neighbors=10):
        super().__init__(sampling_strategy, random_state, k_neighbors, m_neighbors, "borderline-2")


@broken("too_few_rows_are_said_so", "nothing_to_start_from_is_said", family="adasyn")
class SilentAdasyn(_Swallows, PlainADASYN):
    """No row that is hard to learn: the input."""


@broken("nothing_to_start_from_is_said", family="borderline1")
class SilentWithoutDangerOnly(PlainBorderline):
    """Says that rows are too few, and passes over a class without rows in DANGER, as a `continue` does."""

    def new_rows(self, X, y, label, n, rng):
        own = self.n_other(X, y, label)
        if not self.in_danger(own, min(self.m_neighbors, len(X) - 1)).any():
            self.neighbors(X[y == label], self.k_neighbors)
            return np.empty((0, X.shape[1]))
        return super().new_rows(X, y, label, n, rng)


@broken("nothing_to_start_from_is_said", family="borderline1")
class StartsFromAllWithoutAWord(PlainBorderline):
    """Without rows in DANGER starts from all rows of the class."""

    def in_danger(self, n_other, m):
        danger = super().in_danger(n_other, m)
        return danger if danger.any() else np.ones_like(danger)


@broken("too_few_rows_are_said_so", family="smote")
class GivesTheVeryInputBack(PlainSMOTE):
    """The same objects, not copies."""

    def fit_resample(self, X, y):
        if min(np.unique(np.asarray(y), return_counts=True)[1]) <= self.k_neighbors:
            return X, y
        return super().fit_resample(X, y)


@broken("too_few_rows_are_said_so", family="smote")
class SilentForOneRow(PlainSMOTE):
    """Takes as many neighbours as there are, and one row has none."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, min(k, len(rows) - 1))

    def new_rows(self, X, y, label, n, rng):
        if (y == label).sum() == 1:
            return np.empty((0, X.shape[1]))
        return super().new_rows(X, y, label, n, rng)


@broken("too_few_rows_are_said_so", "nothing_to_start_from_is_said", family="adasyn")
class WhispersToTheLog(_Swallows, PlainADASYN):
    """A log record below the level of a warning, which nobody sees."""

    def tell(self, label):
        logging.getLogger("oversampling").debug("class %s left alone", label)
        logging.getLogger("oversampling").info("class %s left alone", label)


@broken("too_few_rows_are_said_so", family="smote")
class WarnsIntoTheVoid(_Swallows, PlainSMOTE):
    """Warns where it has switched warnings off itself."""

    def tell(self, label):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.warn(f"class {label} left alone", stacklevel=2)


@broken("too_few_rows_are_said_so", family="smote")
class WarnsOfSomethingElse(_Swallows, PlainSMOTE):
    """A deprecation, and what it says on every data set."""

    def fit_resample(self, X, y):
        warnings.warn("this sampler is experimental", stacklevel=2)
        return super().fit_resample(X, y)

    def tell(self, label):
        warnings.warn("the parameter n will be renamed", FutureWarning, stacklevel=2)


@broken("too_few_rows_are_said_so", family="smote")
class WarnsWithoutWords(_Swallows, PlainSMOTE):
    """An empty warning."""

    def tell(self, label):
        warnings.warn(" ", stacklevel=2)


@broken("too_few_rows_are_said_so", "nothing_to_start_from_is_said", family="borderline1")
class PrintsIt(_Swallows, PlainBorderline):
    """Prints, which no program can catch; into a buffer, for the sake of the tests' output."""

    def tell(self, label):
        with contextlib.redirect_stdout(io.StringIO()):
            print(f"class {label} left alone")


@broken("too_few_rows_are_said_so", family="generic")
class SilentNoise(GaussianNoise):
    """No interpolation, but a covariance that it needs some rows for."""

    def new_rows(self, X, y, label, n, rng):
        if (y == label).sum() < 4:
            return np.empty((0, X.shape[1]))
        return super().new_rows(X, y, label, n, rng)
