"""Cells in a child process: over their limits they end, whatever their code does, and the next ones run.

Also of: child_loop, here, known_code, environment.deaths.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smote_bench.engines import child as child_module
from smote_bench.engines.cell_runner import CellRunner
from smote_bench.engines.child import ChildComputer, can_fork
from smote_bench.engines.compute import CellComputer
from smote_bench.environment.deaths import Death, exit_text
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.evaluation.parts import Part
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import Store

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or sys.platform == "darwin", reason="no child process is forked on this platform"
)

SAMPLERS = """
import collections, ctypes, itertools, os, pickle, signal, stat, subprocess, sys, time, warnings

import numpy as np

from smote_bench.engines.channel import _MARK


def repeated(X, y):
    rows = np.flatnonzero(y == 1)
    more = np.resize(rows, (y == 0).sum() - len(rows))
    return np.vstack([X, X[more] + 1e-3]), np.concatenate([y, y[more]])


def own_pid(X, y):
    with open(os.environ["PIDS"], "a") as file:
        file.write(f"{os.getpid()}\\n")
    return repeated(X, y)


def swallow(X, y):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def one_call(X, y):
    collections.deque(itertools.repeat(None, 10**12), maxlen=0)


def no_alarm(X, y):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass


def default_alarm(X, y):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while True:
        pass


def crash(X, y):
    ctypes.string_at(0)


def end(X, y):
    os._exit(3)


def leave_one_behind(X, y):
    if os.fork() == 0:  # holds the pipe open for as long as it lives
        signal.pause()
    os._exit(4)


def written_to_sockets(text):
    for number in range(3, 200):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, text)
        except OSError:
            pass
    time.sleep(600)


def write_a_part(X, y):
    signal.setitimer(signal.ITIMER_REAL, 0)
    written_to_sockets(_MARK + (100).to_bytes(8, "big") + b"a part")


def write_words(X, y):
    written_to_sockets(b"some words")


def write_a_value(X, y):
    data = pickle.dumps(3)
    written_to_sockets(_MARK + len(data).to_bytes(8, "big") + data)


def close_all(X, y):
    os.closerange(3, 1024)
    time.sleep(600)


def interrupt_itself(X, y):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(600)


def return_twice(X, y):
    os.fork()
    return repeated(X, y)


def allocate(X, y):
    kept = []
    for _ in range(200):
        kept.append(np.ones(5 * 2**20))


def patch_numpy(X, y):
    np.mean = lambda *args, **named: 7.0
    return repeated(X, y)


def patch_a_class(X, y):
    from imblearn.over_sampling import RandomOverSampler

    RandomOverSampler._fit_resample = lambda self, X, y, **more: (X[:-1], y[:-1])
    return repeated(X, y)


def patch_the_clock(X, y):
    time.perf_counter = lambda: 5.0
    return repeated(X, y)


def begin_a_session(X, y):
    started = subprocess.Popen(["sleep", "600"], start_new_session=True)
    noted(started.pid)
    if os.fork() == 0:
        os.setsid()
        daemon = os.fork()
        if daemon == 0:
            time.sleep(600)
        noted(daemon)
        os._exit(0)
    os.wait()
    return repeated(X, y)


def patch_json(X, y):
    import json

    json.dumps = lambda *args, **named: "{}"
    return repeated(X, y)


def share_right(y_true, y_label, y_score):
    from sklearn.neighbors import KNeighborsClassifier

    KNeighborsClassifier.predict_proba = lambda self, X: np.column_stack([np.zeros(len(X)), np.ones(len(X))])
    return float((y_true == y_label).mean())


def noted(pid):
    with open(os.environ["PIDS"], "a") as file:
        print(pid, file=file)


def debug(X, y):
    breakpoint()


def low_recursion_limit(X, y):
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + 12)
    return repeated(X, y)
