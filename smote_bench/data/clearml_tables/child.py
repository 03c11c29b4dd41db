"""The process that uses ClearML's library for data sets: it fetches one, or publishes some.

Started by `data.clearml_tables.process`. Each line on its standard output is an answer as JSON; the last
is ``{"done": true}`` or ``{"unavailable": [reason, remedy]}``. What the library prints goes to standard
error.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from smote_bench.environment.children import answering, end_at_once
from smote_bench.environment.clearml_configuration import CREDENTIALS, PATIENCE, configured
from smote_bench.environment.passwords import without_password
from smote_bench.errors import SmoteBenchError, UnavailableError

__all__ = ["main"]

_TAG = "smote-bench"
_FINAL = ("completed", "published", "closed")
# The server stops what its pusher left: ClearML calls that final, but its files may not all be there.
_ABANDONED = ("stopped", "failed")

Tell = Callable[..., None]


def main() -> int:
    """Do what is asked for on standard input."""
    tell = answering()
    request = json.load(sys.stdin)
    try:
        with configured(own_cache=True):
            server = _reach()
            _end_when_lost(server, tell)
            {"fetch": _fetch, "push": _push}[request["do"]](request, server, tell)
    except UnavailableError as error:
        tell(unavailable=[error.reason, error.remedy])
    except Exception as error:  # ClearML raises what it likes
        traceback.print_exc()
        said = str(error) if isinstance(error, SmoteBenchError) else f"{type(error).__name__}: {error}"
        tell(unavailable=[f"ClearML failed ({said})", "see that its server is well, and try again"])
    else:
        tell(done=True)
    return 0


def _reach() -> str:
    """Return the server's address once it has answered and taken the credentials.

    ClearML itself would ask a dead server again for many minutes.
    """
    import requests
    from clearml.backend_api import Session
    from clearml.backend_api.session import defs
    from clearml.config import config_obj

    if defs.ENV_OFFLINE_MODE.get():
        raise UnavailableError(
            "ClearML is in offline mode, in which no data set can be read back", "unset CLEARML_OFFLINE_MODE"
        )
    host = str(Session.get_api_server_host())
    shown = without_password(host)
    key = defs.ENV_ACCESS_KEY.get() or config_obj.get("api.credentials.access_key", None)
    secret = defs.ENV_SECRET_KEY.get() or config_obj.get("api.credentials.secret_key", None)
    token = defs.ENV_AUTH_TOKEN.get()
    if not token and not (key and secret):
        raise UnavailableError(
            f"ClearML has no credentials ({CREDENTIALS})",
            "make them in the settings of ClearML's web page and run clearml-init, or set the variables",
        )
    try:
        answer = requests.get(
            f"{host}/auth.login",
            auth=None if token else (str(key), str(secret)),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=PATIENCE,
            verify=bool(config_obj.get("api.verify_certificate", True)),
        )
    except requests.RequestException as error:
        raise _lost(shown, error) from error
    if answer.status_code in (401, 403):
        raise UnavailableError(
            f"ClearML at {shown} does not take the credentials ({_message(answer)})",
            "correct them in clearml.conf or the environment; its web page makes new ones in the settings",
        )
    if answer.status_code != 200 or "token" not in _data(answer):
        raise UnavailableError(
            f"ClearML at {shown} answers HTTP {answer.status_code} to a login ({_message(answer)})",
            "see that CLEARML_API_HOST is its API server's address (not the web page's), and that it is well",
        )
    return shown


def _data(answer: Any) -> Mapping[str, Any]:
    try:
        return dict(answer.json()["data"])
    except (ValueError, KeyError, TypeError):
        return {}


def _message(answer: Any) -> str:
    try:
        return str(answer.json()["meta"]["result_msg"])
    except (ValueError, KeyError, TypeError):
        return str(answer.reason)


def _lost(server: str, error: Exception) -> UnavailableError:
    return UnavailableError(
        f"ClearML at {server} does not answer ({type(error).__name__})",
        "start the server, connect to its network, or correct CLEARML_API_HOST",
    )


def _end_when_lost(server: str, tell: Tell) -> None:
    """End this process when a request cannot be sent: ClearML 2.1 would repeat it without end."""
    import requests
    from clearml.backend_api import Session

    plain = Session.send

    def send(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return plain(self, *args, **kwargs)
        except requests.RequestException as error:
            lost = _lost(server, error)
            tell(unavailable=[lost.reason, lost.remedy])
            os._exit(0)

    Session.send = send  # type: ignore[method-assign]


def _fetch(request: Mapping[str, Any], server: str, tell: Tell) -> None:
    """Copy a data set's CSV file to the folder of the request, and tell what it is."""
    import shutil

    from clearml import Dataset, Task

    id = request["id"] or _find(request)
    try:
        # Before Dataset.get, which opens a stopped one again.
        status = str(Task.get_task(task_id=id).status)
        if status not in _FINAL:
            raise UnavailableError(
                f"the ClearML data set {id} is not finished (its status is {status!r})",
                "wait for it, or push it again",
            )
        found = Dataset.get(dataset_id=id)
    except ValueError as error:  # no such task, or one that is no data set
        raise UnavailableError(
            f"ClearML at {server} has no data set {id} ({error})", "correct the id"
        ) from error
    local = Path(found.get_local_copy())
    damaged = found.verify_dataset_hash(str(local))
    if damaged:
        raise UnavailableError(
            f"the ClearML data set {id} came damaged ({', '.join(damaged)})",
            "try again later, or publish it again",
        )
    shutil.copyfile(local / _csv_file(found.list_files(), found.name, id), request["to"])
    tell(
        id=found.id,
        project=found.project,
        name=found.name,
        version=found.version or "",
        server=server,
        metadata=json.loads(json.dumps(found.get_metadata(), default=str)),
    )


