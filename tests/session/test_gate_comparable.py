"""What makes a session's run incomparable with its baseline: its own exit code, and never a pass."""

from __future__ import annotations

import pytest

from tests.session.conftest import COMPARE, verdict_of, with_workers_once

NOT_COMPARABLE = 4
SETTINGS = {"random_state": "7", "test_size": "0.3", "cv_folds": "2"}


def test_another_table_is_not_comparable(gated, workers):
    gated.easy_table("one", seed=3)
    run = gated.run(*workers, *COMPARE, "-k", "Original and Nearest")
    assert run.code == NOT_COMPARABLE, run.text
    verdict = verdict_of(run)
    assert verdict.result == "not comparable"
    assert verdict.problems("data").keys() == {"one"}
    assert "metric gate: NOT COMPARABLE" in run.text
    assert "restore the table" in run.text


@with_workers_once("setting", *SETTINGS)
def test_another_protocol_is_not_comparable(gated, workers, setting):
    gated.swap("experiment.yaml", "  cv_folds: 3\n", "  cv_folds: 3\n  random_state: 42\n  test_size: 0.2\n")
    before = {"random_state": "42", "test_size": "0.2", "cv_folds": "3"}[setting]
    gated.swap("experiment.yaml", f"{setting}: {before}", f"{setting}: {SETTINGS[setting]}")
    run = gated.run(*workers, *COMPARE, "-k", "one-Original-Nearest")
    assert run.code == NOT_COMPARABLE, run.text
    reason = verdict_of(run).problems("protocol")[setting]
    assert f"expected {setting} {before}" in reason
    assert f"got {SETTINGS[setting]}" in reason


def test_other_test_rows_are_not_comparable_though_data_and_protocol_agree(gated, workers):
    gated.save_with(splits=lambda splits: {**splits, ("two", 0, 1): "0" * 16})
    run = gated.run(*workers, *COMPARE, "-k", "Original")
    assert run.code == NOT_COMPARABLE, run.text
    assert "fold 1 of split 0" in verdict_of(run).problems("splits")["two"]


def test_no_common_case_is_not_comparable(gated, workers):
    gated.swap("experiment.yaml", "{DecisionTree: , Nearest: {", "{Renamed: {")
    run = gated.run(*workers, *COMPARE, "-k", "Original")
    assert run.code == NOT_COMPARABLE, run.text
    assert verdict_of(run).problems("cases")


def test_a_session_without_any_cell_is_not_comparable(gated, workers):
    run = gated.run(*workers, *COMPARE, "-k", "no-such-cell")
    assert run.code == NOT_COMPARABLE, run.text
    assert "metric gate: not comparable: no cell was run" in run.text


def test_a_session_without_any_cell_is_let_be_when_only_the_ini_file_names_a_baseline(gated):
    run = gated.run("-o", "smote_compare=main", "-k", "no-such-cell")
    assert run.code == pytest.ExitCode.NO_TESTS_COLLECTED, run.text
    assert "metric gate" not in run.text


@pytest.mark.parametrize("mode", ["off", "warn"])
def test_a_session_without_any_cell_keeps_its_exit_code_when_the_gate_does_not_fail(gated, mode):
    run = gated.run(*COMPARE, f"--smote-gate={mode}", "-k", "no-such-cell")
    assert run.code == pytest.ExitCode.NO_TESTS_COLLECTED, run.text
    assert ("no cell was run" in run.text) == (mode == "warn")


def test_collecting_only_is_no_comparison(gated):
    run = gated.run(*COMPARE, "--collect-only", "-q")
    assert run.code == 0, run.text
    assert "metric gate" not in run.text


def test_a_run_that_is_not_comparable_only_warns_where_it_is_to_warn(gated):
    gated.easy_table("one", seed=3)
    run = gated.run(*COMPARE, "--smote-gate=warn", "-k", "Original and Nearest")
    assert run.code == 0, run.text
    assert "metric gate: NOT COMPARABLE (only warns)" in run.text
