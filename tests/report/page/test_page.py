"""The page of a run as text: complete, escaped, the same each time."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run
from report.hostile import NASTY, hostile_run

from smote_bench.report.analysis.answer import answer
from smote_bench.report.page.answer import answer_section
from smote_bench.report.page.page import SECTIONS, build_page, write_page
from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(made_up_run(tmp_path_factory.mktemp("run"), datasets=6))


def chunks(page: str) -> dict[str, dict]:
    """Return what a page carries compressed, plotly's script apart."""
    found = re.findall(r'id="chunk-((?:main|data-\d+))">([^<]*)<', page)
    return {name: json.loads(gzip.decompress(base64.b64decode(text))) for name, text in found}


def test_same_run_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    first = write_page(run, tmp_path / "a.html").read_bytes()
    assert write_page(open_run(run.folder), tmp_path / "b.html").read_bytes() == first


def test_page_has_every_section_with_a_heading_and_a_link_to_it(run: Run) -> None:
    page = build_page(run)
    names = [section.name for section in SECTIONS]
    assert re.findall(r'<section id="([^"]*)"><h2>', page) == names
    assert re.findall(r'<a href="#([^"]*)">', page.partition("</nav>")[0]) == names
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


def test_page_loads_nothing(run: Run) -> None:
    page = build_page(run)
    assert not re.findall(r'\s(?:src|srcset)="', page)
    assert set(re.findall(r'\shref="([^"#][^"]*)"', page)) == {"data:,"}
    assert "@import" not in page
    assert "url(" not in page


def test_answer_is_plain_html_outside_the_compressed_parts(run: Run) -> None:
    page = build_page(run)
    answer = page[page.index('id="answer"') : page.index('id="heat-map"')]
    for method in run.methods:
        assert f">{method}</th>" in answer
    assert "Caveats" in answer
    assert "±" in answer


def test_headline_names_what_was_done(run: Run) -> None:
    said = dataclasses.replace(answer(run), verdict="helps", subject="Resampling")
    assert "Resampling helps, compared with doing nothing" in answer_section(run, said)


def test_names_and_reasons_of_users_are_escaped_everywhere(tmp_path: Path) -> None:
    page = build_page(hostile_run(tmp_path))
    outside = re.sub(r'<script type="text/plain".*?</script>', "", page, flags=re.DOTALL)
    for nasty in NASTY[:3]:
        assert nasty not in outside
    for chunk in chunks(page).values():
        for piece in chunk["html"].values():
            assert not any(nasty in piece for nasty in NASTY[:3])
        texts = json.dumps([figure.get("layout") for figure in chunk["figures"].values()]) + json.dumps(
            chunk["traces"]
        )
        assert "<script" not in texts
        assert "<img" not in texts


def test_failed_cell_shows_status_and_reason_instead_of_a_figure(tmp_path: Path) -> None:
    failed = ("Ecoli", "SMOTE", "RandomForest")
    folder = made_up_run(tmp_path, datasets=2, methods=2, statuses={failed: "timeout"})
    data = chunks(build_page(open_run(folder)))["data-0"]
    assert "a made-up timeout" in data["figures"]["folds/SMOTE/RandomForest"]["message"]
    assert "a made-up timeout" in data["html"]["status/SMOTE/RandomForest"]
    assert "a made-up timeout" in data["html"]["gaps/SMOTE"]
    assert "traces" in data["figures"]["folds/SMOTE/LogisticRegression"]


def test_provenance_lists_everything_that_was_not_ok(tmp_path: Path) -> None:
    statuses = {("Ecoli", "SMOTE", "RandomForest"): "error", ("Haberman", "SMOTE", "RandomForest"): "noop"}
    page = build_page(open_run(made_up_run(tmp_path, datasets=2, methods=2, statuses=statuses)))
    table = page[page.index("Not ok: 2 of 8 cells") :]
    assert "ValueError: made up" in table
    assert "a made-up noop" in table


def test_tsne_is_drawn_where_it_is_given_and_named_where_it_is_not(run: Run) -> None:
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    given = {("Ecoli", "SMOTE"): np.zeros((len(points.group), 2), dtype=np.float32)}
    figures = chunks(build_page(run, embeddings=given))["data-0"]["figures"]
    assert "traces" in figures["tsne/SMOTE"]
    assert "smote-bench report RUN" in figures["tsne/Original"]["message"]


def test_tsne_of_other_points_is_refused(run: Run) -> None:
    given = {("Ecoli", "SMOTE"): np.zeros((3, 2), dtype=np.float32)}
    figures = chunks(build_page(run, embeddings=given))["data-0"]["figures"]
    assert "got 3" in figures["tsne/SMOTE"]["message"]


def test_curve_of_original_is_carried_once_for_all_methods(run: Run) -> None:
    data = chunks(build_page(run))["data-0"]
    places = [data["figures"][f"roc/{method}"]["traces"] for method in run.methods]
    assert len(set.intersection(*map(set, places))) == 1 + len(run.classifiers)


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
