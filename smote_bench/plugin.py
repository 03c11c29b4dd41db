"""The pytest plugin: options, fixtures and hooks. Loading it imports pytest and the standard library only.

The work is elsewhere: `smote_bench.session.controller` keeps what a session knows,
`smote_bench.engines.cell_runner` runs cells, `smote_bench.engines.xdist_scheduling` gives them to workers.
It is long because half of it declares options, which users and editors look for in one place.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from smote_bench.data.dataset import Dataset
    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.evaluation.outcome import Cell, Outcome
    from smote_bench.evaluation.parts import Part
    from smote_bench.evaluation.splits import FoldRows
    from smote_bench.runs.run_store import Worker
    from smote_bench.session.controller import SmoteSession
    from smote_bench.session.setup import Setup

__all__ = ["SmoteCase"]

_DEFAULT_TIMEOUT_SECONDS = "1800"
_setup_key: pytest.StashKey[Setup] = pytest.StashKey()
_session_key: pytest.StashKey[SmoteSession] = pytest.StashKey()
_until_collected_key: pytest.StashKey[contextlib.ExitStack] = pytest.StashKey()

_GATING = (
    "save",
    "accept_reason",
    "compare",
    "compare_fail",
    "gate",
    "gate_alpha",
    "gate_tol",
    "gate_slowdown",
    "gate_splits",
    "gate_seeds",
)
_NARROWING = ("datasets", "methods", "classifiers", "metrics")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options; each has an ini twin where a project would want to fix it."""
    group = parser.getgroup("smote-bench", "oversampling benchmark")
    group.addoption(
        "--smote-experiment",
        metavar="FILE",
        help="experiment to run: a YAML file, or the name of a shipped one such as quick (default: default)",
    )
    for what in _NARROWING:
        group.addoption(
            f"--smote-{what}",
            metavar="A,B",
            action="append",
            help=f"only these {what} (comma separated; may be repeated)",
        )
    group.addoption(
        "--smote-out",
        metavar="DIR",
        help="folder for runs, the memo and the link to the latest run (default: reports)",
    )
    group.addoption(
        "--smote-run-name",
        metavar="NAME",
        help="name of the run's folder in --smote-out/runs, for programs that have to find it "
        "(default: time and experiment)",
    )
    group.addoption(
        "--smote-data",
        metavar="DIR",
        help="folder with data files that are not bundled (default: the environment's SMOTE_BENCH_DATA)",
    )
    group.addoption(
        "--oversampler",
        metavar="PACKAGE.MODULE:CLASS",
        action="append",
        help="an oversampler for benchmarks/test_properties.py, with parameters as JSON after '?' "
        "(may be repeated)",
    )
    group.addoption(
        "--oversampler-family",
        metavar="FAMILY",
        help="what the oversamplers claim to be (default: their tags)",
    )
    group.addoption(
        "--oversampler-smoke",
        action="store_true",
        help="put fewer cases of each property to the oversamplers",
    )
    group.addoption(
        "--oversampler-strict",
        action="store_true",
        help="hold the oversamplers to conventions too that their tags do not claim",
    )
    group.addoption(
        "--smote-memo",
        metavar="FILE|off",
        help="outcomes shared by runs (default: memo.sqlite in --smote-out); off computes everything anew",
    )
    group.addoption(
        "--smote-timeout",
        metavar="SECONDS",
        type=float,
        help="time limit of a cell; 0 for none (ini: smote_timeout)",
    )
    group.addoption(
        "--smote-max-memory",
        metavar="SIZE",
        help="memory that a process may hold while it computes cells, such as 2GB; 0 for no limit "
        "(default: none; ini: smote_max_memory)",
    )
    group.addoption(
        "--smote-no-report",
        action="store_true",
        help="write scores and tables only; `smote-bench report RUN` makes the rest (ini: smote_report)",
    )
    group.addoption(
        "--smote-tsne",
        choices=("auto", "on", "off"),
        help="embed the points of the report by t-SNE; auto: within a tenth of the cells' time and a minute "
        "at most (ini: smote_tsne)",
    )
    group.addoption(
        "--smote-tracker",
        metavar="NAME,...",
        action="append",
        help="send the finished run to clearml, mlflow, another package's tracker or package.module:Class; "
        "off for none (default: the experiment's trackers; ini: smote_tracker)",
    )
    group.addoption(
        "--smote-engine",
        metavar="NAME[=ADDRESS]",
        help="what computes the cells: local, xdist (with -n), dask (workers on this machine), "
        "dask=tcp://HOST:8786, another package's engine (default: the experiment's, or what -n says; "
        "ini: smote_engine)",
    )
    group.addoption(
        "--smote-engine-wait",
        metavar="SECONDS",
        type=float,
        help="how long a scheduler and a first worker are waited for (default: 8; ini: smote_engine_wait)",
    )
    _add_gate_options(group, parser)
    parser.addini("smote_engine", "what computes the cells, when --smote-engine is not given")
    parser.addini("smote_engine_wait", "seconds that an engine's first worker is waited for", default="8")
    parser.addini("smote_tracker", "trackers that finished runs are sent to, such as clearml,mlflow")
    parser.addini("smote_report", "write report.html and figures after a run", type="bool", default=True)
    parser.addini("smote_tsne", "auto, on or off", default="auto")
    parser.addini("smote_experiment", "experiment to run when --smote-experiment is not given")
    parser.addini("smote_out", "folder for runs when --smote-out is not given")
    parser.addini(
        "smote_timeout", "time limit of a cell in seconds, 0 for none", default=_DEFAULT_TIMEOUT_SECONDS
    )
    parser.addini("smote_max_memory", "memory that a process may hold while it computes cells", default="0")


