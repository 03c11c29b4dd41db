"""A finding is code that asserts its failure in a new process, as small as it can be.

Also of: fewer_rows.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from broken_samplers import BROKEN
from broken_samplers.pasting import assert_asserts
from broken_samplers.plain import PlainSMOTE

from smote_bench.errors import ConfigError
from smote_bench.properties import PROPERTIES, Subject, Violation, recheck, run_property, validate

for module in ("arguments", "contract", "geometry", "metamorphic", "sizes", "statistics", "structure"):
    importlib.import_module(f"broken_samplers.{module}")

# Of every group, and of every way in which a finding is shown.
TWENTY = (
    "ReturnsACall",
    "CountsItsCalls",
    "IgnoresItsSeed",
    "SeedsTheGlobalState",
    "CopiesTheStrategy",
    "ForgetsAParameter",
    "SortsColumns",
    "TakesLabelsForNumbers",
    "TakesAnyWordForAuto",
    "SaysNothingOnText",
    "ClampsNeighbors",
    "SilencesNumpy",
    "takes_no_seed",
    "TakesTheRatioOfTheTotal",
    "MakesWholeMultiples",
    "ExtrapolatingSMOTE",
    "CosineSMOTE",
    "HalfStepsSMOTE",
    "CapsItsRows",
    "FirstRowsWhenFew",
)

RUN = """
import json, os, sys, warnings
warnings.simplefilter("ignore")
for name, code in json.load(sys.stdin).items():
    try:
        exec(compile(code, name, "exec"), {"__name__": "pasted"})
    except AssertionError:
        print("asserted", name)
    except Exception as error:
        print("raised", name, repr(error))
    else:
        print("passed", name)
"""


def found(name):
    made = BROKEN[name]
    return run_property(PROPERTIES[made.killed_by[0]], Subject(made.sampler, family=made.family), smoke=True)


def test_twenty_pasted_findings_assert_their_failure_in_a_new_process():
    codes = {name: found(name).counterexample for name in TWENTY}
    tests = str(Path(__file__).resolve().parents[1])
    run = f"import sys; sys.path.insert(0, {tests!r})\n{RUN}"
    child = subprocess.run(
        [sys.executable, "-c", run], input=json.dumps(codes), capture_output=True, text=True, check=True
    )
    said = [line for line in child.stdout.splitlines() if line.split()[0] in ("asserted", "raised", "passed")]
    assert said == [f"asserted {name}" for name in TWENTY]


@pytest.mark.parametrize("name", ["ForgetsAParameter", "TakesAnyWordForAuto", "ReturnsACall"])
def test_a_finding_of_the_contract_has_few_rows(name):
    made = BROKEN[name]
    result = run_property(PROPERTIES[made.killed_by[0]], Subject(made.sampler, family=made.family))
    assert len(assert_asserts(result.counterexample)["y"]) <= 6


class KnowsAutoAlone(PlainSMOTE):
    """Refuses in words what it does not offer, only where a property sets it."""

    def fit_resample(self, X, y):
        if self.sampling_strategy != "auto":
            raise ValueError("only 'auto' is known")
        return super().fit_resample(X, y)


def test_a_call_that_raises_is_shown_with_the_parameters_that_it_had():
    result = run_property(PROPERTIES["fitting_keeps_parameters"], Subject(KnowsAutoAlone, family="smote"))
    assert "it raised ValueError: only 'auto' is known" in result.reason
    assert "sampling_strategy={1: " in result.counterexample
    assert_asserts(result.counterexample)


def test_what_was_expected_stands_beside_what_came():
    result = found("ShiftsByOne") if "ShiftsByOne" in BROKEN else found("MakesWholeMultiples")
    last = result.counterexample.splitlines()[-1]
    assert last.startswith("assert ")
    assert last.endswith(" came")


def test_nothing_private_is_imported():
    for name in TWENTY:
        imports = [
            line for line in found(name).counterexample.splitlines() if line.startswith("from smote_bench")
        ]
        assert set(imports) <= {
            "from smote_bench.properties import recheck",
            "from smote_bench.properties import Star",
            "from smote_bench.properties import Islands",
        }


class OnlyOnce(PlainSMOTE):
    """Moves a row in its fifth call in this process, and never again."""

    calls = 0

    def fit_resample(self, X, y):
        X, y = super().fit_resample(X, y)
        OnlyOnce.calls += 1
        if OnlyOnce.calls == 5:
            X[0] += 1
        return X, y


def test_a_finding_that_takes_earlier_calls_says_so_and_makes_them():
    OnlyOnce.calls = 0
    result = run_property(PROPERTIES["originals_come_first"], Subject(OnlyOnce))
    assert result.status == "failed"
    assert "it takes the earlier calls of the search" in result.reason
    assert "found = run_property(PROPERTIES['originals_come_first'], subject, seed=0" in result.counterexample


def test_recheck_makes_one_check_again():
    X, y = [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1, 1]
    recheck("originals_come_first", PlainSMOTE, X, y, params={"k_neighbors": 1})
    recheck("steps_are_uniform", PlainSMOTE, seed=3, smoke=True)
    made = BROKEN["HalfStepsSMOTE"].sampler
    with pytest.raises(Violation, match=r"expected steps .*uniform"):
        recheck("steps_are_uniform", made, family="smote", seed=3, smoke=True)
    with pytest.raises(ConfigError, match="Did you mean 'originals_come_first'"):
        recheck("originals_come_frst", PlainSMOTE, X, y)
    with pytest.raises(ConfigError, match="expected X and y"):
        recheck("originals_come_first", PlainSMOTE)


def test_a_cause_goes_before_what_it_brings_about():
    names = list(PROPERTIES)
    order = [
        "same_seed_gives_same_bytes",
        "default_balances_fully",
        "rows_lie_between_neighbors",
        "an_error_leaves_no_trace",
        "steps_are_uniform",
    ]
    assert sorted(order, key=names.index) == order
    verdict = validate(BROKEN["DrawsStepsUnseeded"].sampler, smoke=True, fail_fast=True)
    assert [failure.property.name for failure in verdict.failures] == ["same_seed_gives_same_bytes"]


def test_without_a_seed_that_decides_what_needs_one_is_not_told_again():
    names = ["same_seed_gives_same_bytes", "a_clone_is_an_unfitted_equal", "an_error_leaves_no_trace"]
    verdict = validate(BROKEN["DrawsStepsUnseeded"].sampler, smoke=True, properties=names)
    telling, again = verdict.telling_failures
    assert [failure.property.name for failure in telling] == ["same_seed_gives_same_bytes"]
    assert len(again) == 2
    assert np.size(telling[0].case.X)
