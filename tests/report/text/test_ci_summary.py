"""The summary in CI: in the run's folder, in GitHub's step summary, and never in the way of the run."""

from __future__ import annotations

import dataclasses
import re

import pytest
from made_up import made_up_run

from smote_bench.report.analysis.answer import answer
from smote_bench.report.text.ci_summary import append_to_step_summary, build_ci_summary, write_ci_summary
from smote_bench.runs.open import open_run

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    failed = {("Ecoli", "SMOTE", "RandomForest"): "error", ("Ecoli", "SMOTE", "LogisticRegression"): "error"}
    out = tmp_path_factory.mktemp("run")
    return open_run(made_up_run(out, datasets=2, methods=3, classifiers=2, statuses=failed, name="a|b"))


def test_has_the_answer_the_ranking_the_failures_and_where_the_report_is(run):
    text = build_ci_summary(run)
    said = answer(run)
    for sentence in [*said.sentences, *said.caveats]:
        assert sentence in text.replace("\\", "")
    assert text.startswith("## smote-bench: a\\|b\n")
    for method in run.methods:
        assert f"| {method} | " in text
    row = re.search(r"\| 2 \| error \| ValueError: made up\S* .*\|", text)
    assert row is not None
    assert row[0].endswith("| Ecoli-SMOTE-RandomForest, Ecoli-SMOTE-LogisticRegression |")
    assert f"`{run.folder / 'report.html'}`" in text
    assert "12 cells asked for: 12 done (0 from the memo, 2 failed)" in text.replace("\\", "")


def test_appends_to_the_step_summary_and_writes_its_own_file(run, tmp_path):
    step = tmp_path / "step.md"
    step.write_text("before\n")
    path = write_ci_summary(run, {"GITHUB_STEP_SUMMARY": str(step)})
    assert path == run.folder / "summary.md"
    assert path.read_text() == build_ci_summary(run)
    assert step.read_text() == "before\n" + path.read_text()


def test_writes_its_own_file_where_there_is_no_step_summary(run):
    assert write_ci_summary(run, {}).read_text() == build_ci_summary(run)


def test_is_cut_at_a_line_to_stay_within_githubs_limit(tmp_path):
    step = tmp_path / "step.md"
    step.write_bytes(b"x" * (MIB // 2))
    append_to_step_summary("äöü line\n" * 100_000, {"GITHUB_STEP_SUMMARY": str(step)})
    assert MIB - 200 < step.stat().st_size <= MIB
    text = step.read_text(encoding="utf-8")
    assert text.endswith("the whole is in `summary.md` of the run.*\n")
    assert text[MIB // 2 :].split("\n\n")[0].removesuffix("\n").endswith("äöü line")


def test_a_full_step_summary_is_left_alone_with_a_warning(tmp_path):
    step = tmp_path / "step.md"
    step.write_bytes(b"x" * MIB)
    with pytest.warns(UserWarning, match="no room is left in the file that GITHUB_STEP_SUMMARY names"):
        append_to_step_summary("more\n", {"GITHUB_STEP_SUMMARY": str(step)})
    assert step.stat().st_size == MIB


def test_a_step_summary_that_cannot_be_written_is_a_warning(tmp_path):
    with pytest.warns(UserWarning, match="expected to append the run's summary.*GITHUB_STEP_SUMMARY"):
        assert append_to_step_summary("text\n", {"GITHUB_STEP_SUMMARY": str(tmp_path)}) is None


def test_cells_of_a_hundred_reasons_are_counted(tmp_path, run):

    outcomes = [
        dataclasses.replace(o, status="error", reason=f"reason {n * 'x'}.")
        for n, o in enumerate(run.outcomes * 9)
    ]
    text = build_ci_summary(dataclasses.replace(run, outcomes=tuple(outcomes)))
    assert f"{len(outcomes) - 20} more reasons: see `tables/not_ok.csv`." in text
