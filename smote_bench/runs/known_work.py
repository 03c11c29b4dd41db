"""What the memo knows before a run: which cells it has, and what their parts took for one fit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.errors import SmoteBenchError, UnavailableError
from smote_bench.evaluation.outcome import Cell
from smote_bench.runs.keys import CellKeys
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.store import Store

if TYPE_CHECKING:
    from smote_bench.experiment.model import Experiment

__all__ = ["Remembered", "Work", "remembered"]

_WORK = """
SELECT dataset, method, classifier, seconds, json_array_length(outcome, '$.fits'),
    (SELECT total(json_extract(value, '$.resample_seconds')) FROM json_each(outcome, '$.fits'))
FROM cells WHERE status IN ('ok', 'noop') AND part = '' ORDER BY computed_at
"""


@dataclass(frozen=True)
class Work:
    """Seconds of one fit of a cell, in the mean over its fits."""

    resampling: float
    fitting: float


@dataclass(frozen=True)
class Remembered:
    """What the memo knows of an experiment.

    Parameters
    ----------
    cells : frozenset of Cell
        Those that a run would take from it.
    work : mapping of Cell to Work
        Of all that has a cell's name, the newest; it may have been computed under another protocol or by
        other code.
    unavailable : mapping of str to str
        Data sets that cannot be had here, and why.
    remark : str
        Why the file tells nothing, where it was to tell something.
    """

    cells: frozenset[Cell] = frozenset()
    work: Mapping[Cell, Work] | None = None
    unavailable: Mapping[str, str] | None = None
    remark: str = ""


def remembered(path: Path | None, experiment: Experiment, data_dir: Path | None) -> Remembered:
    """Read a memo without a change to it.

    Parameters
    ----------
    path : Path or None
        None, or a file that is not there, remembers nothing.
    experiment : Experiment
    data_dir : Path or None
        Where data files are looked for beside the bundled ones.
    """
    unavailable: dict[str, str] = {}
    if path is None or not path.exists():
        return Remembered(work={}, unavailable=unavailable)
    try:
        stored, work = _read(path)
    except (SmoteBenchError, OSError, sqlite3.Error, ValueError) as error:
        return Remembered(work={}, unavailable=unavailable, remark=f"nothing is taken from the memo: {error}")
    return Remembered(frozenset(_there(stored, experiment, data_dir, unavailable)), work, unavailable)


def _read(path: Path) -> tuple[set[str], dict[Cell, Work]]:
    Store(path, read_only=True).close()  # refuses what is no memo of this release
    db = connect_to_read(path)
    try:
        keys = {key for (key,) in db.execute("SELECT key FROM cells WHERE status IN ('ok', 'noop')")}
        work = {}
        for dataset, method, classifier, seconds, n_fits, resampling in db.execute(_WORK):
            if n_fits:
                own = max(seconds - resampling, 0.0)
                work[Cell(dataset, method, classifier)] = Work(resampling / n_fits, own / n_fits)
    finally:
        db.close()
    return keys, work


def _there(
    stored: set[str], experiment: Experiment, data_dir: Path | None, unavailable: dict[str, str]
) -> Iterable[Cell]:
    keys = CellKeys(experiment, data_dir)
    for cell in experiment.cells.values():
        if cell.dataset in unavailable:
            continue
        try:
            if keys.key(cell.dataset, cell.method, cell.classifier) in stored:
                yield cell
        except UnavailableError as error:
            unavailable[cell.dataset] = str(error)
        except SmoteBenchError:
            continue  # the run says what is wrong with the cell