"""
TEXT = """
methods: [{methods}]
datasets: [{{name: T, file: table.csv, target: y, minority: 1}}]
selected_classifiers: [NaiveBayes, kNN]
priority_metrics: [balanced_accuracy]
cv_folds: 2
"""


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that starts a runner with methods of the samplers above."""
    (tmp_path / "child_samplers.py").write_text(SAMPLERS)
    monkeypatch.syspath_prepend(str(tmp_path))
    rows = "".join(f"{n % 7},{n % 5 + 2 * (n % 4 == 0)},{int(n % 4 == 0)}\n" for n in range(60))
    (tmp_path / "table.csv").write_text(f"a,b,y\n{rows}")
    # A grace of seconds would be waited for.
    monkeypatch.setattr(child_module, "grace_seconds", lambda limit: 0.2)
    started: list[CellRunner] = []

    def begin(*methods: str, run: str = "one", text: str = "", **settings: Any) -> CellRunner:
        own = [f"{{name: {name}, method: 'child_samplers:{name}'}}" for name in methods]
        names = ", ".join(own or ["class_weight"])
        experiment = experiment_from_text(text or TEXT.format(methods=names), str(tmp_path / "exp.yaml"))
        wanted = {"may_fork": True, "timeout_seconds": 60.0, **settings}
        started.append(CellRunner(experiment, RunSettings(str(tmp_path / run), **wanted)))
        return started[-1]

    yield begin
    for runner in started:
        runner.close()
    sys.modules.pop("child_samplers", None)


def outcome_of(runner: CellRunner, method: str, classifier: str = "NaiveBayes") -> Outcome:
    return runner.run(Cell("T", method, classifier)).outcome


def pid_of(runner: CellRunner, *, is_known: bool = True) -> int:
    """Return the process for code of known libraries, or that for other code."""
    assert isinstance(runner.here.computer, ChildComputer)
    of_known, of_others, _of_originals = runner.here.computer._children
    return (of_known if is_known else of_others)._pid


