"""What must hold after every end of the command, however it came."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

__all__ = ["Reference", "is_whole", "n_computed_again", "problems"]

Key = tuple[str, ...]


class Reference:
    """The table of an undisturbed run."""

    def __init__(self, scores: Path) -> None:
        self.sha256 = hashlib.sha256(scores.read_bytes()).hexdigest()
        self._rows = dict(_rows(scores))
        self.n_cells = len({key[:3] for key in self._rows})

    def wrong_rows(self, scores: Path) -> list[str]:
        """Return the rows of a table that are not those of the undisturbed run."""
        return [",".join(key) for key, value in _rows(scores) if self._rows.get(key) != value]


def _rows(scores: Path) -> Iterator[tuple[Key, str]]:
    with scores.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        for *key, value in rows:
            yield tuple(key), value


def runs(out: Path) -> list[Path]:
    """Return the folders of the runs, oldest first."""
    return sorted((out / "runs").glob("*")) if (out / "runs").is_dir() else []


def is_whole(out: Path, reference: Reference) -> bool:
    """Tell whether the newest run has the table of the undisturbed one, and every cell of it done."""
    folders = runs(out)
    if not folders or not (folders[-1] / "manifest.json").is_file():
        return False
    scores = (folders[-1] / "scores.csv").read_bytes()
    return hashlib.sha256(scores).hexdigest() == reference.sha256


def n_computed_again(out: Path) -> int:
    """Return how often a cell was computed and recorded although an earlier run had done so: work lost."""
    n, distinct = 0, set()
    for folder in runs(out):
        store = folder / "cells.sqlite"
        if not store.is_file():
            continue
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'cells'").fetchone():
                continue  # it was killed before its first cell
            here = db.execute(
                "SELECT dataset, method, classifier FROM cells "
                "WHERE from_memo = 0 AND status IN ('ok', 'noop')"
            ).fetchall()
        n += len(here)
        distinct |= set(here)
    return n - len(distinct)


def problems(out: Path, reference: Reference, exit_code: int, log: Path) -> list[str]:
    """Return what should not be so in a folder of reports after the command ended.

    Parameters
    ----------
    out : Path
    reference : Reference
    exit_code : int
        Negative for a signal.
    log : Path
        What the command wrote, this time and before.
    """
    found = [f"exit code 0 with {text}" for text in _not_whole(out, reference)] if exit_code == 0 else []
    for folder in runs(out)[-1:]:
        found += [f"{folder.name}: {text}" for text in _problems_of(folder, reference)]
    text = log.read_text(encoding="utf-8", errors="replace")
    found += [f"the command said {crash}" for crash in _crashes(text)]
    return found + _listing_problems(out)


def _crashes(text: str) -> Iterator[str]:
    """Yield what a command's output has of crashes.

    Where a signal meets the interpreter's start, an import or pytest's collection, Python prints a traceback
    that ends with KeyboardInterrupt, or one of what that led to: the signal was obeyed, and that is no crash.
    """
    if "INTERNALERROR" in text:
        yield next(line for line in text.splitlines() if "INTERNALERROR" in line)
    _, *tracebacks = text.split("Traceback (most recent call last)")
    is_interrupted = False
    for n, traceback in enumerate(tracebacks):
        # Without the indented lines of frames, what comes first says what was raised.
        raised = next((line for line in traceback.splitlines()[1:] if line[:1].strip()), "")
        is_led_to = n > 0 and "During handling of the above exception" in tracebacks[n - 1]
        is_interrupted = raised.startswith("KeyboardInterrupt") or (is_led_to and is_interrupted)
        if not is_interrupted:
            yield f"Traceback: {raised}"


def _not_whole(out: Path, reference: Reference) -> list[str]:
    return [] if is_whole(out, reference) else ["another table than the undisturbed run's"]


def _problems_of(folder: Path, reference: Reference) -> Iterator[str]:
    scores, manifest = folder / "scores.csv", folder / "manifest.json"
    if scores.is_file():
        wrong = reference.wrong_rows(scores)
        if wrong:
            yield f"{len(wrong)} rows of scores.csv are wrong: {wrong[0]}"
    if (folder / "scores.parquet").is_file():
        yield from _parquet_problems(folder)
    if manifest.is_file():
        counts = json.loads(manifest.read_text(encoding="utf-8"))["cells"]
        yield from _count_problems(folder, counts, reference.n_cells)


def _parquet_problems(folder: Path) -> Iterator[str]:
    from pyarrow import parquet

    n_rows = parquet.read_metadata(folder / "scores.parquet").num_rows
    expected = sum(1 for _ in _rows(folder / "scores.csv"))
    if n_rows != expected:
        yield f"scores.parquet has {n_rows} rows and scores.csv {expected}"


def _count_problems(folder: Path, counts: Mapping[str, Any], n_cells: int) -> Iterator[str]:
    not_run = sum(counts["not_run"].values())
    if counts["asked"] != n_cells:
        yield f"{counts['asked']} cells asked for of {n_cells}"
    if counts["done"] + not_run != counts["asked"]:
        yield f"the counts do not add up: {counts}"
    with (folder / "cells.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != counts["asked"]:
        yield f"cells.csv has {len(rows)} rows of {counts['asked']}"
    if sum(row["status"] == "not_run" for row in rows) != not_run:
        yield f"cells.csv has other cells that did not run than the manifest's {not_run}"


def _listing_problems(out: Path) -> list[str]:
    """Have `smote-bench list` read the folder: a run is finished only if its manifest says so."""
    command = [sys.executable, "-m", "smote_bench", "list", "--json", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"smote-bench list ended with {done.returncode}: {done.stderr.strip()[-300:]}"]
    entries = json.loads(done.stdout)
    if len(entries) != len(runs(out)):
        return [f"smote-bench list shows {len(entries)} runs of {len(runs(out))}"]
    return []
