"""Deliberately broken oversamplers, one realistic bug each: what the property kit has to notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["BROKEN", "Broken", "broken"]


@dataclass(frozen=True)
class Broken:
    """A broken sampler, its family, and the properties that have to notice."""

    sampler: Any
    family: str
    killed_by: tuple[str, ...]


BROKEN: dict[str, Broken] = {}


def broken(*killed_by: str, family: str) -> Callable[[Any], Any]:
    """Register a broken sampler; `killed_by` are the properties that each have to fail on it."""

    def register(sampler: Any) -> Any:
        if sampler.__name__ in BROKEN or not killed_by:
            raise ValueError(f"{sampler.__name__}: registered twice, or without a property")
        BROKEN[sampler.__name__] = Broken(sampler, family, killed_by)
        return sampler

    return register
