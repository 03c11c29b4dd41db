"""Holm's adjustment of p-values for many comparisons."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.stats import holm

NAN = math.nan


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_and_keeps_their_order(p: list[float]) -> None:
    raw = pd.Series(p)
    adjusted = holm(raw)
    assert (adjusted >= raw).all()
    assert (adjusted <= np.minimum(1, raw * len(raw)) + 1e-15).all()
    order = np.argsort(p, kind="stable")
    assert adjusted.iloc[order].is_monotonic_increasing


def test_holm_is_computed_by_hand() -> None:
    # 4 * .01, 3 * .02, 2 * .04 and then .045, which must not fall below the one before.
    assert holm(pd.Series([0.04, 0.01, 0.045, 0.02])).tolist() == pytest.approx([0.08, 0.04, 0.08, 0.06])


def test_holm_does_not_count_tests_that_were_not_made() -> None:
    found = holm(pd.Series([0.02, NAN, 0.03]))
    assert found.iloc[[0, 2]].tolist() == pytest.approx([0.04, 0.04])
    assert math.isnan(found.iloc[1])


def test_refuses_a_p_above_one() -> None:
    with pytest.raises(ValueError, match=r"expected p-values in \[0, 1\], got 1.5 for 'a'"):
        holm(pd.Series({"a": 1.5}))
