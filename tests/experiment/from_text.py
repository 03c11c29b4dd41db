"""An experiment from a text."""

from __future__ import annotations

from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment


def experiment_of(text: str, path: str = "exp.yaml", **more: object) -> Experiment:
    return experiment_from_text(text, path, **more)
