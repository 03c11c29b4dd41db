"""The names of a file's columns: on one line, without blanks around them, none left empty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Names", "names_of"]

_BREAK = re.compile(r"\s*[\r\n]\s*")


@dataclass
class Names:
    """What columns are called, and what was done for that.

    Parameters
    ----------
    header : list of str
        A name for every column; one that the file leaves blank is ``Unnamed: 3``, counted from 0.
    padded : list of str
        Names that had blanks around them, as they stood there.
    broken : list of str
        Names that had a line break in them, as they are called now.
    nameless : set of int
        The places of columns without a name.
    """

    header: list[str]
    padded: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    nameless: set[int] = field(default_factory=set)

    def remarks(self, file: str) -> list[str]:
        """Return what was read otherwise than it stands there, in words, but for columns without a name."""
        said = []
        if self.padded:
            said.append(f"{file}: blanks around names of columns are left out, as of {self.padded[0]!r}")
        if self.broken:
            said.append(
                f"{file}: line breaks in names of columns are read as blanks, as in {self.broken[0]!r}"
            )
        return said


def names_of(texts: Iterable[str]) -> Names:
    r"""Return the names of columns.

    >>> names_of(["a", " weight\n(kg)", ""]).header
    ['a', 'weight (kg)', 'Unnamed: 2']
    """
    raw = list(texts)
    header = [_BREAK.sub(" ", text.strip()) for text in raw]
    nameless = {n for n, text in enumerate(header) if not text}
    taken = set(header)
    for n in nameless:
        header[n] = f"Unnamed: {n}"
        while header[n] in taken:
            header[n] += "_"
    padded = [text for text in raw if text.strip() != text and text.strip()]
    broken = [name for name, text in zip(header, raw, strict=True) if name and _BREAK.search(text.strip())]
    return Names(header, padded, broken, nameless)
