"""What a ClearML task is connected to and tagged with: settings under the original test bench's keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from smote_bench.experiment.tracking import TrackingSettings
    from smote_bench.runs.open import Run

__all__ = ["connected", "experiment_config", "gate_tags", "tags_of"]


def experiment_config(run: Run, settings: TrackingSettings) -> dict[str, Any]:
    """Return the settings of the experiment under the keys of the original's ``experiment_config``."""
    experiment = run.manifest["experiment"]
    protocol = experiment["protocol"]
    tracking = settings.to_json()
    tracking["clearml_tags"] = tracking["clearml_tags"] or None
    del tracking["parent_task_id"]  # the task has it as its parent
    return {
        **{key: protocol[key] for key in ("cv_folds", "random_runs", "test_size", "random_state")},
        "priority_metrics": list(run.priority_metrics),
        "selected_classifiers": list(experiment["classifiers"]),
        **tracking,
    }


def connected(run: Run, settings: TrackingSettings, dataset: str, method: str) -> dict[str, dict[str, Any]]:
    """Return the parameters of a task by section."""
    experiment = run.manifest["experiment"]
    config = experiment_config(run, settings)
    of_method = _method_params(experiment["methods"].get(method, {})) if settings.log_model_params else {}
    sections = {
        "experiment_config": config,
        "current_experiment_params": {
            "dataset_name": dataset,
            "smote_algorithm": method,
            "experiment_config": config,
            "dataset_params": _without_empty(experiment["datasets"].get(dataset, {})),
            "method_params": of_method,
        },
        "provenance": {
            "run": run.folder.name,
            "finished": run.manifest["finished"],
            "dataset_digest": experiment["datasets"].get(dataset, {}).get("digest"),
            "commit": run.manifest.get("commit") or {},
            "versions": dict(run.manifest.get("versions", {})),
        },
    }
    if settings.log_model_params:
        sections["classifier_params"] = {
            name: {"target": of["target"], **of["params"]} for name, of in experiment["classifiers"].items()
        }
    return sections


def tags_of(run: Run, settings: TrackingSettings, *names: str) -> list[str]:
    """Return the tags of a task: its names, the experiment's own, the gate's verdict, and that it was cut."""
    cut = ["cut"] if run.account.cut else []
    return list(dict.fromkeys((*names, *settings.clearml_tags, *gate_tags(run.folder), *cut)))


def gate_tags(folder: Path) -> list[str]:
    """Return the verdict on a run as a tag, where it was judged.

    Parameters
    ----------
    folder : Path
        The run's.

    Returns
    -------
    list of str
        As in ``gate: not comparable``.
    """
    try:
        text = (folder / "gate.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    try:
        return [f"gate: {json.loads(text)['result']}"]
    except (ValueError, KeyError, TypeError):
        return ["gate: unreadable"]


def _method_params(method: Mapping[str, Any]) -> dict[str, Any]:
    """Return a method's parameters: of its step, or of each step below the step's place and target."""
    steps = method.get("steps", [])
    parts = [{"target": step["target"], **step["params"]} for step in steps]
    found: dict[str, Any] = (
        parts[0] if len(parts) == 1 else {f"step_{n}": part for n, part in enumerate(parts, start=1)}
    )
    rest = {key: value for key, value in method.items() if key not in ("name", "steps") and value}
    return _without_empty({**found, **rest})


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out empty mappings: ClearML 2.1 files each under its last key, over others of that name."""
    return {key: value for key, value in values.items() if value != {}}
