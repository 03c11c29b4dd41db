"""Which cells run code of libraries alone, that leaves other libraries as they are."""

from __future__ import annotations

from smote_bench.classifiers.registry import classifier_targets
from smote_bench.environment.targets import top_package
from smote_bench.experiment.model import Experiment

__all__ = ["has_known_classifier", "has_known_metrics", "has_known_sampler"]

_KNOWN = frozenset(
    (
        *("smote_bench", "smote_impls", "imblearn", "smote_variants", "sklearn"),
        *("xgboost", "lightgbm", "catboost", "keras", "tensorflow"),
    )
)


def has_known_sampler(experiment: Experiment, method: str) -> bool:
    """Tell whether all samplers of a method are of libraries that this project knows; no method has none."""
    steps = experiment.methods[method].steps if method else ()
    return all(top_package(step.target) in _KNOWN for step in steps)


def has_known_classifier(experiment: Experiment, classifier: str) -> bool:
    """Tell whether a classifier, and those inside of it, are of libraries that this project knows."""
    return all(top_package(one) in _KNOWN for one in classifier_targets(experiment.classifiers[classifier]))


def has_known_metrics(experiment: Experiment) -> bool:
    """Tell whether all metrics are this project's own or of libraries that it knows."""
    targets = [metric.target for metric in experiment.metrics.values() if metric.target is not None]
    return all(top_package(target) in _KNOWN for target in targets)
