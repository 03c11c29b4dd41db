"""Python's and numpy's global generators: what they were, and how they are seeded for a block."""

from __future__ import annotations

import contextlib
import ctypes
import random
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from smote_bench.environment.process_state.part import Part, names_of

__all__ = ["NAMES", "PARTS", "seed_generators"]


def _read_numpy_random() -> tuple[Any, Any]:
    """Return numpy's global generator and its state, read in full only if it was used since the last time.

    Reading it takes longer than everything else here. Since the code that is enclosed gets a generator of its
    own (see `seed_generators`), the bytes of this one rarely differ; and with the same bytes and no normal
    number kept from a pair, the whole state is the same.
    """
    generator = _legacy.get_bit_generator()
    if type(generator) is not np.random.MT19937:
        return generator, np.random.get_state(legacy=False)
    numbers = ctypes.string_at(generator.ctypes.state_address, _MERSENNE_TWISTER_BYTES)
    if _last_read and _last_read[0] is generator and _last_read[1] == numbers and not _last_read[2][3]:
        return generator, _last_read[2]
    state = np.random.get_state()
    _last_read[:] = [generator, numbers, state]
    return generator, state


def _write_numpy_random(value: tuple[Any, Any]) -> None:
    generator, state = value
    is_own = _legacy.get_bit_generator() is generator
    if not is_own:
        _legacy.set_bit_generator(generator)  # nobody drew from it meanwhile
    if is_own or not isinstance(state, tuple) or state[3]:
        np.random.set_state(state)


_legacy: Any = np.random  # numpy's stubs leave out the two functions that exchange its global generator

_MERSENNE_TWISTER_BYTES = 624 * 4 + 4  # the numbers, and the position among them

_last_read: list[Any] = []

_own_generator = np.random.MT19937(0)

_SEEDERS: Mapping[str, Callable[[Any, int], object]] = {
    # a generator of its own, and TensorFlow's
    "keras": lambda keras, seed: keras.utils.set_random_seed(seed),
    "tensorflow": lambda tensorflow, seed: tensorflow.random.set_seed(seed),
    "torch": lambda torch, seed: torch.manual_seed(seed),
}
"""How to seed the global generators of optional libraries that are loaded: below 0.2 ms each."""


def seed_generators(seed: int) -> None:
    """Seed Python's and numpy's global generators; `ProcessState.restore` puts back what they were.

    Those of libraries that are loaded are seeded too: they cannot be put back, but nobody draws from them
    before they are seeded again.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.
    """
    _legacy.set_bit_generator(_own_generator)
    for name, seed_library in _SEEDERS.items():
        if name in sys.modules:
            with contextlib.suppress(AttributeError):  # half imported, or something else of that name
                seed_library(sys.modules[name], seed)
    np.random.seed(seed)
    random.seed(seed)


NAMES = (
    Part("names of random", *names_of(random)),
    Part("names of numpy.random", *names_of(np.random)),
)

PARTS = (
    Part("Python's random numbers", random.getstate, random.setstate, always=True),
    Part("numpy's random numbers", _read_numpy_random, _write_numpy_random, always=True),
)
