"""A user's table as it was read, kept: of a large file on this machine, of a small one in this process.

Every worker collects the same experiment and most compute on the same table. The first one that needs a
large file reads it and looks for leaks; the others, and later runs, take what it found. A small file is read
by each process and stays in its memory, so that its findings and its rows take one reading.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from smote_bench.data.digests import files_sha256
from smote_bench.data.findings import Finding
from smote_bench.data.leaks.search import find_leaks
from smote_bench.data.preprocessing import ColumnKinds, column_kinds
from smote_bench.data.providers import cache_folder
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.rows import first_of_equals
from smote_bench.data.tables.repeats import repeated_rows_findings
from smote_bench.data.tables.table_columns import Columns
from smote_bench.data.tables.table_files import read_columns
from smote_bench.data.tables.user_tables import ReadTable, UserTable, read_user_table

__all__ = ["MOST_TABLES", "SMALLEST_BYTES", "KeptTable", "findings_of", "read_with_findings", "table_of"]

SMALLEST_BYTES = 2 << 20
"""Smaller files are read by each process and are not copied anywhere."""

MOST_TABLES = 8
"""So many tables are kept on disk, and in memory; the one that was read the longest ago goes first."""

_recent: dict[str, ReadTable] = {}
"""Small tables that this process has read, the latest last."""

_ROWS, _ROLES, _FINDINGS = "rows.arrow", "roles.npz", "findings.json"


class KeptTable(UserTable, Protocol):
    """A user's table that says all of how it is read."""

    @property
    def drop_duplicates(self) -> bool:
        """Whether repeated rows are removed before any split."""

    @property
    def reading(self) -> str:
        """Another text where anything else is to be read of the same bytes."""


def table_of(source: KeptTable) -> ReadTable:
    """Read a user's table, or take it from the cache where this machine has read it before.

    The cache lies below `smote_bench.data.providers.cache_folder`, for its owner alone. A table is found
    there by the bytes of its files, by what the experiment says of it, and by our own code that reads.

    Raises
    ------
    ConfigError
        As `smote_bench.data.tables.user_tables.read_user_table`.
    """
    if not _is_large(source):
        return copy.deepcopy(_small(source))
    with _place(source) as folder:
        kept = _kept(folder) if folder else None
        return _read_into(source, folder) if kept is None else kept


def findings_of(source: KeptTable) -> tuple[Finding, ...]:
    """Return what there is to say of a user's file: of the reading, and the leaks.

    Raises
    ------
    ConfigError
        As `smote_bench.data.tables.user_tables.read_user_table`.
    """
    if not _is_large(source):
        return _small(source).findings
    with _place(source) as folder:
        kept = _kept_findings(folder) if folder else None
        return _read_into(source, folder).findings if kept is None else kept


def class_counts(source: KeptTable) -> tuple[int, ...]:
    """Return how many rows of the majority and of the minority a small file has; nothing for a large one."""
    if _is_large(source):
        return ()
    y = _small(source).y
    n_minority = int(y.sum())
    return len(y) - n_minority, n_minority


def kinds_of(source: KeptTable) -> ColumnKinds | None:
    """Return of which kind the features of a small file are; None for a large one."""
    return None if _is_large(source) else column_kinds(_small(source).X)


def read_with_findings(source: KeptTable) -> tuple[Columns, np.ndarray, tuple[Finding, ...]]:
    """Read a user's file anew, for whoever shows its columns as they stand there.

    Returns
    -------
    columns : Columns
    y : ndarray of shape (n_rows,), int64
    findings : tuple of Finding
        As of `findings_of`.

    Raises
    ------
    ConfigError
        As `smote_bench.data.tables.user_tables.read_user_table`.
    """
    columns, y = read_columns(source.file, source)
    table = _with_doubts(read_user_table(source, (columns, y)), source)
    return columns, y, table.findings


def _small(source: KeptTable) -> ReadTable:
    """Return a table from memory, or read it and keep it there."""
    known = _known(source)
    table = _recent.pop(known, None)
    if table is None:
        table = _with_doubts(read_user_table(source), source)
    _recent[known] = table
    for old in list(_recent)[:-MOST_TABLES]:
        del _recent[old]
    return table


def _known(source: KeptTable) -> str:
    """Return what tells a table: what is read, and the bytes it is read of."""
    return f"{source.reading} {files_sha256(source.file, source.roles.test)}"


def _with_doubts(table: ReadTable, source: KeptTable) -> ReadTable:
    X, y, roles = table.X, table.y, table.roles
    keep = first_of_equals(X, y, roles)
    found = list(table.findings)
    if source.drop_duplicates:
        found += repeated_rows_findings(y, keep, source.file.name, table.findings)
    return replace(table, findings=(*found, *find_leaks(X, y, roles, table.dates)), keep=keep)


def _read_into(source: KeptTable, folder: Path | None) -> ReadTable:
    """Read a table, and keep it in its place if it has one."""
    table = _with_doubts(read_user_table(source), source)
    if folder:
        with contextlib.suppress(OSError):  # a full disk costs time, and no result
            _keep(table, folder)
    return table


def _is_large(source: KeptTable) -> bool:
    return source.file.stat().st_size >= SMALLEST_BYTES


@contextlib.contextmanager
def _place(source: KeptTable) -> Iterator[Path | None]:
    """Hold a table's place in the cache, which other processes wait for; None where there is no cache."""
    import filelock

    root = cache_folder() / "tables"
    folder = root / hashlib.sha256(f"{_known(source)} {_code()}".encode()).hexdigest()[:40]
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = filelock.FileLock(f"{folder}.lock")
        lock.acquire()
    except (OSError, NotImplementedError):  # read-only, or a file system without locks
        yield None
        return
    try:
        yield folder
    finally:
        lock.release()


@functools.cache
def _code() -> str:
    """Return a digest of the code that reads: an edited reader reads again."""
    import pandas as pd

    digest = hashlib.sha256(f"{pd.__version__} {np.__version__}".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _kept(folder: Path) -> ReadTable | None:
    """Return a table of the cache; None where there is none, or none that can be read."""
    import pyarrow
    from pyarrow import feather

    findings = _kept_findings(folder)
    if findings is None:
        return None
    try:
        with (folder / _ROLES).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            columns = dict(arrays)
        X = feather.read_feather(folder / _ROWS)
        y, keep = columns.pop("y"), columns.pop("keep")
        os.utime(folder)
        return ReadTable(X, y, RowRoles(**columns), findings, keep)
    except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, pyarrow.ArrowException):
        return None


def _kept_findings(folder: Path) -> tuple[Finding, ...] | None:
    try:
        said = json.loads((folder / _FINDINGS).read_text(encoding="utf-8"))
        return tuple(Finding(**one) for one in said)
    except (OSError, ValueError, TypeError):
        return None


def _keep(table: ReadTable, folder: Path) -> None:
    """Write a table whole or not at all, and drop those that are too many."""
    from pyarrow import feather

    half = Path(tempfile.mkdtemp(dir=folder.parent, prefix="half-"))
    try:
        roles = {f.name: getattr(table.roles, f.name) for f in fields(table.roles)}
        roles["keep"] = table.keep
        feather.write_feather(table.X, half / _ROWS, compression="uncompressed")
        np.savez(half / _ROLES, y=table.y, **{name: of for name, of in roles.items() if of is not None})
        said = json.dumps([asdict(one) for one in table.findings], ensure_ascii=False)
        (half / _FINDINGS).write_text(said, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    there = sorted(
        (path for path in folder.parent.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    )
    for old in there[:-MOST_TABLES]:
        shutil.rmtree(old, ignore_errors=True)
