"""SMMO where a column is constant in one class."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")

Table = tuple[np.ndarray, np.ndarray]


def collinear(table: Table) -> Table:
    """Return a table in which a column is constant in the minority."""
    X, y = table[0].copy(), table[1].copy()
    X[y == 1, 3] = 0.5
    return X, y


def test_smmo_samples_where_a_column_is_constant_in_one_class(table: Table) -> None:
    X, y = collinear(table)
    with pytest.raises(np.linalg.LinAlgError):
        smote_variants.SMMO(random_state=0).sample(X, y)
    resampled = resample(parse_method("SMMO"), X, y, seed=0)
    assert len(resampled.y) >= len(y)


def test_smmo_uses_plain_discriminant_analysis_where_it_works(table: Table) -> None:
    plain = smote_variants.SMMO(random_state=4).sample(*table)
    adapted = resample(parse_method("SMMO"), *table, seed=4)
    assert np.array_equal(adapted.X, plain[0])
    assert np.array_equal(adapted.y, plain[1])


def test_shrunken_qda_tells_classes_apart_where_the_plain_one_refuses(table: Table) -> None:
    X, y = collinear(table)
    qda = importlib.import_module("smote_bench.methods.adapters.smmo").ShrunkenQDA
    with pytest.raises(np.linalg.LinAlgError):
        QuadraticDiscriminantAnalysis().fit(X, y)
    assert qda().fit(X, y).score(X, y) > 0.9
