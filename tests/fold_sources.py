"""The folds of an experiment, for tests that need no runner."""

from __future__ import annotations

from typing import Any

from smote_bench.evaluation.folds import FoldSource
from smote_bench.experiment.model import Experiment

__all__ = ["fold_source"]


def fold_source(experiment: Experiment, **options: Any) -> FoldSource:
    """Return the source of an experiment's folds."""
    return FoldSource(experiment.datasets, experiment.methods, experiment.protocol, **options)
