"""The examples of docs/samplers.md run, and the samplers that it shows are accepted by the kit."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas
import pytest

from smote_bench.properties import validate

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "samplers.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
RNG = np.random.default_rng(0)
DATA = {"X": RNG.normal(size=(60, 3)), "y": np.repeat([0, 1], [45, 15]), "pandas": pandas}


def names():
    """Run every example, in order, and return what they made."""
    made = {**DATA, "__name__": "samplers_guide"}
    for block in BLOCKS:
        exec(compile(block, "docs/samplers.md", "exec"), made)
    return made


def test_every_example_runs():
    made = names()
    X_resampled, y_resampled = made["X_resampled"], made["y_resampled"]
    assert np.bincount(y_resampled).tolist() == [45, 45]
    assert len(made["parents"]) == len(X_resampled) - 60


@pytest.mark.parametrize(
    ("name", "family"),
    [("CautiousSMOTE", "interpolating"), ("CautiousSMOTE", "generic"), ("GaussianNoise", None)],
)
def test_a_sampler_that_it_shows_is_accepted(name, family):
    verdict = validate(names()[name], family=family, smoke=True)
    assert verdict.accepted, [str(failure) for failure in verdict.failures]
