"""Where a run goes in MLflow: the store, the experiment, and whether somebody is there, in seconds."""

from __future__ import annotations

import contextlib
import os
import shlex
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from smote_bench.experiment.tracking import TrackingSettings
from smote_bench.report.trackers.contract import TrackerError
from smote_bench.report.trackers.mlflow.view import link_to_view

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from smote_bench.runs.open import Run

__all__ = ["Place", "opened", "place_of", "shown_address"]

_PATIENCE = 10
"""Seconds for a server's first answer."""

_PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433}
_SQLITE = "sqlite:///"

_LOCAL = "http://127.0.0.1:5000"
"""Where ``mlflow ui`` listens."""

_SILENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}
# Else MLflow's pages take an experiment for one of language models, and show traces instead of metrics.
_KIND = {"mlflow.experimentKind": "custom_model_development"}

# MLflow's own: 7 retries that wait up to 64 s, 120 s for each answer.
_PATIENT = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


@dataclass(frozen=True)
class Place:
    """Where a run goes.

    Parameters
    ----------
    uri : str
        As MLflow takes it, with user and password where there are any.
    experiment : str
        The experiment's name in MLflow.
    database : Path, optional
        The file, where the store is one.
    """

    uri: str
    experiment: str
    database: Path | None = None

    @property
    def destination(self) -> str:
        """The store and the experiment, fit to be shown and kept."""
        return f"{shown_address(self.uri)} experiment {self.experiment!r}"

    def how_to_look(self, experiment_id: str) -> list[str]:
        """Return what to start, where something has to be, and the address of the cells."""
        if urlsplit(self.uri).scheme.startswith("http"):
            return [f"to see it: {link_to_view(shown_address(self.uri), experiment_id)}"]
        store = shlex.quote(self.uri) if self.database is not None else '"$MLFLOW_TRACKING_URI"'
        return [
            f"to see it: mlflow ui --backend-store-uri {store}",
            f"then open {link_to_view(_LOCAL, experiment_id)}",
        ]


def place_of(run: Run, environment: Mapping[str, str]) -> Place:
    """Return where a run goes.

    Parameters
    ----------
    run : Run
    environment : mapping
        MLFLOW_TRACKING_URI (default: ``mlflow.db`` in the folder of reports) and MLFLOW_EXPERIMENT_NAME
        (default: the project's name in the experiment's settings) count.

    Raises
    ------
    TrackerError
        If it is a folder of files, which MLflow 3 refuses.
    """
    name = environment.get("MLFLOW_EXPERIMENT_NAME") or TrackingSettings.of(run.manifest).clearml_project_name
    uri = environment.get("MLFLOW_TRACKING_URI", "").strip()
    reports = run.folder.parent.parent if run.folder.parent.name == "runs" else run.folder.parent
    if not uri:
        database = reports.resolve() / "mlflow.db"
        return Place(f"{_SQLITE}{database.as_posix()}", name, database)
    if uri.startswith(_SQLITE) and "?" not in uri:
        database = Path(uri.removeprefix(_SQLITE)).absolute()
        return Place(f"{_SQLITE}{database.as_posix()}", name, database)
    scheme = urlsplit(uri).scheme
    if scheme == "" and uri.partition(":")[0] in ("databricks", "databricks-uc"):
        return Place(uri, name)  # MLflow's own words, without ://
    if scheme in ("", "file") or len(scheme) == 1:  # one letter is a drive of Windows
        _refuse_files(uri, reports, environment)
    return Place(uri, name)


def opened(place: Place) -> tuple[MlflowClient, str]:
    """Return a client and the experiment's id.

    Raises
    ------
    TrackerError
        If nobody answers, or what is there cannot be used.
    """
    with _lock_of(place):
        _knock(place)
        os.environ.update(_SILENT)
        for name, value in _PATIENT.items():
            os.environ.setdefault(name, value)
        return _first_answer(place)


def shown_address(uri: str) -> str:
    """Return an address without user, password and query, which may hold passwords too.

    >>> shown_address("postgresql://me:se@cret@db:5432/mlflow?password=secret")
    'postgresql://db:5432/mlflow'
    """
    parts = urlsplit(uri)
    if not parts.netloc:
        return uri.partition("?")[0]
    return SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "").geturl()


