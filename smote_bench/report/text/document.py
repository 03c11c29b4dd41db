"""A report in words and tables, written once and shown as text, as Markdown or as HTML."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from smote_bench.report.text.markup import Html, element, table

__all__ = ["Block", "Caveats", "Headline", "Section", "Table", "as_markdown", "as_text", "html_section"]

WIDTH = 110
_NOTHING = Html("")


@dataclass(frozen=True)
class Table:
    """A table of words.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
    n_left : int
        How many columns are names or words, and stand at the left; the others are numbers.
    caption : str
        For those who do not see the page; by default the section's title.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    n_left: int = 1
    caption: str = ""


@dataclass(frozen=True)
class Headline:
    """The sentence that says it all."""

    text: str


@dataclass(frozen=True)
class Caveats:
    """What to know before believing the numbers."""

    points: Sequence[str]


Block = str | list[str] | Table | Headline | Caveats
"""A paragraph, a list of points, a table, or what stands out from them."""


@dataclass(frozen=True)
class Section:
    """A heading of a level from 1, and what stands below it.

    Parameters
    ----------
    title : str
    blocks : sequence of str, list of str or Table
    level : int
    name : str
        Unique in a page: its address there.
    """

    title: str
    blocks: Sequence[Block]
    level: int = 2
    name: str = ""


def as_text(sections: Sequence[Section]) -> str:
    """Return the report for a terminal."""
    parts = []
    for section in sections:
        title = _one_line(section.title)
        parts.append(f"{title}\n{('=' if section.level == 1 else '-') * len(title)}")
        parts += [_text_block(block) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def _text_block(block: Block) -> str:
    if isinstance(block, Table):
        rows = [list(map(_one_line, row)) for row in (block.header, *block.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if n < block.n_left else cell.rjust(width)
                for n, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )
    if isinstance(block, list):
        return "\n".join(_wrapped(point, "- ", "  ") for point in block)
    if isinstance(block, Caveats):
        return "\n".join(_wrapped(f"Beware: {point}", "! ", "  ") for point in block.points)
    return _wrapped(block.text if isinstance(block, Headline) else block, "", "")


def _wrapped(text: str, first: str, later: str) -> str:
    return textwrap.fill(
        _one_line(text), WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )


def as_markdown(sections: Sequence[Section]) -> str:
    """Return the report as Markdown, as GitHub shows it."""
    parts = []
    for section in sections:
        parts.append(f"{'#' * section.level} {_markdown(section.title)}")
        parts += map(_markdown_block, section.blocks)
    return "\n\n".join(parts) + "\n"


def _markdown_block(block: Block) -> str:
    if isinstance(block, Table):
        return _markdown_table(block)
    if isinstance(block, Headline):
        return f"**{_markdown(block.text)}**"
    if isinstance(block, Caveats):
        return "\n".join(f"> - Beware: {_markdown(point)}" for point in block.points)
    if isinstance(block, list):
        return "\n".join(f"- {_markdown(point)}" for point in block)
    return _markdown(block)


def _markdown_table(table: Table) -> str:
    rule = [":--" if n < table.n_left else "--:" for n in range(len(table.header))]
    lines = [list(map(_markdown, table.header)), rule, *(list(map(_markdown, row)) for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _markdown(text: str) -> str:
    """Escape what would be markup: names are the user's own."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", _one_line(text))


def html_section(section: Section, extra: Html = _NOTHING) -> Html:
    """Return a section as HTML for a page's body.

    Parameters
    ----------
    section : Section
    extra : Html
        What stands at its end.
    """
    heading = element(f"h{min(section.level, 6)}", section.title)
    blocks = [_html_block(block, section.title) for block in section.blocks]
    return element("section", heading, *blocks, extra, id=section.name or None)


def _html_block(block: Block, title: str) -> Html:
    if isinstance(block, Table):
        # the class tells columns of words, whose headings stand at the left as they do
        header = [
            element("span", cell, class_="word" if n < block.n_left else "number")
            for n, cell in enumerate(block.header)
        ]
        return table(header, block.rows, caption=block.caption or title, n_names=block.n_left)
    if isinstance(block, Headline):
        return element("p", block.text, class_="verdict")
    if isinstance(block, Caveats):
        points = element("ul", *(element("li", point) for point in block.points))
        return element("div", element("h3", "Beware"), points, class_="caveats")
    if isinstance(block, list):
        return element("ul", *(element("li", point) for point in block))
    return element("p", block)


def _one_line(text: str) -> str:
    """Return text without line breaks and control characters, which would break out of a row."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)
