"""Predictions through bytes and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.predictions import FitPredictions, Predictions


@st.composite
def _fits(draw: st.DrawFn) -> FitPredictions:
    n = draw(st.integers(0, 20))
    bits = hnp.arrays(np.uint8, n, elements=st.integers(0, 1))
    return FitPredictions(
        draw(st.sampled_from(["cv", "holdout"])),
        draw(st.integers(0, 99)),
        draw(st.integers(0, 9)),
        rows=draw(hnp.arrays(np.int32, n, elements=st.integers(0, 10**6))),
        truth=draw(bits),
        label=draw(bits),
        score=draw(hnp.arrays(np.float64, n, elements=st.floats())),
        score_kind=draw(st.sampled_from(["probability", "decision", "none"])),
    )


@given(st.lists(_fits(), max_size=4).map(tuple))
def test_predictions_come_back_bit_for_bit(fits: tuple[FitPredictions, ...]) -> None:
    back = Predictions.loads(Predictions(fits).dumps()).fits
    assert [(f.phase, f.repeat, f.fold) for f in back] == [(f.phase, f.repeat, f.fold) for f in fits]
    assert [f.score_kind for f in back] == [f.score_kind for f in fits]
    for name in ("rows", "truth", "label", "score"):
        for one, other in zip(back, fits, strict=True):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
            assert getattr(one, name).dtype == getattr(other, name).dtype


def test_few_distinct_scores_are_stored_small() -> None:
    n = 10_000
    label = np.zeros(n, dtype=np.uint8)
    score = np.random.default_rng(0).integers(0, 6, n) / 5
    fit = FitPredictions("cv", 0, 0, np.arange(n, dtype=np.int32), label, label, score)
    assert len(Predictions((fit,)).dumps()) < n * 8


def test_code_in_stored_bytes_is_not_run() -> None:
    import io
    import zlib

    buffer = io.BytesIO()
    np.save(buffer, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(SmoteBenchError, match="allow_pickle"):
        Predictions.loads(zlib.compress(buffer.getvalue()))
