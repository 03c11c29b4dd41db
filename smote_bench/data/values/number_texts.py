"""A text's plain number, and the first few of some values for a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["number", "some"]

_SHOWN = 8


def number(text: str) -> float | None:
    """Return a text's number, or None if it is none."""
    if "_" in text:  # Python reads 1_0 as ten; in a table it is a label
        return None
    try:
        return float(text)
    except ValueError:
        return None


def some(values: Iterable[Any]) -> str:
    """Return the first few of some values for a message."""
    shown = [repr(value) for value in values]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