def _add_gate_options(group: pytest.OptionGroup, parser: pytest.Parser) -> None:
    """Register what saves a baseline and what holds a run to one."""
    group.addoption(
        "--smote-save",
        metavar="NAME",
        help="save the run as the baseline NAME, on several splits with several seeds; never over another",
    )
    group.addoption(
        "--smote-accept-reason",
        metavar="TEXT",
        help="with --smote-save: why the baseline of this name is replaced",
    )
    group.addoption(
        "--smote-compare",
        metavar="NAME",
        nargs="?",
        const="",
        help="hold the run to a baseline (--smote-compare=NAME; without a name: the experiment's, or the "
        "only one) and fail on a real drop or change (ini: smote_compare)",
    )
    group.addoption(
        "--smote-gate",
        metavar="off|warn|fail",
        help="what a comparison that comes out badly does (default: fail; ini: smote_gate)",
    )
    group.addoption(
        "--smote-gate-alpha",
        metavar="RATE",
        help="rate of false alarms per run (default: 0.01; ini: smote_gate_alpha)",
    )
    group.addoption(
        "--smote-gate-tol",
        metavar="LEVEL:DROP,...",
        help="mean drops up to these are no alarm (default: method:0.0015,dataset:0.005,case:0.01; "
        "ini: smote_gate_tol)",
    )
    group.addoption(
        "--smote-compare-fail",
        metavar="METRIC:DROP",
        action="append",
        help="also fail when a case's mean drops by more than a fixed limit; its rate of false alarms is "
        "printed (may be repeated; ini: smote_compare_fail)",
    )
    group.addoption(
        "--smote-gate-slowdown",
        metavar="FACTOR",
        help="also fail when a method's resampling, in units of the run's own Original, became slower by "
        "more than this factor (ini: smote_gate_slowdown)",
    )
    group.addoption(
        "--smote-gate-splits",
        metavar="N",
        help="splits of a baseline to be saved (default: 5; ini: smote_gate_splits)",
    )
    group.addoption(
        "--smote-gate-seeds",
        metavar="N",
        help="seeds of each split of a baseline to be saved (default: 4; ini: smote_gate_seeds)",
    )
    parser.addini("smote_compare", "name of the baseline that runs are held to")
    parser.addini("smote_gate", "off, warn or fail")
    parser.addini("smote_gate_alpha", "rate of false alarms per run")
    parser.addini("smote_gate_tol", "mean drops that are no alarm, as method:0.0015,dataset:0.005,case:0.01")
    parser.addini("smote_compare_fail", "fixed limits of a case's mean drop, as roc_auc:0.05")
    parser.addini("smote_gate_slowdown", "factor by which a method's resampling may become slower")
    parser.addini("smote_gate_splits", "splits of a baseline to be saved")
    parser.addini("smote_gate_seeds", "seeds of each split of a baseline to be saved")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    """Take ids of cells as they are printed; refuse a misspelt option of ours with a suggestion."""
    if any("::test_cell[" in word for word in map(str, args)):
        from smote_bench.session.node_ids import with_pasted

        args[:] = with_pasted(args)
        places = early_config.known_args_namespace  # by which pytest looks for conftests
        places.file_or_dir = with_pasted(places.file_or_dir, alone=True)
    yield  # conftests may have options of such names
    if not any(word.startswith("--smote-") for word in args):
        return
    _, unknown = parser.parse_known_and_unknown_args([str(word) for word in args])
    for word in (word.partition("=")[0] for word in unknown if word.startswith("--smote-")):
        from smote_bench.errors import did_you_mean

        known = [name for option in parser.getgroup("smote-bench").options for name in option.names()]
        raise pytest.UsageError(
            f"there is no option {word}.{did_you_mean(word, known)} `pytest --help` has them all"
        )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the hooks of `smote_bench.hookspec`."""
    from smote_bench import hookspec

    pluginmanager.add_hookspecs(hookspec)


def pytest_configure(config: pytest.Config) -> None:
    """Check the options at once when any is given; register the side that collects outcomes."""
    config.addinivalue_line(
        "markers",
        "smote_gate(tolerance, mode, metric): how strictly this case is held to the baseline "
        "(mode: off, warn or fail)",
    )
    if not hasattr(config, "workerinput"):
        from smote_bench.session.controller import SmoteSession

        session = SmoteSession(config, lambda: _setup(config))
        config.stash[_session_key] = session
        config.pluginmanager.register(session, "smote_bench.session.controller")
        config.pluginmanager.register(session.told_once, "smote_bench.session.told_once")
        config.pluginmanager.register(_XdistHooks(), "smote_bench.xdist") if config.pluginmanager.hasplugin(
            "xdist"
        ) else None
    else:
        from smote_bench.environment.stopping import take_interrupts

        take_interrupts()
    names = (
        "experiment",
        "out",
        "run_name",
        "data",
        "memo",
        "timeout",
        "max_memory",
        "tracker",
        "engine",
        "engine_wait",
        *_NARROWING,
        *_GATING,
    )
    if any(config.getoption(f"smote_{name}") is not None for name in names):
        _setup(config)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Give cells ids that can be pasted back where the grid's file is not the project's own."""
    if module_path.name != "test_grid.py":
        return None
    from smote_bench.session.node_ids import grid_module

    config = parent.config
    name = config.getoption("smote_experiment") or config.getini("smote_experiment") or "default"
    return grid_module(module_path, parent, name)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Dir | None:
    """Take the name from a folder above the grid's file: ``-k`` asks every node for its name.

    Installed, the file lies below ``smote_bench``, and every cell would answer to ``-k SMOTE``.
    """
    if path not in Path(__file__).resolve().parents or not _runs_grid(parent.config):
        return None
    folder = pytest.Dir.from_parent(parent, path=path)
    folder.name = ""
    return folder


