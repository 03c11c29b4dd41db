"""Texts that are looked at are spread over the whole column, and bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.values.sampling import MOST_LOOKED_AT, spread


@given(st.integers(0, 5 * MOST_LOOKED_AT))
def test_at_most_so_many_from_one_end_to_the_other(n):
    seen = spread(range(n))
    assert len(seen) <= MOST_LOOKED_AT
    assert (n == 0) == (len(seen) == 0)
    if n <= MOST_LOOKED_AT:
        assert list(seen) == list(range(n))
    else:
        step = seen[1] - seen[0]
        assert seen[0] == 0
        assert n - seen[-1] <= step
        assert len(spread([0] * n)) == len(seen)
