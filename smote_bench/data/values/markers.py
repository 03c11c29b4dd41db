"""The words and signs that files have where a cell is missing, in lower case."""

from __future__ import annotations

__all__ = ["MARKERS", "MAYBE_MARKERS"]

MARKERS = frozenset(
    (
        "",
        "?",
        "na",
        "n/a",
        "nan",
        "-nan",
        "null",
        "<null>",
        "(null)",
        "<na>",
        "n.a.",
        "#na",
        "#n/a",
        "#n/a n/a",
        "#value!",
        "#div/0!",
        "\\n",
        "1.#ind",
        "-1.#ind",
        "1.#qnan",
        "-1.#qnan",
    )
)
"""They stand for a missing cell in every column: pandas' markers and those of databases and spreadsheets."""

MAYBE_MARKERS = frozenset(
    (
        *("-", "--", "---", ".", "*"),
        *("none", "nil", "missing", "unknown", "undefined", "not available"),
    )
)
"""They stand for a missing cell among numbers; among words they may be a category: surveys answer "none"."""
