"""What a file is by its first bytes, where its name says otherwise: people rename files."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from smote_bench.data.files.compressed import READ_ERRORS, open_binary
from smote_bench.errors import ConfigError

__all__ = ["check_signature"]

_HEAD_BYTES = 512
_POINTER = "a pointer of Git LFS"
_SIGNATURES = {
    b"PAR1": ("a Parquet file", ".parquet"),
    b"ARROW1\0\0": ("a Feather file", ".feather"),
    b"FEA1": ("a Feather file", ".feather"),
    b"\x1f\x8b": ("a gzip file", ".gz"),
    b"BZh": ("a bzip2 file", ".bz2"),
    b"\xfd7zXZ\0": ("an xz file", ".xz"),
    b"PK\x03\x04": ("a zip file", ".zip"),
    b"\xd0\xcf\x11\xe0": ("an old Excel file (.xls)", ""),
    b"%PDF-": ("a PDF", ""),
    b"\x89HDF": ("an HDF5 file", ""),
    b"SQLite format 3\0": ("a SQLite database", ""),
    b"$FL2@(#)": ("an SPSS file", ""),
    b"<stata_dta>": ("a Stata file", ""),
    b"7z\xbc\xaf\x27\x1c": ("a 7z file", ""),
    b"\x28\xb5\x2f\xfd": ("a zstd file", ""),
    b"version https://git-lfs": (_POINTER, ""),
}
_PICKLE = re.compile(rb"\x80[\x02-\x05][\x95c(\]}]")
_TEXTS = {
    re.compile(rb"<(!doctype html|html|\?xml)", re.IGNORECASE): ("a page of HTML or XML", ""),
    re.compile(rb'(\[\s*)?\{\s*"'): ("JSON", ""),
    re.compile(rb"(%[^\n]*\n\s*)*@relation\s", re.IGNORECASE): ("an ARFF table", ".arff"),
}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LIKE_NAMES = (b"PAR1", b"FEA1", b"BZh")  # a column may be called so
_PACKINGS = (".gz", ".bz2", ".xz", ".zip")
_INSIDE_OF_A_ZIP = {
    "xl/workbook.xml": ("an Excel file", ".xlsx"),
    "xl/workbook.bin": ("an Excel file (.xlsb)", ""),
    "content.xml": ("an OpenDocument file", ""),
}
_NAMED = {
    "text": "delimited text",
    "arff": "an ARFF or KEEL table",
    "libsvm": "a LIBSVM table",
    "parquet": "a Parquet table",
    "feather": "a Feather table",
    "excel": "an Excel table",
}
_ENDING_OF = {"parquet": (".parquet",), "feather": (".feather",), "excel": (".xlsx",)}


def check_signature(path: Path, form: str, name: str) -> None:
    """Check that a file is of the format that its name says.

    Parameters
    ----------
    path : Path
    form : str
        As `smote_bench.data.files.formats.format_of` gives it.
    name : str
        What messages call the data set.

    Raises
    ------
    ConfigError
        If it is another one. It says which, and what to do.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:  # whoever reads it says what is wrong
        return
    suffix = path.suffix.lower()
    expected = _ENDING_OF.get(form, (suffix,) if suffix in _PACKINGS else ())
    what, ending = _what_it_is(path, head)
    if not head or ending in expected:
        if suffix in _PACKINGS and form not in _ENDING_OF:
            _check_inside(path, form, name)
        return
    if what or expected:
        is_text = not _CONTROL.search(head)
        raise _another(path, form, name, what or ("text" if is_text else "something else"), ending)
    _check_text(path, form, name, head)


def _check_inside(path: Path, form: str, name: str) -> None:
    try:
        with open_binary(path) as stream:
            head = stream.read(_HEAD_BYTES)
    except READ_ERRORS:
        return
    what, ending = _by_bytes(head)
    if what:
        raise _another(path, form, name, f"{what} that is packed", ending)
    _check_text(path, form, name, head)


def _check_text(path: Path, form: str, name: str, head: bytes) -> None:
    if form == "arff":
        return
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, (what, ending) in _TEXTS.items():
        if pattern.match(text):
            raise _another(path, form, name, what, ending)


def _what_it_is(path: Path, head: bytes) -> tuple[str, str]:
    """Return what a file is in words, and the ending of such files; both empty of text."""
    what, ending = _by_bytes(head)
    if ending != ".zip":
        return what, ending
    try:
        with zipfile.ZipFile(path) as packed:
            members = set(packed.namelist())
    except (zipfile.BadZipFile, OSError):  # whoever reads a workbook says what is wrong with it
        return what, ".xlsx" if path.suffix.lower() == ".xlsx" else ending
    return next((known for member, known in _INSIDE_OF_A_ZIP.items() if member in members), (what, ending))


def _by_bytes(head: bytes) -> tuple[str, str]:
    found = next((known for begin, known in _SIGNATURES.items() if head.startswith(begin)), ("", ""))
    if head.startswith(_LIKE_NAMES) and not _CONTROL.search(head):
        return "", ""
    return ("a pickle of Python", "") if not found[0] and _PICKLE.match(head) else found


def _another(path: Path, form: str, name: str, what: str, ending: str) -> ConfigError:
    if ending in _PACKINGS:
        remedy = f"call it {path.name}{ending}, or unpack it"
    elif ending:
        remedy = f"call it {path.with_suffix(ending).name}"
    elif what == _POINTER:
        remedy = "'git lfs pull' fetches the file itself"
    elif form in _ENDING_OF or path.suffix.lower() in _PACKINGS:
        remedy = "give it the ending of what it is, such as .csv for delimited text, or write it anew"
    else:
        remedy = "write its table as CSV, Parquet or .xlsx in the program that wrote it"
    packed = f" packed as {path.suffix}" if path.suffix.lower() in _PACKINGS else ""
    return ConfigError(
        f"{name}: expected {_NAMED[form]}{packed} at {path}, as its name says, got {what}: {remedy}"
    )
