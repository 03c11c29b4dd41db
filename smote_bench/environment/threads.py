"""One thread per worker: two give BLAS and OpenMP other bits than one, and take from the neighbours.

oneDNN changes TensorFlow's bits as threads change those of BLAS, so it is switched off at the same place.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Sequence
from typing import Any

from smote_bench.environment.imported import modules_mark

__all__ = [
    "find_libraries",
    "limit_threads",
    "one_thread",
    "pin_environment",
    "pin_loaded_libraries",
    "thread_counts",
]

_ONE = (
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
# TensorFlow reads its variables once, when it is first imported, and smote_variants may be first to do that.
_VARIABLES = {**dict.fromkeys(_ONE, "1"), "TF_ENABLE_ONEDNN_OPTS": "0"}
_pinned: list[Any] = []

# Those of BLAS and OpenMP, once they were found.
_libraries: list[tuple[Any, ...]] = []


def pin_environment() -> None:
    """Ask libraries that are loaded later for one thread.

    TensorFlow is asked for quiet and the same bits, pyarrow for no more memory than it uses.
    """
    os.environ.update(_VARIABLES)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # pyarrow's own allocator begins with 1 GB of addresses, which a limit of memory would count as held.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def pin_loaded_libraries() -> None:
    """Limit the libraries that are loaded already to one thread, for the rest of this process."""
    if not _pinned:
        import threadpoolctl

        _pinned.append(threadpoolctl.threadpool_limits(limits=1))


def thread_counts() -> list[int | None]:
    """Return how many threads each library may use that was loaded at the first call; for `limit_threads`.

    Or at the last one of `find_libraries`.
    """
    return [library.num_threads for library in _loaded_libraries()]


def limit_threads(counts: Sequence[int | None]) -> None:
    """Give each library back the number of threads that `thread_counts` returned."""
    for library, count in zip(_loaded_libraries(), counts, strict=True):
        if count is not None and library.num_threads != count:
            library.set_num_threads(count)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Limit the libraries that are loaded to one thread, until the block ends."""
    with _controller(modules_mark()).limit(limits=1):
        yield


@functools.lru_cache(maxsize=1)
def _controller(_mark: object) -> Any:
    """Find the libraries again only after something was imported: it takes milliseconds."""
    import threadpoolctl

    return threadpoolctl.ThreadpoolController()


def find_libraries() -> None:
    """Find the libraries whose threads `thread_counts` returns, again where modules were imported since."""
    _libraries[:] = [tuple(_controller(modules_mark()).lib_controllers)]


def _loaded_libraries() -> tuple[Any, ...]:
    """Return the libraries of BLAS and OpenMP: to find them takes milliseconds, so it is done once."""
    if not _libraries:
        find_libraries()
    return _libraries[0]
