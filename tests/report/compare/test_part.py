"""A second run on a run's own page: the same numbers as the comparison's, and a section of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made_up import made_up_run
from report.chromium import Visit
from report.page.chunks import chunks
from report.two_runs import FOLDS, MORE, a_run

from smote_bench import cli
from smote_bench.report.build import ReportSettings, write_report
from smote_bench.report.compare.part import against_part
from smote_bench.report.compare.two_runs import compare_runs
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.page import build_page, write_page
from smote_bench.runs.open import open_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def html_of(part: Any) -> dict[str, str]:
    chunk = Chunk()
    part.add(chunk)
    return {key: str(html) for key, html in vars(chunk)["_html"].items()}


def rows_of(html: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in html.split("<tr>")[2:]]


def test_each_method_on_each_data_set_has_its_difference_and_interval() -> None:
    names = [(dataset, method) for dataset in ("one", "two") for method in ("Original", "SMOTE")]
    other = a_run(dict.fromkeys(names, FOLDS))
    run = a_run({name: MORE if name[1] == "SMOTE" else FOLDS for name in names})
    rows = rows_of(html_of(against_part(run, other))["against/roc_auc"])
    assert [row[:2] for row in rows] == [list(name) for name in names]
    assert rows[0][5:] == ["5", "identical"]
    comparison = compare_runs(other, run)
    chosen = comparison.by_cell.query("metric == 'roc_auc' and method == 'SMOTE' and dataset == 'one'")
    (cell,) = chosen.to_dict("records")
    assert rows[1][2:4] == ["0.6000", "0.7000"]
    assert f"{cell['delta']:+.4f}" in rows[1][4]
    assert f"{cell['half_width']:.4f}" in rows[1][4]
    assert rows[1][5:] == ["5", "better"]


def test_a_metric_that_one_run_lacks_is_said_to_be_missing(tmp_path: Path) -> None:
    run = open_run(made_up_run(tmp_path / "a", datasets=1, methods=2, classifiers=1, points=None))
    other = open_run(
        made_up_run(
            tmp_path / "b", datasets=1, methods=2, classifiers=1, points=None, priority_metrics=("roc_auc",)
        )
    )
    html = html_of(against_part(run, other))
    assert set(html) == {f"against/{metric}" for metric in run.priority_metrics}
    assert all("<table" in text or "No cell with" in text for text in html.values())


def test_runs_without_a_cell_in_common_say_so() -> None:
    part = against_part(a_run({("one", "SMOTE"): FOLDS}), a_run({("two", "SMOTE"): FOLDS}))
    assert "No cell is in both" in part.html
    assert "No cell with roc_auc is in both runs" in html_of(part)["against/roc_auc"]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    out = tmp_path_factory.mktemp("two")
    small: dict[str, Any] = {"datasets": 2, "methods": 2, "classifiers": 1, "points": None}
    return made_up_run(out, name="new", seed=1, **small), made_up_run(out, name="old", **small)


def test_the_report_of_a_run_is_made_against_another(
    two: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run, other = two
    write_report(run, ReportSettings(tsne="off", share=0.0))
    assert (run / "report.json").is_file()
    reports = ["--reports", str(run.parent.parent)]
    command = ["report", run.name, "--against", other.name, "--tsne", "off", "--jobs", "1", *reports]
    assert cli.main(command) == 0, capsys.readouterr().err
    page = (run / "report.html").read_text(encoding="utf-8")
    assert '<a href="#against">Second run</a>' in page
    assert f"<h2>Against {other.name}</h2>" in page
    assert "one-old" in page[page.index('id="against"') :]
    assert "against/roc_auc" in chunks(page)["main"]["html"]
    assert not (run / "report.json").exists()  # so no later run copies this page
    assert cli.main(["report", run.name, "--against", run.name, *reports]) == 2
    assert "expected another run for --against" in capsys.readouterr().err


def test_a_page_without_a_second_run_has_no_such_section(two: tuple[Path, Path]) -> None:
    assert 'id="against"' not in build_page(open_run(two[0]))


def test_the_section_is_drawn_and_follows_the_metric(
    browser: Browser,
    two: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    run, other = map(open_run, two)
    page = write_page(run, tmp_path / "page.html", part=against_part(run, other))
    visit = Visit.open(browser, page)
    for slot in ("part-against-metric", "figure-against-method-metric", "figure-against-cell-metric"):
        visit.show(slot)
    visit.choose("against-metric", "roc_auc", "part-against-metric")
    assert visit.page.locator("#part-against-metric caption").inner_text().startswith("roc_auc: mean over")
    assert visit.page.locator("#part-against-metric a.csv").count() == 1
    assert visit.problems == []
    assert visit.left_the_page() == []
