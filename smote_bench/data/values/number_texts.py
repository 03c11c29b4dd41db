"""A text's plain number, what a reader sees of it, and the first few of some values for a message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

__all__ = ["number", "seen", "some"]

_SHOWN = 8


def number(text: str) -> float | None:
    """Return a text's number, or None if it is none."""
    if "_" in text:  # Python reads 1_0 as ten; in a table it is a label
        return None
    try:
        return float(text)
    except ValueError:
        return None


def seen(text: str) -> str:
    """Return a text as a reader sees it: one kind of blank, no signs without width, one form of accents.

    >>> seen("New\u00a0York ") == seen("New York"), seen("Zu\u0308rich") == seen("Z\u00fcrich")
    (True, True)
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(sign for sign in words if not unicodedata.category(sign).startswith("C"))


def some(values: Iterable[Any]) -> str:
    """Return the first few of some values for a message."""
    shown = [repr(value) for value in values]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
