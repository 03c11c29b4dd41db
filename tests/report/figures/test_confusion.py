"""Confusion matrices before and after, and what failed."""

from __future__ import annotations

from made_up import made_up_run

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.figures.confusion import draw_confusion
from smote_bench.runs.open import open_run


def test_confusion_shows_both_parts_before_and_after_and_what_failed(run):
    figure = draw_confusion(run, "Ecoli")
    for ax in figure.axes:
        texts = [text.get_text() for text in ax.texts]
        assert len(texts) == len(run.methods) * len(run.classifiers)
        assert texts.count("error") == 1
    fit = next(f for f in run.by_cell[Cell("Ecoli", ORIGINAL, "RandomForest")].fits if f.phase == "holdout")
    numbers = [int(n) for n in figure.axes[1].texts[0].get_text().split()]
    assert numbers == [fit.scores[name] for name in ("tn", "fp", "fn", "tp")]


def test_confusion_says_which_class_is_positive_where_it_is_not_the_minority(tmp_path):
    named = {"Haberman": "1"}
    run = open_run(made_up_run(tmp_path, datasets=2, methods=2, classifiers=1, positive=named))
    order = "minority, majority"
    assert draw_confusion(run, "Haberman").get_supxlabel() == (
        f"Haberman: rows are true {order}; columns predicted {order}; positive: majority (1)"
    )
    plain = "Ecoli: rows are true majority, minority; columns predicted majority, minority"
    assert draw_confusion(run, "Ecoli").get_supxlabel() == plain
