"""What code that is not ours changes in the process is back afterwards, wherever it does it.

Also of: process_state.environment, process_state.interpreter, process_state.libraries,
process_state.logs, process_state.part, process_state.random_numbers, process_state.registry,
process_state.resources, process_state.signals, process_state.state.
"""

from __future__ import annotations

import csv
import decimal
import gc
import locale
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from scipy import special

from smote_bench.classifiers.fitting import fit_predict
from smote_bench.classifiers.registry import parse_classifier
from smote_bench.environment.isolation import Report, isolated
from smote_bench.environment.process_state import ProcessState
from smote_bench.environment.threads import thread_counts
from smote_bench.environment.timeouts import CellTimeout, time_limit
from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method
from smote_bench.metrics import Metric
from smote_bench.scoring import score_fold

MODULE = "smote_bench_changers"
X, Y = np.arange(24.0).reshape(12, 2) % 7, np.array([0, 1] * 4 + [0] * 4)


def _raise_limit() -> None:
    sys.setrecursionlimit(sys.getrecursionlimit() + 7)


def _leave_and_remove_folder() -> None:

    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)


def _more_threads() -> None:
    import threadpoolctl

    threadpoolctl.threadpool_limits(3)


def _parallel() -> None:
    import joblib

    joblib.parallel_config(backend="threading", n_jobs=2)


def _joblib_config() -> Any:
    from joblib import parallel

    return getattr(parallel._backend, "config", None)


def _other_generator() -> None:
    np.random.set_bit_generator(np.random.PCG64(1))  # type: ignore[attr-defined]


def _numpy_random() -> Any:
    generator = np.random.get_bit_generator()  # type: ignore[attr-defined]
    state = np.random.get_state(legacy=False)
    return id(generator), repr(state), np.asarray(state["state"].get("key")).tobytes()


def _logging() -> Any:
    root, own = logging.getLogger(), logging.getLogger("tests.isolation")
    return (
        root.level,
        root.handlers[:],
        [h.level for h in root.handlers],
        root.filters[:],
        own.level,
        own.propagate,
        own.disabled,
        own.handlers[:],
        root.manager.disable,
    )


def _change_loggers() -> None:
    own = logging.getLogger("tests.isolation")
    own.setLevel(5)
    own.propagate = False
    own.addHandler(logging.NullHandler())
    for handler in logging.root.handlers:
        handler.setLevel(60)


