"""Links beside the page's tables: to the file that holds the table, and to none that is not there."""

from __future__ import annotations

import dataclasses
import re

import pytest
from made_up import made_up_run
from report.page.chunks import chunks

from smote_bench.report.page.page import build_page
from smote_bench.report.page.table_files import dataset_stem, improvement_stem, with_files
from smote_bench.report.text.markup import Html
from smote_bench.report.text.write_tables import write_text_tables
from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose tables are all written."""
    run = open_run(made_up_run(tmp_path_factory.mktemp("files"), datasets=6, methods=3))
    write_text_tables(run, run.folder)
    return run


def links_of(html: str) -> list[str]:
    return re.findall(r'href="(tables/[^"]*)"', html)


def test_tables_link_to_the_files_that_hold_them(whole: Run) -> None:
    page = build_page(whole)
    carried = chunks(page)
    assert [f"tables/ranking_{metric}.csv" for metric in whole.priority_metrics] == links_of(page)[:5]
    tests = carried["main"]["html"]["tests/g_mean/mean of all/complete"]
    assert links_of(tests) == [
        "tables/nemenyi_g_mean.csv",
        "tables/tests_g_mean.csv",
        "tables/tests_g_mean.csv",
    ]
    assert links_of(carried["data-0"]["html"]["results"]) == ["tables/results_Ecoli.csv"]
    assert links_of(carried["data-0"]["html"]["improvement/SMOTE"]) == ["tables/improvement_Ecoli_SMOTE.csv"]
    linked = links_of(page) + [
        link for one in carried.values() for text in one["html"].values() for link in links_of(text)
    ]
    assert all((whole.folder / link).is_file() for link in linked)


def test_tests_of_one_classifier_are_in_no_file(whole: Run) -> None:
    html = chunks(build_page(whole))["main"]["html"]
    assert links_of(html["tests/g_mean/RandomForest/complete"]) == []


def test_a_file_that_is_not_there_is_not_linked(whole: Run) -> None:
    assert with_files(whole, Html("<table></table>"), "no_such_table", "") == "<table></table>"


def test_names_that_share_a_file_name_are_not_linked(whole: Run) -> None:
    alike = dataclasses.replace(whole, datasets=("a b", "a_b", "c"), methods=("Original", "S"))
    assert [dataset_stem(alike, name) for name in alike.datasets] == ["", "", "results_c"]
    assert improvement_stem(alike, "a b", "S") == ""
    assert improvement_stem(alike, "c", "S") == "improvement_c_S"
