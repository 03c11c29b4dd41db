"""Where a run reads and writes, and how long a cell may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["RunSettings"]


@dataclass(frozen=True)
class RunSettings:
    """Where a run reads and writes, and how long a cell may take.

    Parameters
    ----------
    run_dir : str
        Folder of this run; its store is ``cells.sqlite``.
    memo : str
        File shared by runs; empty for none.
    data_dir : str
        Extra folder of data files; empty for none.
    timeout_seconds : float
        Per cell; 0 for no limit.
    n_workers : int
        How many workers run beside each other.
    is_worker : bool
        Whether this process is one that is replaced when it dies.
    max_memory : int
        Bytes that a process may hold while it computes cells; 0 for no limit.
    may_fork : bool
        Whether cells with a limit are computed in a child process where the platform has it; not while
        somebody debugs.
    """

    run_dir: str
    memo: str = ""
    data_dir: str = ""
    timeout_seconds: float = 0.0
    n_workers: int = 1
    is_worker: bool = False
    max_memory: int = 0
    may_fork: bool = False

    @property
    def data_folder(self) -> Path | None:
        """`data_dir` as a path; None for none."""
        return Path(self.data_dir) if self.data_dir else None
