"""The page of a run as text: complete, escaped, the same each time.

Also of: compressed, slots.
"""

from __future__ import annotations

import importlib.resources
import json
import re
from pathlib import Path

import numpy as np
from made_up import made_up_run
from report.hostile import NASTY, hostile_run
from report.page.chunks import chunks

from smote_bench.report.page.compressed import page_script
from smote_bench.report.page.page import SECTIONS, build_page, write_page
from smote_bench.runs.open import Run, open_run


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
    links = set(re.findall(r'\shref="([^"#][^"]*)"', page))
    assert {link for link in links if not re.fullmatch(r"tables/[\w.%+-]+\.csv", link)} == {"data:,"}
    assert "@import" not in page
    assert "url(" not in page


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


def test_tsne_is_drawn_where_it_is_given_and_named_where_it_is_not(run: Run) -> None:
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    given = {("Ecoli", "SMOTE"): np.zeros((len(points.group), 2), dtype=np.float32)}
    figures = chunks(build_page(run, embeddings=given))["data-0"]["figures"]
    assert "traces" in figures["tsne/SMOTE"]
    assert "smote-bench report RUN" in figures["tsne/Original"]["message"]


def test_tsne_says_how_many_rows_are_drawn_and_what_draws_more(run: Run) -> None:
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    n = len(points.group)
    whole = np.arange(2 * n, dtype=np.float32).reshape(n, 2)
    few = np.where(np.arange(n)[:, None] < 50, whole, np.nan).astype(np.float32)
    titles = [
        chunks(build_page(run, embeddings={("Ecoli", "SMOTE"): given}))["data-0"]["figures"]["tsne/SMOTE"]
        for given in (whole, few)
    ]
    assert titles[0]["layout"]["title"] == {"text": f"t-SNE of all {n} rows: Ecoli, SMOTE"}
    assert titles[1]["layout"]["title"]["text"] == f"t-SNE of 50 of {n} rows: Ecoli, SMOTE"
    assert "`smote-bench report RUN` lays out 300" in titles[1]["layout"]["title"]["subtitle"]["text"]


def test_tsne_of_other_points_is_refused(run: Run) -> None:
    given = {("Ecoli", "SMOTE"): np.zeros((3, 2), dtype=np.float32)}
    figures = chunks(build_page(run, embeddings=given))["data-0"]["figures"]
    assert "got 3" in figures["tsne/SMOTE"]["message"]


def test_curve_of_original_is_carried_once_for_all_methods(run: Run) -> None:
    data = chunks(build_page(run))["data-0"]
    places = [data["figures"][f"roc/{method}"]["traces"] for method in run.methods]
    assert len(set.intersection(*map(set, places))) == 1 + len(run.classifiers)


def test_every_file_of_the_script_is_in_the_page() -> None:
    folder = importlib.resources.files("smote_bench.report.page") / "assets" / "scripts"
    script = page_script()
    files = [file for file in folder.iterdir() if file.name.endswith(".js")]
    assert len(files) > 5
    assert all(script.count(file.read_text(encoding="utf-8")) == 1 for file in files)
