"""All parts, in the order in which they are put back: what others need for that comes first."""

from __future__ import annotations

from collections.abc import Iterator

from smote_bench.environment.process_state import (
    environment,
    interpreter,
    libraries,
    logs,
    random_numbers,
    resources,
    signals,
)
from smote_bench.environment.process_state.part import Part

__all__ = ["all_parts"]

_PARTS = (
    *interpreter.FIRST,
    *random_numbers.NAMES,
    *environment.PARTS,
    *interpreter.PARTS,
    *signals.HANDLERS,
    *random_numbers.PARTS,
    *libraries.PARTS,
    *resources.THREADS,
    *logs.PARTS,
    *signals.BLOCKED,
    *resources.PARTS,
)


def all_parts() -> Iterator[Part]:
    """Yield the parts of the process, then those of optional libraries that are loaded."""
    yield from _PARTS
    yield from libraries.parts_of_loaded_libraries()
