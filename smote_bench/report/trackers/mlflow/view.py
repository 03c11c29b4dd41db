"""A table of a run's cells in MLflow's page: which columns, which order, as a shared view with a link."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smote_bench.report.trackers.mlflow.content import legal_names

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["VIEW", "link_to_view", "view_of"]

VIEW = "mlflow.sharedViewState.smote-bench"
"""The experiment's tag in which MLflow's page looks for the view that a link names."""


def view_of(run: Run) -> str:
    """Return the view as MLflow's page saves its own: the first priority metric, best gain first.

    Without it the table shows neither metrics nor params until each is chosen among some two hundred.
    """
    metric = legal_names(run.metrics)[run.priority_metrics[0]]
    better = run.metrics[run.priority_metrics[0]].better
    columns = [
        *(f"metrics.`{part}/{metric}`" for part in ("cv_delta", "cv_mean", "holdout_delta")),
        *(f"params.`{part}`" for part in ("dataset", "method", "classifier")),
        "tags.`smote_bench.status`",
    ]
    state = {
        "searchFilter": f"tags.smote_bench.run = '{run.folder.name}' and tags.smote_bench.level = 'cell'",
        "orderByKey": columns[0],
        "orderByAsc": better == "low",
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
        "runsExpanded": {},
        "runsPinned": [],
        "runsHidden": [],
        "runsHiddenMode": "FIRST_10_RUNS",
        "viewMaximized": False,
        "runListHidden": False,
        "useGroupedValuesInCharts": True,
        "hideEmptyCharts": True,
        "groupBy": None,
        "groupsExpanded": {},
        "autoRefreshEnabled": True,
    }
    return json.dumps(state)


def link_to_view(server: str, experiment_id: str) -> str:
    """Return the address of the view in a server's page.

    >>> link_to_view("http://127.0.0.1:5000/", "1")
    'http://127.0.0.1:5000/#/experiments/1/runs?viewStateShareKey=smote-bench'
    """
    return (
        f"{server.rstrip('/')}/#/experiments/{experiment_id}/runs?viewStateShareKey={VIEW.rpartition('.')[2]}"
    )
