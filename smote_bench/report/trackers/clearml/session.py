"""How ClearML is reached: its configuration in this process, offline mode, and a server that must answer."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smote_bench.errors import TrackerError
from smote_bench.report.trackers.ledger import without_password

__all__ = ["OFFLINE", "Connection", "configured", "connect"]

OFFLINE = "clearml/offline"
"""Where sessions of the offline mode lie, in the run's folder; ClearML fixes the last name."""

_PATIENCE = (3.0, 10.0)
"""Seconds to connect and to wait for the first answer."""

# The user's files come first: the last value of a key counts, and all but these stay theirs.
# report_use_subprocess: closing a task takes 11 s with it, and 0.04 s without (ClearML 2.1).
# retries: ClearML's own 240 take more than 25 minutes to find that a server is gone.
_OURS = """
sdk.development.report_use_subprocess: false
sdk.development.suppress_update_message: true
sdk.development.support_stopping: false
sdk.development.vcs_repo_detect_async: false
api.http.wait_on_maintenance_forever: false
api.http.retries { total: 3, connect: 3, read: 3, redirect: 3, status: 3, backoff_factor: 0.5 }
api.http.retries.backoff_max: 4.0
"""


@dataclass
class Connection:
    """Where tasks go, and what went wrong there.

    Parameters
    ----------
    destination : str
        The ledger's name for it: the API server's address, or `OFFLINE`.
    folder : Path
        The run's.
    is_online : bool
    on_created : callable
        Told the id of every task as soon as the server has made it.
    lost : str
        Why the server can no longer be reached; empty while it can.
    refused : list of str
        What the server did not take.
    """

    destination: str
    folder: Path
    is_online: bool
    on_created: Callable[[str], None] = field(default=lambda _id: None)
    lost: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def sessions(self) -> Path:
        """The folder of the offline sessions."""
        return self.folder / OFFLINE

    def has(self, task_id: str) -> bool:
        """Tell whether a task that was sent is still there, as far as can be seen from here."""
        return self.is_online or (self.sessions / f"{task_id}.zip").is_file()

    def remove(self, task_id: str, say: Callable[[str], None]) -> None:
        """Remove a task that was begun and not completed."""
        if not self.is_online:
            shutil.rmtree(self.sessions / task_id, ignore_errors=True)
            (self.sessions / f"{task_id}.zip").unlink(missing_ok=True)
            return
        from clearml import Task

        try:
            task: Any = Task.get_task(task_id=task_id)
        except Exception as error:  # ClearML raises what it likes, ValueError among it
            self.check(f"the question for task {task_id}", but_refused=True)
            say(f"the task {task_id}, which was begun, is not there any more ({error})")
            return
        is_gone: bool = task.delete(raise_on_error=False)
        self.check(f"the deletion of task {task_id}", but_refused=True)
        if not is_gone:
            say(f"expected the server to delete the begun task {task_id}, it did not: do it there")

    def note(self, error: BaseException) -> None:
        """Take an error for the loss of the server where it is one of the network."""
        from requests import RequestException

        if isinstance(error, RequestException) and not self.lost:
            first: BaseException = error
            while first.__cause__ or first.__context__:
                first = first.__cause__ or first.__context__ or first
            self.lost = f"no answer ({type(first).__name__}: {without_password(str(first))})"

    def check(self, what: str, *, but_refused: bool = False, remedy: str = "") -> None:
        """Raise where the server was lost or did not take something.

        Parameters
        ----------
        what : str
            That was sent, in words.
        but_refused : bool
            Forget what was refused.
        remedy : str
            What to do, where it is not the usual.

        Raises
        ------
        TrackerError
        """
        came = self.lost or ("" if but_refused else "; ".join(dict.fromkeys(self.refused)))
        self.refused.clear()
        if came:
            usual = "see that the server answers" if self.lost else "see what the server says against it"
            raise TrackerError(
                f"expected ClearML at {self.destination} to take {what}, got {came}: {remedy or usual}"
            )


