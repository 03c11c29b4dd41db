"""A session saves a baseline once, goes on where it was killed, and replaces it for a reason only."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from tests.conftest import Run
from tests.session.conftest import SAVE, SPLITS, GateBench, copy_of, verdict_of

FITS = 2 * 2 * (3 + 1)
"""Splits x seeds x (folds and the final evaluation)."""

NARROW = ("-k", "one- and Nearest and not Third and not Fourth")


def header(bench: GateBench, name: str = "main") -> dict:
    return json.loads(bench.baseline.with_name(f"{name}.json").read_text())


@pytest.fixture
def fresh(gated):
    """A bench that has neither a baseline nor known outcomes."""
    shutil.rmtree(gated.path / "out")
    return gated


def test_a_reason_replaces_a_baseline_and_the_old_reason_is_kept(gated):
    for reason in ("the first refresh", "the second refresh"):
        run = gated.run(*SAVE, *NARROW, "--smote-accept-reason", reason)
        assert run.code == 0, run.text
    saved = header(gated)
    assert saved["reason"] == "the second refresh"
    assert [entry["reason"] for entry in saved["history"]] == ["", "the first refresh"]
    assert saved["cases"] == 3


def test_a_blank_reason_replaces_nothing(gated):
    run = gated.run(*SAVE, "--smote-accept-reason", " ")
    assert run.code == pytest.ExitCode.USAGE_ERROR, run.text
    assert header(gated)["history"] == []


def test_a_damaged_header_is_refused_before_its_replacement_is_computed(gated):
    gated.baseline.write_text("{")
    run = gated.run(*SAVE, "--smote-accept-reason", "ties")
    assert run.code == pytest.ExitCode.USAGE_ERROR, run.text
    assert not run.log


def test_saving_computes_every_split_with_every_seed_once(fresh, workers):
    run = fresh.run(*workers, *SAVE, *NARROW)
    assert run.code == 0, run.text
    assert header(fresh)["n_splits"] == header(fresh)["n_seeds"] == 2
    for method in ("Plain", "Other"):
        assert sum(run.count(method).values()) == FITS
    again = fresh.run(*workers, *SAVE, *NARROW, "--smote-accept-reason", "the same again")
    assert again.code == 0, again.text
    assert not again.log, "all of it was known"


def test_saving_goes_on_where_it_was_killed(fresh, workers):
    passed = fresh.run_and_kill(*workers, *SAVE, *NARROW, after=2)
    before = (fresh.path / "log.txt").read_text().splitlines()
    run = fresh.run(*workers, *SAVE, *NARROW)
    assert run.code == 0, run.text
    assert header(fresh)["cases"] == 3
    # a (data set, method) in flight when it was killed may be begun again; what had passed is not
    finished = [method for method in ("Plain", "Other") if any(f"-{method}-" in line for line in passed)]
    assert finished
    for method in finished:
        assert not run.count(method)
    n_calls = sum(line.startswith(("Plain", "Other")) for line in [*before, *run.log])
    assert 2 * FITS <= n_calls < 3 * FITS


def test_a_baseline_of_cells_that_failed_names_them(fresh):
    fresh.defect("Plain", "error")
    run = fresh.run(*SAVE, *NARROW)
    assert run.code == pytest.ExitCode.TESTS_FAILED
    assert [row["status"] for row in header(fresh)["statuses"]] == ["error"]


def test_nothing_is_saved_where_no_cell_was_scored(fresh):
    fresh.defect("Plain", "error")
    run = fresh.run(*SAVE, "-k", "one-Plain-Nearest")
    assert run.code == pytest.ExitCode.TESTS_FAILED
    assert "baseline 'main': not saved: expected at least one scored cell" in run.text
    assert "INTERNALERROR" not in run.text


def test_a_run_is_compared_and_saved_in_one_session(gated):
    run = gated.run("--smote-compare=main", "--smote-save", "next", *SPLITS, *NARROW)
    assert run.code == 0, run.text
    assert verdict_of(run).result == "pass"
    assert header(gated, "next")["cases"] == 3


def test_the_commands_save_accept_and_gate_from_end_to_end(saved_folder, tmp_path):
    bench = copy_of(saved_folder, tmp_path / "bench", GateBench)

    def smote_bench(*words: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "smote_bench", *words],
            cwd=bench.path,
            env=bench.environment(),
            text=True,
            timeout=300,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return Run(done.returncode, done.stdout, bench.path / "out")

    common = ("--reports", "out")
    options = ("-p", "no:cacheprovider", "-k", "one-Original-Nearest", "--smote-no-report")
    saved = smote_bench(
        "baseline", "save", "new", "experiment.yaml", "--splits", "1", "--seeds", "2", *common, *options
    )
    assert saved.code == 0, saved.text
    assert header(bench, "new")["n_seeds"] == 2
    taken = smote_bench("baseline", "save", "new", "experiment.yaml", *common)
    assert taken.code == 2, taken.text
    accepted = smote_bench("baseline", "accept", "new", "--reason", "for a test", *common)
    assert accepted.code == 0, accepted.text
    assert header(bench, "new")["reason"] == "for a test"
    assert [entry["reason"] for entry in header(bench, "new")["history"]] == [""]
    judged = smote_bench("gate", "latest", "new", *common)
    assert judged.code == 0, judged.text
    assert "metric gate: PASS  1 case: 1 identical" in judged.text
