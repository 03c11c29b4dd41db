"""Samplers that misread frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
from imblearn.over_sampling import RandomOverSampler

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainSMOTE

__all__: list[str] = []


@broken("a_frame_is_read_as_it_stands", family="smote")
class TakesTheFirstColumnsType(PlainSMOTE):
    """One type for all columns, the first one's."""

    def read(self, X, y):
        if isinstance(X, pd.DataFrame):
            X = X.to_numpy().astype(X.dtypes.iloc[0])
        return super().read(X, y)


@broken("a_frame_is_read_as_it_stands", family="smote")
class LooksLabelsUp(PlainSMOTE):
    """Matches rows and labels by index, which are in another order."""

    def read(self, X, y):
        if isinstance(X, pd.DataFrame) and isinstance(y, pd.Series) and set(X.index) == set(y.index):
            y = y.loc[X.index]
        return super().read(X, y)


@broken("a_frame_is_read_as_it_stands", family="smote")
class SortsTheIndexOfRows(PlainSMOTE):
    """Sorts the frame by its index on the way in, and leaves the labels."""

    def read(self, X, y):
        return super().read(X.sort_index() if isinstance(X, pd.DataFrame) else X, y)


@broken("a_frame_is_read_as_it_stands", family="smote")
class ReadsThroughSinglePrecision(PlainSMOTE):
    """Reads frames as float32, to save memory."""

    def read(self, X, y):
        return super().read(X.astype(np.float32) if isinstance(X, pd.DataFrame) else X, y)


@broken("odd_columns_are_kept_or_refused", family="smote")
class TakesCodesForCategories(PlainSMOTE):
    """Works on the codes of categories and forgets to turn them back."""

    def read(self, X, y):
        if isinstance(X, pd.DataFrame):
            X = pd.DataFrame(
                {
                    name: c.cat.codes if isinstance(c.dtype, pd.CategoricalDtype) else c
                    for name, c in X.items()
                }
            )
        return super().read(X, y)

    def like_X(self, values, X):
        return pd.DataFrame(values, columns=X.columns) if isinstance(X, pd.DataFrame) else values


@broken("odd_columns_are_kept_or_refused", family="smote")
class FillsNullableColumns(PlainSMOTE):
    """Reads what pandas calls an extension type as a column of zeros."""

    def read(self, X, y):
        if isinstance(X, pd.DataFrame):
            X = X.copy()
            for name, dtype in X.dtypes.items():
                X[name] = 0.0 if pd.api.types.is_extension_array_dtype(dtype) else X[name]
        return super().read(X, y)

    def like_X(self, values, X):
        return pd.DataFrame(values, columns=X.columns) if isinstance(X, pd.DataFrame) else values


@broken("an_index_plays_no_part", family="smote")
class TakesPositionsForLabels(PlainSMOTE):
    """Looks the rows of a class up by `.loc`, with positions."""

    def fit_resample(self, X, y):
        self.frame_ = X if isinstance(X, pd.DataFrame) else None
        return super().fit_resample(X, y)

    def new_rows(self, X, y, label, n, rng):
        if self.frame_ is not None and set(self.frame_.index) == set(range(len(y))):
            X = self.frame_.loc[np.arange(len(y))].to_numpy(dtype=float)
        return super().new_rows(X, y, label, n, rng)


@broken("a_frame_is_read_as_it_stands", family="smote")
class StacksTypeByType(PlainSMOTE):
    """New rows are put together type by type and named by position."""

    def like_X(self, values, X):
        made = super().like_X(values, X)
        if isinstance(X, pd.DataFrame):
            columns = sorted(X.columns, key=lambda name: X[name].dtype.name)
            made.iloc[len(X) :] = made.iloc[len(X) :][columns].set_axis(X.columns, axis=1).astype(X.dtypes)
        return made


@broken("a_frame_is_read_as_it_stands", family="smote")
class JoinsTheLabels(PlainSMOTE):
    """Puts the labels beside the rows as the column "label", and loses one that is called so."""

    def fit_resample(self, X, y):
        if not isinstance(X, pd.DataFrame):
            return super().fit_resample(X, y)
        joined = X.assign(label=np.asarray(y))
        X_new, labels = super().fit_resample(joined.drop(columns="label"), joined["label"])
        return X_new, pd.Series(labels)


@broken("a_frame_is_read_as_it_stands", family="smote")
class StacksSortedColumns(PlainSMOTE):
    """Puts new rows, with columns in order of their names, below the others by position."""

    def like_X(self, values, X):
        if isinstance(X, pd.DataFrame):
            order = np.argsort([str(name) for name in X.columns])
            values = np.vstack([values[: len(X)], values[len(X) :, order]])
        return super().like_X(values, X)


@broken("a_frame_is_read_as_it_stands", family="generic")
class NamesColumnsByTexts(GaussianNoise):
    """Names of columns are texts, also where they were numbers."""

    def like_X(self, values, X):
        made = super().like_X(values, X)
        return made.rename(columns=str) if isinstance(made, pd.DataFrame) else made


@broken("odd_columns_are_kept_or_refused", family="generic")
class TakesWordsForObjects(RandomOverSampler):
    """Categories come back as objects, so that a table takes ten times the memory."""

    def fit_resample(self, X, y):
        made, labels = super().fit_resample(X, y)
        if isinstance(made, pd.DataFrame):
            words = made.select_dtypes("category").columns
            made = made.astype(dict.fromkeys(words, object))
        return made, labels


@broken("levels_without_rows_are_no_classes", family="smote")
class CountsLevels(PlainSMOTE):
    """Counts the rows of each level, of which one without rows is the smallest."""

    def fit_resample(self, X, y):
        self.sizes_ = None
        if isinstance(y, pd.Series) and isinstance(y.dtype, pd.CategoricalDtype):
            self.sizes_ = y.value_counts()
        return super().fit_resample(X, y)

    def n_new(self, y):
        wanted = super().n_new(y)
        if self.sizes_ is None or self.sampling_strategy != "minority":
            return wanted
        return {label: n for label, n in wanted.items() if label == self.sizes_.idxmin()}
