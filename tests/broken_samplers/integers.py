"""Samplers that go wrong on whole numbers, and on types with few of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE

__all__: list[str] = []


@broken("integers_are_not_cut_off", family="smote")
class CutsOffIntegers(PlainSMOTE):
    """A cast back to the type of the input, as imbalanced-learn has it."""

    def to_dtype(self, rows, dtype):
        return rows.astype(dtype)


@broken("integers_are_not_cut_off", family="borderline1")
class FloorsIntegers(PlainBorderline):
    """Always rounds down."""

    def to_dtype(self, rows, dtype):
        return np.floor(rows).astype(dtype) if np.issubdtype(dtype, np.integer) else rows.astype(dtype)


@broken("integers_are_not_cut_off", family="adasyn")
class CeilsIntegers(PlainADASYN):
    """Always rounds up."""

    def to_dtype(self, rows, dtype):
        return np.ceil(rows).astype(dtype) if np.issubdtype(dtype, np.integer) else rows.astype(dtype)


@broken("integers_are_not_cut_off", family="smote")
class CutsOffBesideFloats(PlainSMOTE):
    """Rounds arrays, and casts the columns of frames, which are floats in between."""

    def like_X(self, values, X):
        if not isinstance(X, pd.DataFrame):
            return super().like_X(values, X)
        return pd.DataFrame(values, columns=X.columns).astype(X.dtypes)


@broken("small_integers_do_not_wrap", family="smote")
class SubtractsUnsigned(PlainSMOTE):
    """Takes differences in the type of the input: 3 - 5 is 254."""

    def read(self, X, y):
        X, y = super().read(X, y)
        self.dtype_ = X.dtype
        return X, y

    def combine(self, start, end, steps):
        if not np.issubdtype(self.dtype_, np.integer):
            return super().combine(start, end, steps)
        start, end = start.astype(self.dtype_), end.astype(self.dtype_)
        return start + steps * (end - start)


@broken("small_integers_do_not_wrap", family="smote")
class MeasuresUnsigned(PlainSMOTE):
    """Searches neighbours by squared differences in the type of the input."""

    def read(self, X, y):
        X, y = super().read(X, y)
        self.dtype_ = X.dtype
        return X, y

    def neighbors(self, rows, k):
        rows = rows.astype(self.dtype_)
        if len(rows) <= k or not np.issubdtype(self.dtype_, np.integer):
            return super().neighbors(rows, k)
        squared = ((rows[:, None, :] - rows[None, :, :]) ** 2).sum(axis=2).astype(np.float64)
        np.fill_diagonal(squared, np.inf)
        return np.argsort(squared, axis=1, kind="stable")[:, :k]


@broken("small_integers_do_not_wrap", family="generic")
class StacksAsBytes(GaussianNoise):
    """Stores whatever is an integer as int8, "to save memory"."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        return (X.astype(np.int8) if np.issubdtype(X.dtype, np.unsignedinteger) else X), y


@broken("integers_stay_integers", family="smote")
class PromotesIntegers(PlainSMOTE):
    """Hands back floats for integers: a matter of style, and so a remark."""

    def to_dtype(self, rows, dtype):
        return rows if np.issubdtype(dtype, np.integer) else rows.astype(dtype)


@broken("large_integers_stay", family="smote")
class SendsIntegersThroughFloats(PlainSMOTE):
    """Computes with floats and turns all rows back, those of the input too."""

    def stack(self, rows, classes):
        made, labels = super().stack(rows, classes)
        return made.astype(np.float64).astype(made.dtype), labels
