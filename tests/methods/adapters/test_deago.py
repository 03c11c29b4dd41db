"""DEAGO: repeatable, quiet, by its seed."""

from __future__ import annotations

import importlib.util
import re

import numpy as np
import pytest

from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")

Table = tuple[np.ndarray, np.ndarray]


def test_deago_samples_repeatably_quietly_and_by_its_seed(
    table: Table, capfd: pytest.CaptureFixture[str]
) -> None:
    if importlib.util.find_spec("tensorflow") is None:  # importing it here would not be quiet
        pytest.skip("DEAGO needs TensorFlow")
    spec = parse_method("DEAGO", {"e": 2})
    resampled = [resample(spec, *table, seed=seed) for seed in (3, 3, 4)]
    assert np.bincount(resampled[0].y).tolist() == [45, 45]
    assert resampled[0].X.tobytes() == resampled[1].X.tobytes() != resampled[2].X.tobytes()
    assert not re.search("cuda|oneDNN|absl|TensorFlow", capfd.readouterr().err)
    with pytest.raises((ValueError, RuntimeError), match=r"units|parallelism"):
        smote_variants.DEAGO(random_state=3).sample(*table)
