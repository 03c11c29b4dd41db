"""What the reading of a user's file found that its owner has to know, each with the key that changes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

__all__ = ["CAVEATS", "Finding", "how_to_quote", "together", "yaml_name"]

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


_MOST_ALIKE, _SHOWN_OF_THEM = 8, 5
_VALUES = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\[[^\]]*\]|\{[^}]*\}|[\d.,]*\d")


def together(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as they are shown: those that say the same of more than eight columns are one.

    >>> many = [Finding("read", f"c{n}", f"column 'c{n}' has {n} gaps", "drop it") for n in range(300)]
    >>> [str(one) for one in together(many)]
    ["column 'c0' has 0 gaps, and 299 more columns alike: 'c1', 'c2', 'c3', 'c4', 'c5', ...; drop it"]
    """
    known = list(findings)
    what = [
        (one.kind, _VALUES.sub("\0", one.text.replace(repr(one.column), "\0")) if one.column else str(n))
        for n, one in enumerate(known)
    ]
    alike: dict[tuple[str, str], dict[str, Finding]] = {}
    for same, one in zip(what, known, strict=True):
        alike.setdefault(same, {}).setdefault(one.column, one)
    many = {same: _one_of(list(found.values())) for same, found in alike.items() if len(found) > _MOST_ALIKE}
    return [
        many.get(same, one)
        for same, one in zip(what, known, strict=True)
        if same not in many or one is next(iter(alike[same].values()))
    ]


def _one_of(alike: Sequence[Finding]) -> Finding:
    first, *others = alike
    names = ", ".join(repr(one.column) for one in others[:_SHOWN_OF_THEM])
    said = f"{first.text}, and {len(others):,} more columns alike: {names}, ..."
    return replace(first, text=said)


_PLAIN = re.compile(r"[^\W\d][\w .-]*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"))


def yaml_name(name: str) -> str:
    """Return a column's name as an experiment has to write it: in quotes where YAML reads it otherwise.

    >>> yaml_name("age"), yaml_name("Unnamed: 0"), yaml_name("no")
    ('age', '"Unnamed: 0"', '"no"')
    """
    is_plain = _PLAIN.fullmatch(name) and name.strip() == name and name.casefold() not in _WORDS
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def how_to_quote(values: Iterable[object]) -> str:
    """Say how names and labels are to be written that YAML reads as truth values, numbers or dates.

    Empty where all are texts.

    >>> how_to_quote(["a", 2019]), how_to_quote(["a"])
    ('put names in quotes that YAML reads as something else, as in ["2019"]', '')
    """
    odd = next((value for value in values if not isinstance(value, str)), None)
    if odd is None:
        return ""
    if isinstance(odd, bool):
        words = "true, yes and on" if odd else "false, no and off"
        word = "Yes" if odd else "No"
        return f'YAML reads {words} as a truth value, in capitals too: put it in quotes, as in ["{word}"]'
    return f'put names in quotes that YAML reads as something else, as in ["{odd}"]'
