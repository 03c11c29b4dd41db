"""The stand-in for ClearML's servers, asked by the real SDK in a process of its own, and by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clearml_server import ClearMLServer

from tests.conftest import skip_without

TASK = """
from clearml import Task
Task.set_random_seed(None)
task = Task.init("Bench/Inner", "Ecoli + SMOTE", reuse_last_task_id=False, auto_connect_frameworks=False,
                 auto_connect_arg_parser=False, auto_resource_monitoring=False)
task.add_tags(["Ecoli", "SMOTE"])
task.connect({"folds": 5, "nested": {"k": 3}}, name="experiment_config")
log = task.get_logger()
log.report_scalar("AUC", "KNN", 0.75, iteration=1)
log.report_scalar("AUC", "KNN", 0.5, iteration=2)
log.report_single_value("best", 0.75)
log.report_table("Summary", "SMOTE", table_plot=[["metric", "mean"], ["AUC", 0.625]])
task.upload_artifact("results", {"AUC": 0.625}, wait_on_upload=True)
task.flush(wait_for_uploads=True)

import json
same = Task.get_task(task_id=task.id)
(found,) = Task.query_tasks("Bench/Inner", tags=["SMOTE"])
print("READ", json.dumps({
    "scalars": same.get_reported_scalars(),
    "single": same.get_reported_single_values(),
    "last": same.get_last_scalar_metrics()["AUC"],
    "plots": [[p["metric"], p["variant"]] for p in same.get_reported_plots()],
    "artifact": same.artifacts["results"].get(),
    "parameters": same.get_parameters(),
    "found": found == task.id,
    "others": Task.query_tasks("Bench/Inner", tags=["ADASYN"]),
}))
task.close()
"""

DATASET = """
import json, pathlib
from clearml import Dataset
pathlib.Path("Ecoli.csv").write_text("a,y\\n1.5,0\\n2.5,1\\n")
made = Dataset.create(dataset_name="Ecoli", dataset_project="Bench", dataset_version="raw")
made.add_files("Ecoli.csv")
made.set_metadata({"total_samples": 2})
made.upload(show_progress=False)
made.finalize()
got = Dataset.get(dataset_project="Bench", dataset_name="Ecoli", dataset_version="raw")
copy = pathlib.Path(got.get_local_copy()) / "Ecoli.csv"
failures = []
for wanted in ({"dataset_project": "Bench", "dataset_name": "Ecoli", "dataset_version": "other"},
               {"dataset_id": "0" * 32}):
    try:
        Dataset.get(**wanted)
    except ValueError as error:
        failures.append(str(error))
