"""Wherever a p stands, its test is named; where two differ, both say why."""

from __future__ import annotations

import re

import pytest
from made_up_scores import effects_run

from smote_bench.report.analysis.answer import answer
from smote_bench.report.analysis.cell_intervals import cell_intervals
from smote_bench.report.charts import statistics as charts
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.statistics import add_statistics, all_tests, statistics_section
from smote_bench.report.text.analysis_tables import analysis_tables
from smote_bench.report.text.ci_summary import build_ci_summary
from smote_bench.runs.open import Run

_TESTS = r"Wilcoxon|max-T|signs of data sets|resampled t|t over data sets|Friedman|Nemenyi"
_FAMILIES = "of this cell alone|one for all methods|Holm over these methods|all 10 pairs are one family"
_P = re.compile(r"\bp(?:_\w+)?\b (?:=|<|&lt;)|\(Holm\)|>p<")


@pytest.fixture(scope="module")
def run() -> Run:
    effects = {"SMOTE": 0.06, "ADASYN": 0.05, "ROSE": 0.0, "class_weight": 0.02}
    return effects_run(effects, datasets=10, metrics={"balanced_accuracy": 1.0, "roc_auc": 0.5})


def _blocks_of_the_page(run: Run) -> list[str]:
    chunk = Chunk()
    add_statistics(run, all_tests(run), cell_intervals(run), chunk)
    found = [str(html) for html in vars(chunk)["_html"].values()]
    return [block for html in found for block in re.split(r"</p>|</li>|</th>|</caption>", html)]


def test_the_answer_names_the_test_of_each_p_and_why_two_differ(run: Run) -> None:
    sentences = [sentence for sentence in answer(run).sentences if _P.search(sentence)]
    assert sentences
    assert all(re.search(_TESTS, sentence) for sentence in sentences)
    ((here, there),) = [re.findall(r"p [=<] [\d.]+ \(([^)]*)\)", sentence) for sentence in sentences]
    assert "max-T" in here
    assert there == "Wilcoxon signed-rank, Holm over 4 methods"
    assert "tests ranks, not means, in another family" in sentences[0]


def test_the_p_of_the_answer_is_the_one_under_statistics(run: Run) -> None:
    found = all_tests(run)["balanced_accuracy", "mean of all", "complete"].wilcoxon
    assert found is not None
    said = " ".join(answer(run).sentences)
    (p,) = re.findall(r"Under Statistics it has p [=<] ([\d.]+)", said)
    assert float(p) == pytest.approx(found.loc["SMOTE", "p_holm"], abs=5e-4)


def test_the_summary_of_ci_has_the_same_sentences(run: Run) -> None:
    lines = [line for line in build_ci_summary(run).splitlines() if _P.search(line)]
    assert lines
    assert all(re.search(_TESTS, line) for line in lines)


def test_tables_name_the_tests_of_their_p_in_the_caption(run: Run) -> None:
    for name, caption, frame in analysis_tables(run):
        columns = [
            c for c in frame.columns if re.search(r"(^|_)p(_|$)", str(c)) and not c.startswith("bayes")
        ]
        unnamed = [c for c in columns if not re.search("wilcoxon|chi2", c)]
        assert not unnamed or re.search(_TESTS, caption), (name, unnamed)
        assert not columns or re.search(_FAMILIES, caption), (name, columns)


def test_the_sections_statistics_names_the_test_beside_each_p(run: Run) -> None:
    blocks = [block for block in _blocks_of_the_page(run) if _P.search(block)]
    assert blocks
    assert all(re.search(_TESTS, block) for block in blocks)
    text = " ".join(_blocks_of_the_page(run))
    assert "Wilcoxon p, Holm over 4 methods" in text
    assert "Wilcoxon p, uncorrected" in text
    assert "one for all 5 methods" in text
    assert "all 10 pairs of 5 methods" in text
    assert "another test of another family" in text


def test_a_cell_of_the_map_of_intervals_names_the_test(run: Run) -> None:
    figure = charts.interval_map(run, cell_intervals(run), "roc_auc", "classifier0")
    hover = str(figure)
    assert "p = " in hover
    assert hover.count("p = ") == hover.count("corrected resampled t of this cell alone: p = ")


def test_the_section_statistics_says_which_p_is_of_what_and_why_two_differ(run: Run) -> None:
    section = str(statistics_section(run, all_tests(run)))
    families = section[section.index('id="families"') :].partition("</details>")[0]
    assert "two p of one method differ where the question" in families
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in families.split("<tr>")[2:]]
    assert len(rows) == 5
    assert [len(row) for row in rows] == [4] * 5
    assert all(re.search(_TESTS, row[1]) for row in rows)
    assert rows[0][2].startswith("3 methods to pick from, each against Original (the trivial arms")
    assert rows[3][2].startswith("4 methods against Original")
