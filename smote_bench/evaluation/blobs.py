"""Arrays as compressed bytes, and back: never more than a stated size, whatever the bytes promise."""

from __future__ import annotations

import functools
import io
import math
import zlib

import numpy as np

from smote_bench.errors import SmoteBenchError

__all__ = ["MOST_BYTES", "read_array", "saved", "unpacked"]

MOST_BYTES = 1 << 30
"""What is unpacked from one blob at most: 1 GiB, some ten million predicted rows."""


def saved(array: np.ndarray) -> bytes:
    """Return the bytes that `numpy.save` writes of a contiguous array.

    The header of a small array takes ten times as long as the array: it is made once for each type and shape.
    """
    return _header(array.dtype.str, array.shape) + array.tobytes()


@functools.lru_cache(maxsize=4096)
def _header(dtype: str, shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def unpacked(data: bytes, most: int = MOST_BYTES) -> io.BytesIO:
    """Return what was compressed by zlib.

    Raises
    ------
    SmoteBenchError
        If it is damaged, or larger than `most` bytes.
    """
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(data, most)
    except zlib.error as error:
        raise SmoteBenchError(
            f"expected bytes compressed by zlib, got {error}: the store is damaged, run again"
        ) from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        what = f"more than {most:,}" if unpacker.unconsumed_tail else "the start of some"
        raise SmoteBenchError(
            f"expected at most {most:,} bytes of arrays, got {what}: the store is damaged, run again"
        )
    return io.BytesIO(content)


def read_array(buffer: io.BytesIO) -> np.ndarray:
    """Return the next array that `numpy.save` wrote; its header may not promise more than there is.

    Raises
    ------
    SmoteBenchError
    """
    start = buffer.tell()
    left = len(buffer.getbuffer()) - start
    try:
        major, _ = np.lib.format.read_magic(buffer)
        read = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(buffer)
        n_bytes = math.prod(shape) * dtype.itemsize
        if n_bytes > left or min(shape, default=0) < 0:
            raise ValueError(f"an array of {n_bytes:,} bytes in {left:,}")
        buffer.seek(start)
        array: np.ndarray = np.load(buffer, allow_pickle=False)
        return array
    except (ValueError, EOFError, OSError) as error:
        raise SmoteBenchError(
            f"expected an array as numpy.save writes it, got {error}: the store is damaged, run again"
        ) from error
