"""The runs kept under a folder of reports: finished, unfinished, broken; and which of them a word means.

Reads each manifest, and counts the cells of unfinished runs in SQL: neither outcomes nor numpy are loaded.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import difflib
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.runs.account import NOT_SELECTED, Account, cells_not_run
from smote_bench.runs.asked import finishing_command, how_to_finish, read_asked, read_command, read_draft
from smote_bench.runs.disk import why_no_room
from smote_bench.runs.folder import folders_by_age, followed
from smote_bench.runs.manifest_file import MANIFEST, read_manifest
from smote_bench.runs.manifest_of_store import when_recorded
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.run_store import READABLE, damage_of

__all__ = ["ListedRun", "find_run", "latest_of", "latest_to_show", "list_runs"]

LATEST = "latest"
STORE = "cells.sqlite"
_STAMP = re.compile(r"^\d{8}-\d{6}-\d{3}-")
_MANY = 3
"""So many runs are named in an error message; the others are counted."""


@dataclass(frozen=True)
class ListedRun:
    """What the list says of one folder.

    Parameters
    ----------
    folder : Path
    status : {"finished", "unfinished", "broken"}
    when : datetime
        Finished; where there is no manifest, its newest cell; where neither can be read, the folder's last
        change. In UTC.
    remark : str
        What is wrong and what to do, in words; empty where nothing is.
    experiment : str
        Its name, read off the folder's where there is no manifest.
    commit : str
        Empty where the run was not started in a git checkout.
    is_dirty : bool
        Whether there were uncommitted changes.
    datasets, methods, classifiers : tuple of str
    by_status : mapping of status to int
        Cells.
    n_from_memo : int
        0 where there is no manifest.
    report : Path or None
        The page, where there is one.
    n_asked : int
        Cells that the run was asked for, those that were not selected among them; 0 where nobody knows.
    not_run : mapping of str to int
        Cells without an outcome by reason; of a run without a manifest those that were not selected.
    finish : str
        The command that finishes an unfinished run.
    is_readable : bool
        Whether reports and comparisons can be made of it.
    """

    folder: Path
    status: Literal["finished", "unfinished", "broken"]
    when: datetime.datetime
    remark: str = ""
    experiment: str = ""
    commit: str = ""
    is_dirty: bool = False
    datasets: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()
    by_status: Mapping[str, int] = field(default_factory=dict)
    n_from_memo: int = 0
    report: Path | None = None
    n_asked: int = 0
    not_run: Mapping[str, int] = field(default_factory=dict)
    finish: str = ""
    is_readable: bool = False

    @property
    def n_selected(self) -> int:
        """Cells that the session was to run, and those that it computed beside them."""
        return self.n_asked - self.not_run.get(NOT_SELECTED, 0)

    @property
    def n_cells(self) -> int:
        """Cells of any status."""
        return sum(self.by_status.values())

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return {
            "folder": str(self.folder),
            "status": self.status,
            "remark": self.remark,
            "time": self.when.isoformat(timespec="seconds"),
            "experiment": self.experiment,
            "commit": self.commit or None,
            "dirty": self.is_dirty,
            "datasets": list(self.datasets),
            "methods": list(self.methods),
            "classifiers": list(self.classifiers),
            "cells": {
                "total": self.n_cells,
                "from_memo": self.n_from_memo,
                "by_status": dict(self.by_status),
                "asked": self.n_asked,
                "not_run": dict(self.not_run),
            },
            "finish": self.finish or None,
            "report": str(self.report) if self.report else None,
        }


def list_runs(out: Path) -> list[ListedRun]:
    """Return every run below ``out/runs``, newest first; folders that cannot be read are named, not fatal.

    Parameters
    ----------
    out : Path
        The folder of reports, or its ``runs``.
    """
    runs = _runs_folder(out)
    if not runs.is_dir():
        return []
    folders = [path for path in runs.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return sorted(map(_read, folders), key=lambda run: (run.when, run.folder.name), reverse=True)


def latest_of(out: Path) -> Path | None:
    """Return where ``out/latest`` points to, or None; it is a text file where links are not allowed.

    Raises
    ------
    ConfigError
        If that file cannot be read or leads to no run.
    """
    latest = Path(out) / LATEST
    if not latest.exists():
        return None
    found = followed(latest)
    if not (latest.is_dir() or _is_run(found)):
        raise ConfigError(
            f"expected a link or a file with the path of a run in {str(latest)!r}, got one that leads to "
            f"{str(found)!r}, which is none: delete that file, which the next whole run makes anew"
        )
    return found


def latest_to_show(out: Path) -> Path | None:
    """Return what `latest_of` does; None also where that file cannot be read."""
    with contextlib.suppress(ConfigError):
        return latest_of(out)
    return None


def find_run(word: str, out: Path) -> Path:
    """Return the folder of the finished run that a word means.

    Parameters
    ----------
    word : str
        A run's folder; the name of one below ``out/runs``, or a part of it that no other has; ``latest``.
    out : Path
        The folder of reports.

    Raises
    ------
    ConfigError
        If it is none, several, of another release's schema, or neither has a manifest nor a store that says
        what was run. One that was cut can be read.
    """
    folder = _folder_meant(word, Path(out))
    run = _read(folder)
    if run.is_readable:
        return folder
    what = f"{word!r} ({folder}), {run.status}"
    raise ConfigError(f"expected a finished run that this release reads, got {what}: {run.remark}")


def _folder_meant(word: str, out: Path) -> Path:
    given = Path(word)
    if _is_run(given):
        return given
    if given.is_file() and given.name == LATEST:
        return latest_of(given.parent) or given
    if word == LATEST:
        latest = latest_of(out)
        if latest is None:
            raise ConfigError(f"expected a link {LATEST!r} in {str(out)!r}, got none: {_instead(out)}")
        return latest
    runs = _runs_folder(out)
    names = [path.name for path in folders_by_age(runs)]
    if word in names:
        return runs / word
    found = [name for name in names if word and word in name]
    exact = [name for name in found if _STAMP.sub("", name) == word]
    # an experiment's whole name is meant, though another's begins with it
    found = exact if len(exact) == 1 else found
    if len(found) == 1:
        return runs / found[0]
    if found:
        shown = ", ".join(found[:_MANY]) + (f" and {len(found) - _MANY} more" if len(found) > _MANY else "")
        raise ConfigError(
            f"expected a part of one run's name, got {word!r}, which is in {len(found)}: {shown}. "
            "Give more of it, or the folder"
        )
    raise ConfigError(
        f"expected a run's folder, the name of one in {str(runs)!r} or a part of it, or {LATEST!r}, "
        f"got {word!r}.{_suggestion(word, names)} `smote-bench list` shows those that are there"
    )


def _suggestion(word: str, names: Sequence[str]) -> str:
    """Suggest a run by its whole name, or the newest by the name of its experiment."""
    by_name = {LATEST: LATEST}
    for name in sorted(names):
        by_name |= {name: name, _STAMP.sub("", name): name}
    close = difflib.get_close_matches(Path(word).name, by_name, n=1, cutoff=0.6)
    return f" Did you mean {by_name[close[0]]!r}?" if close else ""


def _instead(out: Path) -> str:
    """Say what to name where there is no `latest`: only whole runs take its place."""
    cut = [run for run in list_runs(out) if run.is_readable]
    if cut:
        return f"no run here is whole yet; name the newest that was cut, {str(cut[0].folder)!r}"
    return "run `smote-bench run quick` first, or name the folder of reports"


def _runs_folder(out: Path) -> Path:
    """Return ``out/runs``, or `out` itself where that is already the folder of runs."""
    out = Path(out)
    return out if out.name == "runs" and not (out / "runs").is_dir() else out / "runs"


def _is_run(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (MANIFEST, STORE))


def _read(folder: Path) -> ListedRun:
    name = _STAMP.sub("", folder.name)
    has_store = (folder / STORE).is_file()
    if os.path.lexists(folder / MANIFEST):
        try:
            return _finished(folder, read_manifest(folder))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            # the reason alone of a message that names the file again
            reason = error.__cause__ if isinstance(error, ConfigError) and error.__cause__ else error
            remark = f"{MANIFEST} is not what a run writes ({_said(reason)})"
            if has_store:
                return _without_manifest(folder, name, remark)
            remark = f"{remark}, and there is no {STORE}: run again"
            return ListedRun(folder, "broken", _changed(folder), remark, name)
    if has_store:
        return _unfinished(folder, name)
    remark = f"there is neither {MANIFEST} nor {STORE}: delete the folder"
    return ListedRun(folder, "broken", _changed(folder), remark, name)


def _said(error: BaseException) -> str:
    """Return an error in a line, with its type where the text alone says little."""
    text = " ".join(str(error).split())
    return text if type(error) is ValueError else f"{type(error).__name__}: {text}"


def _without_manifest(folder: Path, name: str, why: str) -> ListedRun:
    """Say how much of a run is in its store, and which command goes on from it."""
    found = _unfinished(folder, name)
    if found.status == "broken":  # the store cannot be counted either
        return dataclasses.replace(found, remark=f"{why}, and {found.remark}")
    of = f" of {found.n_selected}" if found.finish else ""
    cells = f"{found.n_cells}{of} cell{'s' * (found.n_cells != 1 or bool(of))}"
    are = "are" if found.n_cells != 1 or of else "is"
    keep = "so keep the folder"
    if read_draft(folder / STORE):
        keep += f" (reports are made of it once {MANIFEST} is moved away)"
    remark = f"{why}, but {cells} {are} in {STORE}, {keep}; {how_to_finish(*read_command(folder / STORE))}"
    return dataclasses.replace(found, status="broken", remark=remark)


def _damage(folder: Path, n_asked: int) -> str:
    """Say what is wrong with a finished run's store, as far as counting its cells shows."""
    store = folder / STORE
    if not store.is_file():
        return f"there is no {STORE}, so neither report nor comparison can be made of it: run again"
    try:
        n = sum(count for _, count in _count(store)[0])
    except (OSError, sqlite3.Error) as error:
        if why_no_room(error):  # it may be whole, for those who may read it
            return f"{STORE} cannot be read ({_said(error)}), so its cells were not counted"
        return (
            f"{damage_of(store, error)}: `smote-bench report` shows what can be read; run again for the rest"
        )
    if n < n_asked:
        return f"{n} of {n_asked} cells are in {STORE}: run again for the rest"
    return ""


