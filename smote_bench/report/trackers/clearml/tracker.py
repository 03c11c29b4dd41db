"""ClearML: a task for every method on every data set, and one with the results of the run.

Project, names, titles, series and tables are those of the original test bench; docs/clearml.md lists them.
"""

from __future__ import annotations

import contextlib
import math
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.environment.clearml_configuration import configured
from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.errors import TrackerError
from smote_bench.experiment.tracking import TrackingSettings
from smote_bench.report.analysis.embeddings import embed_points
from smote_bench.report.trackers.clearml.plots import curve_reports, pca_reports, tsne_reports
from smote_bench.report.trackers.clearml.reports import Report, send
from smote_bench.report.trackers.clearml.results import write_results
from smote_bench.report.trackers.clearml.scores import (
    cell_reports,
    cells_of,
    cv_reports,
    dataset_reports,
    final_test_reports,
    results_reports,
    summary_reports,
)
from smote_bench.report.trackers.clearml.session import Connection, connect
from smote_bench.report.trackers.clearml.settings import connected, tags_of
from smote_bench.runs.memo import memo_of

if TYPE_CHECKING:
    import numpy as np

    from smote_bench.report.trackers.ledger import Ledger
    from smote_bench.runs.open import Run

__all__ = ["ClearML"]

RESULTS = "results"
_FAILED = "failed"
_PAUSE_SECONDS = 5.0
_ATTACHED = ("report.html", "summary.md")

Embedded = Mapping[tuple[str, str], "np.ndarray"]


class ClearML:
    """Sends a run to a ClearML server, or into sessions of its offline mode."""

    def publish(self, run: Run, ledger: Ledger, say: Callable[[str], None]) -> None:
        """Send what the ledger does not have yet.

        Parameters
        ----------
        run : Run
        ledger : Ledger
        say : callable

        Raises
        ------
        TrackerError
            If the server does not answer or does not take something.
        UnavailableError
            If ClearML is not installed.
        """
        if not is_installed("clearml"):
            raise missing_package("the tracker clearml", "clearml")
        with configured():
            connection = connect(run.folder, say)
            _Publication(run, ledger, say, connection).send_all()
            if not connection.is_online:
                say(_how_to_import(connection.sessions))


