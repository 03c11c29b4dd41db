"""Whether an earlier run's report was made of the same, so that it can be copied and not made again.

A run that is answered from the memo takes seconds; its report must not take a minute.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

from smote_bench.data.files.csv_rows import lift_field_limit
from smote_bench.environment.code_digest import package_digest
from smote_bench.environment.targets import package_version
from smote_bench.runs.extras import TSNE
from smote_bench.runs.folder import folders_by_age
from smote_bench.runs.manifest_file import read_json
from smote_bench.runs.manifest_of_store import manifest_of
from smote_bench.runs.whole_folder import whole_file, whole_folder, write_whole

__all__ = ["copy_report", "forget_report", "note_report", "report_key"]

_NOTE = "report.json"
_ALWAYS = ("report.html", "summary.md", "tables")
_PARTS = (*_ALWAYS, "figures")
_LIBRARIES = ("numpy", "scipy", "sklearn", "pandas", "plotly", "matplotlib")
_LOOKED_AT = 20


def report_key(folder: Path, tsne: str, memo: Path | None) -> str:
    """Return the digest of all that a run's report is made of, but for when and with what command it ran.

    Parameters
    ----------
    folder : Path
        Of a run with its ``scores.csv``, ``cells.csv`` and ``manifest.json``.
    tsne : str
        What was asked for.
    memo : Path or None
        Embeddings that were added to it since would be in a new report.
    """
    manifest = manifest_of(folder)
    for name in ("finished", "command"):
        manifest.pop(name, None)
    manifest["cells"].pop("from_memo", None)
    lift_field_limit()  # earlier releases kept every warning
    with (folder / "cells.csv").open(newline="", encoding="utf-8") as file:
        cells = [{name: v for name, v in row.items() if name != "from_memo"} for row in csv.DictReader(file)]
    parts = {
        "manifest": manifest,
        "cells": cells,
        "scores": hashlib.sha256((folder / "scores.csv").read_bytes()).hexdigest(),
        "code": package_digest(),
        "libraries": {name: package_version(name) for name in _LIBRARIES},
        "tsne": [tsne, _n_embeddings(memo)],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def note_report(folder: Path, key: str) -> None:
    """Write down what a complete report was made of."""
    write_whole(folder / _NOTE, json.dumps({"key": key}) + "\n")


def forget_report(folder: Path) -> None:
    """Have no later run copy this report: it has what belongs to this folder alone."""
    (folder / _NOTE).unlink(missing_ok=True)


def copy_report(folder: Path, key: str) -> Path | None:
    """Copy the report of one of the newest runs beside this one, if it was made of the same.

    Returns
    -------
    Path or None
        The folder it was copied from.
    """
    for other in folders_by_age(folder.parent)[:_LOOKED_AT]:
        if other == folder or _noted_key(other) != key or not all((other / p).exists() for p in _ALWAYS):
            continue
        for part in _PARTS:
            if not (other / part).exists():
                continue
            if (other / part).is_dir():
                with whole_folder(folder / part) as partial:
                    for one in (folder / part, other / part):
                        if one.is_dir():
                            shutil.copytree(one, partial, dirs_exist_ok=True)
            else:
                with whole_file(folder / part) as partial:
                    shutil.copyfile(other / part, partial)
        note_report(folder, key)
        return other
    return None


def _noted_key(folder: Path) -> str | None:
    try:
        noted = read_json((folder / _NOTE).read_text(encoding="utf-8"))
        return str(noted["key"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _n_embeddings(memo: Path | None) -> int:
    if memo is None or not memo.is_file():
        return 0
    try:
        with sqlite3.connect(f"{memo.resolve().as_uri()}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM extras WHERE kind = ?", (TSNE,)).fetchone()[0])
    except sqlite3.Error:
        return 0
