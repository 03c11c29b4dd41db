"""Files that are packed: gzip, bzip2, xz, and zip with one file in it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO, cast

__all__ = ["PACKED", "READ_ERRORS", "bare_name", "open_binary"]

PACKED = (".gz", ".bz2", ".xz", ".zip")
"""The endings of packed files."""

READ_ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile)
"""What reading a damaged file may raise."""


def bare_name(path: Path) -> str:
    """Return a file's name without the ending that says how it is packed, in lower case.

    >>> bare_name(Path("A.CSV.gz"))
    'a.csv'
    """
    name = path.name.lower()
    return name.removesuffix(Path(name).suffix) if name.endswith(PACKED) else name


def open_binary(path: Path) -> IO[bytes]:
    """Open a file for reading its unpacked bytes.

    Raises
    ------
    OSError
        If it cannot be read, is packed otherwise than its name says, or is a zip of several files.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if suffix == ".bz2":
        return bz2.open(path, "rb")
    if suffix == ".xz":
        return lzma.open(path, "rb")
    return _only_member(path) if suffix == ".zip" else path.open("rb")


def _only_member(path: Path) -> IO[bytes]:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [
                name
                for name in packed.namelist()
                if not name.endswith("/") and not name.startswith("__MACOSX/")
            ]
            if len(members) != 1:
                shown = ", ".join(map(repr, members[:5])) or "none"
                raise OSError(f"a zip of {len(members)} files ({shown}): unpack the one that is meant")
            return packed.open(members[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise OSError(f"no zip that can be read ({error})") from error
