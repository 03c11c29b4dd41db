"""One setting of the process, and the usual ways to read and write one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Part", "attributes", "list_of", "names_of"]


@dataclass(frozen=True)
class Part:
    """One setting of the process.

    Parameters
    ----------
    name : str
    read : callable
        Returns a value that later changes leave alone.
    write : callable
        Takes such a value.
    always : bool
        Whether to write without comparing: where comparing costs more, or is not possible.
    """

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], object]
    always: bool = False


_MISSING = object()


def attributes(module: Any, *names: str) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """Return how to read and write attributes that are compared by identity, as functions and files are."""

    def read() -> tuple[Any, ...]:
        return tuple(getattr(module, name, _MISSING) for name in names)

    def write(values: tuple[Any, ...]) -> None:
        for name, value in zip(names, values, strict=True):
            if value is _MISSING:
                delattr(module, name)
            else:
                setattr(module, name, value)

    return read, write


def names_of(module: Any) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """Return how to read and write the names a module has; those that come to it later are left to it."""

    def write(before: Mapping[str, Any]) -> None:
        vars(module).update(before)

    return lambda: {**vars(module)}, write


def list_of(name: str) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """Return how to read and write a list of ``sys``: which object it is, and what is in it."""

    def read() -> tuple[int, list[Any], Any]:
        found = getattr(sys, name)
        return id(found), list(found), found

    def write(value: tuple[int, list[Any], Any]) -> None:
        _, items, found = value
        found[:] = items
        setattr(sys, name, found)

    return read, write
