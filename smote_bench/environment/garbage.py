"""Makes what stays, as modules and tests do, without garbage collections, and keeps it out of later ones."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_collections"]


@contextmanager
def no_collections() -> Iterator[None]:
    """Collect no garbage inside; what is there at the end is never looked through again.

    For the start of programs that end after what they do: what is garbage by then is kept as well. Imports
    and pytest's collection make objects by the hundred thousand that stay, and Python would go through all of
    them again and again.

    Examples
    --------
    >>> with no_collections():
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
