"""A run's report: after a run, later, copied, and when a part of it fails.

Also of: reuse.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from made_up import made_up_run

from smote_bench import cli
from smote_bench.evaluation.outcome import Outcome
from smote_bench.report import build
from smote_bench.report.build import ReportSettings, write_report
from smote_bench.runs.store import Store

EXPERIMENT = """
name: tiny
methods: [SMOTE, class_weight]
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
selected_classifiers: [LogisticRegression]
cv_folds: 2
"""
WITH_REPORT = ("-o", "smote_report=true")


@pytest.fixture
def tiny(bench: Any) -> Any:
    bench.table("one", seed=1)
    bench.experiment(EXPERIMENT)
    return bench


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_a_run_leaves_a_report(tiny: Any, workers: tuple[str, ...]) -> None:
    run = tiny.run(*WITH_REPORT, *workers)
    assert run.code == 0, run.text
    assert f"report: {run.folder / 'report.html'}" in run.text
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "LogisticRegression" in page
    assert not (run.folder / "figures").exists()  # a tenth of a second of work pays for none
    what = "left out, as it takes long: t-SNE of 2 pairs of data set and method"
    assert what in run.text
    assert f"figures/, which the page shows. smote-bench report {run.folder} makes it" in run.text
    assert {path.suffix for path in (run.folder / "tables").iterdir()} == {".csv", ".md", ".tex"}
    assert (run.folder / "summary.md").read_text(encoding="utf-8").startswith("#")
    assert not (run.folder / build.ERRORS).exists()


@pytest.mark.parametrize("option", [("--smote-no-report",), ("-o", "smote_report=false")])
def test_a_report_can_be_switched_off_and_made_later(
    tiny: Any, option: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    run = tiny.run(*WITH_REPORT, *option)
    assert run.code == 0
    assert not (run.folder / "report.html").exists()
    (tiny.path / "one.csv").unlink()  # neither data nor samplers are needed
    (tiny.path / "samplers.py").unlink()
    assert cli.main(["report", str(run.out / "latest"), "--jobs", "1"]) == 0
    assert capsys.readouterr().out.startswith(f"report: {run.folder / 'report.html'}")
    assert (run.folder / "report.html").exists()
    assert {path.suffix for path in (run.folder / "figures").iterdir()} == {".png", ".svg"}


def test_the_report_of_a_small_run_does_not_import_what_draws_figures(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=40)
    script = (
        "import sys; from pathlib import Path; from smote_bench.report.build import *;"
        "report = write_report(Path(sys.argv[1]), ReportSettings(share=SHARE_AFTER_A_RUN));"
        "assert not report.failures, report.failures;"
        "print(sorted({'matplotlib', 'sklearn.manifold', 'seaborn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert (folder / "report.html").is_file()


@pytest.mark.parametrize(
    ("seconds", "drawn"),
    [(0, set()), (70, {"ranks", "seconds"}), (1000, {"ranks", "deltas", "curves"})],
    ids=["none", "over all", "all"],
)
def test_figures_are_drawn_as_far_as_a_share_of_the_runs_own_time_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, drawn: set[str]
) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=40)
    # Two cells with one share each; t-SNE was not asked for.
    monkeypatch.setattr(Outcome, "total_seconds", property(lambda _self: seconds / 2))
    report = write_report(folder, ReportSettings(tsne="off", share=0.1))
    figures = folder / "figures"
    kinds = (
        {path.name.split(".")[0].split("_")[0] for path in figures.iterdir()} if figures.exists() else set()
    )
    assert drawn <= kinds
    assert bool(kinds) == bool(drawn)
    assert ("deltas" in kinds) == ("curves" in kinds) == (seconds == 1000)
    assert len(report.lines) == (1 if seconds == 1000 else 2)


def test_a_run_answered_from_the_memo_copies_the_report(tiny: Any) -> None:
    first = tiny.run(*WITH_REPORT)
    old = first.folder
    second = tiny.run(*WITH_REPORT)
    assert second.folder != old
    assert f"(that of {old.name}: nothing in it has changed)" in second.text
    assert (second.folder / "report.html").read_bytes() == (old / "report.html").read_bytes()
    third = tiny.run(*WITH_REPORT, "--smote-methods", "SMOTE")
    assert "nothing in it has changed" not in third.text


def test_a_wrong_setting_for_t_sne_is_refused_before_anything_runs(tiny: Any) -> None:
    run = tiny.run("-o", "smote_tsne=maybe")
    assert run.code == 4
    assert "expected smote_tsne to be auto, on or off, got 'maybe'" in run.text


def test_what_fails_is_named_and_the_rest_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(job: object) -> None:
        raise RuntimeError("no ink")

    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=40)
    monkeypatch.setitem(build._PARTS, "figures", broken)
    assert cli.main(["report", str(folder), "--tsne", "off", "--jobs", "1"]) == 1
    assert "figures could not be made: RuntimeError: no ink" in capsys.readouterr().err
    assert "RuntimeError: no ink" in (folder / build.ERRORS).read_text()
    assert (folder / "report.html").exists()
    assert not (folder / "report.json").exists()  # nobody copies half a report
    monkeypatch.undo()
    assert not write_report(folder, ReportSettings(tsne="off")).failures
    assert not (folder / build.ERRORS).exists()


@pytest.mark.parametrize("damaged", [True, False])
def test_of_a_run_without_a_cell_nothing_is_made_and_that_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damaged: bool
) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, points=None, name="none")
    (folder / "cells.sqlite").write_bytes(b"")
    if not damaged:
        Store(folder / "cells.sqlite").close()
    (folder / "report.html").write_text("of before", encoding="utf-8")
    assert cli.main(["report", str(folder), "--tsne", "off"]) == 1
    said = capsys.readouterr().err
    assert ("is damaged (no such table: cells): 0 of 4 cells could be read" in said) == damaged
    assert "nothing was made, as " in said
    assert "Error" not in said
    assert (folder / "report.html").read_text(encoding="utf-8") == "of before"
    assert not (folder / "report-errors.txt").exists()


def test_a_damaged_second_run_is_named(tmp_path: Path) -> None:
    whole, hurt = (made_up_run(tmp_path, datasets=1, methods=2, points=None, name=n) for n in ("a", "b"))
    (hurt / "cells.sqlite").write_bytes(b"")
    made = write_report(whole, ReportSettings(tsne="off", against=hurt))
    assert [failure for failure in made.failures if "0 of 4 cells could be read" in failure]
    assert "a part of the base is lost" in (whole / "report.html").read_text(encoding="utf-8")


def test_only_a_complete_report_of_the_same_content_is_copied(tmp_path: Path) -> None:
    def make(name: str, **more: object) -> Path:
        return made_up_run(
            tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=40, name=name, **more
        )

    settings = ReportSettings(tsne="off", reuse=True)
    one, two = make("one"), tmp_path / "runs" / "one-two"
    write_report(one, settings)
    shutil.copytree(one, two, ignore=shutil.ignore_patterns("report*", "figures", "summary.md"))
    assert "that of one-one" in write_report(two, settings).lines[0]
    other = make("other", seed=1)
    assert "that of" not in write_report(other, settings).lines[0]
    memo = tmp_path / "memo.sqlite"
    store = Store(memo)
    store.put_extra("k", "tsne", b"", dataset="Ecoli")
    store.close()
    again = write_report(two, ReportSettings(tsne="off", reuse=True, memo=memo))
    assert "that of" not in again.lines[0]  # an embedding came since
    noted = json.loads((one / "report.json").read_text())
    (one / "report.json").write_text("{")  # a broken note is no note
    shutil.rmtree(two)
    shutil.copytree(one, two, ignore=shutil.ignore_patterns("report*", "figures", "summary.md"))
    assert "that of" not in write_report(two, settings).lines[0]
    assert json.loads((two / "report.json").read_text()) == noted


def test_a_run_that_ends_while_its_report_is_made_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=None)
    path = folder / "manifest.json"
    ended = path.read_text(encoding="utf-8")
    path.write_text(json.dumps({**json.loads(ended), "cut": "still running"}), encoding="utf-8")
    seen: list[str | None] = []

    def part(job: Any) -> None:
        seen.append(job.run.manifest["cut"])
        path.write_text(ended, encoding="utf-8")

    monkeypatch.setattr(build, "_PARTS", {"page": part})
    said: list[str] = []
    report = write_report(folder, ReportSettings(reuse=False), say=said.append)
    assert seen == ["still running", None]
    assert said == ["page", "again, as the run has ended since it was read", "page"]
    assert not report.failures
    assert (folder / "report.json").is_file()


def test_of_a_run_that_goes_on_while_its_report_is_made_no_later_run_copies_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=None)
    (folder / "report.json").write_text("{}", encoding="utf-8")
    path = folder / "manifest.json"
    numbers = itertools.count()

    def part(job: Any) -> None:
        changed = {**job.run.manifest, "finished": f"2026-01-01T00:00:{next(numbers):02d}+00:00"}
        path.write_text(json.dumps(changed), encoding="utf-8")

    monkeypatch.setattr(build, "_PARTS", {"page": part})
    report = write_report(folder, ReportSettings(reuse=False))
    assert "the run went on while its report was made: it is of the cells of before" in report.lines
    assert not (folder / "report.json").exists()


def test_left_out_embeddings_are_named_with_the_command_that_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smote_bench.report.analysis import embeddings

    monkeypatch.setattr(embeddings, "AUTO_POINTS", 10)
    monkeypatch.setattr(embeddings, "QUICK_SECONDS", 0.0)
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=40)
    report = write_report(folder)
    assert report.lines[1] == (
        "left out, as it takes long: t-SNE of 2 pairs of data set and method (100 points). "
        f"smote-bench report {folder} makes it"
    )
    assert len(write_report(folder, ReportSettings(tsne="off")).lines) == 1


def test_figures_of_single_methods_are_left_out_where_they_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=40)
    report = write_report(folder, ReportSettings(tsne="off", most_figures=2))
    what = "left out, as it takes long: figures/curves_* and figures/points_*, which the page shows"
    assert report.lines[1] == f"{what}. smote-bench report {folder} makes it"
    monkeypatch.setattr(build, "FIGURES_ON_DEMAND", 2)
    assert cli.main(["report", str(folder), "--tsne", "off", "--jobs", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        f"{what}. smote-bench report {folder} --figures all makes it"
    )
    drawn = {path.name.partition("_")[0] for path in (folder / "figures").iterdir()}
    assert {"ranks", "deltas", "confusion"} <= drawn
    assert not {"curves", "points"} & drawn
    command = ["report", str(folder), "--tsne", "off", "--jobs", "1", "--figures", "all"]
    assert cli.main(command) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    drawn = {path.name.partition("_")[0] for path in (folder / "figures").iterdir()}
    assert {"curves", "points"} <= drawn


def test_a_large_run_has_the_figures_over_all_data_sets_and_promises_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smote_bench.runs.large.MOST_PAIRS", 1)
    folder = made_up_run(tmp_path, datasets=2, methods=2, classifiers=1, folds=2, points=40)
    for settings in (ReportSettings(most_figures=2), ReportSettings()):
        report = write_report(folder, settings)
        assert report.lines == [f"report: {folder / 'report.html'}"]
        drawn = {path.name.partition("_")[0] for path in (folder / "figures").iterdir()}
        assert "seconds.png" in drawn
        assert not {"deltas", "confusion", "curves", "points"} & drawn
    shutil.rmtree(folder / "figures")
    report = write_report(folder, ReportSettings(share=0.1))
    assert report.lines[1].startswith("left out, as it takes long: figures/, which the page shows. ")
    assert report.lines[1].endswith(f"smote-bench report {folder} makes it")


@pytest.mark.fault(
    injected="two processes make the report of one run at once",
    seen="the second one says that it waits, and makes it after the first",
    lost="nothing",
)
def test_one_process_at_a_time_makes_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, rows=60, points=None)
    monkeypatch.setattr(build, "_PARTS", {"tables": build._PARTS["tables"], "page": build._PARTS["page"]})
    first = FileLock(folder / build._LOCK, is_singleton=False)
    first.acquire()
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if text.startswith("waiting for another process"):
            first.release()

    assert write_report(folder, ReportSettings(tsne="off"), say=say).failures == []
    assert said == ["waiting for another process, which makes this report", "tables", "page"]
    assert not (folder / build._LOCK).exists()
