"""What an experiment says of trackers: which ones, and the original test bench's settings by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["TRACKING_KEYS", "WITHOUT_EFFECT", "TrackingSettings", "parse_trackers", "parse_tracking"]


@dataclass(frozen=True)
class TrackingSettings:
    """How a run is shown in a tracker; no score depends on it.

    Parameters
    ----------
    clearml_project_name : str
    clearml_task_name : str, optional
        The name of every task but ``results``; default the data set's and the method's.
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
"""Keys of an experiment's file."""

WITHOUT_EFFECT = {
    "results_dir": "runs are written below --smote-out",
    "save_results": "a run is always written",
    "create_plots": "smote_report and --smote-no-report say whether figures are made",
    "save_plots": "smote_report and --smote-no-report say whether figures are made",
    "enable_data_visualisation": "the report shows the points of each method",
    "enable_class_distribution_plots": "the report shows the classes of each data set",
    "enable_confusion_matrices_plots": "the report shows the confusion matrices",
    "enable_metric_comparison_plots": "the report compares the metrics",
    "enable_comprehensive_visualisation": "the report shows all of it",
    "max_resampled_multiplier": "the rows after resampling are in cells.csv",
    "max_plot_samples": "plots show at most 2000 points, drawn from each group",
}
"""Keys of the original's files that nothing here depends on, and what there is in their place."""


def parse_tracking(found: Mapping[str, Any]) -> TrackingSettings:
    """Check the settings that a file has.

    Parameters
    ----------
    found : mapping
        From keys of `TRACKING_KEYS` to what is written there; null is the default.

    Raises
    ------
    ConfigError
        Beginning with the key, then a colon.
    """
    values: dict[str, Any] = {}
    for key, value in found.items():
        if value is None:
            continue
        try:
            values[key] = _reader(key)(value)
        except ValueError as error:
            raise ConfigError(f"{key}: expected {error}, got {value!r} ({type(value).__name__})") from None
    return TrackingSettings(**values)


def parse_trackers(value: Any) -> tuple[str, ...]:
    """Return the names of trackers: text with commas or a list of names, in order, each once.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_trackers("clearml, mlflow")
    ('clearml', 'mlflow')
    """
    listed = value.split(",") if isinstance(value, str) else value
    if value is None:
        listed = []
    if not isinstance(listed, list | tuple) or not all(isinstance(name, str) for name in listed):
        raise ConfigError(f"expected the names of trackers, got {value!r}: write [clearml, mlflow]")
    return tuple(dict.fromkeys(name.strip() for name in listed if name.strip()))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("text (quote it)")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _tags(value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(tag, str) and tag for tag in listed):
        raise ValueError("a list of tags as text, such as [smote, benchmark]")
    return tuple(listed)


def _reader(key: str) -> Callable[[Any], Any]:
    if key == "clearml_tags":
        return _tags
    return _flag if isinstance(getattr(TrackingSettings, key), bool) else _text
