"""The memory of processes, read from a folder like ``/proc``."""

from __future__ import annotations

import os
from pathlib import Path

from smote_bench.session.memory_use import resident_bytes

PAGE = os.sysconf("SC_PAGE_SIZE")


def _process(proc: Path, pid: int, text: str) -> None:
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "statm").write_text(text)


def test_adds_up_the_resident_pages_of_processes_that_live(tmp_path: Path) -> None:
    _process(tmp_path, 7, "1000 250 30 1 0 80 0\n")
    _process(tmp_path, 8, "90 50 30 1 0 80 0\n")
    assert resident_bytes([7, 8, 9], tmp_path) == 300 * PAGE


def test_is_not_known_where_the_system_does_not_tell(tmp_path: Path) -> None:
    _process(tmp_path, 7, "")
    _process(tmp_path, 8, "something else")
    assert resident_bytes([7, 8, 9], tmp_path) is None
    assert resident_bytes([1], tmp_path / "no such folder") is None
