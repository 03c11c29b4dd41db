"""Addresses without the passwords in them, fit to be shown and kept."""

from __future__ import annotations

import re

__all__ = ["without_password"]

_USER = re.compile(r"(?<=://)[^/\s]*@")
_IN_QUERY = re.compile(r"([?&](?:password|passwd|pwd|token|secret|access_key)=)[^&\s]*", re.IGNORECASE)


def without_password(text: str) -> str:
    """Return an address, or a text with addresses, without user, password and secrets of a query.

    >>> without_password("postgresql://me:secret@db:5432/mlflow")
    'postgresql://db:5432/mlflow'
    """
    return _IN_QUERY.sub(r"\1***", _USER.sub("", text))
