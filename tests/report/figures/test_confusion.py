"""Confusion matrices before and after, and what failed."""

from __future__ import annotations

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.figures.confusion import draw_confusion


def test_confusion_shows_both_parts_before_and_after_and_what_failed(run):
    figure = draw_confusion(run, "Ecoli")
    for ax in figure.axes:
        texts = [text.get_text() for text in ax.texts]
        assert len(texts) == len(run.methods) * len(run.classifiers)
        assert texts.count("error") == 1
    fit = next(f for f in run.by_cell[Cell("Ecoli", ORIGINAL, "RandomForest")].fits if f.phase == "holdout")
    numbers = [int(n) for n in figure.axes[1].texts[0].get_text().split()]
    assert numbers == [fit.scores[name] for name in ("tn", "fp", "fn", "tp")]
