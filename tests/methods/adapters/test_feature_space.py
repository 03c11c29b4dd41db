"""Samplers that work in another space: no map for new rows where nothing was done."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")

Table = tuple[np.ndarray, np.ndarray]


@pytest.mark.parametrize("name", ["E_SMOTE", "ISOMAP_Hybrid"])
def test_the_map_for_new_rows_changes_nothing_if_nothing_was_done(name: str, table: Table) -> None:
    X, y = table[0], np.append(1, np.zeros(59, dtype=int))
    plain = getattr(smote_variants, name)(random_state=0)
    plain.sample(X, y)
    if name == "E_SMOTE":
        assert plain.preprocessing_transform(X).shape != X.shape
    else:
        with pytest.raises(AttributeError, match=r"not fitted|has no attribute"):
            plain.preprocessing_transform(X)
    resampled = resample(parse_method(name), X, y, seed=0)
    assert resampled.noop
    assert resampled.transform is None
