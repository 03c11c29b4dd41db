"""What ClearML's API server knows and answers, in memory: the endpoints that its SDK 2.1 asks for.

`clearml_server` puts it behind HTTP. Answers follow the server's own: unknown ids are errors in its format,
filters filter, statuses change only as they may. What is not here is refused as an unknown endpoint and noted
in `ClearMLState.unknown`.
"""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Fields = dict[str, Any]

_SINGLE_VALUE = -(2**31)  # the iteration that stands for "this metric has one value"
_PAGE = 500


class ApiError(Exception):
    """An answer that is an error: HTTP status, the API's own number, message."""

    def __init__(self, code: int, subcode: int, message: str) -> None:
        super().__init__(message)
        self.code, self.subcode, self.message = code, subcode, message


class ClearMLState:
    """Tasks, projects, events and queues, and an answer to each endpoint.

    Attributes
    ----------
    tasks, projects, queues : dict
        By id, each as the API shows it.
    events : list of dict
        All accepted events, in the order in which they came: type, task, iter, metric, variant, value, ...
    calls : list of str
        The endpoints that were asked, such as ``tasks.create``, in order.
    unknown : list of str
        Those of them that are not implemented here.
    """

    company = "d1bd92a3b039400cbafc60a7a5b1e52b"
    user = "f0e1d2c3b4a5968778695a4b3c2d1e0f"

    def __init__(self) -> None:
        self.tasks: dict[str, Fields] = {}
        self.projects: dict[str, Fields] = {}
        self.queues: dict[str, Fields] = {}
        self.events: list[Fields] = []
        self.calls: list[str] = []
        self.unknown: list[str] = []
        self.lock = threading.RLock()
        self._put_queue("default")

    def answer(self, endpoint: str, asked: Any) -> Fields:
        """Return the ``data`` part of the answer; `asked` is a dict, for a batch a list of them."""
        with self.lock:
            self.calls.append(endpoint)
            handler: Callable[[Any], Fields] | None = getattr(self, "_" + endpoint.replace(".", "_"), None)
            if handler is None or not re.fullmatch(r"[a-z_]+\.[a-z_]+", endpoint):
                self.unknown.append(endpoint)
                raise ApiError(404, 0, f"Unable to find endpoint for name {endpoint} and version 2.31")
            return handler(asked)

    # for tests

    def named(self, name: str, project: str | None = None) -> list[Fields]:
        """Return the tasks of a name, in the order in which they were made."""
        return [
            task
            for task in self.tasks.values()
            if task["name"] == name and (project is None or self.projects[task["project"]]["name"] == project)
        ]

    def events_of(self, task: str, kind: str | None = None) -> list[Fields]:
        """Return the events of a task; kinds are training_stats_scalar, plot, log, training_debug_image."""
        return [e for e in self.events if e["task"] == task and kind in (None, e["type"])]

    # users, organisation, workers, queues, models

    def _users_get_current_user(self, asked: Fields) -> Fields:
        return {
            "user": {"id": self.user, "name": "tester", "company": {"id": self.company, "name": "clearml"}}
        }

    def _users_get_vaults(self, asked: Fields) -> Fields:
        return {"vaults": []}

    def _workers_register(self, asked: Fields) -> Fields:
        return {}

    _workers_unregister = _workers_status_report = _workers_register

    def _queues_get_by_id(self, asked: Fields) -> Fields:
        if asked.get("queue") not in self.queues:
            raise ApiError(400, 701, f"Invalid queue id: id={asked.get('queue')}, company={self.company}")
        return {"queue": self.queues[asked["queue"]]}

    def _queues_get_all(self, asked: Fields) -> Fields:
        return {"queues": _chosen(self.queues.values(), asked)}

    _queues_get_all_ex = _queues_get_all

    def _queues_create(self, asked: Fields) -> Fields:
        return {"id": self._put_queue(asked["name"])["id"]}

    def _put_queue(self, name: str) -> Fields:
        queue = {
            "id": _new_id(),
            "name": name,
            "entries": [],
            "created": _now(),
            "tags": [],
            "system_tags": [],
        }
        self.queues[queue["id"]] = queue
        return queue

    def _models_get_all(self, asked: Fields) -> Fields:
        return {"models": []}

    _models_get_all_ex = _models_get_all

    # projects

    def _projects_create(self, asked: Fields) -> Fields:
        _require(asked, "name")
        if self._project_named(asked["name"]):
            raise ApiError(
                400, 12, f"Value combination already exists (unique field already contains this value): "
                f"name={asked['name']}, company={self.company}",
            )  # fmt: skip
        return {"id": self._put_project(asked["name"], asked)["id"]}

    def _put_project(self, name: str, asked: Fields) -> Fields:
        """Make a project, and those it lies in."""
        above, _, basename = name.rpartition("/")
        parent = (self._project_named(above) or self._put_project(above, {})) if above else None
        project = {
            "id": _new_id(),
            "name": name,
            "basename": basename,
            "parent": parent["id"] if parent else None,
            "description": asked.get("description", ""),
            "tags": asked.get("tags") or [],
            "system_tags": asked.get("system_tags") or [],
            "default_output_destination": asked.get("default_output_destination"),
            **self._made_now(),
        }
        self.projects[project["id"]] = project
        return project

    def _project_named(self, name: str) -> Fields | None:
        return next((p for p in self.projects.values() if p["name"] == name), None)

    def _project(self, id: Any) -> Fields:
        if id not in self.projects:
            raise ApiError(400, 401, f"Invalid project id: id={id}, company={self.company}")
        return self.projects[id]

    def _projects_get_by_id(self, asked: Fields) -> Fields:
        return {"project": self._project(asked.get("project"))}

    def _projects_get_all(self, asked: Fields) -> Fields:
        return {"projects": _chosen(self.projects.values(), asked)}

    _projects_get_all_ex = _projects_get_all

    def _projects_update(self, asked: Fields) -> Fields:
        project = self._project(asked.get("project"))
        fields = {k: v for k, v in asked.items() if k != "project"}
        project.update(fields, last_update=_now())
        return {"updated": 1, "fields": fields}

    def _projects_delete(self, asked: Fields) -> Fields:
        project = self._project(asked.get("project"))
        inside = [t for t in self.tasks.values() if t["project"] == project["id"]]
        if inside and not asked.get("force"):
            raise ApiError(400, 402, f"Project has associated tasks: id={project['id']}")
        del self.projects[project["id"]]
        return {"deleted": 1, "disassociated_tasks": len(inside)}

    # tasks

    def _task(self, id: Any) -> Fields:
        if id not in self.tasks:
            raise ApiError(400, 101, f"Invalid task id: id={id}, company={self.company}")
        return self.tasks[id]

    def _tasks_create(self, asked: Fields) -> Fields:
        _require(asked, "name", "type")
        if asked.get("project"):
            self._project(asked["project"])
        if asked.get("parent"):
            self._task(asked["parent"])
        task = {
            "id": _new_id(),
            "status": "created",
            "status_reason": "",
            "status_message": "",
            "comment": "",
            "project": None,
            "parent": None,
            "tags": [],
            "system_tags": [],
            "script": {"binary": "python", "requirements": {}},
            "execution": {"artifacts": []},
            "output": {"destination": None, "result": "", "error": ""},
            "hyperparams": {},
            "configuration": {},
            "runtime": {},
            "last_metrics": {},
            "last_iteration": 0,
            "models": {"input": [], "output": []},
            **self._made_now(),
            **{key: value for key, value in asked.items() if value is not None},
        }
        self.tasks[task["id"]] = task
        return {"id": task["id"]}

    def _tasks_clone(self, asked: Fields) -> Fields:
        source = self._task(asked.get("task"))
        kept = ("type", "script", "hyperparams", "configuration", "tags", "system_tags", "project", "comment")
        fields = {key: source[key] for key in kept}
        names = {
            key.removeprefix("new_task_"): value
            for key, value in asked.items()
            if key.startswith("new_task_")
        }
        return self._tasks_create({**fields, "name": source["name"], "parent": source["id"], **names})

    def _tasks_get_by_id(self, asked: Fields) -> Fields:
        return {"task": _only(self._task(asked.get("task")), asked.get("only_fields"))}

    def _tasks_get_all(self, asked: Fields) -> Fields:
        hidden = {id for id, project in self.projects.items() if "hidden" in project["system_tags"]}
        tasks: Iterable[Fields] = self.tasks.values()
        if not (asked.get("search_hidden") or asked.get("id")):
            tasks = [t for t in tasks if t["project"] not in hidden]
        return {"tasks": _chosen(tasks, asked)}

    _tasks_get_all_ex = _tasks_get_all

    def _tasks_edit(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        if not asked.get("force"):
            self._must_be(task, ("created",))
        if asked.get("project"):
            self._project(asked["project"])
        fields = {k: v for k, v in asked.items() if k not in ("task", "force") and v is not None}
        artifacts = task["execution"].get("artifacts", [])
        task.update(fields, last_update=_now(), last_change=_now())
        task["execution"].setdefault("artifacts", artifacts)
        return {"updated": 1, "fields": fields}

    def _tasks_update(self, asked: Fields) -> Fields:
        allowed = ("name", "tags", "system_tags", "comment", "project", "output__error", "created")
        task = self._task(asked.get("task"))
        fields = {k: v for k, v in asked.items() if k in allowed and v is not None}
        task.update(fields, last_update=_now())
        return {"updated": 1, "fields": fields}

    def _tasks_move(self, asked: Fields) -> Fields:
        name = asked.get("project_name")
        project = (
            (self._project_named(name) or self._put_project(name, {}))
            if name
            else self._project(asked["project"])
        )
        for id in asked["ids"]:
            self._task(id)["project"] = project["id"]
        return {"project_id": project["id"]}

    def _tasks_ping(self, asked: Fields) -> Fields:
        self._task(asked.get("task"))["last_worker_report"] = _now()
        return {}

    def _tasks_set_requirements(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        task["script"]["requirements"] = asked["requirements"]
        return {"updated": 1, "fields": {"script.requirements": asked["requirements"]}}

    def _tasks_edit_hyper_params(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        if asked.get("replace_hyperparams") == "all":
            task["hyperparams"] = {}
        for item in asked["hyperparams"]:
            section = task["hyperparams"].setdefault(item["section"], {})
            if asked.get("replace_hyperparams") == "section":
                section.clear()
            section[item["name"]] = item
        return {"updated": 1}

    def _tasks_delete_hyper_params(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        for key in asked["hyperparams"]:
            task["hyperparams"].get(key["section"], {}).pop(key.get("name"), None)
        return {"deleted": 1}

    def _tasks_get_hyper_params(self, asked: Fields) -> Fields:
        params = [
            {
                "task": id,
                "hyperparams": [
                    item for section in self._task(id)["hyperparams"].values() for item in section.values()
                ],
            }
            for id in asked["tasks"]
        ]
        return {"params": params}

    def _tasks_edit_configuration(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        task["configuration"].update({item["name"]: item for item in asked["configuration"]})
        return {"updated": 1}

    def _tasks_delete_configuration(self, asked: Fields) -> Fields:
        for name in asked["configuration"]:
            self._task(asked.get("task"))["configuration"].pop(name, None)
        return {"deleted": 1}

    def _tasks_get_configurations(self, asked: Fields) -> Fields:
        found = [
            {"task": id, "configuration": list(self._task(id)["configuration"].values())}
            for id in asked["tasks"]
        ]
        return {"configurations": found}

    def _tasks_add_or_update_artifacts(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        if not asked.get("force"):
            self._must_be(task, ("created", "in_progress"))
        artifacts = task["execution"].setdefault("artifacts", [])
        for artifact in asked["artifacts"]:
            key = (artifact["key"], artifact.get("mode", "output"))
            artifacts[:] = [a for a in artifacts if (a["key"], a.get("mode", "output")) != key]
            artifacts.append({"mode": "output", **artifact})
        return {"updated": len(asked["artifacts"]), "added": [], "fields": {}}

    def _tasks_delete_artifacts(self, asked: Fields) -> Fields:
        execution = self._task(asked.get("task"))["execution"]
        gone = {(a["key"], a.get("mode", "output")) for a in asked["artifacts"]}
        before = execution.get("artifacts", [])
        execution["artifacts"] = [a for a in before if (a["key"], a.get("mode", "output")) not in gone]
        return {"deleted": len(before) - len(execution["artifacts"])}

    def _tasks_reset(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        if task["status"] == "published" and not asked.get("force"):
            raise ApiError(400, 110, f"Invalid task status: id={task['id']}, status=published")
        self.events = [e for e in self.events if e["task"] != task["id"]]
        task.update(last_metrics={}, last_iteration=0, status="created", started=None, completed=None)
        task["execution"]["artifacts"] = [
            a for a in task["execution"].get("artifacts", []) if a.get("mode") == "input"
        ]
        return {"updated": 1, "fields": {"status": "created"}, "deleted_models": 0, "events": {}}

    def _tasks_delete(self, asked: Fields) -> Fields:
        task = self._task(asked.get("task"))
        if task["status"] == "published" and not asked.get("force"):
            raise ApiError(400, 110, f"Invalid task status: id={task['id']}, status=published")
        del self.tasks[task["id"]]
        self.events = [e for e in self.events if e["task"] != task["id"]]
        return {"deleted": True, "updated_children": 0, "updated_models": 0, "events": {}}

    def _tasks_archive(self, asked: Fields) -> Fields:
        for id in asked["tasks"]:
            task = self._task(id)
            task["system_tags"] = [*(t for t in task["system_tags"] if t != "archived"), "archived"]
        return {"archived": len(asked["tasks"])}

    def _tasks_started(self, asked: Fields) -> Fields:
        return self._moved(asked, "in_progress", ("created", "stopped", "queued"), started=_now())

    def _tasks_stopped(self, asked: Fields) -> Fields:
        return self._moved(asked, "stopped", ("in_progress",), completed=_now())

    _tasks_stop = _tasks_stopped

    def _tasks_completed(self, asked: Fields) -> Fields:
        moved = self._moved(asked, "completed", ("in_progress", "stopped", "created"), completed=_now())
        return self._tasks_publish({"task": asked["task"]}) if asked.get("publish") else moved

    def _tasks_failed(self, asked: Fields) -> Fields:
        return self._moved(asked, "failed", ("in_progress", "created"), completed=_now())

    def _tasks_close(self, asked: Fields) -> Fields:
        return self._moved(asked, "closed", ("in_progress", "stopped", "failed"))

    def _tasks_publish(self, asked: Fields) -> Fields:
        may = ("stopped", "closed", "completed", "failed")
        return self._moved(asked, "published", may, published=_now())

    def _moved(self, asked: Fields, status: str, may: tuple[str, ...], **dates: str) -> Fields:
        task = self._task(asked.get("task"))
        if not asked.get("force") and task["status"] != status:
            self._must_be(task, may)
        fields = {
            "status": status,
            "status_reason": asked.get("status_reason") or "",
            "status_message": asked.get("status_message") or "",
            "status_changed": _now(),
            "last_update": _now(),
            **dates,
        }
        task.update(fields)
        return {"updated": 1, "fields": fields}

    def _must_be(self, task: Fields, may: tuple[str, ...]) -> None:
        if task["status"] not in may:
            raise ApiError(
                400,
                110,
                f"Invalid task status: expected={', '.join(may)}, id={task['id']}, status={task['status']}",
            )

    # events

    def _events_add(self, asked: Fields) -> Fields:
        return self._events_add_batch([asked])

    def _events_add_batch(self, asked: list[Fields]) -> Fields:
        if not asked:
            raise ApiError(400, 17, "Batch contains no items")
        added = [
            e for e in asked if e.get("task") in self.tasks and self.tasks[e["task"]]["status"] != "published"
        ]
        if not added:
            raise ApiError(400, 123, f"Events not added: Invalid task ids: {[e.get('task') for e in asked]}")
        for event in added:
            kept = {"metric": "", "variant": "", "iter": 0, **event}
            self.events.append(kept)
            if kept["type"] == "training_stats_scalar":
                self._note_last(self.tasks[kept["task"]], kept)
        n_wrong = len(asked) - len(added)
        return {
            "added": len(added),
            "errors": n_wrong,
            "errors_info": {"Invalid task id": n_wrong} if n_wrong else {},
        }

    def _note_last(self, task: Fields, event: Fields) -> None:
        """Keep the last value of a metric as tasks show it, under digests of its names."""
        variants = task["last_metrics"].setdefault(_md5(event["metric"]), {})
        value = event["value"]
        known = variants.get(_md5(event["variant"]), {"min_value": value, "max_value": value})
        variants[_md5(event["variant"])] = {
            "metric": event["metric"],
            "variant": event["variant"],
            "value": value,
            "min_value": min(known["min_value"], value),
            "max_value": max(known["max_value"], value),
        }
        if event["iter"] != _SINGLE_VALUE:
            task["last_iteration"] = max(task["last_iteration"], event["iter"])

    def _events_get_task_events(self, asked: Fields) -> Fields:
        self._task(asked.get("task"))
        found = self.events_of(asked["task"], asked.get("event_type"))
        return self._page_of_events(found, asked, "events")

    def _events_get_task_log(self, asked: Fields) -> Fields:
        self._task(asked.get("task"))
        found = self.events_of(asked["task"], "log")
        size = asked.get("batch_size") or _PAGE
        shown = found[-size:] if asked.get("navigate_earlier", True) else found[:size]
        return {"events": shown, "returned": len(shown), "total": len(found)}

    def _events_get_task_plots(self, asked: Fields) -> Fields:
        self._task(asked.get("task"))
        found = self.events_of(asked["task"], "plot")
        newest: dict[tuple[str, str], list[Fields]] = {}
        for event in sorted(found, key=lambda e: -e["iter"]):
            shown = newest.setdefault((event["metric"], event["variant"]), [])
            if len(shown) < (asked.get("iters") or 1):
                shown.append(event)
        plots = [event for events in newest.values() for event in events]
        return {"plots": plots, "returned": len(plots), "total": len(plots), "scroll_id": None}

    def _events_debug_images(self, asked: Fields) -> Fields:
        metrics = [
            {"task": m["task"], "iterations": [{"iter": e["iter"], "events": [e]} for e in
             self.events_of(m["task"], "training_debug_image")]}
            for m in asked["metrics"]
        ]  # fmt: skip
        return {"metrics": metrics, "scroll_id": None}

    def _events_scalar_metrics_iter_histogram(self, asked: Fields) -> Fields:
        self._task(asked.get("task"))
        curves: dict[str, dict[str, Fields]] = {}
        for event in self.events_of(asked["task"], "training_stats_scalar"):
            if event["iter"] == _SINGLE_VALUE:
                continue
            variants = curves.setdefault(event["metric"], {})
            curve = variants.setdefault(event["variant"], {"name": event["variant"], "x": [], "y": []})
            curve["x"].append(event["iter"])
            curve["y"].append(event["value"])
        return curves

    def _events_get_task_single_value_metrics(self, asked: Fields) -> Fields:
        tasks = []
        for id in asked["tasks"]:
            self._task(id)
            last = {
                (e["metric"], e["variant"]): {
                    k: e.get(k) for k in ("metric", "variant", "value", "timestamp")
                }
                for e in self.events_of(id, "training_stats_scalar")
                if e["iter"] == _SINGLE_VALUE
            }
            tasks.append({"task": id, "values": list(last.values())})
        return {"tasks": tasks}

    def _events_get_scalar_metrics_and_variants(self, asked: Fields) -> Fields:
        self._task(asked.get("task"))
        metrics: dict[str, list[str]] = {}
        for event in self.events_of(asked["task"], "training_stats_scalar"):
            variants = metrics.setdefault(event["metric"], [])
            if event["variant"] not in variants:
                variants.append(event["variant"])
        return {"metrics": metrics}

    def _page_of_events(self, found: list[Fields], asked: Fields, key: str) -> Fields:
        start = int(asked.get("scroll_id") or 0)
        size = asked.get("batch_size") or _PAGE
        shown = found[start : start + size]
        return {key: shown, "returned": len(shown), "total": len(found), "scroll_id": str(start + len(shown))}

    def _made_now(self) -> Fields:
        return {"user": self.user, "company": self.company, "created": _now(), "last_update": _now()}


def _chosen(items: Iterable[Fields], asked: Fields) -> list[Fields]:
    """Filter, sort and page as every ``get_all`` does."""
    hide = "hidden"
    found = [
        item
        for item in items
        if (asked.get("search_hidden") or asked.get("id") or hide not in item.get("system_tags", []))
        and _fits(item, asked)
    ]
    for key in reversed(asked.get("order_by") or []):
        found.sort(key=lambda item: str(_at(item, key.lstrip("-")) or ""), reverse=key.startswith("-"))
    if asked.get("page") is not None or asked.get("page_size") is not None:
        size = asked.get("page_size") or _PAGE
        start = (asked.get("page") or 0) * size
        found = found[start : start + size]
    return [_only(item, asked.get("only_fields")) for item in found]


def _fits(item: Fields, asked: Fields) -> bool:
    for key in ("id", "project", "status", "type", "parent", "user"):
        wanted = asked.get(key)
        if wanted and item.get(key) not in ([wanted] if isinstance(wanted, str) else wanted):
            return False
    for key in ("name", "basename"):
        if asked.get(key):
            try:
                if not re.search(asked[key], item.get(key) or "", flags=re.IGNORECASE):
                    return False
            except re.error as error:
                raise ApiError(400, 21, f"Invalid regular expression: {error}") from error
    return all(_fits_tags(item.get(key) or [], asked.get(key) or []) for key in ("tags", "system_tags"))


def _fits_tags(has: list[str], wanted: list[str]) -> bool:
    """Tell whether tags fit the API's list of conditions: any of them, until ``__$all`` asks for all."""
    any_of: list[str] = []
    all_of: list[str] = []
    none_of: list[str] = []
    into, negate = any_of, False
    for term in wanted:
        if term in ("__$all", "__$and"):
            into = all_of
        elif term in ("__$any", "__$or"):
            into = any_of
        elif term == "__$not":
            negate = True
        elif negate or term.startswith("-"):
            none_of.append(term if negate else term.removeprefix("-"))
            negate = False
        else:
            into.append(term)
    return (
        (not any_of or any(tag in has for tag in any_of))
        and all(tag in has for tag in all_of)
        and not any(tag in has for tag in none_of)
    )


def _only(item: Fields, names: list[str] | None) -> Fields:
    if not names:
        return dict(item)
    shown: Fields = {"id": item["id"]}
    for name in names:
        value = _at(item, name)
        if value is not None:
            inner = shown
            *path, last = name.split(".")
            for part in path:
                inner = inner.setdefault(part, {})
            inner[last] = value
    return shown


def _at(item: Mapping[str, Any], path: str) -> Any:
    value: Any = item
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _require(asked: Fields, *names: str) -> None:
    for name in names:
        if not asked.get(name):
            raise ApiError(400, 12, f"Validation error (error for field '{name}': field is required!)")


def _new_id() -> str:
    return uuid.uuid4().hex


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