def _runs_grid(config: pytest.Config) -> bool:
    """Whether the grid's file, or its folder, is what pytest was called with."""
    from smote_bench.experiment.shipped import grid_file

    places = (config.invocation_params.dir / arg.partition("::")[0] for arg in config.args)
    return any(place.resolve() in (grid_file(), grid_file().parent) for place in places)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of every cell of the experiment from a function that asks for `smote_case`."""
    if "smote_case" not in metafunc.fixturenames:
        return
    from smote_bench.environment.garbage import no_collections
    from smote_bench.environment.threads import pin_environment

    pin_environment()
    metafunc.config.stash[_until_collected_key].enter_context(no_collections())
    if hasattr(metafunc.config, "workerinput"):
        from smote_bench.environment.parent import end_with_parent
        from smote_bench.environment.stopping import ignore_interrupts

        end_with_parent()
        ignore_interrupts()
    cells = _setup(metafunc.config).experiment.cells
    metafunc.parametrize("smote_case", list(cells.values()), ids=list(cells), indirect=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> Generator[None, Any, Any]:
    """Show our own errors as what they are, here and in the two hooks below: wrong usage, no traceback."""
    with _usage_errors():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """See `pytest_sessionstart`; a grid's hundred thousand tests are made without garbage collections."""
    with _usage_errors(), contextlib.ExitStack() as until_collected:
        session.config.stash[_until_collected_key] = until_collected
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, Any, Any]:
    """See `pytest_sessionstart`; pytest-xdist plans the distribution in here."""
    with _usage_errors():
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let hypothesis go where nobody used it: its closing hook alone would import it."""
    if _setup_key in session.config.stash and "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")


@pytest.fixture(scope="session")
def smote_runner(pytestconfig: pytest.Config) -> Any:
    """Return the session's `smote_bench.engines.cell_runner.CellRunner`, one per process."""
    from smote_bench.session.no_room import no_room_as_failure

    session = pytestconfig.stash.get(_session_key, None)
    if session is not None and session.runner is not None:  # its engine computes elsewhere
        yield session.runner
        return
    with no_room_as_failure(pytestconfig):
        runner = _setup(pytestconfig).runner()
    yield runner
    runner.close()


