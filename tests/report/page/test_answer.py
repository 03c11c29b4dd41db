"""The page's first screen: the answer in plain HTML, under the name of what was done."""

from __future__ import annotations

import dataclasses

from smote_bench.report.analysis.answer import answer
from smote_bench.report.page.answer import answer_section, metric_style
from smote_bench.report.page.page import build_page
from smote_bench.report.text.markup import escaped
from smote_bench.runs.open import Run


def test_answer_is_plain_html_outside_the_compressed_parts(run: Run) -> None:
    page = build_page(run)
    answer = page[page.index('id="answer"') : page.index('id="heat-map"')]
    for method in run.methods:
        assert f">{run.labels[method]}</th>" in answer
    assert "Caveats" in answer
    assert "±" in answer


def test_headline_names_what_was_done(run: Run) -> None:
    said = dataclasses.replace(answer(run), verdict="helps", subject="Resampling")
    assert "Resampling helps, compared with doing nothing" in answer_section(run, said)


def test_every_metric_has_its_answer_on_the_page(run: Run) -> None:
    page = build_page(run)
    shown = page[page.index('id="answer"') : page.index('id="heat-map"')]
    for metric in run.priority_metrics:
        said = answer(run, metric)
        assert said.metric == metric
        for text in [*said.sentences, *said.caveats]:
            assert escaped(text) in shown


def test_style_shows_one_panel_for_each_metric() -> None:
    assert metric_style(12).count("display: block") == 12
