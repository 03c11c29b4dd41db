"""Hooks by which other packages add to the bench; each returns data in the experiment file's grammar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

__all__ = [
    "pytest_smote_classifiers",
    "pytest_smote_datasets",
    "pytest_smote_methods",
    "pytest_smote_metrics",
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
