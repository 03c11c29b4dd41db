"""The page's parts about one data set: histories and class counts, where there are some."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import made_up_run
from report.histories import FOREST, METRICS, NETWORK, run_with_history, run_without_history
from report.page.chunks import chunks

from smote_bench.data.findings import Finding
from smote_bench.evaluation.outcome import Cell
from smote_bench.report.charts.cells import CellSource, confusion, folds
from smote_bench.report.page.page import build_page
from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_with_history(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_without_history(tmp_path_factory.mktemp("without"))


def test_page_has_the_place_of_histories_only_where_there_are_some(run: Run, without: Run) -> None:
    assert 'id="figure-history-method-classifier"' in build_page(run)
    assert "figure-history" not in build_page(without)
    assert not [key for key in chunks(build_page(without))["data-0"]["figures"] if key.startswith("history")]


def test_page_carries_the_history_of_every_cell_or_its_reason(run: Run) -> None:
    figures = chunks(build_page(run))["data-0"]["figures"]
    assert len(figures[f"history/SMOTE/{NETWORK}"]["traces"]) == 2 * 2 * len(METRICS)
    assert "keeps no training history" in figures[f"history/SMOTE/{FOREST}"]["message"]


def test_method_whose_cells_all_failed_says_so_among_the_counts(tmp_path: Path) -> None:
    failed = {("Ecoli", "SMOTE", FOREST): "error"}
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, statuses=failed)
    html = chunks(build_page(open_run(folder)))["data-0"]["html"]["counts"]
    assert "SMOTE: no rows were counted. error: ValueError: made up" in html
    assert html.count('<th scope="row">') == 1


def test_class_counts_stand_in_the_data_sets_section(run: Run) -> None:
    page = build_page(run)
    assert 'id="part-counts"' in page
    html = chunks(page)["data-0"]["html"]["counts"]
    assert "Hold-out: 45 and 15." in html
    assert "<td>180</td><td>60</td><td>3.00</td><td>180</td><td>180</td><td>1.00</td>" in html


def test_hold_out_alone_is_not_called_a_cross_validation(run: Run, without: Run) -> None:
    html = chunks(build_page(run))["data-0"]["html"]["improvement/SMOTE"]
    assert "on the hold-out (mean over 4 splits)" in html
    axis = folds(CellSource(run), Cell("Ecoli", "SMOTE", FOREST))["layout"]["xaxis"]["title"]["text"]
    assert axis == "hold-out of each repeat; there is no cross-validation"
    assert "there is no cross-validation to choose it in" in build_page(run)
    assert (
        "one split: noisier than the cross"
        in chunks(build_page(without))["data-0"]["html"]["improvement/SMOTE"]
    )
    assert "chosen in cross-validation, compared" in build_page(without)


def test_what_was_found_in_a_table_stands_on_its_card_and_escaped(tmp_path: Path) -> None:
    leak = Finding("leak", "<b>", "column '<b>' is the target", "'drop: [<b>]' leaves it out")
    read = Finding("read", "", "semicolons between values")
    folder = made_up_run(tmp_path, datasets=2, methods=2, classifiers=1, findings={"Ecoli": [leak, read]})
    page = chunks(build_page(open_run(folder)))
    card = page["data-0"]["html"]["card"]
    assert "<strong>leak: </strong>column &#x27;&lt;b&gt;&#x27; is the target; &#x27;drop: [" in card
    assert "<li>semicolons between values</li>" in card
    assert "Two errors are known" in page["data-1"]["html"]["card"]


def test_figures_and_tables_say_which_class_is_positive_where_an_experiment_does(tmp_path: Path) -> None:
    named = {"Ionosphere": "g"}
    run = open_run(made_up_run(tmp_path, datasets=3, methods=2, classifiers=1, positive=named))
    page = chunks(build_page(run))
    plain, other = page["data-1"], page["data-2"]
    key = f"SMOTE/{run.classifiers[0]}"
    for figure in ("roc/SMOTE", "pr/SMOTE", "calibration/SMOTE", f"confusion/{key}"):
        assert "positive: majority (g)" in str(other["figures"][figure])
        assert "positive:" not in str(plain["figures"][figure])
    assert "share of majority rows" in str(other["figures"]["calibration/SMOTE"])
    (matrix, *_) = confusion(CellSource(run), Cell("Ionosphere", "SMOTE", run.classifiers[0]))["data"]
    assert list(matrix["x"]) == list(matrix["y"]) == ["minority", "majority"]
    report = other["html"][f"reports/{key}"]
    assert report.index("minority") < report.index("majority")
    assert "metrics count the majority (&#x27;g&#x27;) as positive" in other["html"]["card"]
    # The made-up hold-out has 15 rows of the positive class: here they are the majority.
    assert "Hold-out: 45 and 15." in plain["html"]["counts"]
    assert "Hold-out: 15 and 45." in other["html"]["counts"]
