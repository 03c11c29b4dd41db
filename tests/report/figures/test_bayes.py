"""The bars of the Bayesian test, or the reason why there are none."""

from __future__ import annotations

import pytest
from report.figures.drawn import texts_of

from smote_bench.report.analysis.over_datasets import tests as tests_of
from smote_bench.report.figures.bayes import draw_bayes

METRIC = "balanced_accuracy"


def test_bars_of_the_bayesian_test_add_up_to_one_and_say_what_equivalent_means(run):
    figure = draw_bayes(tests_of(run, METRIC))
    ends = [bar.get_x() + bar.get_width() for bar in figure.axes[0].containers[-1]]
    assert ends == pytest.approx([1] * 3)
    assert any("equivalent: within ± 0.01" in text for text in texts_of(figure))


def test_bars_of_the_bayesian_test_give_the_reason_where_there_is_none(small):
    assert any(
        text.startswith("no Bayesian test: ") for text in texts_of(draw_bayes(tests_of(small, METRIC)))
    )
