"""The page's statistics: both treatments of failures, each classifier, and why a test was refused."""

from __future__ import annotations

from pathlib import Path

from made_up import made_up_run
from report.page.chunks import chunks

from smote_bench.report.page.page import build_page
from smote_bench.runs.open import Run, open_run


def test_two_versions_of_the_tests_are_shown_where_a_cell_failed(run: Run, tmp_path: Path) -> None:
    title = "Failed cells imputed with the worst rank"
    assert title not in build_page(run)
    statuses = {("Ecoli", "SMOTE", name): "error" for name in ("RandomForest", "LogisticRegression")}
    page = build_page(open_run(made_up_run(tmp_path, datasets=6, statuses=statuses)))
    assert title in page
    html = chunks(page)["main"]["html"]
    assert "n = 5 data sets" in html["tests/balanced_accuracy/mean of all/complete"]
    assert "n = 6 data sets" in html["tests/balanced_accuracy/mean of all/worst"]
    assert "1 failed" in html["tests/balanced_accuracy/mean of all/worst"]


def test_tests_are_there_for_each_classifier_too(run: Run, tmp_path: Path) -> None:
    html = chunks(build_page(run))["main"]["html"]
    shown = {
        scope: html[f"tests/balanced_accuracy/{scope}/complete"]
        for scope in ("mean of all", *run.classifiers)
    }
    assert len(set(shown.values())) == 1 + len(run.classifiers)
    alone = open_run(made_up_run(tmp_path, datasets=6, classifiers=1))
    keys = chunks(build_page(alone))["main"]["html"]
    assert not any(key.startswith("tests/balanced_accuracy/RandomForest") for key in keys)


def test_refused_tests_say_why_in_place_of_the_figure(tmp_path: Path) -> None:
    page = build_page(open_run(made_up_run(tmp_path, datasets=3)))
    figures = chunks(page)["main"]["figures"]
    for kind in ("ranks", "bayes"):
        assert "at least 5 needed" in figures[f"{kind}/balanced_accuracy/mean of all/complete"]["message"]
