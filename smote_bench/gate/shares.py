"""How the rate of false alarms is divided between the steps of the gate and their levels."""

from __future__ import annotations

from collections.abc import Mapping

from smote_bench.gate.settings import Level

__all__ = ["alpha_of_metrics", "alpha_of_samples"]

_OF_METRICS: Mapping[Level, float] = {"method": 1 / 2, "dataset": 1 / 4, "case": 1 / 4}
_OF_SAMPLES: Mapping[Level, float] = {"method": 1 / 2, "dataset": 1 / 2}


def alpha_of_metrics(alpha: float, *, has_samples: bool) -> dict[Level, float]:
    """Return each level's share for drops of metrics: of half of alpha, or of all where no samples are known.

    >>> alpha_of_metrics(0.01, has_samples=True)
    {'method': 0.0025, 'dataset': 0.00125, 'case': 0.00125}
    """
    step = alpha / 2 if has_samples else alpha
    return {level: step * share for level, share in _OF_METRICS.items()}


def alpha_of_samples(alpha: float) -> dict[Level, float]:
    """Return each level's share for changes of samples: of the other half of alpha.

    >>> alpha_of_samples(0.01)
    {'method': 0.0025, 'dataset': 0.0025}
    """
    return {level: alpha / 2 * share for level, share in _OF_SAMPLES.items()}
