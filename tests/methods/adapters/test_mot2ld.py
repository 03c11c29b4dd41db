"""MOT2LD samples with today's t-SNE."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from sklearn.manifold import TSNE

from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")

Table = tuple[np.ndarray, np.ndarray]


def test_mot2ld_samples_with_todays_tsne_and_leaves_the_library_alone(table: Table) -> None:
    resampled = resample(parse_method("MOT2LD"), *table, seed=0)
    assert resampled.y.sum() > table[1].sum()
    assert importlib.import_module("smote_variants.oversampling._mot2ld").TSNE is TSNE
    with pytest.raises(TypeError, match="n_iter"):
        smote_variants.MOT2LD(random_state=0).sample(*table)