CHANGES: dict[str, tuple[Callable[[], object], Callable[[], Any]]] = {
    "numpy's errors": (lambda: np.seterr(all="raise"), np.geterr),
    "numpy's error call": (lambda: np.seterrcall(print), np.geterrcall),
    "numpy's buffer": (lambda: np.setbufsize(16 * 1024), np.getbufsize),
    "numpy's print options": (lambda: np.set_printoptions(precision=2, threshold=3), np.get_printoptions),
    "numpy's generator seeded": (lambda: np.random.seed(7), _numpy_random),
    "numpy's generator drawn from": (lambda: np.random.standard_normal(3), _numpy_random),
    "numpy's generator exchanged": (_other_generator, _numpy_random),
    "Python's generator": (lambda: random.seed(7), random.getstate),
    "scikit-learn's configuration": (
        lambda: sklearn.set_config(
            transform_output="pandas", assume_finite=True, enable_metadata_routing=True
        ),
        sklearn.get_config,
    ),
    "pandas' options": (
        lambda: (pd.set_option("display.precision", 2), pd.set_option("compute.use_numexpr", False)),
        lambda: (pd.get_option("display.precision"), pd.get_option("compute.use_numexpr")),
    ),
    "scipy's errors": (lambda: special.seterr(all="raise"), special.geterr),
    "joblib's configuration": (_parallel, _joblib_config),
    "a new variable": (lambda: os.environ.update(LEFT_BEHIND="1"), lambda: dict(os.environ)),
    "another variable": (lambda: os.environ.update(PATH="/nowhere"), lambda: dict(os.environ)),
    "a removed variable": (lambda: os.environ.pop("PATH"), lambda: dict(os.environ)),
    "no variables": (os.environ.clear, lambda: dict(os.environ)),
    "the time zone": (lambda: (os.environ.update(TZ="Asia/Tokyo"), time.tzset()), lambda: time.tzname),
    "the working directory": (lambda: os.chdir("/"), os.getcwd),
    "a removed working directory": (_leave_and_remove_folder, os.getcwd),
    "warning filters": (lambda: warnings.simplefilter("always"), lambda: warnings.filters[:]),
    "removed warning filters": (warnings.resetwarnings, lambda: warnings.filters[:]),
    "showing warnings": (
        lambda: setattr(warnings, "showwarning", print),
        lambda: (warnings.showwarning, warnings.formatwarning),
    ),
    "formatting warnings": (
        lambda: setattr(warnings, "formatwarning", repr),
        lambda: (warnings.showwarning, warnings.formatwarning),
    ),
    "the root logger": (lambda: logging.basicConfig(level=1, force=True), _logging),
    "a library's logger": (_change_loggers, _logging),
    "disabled logging": (lambda: logging.disable(logging.CRITICAL), _logging),
    "the recursion limit": (_raise_limit, sys.getrecursionlimit),
    "the switch interval": (lambda: sys.setswitchinterval(0.5), sys.getswitchinterval),
    "digits of integers": (lambda: sys.set_int_max_str_digits(0), sys.get_int_max_str_digits),
    "sys.path": (lambda: sys.path.insert(0, "/nowhere"), lambda: sys.path[:]),
    "an exchanged sys.path": (lambda: setattr(sys, "path", []), lambda: (id(sys.path), sys.path[:])),
    "sys.argv": (lambda: sys.argv.append("--more"), lambda: sys.argv[:]),
    "standard output": (lambda: setattr(sys, "stdout", sys.__stdout__), lambda: sys.stdout),
    "standard error": (lambda: setattr(sys, "stderr", None), lambda: sys.stderr),
    "the hook for errors": (lambda: setattr(sys, "excepthook", print), lambda: sys.excepthook),
    "a profile": (lambda: sys.setprofile(lambda *a: None), sys.getprofile),
    "garbage collection": (gc.disable, gc.isenabled),
    "thresholds of garbage collection": (lambda: gc.set_threshold(1, 1, 1), gc.get_threshold),
    "the decimal context": (
        lambda: setattr(decimal.getcontext(), "prec", 3),
        lambda: repr(decimal.getcontext()),
    ),
    "an exchanged decimal context": (
        lambda: decimal.setcontext(decimal.Context(prec=2)),
        lambda: repr(decimal.getcontext()),
    ),
    "the locale": (
        lambda: locale.setlocale(
            locale.LC_ALL, "C" if "UTF" in locale.setlocale(locale.LC_ALL) else "C.UTF-8"
        ),
        lambda: locale.setlocale(locale.LC_ALL),
    ),
    "the umask": (lambda: os.umask(0o123), lambda: (mask := os.umask(0), os.umask(mask))[0]),
    "the sockets' timeout": (lambda: socket.setdefaulttimeout(3), socket.getdefaulttimeout),
    "a handler of signals": (
        lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN),
        lambda: signal.getsignal(signal.SIGUSR1),
    ),
    "the handler of interrupts": (
        lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        lambda: signal.getsignal(signal.SIGINT),
    ),
    "blocked signals": (
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]),
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, []),
    ),
    "the function that warns": (lambda: setattr(warnings, "warn", print), lambda: warnings.warn),
    "the action of warnings": (
        lambda: setattr(warnings, "defaultaction", "error"),
        lambda: getattr(warnings, "defaultaction", None),
    ),
    "the environment's object": (
        lambda: setattr(os, "environ", dict(os.environ)),
        lambda: (id(os.environ), dict(os.environ)),
    ),
    "an environment of one variable": (
        lambda: setattr(os, "environ", {"ALONE": "1"}),
        lambda: (id(os.environ), dict(os.environ)),
    ),
    "a function of numpy.random": (lambda: setattr(np.random, "rand", min), lambda: np.random.rand),
    "a function of random": (lambda: setattr(random, "random", min), lambda: random.random),
    "the folder for temporary files": (
        lambda: setattr(tempfile, "tempdir", "/nowhere"),
        lambda: tempfile.tempdir,
    ),
    "the longest field of a table": (lambda: csv.field_size_limit(5), csv.field_size_limit),
    "the hook for errors of threads": (
        lambda: setattr(threading, "excepthook", print),
        lambda: threading.excepthook,
    ),
    "the hook for breakpoints": (lambda: setattr(sys, "breakpointhook", print), lambda: sys.breakpointhook),
    "tracing of threads": (lambda: threading.settrace(lambda *a: None), threading.gettrace),
    "an alarm": (lambda: signal.alarm(100), lambda: signal.getitimer(signal.ITIMER_REAL)),
    "threads of BLAS": (_more_threads, thread_counts),
}


