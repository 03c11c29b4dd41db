"""The tracker MLflow: a run for the session, and one below it for each data set, method and classifier."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.experiment.tracking import TrackingSettings
from smote_bench.report.trackers.contract import TrackerError
from smote_bench.report.trackers.mlflow.content import Content, Contents
from smote_bench.report.trackers.mlflow.files import CellFiles, run_files
from smote_bench.report.trackers.mlflow.place import Place, opened, place_of, shown_address
from smote_bench.report.trackers.mlflow.view import VIEW, view_of

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import DatasetInput

    from smote_bench.evaluation.outcome import Outcome
    from smote_bench.report.trackers.ledger import Ledger
    from smote_bench.runs.open import Run

__all__ = ["MLflow"]

_WHOLE = "run"
"""The ledger's name of the parent; a cell is there under its id."""

_MOST_ENTITIES, _MOST_PARAMS = 1000, 100
"""Of one call of MLflow."""

_EACH = 20
"""Cells between two lines of progress."""


class MLflow:
    """Sends a run to MLflow; see docs/mlflow.md for what is where."""

    def publish(self, run: Run, ledger: Ledger, say: Callable[[str], None]) -> None:
        """Send what the ledger does not have yet (`smote_bench.report.trackers.contract.Tracker`)."""
        place = place_of(run, os.environ)
        say(f"to {place.destination}")
        client, experiment_id = opened(place)
        _Sending(run, ledger, say, place, client, experiment_id).send()
        for line in place.how_to_look(experiment_id):
            say(line)