def test_a_child_gives_what_this_process_gives(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked, own = start("own_pid", run="forked"), start("own_pid", run="own", may_fork=False)
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    for cell in (Cell("T", m, c) for m in ("Original", "own_pid") for c in ("NaiveBayes", "kNN")):
        found, expected = forked.run(cell), own.run(cell)
        for one, other in zip(found.outcome.fits, expected.outcome.fits, strict=True):
            assert repr(one.scores) == repr(other.scores)  # NaN too
        assert found.deltas == expected.deltas
        assert (found.outcome.version, found.outcome.digest) == (
            expected.outcome.version,
            expected.outcome.digest,
        )
    pids = [int(line) for line in (tmp_path / "pids").read_text().splitlines()]
    # once per fold, though two classifiers asked for them
    assert pids[3:] == [os.getpid()] * 3
    assert len({*pids[:3]}) == 1
    assert pids[0] not in (os.getpid(), pid_of(forked))
    stores = [Store(tmp_path / name / "cells.sqlite") for name in ("forked", "own")]
    for cell in (Cell("T", "own_pid", "kNN"), Cell("T", "Original", "NaiveBayes")):
        one, other = (store.predictions_of(cell) for store in stores)
        assert one == other is not None
    assert all(one.extras_of("points", "T", "own_pid") for one in stores)


@pytest.mark.fault(
    injected="a cell that nothing stops: one call in C, swallowed exceptions, the alarm taken away",
    seen="`timeout`: its process was ended, and where it was; `-n 0` too",
    lost="that cell, and its group's other classifiers where it hung in the sampler",
)
@pytest.mark.parametrize("method", ["swallow", "one_call", "no_alarm", "default_alarm"])
def test_a_cell_that_nothing_stops_is_a_time_out_and_is_waited_for_once(start: Any, method: str) -> None:
    runner = start(method, "own_pid", timeout_seconds=0.5)
    outcome = outcome_of(runner, method)
    assert (outcome.status, outcome.version) == ("timeout", "raw")
    assert "longer than the limit of 0.5 s" in outcome.reason
    again = outcome_of(runner, method, "kNN")
    assert again.status == "timeout"
    if method != "default_alarm":  # whose death says nothing of where it was
        assert f"in {method}" in outcome.traceback
        assert again.reason == (
            f"the sampler did not react to the time limit when T-{method}-NaiveBayes was computed, "
            "and is not tried again"
        )
    runner.here.computer._computer.timeout_seconds = 60.0
    assert outcome_of(runner, "Original").status == "ok"


@pytest.mark.fault(
    injected="a segmentation fault or `os._exit` in a cell",
    seen="`error`: the process died, with signal or exit code",
    lost="that cell",
)
@pytest.mark.parametrize(
    ("method", "how"),
    [("crash", "signal SIGSEGV"), ("end", "exit code 3"), ("leave_one_behind", "exit code 4")],
)
def test_a_child_that_dies_is_its_cells_error_and_is_replaced(start: Any, method: str, how: str) -> None:
    runner = start(method, "repeated")
    assert outcome_of(runner, "Original").status == "ok"
    first = pid_of(runner)
    outcome = outcome_of(runner, method)
    assert (outcome.status, outcome.reason) == (
        "error",
        f"the process died while it computed this cell ({how})",
    )
    assert ("in crash" in outcome.traceback) == (method == "crash")
    assert pid_of(runner, is_known=False) == 0
    assert outcome_of(runner, "repeated").status == "ok"
    assert pid_of(runner, is_known=False) not in (0, first)
    assert outcome_of(runner, "Original", "kNN").status == "ok"
    assert pid_of(runner) == first


@pytest.mark.fault(
    injected="code that writes into the socket between a cell's process and its parent, or closes it",
    seen="`error`: its process was ended, and why; `timeout` for a part of a message that never ends",
    lost="that cell",
)
@pytest.mark.parametrize(
    ("method", "status", "why"),
    [
        ("write_a_part", "timeout", r"longer than the limit of 0\.5 s"),
        ("write_words", "error", r"wrote into the socket to its parent: .* \(it begins with b'some wor'\)"),
        ("write_a_value", "error", r"wrote into the socket to its parent: .* \(it is of type int\)"),
        ("close_all", "error", "closed the socket to its parent"),
        ("interrupt_itself", "error", r"the process died .* \(exit code 130, as after SIGINT\)"),
    ],
)
def test_what_code_does_to_its_childs_socket_is_its_cells_error(
    start: Any, method: str, status: str, why: str
) -> None:
    runner = start(method, "repeated", timeout_seconds=0.5 if status == "timeout" else 60.0)
    outcome = outcome_of(runner, method)
    assert outcome.status == status
    assert re.search(why, outcome.reason)
    runner.here.computer._computer.timeout_seconds = 60.0
    assert outcome_of(runner, "repeated").status == "ok"


def test_a_child_that_dies_between_cells_costs_no_cell(start: Any) -> None:
    runner = start()
    assert outcome_of(runner, "Original").status == "ok"
    os.kill(pid_of(runner), signal.SIGKILL)
    os.waitid(os.P_PID, pid_of(runner), os.WEXITED | os.WNOWAIT)
    assert outcome_of(runner, "Original", "kNN").status == "ok"


def test_a_sampler_that_forks_and_returns_twice_is_answered_once(start: Any) -> None:
    runner = start("return_twice")
    assert [outcome_of(runner, "return_twice", name).status for name in ("NaiveBayes", "kNN")] == ["ok", "ok"]


def test_a_debugger_in_a_child_says_where_it_works(start: Any) -> None:
    assert "--smote-timeout 0, --pdb or --trace" in outcome_of(start("debug"), "debug").reason


@pytest.mark.fault(
    injected="more memory than `--smote-max-memory` allows",
    seen="`error`, `memory: over the limit of ...`",
    lost="that cell",
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("may_fork", [True, False])
def test_a_cell_over_its_memory_is_an_error_and_the_others_run(start: Any, may_fork: bool) -> None:
    from smote_bench.environment.memory import data_bytes

    limit = data_bytes() + 400_000_000
    runner = start("allocate", timeout_seconds=0.0, max_memory=limit, may_fork=may_fork)
    for classifier in ("NaiveBayes", "kNN"):
        outcome = outcome_of(runner, "allocate", classifier)
        assert outcome.status == "error"
        assert outcome.reason.startswith("memory: over the limit of ")
        assert "Unable to allocate 40.0 MiB" in outcome.reason
        assert outcome_of(runner, "Original", classifier).status == "ok"


def test_a_limit_below_what_the_process_holds_says_so(start: Any) -> None:
    outcome = outcome_of(start(timeout_seconds=0.0, max_memory=10_000_000), "Original")
    assert outcome.reason.startswith("memory: over the limit of 10 MB: MemoryError: the process holds ")
    assert outcome.reason.endswith("before it begins to compute: raise the limit")


@pytest.mark.fault(
    injected="a sampler that lowers the recursion limit",
    seen="nothing: it is put back before the next cell",
    lost="nothing",
)
@pytest.mark.parametrize("may_fork", [True, False])
def test_a_low_recursion_limit_is_put_back(start: Any, may_fork: bool) -> None:
    runner = start("low_recursion_limit", may_fork=may_fork)
    before = sys.getrecursionlimit()
    outcome_of(runner, "low_recursion_limit")
    assert sys.getrecursionlimit() == before
    assert outcome_of(runner, "Original").status == "ok"


def test_a_part_is_computed_in_the_same_child_and_keeps_no_predictions(start: Any, tmp_path: Path) -> None:
    runner, own = start(run="forked"), start(run="own", may_fork=False)
    cell, part = Cell("T", "Original", "kNN"), Part(0, 2, 1)
    runner.run(cell)
    first = pid_of(runner)
    found, expected = (one.run_part(cell, part) for one in (runner, own))
    assert [repr(fit.scores) for fit in found.fits] == [repr(fit.scores) for fit in expected.fits]
    assert pid_of(runner) == first


@pytest.mark.fault(
    injected="Ctrl-C while a cell is computed",
    seen="the session is interrupted, and no process is left",
    lost="the cell in flight",
)
def test_an_interrupt_while_a_child_computes_ends_the_child_and_records_nothing(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    runner = start("one_call")
    runner.here.computer.start("T", "one_call")
    pid = pid_of(runner, is_known=False)
    # A worker of pytest-xdist leaves Ctrl-C to its controller.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))

    def interrupted(self: Any, begun: float) -> bool:
        signal.raise_signal(signal.SIGINT)
        return True

    monkeypatch.setattr(child_module._Children, "_has_more", interrupted)
    with pytest.raises(KeyboardInterrupt):
        outcome_of(runner, "one_call")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert list(Store(tmp_path / "one" / "cells.sqlite").outcomes()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_processes_in_sessions_of_their_own_end_with_the_child(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    runner = start("begin_a_session")
    assert outcome_of(runner, "begin_a_session").status == "ok"
    runner.close()
    pids = [int(line) for line in (tmp_path / "pids").read_text().splitlines()]
    assert len(pids) >= 2 * 3  # in each fold
    assert_ended(pids)


def test_an_answer_that_is_no_outcome_is_its_cells_error(start: Any) -> None:
    runner = start("patch_json")
    outcome = outcome_of(runner, "patch_json")
    assert outcome.status == "error"
    assert runner.engine.computer._child._connection is None, "its process computes nothing more"
    assert outcome.reason.startswith("the process that computed this cell answered with no outcome: ")


@pytest.mark.fault(
    injected="a user's own metric patches a class of scikit-learn's",
    seen="cells of other methods have the scores that they have alone: each (data set, method) has a process",
    lost="nothing",
)
def test_what_an_own_metric_patches_changes_no_other_method(start: Any) -> None:
    text = TEXT.format(methods="RandomOverSampler, SMOTE").replace(
        "cv_folds: 2",
        "cv_folds: 2\nmetrics: [roc_auc, {right: {metric: 'child_samplers:share_right', better: high}}]",
    )
    alone = outcome_of(start(text=text, run="alone"), "SMOTE", "kNN")
    runner = start(text=text, run="beside")
    assert outcome_of(runner, "RandomOverSampler", "kNN").status == "ok"
    beside = outcome_of(runner, "SMOTE", "kNN")
    assert alone.status == beside.status == "ok"
    assert [repr(fit.scores) for fit in alone.fits] == [repr(fit.scores) for fit in beside.fits]


def assert_ended(pids: list[int]) -> None:
    until = time.monotonic() + 20
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    assert [pid for pid in pids if is_running(pid)] == []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("method", ["patch_numpy", "patch_a_class", "patch_the_clock"])
def test_what_a_sampler_patches_changes_no_other_cell(start: Any, method: str) -> None:
    other = "imblearn.over_sampling:RandomOverSampler"
    text = TEXT.format(
        methods=f"{{name: first, method: 'child_samplers:{method}'}}, {{name: other, method: '{other}'}}"
    )
    alone = outcome_of(start(text=text, run="alone"), "other")
    runner = start(text=text, run="beside")
    outcome_of(runner, "first")
    beside = outcome_of(runner, "other")
    assert alone.status == beside.status == "ok"
    assert [repr(fit.scores) for fit in alone.fits] == [repr(fit.scores) for fit in beside.fits]
    assert min(fit.resample_seconds for fit in beside.fits) > 0


def test_code_of_no_known_library_has_a_child_for_each_data_set_and_method(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    text = TEXT.format(
        methods="{name: a, method: 'child_samplers:own_pid'}, {name: b, method: 'child_samplers:own_pid'}"
    )
    runner = start(text=text)
    outcome_of(runner, "Original")
    of_known = pid_of(runner)
    for method, classifier in itertools.product("ab", ("NaiveBayes", "kNN")):
        outcome_of(runner, method, classifier)  # and that of `Original`, in the child of known code
        outcome_of(runner, "Original", classifier)
        assert pid_of(runner) == of_known
    pids = [int(line) for line in (tmp_path / "pids").read_text().splitlines()]
    assert len(pids) == 2 * 3  # once per fold, though two classifiers asked for the rows
    of_a, of_b = pids[:3], pids[3:]
    assert len({*of_a}) == len({*of_b}) == 1
    assert len({of_known, of_a[0], of_b[0]}) == 3
    deaths = []
    kill = child_module._Children._kill
    monkeypatch.setattr(child_module._Children, "_kill", lambda self: deaths.append(kill(self)))
    runner.close()
    assert [death.exit_code for death in deaths] == [0, 0]  # none had to be waited for and killed
    assert_ended(pids)


@pytest.mark.parametrize(("n_groups", "n_children"), [(1, 4), (2, 2)])
def test_groups_by_turns_are_resampled_once_where_a_child_is_kept_for_each(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_groups: int, n_children: int
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    runner = start(text=own_methods("abc"))
    computer = ChildComputer(CellComputer(runner.experiment, timeout_seconds=60.0), n_groups)
    for classifier, method in itertools.product(("NaiveBayes", "kNN"), "ab"):
        computer.computed(Cell("T", method, classifier), None, ())
    pids = (tmp_path / "pids").read_text().split()
    assert len({*pids}) == n_children
    assert len(pids) == 3 * n_children  # once per fold
    computer.computed(Cell("T", "c", "kNN"), None, ())
    computer.computed(Cell("T", "b", "kNN"), None, ())  # used later than a, whose child became that of c
    later = (tmp_path / "pids").read_text().split()[len(pids) :]
    assert len(later) == 3 * (1 if n_groups == 2 else 2)
    computer.close()
    assert_ended([int(pid) for pid in {*pids, *later}])


def test_what_one_child_has_read_is_read_once_for_the_next_ones(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    note_reads(monkeypatch, tmp_path / "reads")
    runner = start(text=own_methods("abc"))
    pids = []
    for method in "abc":
        assert outcome_of(runner, method).status == "ok"
        pids.append(pid_of(runner, is_known=False))
    assert len({*pids}) == 3
    reads = [int(line) for line in (tmp_path / "reads").read_text().splitlines()]
    assert sorted(reads) == sorted([pids[0], os.getpid(), pid_of(runner)])  # that of known code, for the card


def test_a_fork_waits_for_what_another_thread_imports(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = start("repeated", run="first"), start(run="second")
    seen: list[str] = []
    has_begun = threading.Event()
    imports, fork = child_module._Children._import_what_all_need, child_module._Children._fork

    def note_imports(self: Any) -> None:
        if self._is_of_one_group:
            seen.append("imports")
            has_begun.set()
            time.sleep(0.3)
            seen.append("has imported")
        imports(self)

    def note_fork(self: Any) -> None:
        seen.append("forks")
        fork(self)

    monkeypatch.setattr(child_module._Children, "_import_what_all_need", note_imports)
    monkeypatch.setattr(child_module._Children, "_fork", note_fork)
    thread = threading.Thread(target=lambda: first.here.computer.start("T", "repeated", "NaiveBayes"))
    thread.start()
    assert has_begun.wait(60)
    second.here.computer.start("T", "Original", "NaiveBayes")
    thread.join()
    assert seen == ["imports", "has imported", "forks", "forks"]


def test_children_of_several_computers_end_when_their_pipe_is_closed(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = []
    kill = child_module._Children._kill
    monkeypatch.setattr(child_module._Children, "_kill", lambda self: deaths.append(kill(self)))
    runners = [start("repeated", run=name) for name in ("first", "second", "third")]
    for runner in runners:
        assert outcome_of(runner, "Original").status == outcome_of(runner, "repeated").status == "ok"
    for runner in runners:
        runner.close()
    assert [death.exit_code for death in deaths] == [0] * 6  # none had to be waited for and killed


def test_a_child_looks_at_no_module_that_was_there_before_the_fork(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threadpoolctl

    from smote_bench.environment import imported, threads

    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    threads._controller.cache_clear()
    for kept in (imported._mark, threads._libraries):
        kept.clear()  # as if nothing had been looked at in this process
    file_of, controller = imported.module_file, threadpoolctl.ThreadpoolController

    def note(what: str) -> None:
        with (tmp_path / "looks").open("a") as file:
            file.write(f"{os.getpid()} {what}\n")

    def noted_file(module: Any) -> str | None:
        note(getattr(module, "__name__", "none"))
        return file_of(module)

    def noted_controller() -> Any:
        note("libraries")
        return controller()

    monkeypatch.setattr(imported, "module_file", noted_file)
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", noted_controller)
    runner = start("own_pid")
    assert outcome_of(runner, "own_pid").status == "ok"
    looks = [line.split(" ", 1) for line in (tmp_path / "looks").read_text().splitlines()]
    by_process = {pid: {name for of, name in looks if of == pid} for pid, _ in looks}
    here = by_process.pop(str(os.getpid()))
    assert {"libraries", "numpy", "sklearn"} <= here
    in_child = by_process[str(pid_of(runner, is_known=False))]
    assert "child_samplers" in in_child
    assert not in_child & here


def test_a_table_that_was_edited_and_put_back_is_read_again(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    runner, table = start(text=own_methods("abcd")), tmp_path / "table.csv"
    content = table.read_text()
    assert outcome_of(runner, "a").status == "ok"
    table.write_text(content + "1,2,0\n")
    edited = outcome_of(runner, "b")
    assert edited.status == "error"
    assert "has changed" in edited.reason
    table.write_text(content)
    assert [outcome_of(runner, method).status for method in "cd"] == ["ok", "ok"]


def own_methods(names: str) -> str:
    return TEXT.format(methods=", ".join(f"{{name: {n}, method: 'child_samplers:own_pid'}}" for n in names))


def test_a_data_set_that_no_child_could_read_is_not_read_here(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    note_reads(monkeypatch, tmp_path / "reads", seconds=60)
    runner = start("own_pid", timeout_seconds=0.5)
    for classifier in ("NaiveBayes", "kNN"):
        assert outcome_of(runner, "own_pid", classifier).status == "timeout"
    assert str(os.getpid()) not in (tmp_path / "reads").read_text().split()


@pytest.mark.parametrize("is_given_tables", [True, False])
def test_nothing_is_read_here_where_tables_are_given_or_memory_has_a_limit(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_given_tables: bool
) -> None:
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    read_here: list[str] = []
    monkeypatch.setattr(FoldSource, "prepare", lambda self, name: read_here.append(name))
    runner = start(text=own_methods("ab"), max_memory=0 if is_given_tables else 2**40)
    assert outcome_of(runner, "a").status == "ok"
    if is_given_tables:
        assert runner.here.computer.call(nothing) == b""
    assert outcome_of(runner, "b").status == "ok"
    assert read_here == []


def nothing(_: Any) -> bytes:
    return b""


def note_reads(monkeypatch: pytest.MonkeyPatch, path: Path, *, seconds: float = 0.0) -> None:
    """Have each process write its number where it reads a table, which takes so long."""
    load = FoldSource._load

    def note_and_load(self: FoldSource, entry: Any) -> Any:
        with path.open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(seconds)
        return load(self, entry)

    monkeypatch.setattr(FoldSource, "_load", note_and_load)


def test_a_closed_runner_leaves_no_process(start: Any) -> None:
    runner = start()
    outcome_of(runner, "Original")
    pid = pid_of(runner)
    runner.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    "settings",
    [{"timeout_seconds": 0.0}, {"may_fork": False}],
)
def test_without_a_limit_or_with_a_debugger_cells_are_computed_here(start: Any, settings: Any) -> None:
    assert not isinstance(start(**settings).here.computer, ChildComputer)


def test_no_fork_where_a_library_has_threads_that_do_not_survive_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    assert can_fork()
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    assert not can_fork()


@pytest.mark.parametrize(
    ("death", "named", "status", "reason"),
    [
        (Death(-9), {}, "error", "X (signal SIGKILL): killed from outside, or for want of memory"),
        (Death(3), {}, "error", "X (exit code 3)"),
        (Death(None), {}, "error", "X"),
        (
            Death(-14),
            {"limit_seconds": 3.0, "seconds": 3.1},
            "timeout",
            "longer than the limit of 3 s: X (signal SIGALRM)",
        ),
        (
            Death(-6, 900_000_000),
            {"max_memory": 1_000_000_000},
            "error",
            "memory: X (signal SIGABRT) with 900 MB of the 1 GB it may have",
        ),
        (Death(-6, 100_000_000), {"max_memory": 1_000_000_000}, "error", "X (signal SIGABRT)"),
    ],
)
def test_a_death_is_told_by_how_and_when_it_came(death: Any, named: Any, status: str, reason: str) -> None:
    told = death.told("X", **named)
    assert (told.status, told.reason) == (status, reason)


@pytest.mark.fault(
    injected="a process that the kernel kills for memory",
    seen="`error`, `memory: ...: the kernel ended it`",
    lost="that cell",
)
def test_a_kill_by_the_kernel_for_memory_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    from smote_bench.environment import deaths

    monkeypatch.setattr(deaths, "kills_for_memory", lambda: 5)
    told = Death(-9, 3_000_000_000).told("X", killed_before=4)
    assert told.reason == (
        "memory: X (signal SIGKILL): the kernel ended it with 3 GB: give it more memory, or fewer workers"
    )
    assert "the kernel ended it" not in Death(-9).told("X", killed_before=5).reason


def test_an_unknown_signal_is_told_by_its_number() -> None:
    assert exit_text(-99) == " (signal 99)"
