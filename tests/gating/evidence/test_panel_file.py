"""Rounded values: the same in single precision, and nothing where they are not finite."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.gating.evidence.panel_file import round_to_digits


@given(st.floats(1e-12, 1e12) | st.floats(-1e12, -1e-12) | st.just(0.0))
def test_rounded_descriptors_survive_single_precision(value: float) -> None:
    (rounded,) = round_to_digits(np.array([value]), 4)
    assert rounded == pytest.approx(value, rel=5.1e-4)
    assert rounded == float(f"{rounded:.3e}")
    assert round_to_digits(np.array([np.float32(rounded)], dtype=np.float64), 4) == rounded


def test_what_is_not_finite_is_not_rounded() -> None:
    assert np.isnan(round_to_digits(np.array([np.nan]), 4)).all()
    assert round_to_digits(np.array([np.inf, -np.inf]), 4).tolist() == [np.inf, -np.inf]
