"""A run sent to a stand-in for ClearML's servers by the real SDK: what arrives, and what fails half-way."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clearml_server import ClearMLServer
from made_up import made_up_run
from report.trackers.clearml_sessions import (
    Published,
    needs_clearml,
    publish,
    scores_of,
    sessions_of,
    with_settings,
    without_plots,
)

pytestmark = needs_clearml

METHODS = ("Original", "SMOTE", "class_weight")
NAMES = [f"Ecoli + {method}" for method in METHODS]
ALL = sorted([*NAMES, "results"])
METRICS = ("balanced_accuracy", "roc_auc")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was not sent, in which one method failed."""
    run = made_up_run(
        tmp_path_factory.mktemp("online"),
        datasets=1,
        methods=3,
        classifiers=1,
        folds=2,
        rows=80,
        points=40,
        statuses={("Ecoli", "class_weight", "RandomForest"): "error"},
        priority_metrics=METRICS,
    )
    return with_settings(run, enable_tsne_plots=False, clearml_tags=["nightly"], parent_task_id="1234")


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "runs" / original.name))


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    with ClearMLServer() as running:
        yield running


def send(run: Path, server: ClearMLServer, home: Path) -> Published:
    home.mkdir(exist_ok=True)
    env = {k: v for k, v in server.environment(home).items() if k.startswith(("CLEARML_", "NO_PROXY"))}
    done = publish(run, home, **env)
    assert server.unknown == []
    return done


def names(server: ClearMLServer) -> list[str]:
    return sorted(task["name"] for task in server.tasks.values())


def by_name(server: ClearMLServer) -> dict[str, dict[str, Any]]:
    assert len(set(names(server))) == len(server.tasks), names(server)
    return {task["name"]: task for task in server.tasks.values()}


def complete(run: Path, server: ClearMLServer) -> dict[str, str]:
    """Return the ids of what the run's ledger takes for complete at a server."""
    items = json.loads((run / "tracked.json").read_text())["trackers"]["clearml"][server.address]
    return {name: item["id"] for name, item in items.items() if item["complete"]}


def test_every_task_arrives_once_with_tags_parent_status_scalars_plots_and_files(
    run: Path, server: ClearMLServer, tmp_path: Path
) -> None:
    done = send(run, server, tmp_path / "home")
    assert done.exit_code == 0, done.output
    tasks = by_name(server)
    assert sorted(tasks) == ALL
    assert {server.projects[task["project"]]["name"] for task in tasks.values()} == {"SMOTE Test Bench"}
    assert {task["parent"] for task in tasks.values()} == {"1234"}
    assert sorted(tasks["Ecoli + SMOTE"]["tags"]) == ["Ecoli", "SMOTE", "nightly"]
    assert {name: task["status"] for name, task in tasks.items()} == {
        "Ecoli + Original": "completed",
        "Ecoli + SMOTE": "completed",
        "Ecoli + class_weight": "failed",
        "results": "completed",
    }
    assert tasks["Ecoli + class_weight"]["status_message"] == "RandomForest: error: ValueError: made up"
    id = tasks["Ecoli + SMOTE"]["id"]
    found: dict[str, dict[int, float]] = {}
    for event in server.events_of(id, "training_stats_scalar"):
        if event["metric"] == "CV Fold Results - RandomForest":
            found.setdefault(event["variant"], {})[event["iter"]] = event["value"]
    scores = scores_of(run)
    assert found == {metric: scores["Ecoli", "SMOTE", "RandomForest", "cv", metric] for metric in METRICS}
    assert {(event["metric"], event["variant"]) for event in server.events_of(id, "plot")} >= {
        ("Metrics Summary - SMOTE", "Ecoli"),
        ("ROC", "ROC"),
        ("Original + SMOTE", "Synthetic_Samples"),
    }
    assert any("RandomForest: ok" in event["msg"] for event in server.events_of(id, "log"))
    (path,) = [path for path in server.files if id in path and path.endswith(".json")]
    assert json.loads(server.files[path])["metadata"]["clearml_task_id"] == id
    assert not (run / "clearml").exists()
    assert complete(run, server).keys() == set(ALL)

    n_calls = len(server.calls)
    done = send(run, server, tmp_path / "home")
    assert done.exit_code == 0, done.output
    assert "0 of 4 tasks to send" in done.output
    assert set(server.calls[n_calls:]) == {"auth.login", "tasks.get_all"}


def moved(first: ClearMLServer, again: ClearMLServer, run: Path) -> None:
    """Make a server the one that died, on another port."""
    again.tasks.update(first.tasks)
    again.projects.update(first.projects)
    again.events.extend(first.events)
    again.files.update(first.files)
    ledger = run / "tracked.json"
    ledger.write_text(ledger.read_text().replace(first.address, again.address))


