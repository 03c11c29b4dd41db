"""The recipe that turns a table into numbers: missing cells, categories, scale.

What it learns, it learns from the rows it is fitted on: the training rows of a fold, or the whole table for
the ``processed`` version that reproduces published numbers.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from smote_bench.data.typed_rows import CategoryColumn, TypedColumns, unique_levels
from smote_bench.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "MOST_CATEGORIES",
    "ColumnKinds",
    "Preprocessing",
    "Recipe",
    "column_kinds",
    "most_categories",
    "numeric_values",
]

_SCALINGS = ("minmax", "standard", "none")
_RARE = "(rare)"
_UNSEEN = -1
_MISSING = -2

MOST_CATEGORIES = 254
"""Categories of a nominal feature that are features of their own; rarer ones are one together.

With that one they are 255, as many as scikit-learn's boosting takes of a column of categories.
"""


_MANY_CELLS, _MOST_CELLS = 2**26, 2**27
"""Numbers in the one-hot features of all columns together, in rows that are fitted on: 512 MiB, and 1 GiB.

A sampler and a classifier need several times as much.
"""

_FEWEST_OF_MANY = 32
"""So many categories of a feature are kept where only the second bound holds."""


@dataclass(frozen=True)
class Preprocessing:
    """Parameters of the recipe.

    Parameters
    ----------
    scaling : {"minmax", "standard", "none"}
        How every feature, encoded ones included, is scaled.
    n_neighbors : int
        Neighbours whose mean fills a missing number.
    """

    scaling: str = "minmax"
    n_neighbors: int = 5

    def __post_init__(self) -> None:
        if self.scaling not in _SCALINGS:
            hint = did_you_mean(str(self.scaling), _SCALINGS)
            raise ConfigError(f"expected a scaling of {', '.join(_SCALINGS)}, got {self.scaling!r}.{hint}")
        if (
            isinstance(self.n_neighbors, bool)
            or not isinstance(self.n_neighbors, int)
            or self.n_neighbors < 1
        ):
            raise ConfigError(f"expected a whole number from 1 for 'n_neighbors', got {self.n_neighbors!r}")

    @classmethod
    def parse(cls, mapping: Mapping[str, Any]) -> Preprocessing:
        """Build from an experiment's mapping.

        Raises
        ------
        ConfigError
            If a key or a value is wrong.
        """
        known = ("scaling", "n_neighbors")
        for key in mapping:
            if key not in known:
                raise ConfigError(
                    f"expected the keys {', '.join(known)}, got {key!r}.{did_you_mean(str(key), known)}"
                )
        return cls(**mapping)

    def to_json(self) -> dict[str, Any]:
        """Return JSON values that identify the parameters."""
        return {"scaling": self.scaling, "n_neighbors": self.n_neighbors}


class Recipe:
    """Impute, encode and scale a table, learning from the rows it is fitted on.

    Parameters
    ----------
    scaling : {"minmax", "standard", "none"}
        How every feature is scaled. A feature that is constant where the recipe was fitted becomes 0
        everywhere. Values outside the fitted range are not clipped.
    n_neighbors : int
        Neighbours whose mean fills a missing number.
    nominal : sequence of str, optional
        Features to one-hot encode; the default is those of unordered ``category`` or text type.
    ordinal : mapping of str to sequence of str, optional
        Features to code by the place of their category in the given order; the default is those of ordered
        ``category`` type.

    Attributes
    ----------
    feature_names_in_, feature_names_out_ : tuple of str
        Features before and after; a one-hot feature is called ``feature=category``.
    remarks_ : tuple of str
        What the last call of `fit`, `transform` or `fit_transform` filled in, zeroed or did not know.
    typed_columns_ : TypedColumns or None
        Between its rows and a frame with categories, truth values among them; None of a table that has
        numbers alone.
    numbers_ : ndarray of shape (n_samples, n_numeric), float64, or None
        The numeric features of the rows that it was fitted on, filled and not scaled, where there are
        categories or truth values beside them.

    Notes
    -----
    Numbers are imputed with scikit-learn's `KNNImputer` before they are scaled, the order of the original
    test bench's recipe, so features with large values decide who is near. Categories are imputed with the
    most frequent one (the first in order among equals). A category that was not seen gives zeros in a nominal
    feature and the code -1 in an ordinal one. Of a nominal feature with more than `most_categories`, the
    rarest (the last in order among equals) are taken together as ``feature=(rare)``: memory is bounded.
    """

    feature_names_in_: tuple[str, ...]
    feature_names_out_: tuple[str, ...]
    remarks_: tuple[str, ...]
    typed_columns_: TypedColumns | None
    numbers_: np.ndarray | None

    def __init__(
        self,
        *,
        scaling: str = "minmax",
        n_neighbors: int = 5,
        nominal: Sequence[str] | None = None,
        ordinal: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.preprocessing = Preprocessing(scaling, n_neighbors)
        self.nominal = nominal
        self.ordinal = ordinal

    def to_json(self) -> dict[str, Any]:
        """Return JSON values that identify the parameters."""
        return {
            **self.preprocessing.to_json(),
            "nominal": list(self.nominal) if self.nominal is not None else None,
            "ordinal": [[k, list(v)] for k, v in self.ordinal.items()] if self.ordinal is not None else None,
        }

    def fit(self, X: pd.DataFrame, y: object = None) -> Recipe:  # noqa: ARG002 - scikit-learn's signature
        """Learn from the rows of `X`; `y` is ignored."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: pd.DataFrame, y: object = None) -> np.ndarray:  # noqa: ARG002 - scikit-learn's
        """Learn from the rows of `X` and return them, as `transform` would."""
        if len(X) == 0:
            raise ValueError("expected rows to fit the recipe on, got none: check the split")
        self.feature_names_in_ = tuple(map(str, X.columns))
        self._fit_encoders(X)
        encoded, remarks = self._encode(X)
        self._fit_scaler(encoded, remarks)
        is_typed = bool(self._categorical or self._boolean)
        self.typed_columns_ = self._typed_columns(encoded) if is_typed else None
        self.numbers_ = encoded[:, self._slots_of(self._measured)] if is_typed else None
        if self._capped:
            remarks.append(f"rare categories are taken together in {', '.join(self._capped)}")
        self.remarks_ = tuple(remarks)
        return self._scale(encoded)

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """Return the rows of `X` as numbers.

        Returns
        -------
        values : ndarray of shape (n_samples, n_features_out), float64
            C-contiguous and finite.
        """
        names = tuple(map(str, X.columns))
        if names != self.feature_names_in_:
            raise ValueError(
                f"expected the features {self.feature_names_in_}, got {names}: pass the same columns"
            )
        encoded, remarks = self._encode(X)
        self.remarks_ = tuple(remarks)
        return self._scale(encoded)

    def _fit_encoders(self, X: pd.DataFrame) -> None:
        kinds = column_kinds(X, self.nominal, self.ordinal)
        nominal, ordinal = kinds.nominal, kinds.ordinal
        self._measured, self._boolean = kinds.numeric, kinds.boolean
        # Truth values are numbers, 1 and 0, to all but those that see categories.
        self._numbers = sorted([*kinds.numeric, *kinds.boolean])
        counted = {
            i: _counts(X.iloc[:, i]) for i, name in enumerate(self.feature_names_in_) if name in nominal
        }
        most = most_categories(len(X), [len(counts) for counts in counted.values()])
        self._categorical: dict[int, _Categories] = {}
        self._slots: dict[int, slice] = {}
        names: list[str] = []
        for i, name in enumerate(self.feature_names_in_):
            if i in counted:
                self._categorical[i] = _Categories.of_nominal(counted[i], most)
            elif name in ordinal:
                self._categorical[i] = _Categories.of_ordinal(X.iloc[:, i], ordinal[name])
            start = len(names)
            names += self._categorical[i].names(name) if i in self._categorical else [name]
            self._slots[i] = slice(start, len(names))
        self.feature_names_out_ = tuple(names)
        self._capped = [
            f"{name!r} ({len(kept.rare)} of {len(kept.texts) + len(kept.rare)})"
            for i, name in enumerate(self.feature_names_in_)
            if (kept := self._categorical.get(i)) and kept.rare
        ]
        self._imputer: Any = None
        self._fitted_numbers = numeric_values(X, self._numbers)

    def _slots_of(self, numeric: Sequence[int]) -> list[int]:
        return [self._slots[i].start for i in numeric]

    def _typed_columns(self, encoded: np.ndarray) -> TypedColumns:
        categories = [
            CategoryColumn(
                name=self.feature_names_in_[i],
                place=i,
                levels=unique_levels([*kept.texts, *([_RARE] if kept.rare else [])]),
                slot=self._slots[i],
                is_ordered=not kept.one_hot,
                constant=0.0 if kept.one_hot else float(encoded[0, self._slots[i].start]),
            )
            for i, kept in self._categorical.items()
        ]
        for i in self._boolean:
            seen = sorted(set(encoded[:, self._slots[i].start].astype(bool).tolist()))
            levels = tuple(map(str, seen))
            name, slot = self.feature_names_in_[i], self._slots[i]
            categories.append(CategoryColumn(name, i, levels, slot, is_ordered=False, is_boolean=True))
        numeric = zip(self._measured, self._slots_of(self._measured), strict=True)
        return TypedColumns(
            self.feature_names_in_,
            tuple(numeric),
            tuple(sorted(categories, key=lambda column: column.place)),
            encoded.shape[1],
            partial(_scaled, self._scaler, self._constant),
        )

    def _encode(self, X: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
        import numpy as np

        remarks: list[str] = []
        encoded = np.empty((len(X), len(self.feature_names_out_)))
        if self._numbers:
            numbers = self._impute(numeric_values(X, self._numbers), remarks)
            if len(self._numbers) == encoded.shape[1]:
                encoded = numbers
            else:
                encoded[:, self._slots_of(self._numbers)] = numbers
        n_filled = n_unseen = 0
        for i, categories in self._categorical.items():
            filled, unseen = categories.encode(X.iloc[:, i], encoded[:, self._slots[i]])
            n_filled += filled
            n_unseen += unseen
        if n_filled:
            remarks.append(f"{n_filled} missing categories set to the most frequent one")
        if n_unseen:
            remarks.append(f"{n_unseen} cells hold a category not seen in fitting")
        return encoded, remarks

    def _impute(self, numbers: np.ndarray, remarks: list[str]) -> np.ndarray:
        import numpy as np

        missing = np.isnan(numbers)
        n_missing = int(missing.sum())
        if not n_missing:
            return numbers
        if self._imputer is None:
            from sklearn.impute import KNNImputer

            # A feature without any value in fitting is kept, as zeros, so that the features do not depend on
            # the fold.
            self._imputer = KNNImputer(n_neighbors=self.preprocessing.n_neighbors, keep_empty_features=True)
            self._imputer.fit(self._fitted_numbers)
        remarks.append(f"{n_missing} missing numbers filled from {self.preprocessing.n_neighbors} neighbours")
        n_empty = int(np.isnan(self._fitted_numbers).all(axis=0).sum())
        if n_empty:
            remarks.append(f"{n_empty} features have no value where the recipe was fitted: filled with 0")
        return np.ascontiguousarray(self._imputer.transform(numbers))

    def _fit_scaler(self, encoded: np.ndarray, remarks: list[str]) -> None:
        import numpy as np

        self._scaler: Any = None
        self._constant = np.zeros(encoded.shape[1], dtype=bool)
        if self.preprocessing.scaling == "none" or encoded.shape[1] == 0:
            return
        from sklearn.preprocessing import MinMaxScaler, StandardScaler

        scaler = MinMaxScaler() if self.preprocessing.scaling == "minmax" else StandardScaler()
        self._scaler = scaler.fit(encoded)
        self._constant = np.ptp(encoded, axis=0) == 0
        n_constant = int(self._constant.sum())
        if n_constant:
            remarks.append(f"{n_constant} features are constant where the recipe was fitted: set to 0")

    def _scale(self, encoded: np.ndarray) -> np.ndarray:
        return _scaled(self._scaler, self._constant, encoded)


def _scaled(scaler: Any, constant: np.ndarray, encoded: np.ndarray) -> np.ndarray:
    """Scale rows with a fitted scaler, where there is one; features that were constant there become 0."""
    import numpy as np

    if scaler is None or len(encoded) == 0:
        return np.array(encoded, order="C")  # a copy: it may be a view into the caller's table
    scaled = scaler.transform(encoded)
    # scikit-learn divides a constant feature by 1, so that a new value elsewhere would dwarf every scaled
    # feature.
    scaled[:, constant] = 0.0
    return np.ascontiguousarray(scaled)


@dataclass(frozen=True)
class _Categories:
    """One categorical feature: its categories, the most frequent one, and how they become numbers."""

    texts: tuple[str, ...]
    most_frequent: int
    one_hot: bool
    rare: frozenset[str] = frozenset()

    @classmethod
    def of_nominal(cls, counts: Mapping[str, int], most_kept: int) -> _Categories:
        seen = sorted(counts)
        rare: frozenset[str] = frozenset()
        if len(seen) > most_kept:
            rare = frozenset(sorted(seen, key=lambda text: -counts[text])[most_kept:])
            seen = [text for text in seen if text not in rare]
        most = max(range(len(seen)), key=lambda i: counts[seen[i]], default=_UNSEEN)
        return cls(tuple(seen), most, one_hot=True, rare=rare)

    @classmethod
    def of_ordinal(cls, column: pd.Series, order: Sequence[str]) -> _Categories:
        import numpy as np

        texts = tuple(map(str, order))
        places = _places(column, texts)
        counts = np.bincount(places[places >= 0], minlength=len(texts))
        return cls(texts, int(counts.argmax()) if counts.any() else 0, one_hot=False)

    def names(self, feature: str) -> list[str]:
        if not self.one_hot:
            return [feature]
        return [f"{feature}={text}" for text in self.texts] + ([f"{feature}={_RARE}"] if self.rare else [])

    def encode(self, column: pd.Series, out: np.ndarray) -> tuple[int, int]:
        """Write the feature's numbers into `out`; return how many cells were filled, and how many unknown."""
        import numpy as np

        places = _places(column, self.texts, self.rare)
        n_filled, n_unseen = int((places == _MISSING).sum()), int((places == _UNSEEN).sum())
        places = np.where(places == _MISSING, self.most_frequent, places)
        if self.one_hot:
            out[:] = places[:, None] == np.arange(out.shape[1])
        else:
            out[:, 0] = places
        return n_filled, n_unseen


def most_categories(n_rows: int, n_categories: Sequence[int]) -> int:
    """Return how many categories of a nominal feature are features of their own: 254, fewer in large tables.

    As many as keep the numbers of all features within 512 MiB, but 32 where these are within 1 GiB, and one
    whatever the size.

    Parameters
    ----------
    n_rows : int
    n_categories : sequence of int
        Of each nominal feature.
    """

    def n_cells(most: int) -> int:  # the rare ones are a feature too
        return n_rows * sum(n if n <= most else most + 1 for n in n_categories)

    caps = range(1, MOST_CATEGORIES + 1)
    within_many, within_most = (bisect.bisect(caps, n, key=n_cells) for n in (_MANY_CELLS, _MOST_CELLS))
    return max(1, within_many, min(_FEWEST_OF_MANY, within_most))


@dataclass(frozen=True)
class ColumnKinds:
    """Which features of a table are of which kind.

    Parameters
    ----------
    numeric, boolean : list of int
        Where they are in the table.
    nominal : set of str
    ordinal : mapping of str to sequence of str
        Each with its categories from the lowest on.
    """

    numeric: list[int]
    boolean: list[int]
    nominal: set[str]
    ordinal: Mapping[str, Sequence[str]]

    @property
    def has_categories(self) -> bool:
        """Whether any feature has values between which there is nothing."""
        return bool(self.boolean or self.nominal or self.ordinal)


def column_kinds(
    X: pd.DataFrame, nominal: Sequence[str] | None = None, ordinal: Mapping[str, Sequence[str]] | None = None
) -> ColumnKinds:
    """Return of which kind the features are.

    The nominal and ordinal ones are those named, or else those whose type says so.
    """
    import numpy as np
    import pandas as pd

    names = list(map(str, X.columns))
    by_type: set[str] = set()
    orders: dict[str, Sequence[str]] = {}
    for name, dtype in zip(names, X.dtypes, strict=True):
        if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered:
            orders[name] = [str(category) for category in dtype.categories]
        elif isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(dtype):
            by_type.add(name)
    order = orders if ordinal is None else dict(ordinal)
    chosen = (by_type if nominal is None else set(nominal)) - set(order)
    for name in (*chosen, *order):
        if name not in names:
            raise ValueError(f"expected a feature {name!r}, got {names}.{did_you_mean(name, names)}")
    numeric: list[int] = []
    boolean: list[int] = []
    for i, (name, dtype) in enumerate(zip(names, X.dtypes, strict=True)):
        if name not in chosen and name not in order:
            is_truth = isinstance(dtype, np.dtype) and dtype.kind == "b"
            (boolean if is_truth else numeric).append(i)
    return ColumnKinds(numeric, boolean, chosen, order)


def numeric_values(X: pd.DataFrame, positions: Sequence[int]) -> np.ndarray:
    """Return the features at `positions` as one float64 array, NaN where missing."""
    import numpy as np

    chosen = X if len(positions) == X.shape[1] else X.iloc[:, list(positions)]
    numbers = np.ascontiguousarray(chosen.to_numpy(dtype=np.float64, na_value=np.nan))
    if np.isinf(numbers).any():
        raise ValueError(
            "expected finite numbers, got infinite ones: correct those cells, or leave them empty"
        )
    return numbers


def _counts(column: pd.Series) -> dict[str, int]:
    """Return in how many cells each category is that is in any, in the order of the categories."""
    import numpy as np

    texts, codes = _coded(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts)).tolist()
    return {text: count for text, count in zip(texts, counts, strict=True) if count}


def _coded(column: pd.Series) -> tuple[list[str], np.ndarray]:
    """Return a categorical column's categories as text, and each cell's index into them, -1 if missing."""
    import numpy as np
    import pandas as pd

    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")
    return [str(category) for category in column.cat.categories], column.cat.codes.to_numpy(dtype=np.intp)


def _places(column: pd.Series, texts: Sequence[str], rare: Collection[str] = ()) -> np.ndarray:
    """Return each cell's place in `texts`, the one after them if it is rare, or that it is missing or new."""
    import numpy as np

    own, codes = _coded(column)
    place = {text: i for i, text in enumerate(texts)} | dict.fromkeys(rare, len(texts))
    # a missing cell has the code -1, which takes the last entry
    places: np.ndarray = np.array([*(place.get(text, _UNSEEN) for text in own), _MISSING])[codes]
    return places
