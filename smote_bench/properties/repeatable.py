"""The same seed, the same cases: hypothesis' draws freed from what else is loaded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

from hypothesis.internal.conjecture import providers

__all__ = ["same_draws_everywhere"]

_cache: dict[Any, Any] = {}


@contextlib.contextmanager
def same_draws_everywhere() -> Iterator[None]:
    """Keep hypothesis from drawing constants that it finds in the modules of the user.

    Since 6.131 it collects numbers from every local module that is loaded and draws one now and then. A seed
    would mean other data in a checkout than in an installation, and in a test than on the command line. There
    is no setting for it. Where another release of hypothesis names these things otherwise, nothing is done.
    """
    with contextlib.ExitStack() as stack:
        if hasattr(providers, "_get_local_constants") and hasattr(providers, "CONSTANTS_CACHE"):
            nothing = providers.Constants()  # type: ignore[attr-defined]  # as hypothesis finds it
            stack.enter_context(mock.patch.object(providers, "_get_local_constants", return_value=nothing))
            # It holds what was collected before, for all kinds of draws.
            stack.enter_context(mock.patch.object(providers, "CONSTANTS_CACHE", _cache))
        yield
