"""What the reading of a user's file found that its owner has to know, each with the key that changes it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

__all__ = ["CAVEATS", "Finding", "yaml_name"]

CAVEATS = ("suspect", "leak")
"""Kinds that make the scores doubtful: they stand on a report's first screen."""


@dataclass(frozen=True)
class Finding:
    """One thing that was read otherwise than it stands in a file, left out, or looks wrong.

    Parameters
    ----------
    kind : {"read", "left out", "suspect", "leak"}
        ``read``: taken as something else than it stands there; ``left out``: no feature; ``suspect``: kept as
        it is, though it looks wrong; ``leak``: gives the target away, or rows of one side to the other.
    column : str
        The column's name, empty where it is about rows or about the file.
    text : str
        What was found, with the number behind it.
    remedy : str
        The key that changes it, as in ``'drop: [b]' leaves it out``; may be empty.
    """

    kind: str
    column: str
    text: str
    remedy: str = ""

    @property
    def is_caveat(self) -> bool:
        """Whether the scores are doubtful for it."""
        return self.kind in CAVEATS

    def __str__(self) -> str:
        return f"{self.text}; {self.remedy}" if self.remedy else self.text


_PLAIN = re.compile(r"[^\W\d][\w .-]*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"))


def yaml_name(name: str) -> str:
    """Return a column's name as an experiment has to write it: in quotes where YAML reads it otherwise.

    >>> yaml_name("age"), yaml_name("Unnamed: 0"), yaml_name("no")
    ('age', '"Unnamed: 0"', '"no"')
    """
    is_plain = _PLAIN.fullmatch(name) and name.strip() == name and name.casefold() not in _WORDS
    return name if is_plain else json.dumps(name, ensure_ascii=False)