@pytest.fixture
def smote_case(request: pytest.FixtureRequest) -> SmoteCase:
    """Return one cell of the experiment, ready to be evaluated; the test is repeated for every cell."""
    from smote_bench.session.no_room import one_error_without_room

    setup = _setup(request.config)
    with one_error_without_room(request.node):
        runner = request.getfixturevalue("smote_runner")
    return SmoteCase(request.param, runner, request.node, setup.gate.parts(setup.experiment))


@pytest.fixture(scope="session")
def smote_dataset(smote_runner: CellRunner) -> Callable[[str], Dataset]:
    """Return a function that gives a data set of the experiment by name; each is read once per process."""
    return smote_runner.folds.dataset


@pytest.fixture(scope="session")
def smote_splits(smote_runner: CellRunner) -> Callable[[str], list[FoldRows]]:
    """Return a function that gives the folds of a data set: which rows train and test, under the protocol."""
    return smote_runner.folds.splits


class SmoteCase:
    """One cell as a test sees it.

    Attributes
    ----------
    cell : Cell
    """

    def __init__(self, cell: Cell, runner: CellRunner, item: pytest.Item, parts: Sequence[Part] = ()) -> None:
        self.cell = cell
        self._runner = runner
        self._item = item
        self._parts = parts

    def evaluate(self) -> None:
        """Evaluate the cell and record its deltas against `Original` and its seconds on the test's report.

        Fails the test when the cell errs or runs out of time; skips it when something it needs is not here.
        """
        from smote_bench.session.no_room import one_error_without_room

        with one_error_without_room(self._item):
            result = self._runner.run(self.cell)
        outcome = result.outcome
        record = self._item.user_properties.append
        record(("smote_cell", self.cell.id))
        record(("smote_status", outcome.status))
        if outcome.reason:
            record(("smote_reason", outcome.reason))
        if result.from_memo:
            record(("smote_from_memo", True))
        for part in ("resample", "fit", "predict"):
            record((f"{part}_seconds", _readable(outcome.seconds(part))))
        for (phase, metric), delta in result.deltas.items():
            record((f"delta_{phase}_{metric}", _readable(delta)))
        if result.why_no_deltas:
            record(("smote_no_deltas", result.why_no_deltas))
        self._record_strictness()
        if outcome.status == "unavailable":
            pytest.skip(outcome.reason)
        _fail_if_broken(self.cell.id, outcome)
        for beside in self._parts:  # of the baseline that is being saved
            with one_error_without_room(self._item):
                of_part = self._runner.run_part(self.cell, beside)
            _fail_if_broken(f"{self.cell.id}, {beside.label}", of_part)

    def _record_strictness(self) -> None:
        """Send what markers say of the gate along with the report, since the gate is elsewhere."""
        marks = list(self._item.iter_markers("smote_gate"))
        if not marks:
            return
        from smote_bench.errors import ConfigError
        from smote_bench.session.gate_plan import marker_override

        try:
            overrides = marker_override(self.cell, marks, self._runner.experiment)
        except ConfigError as error:
            pytest.fail(str(error), pytrace=False)
        self._item.user_properties.append(("smote_gate", json.dumps(overrides)))