def test_a_server_that_dies_half_way_gets_the_rest_later_without_duplicates(
    run: Path, server: ClearMLServer, tmp_path: Path
) -> None:
    without_plots(run)
    kept: dict[str, str] = {}
    # It dies while the first task is made, later while another one is sent, then stays.
    for n_requests in (5, 45, None):
        with ClearMLServer() as again:
            if server.tasks:
                moved(server, again, run)
            server = again
            if n_requests is not None:
                server.die_after(n_requests)
            done = send(run, server, tmp_path / "home")
        now = complete(run, server)
        assert {name: now[name] for name in kept} == kept
        kept = now
        assert server.tasks
        if n_requests is not None:
            assert done.exit_code == 1, done.output
            assert (
                f"TrackerError: expected ClearML at {server.address} to take the task 'Ecoli" in done.output
            )
            assert "got no answer (" in done.output
            assert len(kept) == (0 if n_requests == 5 else 1)
    assert done.exit_code == 0, done.output
    tasks = by_name(server)
    assert {name: task["id"] for name, task in tasks.items()} == kept
    assert sorted(tasks) == ALL
    assert {task["status"] for task in tasks.values()} == {"completed", "failed"}


def test_what_the_server_does_not_take_is_named_and_sent_again_without_duplicates(
    run: Path, server: ClearMLServer, tmp_path: Path
) -> None:
    without_plots(run)
    task = "take the task 'Ecoli + Original', got "
    for endpoint, status, said in (
        ("debug.ping", 502, "take the run, got HTTP 502"),
        ("auth.login", 401, "take the credentials, got LoginError"),
        ("tasks.create", 400, task),
        ("tasks.get_by_id", 504, f"{task}HTTP 504"),  # the first after a task was made
        ("events.add_batch", 504, f"{task}HTTP 504"),
        ("tasks.edit", 500, f"{task}tasks.edit"),
        ("files.post", 500, f"{task}Failed uploading"),
    ):
        server.fail = {endpoint: status}
        done = send(run, server, tmp_path / "home")
        assert done.exit_code == 1, done.output
        (line,) = [line for line in done.output.splitlines() if line.startswith("TrackerError: ")]
        assert f"expected ClearML at {server.address} to {said}" in line
        assert not any(task["status"] == "completed" for task in server.tasks.values()), endpoint
        assert len(server.tasks) <= 1
    (begun,) = server.tasks
    server.tasks.clear()  # as somebody who tidies up in the web page
    server.fail = {}
    done = send(run, server, tmp_path / "home")
    assert done.exit_code == 0, done.output
    assert f"the task {begun}, which was begun, is not there any more" in done.output
    assert names(server) == ALL


def test_what_was_deleted_on_the_server_is_sent_again_and_nothing_else(
    run: Path, server: ClearMLServer, tmp_path: Path
) -> None:
    assert send(run, server, tmp_path).exit_code == 0
    before = {name: task["id"] for name, task in by_name(server).items()}
    gone, *kept = sorted(before)
    del server.tasks[before[gone]]
    again = send(run, server, tmp_path)
    assert again.exit_code == 0, again.output
    after = {name: task["id"] for name, task in by_name(server).items()}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after[gone] != before[gone]
    assert len(names(server)) == len(before)


def test_sessions_of_the_offline_mode_are_imported_by_the_line_that_is_printed(
    run: Path, server: ClearMLServer, tmp_path: Path
) -> None:
    without_plots(run)
    assert send(run, server, tmp_path / "home").exit_code == 0
    done = publish(run, tmp_path / "elsewhere")  # another destination: all of it is sent there too
    assert done.exit_code == 0, done.output
    server.tasks.clear()
    server.files.clear()
    (line,) = [line for line in done.output.splitlines() if line.startswith("python -c")]
    _, *arguments = shlex.split(line)
    imported = subprocess.run(
        [sys.executable, *arguments],
        env=server.environment(tmp_path / "home"),
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    assert imported.returncode == 0, imported.stdout
    tasks = by_name(server)
    assert sorted(tasks) == ALL
    for session in sessions_of(run):
        task = tasks[session.name]
        assert sorted(task["tags"]) == sorted(session.task["tags"])
        values = {
            (event["metric"], event["variant"], event["iter"]): event["value"]
            for event in server.events_of(task["id"], "training_stats_scalar")
        }
        assert values == {
            (*key, step): value for key, steps in session.scalars.items() for step, value in steps.items()
        }
    assert sorted(Path(path).name for path in server.files if path.endswith(".json")) == sorted(
        f"experiment_results_Ecoli_{method}.json" for method in METHODS
    )
