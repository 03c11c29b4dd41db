"""Copies what is stored of a run, without touching it: what a report made elsewhere needs."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

from smote_bench.errors import ConfigError
from smote_bench.runs.disk import disk_errors, why_no_room
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.whole_folder import whole_file, whole_folder

__all__ = ["copy_run"]

_FILES = ("manifest.json", "scores.csv", "scores.parquet", "cells.csv", "gate.json")
_BEGUN = ".copy.partial"
"""In a folder while it is copied into; one that was left in the middle may be copied into again."""


def copy_run(run: Path, folder: Path) -> Path:
    """Copy a run's store, tables and manifest into a new folder, and return its path.

    No file is there by half under its name, whatever happens. A damaged store is copied as it is.

    Parameters
    ----------
    run : Path
        A run's folder, which is only read.
    folder : Path
        Made with its parents; it may be there if it is empty, or where a copy was left in the middle.

    Raises
    ------
    ConfigError
        If there is something in the folder.
    DiskError
        If it cannot be written.
    """
    folder = Path(folder).resolve()
    begun = folder / _BEGUN
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not begun.exists())):
        raise ConfigError(f"expected a new or empty folder, got {str(folder)!r}: name another")
    with disk_errors(begun):
        folder.mkdir(parents=True, exist_ok=True)
        begun.touch()
    _copy_store(run / "cells.sqlite", folder / "cells.sqlite")
    for name in _FILES:
        if (run / name).is_file():
            with whole_file(folder / name, (run / name).stat().st_size) as partial:
                shutil.copyfile(run / name, partial)
    if (run / "tables").is_dir():
        with whole_folder(folder / "tables") as partial:
            shutil.copytree(run / "tables", partial, dirs_exist_ok=True)
    begun.unlink()
    return folder


def _copy_store(store: Path, copy: Path) -> None:
    with whole_file(copy, store.stat().st_size) as partial:
        partial.unlink(missing_ok=True)
        try:
            with (
                contextlib.closing(connect_to_read(store)) as source,
                contextlib.closing(sqlite3.connect(partial)) as target,
            ):
                target.execute("PRAGMA journal_mode = OFF")
                source.backup(target)
        except sqlite3.DatabaseError as error:
            if why_no_room(error):
                raise
            shutil.copyfile(store, partial)
