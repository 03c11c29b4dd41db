"""Bad input: one clear error for each case, from every sampler."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import sparse

from smote_impls import ADASYN, SMOTE, BorderlineSMOTE

from .small_data import overlapping


def _with(X, value):
    X = X.copy()
    X[3, 1] = value
    return X


BAD_X = {
    "nan": (lambda X: _with(X, np.nan), "Input X contains NaN"),
    "inf": (lambda X: _with(X, np.inf), "Input X contains infinity"),
    "minus inf": (lambda X: _with(X, -np.inf), "Input X contains infinity"),
    "sparse nan": (lambda X: sparse.csr_matrix(_with(X, np.nan)), "Input X contains NaN"),
    "frame with nan": (lambda X: pd.DataFrame(_with(X, np.nan)), "Input X contains NaN"),
    "nullable na": (
        lambda X: pd.DataFrame({"a": pd.array([None, *X[1:, 0]], dtype="Float64")}),
        "Input X contains NaN",
    ),
    "one-dimensional": (lambda X: X[:, 0], "Expected 2D array, got 1D array"),
    "three-dimensional": (lambda X: X[:, :, None], "Found array with dim 3"),
    "no rows": (lambda X: X[:0], "Found array with 0 sample"),
    "no columns": (lambda X: X[:, :0], "Found array with 0 feature"),
    "complex": (lambda X: X.astype(complex), "Complex data not supported"),
    "text": (lambda X: X.astype("U8").astype(object) + "x", "Expected X to hold numbers only.*SMOTENC"),
    "text column": (
        lambda X: pd.DataFrame({"a": X[:, 0], "city": ["Rome"] * len(X)}),
        r"Expected numeric columns in X, got 'city' \(str\).*Encode",
    ),
    "category of numbers": (
        lambda X: pd.DataFrame({"a": X[:, 0], "zip": pd.Categorical(np.arange(len(X)) % 3)}),
        r"got 'zip' \(category\)",
    ),
    "dates": (
        lambda X: pd.DataFrame({"day": pd.date_range("2020-01-01", periods=len(X))}),
        r"got 'day' \(datetime64",
    ),
    "many text columns": (lambda X: pd.DataFrame([["a"] * 9] * len(X)), "and 4 more"),
    "a column twice": (
        lambda X: pd.DataFrame(X, columns=["a", "b", "a"]),
        r"unique column names in X, got several of \['a'\]",
    ),
    "too short": (lambda X: X[:-1], "equally many rows, got 199 in X and 200 in y"),
}


@pytest.mark.parametrize("case", BAD_X)
def test_rejects_bad_X(sampler, data, case):
    X, y = data
    make, message = BAD_X[case]
    with pytest.raises(ValueError, match=message):
        sampler.fit_resample(make(X), y)


BAD_Y = {
    "none": (lambda y: None, ValueError, "got None"),
    "one class": (np.zeros_like, ValueError, "at least two classes, got the single class 0"),
    "too long": (lambda y: np.r_[y, 1], ValueError, "200 in X and 201 in y"),
    "continuous": (lambda y: y + np.linspace(0, 0.5, len(y)), ValueError, "Unknown label type: continuous"),
    "nan": (lambda y: np.where(np.arange(len(y)) == 5, np.nan, y), ValueError, "got 1 missing labels in y"),
    "missing text": (
        lambda y: pd.Series([None, None, *np.array(["a", "b"])[y[2:]]]),
        ValueError,
        "got 2 missing labels in y",
    ),
    "mixed types": (
        lambda y: np.array([("one", {})[v] for v in y.tolist()], dtype=object),
        TypeError,
        "labels in y to be of one type|unhashable",
    ),
    "multilabel": (
        lambda y: np.c_[y, 1 - y, y],
        ValueError,
        r"binarised one-vs-rest.*\(200, 3\) with \[1, 2\] non-zero",
    ),
    "rows of no class": (lambda y: np.c_[y, 0 * y], ValueError, r"with \[0, 1\] non-zero"),
    "probabilities": (lambda y: np.c_[y / 2, 1 - y / 2], ValueError, "single 1 in each row"),
    "three-dimensional": (lambda y: y[:, None, None], ValueError, "one dimension, got shape"),
    "a number": (lambda y: 1, ValueError, r"one dimension, got shape \(\)"),
}


@pytest.mark.parametrize("case", BAD_Y)
def test_rejects_bad_y(sampler, data, case):
    X, y = data
    make, error, message = BAD_Y[case]
    with pytest.raises(error, match=message):
        sampler.fit_resample(X, make(y))


@pytest.mark.parametrize(
    ("sampler_class", "params"),
    [
        (SMOTE, {"k_neighbors": 0}),
        (SMOTE, {"k_neighbors": -1}),
        (SMOTE, {"k_neighbors": 2.5}),
        (SMOTE, {"k_neighbors": "five"}),
        (SMOTE, {"k_neighbors": None}),
        (SMOTE, {"random_state": "seed"}),
        (SMOTE, {"random_state": -1}),
        (SMOTE, {"n_jobs": 1.5}),
        (BorderlineSMOTE, {"kind": "borderline1"}),
        (BorderlineSMOTE, {"m_neighbors": 0}),
        (ADASYN, {"n_neighbors": 0}),
        (ADASYN, {"n_neighbors": "all"}),
    ],
)
def test_rejects_bad_parameters_when_used_not_when_made(data, sampler_class, params):
    sampler = sampler_class(**params)
    (name,) = params
    with pytest.raises(ValueError, match=f"The '{name}' parameter of {sampler_class.__name__} must be"):
        sampler.fit_resample(*data)
    with pytest.raises(ValueError, match=f"The '{name}' parameter"):
        sampler.fit(*data)


def test_parameters_are_keywords_only():
    for sampler_class in (SMOTE, BorderlineSMOTE, ADASYN):
        with pytest.raises(TypeError, match="positional argument"):
            sampler_class(0.5)


def test_rejects_wrong_lengths_before_counting():
    X, y = overlapping()
    with pytest.raises(ValueError, match="Pass both from the same split"):
        SMOTE(sampling_strategy={7: 3}).fit_resample(X, y[:-3])


@pytest.mark.parametrize("sampler", [SMOTE, ADASYN, BorderlineSMOTE])
def test_a_table_of_arrow_is_refused_with_the_remedy(sampler):
    X, y = overlapping()
    table = pa.Table.from_pandas(pd.DataFrame(X, columns=[f"f{n}" for n in range(X.shape[1])]))
    with pytest.raises(TypeError, match=r"got a pyarrow Table, .* Pass X.to_pandas\(\)"):
        sampler().fit_resample(table, y)