print("READ", json.dumps({
    "same": got.id == made.id,
    "text": copy.read_text(),
    "metadata": got.get_metadata(),
    "modified": [entry.relative_path for entry in got.verify_dataset_hash(str(copy.parent))],
    "listed": [[d["name"], d["project"], d["version"], str(d["status"])]
               for d in Dataset.list_datasets("Bench")],
    "failures": failures,
}))
"""


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    with ClearMLServer() as running:
        yield running


def run_sdk(server: ClearMLServer, code: str, folder: Path) -> Any:
    """Run code with the real SDK; return what it printed after READ."""
    skip_without("clearml")
    (folder / "uses_clearml.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "uses_clearml.py"],
        env=server.environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.unknown == []
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("READ"))[5:])


def ask(server: ClearMLServer, endpoint: str, **fields: Any) -> Any:
    """Ask an endpoint without the SDK; return the status and the answer."""
    login = b64encode(f"{server.access_key}:{server.secret_key}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"{server.address}/v2.23/{endpoint}", json.dumps(fields).encode(), headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def data(server: ClearMLServer, endpoint: str, **fields: Any) -> Any:
    status, answer = ask(server, endpoint, **fields)
    assert status == 200, answer
    return answer["data"]


def test_a_task_of_the_sdk_arrives_and_can_be_read_back(server: ClearMLServer, tmp_path: Path) -> None:
    read = run_sdk(server, TASK, tmp_path)
    assert read == {
        "scalars": {"AUC": {"KNN": {"name": "KNN", "x": [1, 2], "y": [0.75, 0.5]}}},
        "single": {"best": 0.75},
        "last": {"KNN": {"last": 0.5, "min": 0.5, "max": 0.75}},
        "plots": [["Summary", "SMOTE"]],
        "artifact": {"AUC": 0.625},
        "parameters": {"experiment_config/folds": "5", "experiment_config/nested/k": "3"},
        "found": True,
        "others": [],
    }
    (task,) = server.named("Ecoli + SMOTE", project="Bench/Inner")
    assert task["status"] == "completed"
    assert sorted(task["tags"]) == ["Ecoli", "SMOTE"]
    assert task["hyperparams"]["experiment_config"]["folds"]["value"] == "5"
    scalars = server.events_of(task["id"], "training_stats_scalar")
    assert [(e["metric"], e["variant"], e["iter"], e["value"]) for e in scalars] == [
        ("AUC", "KNN", 1, 0.75),
        ("AUC", "KNN", 2, 0.5),
        ("Summary", "best", -(2**31), 0.75),
    ]
    (path,) = server.files
    assert json.loads(server.files[path]) == {"AUC": 0.625}
    assert {p["name"] for p in server.projects.values()} == {"Bench", "Bench/Inner"}


def test_a_dataset_of_the_sdk_makes_the_round_trip(server: ClearMLServer, tmp_path: Path) -> None:
    read = run_sdk(server, DATASET, tmp_path)
    assert read == {
        "same": True,
        "text": "a,y\n1.5,0\n2.5,1\n",
        "metadata": {"total_samples": 2},
        "modified": [],
        "listed": [["Ecoli", "Bench", "raw", "completed"]],
        "failures": [
            "Could not find Dataset project/name/version ('Bench', 'Ecoli', 'other')",
            f'Task ID "{"0" * 32}" could not be found',
        ],
    }
    (task,) = server.named("Ecoli", project="Bench/.datasets/Ecoli")
    assert {artifact["key"] for artifact in task["execution"]["artifacts"]} == {"data", "metadata", "state"}


def test_an_unknown_id_is_an_error_in_the_servers_format(server: ClearMLServer) -> None:
    status, answer = ask(server, "tasks.get_by_id", task="feedbeef")
    meta = answer["meta"]
    assert (status, meta["result_code"], meta["result_subcode"]) == (400, 400, 101)
    assert meta["result_msg"].startswith("Invalid task id: id=feedbeef")
    assert ask(server, "projects.get_by_id", project="none")[1]["meta"]["result_subcode"] == 401


def test_an_unknown_endpoint_is_refused_and_noted(server: ClearMLServer) -> None:
    assert ask(server, "tasks.guess")[0] == 404
    assert server.unknown == ["tasks.guess"]


def test_filters_filter(server: ClearMLServer) -> None:
    project = data(server, "projects.create", name="A")["id"]
    ids = {
        name: data(server, "tasks.create", name=name, type="training", project=project, tags=tags)["id"]
        for name, tags in {"one": ["x"], "two": ["x", "y"], "three": []}.items()
    }

    def names(**wanted: Any) -> list[str]:
        return [task["name"] for task in data(server, "tasks.get_all", **wanted)["tasks"]]

    assert names(name="^o") == ["one"]
    assert names(id=[ids["two"]]) == ["two"]
    assert names(tags=["x", "y"]) == ["one", "two"]
    assert names(tags=["__$all", "x", "y"]) == ["two"]
    assert names(tags=["__$not", "x"]) == ["three"]
    assert names(tags=["x", "-y"]) == ["one"]
    assert names(project=["elsewhere"]) == []
    assert names(type=["testing"]) == []
    assert names(status=["completed"]) == []
    assert names(order_by=["-name"], page=0, page_size=2) == ["two", "three"]
    found = data(server, "tasks.get_all", only_fields=["name"], name="one")["tasks"]
    assert found == [{"id": ids["one"], "name": "one"}]


def test_statuses_change_only_as_they_may(server: ClearMLServer) -> None:
    task = data(server, "tasks.create", name="t", type="training")["id"]
    assert ask(server, "tasks.publish", task=task)[1]["meta"]["result_subcode"] == 110
    data(server, "tasks.started", task=task)
    assert ask(server, "tasks.edit", task=task, name="new")[0] == 400
    data(server, "tasks.edit", task=task, name="new", force=True)
    data(server, "tasks.completed", task=task)
    data(server, "tasks.publish", task=task)
    assert (server.tasks[task]["name"], server.tasks[task]["status"]) == ("new", "published")


def test_a_reset_removes_events_and_a_deleted_task_is_gone(server: ClearMLServer) -> None:
    task = data(server, "tasks.create", name="t", type="training")["id"]
    scalar = {"type": "training_stats_scalar", "task": task, "metric": "m", "variant": "v", "value": 1.0}
    data(server, "events.add", **scalar)
    data(server, "tasks.reset", task=task)
    assert server.events == []
    assert server.tasks[task]["last_metrics"] == {}
    data(server, "tasks.delete", task=task)
    assert ask(server, "events.add", **scalar)[1]["meta"]["result_subcode"] == 123
    assert server.tasks == {}


def test_wrong_credentials_are_refused(server: ClearMLServer, tmp_path: Path) -> None:
    server.refuse_credentials = True
    status, answer = ask(server, "auth.login")
    assert (status, answer["meta"]["result_subcode"]) == (401, 22)
    assert ask(server, "tasks.get_all")[0] == 401


def test_the_file_server_wants_a_token(server: ClearMLServer) -> None:
    server.files["a/b.txt"] = b"content"
    token = data(server, "auth.login")["token"]
    headers = {"Authorization": f"Bearer {token}"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{server.files_address}/a/b.txt", headers=headers), timeout=30
    ) as answer:
        assert answer.read() == b"content"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{server.files_address}/a/b.txt", timeout=30)


def test_it_answers_errors_where_it_is_told_to(server: ClearMLServer) -> None:
    server.fail = {"tasks.*": 500}
    assert ask(server, "tasks.get_all")[0] == 500
    assert ask(server, "projects.get_all")[0] == 200


def test_it_dies_after_so_many_requests_and_keeps_what_it_got(server: ClearMLServer) -> None:
    server.die_after(1)
    data(server, "projects.create", name="A")
    with pytest.raises(OSError, match=r"closed|reset|refused"):
        ask(server, "projects.create", name="B")
    assert [project["name"] for project in server.projects.values()] == ["A"]
