"""Bytes of a store are unpacked up to a bound, and damaged ones are refused in words."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest

from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation import blobs
from smote_bench.evaluation.blobs import read_array, unpacked
from smote_bench.evaluation.points import Points
from smote_bench.evaluation.predictions import Predictions


def saved(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.float64])
@pytest.mark.parametrize("shape", [(0,), (7,), (3, 5)])
def test_arrays_are_written_as_numpy_writes_them(dtype, shape):
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    for _ in range(2):  # with a header that was made before as well
        assert blobs.saved(array) == saved(array)


def test_what_was_packed_comes_back():
    array = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(read_array(unpacked(zlib.compress(saved(array)))), array)


@pytest.mark.fault(
    injected="stored predictions that would be gigabytes when unpacked",
    seen="they are refused in words; what needs them is named in the report",
    lost="these predictions; scores are apart from them",
)
def test_a_small_blob_that_would_be_huge_is_refused():
    bomb = zlib.compress(bytes(10_000_000), 9)
    assert len(bomb) < 20_000
    with pytest.raises(SmoteBenchError, match="expected at most 1,000,000 bytes of arrays, got more than"):
        unpacked(bomb, 1_000_000)
    assert len(unpacked(bomb, 10_000_000).getvalue()) == 10_000_000


@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], lambda _: b"no zlib at all"])
def test_damaged_bytes_are_named(spoil):
    with pytest.raises(SmoteBenchError, match="the store is damaged, run again"):
        unpacked(spoil(zlib.compress(saved(np.random.default_rng(0).random(1000)))))


def test_a_header_that_promises_more_than_there_is_allocates_nothing():
    data = saved(np.zeros(2))
    lied = data.replace(b"(2,), }" + b" " * 11, b"(99999999999,), }" + b" " * 1)
    assert lied != data
    assert len(lied) == len(data)
    with pytest.raises(SmoteBenchError, match="an array of 799,999,999,992 bytes in"):
        read_array(io.BytesIO(lied))


@pytest.mark.parametrize("kind", [Predictions, Points])
def test_predictions_and_points_refuse_what_is_no_blob_of_theirs(kind):
    with pytest.raises(SmoteBenchError, match="expected an array"):
        kind.loads(zlib.compress(b"something else"))
