"""Imports a program's modules without garbage collections, and leaves them out of later ones."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["modules_stay"]


@contextmanager
def modules_stay() -> Iterator[None]:
    """Collect nothing while modules are imported; what is there at the end is never looked through again.

    For programs of our own, that end after what they do: what is garbage by then is kept as well. Imports
    make objects by the hundred thousand that stay, which makes collections many and each of them long.

    Examples
    --------
    >>> with modules_stay():
    ...     import decimal
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
