"""The pytest plugin: options, fixtures and hooks. Loading it imports pytest and the standard library only.

The work is elsewhere: `smote_bench.session.controller` keeps what a session knows,
`smote_bench.engines.cell_runner` runs cells, `smote_bench.session.xdist_hooks` has them given to workers.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smote_bench.session.case import SmoteCase
from smote_bench.session.options import add_options, are_given, only_looks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from smote_bench.data.dataset import Dataset
    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.evaluation.splits import FoldRows
    from smote_bench.session.controller import SmoteSession
    from smote_bench.session.setup import Setup

__all__ = ["SmoteCase"]

_setup_key: pytest.StashKey[Setup] = pytest.StashKey()
_session_key: pytest.StashKey[SmoteSession] = pytest.StashKey()
_until_collected_key: pytest.StashKey[contextlib.ExitStack] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options."""
    add_options(parser)


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
        if config.pluginmanager.hasplugin("xdist"):
            from smote_bench.session.xdist_hooks import XdistHooks

            config.pluginmanager.register(XdistHooks(session), "smote_bench.xdist")
    else:
        from smote_bench.environment.stopping import take_interrupts

        take_interrupts()
    if are_given(config):
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
    if only_looks(pytestconfig):  # no run
        for path in Path(runner.settings.run_dir).glob("cells.sqlite*"):
            path.unlink(missing_ok=True)


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
