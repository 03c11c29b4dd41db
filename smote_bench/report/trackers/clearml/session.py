"""How ClearML is reached: its server, which has to answer, or offline mode."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smote_bench.environment.clearml_configuration import CREDENTIALS, PATIENCE
from smote_bench.environment.passwords import without_password
from smote_bench.errors import TrackerError

__all__ = ["OFFLINE", "Connection", "connect"]

OFFLINE = "clearml/offline"
"""Where sessions of the offline mode lie, in the run's folder; ClearML fixes the last name."""


_MOST_IDS = 100
"""Tasks that are asked for at once."""


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

    def present(self, task_ids: Iterable[str]) -> set[str]:
        """Return those of the tasks that were sent which are still there."""
        wanted = list(task_ids)
        if not self.is_online:
            return {id for id in wanted if (self.sessions / f"{id}.zip").is_file()}
        from clearml import Task

        found: set[str] = set()
        for start in range(0, len(wanted), _MOST_IDS):
            some = wanted[start : start + _MOST_IDS]
            found |= {str(id) for id in Task.query_tasks(task_filter={"id": some})}
            self.check("a question for tasks that were sent")
        return found

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
    return f"no credentials ({CREDENTIALS})"


def _preflight(host: str, connection: Connection) -> None:
    """Ask the server for anything at all before ClearML asks, which would not give up for long."""
    import requests
    from clearml.backend_api.utils import get_http_session_with_retry

    try:
        # ClearML's, for the user's settings of certificates.
        answer = get_http_session_with_retry(total=0).get(f"{host}/debug.ping", timeout=PATIENCE)
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
        connection.check("the credentials", remedy=f"correct them ({CREDENTIALS})")
        raise


def _note(connection: Connection, request: Any, result: Any) -> None:
    """Keep the id of a task that was made, and what of a task was refused."""
    name = f"{request._service}.{request._action}"
    if name == "tasks.create" and result.ok():
        connection.on_created(result.response.id)
    elif not result.ok():
        connection.refused.append(f"{name}: {result.meta.result_msg}")
