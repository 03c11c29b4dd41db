"""A part of the experiment is judged as a part; a session that was stopped is not judged at all."""

from __future__ import annotations

import pytest

from tests.session.conftest import COMPARE, N_CASES, SAVE, verdict_of, with_workers_once

STOPPING = """
import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if "Third" in item.name:
        raise KeyboardInterrupt
    return result
"""


def test_what_k_leaves_out_is_named_and_not_missing(gated, workers):
    run = gated.run(*workers, *COMPARE, "-k", "one-Plain or one-Other")
    assert run.code == 0, run.text
    verdict = verdict_of(run).plain
    # Original was computed for the deltas: it is judged though it was not selected
    assert verdict["n_cases"] == verdict["n_identical"] == 6
    assert len(verdict["not_selected"]) == N_CASES - 6
    assert "two-Plain-Nearest" in verdict["not_selected"]
    assert "not selected: 14 cases" in run.text


def test_what_narrowing_options_leave_out_is_named_and_not_missing(gated, workers):
    run = gated.run(
        *workers,
        *COMPARE,
        "--smote-methods",
        "Plain",
        "--smote-datasets",
        "two",
        "--smote-classifiers",
        "Nearest",
    )
    assert run.code == 0, run.text
    verdict = verdict_of(run).plain
    assert verdict["n_cases"] == verdict["n_identical"] == 2
    assert len(verdict["not_selected"]) == N_CASES - 2


def test_metrics_that_were_left_out_are_not_judged_and_not_missing(gated):
    run = gated.run(*COMPARE, "--smote-metrics", "balanced_accuracy,g_mean", "-k", "Nearest")
    assert run.code == 0, run.text
    assert verdict_of(run).plain["n_identical"] == 10
    assert "not judged" in run.text
    assert "roc_auc" in run.text


def test_a_case_that_the_experiment_lost_is_missing_though_a_part_was_selected(gated):
    gated.swap("experiment.yaml", '  Fourth: "fourth:Fourth"\n', "")
    run = gated.run(*COMPARE, "-k", "Plain")
    assert run.code == 1, run.text
    assert len(verdict_of(run).problems("missing case")) == 4


@with_workers_once("option", "-x", "--maxfail=1")
def test_a_session_that_stopped_at_a_failure_is_not_judged(gated, workers, option):
    gated.defect("Plain", "error")
    run = gated.run(*workers, *COMPARE, option)
    assert run.code in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED), run.text
    assert "metric gate: not judged" in run.text
    assert "PROBLEM missing" not in run.text
    assert not (run.folder / "gate.json").exists()


def test_x_does_not_matter_when_all_came_to_their_end(gated):
    run = gated.run(*COMPARE, "-x")
    assert run.code == 0, run.text
    assert verdict_of(run).result == "pass"


def test_an_interrupted_session_is_neither_judged_nor_saved(gated):
    (gated.path / "stopping.py").write_text(STOPPING)
    run = gated.run(*COMPARE, *SAVE[2:], "--smote-save", "second", "-p", "stopping", "-k", "one- and Nearest")
    assert run.code == pytest.ExitCode.INTERRUPTED, run.text
    assert "metric gate: not judged, nothing saved" in run.text
    assert not (run.folder / "gate.json").exists()
    assert not (gated.path / "out" / "baselines" / "second.json").exists()


@pytest.mark.fault(
    injected="a signal while the gate judges the run",
    seen="that nothing was judged, in red; the run is whole; exit code 2",
    lost="nothing: `smote-bench gate` judges it",
)
def test_a_gate_that_is_interrupted_says_that_nothing_was_judged(gated, monkeypatch):
    def interrupted(*args, **named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("smote_bench.session.second_look.gate_run", interrupted)
        run = gated.run(*COMPARE, "-k", "one- and Nearest")
    assert "metric gate: not judged, nothing saved: it was interrupted" in run.text
    assert not (run.folder / "gate.json").exists()


def test_a_session_that_stopped_at_a_failure_saves_nothing(gated):
    gated.defect("Plain", "error")
    run = gated.run(*SAVE[2:], "--smote-save", "second", "-x", "-k", "one- and Nearest")
    assert run.code == pytest.ExitCode.TESTS_FAILED, run.text
    assert "nothing saved" in run.text
    assert not (gated.path / "out" / "baselines" / "second.json").exists()