def _find(request: Mapping[str, Any]) -> str:
    there = _listed(request["project"], request["name"])
    fitting = [entry for entry in there if entry["version"] == request["version"]]
    if not fitting:
        versions = ", ".join(sorted({str(entry["version"]) for entry in there}))
        raise UnavailableError(
            f"ClearML's project {request['project']!r} has no data set {request['name']} of version "
            f"{request['version']!r}{f' (there is: {versions})' if versions else ''}",
            f"correct the name, or publish it: smote-bench datasets push {request['name']} --to clearml",
        )
    # Finished ones before those that are not, then the newest.
    return str(max(fitting, key=lambda entry: (_is_final(entry), entry["created"]))["id"])


def _listed(project: str, name: str) -> list[dict[str, Any]]:
    """Return the data sets of a name in a project, unfinished ones too."""
    from clearml import Dataset

    # Not Dataset.get by name: it takes any failure of the server for "no such data set".
    listed = Dataset.list_datasets(
        dataset_project=project,
        partial_name=f"^{re.escape(name)}$",
        only_completed=False,
        recursive_project_search=False,
        include_archived=False,
    )
    return [dict(entry) for entry in listed if entry["name"] == name and entry["project"] == project]


def _is_final(entry: Mapping[str, Any]) -> bool:
    return str(entry["status"]) in _FINAL


def _csv_file(files: list[str], name: str, id: str) -> str:
    """Return the file of a data set that is its table: NAME.csv, or the only CSV file."""
    tables = [file for file in files if file.endswith(".csv")]
    if f"{name}.csv" in tables:
        return f"{name}.csv"
    if len(tables) == 1:
        return tables[0]
    raise UnavailableError(
        f"expected {name}.csv in the ClearML data set {id}, got {', '.join(sorted(files)[:6]) or 'no files'}",
        "publish its table as one CSV file",
    )


def _push(request: Mapping[str, Any], server: str, tell: Tell) -> None:
    """Publish the items of a request, one after the other; tell of each."""
    for item in request["items"]:
        there = [
            entry
            for entry in _listed(request["project"], item["name"])
            if entry["version"] == item["version"]
        ]
        ready = [entry for entry in there if _is_final(entry)]
        if there and all(str(e["status"]) in _ABANDONED and _TAG in (e["tags"] or []) for e in there):
            _remove_begun(request["project"], item)
            there = []
        if ready:
            newest = max(ready, key=lambda entry: entry["created"])
            tell(
                item=item["key"],
                id=newest["id"],
                there=_digest(newest["id"]),
                server=server,
            )
        elif there:
            tell(
                item=item["key"],
                id=there[0]["id"],
                unfinished=str(there[0]["status"]),
                server=server,
            )
        else:
            tell(item=item["key"], id=_publish(request["project"], item), server=server)


def _digest(id: str) -> str:
    """Return the digest in a data set's metadata; empty if it has none."""
    from clearml import Dataset

    metadata = Dataset.get(dataset_id=id).get_metadata()
    return str(metadata.get("digest") or "") if isinstance(metadata, dict) else ""


def _publish(project: str, item: Mapping[str, Any]) -> str:
    """Make a data set and return its id once it is there as a whole; what is not is removed again."""
    from clearml import Dataset

    try:
        made = Dataset.create(
            dataset_name=item["name"],
            dataset_project=project,
            dataset_version=item["version"],
            dataset_tags=[_TAG],
            description=item["description"],
        )
        made.add_files(item["file"])
        made.set_metadata(item["metadata"])
        made.upload(show_progress=False)
        made.finalize()
        _check_published(made.id, item)
    except Exception:
        # What is not whole must not stand in the way of the next try. There was none when we began.
        with contextlib.suppress(Exception):
            _remove_begun(project, item)
        raise
    return str(made.id)


def _check_published(id: str, item: Mapping[str, Any]) -> None:
    """Raise unless the server has what was sent: ClearML's library passes over some refusals in silence."""
    from clearml import Dataset

    status = str(Dataset.get(dataset_id=id)._task.get_status())
    digest = _digest(id)
    if status not in _FINAL or digest != item["metadata"].get("digest", ""):
        raise UnavailableError(
            f"expected the ClearML data set {id} to be completed with its metadata, got status {status!r} "
            f"and digest {digest!r}",
            "see that the server is well, and push it again",
        )


def _remove_begun(project: str, item: Mapping[str, Any]) -> None:
    from clearml import Task

    for entry in _listed(project, item["name"]):
        if entry["version"] == item["version"] and not _is_final(entry):
            Task.get_task(task_id=entry["id"]).delete(raise_on_error=False)


if __name__ == "__main__":
    end_at_once(main())