class _Sending:
    """One publication of one run."""

    def __init__(
        self,
        run: Run,
        ledger: Ledger,
        say: Callable[[str], None],
        place: Place,
        client: MlflowClient,
        experiment_id: str,
    ) -> None:
        self._run, self._ledger, self._say, self._place = run, ledger, say, place
        self._client, self._experiment_id = client, experiment_id
        self._contents = Contents(run, _gate(run))
        self._files = CellFiles(run, self._contents)
        self._with_files = TrackingSettings.of(run.manifest).auto_log_artifacts
        self._done = 0

    def send(self) -> None:
        """Send the parent, the cells below it, and say that the parent is whole."""
        whole = self._ledger.sent(self._place.destination).get(_WHOLE)
        with self._explained():
            if whole is not None and whole.is_complete:
                if self._is_there(whole.id):
                    self._say(f"everything is there already, run {whole.id}: nothing was sent")
                    return
                self._say(f"run {whole.id}, which was sent, is not there any more: all is sent again")
            parent = self._parent()
            complete = self._complete_below(parent)
            missing = [outcome for outcome in self._run.outcomes if outcome.cell.id not in complete]
            self._say(f"sending {len(missing)} of {len(self._run.outcomes)} cells below run {parent}")
            for n, outcome in enumerate(missing, 1):
                self._send_cell(outcome, parent)
                if n % _EACH == 0 or n == len(missing):
                    self._say(f"{n} of {len(missing)} cells are there")
            # A create of which the answer was lost was made twice: MLflow asks again.
            self._complete_below(parent)
            self._delete_begun_beside(parent)
            self._finish(_WHOLE, parent, self._contents.whole_run())
        self._save_view()
        self._say(f"all of {self._run.folder.name} is there: run {parent}")

    def _save_view(self) -> None:
        """Save the table that the link shows; without it all is there, and only less at hand."""
        from mlflow.exceptions import MlflowException

        try:
            self._client.set_experiment_tag(self._experiment_id, VIEW, view_of(self._run))
        except MlflowException as error:
            self._say(f"the view of the cells could not be saved, choose the columns by hand: {error}")

    def _parent(self) -> str:
        """Return the id of the parent, which is made where it is not there."""
        sent = self._ledger.sent(self._place.destination)
        content = self._contents.whole_run()
        known = sent[_WHOLE].id if _WHOLE in sent else None
        self._delete_begun_beside(known)
        # Whatever its status: a process may have died between the run's end and the ledger's.
        if known is not None and self._is_there(known):
            parent = known
        else:
            parent = self._create(_WHOLE, content, {"smote_bench.mark": _mark(self._run)})
        self._log(parent, content)
        if self._with_files:
            self._attach(parent, lambda folder: run_files(self._run, folder))
        return parent

    def _is_there(self, id: str) -> bool:
        """Tell whether a run that the ledger has is in the experiment, wherever this folder lies by now."""
        from mlflow.exceptions import MlflowException

        try:
            info = self._client.get_run(id).info
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return False
            raise
        return info.lifecycle_stage == "active" and str(info.experiment_id) == self._experiment_id

    def _marked(self, condition: str = "") -> set[str]:
        """Return the ids of the parents that this folder's run has in the experiment."""
        return self._runs(f"tags.`smote_bench.mark` = '{_mark(self._run)}'{condition}")

    def _delete_begun_beside(self, parent: str | None) -> None:
        for id in self._marked(" AND attributes.status = 'RUNNING'") - {parent}:
            self._delete_with_children(id)

    def _complete_below(self, parent: str) -> set[str]:
        """Return the cells that are whole below the parent; what was begun only is deleted."""
        sent = self._ledger.sent(self._place.destination)
        there = self._runs(f"tags.`mlflow.parentRunId` = '{parent}'")
        whole = {name for name, item in sent.items() if item.is_complete and item.id in there}
        for id in there - {sent[name].id for name in whole}:
            self._client.delete_run(id)
        return whole

    def _send_cell(self, outcome: Outcome, parent: str) -> None:
        content, name = self._contents.cell(outcome, parent), outcome.cell.id
        id = self._create(name, content, {})
        self._log(id, content)
        if self._with_files:
            self._attach(id, lambda folder: self._files.write(outcome, folder))
        self._finish(name, id, content)

    def _create(self, name: str, content: Content, more_tags: Mapping[str, str]) -> str:
        tags = {**content.tags, **more_tags, **_user()}
        made = self._client.create_run(
            self._experiment_id, start_time=content.started, tags=tags, run_name=content.name
        )
        id = str(made.info.run_id)
        self._ledger.begin(self._place.destination, name, id)
        return id

    def _log(self, id: str, content: Content) -> None:
        """Send params, metrics and the data set; a second time changes nothing."""
        from mlflow.entities import Metric, Param

        metrics = [Metric(v.key, v.value, content.ended, v.step) for v in content.values]
        params = [Param(key, value) for key, value in content.params.items()]
        while metrics or params:
            some = params[:_MOST_PARAMS]
            n = _MOST_ENTITIES - len(some)
            self._client.log_batch(id, metrics=metrics[:n], params=some)
            params, metrics = params[_MOST_PARAMS:], metrics[n:]
        data = _dataset_input(content)
        if data is not None:
            self._client.log_inputs(id, datasets=[data])

    def _attach(self, id: str, write: Callable[[Path], None]) -> None:
        with tempfile.TemporaryDirectory(prefix="smote-bench-mlflow-") as name:
            folder = Path(name)
            write(folder)
            if any(folder.iterdir()):
                self._client.log_artifacts(id, str(folder))

    def _finish(self, name: str, id: str, content: Content) -> None:
        status = "FAILED" if content.has_failed else "FINISHED"
        self._client.set_terminated(id, status=status, end_time=content.ended)
        self._ledger.finish(self._place.destination, name)
        self._done += 1

    def _runs(self, condition: str) -> set[str]:
        """Return the ids of the runs of the experiment that a condition holds for."""
        found: set[str] = set()
        token = None
        while True:
            page = self._client.search_runs(
                [self._experiment_id], filter_string=condition, max_results=1000, page_token=token
            )
            found |= {run.info.run_id for run in page}
            token = page.token
            if not token:
                return found

    def _delete_with_children(self, id: str) -> None:
        for child in self._runs(f"tags.`mlflow.parentRunId` = '{id}'"):
            self._client.delete_run(child)
        self._client.delete_run(id)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Say of a failure on the way what is there and how to go on."""
        try:
            yield
        except Exception as error:
            came = str(error).replace(self._place.uri, shown_address(self._place.uri))
            raise TrackerError(
                f"expected MLflow at {self._place.destination} to take the run, got {type(error).__name__}: "
                f"{came} (after {self._done} cells)"
            ) from error


def _gate(run: Run) -> dict[str, Any] | None:
    path = run.folder / "gate.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _mark(run: Run) -> str:
    """Return what tells this folder's run from its copies elsewhere."""
    path = run.folder / "manifest.json"
    manifest = path.read_bytes() if path.is_file() else json.dumps(run.manifest, sort_keys=True).encode()
    place = f"{socket.gethostname()}\n{run.folder.resolve()}\n"
    return hashlib.sha256(place.encode() + manifest).hexdigest()[:32]


def _user() -> dict[str, str]:
    """Return the tag that MLflow shows as the user; none where the system does not say."""
    import getpass

    try:
        return {"mlflow.user": getpass.getuser()}
    except (OSError, KeyError, ImportError):
        return {}


def _dataset_input(content: Content) -> DatasetInput | None:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    data = content.data
    if data is None:
        return None
    entity = Dataset(data.name, data.digest, "code", data.source, data.schema, data.profile)
    return DatasetInput(entity, [InputTag("mlflow.data.context", "evaluation")])
