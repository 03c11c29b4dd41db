"""Trackers by name: those that come with smote-bench, those of other packages, or any class."""

from __future__ import annotations

from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.environment.targets import load_target
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.report.trackers.contract import Tracker

__all__ = ["BUILT_IN", "GROUP", "check_tracker", "make_tracker"]

GROUP = "smote_bench.trackers"
"""The entry points by which other packages add trackers: ``name = "package.module:Class"``."""

BUILT_IN = {
    "clearml": "smote_bench.report.trackers.clearml.tracker:ClearML",
    "mlflow": "smote_bench.report.trackers.mlflow.tracker:MLflow",
}
"""Each needs the package of its name."""


def check_tracker(name: str) -> None:
    """Make sure that a name is a tracker's that can be used here; what comes with us is not imported.

    Raises
    ------
    ConfigError
        For an unknown name, or a class that sends nothing.
    UnavailableError
        If the package that it needs is not installed; says how to install it.
    """
    target = _target(name)
    if name not in BUILT_IN:
        _class(name, target)
    elif not is_installed(name):
        raise missing_package(f"the tracker {name!r}", name)


def make_tracker(name: str) -> Tracker:
    """Return a tracker by name.

    Raises
    ------
    ConfigError, UnavailableError
        As `check_tracker`.
    """
    check_tracker(name)
    tracker: Tracker = _class(name, _target(name))()
    return tracker


def _target(name: str) -> str:
    if name in BUILT_IN:
        return BUILT_IN[name]
    if ":" in name:
        return name
    from importlib.metadata import entry_points

    others = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    if name not in others:
        known = [*BUILT_IN, *others]
        raise ConfigError(
            f"expected the name of a tracker or 'package.module:Class', got {name!r}."
            f"{did_you_mean(name, known)} There are: {', '.join(known)}"
        )
    return others[name]


def _class(name: str, target: str) -> type[Tracker]:
    found = load_target(target)
    if not isinstance(found, type) or not callable(getattr(found, "publish", None)):
        raise ConfigError(
            f"expected a class with a method publish(run, ledger, say) for the tracker {name!r}, got "
            f"{found!r}: see docs/trackers.md"
        )
    return found
