"""The words and signs that files have where a cell is missing, in lower case."""

from __future__ import annotations

from smote_bench.data.values.loose_texts import loosely

__all__ = ["ALL_MARKERS", "MARKERS", "MAYBE_MARKERS", "may_say_none"]

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

_FOR_NONE = (
    "not known|not stated|not specified|unspecified|not reported|not recorded",
    "not provided|not applicable|no answer|no response|no data",
    "don't know|do not know|refuse to answer|prefer not to say|not sure",
    "(blank)|(empty)|tbd|other/unknown|unknown/not stated",
    "unbekannt|nicht bekannt|keine angabe|keine Angaben|ohne Angabe|weiß nicht",
    "inconnu|inconnue|non renseigné|ne sait pas|manquant",
    "desconocido|desconocida|no sabe|sin dato|sin datos|sin información|faltante",
    "desconhecido|desconhecida|não informado|ignorado|sconosciuto|non noto",
    "onbekend|okänd|uppgift saknas|ukendt|ukjent|tuntematon|nieznany|nieznane",
    "brak|brak danych|neznámý|bilinmiyor|неизвестно|не указано|нет данных",
    "невідомо|άγνωστο|未知|不明|不详|無回答|미상|غير معروف",
)
_WORDS_FOR_NONE = frozenset(loosely(word) for words in _FOR_NONE for word in words.split("|"))
_SHORT_FOR_NONE = frozenset(
    ("k.a.", "k. a.", "n/d", "n.d.", "s/d", "n/k", "n/s", "ns/nc", "ns/nr", "dk/na", "dk/nr", "n.b.", "o.a.")
)


def may_say_none(text: str) -> bool:
    """Tell whether a text may say that something is not known, in one of several languages.

    >>> [may_say_none(text) for text in ("unknown", "Don’t know", "k.A.", "unbekannt", "known", "none")]
    [True, True, True, True, False, True]
    """
    folded = text.strip().casefold()
    return folded in MAYBE_MARKERS or folded in _SHORT_FOR_NONE or loosely(text) in _WORDS_FOR_NONE
