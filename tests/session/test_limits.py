"""Cells over their limits, and cells that want to end the session: the rest is computed."""

from __future__ import annotations

import os
import re
import sys

import pytest

if not hasattr(os, "fork") or sys.platform == "darwin":
    pytest.skip("cells are computed in the session's own process here", allow_module_level=True)

SAMPLERS = """
import collections, itertools, os, signal
import numpy as np


class OneCall:
    def fit_resample(self, X, y):
        collections.deque(itertools.repeat(None, 10**12), maxlen=0)


class Swallows:
    def fit_resample(self, X, y):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass


class Exits:
    def fit_resample(self, X, y):
        raise SystemExit(0)


class Interrupts:
    def fit_resample(self, X, y):
        raise KeyboardInterrupt


class Allocates:
    def fit_resample(self, X, y):
        kept = []
        for _ in range(20):
            kept.append(np.empty(10**7))  # what is asked for counts, written or not
            kept[-1][:1000] = 1.0
"""
EXPERIMENT = """
methods: [{methods}, "samplers:Jitter"]
datasets: [{{name: one, file: one.csv, target: y, minority: 1}}]
experiment_config: {{cv_folds: 2, selected_classifiers: [kNN, NaiveBayes], metrics: [roc_auc],
  priority_metrics: [roc_auc]}}
"""
# As on a platform without a fork.
NO_FORK = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    from smote_bench.engines import here
    here.can_fork = lambda: False
"""


@pytest.fixture
def write(bench):
    (bench.path / "faulty.py").write_text(SAMPLERS)
    (bench.path / "no_fork.py").write_text(NO_FORK)
    bench.table("one", 1, rows=60)

    def written(*names):
        methods = ", ".join(f"{{name: {name}, method: 'faulty:{name}'}}" for name in names)
        bench.experiment(EXPERIMENT.format(methods=methods))
        return bench

    return written


@pytest.mark.fault(
    injected="cells that hang, exit, crash or raise what ends processes, in one run",
    seen="each is `timeout` or `error` with its reason; all others are computed",
    lost="those cells",
)
@pytest.mark.parametrize("options", [("-n0",), ("-n2",)])
def test_whatever_a_cell_does_it_ends_and_the_rest_of_the_run_is_computed(write, options):
    names = ("OneCall", "Swallows", "Exits", "Interrupts", "Allocates")
    run = write(*names).run(*options, "--smote-timeout=5", "--smote-max-memory=1GB")
    assert run.code == 1
    assert len(run.cells) == 2 * 7
    found = {name: run.cells[f"one-{name}-kNN"] for name in names}
    assert [row["status"] for row in found.values()] == ["timeout"] * 2 + ["error"] * 3
    assert found["OneCall"]["reason"] == (
        "longer than the limit of 5 s, and no reaction for 2 s more: its process was ended"
    )
    assert found["Exits"]["reason"] == "the sampler raised SystemExit(0): it asked the process to end"
    assert found["Interrupts"]["reason"] == (
        "the sampler raised KeyboardInterrupt, and nobody had interrupted it"
    )
    assert found["Allocates"]["reason"].startswith("memory: over the limit of 1 GB: MemoryError: Unable to")
    assert {
        row["status"] for row in run.cells.values() if row["method"] in ("Original", "samplers:Jitter")
    } == {"ok"}
    assert "4 passed" in run.text
    assert re.search(r"SystemExit\(0\): it asked the process to end, at faulty\.py:\d+ in \w+ \(", run.text)
    assert "replacing crashed worker" not in run.text


@pytest.mark.fault(
    injected="a cell that nothing stops where processes cannot fork, with workers",
    seen="`timeout`, and the worker is replaced",
    lost="that cell",
)
def test_without_a_fork_a_worker_over_the_limit_is_replaced_and_its_cell_is_a_time_out(write):
    run = write("OneCall").run("-n2", "-p", "no_fork", "--smote-timeout=1")
    assert "replacing crashed worker" in run.text
    for classifier in ("kNN", "NaiveBayes"):
        row = run.cells[f"one-OneCall-{classifier}"]
        assert (row["status"], row["reason"]) == (
            "timeout",
            "longer than the limit of 1 s: the worker died while computing this cell (exit code 1)",
        )
    assert "4 passed" in run.text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--smote-max-memory", "lots"], "smote_max_memory: expected a size such as 2GB"),
        (["-o", "smote_max_memory=-1"], "smote_max_memory: expected a size such as 2GB"),
    ],
)
def test_a_wrong_size_is_a_usage_error(write, options, words):
    run = write("Exits").run(*options)
    assert run.code == 4
    assert words in run.text


def test_the_ini_file_sets_the_limit_and_the_option_lifts_it(write):
    bench = write("Allocates")
    run = bench.run("-n0", "-o", "smote_max_memory=1GB", "-k", "Allocates-kNN")
    assert run.cells["one-Allocates-kNN"]["reason"].startswith("memory: over the limit of 1 GB")
    run = bench.run("-n0", "-o", "smote_max_memory=1GB", "--smote-max-memory=0", "-k", "Allocates-kNN")
    assert "SamplerError" in run.cells["one-Allocates-kNN"]["reason"]


def test_a_debugger_has_the_cells_in_its_own_process(write):
    bench = write("Exits")
    (bench.path / "whose.py").write_text(
        "import os\n"
        "def pytest_configure(config):\n"
        "    from smote_bench.engines.compute import CellComputer\n"
        "    real, here = CellComputer.outcome, os.getpid()\n"
        "    def outcome(self, *args):\n"
        "        path = os.environ['BENCH_LOG']\n"
        "        open(path, 'a').write(f'own {os.getpid() == here}\\n')\n"
        "        return real(self, *args)\n"
        "    CellComputer.outcome = outcome\n"
    )
    assert set(bench.run("-n0", "-p", "whose", "-k", "Jitter").log) >= {"own False"}
    assert bench.run("-n0", "-p", "whose", "-k", "Jitter", "--smote-memo=off", "--pdb").count(
        "own "
    ).keys() == {"own True"}


@pytest.mark.fault(
    injected="a sampler calls `os._exit(0)` with `--smote-timeout 0`, in the session's own process",
    seen="the cell is an error that says so; the rest is computed; exit code 1",
    lost="nothing",
)
@pytest.mark.parametrize("call", ["os._exit(0)", "taken[0](status=0)"])
def test_code_that_ends_the_process_without_a_word_is_its_cells_error(bench, call):
    (bench.path / "ends.py").write_text(
        "import os\n\ntaken = []\n\n\nclass Ends:\n    def fit_resample(self, X, y):\n"
        f"        taken.append(os._exit)\n        {call}\n"
    )
    bench.table("one", 0, rows=60)
    bench.experiment(EXPERIMENT.format(methods='"ends:Ends"'))
    run = bench.run("--smote-timeout=0")
    assert run.code == 1, run.text
    assert run.manifest["cells"]["by_status"] == {"error": 2, "ok": 4}
    reasons = {row["reason"] for row in run.cells.values() if row["status"] == "error"}
    assert reasons == {"the sampler raised SystemExit(0): it asked the process to end"}
    assert "ends.py:9 in fit_resample" in run.text, run.text
