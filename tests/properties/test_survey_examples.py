"""What a survey of twenty samplers shows is code that asserts the failure, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from smote_bench.methods.names import lookup_target
from smote_bench.properties import validate

FIRST = "originals_come_first"
FOUND = {
    "imblearn.ADASYN": "one_row_is_made_where_one_is_missing",
    "imblearn.BorderlineSMOTE": "nothing_to_start_from_is_said",
    "imblearn.SMOTE": "classes_get_their_own_randomness",
    "imblearn.SVMSMOTE": "equal_rows_give_equal_rows",
    "sv.A_SUWO": FIRST,
    "sv.ADG": FIRST,
    "sv.AHC": FIRST,
    "sv.Borderline_SMOTE1": "any_label_may_be_the_minority",
    "sv.DE_oversampling": FIRST,
    "sv.DSMOTE": FIRST,
    "sv.Gazzah": FIRST,
    "sv.ISMOTE": FIRST,
    "sv.NRAS": FIRST,
    "sv.SMOTE": "steps_are_uniform",
    "sv.SMOTE_ENN": FIRST,
    "sv.SMOTE_TomekLinks": FIRST,
    "sv.SMOTE_FRST_2T": FIRST,
    "sv.SMOTE_IPF": FIRST,
    "sv.Stefanowski": FIRST,
    "sv.SUNDO": FIRST,
}


@pytest.mark.parametrize("name", FOUND)
def test_its_example_asserts_the_failure(name, tmp_path):
    if name.startswith("sv.") and find_spec("smote_variants") is None:
        pytest.skip("smote_variants is not installed")
    target = lookup_target(name)
    assert target is not None
    # Where a sampler does nothing but return rows in another order, that is a remark.
    verdict = validate(target, smoke=True, properties=[FOUND[name]], strict=True)
    (failure,) = verdict.failures
    path = tmp_path / "pasted.py"
    path.write_text(failure.counterexample, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, failure.counterexample
    raised = done.stderr.rpartition("Traceback (most recent call last):")[2]
    assert "AssertionError" in raised or "Violation: " in raised, done.stderr
