"""What a counterexample has to do once it is pasted, also where the broken sampler raises."""

from __future__ import annotations

import warnings

from broken_samplers import BROKEN
from smote_bench.properties import PROPERTIES, Result, Subject, run_property

__all__ = ["assert_noticed"]


def assert_noticed(name: str, wanted: str, *, seed: int = 0) -> Result:
    """Demand that a property fails on a broken sampler and that what it prints runs."""
    made = BROKEN[name]
    result = run_property(PROPERTIES[wanted], Subject(made.sampler, family=made.family), seed=seed)
    assert result.status == "failed"
    assert result.reason
    names: dict[str, object] = {}
    code = compile(result.counterexample, "counterexample", "exec")
    try:
        with warnings.catch_warnings(action="ignore"):  # as where somebody pastes it, no warning is an error
            exec(code, names)
    except (NameError, ImportError, SyntaxError):
        raise
    except Exception:
        assert "raise" in result.reason or "error that says" in result.reason
    assert {"X", "y"} <= set(names)
    return result
