"""Cells of a text file without blanks around them, and which columns of words had some."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.data.values.markers import MARKERS, MAYBE_MARKERS
from smote_bench.data.values.number_texts import number

__all__ = ["Blanks"]

_TEXT_FORMULA = re.compile(r'="([^"]*)"')


class Blanks:
    """Strips the cells of rows, and remembers the columns of words that had blanks around them.

    Of the target nothing is remembered: whoever compares its labels says which of them are one.
    """

    def __init__(self, header: Sequence[str], target: int) -> None:
        self._header, self._target = header, target
        self._padded: dict[int, None] = {}
        self._formulas: dict[int, str] = {}

    def stripped(self, cells: list[str]) -> list[str]:
        """Return the cells without blanks around them, and Excel's formulas of a text as that text."""
        bare = [cell.strip() for cell in cells]
        if any(cell.startswith('="') for cell in bare):
            for n, cell in enumerate(bare):
                if (found := _TEXT_FORMULA.fullmatch(cell)) and n != self._target:
                    bare[n] = found[1]
                    self._formulas[n] = cell
        if bare != cells:
            for n, (cell, text) in enumerate(zip(cells, bare, strict=True)):
                if cell.strip() == text != cell and n not in {*self._padded, self._target} and _is_word(text):
                    self._padded[n] = None
        return bare

    def remarks(self, file: str) -> list[str]:
        """Return what was stripped, in words; blanks around numbers go without saying."""
        said = [
            f"{file}: column {self._header[n]!r} has formulas of a text, as Excel writes them: {cell} is "
            "read as the text in it"
            for n, cell in sorted(self._formulas.items())
        ]
        if self._padded:
            first, *more = [repr(self._header[n]) for n in sorted(self._padded)]
            others = f" and {len(more)} more" if more else ""
            said.append(f"{file}: blanks around words are left out in column {first}{others}")
        return said


def _is_word(text: str) -> bool:
    folded = text.casefold()
    return number(text) is None and folded not in MARKERS and folded not in MAYBE_MARKERS