def _finished(folder: Path, manifest: Mapping[str, Any]) -> ListedRun:
    experiment, commit = manifest["experiment"], manifest["commit"] or {"id": "", "dirty": False}
    when = datetime.datetime.fromisoformat(manifest["finished"])
    when.astimezone()  # which fails at the ends of the calendar
    account = Account.from_manifest(manifest)
    remark = finish = ""
    if account.cut:
        try:
            finish = finishing_command(*read_command(folder / STORE))
            remark = f"{account.headline} Finish it with: {finish}"
        except (sqlite3.Error, ValueError) as error:
            remark = f"{account.headline} Its cells.sqlite cannot be read ({error}): run it again"
    damage = "" if account.cut else _damage(folder, account.done)
    remark = damage or remark
    is_readable = manifest["schema"] in READABLE
    if not is_readable:
        readable = " and ".join(map(str, sorted(READABLE)))
        remark = (
            f"of schema {manifest['schema']}, this release reads {readable}: run again, or read it with the "
            "release that wrote it"
        )
    return ListedRun(
        folder,
        "unfinished" if account.cut else "broken" if damage else "finished",
        when if when.tzinfo else when.replace(tzinfo=datetime.UTC),
        remark,
        str(experiment["name"]),
        str(commit["id"]),
        bool(commit["dirty"]),
        _data_sets_run(experiment["datasets"]),
        tuple(map(str, experiment["methods"])),
        tuple(map(str, experiment["classifiers"])),
        {str(status): int(n) for status, n in manifest["cells"]["by_status"].items()},
        account.from_memo,
        _report(folder),
        n_asked=account.asked,
        not_run=account.not_run,
        finish=finish,
        is_readable=is_readable,
    )


