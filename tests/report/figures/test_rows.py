"""Rows after resampling over those before."""

from __future__ import annotations

from report.figures.drawn import texts_of

from smote_bench.report.figures.rows import draw_rows


def test_rows_after_resampling_are_shown_over_those_before(run):
    figure = draw_rows(run)
    assert texts_of(figure).count("×1.50") > 0  # SMOTE fills 60 up to 180, beside 180
    assert texts_of(figure).count("×1.00") > 0
    n_fields = len(run.datasets) * len(run.methods)
    assert sum(text.startswith("×") for text in texts_of(figure)) <= n_fields
