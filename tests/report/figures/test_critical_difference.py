"""Mean ranks with the critical difference, for both treatments of failed cells, or without a test."""

from __future__ import annotations

from report.figures.drawn import texts_of

from smote_bench.report.analysis.over_datasets import tests as tests_of
from smote_bench.report.figures.critical_difference import draw_ranks

METRIC = "balanced_accuracy"


def test_ranks_show_the_critical_difference_n_and_both_treatments_of_failed_cells(run):
    results = [tests_of(run, METRIC), tests_of(run, METRIC, failed="worst")]
    texts = texts_of(draw_ranks(results))
    for result in results:
        assert any(f"CD = {result.cd:.2f}" in text for text in texts)
        assert any(f"n = {result.n_datasets} data sets" in text for text in texts)
    assert {f"{rank:.2f}" for rank in results[0].mean_ranks} <= set(texts)


def test_ranks_without_a_test_say_so(small):
    assert any(
        "no test: 1 data sets, 2 methods" in text for text in texts_of(draw_ranks([tests_of(small, METRIC)]))
    )
