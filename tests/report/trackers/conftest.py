"""A small finished run, and a folder with trackers of a user's own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Bench

EXPERIMENT = """
name: small
methods:
  Jitter: "samplers:Jitter"
  Broken: "samplers:Broken"
datasets:
  - {name: one, file: one.csv, target: y, minority: 1}
experiment_config:
  cv_folds: 2
  random_runs: 2
  metrics: [balanced_accuracy, g_mean]
  priority_metrics: [balanced_accuracy]
  selected_classifiers: [DecisionTree]
"""

_TRACKER = '''
"""Trackers that do what the environment's TOY says; what was sent is in sent.txt."""

import os
import sys
import time
from pathlib import Path

from smote_bench import TrackerError

HERE = Path(__file__).parent


class Toy:
    def publish(self, run, ledger, say):
        behaviour = os.environ.get("TOY", "well")
        print("chatter of a library")
        say("toy takes " + run.folder.name)
        sent = ledger.sent("here")
        for n, outcome in enumerate(run.outcomes):
            if outcome.cell.id in sent and sent[outcome.cell.id].is_complete:
                continue
            ledger.begin("here", outcome.cell.id, str(n))
            if n == 1:
                self.misbehave(behaviour)
            with (HERE / "sent.txt").open("a") as file:
                file.write(outcome.cell.id + "\\n")
            ledger.finish("here", outcome.cell.id)
        (HERE / "environment.txt").write_text("\\n".join(sorted(os.environ)))

    def misbehave(self, behaviour):
        if behaviour == "refuses":
            raise TrackerError("expected the toy to take a cell, got a refusal: ask again")
        if behaviour == "crashes":
            raise ZeroDivisionError("toys break")
        if behaviour == "dies":
            os._exit(9)
        if behaviour == "exits":
            sys.exit("enough")
        if behaviour == "hangs":
            while True:
                time.sleep(60)


class NoTracker:
    pass


not_a_class = 5
'''


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bench and a finished run of three cells, one of them an error; to be copied."""
    bench = Bench(tmp_path_factory.mktemp("tracked"))
    bench.table("one", 1, rows=60)
    bench.experiment(EXPERIMENT)
    (bench.path / "toys.py").write_text(_TRACKER, encoding="utf-8")
    run = bench.run()
    assert run.manifest["cells"]["by_status"] == {"error": 1, "ok": 2}, run.text
    return bench.path


@pytest.fixture
def there(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A copy of it, which is also where this process is, and where its children find modules."""
    path = tmp_path / "there"
    shutil.copytree(finished, path, symlinks=True)
    bench = Bench(path)
    monkeypatch.chdir(path)
    monkeypatch.delitem(sys.modules, "toys", raising=False)
    monkeypatch.syspath_prepend(str(path))
    monkeypatch.setenv("PYTHONPATH", bench.environment()["PYTHONPATH"])
    return bench


@pytest.fixture
def run_folder(there: Any) -> Path:
    (folder,) = (there.path / "out" / "runs").iterdir()
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Return what no tracker may change, by file."""
    names = ("scores.csv", "scores.parquet", "cells.csv", "cells.sqlite", "manifest.json")
    return {name: (folder / name).read_bytes() for name in names}


def sent_to_toy(folder: Path) -> list[str]:
    path = folder / "sent.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def ledger_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "tracked.json").read_text(encoding="utf-8"))
    return found


def without(package: str, folder: Path) -> str:
    """Return a PYTHONPATH with which a package cannot be imported, as if it were not installed."""
    (folder / "sitecustomize.py").write_text(
        "import importlib.abc, sys\n"
        "class No(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] == {package!r}:\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, No())\n",
        encoding="utf-8",
    )
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
