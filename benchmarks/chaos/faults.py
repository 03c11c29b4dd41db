"""What is done to a running command: kills, signals, a full disk, a damaged memo."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["FAULTS", "FILE_LIMIT", "Stage", "processes_of", "small_disk"]

FILE_LIMIT = "file size limit"
"""The fault that is there from the start of the command: no file can grow beyond so many bytes."""


class Stage:
    """What a fault can get at.

    Parameters
    ----------
    controller : int
        Process id of the command, which leads its session.
    out : Path
        The folder of reports.
    rng : random.Random
    """

    def __init__(self, controller: int, out: Path, rng: random.Random) -> None:
        self.controller = controller
        self.out = out
        self.rng = rng

    @property
    def memo(self) -> Path:
        """The outcomes shared by runs."""
        return self.out / "memo.sqlite"

    @property
    def filler(self) -> Path:
        """What fills the disk."""
        return self.out / "filler"


def processes_of(session: int) -> dict[int, int]:
    """Return the living processes of a session with their parents."""
    done = subprocess.run(
        ["ps", "-o", "pid=,ppid=,stat=", "-s", str(session)], capture_output=True, text=True, check=False
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _send_to_all(session: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session, number)


def _workers(stage: Stage) -> list[int]:
    return sorted(pid for pid, parent in processes_of(stage.controller).items() if parent == stage.controller)


def _kill_worker(stage: Stage) -> None:
    if workers := _workers(stage):
        _send(stage.rng.choice(workers), signal.SIGKILL)


def _kill_all_workers(stage: Stage) -> None:
    for worker in _workers(stage):
        _send(worker, signal.SIGKILL)


def _kill_controller(stage: Stage) -> None:
    _send(stage.controller, signal.SIGKILL)


def _kill_everything(stage: Stage) -> None:
    _send_to_all(stage.controller, signal.SIGKILL)


def _interrupt(stage: Stage) -> None:
    _send_to_all(stage.controller, signal.SIGINT)


def _interrupt_twice(stage: Stage) -> None:
    _interrupt(stage)
    _interrupt(stage)


def _terminate(stage: Stage) -> None:
    _send(stage.controller, signal.SIGTERM)


def _terminate_all(stage: Stage) -> None:
    _send_to_all(stage.controller, signal.SIGTERM)


def _fill_disk(stage: Stage) -> None:
    """Take what room is left, to the last page."""
    with contextlib.suppress(OSError), stage.filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def _overwrite_memo(stage: Stage) -> None:
    """Put random bytes over random pages."""
    with contextlib.suppress(FileNotFoundError), stage.memo.open("r+b") as file:
        size = stage.memo.stat().st_size
        for _ in range(stage.rng.randint(1, 8)):
            file.seek(stage.rng.randrange(max(1, size)) // 4096 * 4096)
            file.write(stage.rng.randbytes(4096))


def _cut_memo(stage: Stage) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.truncate(stage.memo, stage.rng.randrange(max(1, stage.memo.stat().st_size)))


def _replace_memo(stage: Stage) -> None:
    """Put another file in its place, which is no memo."""
    fresh = stage.memo.with_name("fresh")
    with contextlib.suppress(OSError):
        fresh.write_bytes(stage.rng.randbytes(20_000))
        os.replace(fresh, stage.memo)


FAULTS: dict[str, Callable[[Stage], None]] = {
    "SIGKILL, a worker": _kill_worker,
    "SIGKILL, all workers": _kill_all_workers,
    "SIGKILL, the controller": _kill_controller,
    "SIGKILL, everything": _kill_everything,
    "SIGINT, everything": _interrupt,
    "SIGINT twice, everything": _interrupt_twice,
    "SIGTERM, the controller": _terminate,
    "SIGTERM, everything": _terminate_all,
    "disk full": _fill_disk,
    "memo: pages overwritten": _overwrite_memo,
    "memo: cut": _cut_memo,
    "memo: replaced": _replace_memo,
}


@contextlib.contextmanager
def small_disk(folder: Path, size: str = "64m") -> Iterator[bool]:
    """Make `folder` a file system of its own that can be filled; yield whether that is allowed here."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    is_mounted = bool(
        mount
        and os.geteuid() == 0
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
