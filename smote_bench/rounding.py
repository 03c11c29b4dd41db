"""What is rounding and no difference: bounds for every interval and test, with nothing to import.

The terminal's summary and `smote_bench.stats` are computed apart, since the first may not wait for pandas;
both take from here which spread counts as none.
"""

from __future__ import annotations

__all__ = ["NOTHING", "SHARE_OF_MEAN"]

NOTHING = 1e-12
"""Means and spreads below this are the rounding of sums of scores, not differences."""

SHARE_OF_MEAN = 1e-8
"""So are spreads below this share of the mean: scores without a bound have coarser roundings than 1e-12."""
