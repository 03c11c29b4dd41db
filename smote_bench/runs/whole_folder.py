"""Folders and files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from smote_bench.errors import ConfigError
from smote_bench.runs.disk import disk_errors

__all__ = ["file_as_named", "whole_file", "whole_folder", "write_as_named", "write_whole"]


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write in that takes the place of `folder` when all is written.

    After an error `folder` is as it was, and what was written is gone.

    Raises
    ------
    ConfigError
        If a file lies there.
    DiskError
        If there is no room.
    """
    if folder.is_symlink():
        folder = folder.resolve()
    if folder.is_file():
        raise ConfigError(f"expected a folder or nothing at {str(folder)!r}, got a file: move it away")
    partial, old = (folder.with_name(f".{folder.name}.{what}") for what in ("partial", "old"))
    for path in (partial, old):
        _delete(path)
    try:
        with disk_errors(folder, lambda: _size_of(partial)):
            partial.mkdir(parents=True)
            yield partial
            with contextlib.suppress(FileNotFoundError):
                os.replace(folder, old)  # a signal in the middle of deleting it would leave half of it
            os.replace(partial, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        for path in (partial, old):
            _delete(path)


def _delete(folder: Path) -> None:
    """Delete a folder as far as that is possible, one that may not be written too."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
        return
    for path, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def whole_file(path: Path, n_bytes: int | Callable[[], int] = 0, *, advice: str = "") -> Iterator[Path]:
    """Give a path to write at that takes the place of `path` when all is written.

    After an error `path` is as it was, and what was written is gone.

    Parameters
    ----------
    path : Path
    n_bytes : int or callable
        The size of the whole, or what counts it, called where there is no room; where it is not known, the
        error says how much was written.
    advice : str
        See `smote_bench.runs.disk.disk_errors`.

    Raises
    ------
    DiskError
        If there is no room.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with disk_errors(partial, lambda: _counted(n_bytes) or _size_of(partial), advice=advice):
            yield partial
            os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text file that takes the place of `path` when all is written."""
    with whole_file(path, lambda: len(text.encode())) as partial:
        partial.write_text(text, encoding="utf-8")


def write_as_named(path: Path, text: str) -> None:
    """Write a text to a place that a user names: whole or not at all, through a link, or into a device.

    Raises
    ------
    DiskError
        If there is no room.
    """
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        if _is_output(path, number):  # opened anew it would be emptied, and written over by what comes after
            with contextlib.suppress(AttributeError):  # as after `>&-`
                stream.flush()
            data = text.encode()
            with (
                disk_errors(path, len(data), advice=_OTHER_FILE),
                open(number, "wb", closefd=False) as output,
            ):
                output.write(data)
            return
    with file_as_named(path, lambda: len(text.encode())) as place:
        place.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def file_as_named(path: Path, n_bytes: int | Callable[[], int] = 0) -> Iterator[Path]:
    """Give a path to write at for a place that a user names; see `write_as_named`.

    What cannot be replaced is written into: a device or pipe, what is mounted, what has several names or
    another owner or is this process's output, a file in a folder that takes no others or of so long a name
    that none fits beside it.

    Raises
    ------
    ConfigError
        If no file can be written there.
    DiskError
        If there is no room.
    """
    place = Path(os.path.realpath(path))
    if _is_replaceable(path, place):
        with _named(path), whole_file(place, n_bytes, advice=_OTHER_FILE) as partial:
            yield partial
            with contextlib.suppress(FileNotFoundError):
                before = place.stat()
                if (before.st_uid, before.st_gid) != _us():
                    os.chown(partial, before.st_uid, before.st_gid)
                shutil.copymode(place, partial)
        return
    with _named(path), disk_errors(path, n_bytes, advice=_OTHER_FILE):
        yield path


_OTHER_FILE = "Make room, or name another file"
_STREAMS = ("/dev/", "/proc/")
_LONGEST_NAME = 240
"""In bytes, of a file beside which another one's name of some letters more fits."""


def _is_replaceable(path: Path, place: Path) -> bool:
    if str(path.absolute()).startswith(_STREAMS) or len(place.name.encode()) > _LONGEST_NAME:
        return False
    if not os.path.lexists(path) or not path.exists():
        return True
    found = path.stat()
    return (
        stat.S_ISREG(found.st_mode)
        and found.st_nlink == 1
        and (_us()[0] == 0 or (found.st_uid, found.st_gid) == _us())
        and not any(_is_output(path, number) for number in (1, 2))
        and not os.path.ismount(place)
        and os.access(place, os.W_OK)
        and os.access(place.parent, os.W_OK)
    )


def _us() -> tuple[int, int]:
    """Return user and group that own what this process writes, as far as the system has such."""
    return (os.geteuid(), os.getegid()) if hasattr(os, "geteuid") else (0, 0)


def _is_output(path: Path, number: int) -> bool:
    """Whether a path leads to what this process has as standard output (1) or standard error (2)."""
    with contextlib.suppress(OSError):
        return os.path.samestat(os.stat(path), os.fstat(number))
    return False


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Have errors name what the user named, and not what was to take its place."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(
            f"expected a file that can be written, got {str(path)!r} ({why}): name another"
        ) from error


def _counted(n_bytes: int | Callable[[], int]) -> int:
    return n_bytes() if callable(n_bytes) else n_bytes


def _size_of(path: Path) -> int:
    """Return how many bytes a file has, or all files of a folder; 0 where that cannot be told."""
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    n_bytes = 0
    for file in files:
        with contextlib.suppress(OSError):
            n_bytes += file.stat().st_size
    return n_bytes
