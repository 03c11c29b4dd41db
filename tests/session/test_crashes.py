"""Whatever crashes after the cells were computed, the verdict is there: written, shown, in the exit code."""

from __future__ import annotations

import errno
import importlib
import re
from types import SimpleNamespace

import pytest

from smote_bench.cli import main
from smote_bench.errors import DiskError, SmoteBenchError
from smote_bench.runs import tidy_tables
from smote_bench.runs.asked import finishing_command
from smote_bench.session.options import words_of_command
from tests.session.conftest import COMPARE, verdict_of

REPORT = ("-o", "smote_report=true", "--smote-tsne=off")
CRASHED = 3
"""pytest's exit code for an internal error: of a session in which nothing else went wrong."""


def crash(monkeypatch, target):
    """Have a function raise what nobody expects."""

    def raises(*args, **kwargs):
        raise ZeroDivisionError("broken on purpose")

    # By import and not by attribute: a session before this one may have left an attribute of a module that
    # is imported anew.
    module, _, name = target.rpartition(".")
    monkeypatch.setattr(importlib.import_module(module), name, raises)


@pytest.fixture(autouse=True)
def short_reports(monkeypatch):
    """Make tables and page alone: figures take longer than all the rest of a session."""
    from smote_bench.report import build

    parts = {name: make for name, make in build._PARTS.items() if name in ("tables", "page")}
    monkeypatch.setattr(build, "_PARTS", parts)


def assert_shown(run, what):
    assert f"smote-bench: {what} crashed" in run.text
    assert "Traceback (most recent call last)" in run.text
    assert "ZeroDivisionError: broken on purpose" in run.text


@pytest.mark.parametrize(
    ("defect", "result", "code", "workers"),
    [
        ("flipped", "fail", 1, ()),
        ("flipped", "fail", 1, ("-n2",)),
        ("none", "pass", CRASHED, ()),
    ],
)
def test_a_page_that_crashes_takes_no_verdict_with_it(gated, monkeypatch, workers, defect, result, code):
    gated.defect("Plain", defect)
    crash(monkeypatch, "smote_bench.report.page.page.write_page")
    run = gated.run(*workers, *COMPARE, *REPORT)
    assert run.code == code, run.text
    assert verdict_of(run).result == result
    assert f"metric gate: {'PASS' if result == 'pass' else 'FAIL'}" in run.text
    assert_shown(run, "page")
    assert (run.folder / "tables" / "summary.md").is_file(), "the other parts are made"


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("smote_bench.report.build.report_key", "report"),
        ("smote_bench.runs.tables_folder.summarise", "summary"),
        ("smote_bench.runs.tidy_tables.cell_rows", "cells"),
        ("smote_bench.runs.files.point_latest_to", "places"),
    ],
)
def test_whatever_else_crashes_the_verdict_is_there(gated, monkeypatch, target, what):
    gated.defect("Plain", "flipped")
    with monkeypatch.context() as patch:
        crash(patch, target)
        run = gated.run(*COMPARE, *REPORT)
    assert run.code == 1, run.text
    assert "metric gate: FAIL" in run.text
    assert_shown(run, what)
    (folder,) = [one for one in (run.out / "runs").iterdir() if f"{one}/" in run.text]
    assert '"fail"' in (folder / "gate.json").read_text()


def test_a_verdict_whose_files_cannot_be_written_is_said_and_in_the_exit_code(gated, monkeypatch):
    gated.defect("Plain", "flipped")
    crash(monkeypatch, "smote_bench.gating.verdicts.files.write_verdict")
    run = gated.run(*COMPARE)
    assert run.code == 1, run.text
    assert "metric gate: FAIL" in run.text
    assert_shown(run, "metric gate")


