"""The pytest plugin: options, fixtures and hooks. Loading it imports pytest and the standard library only.

The work is elsewhere: `smote_bench.session` keeps what a session knows, `smote_bench.runner` runs cells,
`smote_bench.scheduling` gives them to workers.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from smote_bench.catalogue import Dataset
    from smote_bench.outcome import Task
    from smote_bench.runner import CellRunner
    from smote_bench.session import Setup, SmoteSession
    from smote_bench.splits import Split

__all__ = ["SmoteCase"]

_DEFAULT_TIMEOUT_SECONDS = "1800"
_setup_key: pytest.StashKey[Setup] = pytest.StashKey()
_session_key: pytest.StashKey[SmoteSession] = pytest.StashKey()

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
        "--smote-no-report",
        action="store_true",
        help="write scores and tables only; `smote-bench report RUN` makes the rest (ini: smote_report)",
    )
    group.addoption(
        "--smote-tsne",
        choices=("auto", "on", "off"),
        help="embed the points of the report by t-SNE; auto: where it takes about a minute at most "
        "(ini: smote_tsne)",
    )
    parser.addini("smote_report", "write report.html and figures after a run", type="bool", default=True)
    parser.addini("smote_tsne", "auto, on or off", default="auto")
    parser.addini("smote_experiment", "experiment to run when --smote-experiment is not given")
    parser.addini("smote_out", "folder for runs when --smote-out is not given")
    parser.addini(
        "smote_timeout", "time limit of a cell in seconds, 0 for none", default=_DEFAULT_TIMEOUT_SECONDS
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the hooks of `smote_bench.hookspec`."""
    from smote_bench import hookspec

    pluginmanager.add_hookspecs(hookspec)


def pytest_configure(config: pytest.Config) -> None:
    """Check the options at once when any is given; register the side that collects outcomes."""
    if not hasattr(config, "workerinput"):
        from smote_bench.session import SmoteSession

        session = SmoteSession(config, lambda: _setup(config))
        config.stash[_session_key] = session
        config.pluginmanager.register(session, "smote_bench.session")
        config.pluginmanager.register(_XdistHooks(), "smote_bench.xdist") if config.pluginmanager.hasplugin(
            "xdist"
        ) else None
    names = ("experiment", "out", "data", "memo", "timeout", *_NARROWING)
    if any(config.getoption(f"smote_{name}") is not None for name in names):
        _setup(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of every cell of the experiment from a function that asks for `smote_case`."""
    if "smote_case" not in metafunc.fixturenames:
        return
    from smote_bench.threads import pin_environment

    pin_environment()
    tasks = _setup(metafunc.config).experiment.tasks
    metafunc.parametrize("smote_case", list(tasks.values()), ids=list(tasks), indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let hypothesis go where nobody used it: its closing hook alone would import it."""
    if _setup_key in session.config.stash and "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")


@pytest.fixture(scope="session")
def smote_runner(pytestconfig: pytest.Config) -> Any:
    """Return the session's `smote_bench.runner.CellRunner`, one per process."""
    runner = _setup(pytestconfig).runner()
    yield runner
    runner.close()


@pytest.fixture
def smote_case(request: pytest.FixtureRequest, smote_runner: CellRunner) -> SmoteCase:
    """Return one cell of the experiment, ready to be evaluated; the test is repeated for every cell."""
    return SmoteCase(request.param, smote_runner, request.node)


@pytest.fixture(scope="session")
def smote_dataset(smote_runner: CellRunner) -> Callable[[str], Dataset]:
    """Return a function that gives a data set of the experiment by name; each is read once per process."""
    return smote_runner.folds.dataset


@pytest.fixture(scope="session")
def smote_splits(smote_runner: CellRunner) -> Callable[[str], list[Split]]:
    """Return a function that gives the splits of a data set of the experiment under its protocol."""
    return smote_runner.folds.splits


class SmoteCase:
    """One cell as a test sees it.

    Attributes
    ----------
    task : Task
    """

    def __init__(self, task: Task, runner: CellRunner, item: pytest.Item) -> None:
        self.task = task
        self._runner = runner
        self._item = item

    def evaluate(self) -> None:
        """Evaluate the cell and record its deltas against `Original` and its seconds on the test's report.

        Fails the test when the cell errs or runs out of time; skips it when something it needs is not here.
        """
        result = self._runner.run(self.task)
        outcome = result.outcome
        record = self._item.user_properties.append
        record(("smote_cell", self.task.id))
        record(("smote_status", outcome.status))
        if outcome.reason:
            record(("smote_reason", outcome.reason))
        if result.from_memo:
            record(("smote_from_memo", True))
        for part in ("resample", "fit", "predict"):
            record((f"{part}_seconds", _readable(outcome.seconds(part))))
        for (phase, metric), delta in result.deltas.items():
            record((f"delta_{phase}_{metric}", _readable(delta)))
        if outcome.status == "unavailable":
            pytest.skip(outcome.reason)
        if outcome.status in ("error", "timeout"):
            trace = f"\n\n{outcome.traceback}" if outcome.traceback else ""
            pytest.fail(f"{self.task.id}: {outcome.status}: {outcome.reason}{trace}", pytrace=False)


def _readable(value: float) -> float:
    """Round a number for people, who read it in JUnit's XML; the tables have every digit."""
    return float(f"{value:.5g}")


class _XdistHooks:
    """What the controller of pytest-xdist needs; not registered where that is not installed."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where this run writes."""
        run_dir = node.config.stash[_session_key].run_dir_for_workers()
        if run_dir is not None:
            node.workerinput["smote_run_dir"] = run_dir

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Any) -> None:
        """Learn from the first worker which cells were selected, whatever the distribution."""
        node.config.stash[_session_key].select(list(ids))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep cells that share resampled rows together, unless another distribution was named."""
        if config.getoption("dist") != "load":
            return None
        from smote_bench.scheduling import CellScheduling

        return CellScheduling(config, log, config.stash[_session_key].plan)


def _setup(config: pytest.Config) -> Setup:
    """Read options and experiment, once per process; what is wrong with them is a `UsageError`."""
    if _setup_key not in config.stash:
        from smote_bench.errors import ConfigError
        from smote_bench.session import Setup

        try:
            config.stash[_setup_key] = Setup.from_config(config)
        except ConfigError as error:
            raise pytest.UsageError(str(error)) from error
    return config.stash[_setup_key]
