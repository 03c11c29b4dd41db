"""What tests of a group demand: its broken samplers are noticed, correct ones are not."""

from __future__ import annotations

import pytest

from broken_samplers import BROKEN
from broken_samplers.pasting import assert_asserts
from smote_bench.properties import PROPERTIES, Subject, run_property

__all__ = ["assert_accepted", "assert_killed", "kills", "unkilled"]


def kills(group: str) -> list[object]:
    """Return each broken sampler's name with each property of the group that has to notice it."""
    return [
        pytest.param(name, wanted, id=f"{wanted}-{name}")
        for name, made in BROKEN.items()
        for wanted in made.killed_by
        if PROPERTIES[wanted].group == group
    ]


def unkilled(group: str) -> set[str]:
    """Return the properties of the group that no broken sampler is registered for."""
    noticed = {wanted for made in BROKEN.values() for wanted in made.killed_by}
    return {name for name, prop in PROPERTIES.items() if prop.group == group} - noticed


def assert_killed(name: str, wanted: str) -> None:
    """Demand that a property fails on a broken sampler, and that what it prints can be pasted and run."""
    made = BROKEN[name]
    with pytest.MonkeyPatch.context() as patch:
        # Whether it is noticed is the question, not how small the data set gets.
        patch.setattr("smote_bench.properties.engine._SHRINK_CALLS", 40)
        patch.setattr("smote_bench.properties.engine._ROWS_SECONDS", 0.1)
        result = run_property(PROPERTIES[wanted], Subject(made.sampler, family=made.family), seed=0)
    assert result.status == "failed"
    assert result.reason
    assert "X" in assert_asserts(result.counterexample)


def assert_accepted(subject: Subject, group: str, seeds: range, *, but: tuple[str, ...] = ()) -> None:
    """Demand that no property of a group fails, but those that are known to; remarks are none."""
    results = [
        run_property(prop, subject, seed=seed, smoke=True)
        for seed in seeds
        for prop in PROPERTIES.values()
        if prop.group == group and prop.name not in but
    ]
    rejecting = [result for result in results if result.status == "failed" and not result.is_remark]
    assert [str(result) for result in rejecting] == []
