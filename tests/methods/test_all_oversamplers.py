"""All 91 oversamplers run, and give the same bytes in another process, order and with other hashes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smote_bench.methods.names import SMOTE_VARIANTS
from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method

# Fewer iterations where the defaults take many seconds on any table: 35 s for DSRBF, 16 s for AMSCO.
FEWER: dict[str, dict[str, Any]] = {
    "AMSCO": {"n_iter": 1},
    "DEAGO": {"e": 2},
    "DSRBF": {"n_iter": 5, "n_pop": 10, "n_init_pop": 20},
    "IPADE_ID": {"max_it": 2},
}
# On this table, and why. Any other method that gives its input back fails the test.
NOOPS = {
    "SMOBD": "factor_1 or factor_2 is not suitable",
    "SYMPROD": "Not enough samples for m_neighbors 7",
    "VIS_RST": "too many majority samples identified as boundary",
}
SEED = 3


def digests(names: list[str], X: np.ndarray, y: np.ndarray) -> dict[str, tuple[str, bool, str]]:
    """Resample with each method: what came out, whether it was the input, and the reasons given."""
    found = {}
    for name in names:
        resampled = resample(parse_method(name, FEWER.get(name)), X, y, seed=SEED)
        digest = hashlib.sha256(resampled.X.tobytes() + resampled.y.tobytes()).hexdigest()
        found[name] = digest, resampled.noop, "; ".join(resampled.warnings)
    return found


_IN_ANOTHER_PROCESS = """
import importlib.util, json, sys
import numpy as np
spec = importlib.util.spec_from_file_location("all_oversamplers", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
given = json.load(open(sys.argv[2]))
print(json.dumps(module.digests(given["names"], np.array(given["X"]), np.array(given["y"]))))
"""


def test_all_91_run_and_give_the_same_bytes_in_any_process_and_order(
    table: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    pytest.importorskip("tensorflow", reason="DEAGO needs TensorFlow")
    X, y = table
    shuffled = np.random.default_rng(0).permutation(SMOTE_VARIANTS).tolist()
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"names": shuffled, "X": X.tolist(), "y": y.tolist()}))
    command = [sys.executable, "-c", _IN_ANOTHER_PROCESS, __file__, str(given)]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        here = digests(list(SMOTE_VARIANTS), X, y)
        out, err = process.communicate()
    assert process.returncode == 0, err
    there = json.loads(out)
    assert {name: here[name][0] for name in SMOTE_VARIANTS if here[name][0] != there[name][0]} == {}
    assert {name for name, (_, noop, _) in here.items() if noop} == set(NOOPS)
    assert all(reason in here[name][2] for name, reason in NOOPS.items())
    # Equal digests would also come from doing nothing: all but the noops differ from the input.
    unchanged = hashlib.sha256(np.ascontiguousarray(X).tobytes() + y.astype(np.int64).tobytes()).hexdigest()
    assert {name for name, (digest, _, _) in here.items() if digest == unchanged} <= set(NOOPS)
