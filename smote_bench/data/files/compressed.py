"""Files that are packed: gzip, bzip2, xz, and zip with one file in it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["PACKED", "READ_ERRORS", "bare_name", "open_binary"]

PACKED = (".gz", ".bz2", ".xz", ".zip")
"""The endings of packed files."""

READ_ERRORS = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile)
"""What reading a damaged file may raise."""

_MOST_BYTES = 2 * 1024**3
_MOST_TIMES = 200
"""Texts of tables come to some hundredth of their size at most, where most of their cells repeat."""


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
        If it cannot be read, is packed otherwise than its name says, or is a zip of several files; while it
        is read, if it becomes more than 2 GiB and 200 times the packed file: no table is, and such a file
        would fill the memory.
    """
    if not path.name.lower().endswith(PACKED):
        return path.open("rb")
    most = max(_MOST_BYTES, _MOST_TIMES * path.stat().st_size)
    return io.BufferedReader(_Bounded(_unpacked(path), most))


def _unpacked(path: Path) -> IO[bytes]:
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if suffix == ".bz2":
        return bz2.open(path, "rb")
    return lzma.open(path, "rb") if suffix == ".xz" else _only_member(path)


class _Bounded(io.RawIOBase):
    """Gives the bytes of a stream, up to a number of them."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._most = most
        self._n_read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        came = self._stream.read(len(view))
        self._n_read += len(came)
        if self._n_read > self._most:
            raise OSError(
                f"more than {self._most:,} unpacked bytes, over {_MOST_TIMES} times the packed file: "
                "unpack it, if it is meant"
            )
        view[: len(came)] = came
        return len(came)

    def close(self) -> None:
        self._stream.close()
        super().close()


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