def _data_sets_run(entries: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the data sets that were read: -k leaves others of the experiment without a digest."""
    return tuple(name for name, entry in entries.items() if entry and entry["digest"]) or tuple(entries)


def _unfinished(folder: Path, name: str) -> ListedRun:
    store = folder / STORE
    try:
        rows, newest = _count(store)
        asked = read_asked(store)
        done = _done(store) if asked else set()
        not_run = Counter(cells_not_run(asked, done, _STOPPED).values())
        arguments, where = read_command(store)
        draft = _draft(store, folder)
        experiment = str(draft["experiment"]["name"]) if draft else name
        datasets, methods, classifiers = (
            _names(draft, part) for part in ("datasets", "methods", "classifiers")
        )
    except (OSError, sqlite3.Error, ValueError, LookupError, TypeError, AttributeError) as error:
        remark = (
            f"{STORE} cannot be read ({_said(error)}): run again, which takes what the memo has from there"
        )
        return ListedRun(folder, "broken", _changed(folder), remark, name)
    n = sum(count for _, count in rows)
    commit = draft.get("commit") or {}
    finish = finishing_command(arguments, where) if arguments else ""
    run = ListedRun(
        folder,
        "unfinished",
        when_recorded(newest, folder),
        experiment=experiment,
        commit=str(commit.get("id", "")),
        is_dirty=bool(commit.get("dirty")),
        datasets=datasets,
        methods=methods,
        classifiers=classifiers,
        by_status=dict(rows),
        n_asked=n + not_run.total() if finish else 0,
        not_run={why: count for why, count in not_run.items() if why != _STOPPED},
        finish=finish,
        report=_report(folder),
        is_readable=bool(draft),
    )
    of = f" of {run.n_selected}" if finish else ""
    stopped = f"still running, or stopped after {n}{of} cell{'s' * (n != 1 or bool(of))}"
    readable = f", which can be reported as they are in {STORE}" if draft else ""
    return dataclasses.replace(run, remark=f"{stopped}{readable}: {how_to_finish(arguments, where)}")


def _draft(store: Path, folder: Path) -> dict[str, Any]:
    """Return what a store says in place of a manifest; nothing where one lies there, or none can be made."""
    if os.path.lexists(folder / MANIFEST):
        return {}
    draft = read_draft(store) or {}
    return draft if not draft or draft["schema"] in READABLE else {}


def _names(draft: Mapping[str, Any], part: str) -> tuple[str, ...]:
    return tuple(map(str, draft["experiment"][part])) if draft else ()


def _report(folder: Path) -> Path | None:
    page = folder / "report.html"
    return page if page.is_file() else None


_STOPPED = "stopped"


def _count(path: Path) -> tuple[list[tuple[str, int]], float | None]:
    """Count the cells by status without writing: a run that is going on is not to be disturbed."""
    with contextlib.closing(connect_to_read(path)) as db:
        rows = db.execute(
            f"SELECT status, COUNT(*) FROM cells {_own(db)} GROUP BY status ORDER BY status"
        ).fetchall()
        (newest,) = db.execute("SELECT MAX(computed_at) FROM cells").fetchone()
    return rows, newest


def _done(path: Path) -> set[Cell]:
    with contextlib.closing(connect_to_read(path)) as db:
        rows = db.execute(f"SELECT dataset, method, classifier FROM cells {_own(db)}").fetchall()
    return {Cell(*row) for row in rows}


def _own(db: sqlite3.Connection) -> str:
    """Leave out parts of a gate's longer protocol, which are no cells; before schema 3 there were none."""
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    return "WHERE part = ''" if schema >= 3 else ""


def _changed(folder: Path) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(folder.stat().st_mtime, datetime.UTC)
