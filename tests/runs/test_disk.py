"""A disk that takes nothing more is one error that names path, need and reason; what was there stays."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench.errors import DiskError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.disk import disk_errors, why_no_room
from smote_bench.runs.run_store import RunStore
from smote_bench.runs.whole_folder import whole_file, whole_folder, write_whole

GRID = """
name: small
methods: [SMOTE, RandomOverSampler]
datasets: [Haberman, Ecoli]
cv_folds: 2
selected_classifiers: [DecisionTree, kNN]
"""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the quota is used up"),
        (errno.EFBIG, "files may not grow beyond a limit"),
        (errno.EROFS, "it is read-only"),
        (errno.EACCES, "it may not be written"),
    ],
)
def test_what_the_system_says_becomes_one_error_with_path_need_and_reason(tmp_path, number, words):
    path = tmp_path / "scores.csv"
    with pytest.raises(DiskError) as caught, disk_errors(path, 1234):
        raise OSError(number, os.strerror(number))
    assert f"expected to write 1,234 bytes or more to '{path}', but {words}" in str(caught.value)
    advice = {
        errno.EROFS: "Make it writable",
        errno.EACCES: "Make it writable",
        errno.EFBIG: "See to the disk",
    }
    assert advice.get(number, "Make room") in str(caught.value)
    assert ("bytes are free" in str(caught.value)) == (number not in (errno.EROFS, errno.EACCES))
    assert (caught.value.reason, why_no_room(caught.value)) == (words, words)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # it goes between processes


def test_a_disk_without_a_byte_is_full_whatever_sqlite_calls_it(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    with (
        pytest.raises(DiskError, match=r"but the disk is full \(0 bytes are free\)\. Make room"),
        disk_errors(tmp_path / "cells.sqlite"),
    ):
        raise sqlite3.OperationalError("disk I/O error")


def test_a_whole_file_says_how_many_bytes_it_needs(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "write_text", _fail_to_write)
    with pytest.raises(DiskError, match=r"to write 3 bytes or more to '.*/\.a\.json\.partial'"):
        write_whole(tmp_path / "a.json", "é{")


def _fail_to_write(*_args, **_named):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_of_a_folder_what_was_written_so_far_is_said(tmp_path):
    with (
        pytest.raises(DiskError, match=r"to write 2 bytes or more to '.*/tables'"),
        whole_folder(tmp_path / "tables") as folder,
    ):
        _fail(folder / "a.csv", "ha")


def test_no_number_is_said_where_none_is_known(tmp_path):
    path = tmp_path / "a.csv"
    with (
        pytest.raises(DiskError, match=r"to write to '.*/\.a\.csv\.partial', but the disk"),
        whole_file(path),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(DiskError, match=r"to write 2 bytes or more to '.*/\.a"), whole_file(path) as partial:
        _fail(partial, "ha")


def test_other_errors_stay_what_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), disk_errors(tmp_path):
        (tmp_path / "none").read_text()
    with pytest.raises(sqlite3.OperationalError, match="locked"), disk_errors(tmp_path):
        raise sqlite3.OperationalError("database is locked")
    assert why_no_room(ValueError("database or disk is full")) == ""


def _fail(path, already):
    path.write_text(already)
    raise OSError(errno.ENOSPC, "No space left on device")


def test_no_half_file_takes_the_place_of_a_whole_one(tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("whole")
    with pytest.raises(DiskError), whole_file(path) as partial:
        _fail(partial, "ha")
    with pytest.raises(DiskError), whole_folder(tmp_path / "tables") as folder:
        _fail(folder / "a.csv", "ha")
    assert [entry.name for entry in tmp_path.iterdir()] == ["cells.csv"]
    assert path.read_text() == "whole"


def test_a_folder_that_cannot_be_written_again_is_one_error_too(tmp_path):
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "a.csv").write_text("whole")
    with pytest.raises(DiskError, match="the disk is full"), whole_folder(tables) as folder:
        _fail(folder / "a.csv", "ha")
    assert (tables / "a.csv").read_text() == "whole"


def test_a_written_file_is_whole(tmp_path):
    write_whole(tmp_path / "a.json", "{}")
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("a.json", "{}")]


def test_a_store_without_room_names_itself_and_keeps_what_it_has(tmp_path):
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from smote_bench.errors import DiskError\n"
        "from smote_bench.evaluation.outcome import Cell, Outcome\n"
        "from smote_bench.runs.run_store import RunStore\n"
        "store = RunStore(Path(sys.argv[1]))\n"
        "store.put('first', Outcome(Cell('d', 'm', 'first'), 'ok'))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try:\n"
        "    for n in range(1000):\n"
        "        store.put(str(n), Outcome(Cell('d', 'm', str(n)), 'ok'), bytes(10_000))\n"
        "except DiskError as error:\n"
        "    print(error)\n"
    )
    path = tmp_path / "cells.sqlite"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert f"to '{path}', but" in done.stdout
    store = RunStore(path)
    cells = {outcome.cell.classifier for outcome in store.outcomes()}
    store.close()
    assert "first" in cells
    assert 1 < len(cells) < 1001


_SMALL_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def _run(folder: Path, *options: str, file_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    grid = folder.parent / "grid.yaml"
    grid.write_text(GRID)
    # Not by `preexec_fn`: this process has threads, whose locks a fork of it would wait for.
    limited = [] if file_bytes is None else ["-c", _SMALL_FILES, str(file_bytes)]
    command = [sys.executable, *limited, "-m", "smote_bench", "run", str(grid), "--smote-out", str(folder)]
    return subprocess.run(
        [*command, "--smote-no-report", "-p", "no:cacheprovider", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder.parent,
    )


def _check_the_next_run_goes_on(out: Path, text: str) -> None:
    assert "INTERNALERROR" not in text
    assert "Traceback" not in text
    assert not list(out.rglob("*.partial"))
    again = _run(out, "-n", "0")
    assert again.returncode == 0, again.stdout
    assert "12 cells asked for: 12 done" in again.stdout


@pytest.mark.fault(
    injected="files cannot grow beyond a limit (a quota) in the middle of a run",
    seen="one error with path, bytes needed and free, and why; the run is cut, exit code not 0; no half file",
    lost="the cell that could not be recorded; the same command goes on from the others",
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_quota_ends_a_run_with_one_error_and_the_next_goes_on(tmp_path, workers):
    out = tmp_path / "out"
    done = _run(out, "-n", workers, file_bytes=120_000)
    assert done.returncode not in (0, 3), done.stdout
    # SQLite has one word for all that a disk may report.
    reasons = ("files may not grow beyond a limit", "the disk reports an error", "the disk is full")
    assert any(f"but {reason}" in done.stdout + done.stderr for reason in reasons), done.stdout
    _check_the_next_run_goes_on(out, done.stdout + done.stderr)


@pytest.mark.fault(
    injected="a disk that is full, or a quota used up, when a run begins",
    seen="the same error, before the first cell; exit code not 0",
    lost="nothing",
)
@pytest.mark.parametrize("n_bytes", [100, 5000, 20_000])
def test_a_run_that_has_no_room_from_the_beginning_says_so_once(tmp_path, n_bytes):
    out = tmp_path / "out"
    done = _run(out, "-n", "0", file_bytes=n_bytes)
    assert done.returncode not in (0, 3), done.stdout
    assert "expected to write" in done.stdout + done.stderr
    assert "damaged" not in done.stdout + done.stderr
    _check_the_next_run_goes_on(out, done.stdout + done.stderr)


def _may_mount(folder: Path) -> bool:
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        return False
    command = [mount, "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.fault(
    injected="the disk is full in the middle of a run",
    seen="the same error; summary and exit code say that the run was cut and of how many cells",
    lost="the cell that could not be recorded, and the tables; the same command goes on when there is room",
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_full_disk_ends_a_run_with_one_error_and_the_next_goes_on(tmp_path, workers):
    out = tmp_path / "out"
    out.mkdir()
    if not _may_mount(out):
        pytest.skip("this user may not mount a file system")
    try:
        done = _run(out, "-n", workers)
        text = done.stdout + done.stderr
        assert done.returncode != 0, text
        assert "the disk is full (" in text
        assert "not written: scores" in text
        assert "During handling" not in text, text
        assert text.count("- Failed: ") <= 1, text
        subprocess.run(["mount", "-o", "remount,size=40m", out], check=True)
        _check_the_next_run_goes_on(out, text)
    finally:
        subprocess.run(["umount", "-l", out], check=True)


def test_an_outcome_that_was_not_recorded_is_not_there(tmp_path):
    store = RunStore(tmp_path / "cells.sqlite")
    store.put("a", Outcome(Cell("d", "m", "a"), "ok"))
    store._db.execute(
        "CREATE TRIGGER full BEFORE INSERT ON cells "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    outcome = Outcome(Cell("d", "m", "b"), "ok")
    with pytest.raises(DiskError, match=f"to write {len(outcome.dumps()) + 9} bytes or more to"):
        store.put("b", outcome, b"predicted")
    assert [outcome.cell.classifier for outcome in store.outcomes()] == ["a"]
    assert store.predictions("b") is None
    store.close()
