"""Threads, processors and limits of resources."""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from typing import Any

from smote_bench.environment.process_state.part import Part
from smote_bench.environment.threads import limit_threads, thread_counts

__all__ = ["PARTS", "THREADS"]


def _read_limits() -> list[tuple[int, int]]:
    return [_resource.getrlimit(number) for number in _LIMITS]


def _write_limits(limits: Sequence[tuple[int, int]]) -> None:
    for number, limit in zip(_LIMITS, limits, strict=True):
        if _resource.getrlimit(number) != limit:
            _resource.setrlimit(number, limit)


_resource: Any = importlib.import_module("resource") if importlib.util.find_spec("resource") else None

_LIMITS = [
    getattr(_resource, name)
    for name in (
        "RLIMIT_AS",
        "RLIMIT_DATA",
        "RLIMIT_STACK",
        "RLIMIT_CPU",
        "RLIMIT_NOFILE",
        "RLIMIT_NPROC",
        "RLIMIT_FSIZE",
        "RLIMIT_CORE",
    )
    if hasattr(_resource, name)
]

THREADS = (Part("threads of BLAS and OpenMP", thread_counts, limit_threads),)


def _parts() -> Iterator[Part]:
    """Yield the settings that not every platform has."""
    if hasattr(os, "sched_setaffinity"):
        yield Part("processors", lambda: os.sched_getaffinity(0), lambda mask: os.sched_setaffinity(0, mask))
    if _resource is not None:
        yield Part("limits of resources", _read_limits, _write_limits)


PARTS = tuple(_parts())
