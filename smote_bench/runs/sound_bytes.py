"""Whether bytes of a store are whole: asked before they are copied, without numpy, keeping none of them."""

from __future__ import annotations

import zlib

from smote_bench.evaluation.extras import CARD, SAMPLES
from smote_bench.runs.manifest_file import read_json

__all__ = ["is_sound", "is_whole"]

_PART_BYTES = 1 << 20
"""What is unpacked at a time, and forgotten."""

_TEXTS = {CARD: dict, SAMPLES: list}
"""The kinds that are JSON, and of what; others are compressed arrays."""


def is_whole(data: bytes) -> bool:
    """Tell whether bytes are all of what zlib compressed, by its checksum.

    >>> import zlib
    >>> is_whole(zlib.compress(b"rows")), is_whole(zlib.compress(b"rows")[:-1])
    (True, False)
    """
    unpacker = zlib.decompressobj()
    try:
        while not unpacker.eof and data:
            unpacker.decompress(data, _PART_BYTES)
            data = unpacker.unconsumed_tail
    except (zlib.error, TypeError):  # TypeError: no bytes
        return False
    return unpacker.eof


def is_sound(kind: str, data: bytes) -> bool:
    """Tell whether what is kept beside cells, of a kind of `smote_bench.evaluation.extras`, can be read.

    >>> is_sound(CARD, b'{"rows": 60}'), is_sound(CARD, b'{"rows": 6')
    (True, False)
    """
    if kind not in _TEXTS:
        return is_whole(data)
    try:
        return isinstance(read_json(data), _TEXTS[kind])
    except (ValueError, TypeError):
        return False
