"""The page's statistics: both treatments of failures, each classifier, and why a test was refused."""

from __future__ import annotations

import json
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


def test_methods_have_their_library_in_tables_and_figures_alike(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=6)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["experiment"]["methods"] = {"SMOTE": {"steps": [{"target": "imblearn.over_sampling:SMOTE"}]}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    run = open_run(folder)
    assert run.labels["SMOTE"] == "SMOTE (imblearn)"
    main = chunks(build_page(run))["main"]
    key = "balanced_accuracy/mean of all/complete"
    assert "SMOTE (imblearn)</th>" in main["html"][f"tests/{key}"]
    names = {
        name: json.dumps([main["traces"][place] for place in main["figures"][name]["traces"]])
        for name in (f"ranks/{key}", f"bayes/{key}", "deltas/balanced_accuracy", "seconds")
        if name in main["figures"]
    }
    assert len(names) >= 3
    assert all("SMOTE (imblearn)" in text for text in names.values()), names
