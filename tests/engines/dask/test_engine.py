"""Runs whose cells are computed by Dask: the bytes of a local run, whatever becomes of workers.

Also of: deaths, messages, engines.contract, engines.registry.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import Bench, Run, skip_without
from tests.engines.dask.conftest import DaskProcesses

_SLOW = """
import os
import time

from samplers import Jitter


class Slow(Jitter):
    def fit_resample(self, X, y):
        time.sleep(float(os.environ.get("SLOW", "0.3")))
        return super().fit_resample(X, y)
"""


def _keys(run: Run) -> list[str]:
    with sqlite3.connect(run.folder / "cells.sqlite") as db:
        return [key for (key,) in db.execute("SELECT key FROM cells")]


def test_workers_on_this_machine_give_the_same_bytes(small: Bench) -> None:
    skip_without("distributed")
    local, there = small.run(out="local"), small.run("--smote-engine", "dask", out="there")
    assert (local.code, there.code) == (0, 0), there.text
    assert there.scores == local.scores
    assert there.n_computed == 6
    samples = [
        {
            (kind, dataset, method): data
            for kind, dataset, method, data in sqlite3.connect(run.folder / "cells.sqlite").execute(
                "SELECT kind, dataset, method, data FROM extras"
            )
        }
        for run in (local, there)
    ]
    assert samples[0].keys() == samples[1].keys()
    again = small.run("--smote-engine", "dask", out="there")
    assert (again.code, again.n_computed, again.log) == (0, 0, [])


def test_a_cluster_gets_the_users_modules(small: Bench, dask_processes: DaskProcesses) -> None:
    address = dask_processes.start(2)
    local = small.run(out="local")
    there = small.run(f"--smote-engine=dask={address}", "--junit-xml", str(small.path / "j.xml"), out="there")
    assert there.code == 0, there.text
    assert there.scores == local.scores
    assert len(_keys(there)) == 6
    assert 'tests="6"' in (small.path / "j.xml").read_text()


def test_a_data_set_that_workers_lack_goes_to_them_once(small: Bench, dask_processes: DaskProcesses) -> None:
    preload = small.path / "no_files.py"
    preload.write_text(
        "from smote_bench.data import fingerprints\n"
        "from smote_bench.errors import UnavailableError\n"
        "def none(source): raise UnavailableError('no such file here', 'bring it')\n"
        "fingerprints._user_file_sha256 = none\n"
        "from smote_bench.evaluation.folds import FoldSource\n"
        "real = getattr(FoldSource.adopt, 'real', FoldSource.adopt)  # preloads run twice\n"
        "def adopt(self, name, table):\n"
        "    open('adopted', 'a').write(name)\n"
        "    return real(self, name, table)\n"
        "adopt.real = real\n"
        "FoldSource.adopt = adopt\n"
    )
    address = dask_processes.start()
    dask_processes.add_worker("--preload", str(preload))
    dask_processes.wait_for(1)
    local = small.run(out="local")
    there = small.run(f"--smote-engine=dask={address}", out="there")
    assert there.code == 0, there.text
    assert there.scores == local.scores
    # From there it goes to the worker's children: that for known libraries, and those for other code, of one
    # (data set, method) at a time, which come in turns.
    adopted = (dask_processes.folder / "worker0" / "adopted").read_text()
    assert adopted in ("one" * n for n in range(1, 6))


def _slow(bench: Bench, n: int = 4) -> None:
    (bench.path / "slow.py").write_text(_SLOW)
    methods = ", ".join(f"S{i}: {{method: 'slow:Slow', params: {{scale: 0.0{i + 1}}}}}" for i in range(n))
    bench.experiment(
        f"methods: {{{methods}}}\n"
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: , DecisionTree: }}\n"
    )


def _when(line: str, bench: Bench, act, *, n: int = 1) -> threading.Thread:
    """Do something as soon as the log has so many lines that begin with some words."""
    log = bench.path / "log.txt"
    log.unlink(missing_ok=True)  # of an earlier run

    def wait() -> None:
        found: list[str] = []
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with contextlib.suppress(FileNotFoundError):
                found = log.read_text().splitlines()
            if sum(x.startswith(line) for x in found) >= n:
                act()
                return
            time.sleep(0.02)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.fault(
    injected="workers of a Dask cluster that come late, leave, or are killed in the middle of a cell",
    seen="nothing: their cells are computed by others; the table of an undisturbed run, byte for byte",
    lost="what they were in the middle of, which is computed again",
)
def test_workers_come_late_leave_and_are_killed(small: Bench, dask_processes: DaskProcesses) -> None:
    _slow(small)
    local = small.run(out="local")
    address = dask_processes.start()
    log = {"BENCH_LOG": str(small.path / "log.txt")}
    first = dask_processes.add_worker(**log)
    dask_processes.wait_for(1)

    def change() -> None:
        dask_processes.kill(first)
        dask_processes.add_worker(**log)
        dask_processes.add_worker(**log)

    def leave() -> None:
        dask_processes.workers[1].send_signal(signal.SIGTERM)

    threads = [_when("resample", small, change, n=4), _when("resample", small, leave, n=9)]
    there = small.run(f"--smote-engine=dask={address}", out="there")
    for thread in threads:
        thread.join()
    assert there.code == 0, there.text
    assert there.scores == local.scores
    assert len(_keys(there)) == len(set(_keys(there))) == 10
    # Every method resamples thrice; what was lost with a worker is computed again, and rows of which the
    # child was replaced between two of their cells.
    assert len(there.log) <= len(local.log) + 3 * 5


@pytest.mark.fault(
    injected="a Dask scheduler that is killed",
    seen="the run is cut, with that reason; exit code 2; the same command goes on",
    lost="the cells in flight",
)
def test_a_scheduler_that_goes_away_loses_nothing(small: Bench, dask_processes: DaskProcesses) -> None:
    _slow(small, n=6)
    local = small.run(out="local")
    address = dask_processes.start()
    log = {"BENCH_LOG": str(small.path / "log.txt")}
    dask_processes.add_worker(**log)
    dask_processes.wait_for(1)
    thread = _when("resample", small, lambda: dask_processes.kill(dask_processes.scheduler), n=8)
    there = small.run(f"--smote-engine=dask={address}", out="there")
    thread.join()
    assert there.code == 2, there.text
    assert "the scheduler" in there.text
    assert "went away" in there.text
    assert "not run" in there.text
    n_there = len(_keys(there))
    assert 0 < n_there < 14
    again = small.run("--smote-engine=dask", out="there", **log)
    assert again.code == 0, again.text
    assert again.scores == local.scores
    assert again.manifest["cells"]["from_memo"] == n_there


@pytest.mark.fault(
    injected="a cell that ends every worker of a Dask cluster that it comes to",
    seen="after its third worker it is an `error`, all others are computed; exit code 1",
    lost="that cell",
)
def test_a_cell_that_kills_three_workers_is_an_error(small: Bench, dask_processes: DaskProcesses) -> None:
    (small.path / "killer.py").write_text(
        "import os\n"
        "from samplers import Jitter, note\n"
        "class KillsWorker(Jitter):\n"
        "    def fit_resample(self, X, y):\n"
        "        note('kill')\n"
        "        os.kill(os.getppid(), 9)\n"
        "        return super().fit_resample(X, y)\n"
    )
    small.experiment(
        'methods: {Jitter: "samplers:Jitter", Kills: "killer:KillsWorker"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: }}\n"
    )
    address = dask_processes.start()
    log = {"BENCH_LOG": str(small.path / "log.txt")}
    dask_processes.add_worker("--nanny", **log)
    dask_processes.add_worker("--nanny", **log)
    dask_processes.wait_for(2)
    there = small.run(f"--smote-engine=dask={address}", out="there")
    assert there.code == 1, there.text
    cells = there.cells
    assert cells["one-Kills-kNN"]["status"] == "error"
    assert "3 workers died in it" in cells["one-Kills-kNN"]["reason"]
    assert {cells[name]["status"] for name in ("one-Original-kNN", "one-Jitter-kNN")} == {"ok"}
    # More where a worker died before the scheduler knew that it had begun with the cell: on a busy machine.
    assert 3 <= sum(line == "kill" for line in there.log) <= 6


def test_workers_that_cannot_start_end_the_session(small: Bench) -> None:
    skip_without("distributed")
    (small.path / "impatient.py").write_text(
        "import smote_bench.engines.dask.cluster as cluster\ncluster._START_SECONDS = 3.0\n"
    )
    preload = {"DASK_DISTRIBUTED__WORKER__PRELOAD": "no_such_module_anywhere"}
    ended = small.run("--smote-engine", "dask", "-p", "impatient", **preload)
    assert ended.code != 0
    assert "no worker could be started on this machine: try without --smote-engine" in ended.text
    assert "Traceback" not in ended.text
    assert small.run().n_computed == 6


def test_a_limit_ends_a_cell_and_nothing_else(small: Bench) -> None:
    skip_without("distributed")
    small.experiment(
        'methods: {Jitter: "samplers:Jitter", Forever: "samplers:Forever", Killer: "samplers:Killer"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: , DecisionTree: }}\n"
    )
    there = small.run("--smote-engine=dask", "--smote-timeout=2")
    cells = there.cells
    assert {name.split("-")[1]: cell["status"] for name, cell in cells.items()} == {
        "Original": "ok", "Jitter": "ok", "Forever": "timeout", "Killer": "error",
    }  # fmt: skip


def test_stopping_at_the_first_failure_leaves_no_process(small: Bench) -> None:
    skip_without("distributed")
    (small.path / "slow.py").write_text(_SLOW)
    small.experiment(
        'methods: {Broken: "samplers:Broken", Slow: "slow:Slow"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: }}\n"
    )
    run = small.run("--smote-engine=dask", "-x", SLOW="30")
    assert run.code == 1, run.text
    assert "1 not run" in run.text
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(small.path) not in left


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--smote-engine=dusk"], "Did you mean 'dask'"),
        (["--smote-engine=dask="], "expected an address after dask="),
        (["--smote-engine=dask", "-n2"], "expected no -n beside the engine dask"),
        (["--smote-engine=local", "-n2"], "expected no -n beside the engine local"),
        (["--smote-engine=xdist"], "expected -n with the engine xdist"),
        (["--smote-engine=dask", "--smote-engine-wait=0"], "a number of seconds above 0"),
        (["--smote-engine=dask=tcp://127.0.0.1:9", "--smote-engine-wait=2"], "nothing answered within 2 s"),
        (["--smote-engine=dask=nonsense://x"], "expected the address of a Dask scheduler"),
        (["--smote-engine=dask=tls://127.0.0.1:9"], "expected certificates for tls://127.0.0.1:9"),
    ],
)
def test_what_cannot_be_used_is_said_before_the_first_cell(
    small: Bench, words: list[str], expected: str
) -> None:
    skip_without("distributed")
    begun = time.monotonic()
    run = small.run(*words)
    assert run.code == 4, run.text
    assert expected in run.text
    assert "Traceback" not in run.text
    assert time.monotonic() - begun < 60
    assert run.log == []
    assert not list(Path(run.out).glob("runs/*/cells.sqlite"))


def test_a_scheduler_without_workers_is_refused(small: Bench, dask_processes: DaskProcesses) -> None:
    address = dask_processes.start()
    run = small.run(f"--smote-engine=dask={address}", "--smote-engine-wait=2")
    assert run.code == 4, run.text
    assert f"start one with `dask worker {address}`" in run.text


def test_workers_with_other_packages_are_refused(small: Bench, dask_processes: DaskProcesses) -> None:
    other = small.path / "other" / "pandas-0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    searched = os.pathsep.join([str(other.parent), os.environ.get("PYTHONPATH", "")])
    address = dask_processes.start()
    from tests.conftest import ROOT

    dask_processes.add_worker(PYTHONPATH=os.pathsep.join([str(other.parent), str(ROOT), searched]))
    dask_processes.wait_for(1)
    run = small.run(f"--smote-engine=dask={address}")
    assert run.code == 4, run.text
    assert "libraries pandas" in run.text
    assert "0.1" in run.text
    assert "pip freeze" in run.text
    assert run.log == []


def test_the_file_of_an_experiment_and_the_ini_may_say_so(small: Bench) -> None:
    skip_without("distributed")
    path = small.path / "experiment.yaml"
    path.write_text(path.read_text() + "engine: dask=tcp://127.0.0.1:9\n")
    run = small.run("--smote-engine-wait=1")
    assert (run.code, "nothing answered" in run.text) == (4, True), run.text
    assert small.run("--smote-engine=local").code == 0
    assert small.run("--smote-engine=xdist", "-n1").code == 0
    path.write_text(path.read_text().replace("engine: dask=tcp://127.0.0.1:9", "engine: dusk"))
    run = small.run()
    assert (run.code, "Did you mean 'dask'" in run.text) == (4, True), run.text
    assert "experiment.yaml" in run.text


@pytest.mark.fault(
    injected="a cell that needs more memory than a Dask worker may have",
    seen="`error`, `memory: over the limit of ...`",
    lost="that cell",
)
def test_more_memory_than_a_worker_has(small: Bench, dask_processes: DaskProcesses) -> None:
    (small.path / "hungry.py").write_text(
        "import numpy as np\n"
        "from samplers import Jitter\n"
        "class Hungry(Jitter):\n"
        "    def fit_resample(self, X, y):\n"
        "        self.held = [np.ones(10**7) for _ in range(40)]\n"
        "        return super().fit_resample(X, y)\n"
    )
    small.experiment(
        'methods: {Jitter: "samplers:Jitter", Hungry: "hungry:Hungry"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: }}\n"
    )
    address = dask_processes.start()
    dask_processes.add_worker("--nanny", "--memory-limit", "1500MB")
    dask_processes.wait_for(1)
    there = small.run(f"--smote-engine=dask={address}")
    cells = there.cells
    assert {name: cell["status"] for name, cell in cells.items()} == {
        "one-Original-kNN": "ok",
        "one-Jitter-kNN": "ok",
        "one-Hungry-kNN": "error",
    }
    assert cells["one-Hungry-kNN"]["reason"].startswith("memory: over the limit of 1.5 GB")


def test_nothing_of_dask_is_imported_without_it(small: Bench) -> None:
    (small.path / "looks.py").write_text(
        "import sys\n"
        "def pytest_unconfigure(config):\n"
        "    found = sorted(name for name in sys.modules if name.split('.')[0] in ('dask', 'distributed'))\n"
        "    print('FOUND', found)\n"
    )
    run = small.run("-p", "looks", "-s")
    assert run.code == 0
    assert "FOUND []" in run.text


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_workers_end_what_nobody_waits_for(
    small: Bench, dask_processes: DaskProcesses, number: signal.Signals
) -> None:
    (small.path / "holds.py").write_text(
        "import os, time\n"
        "from samplers import Jitter, note\n"
        "class Holds(Jitter):\n"
        "    def fit_resample(self, X, y):\n"
        "        note(f'pid {os.getpid()}')\n"
        "        time.sleep(float(os.environ.get('HOLD', '0')))\n"
        "        return super().fit_resample(X, y)\n"
    )
    small.experiment(
        'methods: {Holds: "holds:Holds"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: }}\n"
    )
    address = dask_processes.start()
    log = small.path / "log.txt"
    dask_processes.add_worker(BENCH_LOG=str(log), HOLD="1000")
    dask_processes.wait_for(1)
    words = ("--smote-experiment", "experiment.yaml", "--smote-out", "out", f"--smote-engine=dask={address}")
    with (small.path / "printed").open("wb") as printed:
        process = subprocess.Popen(
            small.command(*words), cwd=small.path, env=small.environment(), stdout=printed, stderr=printed
        )
    _when("pid", small, lambda: process.send_signal(number)).join()
    process.wait(timeout=60)
    pids = [int(line.split()[1]) for line in log.read_text().splitlines()]
    until = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until, "a cell goes on that nobody waits for"
        time.sleep(0.1)
    dask_processes.kill(dask_processes.workers[0])
    dask_processes.add_worker()
    assert small.run(f"--smote-engine=dask={address}").code == 0


def test_only_the_cell_that_ends_workers_is_blamed(small: Bench, dask_processes: DaskProcesses) -> None:
    (small.path / "kills.py").write_text(
        "import os\n"
        "from counting import CountingNB\n"
        "class Kills(CountingNB):\n"
        "    def fit(self, X, y, sample_weight=None):\n"
        "        os.kill(os.getppid(), 9)\n"
        "        return super().fit(X, y)\n"
    )
    others = "".join(f'N{n}: {{classifier: "counting:CountingNB"}}, ' for n in range(4))
    small.experiment(
        'methods: {Jitter: "samplers:Jitter", J1: {method: "samplers:Jitter", params: {scale: 0.1}}}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: "
        f'{{{others}K: {{classifier: "kills:Kills"}}}}}}\n'
    )
    address = dask_processes.start()
    for _ in range(2):
        dask_processes.add_worker("--nanny")
    dask_processes.wait_for(2)
    guilty = {f"one-{method}-K" for method in ("Original", "Jitter", "J1")}
    # What a worker says of the cell that it begins is lost where it dies before that was sent, which a busy
    # machine brings about; then cells of the same batch are blamed with it. Not twice in a row.
    for out in ("out", "again"):
        there = small.run(f"--smote-engine=dask={address}", "--smote-memo=off", out=out)
        if {name for name, cell in there.cells.items() if cell["status"] != "ok"} == guilty:
            break
    assert {name for name, cell in there.cells.items() if cell["status"] != "ok"} == guilty
    reasons = {there.cells[name]["reason"] for name in guilty}
    assert reasons == {
        "the worker died while computing this cell; 3 workers died in it, so it is not tried again"
    }


def test_a_module_finds_what_lies_beside_it_and_warnings_are_the_tests(small: Bench) -> None:
    skip_without("distributed")
    (small.path / "scale.txt").write_text("0.1")
    (small.path / "beside.py").write_text(
        "import warnings\n"
        "from pathlib import Path\n"
        "from samplers import Jitter\n"
        "warnings.warn('imported with a warning', DeprecationWarning)\n"
        "class Beside(Jitter):\n"
        "    def fit_resample(self, X, y):\n"
        "        self.scale = float((Path(__file__).parent / 'scale.txt').read_text())\n"
        "        return super().fit_resample(X, y)\n"
    )
    small.experiment(
        'methods: {Beside: "beside:Beside"}\n'
        "datasets: [{name: one, file: one.csv, target: y, minority: 1}]\n"
        "experiment_config: {cv_folds: 2, selected_classifiers: {kNN: }}\n"
    )
    local = small.run(out="local")
    there = small.run("--smote-engine=dask", "-W", "error", out="there")
    assert local.code == 0
    assert there.scores == local.scores
    assert {cell["status"] for cell in there.cells.values()} == {"ok"}
