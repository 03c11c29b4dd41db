"""What is rounding and no difference: stated once, and the same for summary and statistics."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench import rounding
from smote_bench.runs import summary
from smote_bench.runs.summary import _t_half_width
from smote_bench.stats import intervals, mean_interval


@given(
    st.floats(-1e6, 1e6) | st.sampled_from([0.0, 0.3, 1e5]),
    st.sampled_from([0.0, 1e-14, 4e-13, 9e-13, 2e-12, 1e-11, 1e-9, 1e-6, 1e-3]),
)
def test_summary_and_statistics_agree_on_which_spread_counts_as_none(mean: float, step: float) -> None:
    values = [mean - step, mean, mean + step, mean]
    said = _t_half_width(values, 1 / len(values))
    tested = mean_interval(values).half_width
    assert math.isnan(said) == math.isnan(tested)
    assert math.isnan(said) or said == pytest.approx(tested)


def test_the_bounds_below_which_a_spread_counts_as_none_are_stated_once() -> None:
    for module in (summary, intervals):
        assert (module.NOTHING, module.SHARE_OF_MEAN) == (rounding.NOTHING, rounding.SHARE_OF_MEAN)
        assert "1e-12" not in Path(module.__file__).read_text(encoding="utf-8")
