"""What a counterexample has to do once it is pasted: assert the failure that it shows."""

from __future__ import annotations

import contextlib
import os
import warnings

import numpy as np
import pytest

from broken_samplers import BROKEN
from smote_bench.properties import PROPERTIES, Result, Subject, run_property

__all__ = ["assert_asserts", "assert_noticed"]


def assert_asserts(code: str) -> dict[str, object]:
    """Demand that pasted code runs up to an AssertionError; return its names."""
    names: dict[str, object] = {}
    compiled = compile(code, "counterexample", "exec")
    # As where somebody pastes it, no warning is an error; what the sampler leaves changed is put back.
    with (
        warnings.catch_warnings(action="ignore"),
        np.errstate(),
        contextlib.chdir(os.getcwd()),
        pytest.raises(AssertionError),
    ):
        exec(compiled, names)
    return names


def assert_noticed(name: str, wanted: str, *, seed: int = 0) -> Result:
    """Demand that a property fails on a broken sampler and that what it prints asserts that."""
    made = BROKEN[name]
    with pytest.MonkeyPatch.context() as patch:
        # Whether it is noticed is the question; how small a finding gets, test_pasting.py asks.
        patch.setattr("smote_bench.properties.engine._SHRINK_CALLS", 60)
        patch.setattr("smote_bench.properties.engine._ROWS_SECONDS", 0.1)
        result = run_property(PROPERTIES[wanted], Subject(made.sampler, family=made.family), seed=seed)
    assert result.status == "failed"
    assert result.reason
    assert {"X", "y"} <= set(assert_asserts(result.counterexample))
    return result
