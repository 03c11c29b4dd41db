"""Folders and files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from smote_bench.runs.disk import disk_errors

__all__ = ["whole_file", "whole_folder", "write_whole"]


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write in that takes the place of `folder` when all is written.

    After an error `folder` is as it was, and what was written is gone.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with disk_errors(folder):
            partial.mkdir(parents=True)
            yield partial
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write at that takes the place of `path` when all is written.

    After an error `path` is as it was, and what was written is gone.

    Raises
    ------
    DiskError
        If there is no room.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with disk_errors(partial):
            yield partial
            os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text file that takes the place of `path` when all is written."""
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")