def _fail_if_broken(name: str, outcome: Outcome) -> None:
    if outcome.status in ("error", "timeout"):
        trace = f"\n\n{outcome.traceback}" if outcome.traceback else ""
        pytest.fail(f"{name}: {outcome.status}: {outcome.reason}{trace}", pytrace=False)


def _readable(value: float) -> float:
    """Round a number for people, who read it in JUnit's XML; the tables have every digit."""
    return float(f"{value:.5g}")


class _XdistHooks:
    """What the controller of pytest-xdist needs; not registered where that is not installed."""

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Keep Ctrl-C from workers until their pytest is there to take it: see `pytest_configure`."""
        if session.config.pluginmanager.hasplugin("dsession"):
            from smote_bench.environment.stopping import interrupts_kept_from_children

            with interrupts_kept_from_children():
                return (yield)
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where this run writes."""
        run_dir = node.config.stash[_session_key].run_dir_for_workers()
        if run_dir is not None:
            node.workerinput["smote_run_dir"] = run_dir

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        """Report the cell that a worker died on for what the store says of it."""
        session = report.node.config.stash[_session_key]
        session.stop.cell_done()
        session.worker_died(crashitem, report, _worker(report.node), _exit_code(report.node))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Count dead workers: those that die in no cell have a limit."""
        if error:
            node.config.stash[_session_key].stop.worker_died()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Any) -> None:
        """Learn from the first worker which cells were selected, whatever the distribution."""
        node.config.stash[_session_key].select(list(ids))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep cells that share resampled rows together, unless another distribution was named."""
        if config.getoption("dist") != "load":
            return None
        from smote_bench.engines.xdist_scheduling import CellScheduling

        session = config.stash[_session_key]
        return CellScheduling(
            config,
            log,
            session.plan,
            lambda nodeid, node: session.may_try_again(nodeid, _worker(node), _exit_code(node)),
        )


def _worker(node: Any) -> Worker:
    from smote_bench.runs.run_store import Worker

    return Worker(str(node.workerinput["testrunuid"]), node.gateway.id)


def _exit_code(node: Any) -> int | None:
    """Return how a worker's process ended, as far as pytest-xdist knows: another machine's it does not."""
    process = getattr(getattr(node.gateway, "_io", None), "popen", None)
    try:
        return None if process is None else int(process.wait(timeout=5))
    except Exception:  # it closed its channel and lives on, or has no process like ours
        return None


def _setup(config: pytest.Config) -> Setup:
    """Read options and experiment, once per process; what is wrong with them is a `UsageError`."""
    if _setup_key not in config.stash:
        from smote_bench.environment.threads import pin_environment
        from smote_bench.session.setup import Setup

        pin_environment()  # a user's file in the experiment loads libraries
        with _usage_errors():
            config.stash[_setup_key] = Setup.from_config(config)
    return config.stash[_setup_key]


@contextlib.contextmanager
def _usage_errors() -> Iterator[None]:
    """Turn what smote-bench raises on purpose into a `UsageError`, which pytest shows without a traceback."""
    try:
        yield
    except Exception as error:
        from smote_bench.errors import SmoteBenchError

        if not isinstance(error, SmoteBenchError):
            raise
        raise pytest.UsageError(str(error)) from error