@contextlib.contextmanager
def configured() -> Iterator[None]:
    """Give ClearML a configuration of its own in this process: the user's files, and ours over them.

    Raises
    ------
    TrackerError
        If the user names a file that is not there, or ClearML cannot read one.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="smote-bench-clearml-") as folder:
        own = Path(folder, "clearml.conf")
        files = _files_of_user()
        # Read where they are, so that no copy of a password is made.
        includes = [f"include file({json.dumps(path.as_posix())})" for path in files]
        own.write_text("\n".join([*includes, _OURS]), encoding="utf-8")
        os.environ["CLEARML_CONFIG_FILE"] = str(own)
        try:
            _load(files)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def connect(run_folder: Path, say: Callable[[str], None]) -> Connection:
    """Find the server and make sure that it answers, or go to offline mode where there are no credentials.

    Parameters
    ----------
    run_folder : Path
    say : callable
        Told where the tasks go.

    Raises
    ------
    TrackerError
        If the server does not answer in seconds, or does not take the credentials.
    """
    from clearml import Task

    Task.set_random_seed(None)  # or ClearML seeds the global generators with every task
    wish = _why_offline()
    if wish:
        os.environ["CLEARML_CACHE_DIR"] = str(run_folder / Path(OFFLINE).parent)
        Task.set_offline(True)
        connection = Connection(OFFLINE, run_folder, is_online=False)
        say(f"{wish}: offline, sessions go to {connection.sessions}")
        return connection
    from clearml.backend_api import Session

    host = Session.get_api_server_host()
    connection = Connection(without_password(host), run_folder, is_online=True)
    _preflight(host, connection)
    Task._set_default_session(_session(connection))
    say(f"sending to {connection.destination}")
    return connection


def _files_of_user() -> list[Path]:
    """Return the configuration files that ClearML would read."""
    for variable in ("CLEARML_CONFIG_FILE", "TRAINS_CONFIG_FILE"):
        named = os.environ.get(variable)
        if named:
            path = Path(os.path.expandvars(named)).expanduser().absolute()
            if not path.is_file():
                raise TrackerError(
                    f"ClearML: expected {variable} to name a file, got {named!r}: correct or unset it"
                )
            return [path]
    homes = (Path("~", name).expanduser() for name in ("trains.conf", "clearml.conf"))
    return [path for path in homes if path.is_file()]


def _load(files: list[Path]) -> None:
    """Import ClearML and have it read its configuration."""
    try:
        from clearml.config import config_obj

        config_obj.get("api")
    except Exception as error:  # of its parser, by any name
        named = ", ".join(map(str, files)) or "no file of yours"
        raise TrackerError(
            f"ClearML: expected a configuration that it can read, got {error} (from {named}): correct the "
            "file, or make a new one with `clearml-init`"
        ) from error


def _why_offline() -> str:
    """Return why there is nothing to connect to, in words; empty where there are credentials."""
    from clearml.backend_api.session import defs
    from clearml.config import config_obj

    if defs.ENV_OFFLINE_MODE.get():
        return "CLEARML_OFFLINE_MODE is set"
    variables = (defs.ENV_ACCESS_KEY, defs.ENV_SECRET_KEY, defs.ENV_AUTH_TOKEN)
    keys = ("api.credentials.access_key", "api.credentials.secret_key")
    if any(variable.get() for variable in variables) or any(config_obj.get(key, None) for key in keys):
        return ""
    return "no credentials (clearml.conf, or CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY)"


def _preflight(host: str, connection: Connection) -> None:
    """Ask the server for anything at all before ClearML asks, which would not give up for long."""
    import requests
    from clearml.backend_api.utils import get_http_session_with_retry

    try:
        # ClearML's, for the user's settings of certificates.
        answer = get_http_session_with_retry(total=0).get(f"{host}/debug.ping", timeout=_PATIENCE)
    except requests.RequestException as error:
        connection.note(error)
    else:
        if answer.status_code >= 500:
            connection.lost = f"HTTP {answer.status_code}"
    connection.check("the run")


def _session(connection: Connection) -> Any:
    """Return ClearML's session, made to fail where ClearML 2.1 asks a lost server again without end.

    Its `InterfaceBase._send` repeats a request for as long as it raises, so a request that cannot be sent
    gets the answer of one that was refused; `Connection.lost` tells the two apart.
    """
    import requests
    from clearml.backend_api import CallResult, Session
    from clearml.backend_api.session.response import ResponseMeta

    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not connection.lost:
            try:
                result: Any = Session.send(self, request, *args, **kwargs)
            except requests.RequestException as error:
                connection.note(error)
            else:
                code = result.meta.result_code if result is not None else "without an answer"
                if isinstance(code, int) and code <= 500:  # ClearML repeats what gets another one
                    _note(connection, request, result)
                    return result
                connection.lost = f"HTTP {code}"
        meta = ResponseMeta.from_raw_data(status_code=400, text=connection.lost)
        return CallResult(meta=meta)

    answering = {
        "send": send,
        # Left to the server: checking ClearML's own schema with every request takes half of the time.
        "validate_request": lambda _self, _request: None,
        "_session_timeout": (5.0, 30.0),
        "_write_session_timeout": (10.0, 60.0),
    }
    try:
        return type("AnsweringSession", (Session,), answering)()
    except Exception as error:  # LoginError, or whatever the server's words are turned into
        connection.lost = f"{type(error).__name__}: {error}"
        where = "clearml.conf, or CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY"
        connection.check("the credentials", remedy=f"correct them ({where})")
        raise


def _note(connection: Connection, request: Any, result: Any) -> None:
    """Keep the id of a task that was made, and what of a task was refused."""
    name = f"{request._service}.{request._action}"
    if name == "tasks.create" and result.ok():
        connection.on_created(result.response.id)
    elif not result.ok():
        connection.refused.append(f"{name}: {result.meta.result_msg}")
