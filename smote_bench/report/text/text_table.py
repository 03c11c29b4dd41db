"""Tables as Markdown and as LaTeX: cells of text in, text out.

Two formats of one table take fifty lines here. pandas would take them from tabulate and Jinja2: two more
dependencies of every run, and a second to write the hundred tables of a large run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["TextTable", "escape_markdown", "format_number", "is_number"]

_LATEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    "±": r"$\pm$",
    "\n": " ",
}
_MARKDOWN = re.compile(r"[\\|*`<>\[\]]|(?<!\w)_|_(?!\w)")
_LONG = 40
"""A table of more rows may break over pages."""


@dataclass(frozen=True)
class TextTable:
    """A table whose cells are text.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
    caption : str
        One sentence.
    bold : frozenset of (row, column)
        The cells that stand out.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    bold: frozenset[tuple[int, int]] = frozenset()

    def markdown(self) -> str:
        """Return a table in GitHub's Markdown, with the caption above it."""
        right = self._right_aligned()
        lines = [
            _joined(map(escape_markdown, self.header)),
            _joined("---:" if is_right else "---" for is_right in right),
            *map(_joined, self._cells(escape_markdown, "**{}**")),
        ]
        caption = f"{escape_markdown(self.caption)}\n\n" if self.caption else ""
        return caption + "\n".join(lines) + "\n"

    def latex(self, label: str) -> str:
        r"""Return a table for LaTeX with the package booktabs, and longtable where it is long.

        Parameters
        ----------
        label : str
            For ``\ref``.
        """
        head = " & ".join(map(_escape_latex, self.header)) + r" \\"
        body = [" & ".join(row) + r" \\" for row in self._cells(_escape_latex, r"\textbf{{{}}}")]
        columns = "".join("r" if is_right else "l" for is_right in self._right_aligned())
        title = rf"\caption{{{_escape_latex(self.caption)}}}\label{{tab:{_plain(label)}}}"
        if len(self.rows) > _LONG:
            top = [rf"\begin{{longtable}}{{{columns}}}", title + r" \\", r"\toprule", head, r"\midrule"]
            lines = [*top, r"\endfirsthead", r"\toprule", head, r"\midrule", r"\endhead", *body]
            ends = [r"\bottomrule", r"\end{longtable}"]
            packages = "booktabs, longtable"
        else:
            top = [r"\begin{table}", r"\centering", title, rf"\begin{{tabular}}{{{columns}}}", r"\toprule"]
            lines = [*top, head, r"\midrule", *body]
            ends = [r"\bottomrule", r"\end{tabular}", r"\end{table}"]
            packages = "booktabs"
        return "\n".join([f"% needs the packages {packages}", *lines, *ends]) + "\n"

    def _cells(self, escape: Callable[[str], str], strong: str) -> list[list[str]]:
        return [
            [
                strong.format(escape(cell)) if (i, j) in self.bold else escape(cell)
                for j, cell in enumerate(row)
            ]
            for i, row in enumerate(self.rows)
        ]

    def _right_aligned(self) -> list[bool]:
        """Tell for each column whether it holds numbers, with their spread or not."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.header)
        return [
            any(column) and all(is_number(cell.partition(" ±")[0]) for cell in column if cell)
            for column in columns
        ]


def is_number(text: str) -> bool:
    """Tell whether a text is a number as Python writes one.

    >>> [is_number(text) for text in ("0.5", "1e-05", "inf", "", "SMOTE", "1_0")]
    [True, True, True, False, False, False]
    """
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def format_number(text: str) -> str:
    """Return a number to four decimals, an integer as it is; what rounds to nothing keeps its first digit.

    >>> [format_number(text) for text in ("0.123456", "14", "0.0000123", "inf", "0.0")]
    ['0.1235', '14', '1.2e-05', 'inf', '0.0000']
    """
    value = float(text)
    if not math.isfinite(value) or re.fullmatch(r"[+-]?\d+", text):
        return text
    return f"{value:.1e}" if 0 < abs(value) < 0.00005 else f"{value:.4f}"


def _joined(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(lambda found: "\\" + found[0], text.replace("\n", " "))


def _escape_latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


def _plain(label: str) -> str:
    return re.sub(r"[^\w.+:-]+|_+", "-", label)
