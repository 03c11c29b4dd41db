"""A seed means the same cases wherever the kit runs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from imblearn.over_sampling import SMOTE

from smote_bench.properties import Property, Subject, run_property
from smote_bench.properties.strategies import cases

ROOT = Path(__file__).resolve().parents[2]

_SEEN = """
import hashlib
{first}
from imblearn.over_sampling import SMOTE
from smote_bench.properties import Property, Subject, run_property
from smote_bench.properties.strategies import cases
seen = hashlib.sha256()
def record(subject, case):
    seen.update(case.X.tobytes() + case.y.tobytes() + repr((case.seed, case.params)).encode())
run_property(Property("p", "contract", "m", ("smote",), (), record, cases=cases, examples=60), Subject(SMOTE))
print(seen.hexdigest())
"""


def digest_of_cases():
    seen = hashlib.sha256()

    def record(subject, case):
        seen.update(case.X.tobytes() + case.y.tobytes() + repr((case.seed, case.params)).encode())

    made_up = Property("p", "contract", "m", ("smote",), (), record, cases=cases, examples=60)
    run_property(made_up, Subject(SMOTE))
    return seen.hexdigest()


def test_another_process_draws_the_same_cases(tmp_path):
    """Beside a module with many numbers, with another hash seed, on a continuous-integration server."""
    (tmp_path / "numbers_of_mine.py").write_text(f"NUMBERS = {list(range(1001, 1201))}\n")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "PYTHONHASHSEED": "12",
        "CI": "true",
    }
    code = _SEEN.format(first="import numbers_of_mine")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.strip() == digest_of_cases()
