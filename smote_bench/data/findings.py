"""What the reading of a user's file found that its owner has to know, each with the key that changes it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CAVEATS", "Finding"]

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
