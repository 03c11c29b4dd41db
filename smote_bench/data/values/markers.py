"""The words and signs that files have where a cell is missing, in lower case."""

from __future__ import annotations

__all__ = ["ALL_MARKERS", "MARKERS", "MAYBE_MARKERS"]

_ERRORS_OF_SPREADSHEETS = (
    *(
        "#na",
        "#n/a",
        "#n/a n/a",
        "#value!",
        "#div/0!",
        "#num!",
        "#ref!",
        "#name?",
        "#null!",
        "#spill!",
        "#calc!",
    ),
    *("#nv", "#wert!", "#zahl!", "#bezug!"),  # German
    *("#valeur!", "#nombre!", "#nom?", "#nul!"),  # French
    *("#n/d", "#¡valor!", "#¡div/0!", "#¡num!", "#¡ref!", "#¿nombre?", "#¡nulo!"),  # Spanish
    *("#valore!", "#rif!", "#nome?", "#nullo!"),  # Italian
    *("#valor!", "#núm!", "#nulo!"),  # Portuguese
    *("#n/b", "#waarde!", "#deel/0!", "#getal!", "#verw!", "#naam?", "#leeg!"),  # Dutch
)
"""What Excel, LibreOffice and SPSS write where a formula has no value."""

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
        "\\n",
        "1.#ind",
        "-1.#ind",
        "1.#qnan",
        "-1.#qnan",
        *_ERRORS_OF_SPREADSHEETS,
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

ALL_MARKERS = MARKERS | MAYBE_MARKERS
"""What is no number, no word and no label wherever texts are looked at for what they are."""
