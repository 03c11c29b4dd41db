"""The formats of users' files, told by their names; of ``.dat``, by its first line.

Everything here runs while pytest collects, so it imports no pandas.
"""

from __future__ import annotations

from pathlib import Path

from smote_bench.data.files.compressed import PACKED, READ_ERRORS, bare_name, open_binary

__all__ = ["FORMATS", "allowed_endings", "format_of", "how_to_convert", "is_known"]

FORMATS = {
    "text": (".csv", ".tsv", ".txt", ".data", ".dat"),
    "parquet": (".parquet",),
    "arff": (".arff", ".dat"),
    "libsvm": (".libsvm", ".svm", ".svmlight"),
    "feather": (".feather", ".arrow"),
    "excel": (".xlsx",),
}
"""The endings of each format; text, ARFF and LIBSVM may be packed as well."""

_PACKABLE = ("text", "arff", "libsvm")
_HEAD_BYTES = 4096
_OTHER_SHEETS = (".xls", ".xlsb", ".xlsm", ".ods", ".numbers")


def is_known(path: Path) -> bool:
    """Tell whether a file's name ends as one of the formats does."""
    return any(
        (bare_name(path) if form in _PACKABLE else path.name.lower()).endswith(endings)
        for form, endings in FORMATS.items()
    )


def format_of(path: Path) -> str:
    """Return a file's format, a key of `FORMATS`; what is of no other is text."""
    name = path.name.lower()
    bare = bare_name(path)
    if bare.endswith(".dat"):  # KEEL's, or any table of text
        return "arff" if _begins_with_at(path) else "text"
    for form, endings in FORMATS.items():
        if (bare if form in _PACKABLE else name).endswith(endings):
            return form
    return "text"


def _begins_with_at(path: Path) -> bool:
    try:
        with open_binary(path) as stream:
            lines = stream.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").splitlines()
    except READ_ERRORS:  # whoever reads it as text says what is wrong
        return False
    return (
        next((line for line in lines if line.strip() and not line.startswith(b"%")), b"").lstrip()[:1] == b"@"
    )


def allowed_endings() -> str:
    """Return the endings of all formats, in words."""
    endings = dict.fromkeys(ending for of in FORMATS.values() for ending in of)
    return f"{', '.join(endings)} (text also with {', '.join(PACKED)})"


def how_to_convert(path: Path) -> str:
    """Return what to do with a file whose format is none of these.

    >>> how_to_convert(Path("a.ods"))
    'save it as .xlsx or CSV in the program that wrote it'
    """
    if path.name.lower().endswith(_OTHER_SHEETS):
        return "save it as .xlsx or CSV in the program that wrote it"
    return "convert or rename it"
