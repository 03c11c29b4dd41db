"""A table of numbers and categories whose classes depend on both, and an experiment on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment

__all__ = ["mixed_experiment", "mixed_table"]


def mixed_table(rows: int = 240, seed: int = 0) -> pd.DataFrame:
    """Return age, income (numbers), plan, city (categories) and left: yes in a quarter of the rows."""
    draw = np.random.default_rng(seed)
    left = draw.permutation(np.arange(rows) < rows // 4)
    plan = np.where(draw.random(rows) < np.where(left, 0.7, 0.3), "basic", "full")
    city = np.array(["Bonn", "Graz", "Oslo"])[draw.integers(0, 3, rows)]
    return pd.DataFrame(
        {
            "age": np.round(draw.normal(40, 10, rows) + 6 * left, 1),
            "plan": plan,
            "income": np.round(draw.normal(3000, 500, rows) - 300 * left),
            "city": city,
            "left": np.where(left, "yes", "no"),
        }
    )


def mixed_experiment(
    folder: Path, methods: list[Any], classifiers: Any = ("LogisticRegression",), **config: Any
) -> Experiment:
    """Return an experiment on the table, written as a file into `folder`."""
    mixed_table().to_csv(folder / "people.csv", index=False)
    definition = {
        "name": "mixed",
        "methods": methods,
        "datasets": [{"name": "People", "file": "people.csv", "target": "left", "minority": "yes"}],
        "experiment_config": {
            "cv_folds": 3,
            "random_runs": 1,
            "selected_classifiers": classifiers if isinstance(classifiers, dict) else list(classifiers),
            **config,
        },
    }
    return experiment_from_text(yaml.safe_dump(definition, sort_keys=False), str(folder / "mixed.yaml"))
