"""Checks of what people give to functions from Python; a wrong type is told in three parts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from numbers import Integral
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["as_flag", "as_folder", "as_integer", "as_names", "as_path", "as_text", "got"]


def got(value: object) -> str:
    """Return a value and its type as messages show them.

    >>> got(3)
    '3 (int)'
    """
    return f"{value!r} ({type(value).__name__})"


def as_flag(name: str, value: object) -> bool:
    """Return a flag; whatever else would be taken by its truth, as ``"no"`` for yes.

    Raises
    ------
    ConfigError
    """
    if isinstance(value, bool):
        return value
    raise ConfigError(f"expected True or False for {name}, got {got(value)}: write one of them")


def as_names(name: str, value: str | Iterable[str] | None, example: str) -> list[str] | None:
    """Return names given as one, or as several; None where nothing was said.

    Parameters
    ----------
    name : str
        The argument's.
    value : str, iterable of str or None
    example : str
        A name that would do.

    Raises
    ------
    ConfigError
        If there is none: no names would mean nothing to do, which would pass for done.
    """
    if value is None:
        return None
    # Wrong types come from callers without a type checker.
    given: Any = [value] if isinstance(value, str) else value
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, Mapping | bytes) else []
    if listed and all(isinstance(one, str) and one.strip() for one in listed):
        return listed
    shown = listed or value
    raise ConfigError(
        f"expected names for {name}, got {got(shown)}: write a list such as [{example!r}], or leave it out"
    )


def as_integer(name: str, value: object) -> int:
    """Return an integer of 0 or more, numpy's too.

    Raises
    ------
    ConfigError
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0:
        return int(value)
    raise ConfigError(f"expected an integer, 0 or more, for {name}, got {got(value)}: write one such as 0")


def as_path(name: str, value: object, words: str = "a folder") -> Path:
    """Return a path that is given as text or as such.

    Raises
    ------
    ConfigError
    """
    if isinstance(value, str | os.PathLike) and isinstance(os.fspath(value), str):
        return Path(value)
    raise ConfigError(f"expected {words} for {name}, got {got(value)}: write it as text or pathlib.Path")


def as_folder(name: str, value: object, words: str) -> Path:
    """Return the path of a folder that is there.

    Raises
    ------
    ConfigError
    """
    folder = as_path(name, value, words)
    if folder.is_dir():
        return folder
    raise ConfigError(
        f"expected {words} for {name}, got {str(folder)!r}: there is no such folder; make it, "
        f"or leave {name} out"
    )


def as_text(name: str, value: object, words: str) -> str:
    """Return text.

    Raises
    ------
    ConfigError
    """
    if isinstance(value, str):
        return value
    raise ConfigError(f"expected {words} for {name}, got {got(value)}: write it as text, in quotes")