def test_a_gate_that_crashes_leaves_the_report_and_is_no_pass(gated, monkeypatch):
    crash(monkeypatch, "smote_bench.gating.judging.judge.judge")
    run = gated.run(*COMPARE, *REPORT)
    assert run.code == CRASHED, run.text
    assert_shown(run, "metric gate")
    assert (run.folder / "report.html").is_file()


def test_a_report_is_made_later_of_a_run_whose_report_crashed(gated, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        crash(patch, "smote_bench.report.build.write_report")
        run = gated.run(*REPORT)
    assert run.code == CRASHED, run.text
    assert main(["report", str(run.folder), "--tsne", "off", "--jobs", "1"]) == 0, capsys.readouterr().err
    assert (run.folder / "report.html").is_file()


@pytest.mark.fault(
    injected="the disk is full, or over its quota, when the report is written",
    seen="which parts are not there, where, and why; the others, tables and manifest are whole; exit code 3 "
    "in place of 0",
    lost="nothing: `smote-bench report` makes them",
)
def test_a_report_that_a_disk_does_not_take_is_in_the_exit_code(gated, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(importlib.import_module("smote_bench.report.page.page"), "write_page", full)
        run = gated.run(*COMPARE, *REPORT)
    assert run.code == CRASHED, run.text
    assert f"report: page could not be written to {run.folder}: [Errno 28] No space left" in run.text
    assert "Traceback" not in run.text
    assert "metric gate: PASS" in run.text
    assert not (run.folder / "report.html").exists()
    assert (run.folder / "tables" / "summary.md").is_file()


def test_a_table_that_a_disk_does_not_take_costs_the_report_no_more_than_that(gated, monkeypatch):
    real = tidy_tables.whole_file

    def full(path, *args):
        if path.name == "scores.csv":
            raise DiskError(f"expected to write to {str(path)!r}, but the disk is full", "the disk is full")
        return real(path, *args)

    with monkeypatch.context() as patch:
        patch.setattr(tidy_tables, "whole_file", full)
        run = gated.run(*COMPARE, *REPORT)
    assert run.code == CRASHED, run.text
    assert "report crashed" not in run.text
    assert "Traceback" not in run.text
    (page,) = gated.path.glob("**/report.html")
    assert (page.parent / "cells.csv").is_file()
    assert not (page.parent / "scores.csv").exists()
    assert main(["report", str(page.parent), "--tsne", "off", "--jobs", "1"]) == 0
    assert (page.parent / "scores.parquet").is_file()


@pytest.mark.parametrize("workers", [(), ("-n1",), ("-n1", "--dist=load")], ids=" ".join)
@pytest.mark.parametrize("option", ["--setup-only", "--setup-plan", "--collect-only"])
def test_a_session_that_calls_no_test_makes_no_run(gated, option, workers):
    out = gated.path / "nothing"
    run = gated.run(option, *workers, "--smote-out", str(out))
    assert run.code == 0, run.text
    assert "This run was cut" not in run.text
    assert not list(out.glob("runs/*/cells.sqlite"))


def test_words_of_the_environment_are_part_of_the_command_that_goes_on(monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x --smote-experiment 'my grid.yaml'")
    config = SimpleNamespace(invocation_params=SimpleNamespace(args=("benchmarks", "-n2")))
    words = words_of_command(config)
    assert words == ["-x", "--smote-experiment", "my grid.yaml", "benchmarks", "-n2"]
    assert finishing_command(words) == "pytest --smote-experiment 'my grid.yaml' benchmarks -n2"


def test_an_error_of_ours_is_shown_without_its_traceback(gated, monkeypatch):
    def raises(*args, **kwargs):
        raise SmoteBenchError("expected room, got none: make some")

    monkeypatch.setattr("smote_bench.runs.tidy_tables.cell_rows", raises)
    run = gated.run()
    assert run.code == CRASHED, run.text
    assert "smote-bench: cells\n" in re.sub(" ?=+ ?", "", run.text)
    assert "expected room, got none: make some" in run.text
    assert "Traceback" not in run.text
