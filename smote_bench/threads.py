"""One thread per worker: two give BLAS and OpenMP other bits than one, and take from the neighbours."""

from __future__ import annotations

import os
from typing import Any

__all__ = ["pin_environment", "pin_loaded_libraries"]

_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
_pinned: list[Any] = []


def pin_environment() -> None:
    """Ask libraries that are loaded later for one thread."""
    for name in _VARIABLES:
        os.environ[name] = "1"


def pin_loaded_libraries() -> None:
    """Limit the libraries that are loaded already to one thread, for the rest of this process."""
    if not _pinned:
        import threadpoolctl

        _pinned.append(threadpoolctl.threadpool_limits(limits=1))
