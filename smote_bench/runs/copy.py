"""Copies what is stored of a run, without touching it: what a report made elsewhere needs."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

from smote_bench.errors import ConfigError
from smote_bench.runs.disk import disk_errors
from smote_bench.runs.reading import connect_to_read

__all__ = ["copy_run"]

_FILES = ("manifest.json", "scores.csv", "scores.parquet", "cells.csv", "gate.json")


def copy_run(run: Path, folder: Path) -> Path:
    """Copy a run's store, tables and manifest into a new folder, and return its path.

    Parameters
    ----------
    run : Path
        A run's folder, which is only read.
    folder : Path
        Made with its parents; it may be there if it is empty.

    Raises
    ------
    ConfigError
        If there is something in the folder.
    DiskError
        If it cannot be written.
    """
    folder = Path(folder).resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"expected a new or empty folder, got {str(folder)!r}: name another")
    with disk_errors(folder / "cells.sqlite"):
        folder.mkdir(parents=True, exist_ok=True)
        with (
            contextlib.closing(connect_to_read(run / "cells.sqlite")) as source,
            contextlib.closing(sqlite3.connect(folder / "cells.sqlite")) as target,
        ):
            source.backup(target)
        for name in _FILES:
            if (run / name).is_file():
                shutil.copyfile(run / name, folder / name)
        if (run / "tables").is_dir():
            shutil.copytree(run / "tables", folder / "tables")
    return folder
