"""A run ends with pytest's exit code; one whose output nobody reads any more was cut, and says so.

Also of: session.standard_output.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench.commands.call_pytest import NOBODY_READS

GRID = """
methods: [RandomOverSampler]
datasets: [Haberman]
cv_folds: 2
selected_classifiers: [DecisionTree, kNN]
"""


@pytest.mark.fault(
    injected="who reads the output of a run goes away, as `| head` does",
    seen="a line on standard error; exit code 141; tables of what is there, and why other cells were not run",
    lost="the cells in flight; the same command goes on from the others",
)
@pytest.mark.parametrize("n_lines", [0, 3])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_that_nobody_reads_is_cut_and_no_success(tmp_path: Path, workers: str, n_lines: int) -> None:
    (tmp_path / "grid.yaml").write_text(GRID)
    command = [sys.executable, "-m", "smote_bench", "run", "grid.yaml", "-n", workers, "--smote-no-report"]
    run = subprocess.Popen(
        [*command, "-p", "no:cacheprovider", "--smote-out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert run.stdout is not None
    for _ in range(n_lines):
        run.stdout.readline()
    run.stdout.close()
    _, errors = run.communicate(timeout=120)
    assert run.returncode == NOBODY_READS
    assert "the run was cut" in errors
    assert "Traceback" not in errors
    for path in tmp_path.glob("out/runs/*/cells.csv"):
        rows = list(csv.DictReader(path.read_text().splitlines()))
        assert len(rows) == 4
        reasons = {row["reason"] for row in rows if row["status"] == "not_run"}
        assert reasons <= {"stopped: nobody reads its output any more"}


@pytest.mark.fault(
    injected="standard output is a file on a disk that is full",
    seen="a line on standard error; exit code 2; tables of what is there, where there was something",
    lost="the cells in flight; the same command goes on from the others",
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full here")
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_that_cannot_print_says_why_in_a_line(tmp_path: Path, workers: str) -> None:
    (tmp_path / "grid.yaml").write_text(GRID)
    command = [sys.executable, "-m", "smote_bench", "run", "grid.yaml", "-n", workers, "--smote-no-report"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", "--smote-out", str(tmp_path / "out")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
    assert done.returncode == 2
    why = "expected to print, but its output takes nothing more: the disk is full"
    assert done.stderr.startswith(f"smote-bench: {why}: the run was cut.")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full here")
def test_a_list_that_cannot_be_printed_says_why_in_a_line(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "smote_bench", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
    assert (done.returncode, done.stderr) == (
        1,
        "smote-bench list: expected to print, but its output takes nothing more: the disk is full\n",
    )
