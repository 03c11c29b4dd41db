"""How a column of a user's file becomes a feature: of what kind, and how its cells are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.column_cells import (
    Texts,
)
from smote_bench.data.values.clock_times import Clock
from smote_bench.data.values.clothed_numbers import (
    Clothes,
)
from smote_bench.data.values.coordinates import degrees
from smote_bench.data.values.labels import some
from smote_bench.data.values.measures import Measure

if TYPE_CHECKING:
    pass

__all__ = ["Reading", "says_no", "tick_of", "truth_finding", "truths_of"]

_TRUTHS = {
    words: pair
    for pair in (
        ("yes", "no"),
        ("y", "n"),
        ("true", "false"),
        ("t", "f"),
        ("on", "off"),
        ("1", "0"),
        ("1.0", "0.0"),
    )
    for words in pair
}
_MOST_SPELLINGS = 20
_TICKS = frozenset(
    ("x", "✓", "✔", "☑", "☒", "✗", "•", "+", "checked", "yes", "y", "true", "ja", "oui", "si", "sí")
)
_FALSE = frozenset(("-", "nein", "non", *(pair[1] for pair in _TRUTHS.values())))
_PLAIN = Clothes()
_HOURS = Clock()


@dataclass(frozen=True)
class Reading:
    """How a column becomes a feature.

    Parameters
    ----------
    kind : {"numeric", "nominal", "ordinal", "date", "time", "coordinate", "measure", "boolean", "left out"}
    clothes : Clothes
        How a text of a number is written, for ``numeric``.
    date_form : str
        How a text of a date is written, for ``date``, as `find_date_form` returns it.
    order : tuple of str
        The categories from the lowest on, for ``ordinal``.
    truths : tuple of str
        The words for true and false, for ``boolean``; empty where the file has truth values, or 1 and 0. The
        word for false is empty where a cell without a value says it.
    clock : Clock
        How a text of a time is written, for ``time``.
    measure : Measure, optional
        How texts of several units are written, for ``measure``.
    """

    kind: str
    clothes: Clothes = _PLAIN
    date_form: str = ""
    order: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    clock: Clock = _HOURS
    measure: Measure | None = None

    @property
    def is_of_ticks(self) -> bool:
        """Whether a cell without a value stands for false."""
        return self.kind == "boolean" and self.truths[1:] == ("",)

    def number(self, text: str) -> float | None:
        """Return the number of a cell that is no date; None if it is none of this kind."""
        if self.kind == "boolean":
            return _truth(text, self.truths)
        if self.kind == "time":
            return self.clock.number(text)
        if self.measure is not None:
            return self.measure.number(text)
        return degrees(text) if self.kind == "coordinate" else self.clothes.number(text)


def truth_finding(file: str, columns: Sequence[tuple[str, Reading]]) -> Finding:
    """Return one finding for all columns of words for true and false."""
    names = [name for name, _ in columns]
    words = sorted({reading.truths for _, reading in columns})
    said = " and ".join(f"{yes!r} as 1, {no!r} as 0" for yes, no in words)
    plural = "columns" if len(names) > 1 else "column"
    return Finding(
        "read",
        names[0] if len(names) == 1 else "",
        f"{file}: {plural} {some(names)}: {said}",
        f"'kinds: {{{yaml_name(names[0])}: nominal}}' keeps the words as categories",
    )


def truths_of(texts: Texts) -> tuple[str, ...]:
    """Return the words for true and false if there are both and no other."""
    if len(texts.values) > _MOST_SPELLINGS:
        return ()
    words = {text.strip().casefold() for text in texts.values}
    pair = _TRUTHS.get(next(iter(words), ""), ())
    return pair if words and words == set(pair) else ()


def tick_of(texts: Texts, *, is_stated: bool = False) -> tuple[str, ...]:
    """Return the mark of a column that has a mark or nothing in each cell, and the empty text beside it.

    Parameters
    ----------
    texts : Texts
        Of a column with cells without a value.
    is_stated : bool
        Whether the owner says that it is one: then the only word may be any that does not say no.
    """
    if len(texts.values) > _MOST_SPELLINGS:
        return ()
    words = {text.strip().casefold() for text in texts.values}
    is_one = len(words) == 1 and (words <= _TICKS or (is_stated and not words & _FALSE))
    return (words.pop(), "") if is_one else ()


def says_no(word: str) -> bool:
    """Tell whether a word says no, so that a cell without a value beside it does not."""
    return word.strip().casefold() in _FALSE


def _truth(text: str, truths: tuple[str, ...]) -> float:
    word = text.strip().casefold()
    if truths[1:] == ("",) and word in _FALSE:  # as no cell at all says it
        return 0.0
    pairs = (("true", "false"), truths) if truths else set(_TRUTHS.values())
    return next((float(word == pair[0]) for pair in pairs if word in pair), float("nan"))