def _refuse_files(uri: str, reports: Path, environment: Mapping[str, str]) -> None:
    if environment.get("MLFLOW_ALLOW_FILE_STORE", "").lower() in ("true", "1"):
        return
    raise TrackerError(
        f"expected MLFLOW_TRACKING_URI of a server (http://...) or a database (sqlite:///...), got {uri!r}: "
        "MLflow 3 refuses to keep runs in a folder of files; unset it (runs then go to "
        f"{reports / 'mlflow.db'}), name a database such as sqlite:///mlflow.db, move old runs there with "
        "`mlflow migrate-filestore`, or set MLFLOW_ALLOW_FILE_STORE=true"
    )


def _knock(place: Place) -> None:
    """See whether a database is there at all: MLflow itself tries for more than a minute."""
    if place.database is not None:
        _look_into(place.database)
        return
    parts = urlsplit(place.uri)
    port = _PORTS.get(parts.scheme.partition("+")[0])
    if port is None or not parts.hostname:
        return
    try:
        socket.create_connection((parts.hostname, parts.port or port), timeout=_PATIENCE).close()
    except OSError as error:
        raise TrackerError(
            f"expected a database at {shown_address(place.uri)}, got {error}: start it or correct "
            "MLFLOW_TRACKING_URI"
        ) from error


@contextlib.contextmanager
def _lock_of(place: Place) -> Iterator[None]:
    """Let one process make a database and its tables: two at once would leave half of them."""
    from filelock import FileLock

    if place.database is None:
        yield
        return
    lock = FileLock(f"{place.database}.lock")
    try:
        place.database.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise _no_database(place.database, error) from error
    try:
        yield
    finally:
        lock.release()


def _look_into(database: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=_PATIENCE)) as connection:
            (n_tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not n_tables:
                # A cell takes nine changes, each on the disk before the next: this is a third of the wait.
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
    except sqlite3.Error as error:
        raise _no_database(database, error) from error


def _no_database(database: Path, error: Exception) -> TrackerError:
    return TrackerError(
        f"expected MLflow's database at {database}, which can be written, got {error}: move the file aside "
        "or name another one by MLFLOW_TRACKING_URI"
    )


def _first_answer(place: Place) -> tuple[MlflowClient, str]:
    from mlflow import MlflowClient

    _silence()
    try:
        with _impatient():
            client = MlflowClient(tracking_uri=place.uri)
            return client, _experiment_id(client, place)
    except Exception as error:  # MLflow's own, SQLAlchemy's, alembic's, those of a database's driver
        raise TrackerError(_why(place, error)) from error


def _why(place: Place, error: Exception) -> str:
    came = str(error).replace(place.uri, shown_address(place.uri))
    if "out-of-date database schema" in came or "Can't locate revision" in came:
        where = shown_address(place.uri)
        return (
            f"expected a database of this MLflow's release at {where}, got another ({came}): back it up, "
            f"then run `mlflow db upgrade {where}`, or install the MLflow that wrote it"
        )
    if isinstance(error, ModuleNotFoundError):
        return (
            f"expected what MLflow needs for {shown_address(place.uri)}, got no module {error.name!r}: "
            "install the package that brings it"
        )
    return (
        f"expected MLflow at {shown_address(place.uri)}, got {came}: start the server or correct "
        "MLFLOW_TRACKING_URI"
    )


def _experiment_id(client: MlflowClient, place: Place) -> str:
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(place.experiment)
    if found is None:
        beside = place.database.with_name("mlartifacts").as_uri() if place.database is not None else None
        try:
            made = client.create_experiment(place.experiment, artifact_location=beside, tags=_KIND)
            return str(made)
        except MlflowException:  # somebody else was first
            found = client.get_experiment_by_name(place.experiment)
            if found is None:
                raise
    if found.lifecycle_stage != "active":
        raise MlflowException(
            f"the experiment {place.experiment!r}, which was deleted: restore it with `mlflow experiments "
            f"restore -x {found.experiment_id}` or name another by MLFLOW_EXPERIMENT_NAME"
        )
    return str(found.experiment_id)


@contextlib.contextmanager
def _impatient() -> Iterator[None]:
    """Do not try again, and wait for seconds only; MLflow reads its settings at every request."""
    hasty = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0", "MLFLOW_HTTP_REQUEST_TIMEOUT": str(_PATIENCE)}
    before = {name: os.environ[name] for name in hasty}
    os.environ.update(hasty)
    try:
        yield
    finally:
        os.environ.update(before)


def _silence() -> None:
    """Let the libraries report errors only: what they say of making tables is no news."""
    import logging

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
