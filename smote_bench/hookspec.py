"""Hooks by which other packages add to the bench, and one that is told of a finished run.

Those that add return data in the experiment file's grammar.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

__all__ = [
    "pytest_smote_classifiers",
    "pytest_smote_datasets",
    "pytest_smote_methods",
    "pytest_smote_metrics",
    "pytest_smote_run_finished",
]


@pytest.hookspec
def pytest_smote_methods(config: pytest.Config) -> Mapping[str, Any]:
    """Return methods by name, each defined as in the YAML file.

    For example ``{"Mine": "mypackage.samplers:Mine", "Mine9": {"method": "Mine", "params": {"k": 9}}}``.
    """
    return {}


@pytest.hookspec
def pytest_smote_datasets(config: pytest.Config) -> Mapping[str, Any]:
    """Return data sets by name: ``{"mine": {"file": "/data/mine.csv", "target": "y", "minority": 1}}``."""
    return {}


@pytest.hookspec
def pytest_smote_classifiers(config: pytest.Config) -> Mapping[str, Any]:
    """Return classifiers by name: ``{"Trees": {"classifier": "sklearn.ensemble:ExtraTreesClassifier"}}``."""
    return {}


@pytest.hookspec
def pytest_smote_metrics(config: pytest.Config) -> Mapping[str, Any]:
    """Return metrics by name: ``{"kappa": {"metric": "mypackage:kappa", "better": "high"}}``."""
    return {}


@pytest.hookspec
def pytest_smote_run_finished(config: pytest.Config, run: Any) -> None:
    """Do something with a finished run: its tables, verdict and report are in its folder.

    Called once, in the process that the user started, at the very end. What it raises is shown as a warning
    and changes neither the run nor the exit code. A run that was interrupted is not finished.

    Parameters
    ----------
    config : pytest.Config
    run : smote_bench.runs.open.Run
        With ``folder``, ``manifest``, ``scores`` and ``cells`` (data frames), ``outcomes``.
    """
