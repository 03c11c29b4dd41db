"""Which kept runs go to make room, and why each of the others stays."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from smote_bench.runs.folder import LOCK
from smote_bench.runs.listing import ListedRun, latest_of, list_runs

__all__ = ["KeptRun", "Pruning", "delete_run", "plan_pruning"]


@dataclass(frozen=True)
class KeptRun:
    """A run that was looked at, with what it takes.

    Parameters
    ----------
    run : ListedRun
    n_bytes : int
        Of all files in its folder.
    stays : {"", "new", "latest", "unfinished", "written", "damaged", "link"}
        Why it stays; empty where it goes.
    """

    run: ListedRun
    n_bytes: int
    stays: str = ""


@dataclass(frozen=True)
class Pruning:
    """What would be deleted, oldest first, and what stays."""

    going: tuple[KeptRun, ...]
    staying: tuple[KeptRun, ...]

    @property
    def n_bytes(self) -> int:
        """What is free after it."""
        return sum(one.n_bytes for one in self.going)


def plan_pruning(
    out: Path,
    *,
    keep: int | None,
    older: datetime.timedelta | None,
    unfinished: bool = False,
    now: datetime.datetime | None = None,
) -> Pruning:
    """Say which runs below ``out/runs`` go; nothing is changed.

    Parameters
    ----------
    out : Path
        The folder of reports.
    keep : int or None
        So many of the newest stay, of those that could go at all.
    older : timedelta or None
        Only what ended longer ago than this goes.
    unfinished : bool
        Whether runs that were cut or killed can go.
    now : datetime, optional
        With a time zone.

    Returns
    -------
    Pruning
        What `latest` points to, runs that a process is writing, damaged folders and links stay in any case.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    latest = latest_of(out)
    going: list[KeptRun] = []
    staying: list[KeptRun] = []
    n_newer = 0
    for run in list_runs(out):
        stays = _held(run, unfinished=unfinished)
        if not stays:
            is_new = keep is not None and n_newer < keep
            is_young = older is not None and now - run.when <= older
            n_newer += 1
            if is_new or is_young:
                stays = "new"
            elif latest is not None and run.folder.resolve() == latest:
                stays = "latest"
        kept = KeptRun(run, 0 if stays == "link" else _size(run.folder), stays)
        (staying if stays else going).append(kept)
    return Pruning(tuple(reversed(going)), tuple(staying))


def delete_run(folder: Path) -> None:
    """Delete a run's folder: first its name, so that no half of a run is ever listed.

    Raises
    ------
    OSError
        If that is not allowed; or, as `BlockingIOError`, if a process has begun to write it.
    """
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BlockingIOError("a process has begun to write it") from None
    try:
        gone = folder.with_name(f".gone-{os.getpid()}-{folder.name}")
        folder.rename(gone)
    finally:
        lock.release()
    shutil.rmtree(gone)


def _held(run: ListedRun, *, unfinished: bool) -> str:
    """Return why a run can never go, however old it is; empty where it can."""
    if run.folder.is_symlink():
        return "link"
    if _is_written(run.folder):
        return "written"
    if run.status == "broken":
        return "damaged"
    return "unfinished" if run.status == "unfinished" and not unfinished else ""


def _is_written(folder: Path) -> bool:
    lock = folder / LOCK
    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _size(folder: Path) -> int:
    n_bytes = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                n_bytes += os.lstat(os.path.join(place, name)).st_size
    return n_bytes
