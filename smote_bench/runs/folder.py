"""The names and places of what a run leaves on disk."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from smote_bench.errors import ConfigError
from smote_bench.runs.disk import disk_errors

__all__ = [
    "LOCK",
    "claim_folder",
    "file_name",
    "folders_by_age",
    "followed",
    "new_run_folder",
    "point_latest_to",
    "reserved_run_folder",
    "run_folder_named",
    "usable_out",
]


LOCK = ".running.lock"
"""Held in a run's folder by the process that writes it."""

_MOST_BYTES = 70


def new_run_folder(out: Path, name: str, now: datetime.datetime | None = None) -> Path:
    """Return a folder ``out/runs/<time>-<name>`` that is not there yet; who writes first creates it."""
    stamp = (now or datetime.datetime.now()).strftime("%Y%m%d-%H%M%S-%f")[:-3]
    folder = Path(out, "runs", f"{stamp}-{file_name(name)}")
    n = 1
    while folder.exists():
        n += 1
        folder = folder.with_name(f"{stamp}-{file_name(name)}-{n}")
    return folder


def reserved_run_folder(out: Path, name: str, *, called: str = "--smote-out") -> Path:
    """Make a folder ``out/runs/<time>-<name>`` that is nobody else's, and return it.

    Parameters
    ----------
    out : Path
    name : str
    called : str
        What a user calls `out`.

    Raises
    ------
    ConfigError
        If no folder can be made there.
    """
    while True:
        with usable_out(out, called=called):
            folder = new_run_folder(out, name)
            try:
                with disk_errors(folder):
                    folder.mkdir(parents=True)
            except FileExistsError:
                if folder.parent.is_dir():
                    continue  # another process took the name
                raise  # what stands in the way of a parent is no folder, and stays
            return folder


@contextlib.contextmanager
def usable_out(out: Path, *, called: str = "--smote-out") -> Iterator[None]:
    """Refuse a folder of runs in which nothing can be made: below a file, at the end of a dead link.

    Raises
    ------
    ConfigError
    """
    try:
        yield
    except OSError as error:
        is_dead = os.path.islink(out) and not os.path.exists(out)
        why = f"a link to {os.readlink(out)!r}, which is not there" if is_dead else error.strerror or error
        raise ConfigError(
            f"expected a folder for {called} in which files can be made, got {str(out)!r} ({why}): "
            "name another"
        ) from None


def claim_folder(folder: Path) -> Callable[[], None]:
    """Make a run's folder this process's as long as it lives, and return what gives it back.

    Given back, a folder in which nothing was written is gone.

    Raises
    ------
    ConfigError
        If another process has it.
    """
    lock = FileLock(folder / LOCK, timeout=0)
    with disk_errors(folder / "cells.sqlite"):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise ConfigError(
                f"expected a run's folder of its own, got {str(folder)!r}, which another process writes now: "
                "take another name, or wait for its end"
            ) from None

    def give_back() -> None:
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
            lock.release()
        for emptied in (folder, folder.parent, folder.parent.parent):
            with contextlib.suppress(OSError):
                emptied.rmdir()  # only what is empty

    return give_back


def run_folder_named(out: Path, name: str) -> Path:
    """Return the folder ``out/runs/<name>`` for a new run; it may be there, but hold no run.

    Raises
    ------
    ConfigError
        If it holds one, or the name would not do as a folder's.
    """
    if not name or name.startswith(".") or file_name(name) != name:
        raise ConfigError(
            f"expected a run's name of letters, digits and the signs . _ + -, got {name!r}: "
            "rename it; the folder of runs is given by --smote-out"
        )
    folder = Path(out, "runs", name)
    if (folder / "cells.sqlite").exists() or (folder.exists() and not folder.is_dir()):
        raise ConfigError(
            f"expected the name of a new run, got {name!r}, which is there ({folder}): take another; what it "
            "computed is taken from the memo"
        )
    return folder


def point_latest_to(run: Path) -> Path:
    """Make ``latest`` beside ``runs`` a link to `run`; where links are not allowed, a text file naming it.

    Raises
    ------
    ConfigError
        If a folder stands there, or a file that names no run.
    """
    latest = run.parent.parent / "latest"
    relative = os.path.relpath(run, latest.parent)
    if latest.is_file() and not latest.is_symlink() and not _names_a_run(latest):
        raise _not_ours(latest, "file", run)
    fresh = latest.with_name(f".latest-{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    try:
        fresh.symlink_to(relative, target_is_directory=True)
    except OSError:
        fresh.write_text(relative + "\n", encoding="utf-8")
    try:
        os.replace(fresh, latest)
    except OSError:
        fresh.unlink(missing_ok=True)
        if not latest.is_dir():
            raise
        raise _not_ours(latest, "folder", run) from None
    return latest


def _names_a_run(latest: Path) -> bool:
    with latest.open("rb") as file:
        found = file.read(1000)
    return found.replace(b"\\", b"/").startswith(b"runs/") and found.count(b"\n") == 1


def _not_ours(latest: Path, what: str, run: Path) -> ConfigError:
    return ConfigError(
        f"expected a link to the latest run at {str(latest)!r}, got a {what}, which stays as it is: rename "
        f"it; this run is whole, in {str(run)!r}"
    )


def followed(latest: Path) -> Path:
    """Return where a link of `point_latest_to` leads, as a text file too; another folder as it is."""
    if latest.is_file():
        try:
            return (latest.parent / latest.read_text(encoding="utf-8").strip()).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"expected a run's folder or a file with its path, got {str(latest)!r} ({error}): name one"
            ) from None
    return latest.resolve()


def folders_by_age(runs: Path) -> list[Path]:
    """Return the runs' folders below `runs`, newest first: their names begin with the time."""
    if not runs.is_dir():
        return []
    return sorted(
        (path for path in runs.iterdir() if path.is_dir()), key=lambda path: path.name, reverse=True
    )


def file_name(name: str) -> str:
    """Return a name that is safe in a file's name, at most 70 bytes of it: three fit into one file's.

    What is cut off is told apart by eight digits of its digest.

    >>> file_name("keel:ecoli3"), file_name("m" * 60 + "n" * 20)
    ('keel_ecoli3', 'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmn-d48e12c5')
    """
    safe = re.sub(r"[^\w.+-]+", "_", name)
    if len(safe.encode()) <= _MOST_BYTES:
        return safe
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    start = safe.encode()[: _MOST_BYTES - 9].decode(errors="ignore")
    return f"{start}-{digest}"
