"""Of cells that the page has no room for in detail it shows names, status and scores."""

from __future__ import annotations

import csv
import re
import statistics
from pathlib import Path

import pytest
from made_up import made_up_run
from report.chromium import Visit
from report.page.chunks import chunks

from smote_bench.report.page import brief, page
from smote_bench.runs import large
from smote_bench.runs.open import open_run

STATUSES = {("Haberman", "SMOTE", "RandomForest"): "error"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 24 cells, of which the page has room for the details of the first data set's."""
    out = tmp_path_factory.mktemp("brief")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(large, "MOST_PAIRS", 5)
        patched.setattr(brief, "MOST_DETAILED_CELLS", 6)
        run = made_up_run(
            out, datasets=4, methods=3, classifiers=2, folds=3, rows=60, points=40, statuses=STATUSES
        )
        page.write_page(open_run(run), run / "report.html")
    return run


def _mean(folder: Path, dataset: str, method: str, classifier: str, metric: str) -> float:
    with (folder / "scores.csv").open(newline="") as file:
        return statistics.fmean(
            float(row["value"])
            for row in csv.DictReader(file)
            if (row["dataset"], row["method"], row["classifier"]) == (dataset, method, classifier)
            and (row["phase"], row["metric"]) == ("cv", metric)
        )


def test_details_end_where_the_budget_does(folder: Path) -> None:
    found = chunks((folder / "report.html").read_text())
    assert "roc/SMOTE" in found["data-0"]["figures"]
    for place in (1, 2, 3):
        assert found[f"data-{place}"]["figures"] == {}
        assert "details of 6 cells at most" in found[f"data-{place}"]["otherwise"]["message"]


def test_every_other_cell_is_there_by_its_name_with_the_scores_of_the_tidy_table(folder: Path) -> None:
    html = chunks((folder / "report.html").read_text())["data-1"]["html"]
    cells = {key for key in html if key.startswith("status/")}
    assert len(cells) == 6
    shown = re.sub(r"<[^>]+>", " ", html["status/class_weight/LogisticRegression"])
    before, after = (
        _mean(folder, "Haberman", method, "LogisticRegression", "g_mean")
        for method in ("Original", "class_weight")
    )
    words = shown.split()
    place = words.index("g_mean")
    assert words[place : place + 4] == ["g_mean", f"{before:.4f}", f"{after:.4f}", f"{after - before:+.4f}"]
    assert "Haberman-SMOTE-RandomForest: error" in re.sub(r"<[^>]+>", "", html["status/SMOTE/RandomForest"])


def test_a_page_that_is_full_names_the_files_that_have_the_rest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief, "MOST_DETAILED_CELLS", 0)
    monkeypatch.setattr(brief, "MOST_BYTES", 1)
    text = page.build_page(open_run(folder))
    for place, dataset in enumerate(("Ecoli", "Haberman")):
        html = chunks(text)[f"data-{place}"]["html"]
        assert set(html) == {"card"}
        assert f"tables/results_{dataset}.csv" in html["card"]
        assert (folder / "tables" / f"results_{dataset}.csv").is_file()


@pytest.mark.parametrize("width", [390, 1280])
def test_single_cells_are_looked_up_in_a_browser(browser, folder: Path, width: int) -> None:
    visit = Visit.open(browser, folder / "report.html")
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.page.select_option("#cells-dataset", "Haberman")
    visit.page.select_option("#cells-method", "class_weight")
    visit.show("part-status-method-classifier")
    status = visit.page.locator("#part-status-method-classifier").inner_text()
    assert "Haberman-class_weight-RandomForest: ok" in status
    assert "g_mean" in status
    visit.show("figure-roc-method")
    assert "details of 6 cells at most" in visit.page.locator("#figure-roc-method").inner_text()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.problems == []


def test_rows_of_tables_are_found_by_a_filter(browser, folder: Path) -> None:
    visit = Visit.open(browser, folder / "report.html")
    visit.show("part-results")
    rows = visit.page.locator("#part-results tbody tr:visible")
    assert rows.count() == 6
    visit.page.fill("#datasets-filter", "class_weight rand")
    assert rows.count() == 1
    assert "class_weight" in rows.first.inner_text()
    visit.page.fill("#datasets-filter", "")
    assert rows.count() == 6


def test_the_best_and_the_worst_cells_are_those_of_the_tidy_table(folder: Path) -> None:
    text = (folder / "report.html").read_text()
    table = text[text.index("Largest gains and losses") :]
    first = re.sub(
        r"<[^>]+>", " ", table[table.index("<tbody>") : table.index("</tr>", table.index("<tbody>"))]
    )
    cells = [
        (d, m, c)
        for d in ("Ecoli", "Haberman", "Ionosphere", "Pima_diabetes")
        for m in ("SMOTE", "class_weight")
        for c in ("RandomForest", "LogisticRegression")
        if (d, m, c) not in STATUSES
    ]
    metric = "balanced_accuracy"
    gains = {
        (d, m, c): _mean(folder, d, m, c, metric) - _mean(folder, d, "Original", c, metric)
        for d, m, c in cells
    }
    best = max(gains, key=gains.__getitem__)
    assert first.split() == [*best, f"{gains[best]:+.4f}"]
