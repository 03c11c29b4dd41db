"""Publishing to MLflow and reading a store back, each in a process of its own as in production.

MLflow's libraries warn when they are imported, and read settings of their own: in a process of its own
neither meets the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from smote_bench.environment.optional_packages import is_installed, remedy_for

__all__ = ["SMOTE_BENCH", "FoundRun", "clean_environment", "needs_mlflow", "publish", "read_store"]

SMOTE_BENCH = [sys.executable, "-m", "smote_bench"]

# Not importorskip: MLflow in this process would call home before a test can tell it not to.
needs_mlflow = pytest.mark.skipif(not is_installed("mlflow"), reason=f"mlflow: {remedy_for('mlflow')}")

PUBLISH = """
import sys
from pathlib import Path
from smote_bench.errors import SmoteBenchError
from smote_bench.report.trackers.child import send
from smote_bench.report.trackers.ledger import Ledger

def publish(folder):
    send(folder, "mlflow", print)

folder = Path(sys.argv[1])
try:
    exec(sys.argv[2])
except SmoteBenchError as error:
    print(type(error).__name__, error)
    sys.exit(1)
"""

READ = """
import json, sys
from mlflow import MlflowClient

client = MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name(sys.argv[2])
found = []
for run in client.search_runs([experiment.experiment_id], max_results=5000):
    id = run.info.run_id
    keys = run.data.metrics if sys.argv[3] == "whole" else ()
    history = {key: [[m.step, m.value] for m in client.get_metric_history(id, key)] for key in keys}
    inputs = [
        {**dict(i.dataset), "context": {t.key: t.value for t in i.tags}.get("mlflow.data.context")}
        for i in run.inputs.dataset_inputs
    ]
    artifacts = [a.path for a in client.list_artifacts(id)]
    found.append(
        {
            "id": id,
            "name": run.info.run_name,
            "status": run.info.status,
            "milliseconds": (run.info.end_time or 0) - run.info.start_time,
            "params": run.data.params,
            "tags": run.data.tags,
            "metrics": history,
            "inputs": inputs,
            "artifacts": artifacts,
            "artifact_uri": run.info.artifact_uri,
        }
    )
print(json.dumps(found))
"""


@dataclass(frozen=True)
class FoundRun:
    """A run as MLflow's client returns it; of a metric, pairs of step and value."""

    id: str
    name: str
    status: str
    milliseconds: int
    params: dict[str, str]
    tags: dict[str, str]
    metrics: dict[str, list[list[float]]]
    inputs: list[dict[str, Any]]
    artifacts: list[str]
    artifact_uri: str


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment without MLflow's settings, and with a home and temporary files of the test."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "PYTEST", "COV_"))}
    own = {"HOME": str(home), "MPLCONFIGDIR": str(home), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    return {**kept, **own, **more}


def publish(
    folder: Path, environment: Mapping[str, str], steps: str = "publish(folder)"
) -> subprocess.CompletedProcess[str]:
    """Publish a run's folder; `steps` is Python that calls ``publish(folder)``, once or oftener."""
    return _python(PUBLISH, environment, str(folder), steps)


def read_store(
    uri: str, environment: Mapping[str, str], experiment: str = "SMOTE Test Bench", *, whole: bool = True
) -> list[FoundRun]:
    """Return the active runs of an experiment; with metrics, a call for each, only in a `whole` reading."""
    done = _python(READ, {**environment, **QUIET}, uri, experiment, "whole" if whole else "")
    assert done.returncode == 0, done.stderr
    return [FoundRun(**found) for found in json.loads(done.stdout)]


QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true"}


def _python(code: str, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=300,
    )
