"""The manifest: everything needed to tell what a run was."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from smote_bench import __version__
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.runs import manifest
from smote_bench.runs.manifest import build_manifest
from smote_bench.runs.settings import RunSettings

SETTINGS = RunSettings("run", timeout_seconds=60.0, max_memory=2**31)


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return experiment_from_text(
        "methods: [SMOTE]\ndatasets: [Ecoli, Oil]\nselected_classifiers: [kNN]\n", "grid.yaml"
    )


def _outcomes() -> list[Outcome]:
    return [
        Outcome(Cell("Ecoli", "Original", "kNN"), "ok", version="raw", digest="abc", n_workers=4),
        Outcome(Cell("Ecoli", "SMOTE", "kNN"), "ok", version="raw", digest="abc", n_workers=4),
        Outcome(Cell("Oil", "SMOTE", "kNN"), "unavailable", "no provider"),
    ]


def test_tells_command_protocol_digests_and_versions(experiment: Experiment) -> None:
    outcomes = _outcomes()
    found = build_manifest(experiment, SETTINGS, outcomes, {outcomes[0].cell}, ["-k", "Ecoli"])
    assert found["command"] == ["pytest", "-k", "Ecoli"]
    assert found["experiment"]["protocol"] == experiment.protocol.to_json()
    assert found["experiment"]["datasets"]["Ecoli"]["digest"] == "abc"
    assert found["experiment"]["datasets"]["Oil"]["digest"] is None
    assert found["experiment"]["classifiers"]["kNN"]["params"] == {"n_neighbors": 5}
    counts = {"total": 3, "from_memo": 1, "by_status": {"ok": 2, "unavailable": 1}}
    assert found["cells"] == {**counts, "asked": 3, "done": 3, "failed": 0, "not_run": {}}
    assert found["cut"] is None
    assert found["versions"]["smote-bench"] == __version__
    assert {"python", "numpy", "sklearn", "smote_variants", "pytest"} <= set(found["versions"])
    assert found["machine"]["n_workers"] == 4
    assert (found["timeout_seconds"], found["max_memory"]) == (60.0, 2**31)


def test_is_json(experiment: Experiment) -> None:
    found = build_manifest(experiment, SETTINGS, _outcomes(), set(), [])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_names_the_commit_and_whether_it_was_changed(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("one")
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "file"], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert build_manifest(experiment, SETTINGS, [], set(), [])["commit"] == {"id": head, "dirty": False}
    (tmp_path / "file").write_text("two")
    assert build_manifest(experiment, SETTINGS, [], set(), [])["commit"] == {"id": head, "dirty": True}


@pytest.mark.parametrize("error", [FileNotFoundError("git"), subprocess.CalledProcessError(128, "git")])
def test_a_folder_without_git_has_no_commit(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*arguments: str) -> str:
        raise error

    monkeypatch.setattr(manifest, "_git", fail)
    assert build_manifest(experiment, SETTINGS, [], set(), [])["commit"] is None
