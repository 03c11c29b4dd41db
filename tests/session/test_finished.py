"""A finished run is handed on: to trackers, then to hooks; neither can fail it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Bench, skip_without
from tests.report.trackers.conftest import _TRACKER, EXPERIMENT, content, sent_to_toy, without

ALL = ["one-Original-DecisionTree", "one-Jitter-DecisionTree"]
WELL = EXPERIMENT.replace('  Broken: "samplers:Broken"\n', "")
HOOK = """
from pathlib import Path

def pytest_smote_run_finished(config, run):
    (Path(__file__).parent / "told.txt").write_text(f"{run.folder.name} {len(run.cells)} {len(run.scores)}")
"""


@pytest.fixture
def small(bench: Bench) -> Bench:
    bench.table("one", 1, rows=60)
    bench.experiment(WELL)
    (bench.path / "toys.py").write_text(_TRACKER, encoding="utf-8")
    return bench


def test_a_run_is_sent_when_its_files_are_written_and_with_workers_too(small: Bench) -> None:
    run = small.run("--smote-tracker", "toys:Toy", "-n", "2")
    assert run.code == 0, run.text
    assert f"toys:Toy: toy takes {run.folder.name}" in run.text
    assert sent_to_toy(small.path) == ALL


def test_a_tracker_that_fails_half_way_leaves_a_green_run_with_a_warning(small: Bench) -> None:
    plain = small.run(out="plain")
    run = small.run("--smote-tracker", "toys:Toy", TOY="crashes")
    assert run.code == 0, run.text
    assert "not sent to toys:Toy: ZeroDivisionError: toys break" in run.text
    assert f"smote-bench track {run.folder} --to toys:Toy" in run.text
    assert run.scores == plain.scores
    assert sent_to_toy(small.path) == ALL[:1]


def test_a_failed_cell_stays_a_failed_run_and_is_sent(small: Bench) -> None:
    small.experiment(EXPERIMENT)
    run = small.run("--smote-tracker", "toys:Toy")
    assert run.code == 1, run.text
    assert sent_to_toy(small.path) == [*ALL, "one-Broken-DecisionTree"]


def test_options_come_before_the_ini_file_and_this_before_the_experiment(small: Bench) -> None:
    small.experiment("trackers: [toys:Toy]\n" + WELL)
    assert "toys:Toy: toy takes" in small.run("--smote-memo", "off").text
    assert "toy takes" not in small.run("--smote-tracker", "off").text
    # the ini file names what cannot be loaded, so that it is seen to come first
    broken = small.run("-o", "smote_tracker=toys:Other")
    assert broken.code == 4
    assert "smote_tracker: 'toys' has no 'Other'" in broken.text
    small.experiment("trackers: [mlfow]\n" + WELL)
    assert "experiment.yaml: trackers: expected the name of a tracker" in small.run().text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "mlfow",
            "expected the name of a tracker or 'package.module:Class', got 'mlfow'. Did you mean 'mlflow'?",
        ),
        ("off,mlflow", "--smote-tracker: expected off alone, got off, mlflow"),
        ("toys:Nothing", "--smote-tracker: 'toys' has no 'Nothing'"),
    ],
)
def test_a_wrong_tracker_is_an_error_before_the_first_cell(small: Bench, name: str, said: str) -> None:
    run = small.run("--smote-tracker", name)
    assert run.code == 4
    assert said in run.text
    assert run.log == []


@pytest.mark.parametrize("package", ["clearml", "mlflow"])
def test_without_the_extra_a_run_says_how_to_install_it_before_the_first_cell(
    small: Bench, package: str
) -> None:
    without(package, small.path)
    run = small.run("--smote-tracker", package)
    assert run.code == 4
    assert f"pip install 'smote-bench[{package}]'" in run.text
    assert run.log == []


def test_a_hook_is_told_once_of_the_finished_run(small: Bench) -> None:
    (small.path / "hooks.py").write_text(HOOK)
    run = small.run("-p", "hooks", "-n", "2")
    assert run.code == 0, run.text
    n_scores = len((run.folder / "scores.csv").read_text().splitlines()) - 1
    assert (small.path / "told.txt").read_text() == f"{run.folder.name} 2 {n_scores}"


def test_a_hook_that_raises_is_a_warning(small: Bench) -> None:
    (small.path / "hooks.py").write_text(
        "def pytest_smote_run_finished(config, run):\n    raise KeyError('oh')\n"
    )
    run = small.run("-p", "hooks")
    assert run.code == 0, run.text
    assert "a hook pytest_smote_run_finished raised KeyError: 'oh'" in run.text
    assert set(content(run.folder))


def test_a_run_that_was_cut_is_not_sent_and_says_how_to_send_it(small: Bench) -> None:
    small.experiment(WELL.replace("[DecisionTree]", "[DecisionTree, kNN]"))
    (small.path / "hooks.py").write_text(
        HOOK + "\ndef pytest_runtest_logreport(report):\n"
        "    if report.when == 'call' and 'Jitter-DecisionTree' in report.nodeid:\n"
        "        raise KeyboardInterrupt\n"
    )
    run = small.run("-p", "hooks", "--smote-tracker", "toys:Toy")
    assert run.code == 2, run.text
    assert "not sent to toys:Toy: the run is not whole" in run.text
    assert sent_to_toy(small.path) == []
    assert not (small.path / "told.txt").exists()


def test_a_run_without_trackers_imports_none_of_them(small: Bench) -> None:
    (small.path / "hooks.py").write_text(
        "import sys\n"
        "def pytest_unconfigure(config):\n"
        "    names = {name.partition('.')[0] for name in sys.modules}\n"
        "    print('IMPORTED', sorted(names & {'clearml', 'mlflow'}),\n"
        "          [name for name in sys.modules if name.startswith('smote_bench.report.trackers')])\n"
    )
    run = small.run("-p", "hooks", "-s")
    assert run.code == 0, run.text
    assert "IMPORTED [] []" in run.text


def test_the_shipped_trackers_are_loaded_in_their_process_only(small: Bench, tmp_path: Path) -> None:
    skip_without("mlflow")
    (small.path / "hooks.py").write_text(
        "import sys\n"
        "def pytest_unconfigure(config):\n"
        "    names = {name.partition('.')[0] for name in sys.modules}\n"
        "    print('IMPORTED', sorted(names & {'clearml', 'mlflow'}))\n"
    )
    run = small.run(
        "-p", "hooks", "-s", "--smote-tracker", "mlflow", MLFLOW_TRACKING_URI=f"sqlite:///{tmp_path}/m.db"
    )
    assert run.code == 0, run.text
    assert "IMPORTED []" in run.text