class Changer:
    """Decides by the first column, and changes something at one place on the way."""

    change: Callable[[], object] = staticmethod(lambda: None)
    place = ""
    fails = False

    def __init__(self) -> None:
        self._at("building")

    def _at(self, place: str) -> None:
        if place == type(self).place:
            type(self).change()
            if type(self).fails:
                raise RuntimeError("on purpose")

    def fit(self, X: Any, y: Any) -> Changer:
        self._at("fitting")
        self.classes_, self.mean_ = np.unique(y), X[:, 0].mean()
        return self

    def predict_proba(self, X: Any) -> Any:
        self._at("predicting")
        score = (X[:, 0] > self.mean_) * 0.6 + 0.2
        return np.column_stack([1 - score, score])

    def predict(self, X: Any) -> Any:
        return (X[:, 0] > self.mean_).astype(int)

    @property
    def history_(self) -> Any:
        self._at("telling its history")
        return {"loss": [1.0]}


def change_in_metric(truth: Any, label: Any, score: Any) -> float:
    Changer.change()
    return 1.0


def change_in_sampler(X: Any, y: Any) -> Any:
    Changer.change()
    return np.vstack([X, X[y == 1]]), np.append(y, y[y == 1])


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    state = ProcessState()
    yield
    state.restore()


@pytest.fixture
def changer(monkeypatch: pytest.MonkeyPatch) -> type[Changer]:
    module = types.ModuleType(MODULE)
    module.Changer, module.metric, module.sampler = Changer, change_in_metric, change_in_sampler
    monkeypatch.setitem(sys.modules, MODULE, module)
    for name in ("change", "place", "fails"):
        monkeypatch.setattr(Changer, name, getattr(Changer, name))
    return Changer


def _run(place: str) -> None:
    if place == "a metric":
        score_fold(
            [0, 1], [0, 1], [0.1, 0.9], [Metric("own", "high", 0, 1, "labels", "", "", f"{MODULE}:metric")]
        )
    elif place == "a sampler":
        resample(parse_method(f"{MODULE}:sampler"), X, Y, seed=3)
    else:
        fit_predict(parse_classifier("Z", f"{MODULE}:Changer"), X, Y, X, seed=3)


def _another_cell() -> Any:
    found = fit_predict(parse_classifier("NaiveBayes"), X, Y, X, seed=1)
    return found.score.tobytes(), found.label.tobytes(), found.warnings


