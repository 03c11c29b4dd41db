"""HTML whose text is escaped unless it says that it is HTML: names and reasons come from users' files."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["Html", "element", "escaped", "facts", "joined", "number", "table"]

_VOID = ("br", "hr", "input", "link", "meta")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(value: object) -> Html:
    """Return a value as HTML: as it is where it is HTML, escaped where it is not.

    >>> escaped("a < b")
    'a &lt; b'
    """
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def joined(parts: Iterable[object]) -> Html:
    """Return parts one after the other."""
    return Html("".join(map(escaped, parts)))


def element(tag: str, *children: object, **attributes: Any) -> Html:
    """Return an element; ``class_`` stands for ``class``, ``_`` for ``-``, True for an attribute alone.

    >>> element("p", "a & b", class_="note")
    '<p class="note">a &amp; b</p>'
    """
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{html.escape(str(value))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(children)}</{tag}>")


def table(
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    caption: str,
    n_names: int = 1,
    class_: str = "",
) -> Html:
    """Return a table in a box of its own that scrolls where it is too wide.

    Parameters
    ----------
    header : sequence
    rows : iterable of sequence
    caption : str
    n_names : int
        The first columns, which hold names; the others hold numbers and are set to the right.
    class_ : str
    """
    head = element(
        "tr",
        *(element("th", cell, scope="col", class_="name") for cell in header[:n_names]),
        *(element("th", cell, scope="col") for cell in header[n_names:]),
    )
    body = joined(
        element(
            "tr",
            *(element("th", cell, scope="row") for cell in row[:1]),
            *(element("td", cell, class_="name") for cell in row[1:n_names]),
            *(element("td", cell) for cell in row[max(1, n_names) :]),
        )
        for row in rows
    )
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", head),
            element("tbody", body),
            class_=class_ or None,
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def facts(pairs: Mapping[str, object]) -> Html:
    """Return a list of names and values."""
    return element(
        "dl", *(element("div", element("dt", name), element("dd", value)) for name, value in pairs.items())
    )


def number(value: Any, form: str = ".4f") -> str:
    """Return a number in a format; a dash where it is undefined or missing."""
    try:
        known = float(value)
    except (TypeError, ValueError):  # None, or pandas' missing value
        return "–"
    return "–" if math.isnan(known) else format(known, form)
