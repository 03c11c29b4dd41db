"""What an experiment says of trackers: the settings of the original test bench, under their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

__all__ = ["TrackingSettings"]


@dataclass(frozen=True)
class TrackingSettings:
    """How a run is shown in a tracker; no score depends on it.

    Parameters
    ----------
    clearml_project_name : str
    clearml_task_name : str, optional
        The name of every task; default the data set's and the method's.
    clearml_tags : tuple of str
        Beside the data set's and the method's.
    parent_task_id : str, optional
        The ClearML task that all tasks of the run are below.
    auto_log_artifacts : bool
        Whether results are attached as files.
    log_model_params : bool
        Whether the parameters of method and classifiers are connected.
    enable_scatter_plots, enable_tsne_plots, enable_roc_curves, enable_precision_recall_curves : bool
        Which plots are made.
    """

    clearml_project_name: str = "SMOTE Test Bench"
    clearml_task_name: str | None = None
    clearml_tags: tuple[str, ...] = ()
    parent_task_id: str | None = None
    auto_log_artifacts: bool = True
    log_model_params: bool = True
    enable_scatter_plots: bool = True
    enable_tsne_plots: bool = True
    enable_roc_curves: bool = True
    enable_precision_recall_curves: bool = True

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> TrackingSettings:
        """Return the settings that a run's manifest has; defaults for what an older one lacks."""
        found = manifest["experiment"].get("tracking", {})
        known = {name: found[name] for name in TRACKING_KEYS if name in found}
        return cls(**{**known, "clearml_tags": tuple(known.get("clearml_tags", ()))})

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON values, for the manifest."""
        return {**asdict(self), "clearml_tags": list(self.clearml_tags)}


TRACKING_KEYS = tuple(field.name for field in fields(TrackingSettings))