@pytest.mark.parametrize(
    "place",
    [
        "building",
        "fitting",
        "predicting",
        "telling its history",
        "a metric",
        "a sampler",
        "fitting, and fails",
    ],
)
@pytest.mark.parametrize("name", CHANGES)
def test_what_foreign_code_changes_is_as_before(
    name: str, place: str, changer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _, fails = place.partition(", ")
    change, read = CHANGES[name]
    _run(place)  # what is imported or built once, is
    np.random.standard_normal(3)  # an odd number: the second of a pair is kept
    alone, before = _another_cell(), read()
    done = []
    monkeypatch.setattr(changer, "change", staticmethod(lambda: done.append(change())))
    monkeypatch.setattr(changer, "place", place)
    monkeypatch.setattr(changer, "fails", bool(fails))
    if fails:
        with pytest.raises(RuntimeError, match="on purpose"):
            _run(place)
    else:
        _run(place)
    assert done
    assert read() == before
    assert _another_cell() == alone


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_would_be_seen_without_isolation(name: str) -> None:
    change, read = CHANGES[name]
    _another_cell()
    before = read()
    with warnings.catch_warnings():
        state = ProcessState()
        try:
            change()
            try:
                seen = read() != before
            except FileNotFoundError:
                seen = True  # the folder is gone
        finally:
            state.restore()
    assert seen


class GlobalDraws(Changer):
    """Scores from the global generators, as old code does."""

    def predict_proba(self, X: Any) -> Any:
        score = (np.random.rand(len(X)) + np.random.standard_normal(len(X)) ** 2 + random.random()) % 1
        return np.column_stack([1 - score, score])

    def predict(self, X: Any) -> Any:
        return np.zeros(len(X))


def test_draws_from_global_generators_depend_on_the_seed_alone(
    changer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[MODULE], "Draws", GlobalDraws, raising=False)
    spec = parse_classifier("Draws", f"{MODULE}:Draws")
    scores = []
    for disturbance in (0, 1):
        np.random.seed(disturbance)
        random.seed(disturbance)
        np.random.standard_normal(1 + disturbance)
        scores.append(fit_predict(spec, X, Y, X, seed=5).score.tolist())
    assert scores[0] == scores[1]
    assert scores[0] != fit_predict(spec, X, Y, X, seed=6).score.tolist()


@pytest.mark.parametrize(
    ("library", "path"),
    [("torch", "manual_seed"), ("tensorflow", "random.set_seed"), ("keras", "utils.set_random_seed")],
)
def test_draws_from_the_generator_of_a_loaded_library_depend_on_the_seed_alone(
    library: str, path: str, changer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = random.Random(0)
    found: Any = generator.seed
    for name in reversed(path.split(".")):
        found = types.SimpleNamespace(**{name: found})
    monkeypatch.setitem(sys.modules, library, found)
    with isolated(5, Report()):
        first = generator.random()
    generator.seed("of another cell")
    with isolated(5, Report()):
        assert generator.random() == first
    with isolated(6, Report()):
        assert generator.random() != first


def test_one_block_inside_another_leaves_the_outer_ones_numbers() -> None:
    def draw(inner: bool) -> list[float]:
        with isolated(1, Report()):
            first = [np.random.standard_normal(), random.random()]
            if inner:
                with isolated(2, Report()):
                    np.random.rand(5), random.random()
            return [*first, np.random.standard_normal(), np.random.rand(), random.random()]

    assert draw(inner=True) == draw(inner=False)


def test_what_a_module_sets_on_import_holds_in_its_blocks_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sets_on_import.py").write_text(
        "import os, sys\nimport numpy as np\nimport sklearn\n"
        "np.seterr(all='raise')\nsklearn.set_config(enable_metadata_routing=True)\n"
        "os.environ['SET_ON_IMPORT'] = '1'\nsys.path.insert(0, '/vendored')\n"
        "class Own: pass\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    def seen() -> list[Any]:
        return [
            np.geterr()["divide"],
            sklearn.get_config()["enable_metadata_routing"],
            os.environ.get("SET_ON_IMPORT"),
            "/vendored" in sys.path,
        ]

    outside = seen()
    for _ in range(2):
        with isolated(0, Report(), targets=["sets_on_import:Own"]):
            assert seen() == ["raise", True, "1", True]
        assert seen() == outside
        with isolated(0, Report()):
            assert seen() == outside


def test_what_a_module_gives_its_own_logger_on_import_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs_on_import.py").write_text(
        "import logging\nlogging.getLogger(__name__).setLevel(logging.DEBUG)\n"
        "logging.getLogger('another.library').setLevel(1)\nclass Own: pass\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    own, other = logging.getLogger("logs_on_import"), logging.getLogger("another.library")
    for _ in range(2):
        with isolated(0, Report(), targets=["logs_on_import:Own"]):
            assert (own.level, other.level) == (logging.DEBUG, logging.NOTSET)
        assert (own.level, other.level) == (logging.DEBUG, logging.NOTSET)


def test_a_stopped_time_limit_goes_on() -> None:
    def stop_and_wait() -> None:
        with isolated(0, Report()):
            signal.alarm(0)
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            pass

    with pytest.raises(CellTimeout), time_limit(0.2):
        stop_and_wait()


def test_a_time_limit_that_strikes_leaves_nothing_changed() -> None:
    def change_and_wait() -> None:
        with isolated(0, Report()):
            np.seterr(all="raise")
            os.environ["LEFT_BEHIND"] = "1"
            while True:
                pass

    before = np.geterr(), os.environ.get("LEFT_BEHIND")
    with pytest.raises(CellTimeout), time_limit(0.1):
        change_and_wait()
    assert (np.geterr(), os.environ.get("LEFT_BEHIND")) == before


def test_what_cannot_be_put_back_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    report = Report()
    with isolated(0, report):
        os.chdir(tmp_path)
        folder.rmdir()
    assert len(report.messages) == 1
    assert "working directory could not be put back" in report.messages[0]


def test_code_runs_in_a_process_whose_working_directory_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert _another_cell()[2] == ()


def test_log_records_of_a_classifier_are_told_with_its_warnings(
    changer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak() -> None:
        logging.getLogger("some.library").warning("look out")
        warnings.warn("few rows", UserWarning, stacklevel=1)

    monkeypatch.setattr(changer, "change", staticmethod(speak))
    monkeypatch.setattr(changer, "place", "building")
    found = fit_predict(parse_classifier("Z", f"{MODULE}:Changer"), X, Y, X, seed=3)
    assert set(found.warnings) == {"WARNING: look out", "UserWarning: few rows"}


def test_warnings_of_an_own_metric_are_passed_on(changer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        changer, "change", staticmethod(lambda: warnings.warn("rare", UserWarning, stacklevel=1))
    )
    with pytest.warns(UserWarning, match="metric 'own': UserWarning: rare"):
        _run("a metric")