class _Publication:
    """One call of `ClearML.publish`."""

    def __init__(self, run: Run, ledger: Ledger, say: Callable[[str], None], connection: Connection) -> None:
        self._run = run
        self._ledger = ledger
        self._say = say
        self._connection = connection
        self._settings = TrackingSettings.of(run.manifest)

    def send_all(self) -> None:
        """Send every task that is not there yet, the results last."""
        groups = [
            (dataset, method)
            for dataset in self._run.datasets
            for method in self._run.methods
            if cells_of(self._run, dataset, method)
        ]
        sent = self._ledger.sent(self._connection.destination)
        complete = {name: item.id for name, item in sent.items() if item.is_complete}
        there = self._connection.present(complete.values())
        done = {name for name, id in complete.items() if id in there}
        missing = [group for group in groups if _name(*group) not in done]
        self._say(
            f"{len(missing) + (RESULTS not in done)} of {len(groups) + 1} tasks to send, "
            f"project {self._settings.clearml_project_name!r}"
        )
        embedded = self._embedded() if missing and self._settings.enable_tsne_plots else {}
        say = _paced(self._say)
        for n, (dataset, method) in enumerate(missing, start=1):
            say(f"{n} of {len(missing)}: {_name(dataset, method)}")
            self._send_group(dataset, method, embedded)
        if RESULTS not in done:
            self._send_results()

    def _embedded(self) -> Embedded:
        memo = memo_of(self._run.folder.parent.parent)
        say = _paced(self._say)
        found = embed_points(
            self._run,
            "auto",
            memo=memo if memo.is_file() else None,
            progress=lambda done, total: say(f"t-SNE {done} of {total}"),
        )
        if found.left_out:
            self._say(
                f"t-SNE of {len(found.left_out)} sets of points is left out: it takes long; "
                f"`smote-bench report {self._run.folder}` computes it, for tasks that are sent after that"
            )
        return found.by_name

    def _send_group(self, dataset: str, method: str, embedded: Embedded) -> None:
        run, outcomes = self._run, cells_of(self._run, dataset, method)
        why = "; ".join(f"{o.cell.classifier}: {o.status}: {o.reason}" for o in outcomes if not o.is_scored)
        is_failed = not any(outcome.is_scored for outcome in outcomes)
        tags = tags_of(run, self._settings, dataset, method, *[_FAILED] * is_failed)
        with self._task(_name(dataset, method), tags, failure=why if is_failed else "") as task:
            for section, values in connected(run, self._settings, dataset, method).items():
                task.connect(values, name=section)
            logger = task.get_logger()
            for report in self._reports(dataset, method, embedded):
                send(logger, report)
            if self._settings.auto_log_artifacts:
                with tempfile.TemporaryDirectory(prefix="smote-bench-clearml-") as folder:
                    written = write_results(run, dataset, method, task.id, Path(folder))
                    self._attach(task, written)

    def _reports(self, dataset: str, method: str, embedded: Embedded) -> Iterator[Report]:
        run, settings = self._run, self._settings
        yield from dataset_reports(run, dataset)
        yield from cell_reports(cells_of(run, dataset, method), run.priority_metrics)
        yield from cv_reports(run, dataset, method)
        yield from final_test_reports(run, dataset, method)
        yield from summary_reports(run, dataset, method)
        if settings.enable_scatter_plots:
            yield from pca_reports(run, dataset, method)
        if settings.enable_tsne_plots:
            yield from tsne_reports(run, dataset, method, embedded)
        if settings.enable_roc_curves:
            yield from curve_reports(run, "roc", dataset, method)
        if settings.enable_precision_recall_curves:
            yield from curve_reports(run, "pr", dataset, method)

    def _send_results(self) -> None:
        run = self._run
        with self._task(RESULTS, tags_of(run, self._settings, "Results", "Figures")) as task:
            task.connect({"datasets": list(run.datasets), "methods": list(run.methods)}, name="Data")
            logger = task.get_logger()
            for dataset in run.datasets:
                for report in results_reports(run, dataset):
                    send(logger, report)
            if self._settings.auto_log_artifacts:
                paths = {name: run.folder / name for name in _ATTACHED}
                self._attach(task, {name: path for name, path in paths.items() if path.is_file()})

    @contextlib.contextmanager
    def _task(self, name: str, tags: Sequence[str], failure: str = "") -> Iterator[Any]:
        """Open a task in place of one that was begun, and note that it is whole after it was closed.

        Parameters
        ----------
        name : str
        tags : sequence of str
        failure : str
            Why the task is to be shown as a failed one.
        """
        destination = self._connection.destination
        old = self._ledger.sent(destination).get(name)
        if old is not None:
            self._connection.remove(old.id, self._say)
        self._connection.on_created = lambda id: self._ledger.begin(destination, name, id)
        task = self._opened(name, tags)
        self._ledger.begin(destination, name, task.id)
        try:
            if self._settings.parent_task_id:
                task.set_parent(self._settings.parent_task_id)
            yield task
        except BaseException as error:
            self._connection.note(error)
            _close(task, failure="sending it broke off")
            self._connection.check(f"the task {name!r}")
            raise
        _close(task, failure)
        try:
            self._connection.check(f"the task {name!r}")
        except TrackerError:
            _mark_failed(task, "sending it broke off")  # it was closed as a completed one
            raise
        self._ledger.finish(destination, name)

    def _opened(self, name: str, tags: Sequence[str]) -> Any:
        from clearml import Task

        try:
            return Task.init(
                project_name=self._settings.clearml_project_name,
                task_name=name if name == RESULTS else self._settings.clearml_task_name or name,
                tags=list(tags),
                reuse_last_task_id=False,
                auto_connect_arg_parser=False,
                # Neither this process's code nor its packages are those of the run.
                auto_connect_frameworks={"detect_repository": False},
                auto_resource_monitoring=False,
                auto_connect_streams=False,
            )
        except Exception as error:
            self._connection.check(f"the task {name!r}", but_refused=True)
            self._connection.refused.append(f"{type(error).__name__}: {error}")
            self._connection.check(f"the task {name!r}")
            raise

    def _attach(self, task: Any, paths: Mapping[str, Path]) -> None:
        for name, path in paths.items():
            self._connection.check(f"the task {task.name!r}")
            try:
                if not task.upload_artifact(name, path, wait_on_upload=True):
                    self._connection.refused.append(f"no upload of {path.name}")
            except ValueError as error:  # the file server's answer, by ClearML 2.1
                self._connection.refused.append(str(error))


def _paced(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that passes on a line every few seconds, the first at once, and drops the others."""
    last = -math.inf

    def paced(line: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _PAUSE_SECONDS:
            last = time.monotonic()
            say(line)

    return paced


def _name(dataset: str, method: str) -> str:
    return f"{dataset} + {method}"


def _close(task: Any, failure: str) -> None:
    """Close a task, which makes it a completed one; offline, where there is no status, its tag tells."""
    task.close()
    if failure:
        _mark_failed(task, failure)


def _mark_failed(task: Any, why: str) -> None:
    task.mark_failed(status_reason=_FAILED, status_message=why, force=True)


def _how_to_import(sessions: Path) -> str:
    load = f"sorted(Path({str(sessions)!r}).glob('*.zip'))"
    return (
        f"sessions are in {sessions}; where there is a server, send them with:\n"
        'python -c "from pathlib import Path; from clearml import Task; '
        f'[Task.import_offline_session(str(path)) for path in {load}]"'
    )
