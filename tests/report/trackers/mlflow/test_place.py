"""Where runs go in MLflow, and what is said where nobody is there."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest
from made_up import made_up_run
from report.trackers.mlflow_stores import SMOTE_BENCH, clean_environment, needs_mlflow, publish, read_store

from smote_bench.report.trackers.contract import TrackerError
from smote_bench.report.trackers.mlflow.place import Place, opened, place_of, shown_address
from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("place")
    return open_run(made_up_run(out, datasets=1, methods=2, classifiers=1, folds=2, points=None))


def test_runs_go_to_a_database_in_the_folder_of_reports_by_default(run: Run) -> None:
    place = place_of(run, {})
    reports = run.folder.parent.parent
    assert place == Place(f"sqlite:///{reports}/mlflow.db", "SMOTE Test Bench", reports / "mlflow.db")
    assert place.how_to_look("7") == [
        f"to see it: mlflow ui --backend-store-uri sqlite:///{reports}/mlflow.db",
        "then open http://127.0.0.1:5000/#/experiments/7/runs?viewStateShareKey=smote-bench",
    ]


def test_mlflows_own_variables_name_store_and_experiment(run: Run) -> None:
    variables = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000", "MLFLOW_EXPERIMENT_NAME": "mine"}
    assert place_of(run, variables) == Place("http://127.0.0.1:5000", "mine")


def test_a_relative_database_is_the_same_destination_from_every_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = place_of(run, {"MLFLOW_TRACKING_URI": "sqlite:///mine.db"})
    assert place.uri == f"sqlite:///{tmp_path}/mine.db"
    assert place.uri in place.destination


@pytest.mark.parametrize(
    "uri",
    [
        "http://me:secret@127.0.0.1:5000/mlflow",
        "http://me:se@cret@127.0.0.1:5000/mlflow",
        "postgresql://me:secret@127.0.0.1:5000/mlflow?password=secret",
    ],
)
def test_a_destination_has_no_password(run: Run, uri: str) -> None:
    place = place_of(run, {"MLFLOW_TRACKING_URI": uri})
    assert place.uri == uri
    scheme = uri.partition(":")[0]
    assert place.destination == f"{scheme}://127.0.0.1:5000/mlflow experiment 'SMOTE Test Bench'"
    assert "cret" not in " ".join(place.how_to_look("1"))


@pytest.mark.parametrize("uri", ["file:///tmp/mlruns", "./mlruns", "mlruns", "C:\\mlruns"])
def test_a_folder_of_files_is_refused_with_what_to_do(run: Run, uri: str) -> None:
    with pytest.raises(
        TrackerError, match=r"expected MLFLOW_TRACKING_URI of a server.*mlflow migrate-filestore"
    ):
        place_of(run, {"MLFLOW_TRACKING_URI": uri})
    place_of(run, {"MLFLOW_TRACKING_URI": uri, "MLFLOW_ALLOW_FILE_STORE": "true"})


def test_a_database_server_that_is_not_there_is_named_without_its_password(free_port: int) -> None:
    place = Place(f"postgresql://me:secret@127.0.0.1:{free_port}/mlflow", "mine")
    with pytest.raises(
        TrackerError, match=rf"expected a database at postgresql://127.0.0.1:{free_port}/mlflow, got"
    ):
        opened(place)


@pytest.fixture
def free_port() -> int:
    """A port of this machine where nobody listens."""
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_text("notes of mine, and no database at all")
    with pytest.raises(
        TrackerError, match=r"expected MLflow's database at .*, got file is not a database: move"
    ):
        opened(Place(f"sqlite:///{path}", "mine", path))
    assert path.read_text() == "notes of mine, and no database at all"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:////home/me/mlflow.db", "sqlite:////home/me/mlflow.db"),
        ("https://token@host/path?key=secret", "https://host/path"),
        ("databricks", "databricks"),
        ("databricks://profile", "databricks://profile"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address: str, shown: str) -> None:
    assert shown_address(address) == shown


@needs_mlflow
def test_a_server_that_is_not_there_is_named_at_once_with_the_way_to_go_on(
    run: Run, tmp_path: Path, free_port: int
) -> None:
    uri = f"http://me:secret@127.0.0.1:{free_port}"
    command = [*SMOTE_BENCH, "track", str(run.folder), "--to", "mlflow"]
    environment = clean_environment(tmp_path / "home", MLFLOW_TRACKING_URI=uri)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert f"not sent to mlflow: expected MLflow at http://127.0.0.1:{free_port}, got" in done.stderr
    assert f"`smote-bench track {run.folder} --to mlflow` sends what is missing" in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert not (run.folder / "tracked.json").exists()


@needs_mlflow
def test_a_database_of_another_release_is_left_as_it_is_with_what_to_do(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    environment = clean_environment(tmp_path / "home", MLFLOW_TRACKING_URI=f"sqlite:///{path}")
    assert publish(run.folder, environment).returncode == 0
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'cc1f77228345'")
    connection.close()
    (run.folder / "tracked.json").unlink()
    done = publish(run.folder, environment)
    assert done.returncode == 1
    assert f"back it up, then run `mlflow db upgrade sqlite:///{path}`" in done.stdout


@needs_mlflow
def test_two_runs_sent_at_once_into_a_new_database_are_both_whole(tmp_path: Path) -> None:
    names = ("first", "second")
    sizes = {"datasets": 1, "methods": 2, "classifiers": 1, "folds": 2, "points": None}
    folders = [made_up_run(tmp_path, name=name, **sizes) for name in names]
    environment = clean_environment(tmp_path / "home")
    commands = [[*SMOTE_BENCH, "track", str(folder), "--to", "mlflow"] for folder in folders]
    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for command in commands]
    assert [(p.communicate(timeout=300), p.returncode)[1] for p in processes] == [0, 0]
    found = read_store(f"sqlite:///{tmp_path}/mlflow.db", environment, whole=False)
    cells = ["Ecoli-Original-RandomForest", "Ecoli-SMOTE-RandomForest"]
    assert sorted(run.name for run in found) == sorted([*(f.name for f in folders), *cells, *cells])
    with sqlite3.connect(tmp_path / "mlflow.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be")
    path = tmp_path / "reports" / "mlflow.db"
    with pytest.raises(
        TrackerError, match=rf"expected MLflow's database at {path}, which can be written, got"
    ):
        opened(Place(f"sqlite:///{path}", "mine", path))
