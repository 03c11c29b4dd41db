"""Curves of a data set and method: solid before, dashed after, nothing left of the method before."""

from __future__ import annotations

from made_up import made_up_run
from report.figures.drawn import texts_of

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.figures.curves import CurvesSheet, cell_curves
from smote_bench.report.figures.style import COLOURS, paper_style, save
from smote_bench.runs.open import open_run


def test_curves_are_solid_before_and_dashed_after_in_a_colour_per_classifier(run):
    cells = {m: {c: cell_curves(run, Cell("Haberman", m, c)) for c in run.classifiers} for m in run.methods}
    figure = CurvesSheet(run.classifiers).draw("Haberman", "SMOTE", cells[ORIGINAL], cells["SMOTE"])
    for ax in figure.axes:
        lines = [line for line in ax.lines if line.get_linestyle() in ("-", "--")]
        assert [line.get_linestyle() for line in lines] == ["-", "--"] * len(run.classifiers)
        assert [line.get_color() for line in lines] == [c for c in COLOURS[:2] for _ in range(2)]
        assert all(len(line.get_xdata()) for line in lines)
    auc = run.by_cell[Cell("Haberman", "SMOTE", "RandomForest")].mean("roc_auc", "holdout")
    assert any(text.startswith("RandomForest") and text.endswith(f"→ {auc:.3f}") for text in texts_of(figure))


def test_a_sheet_of_curves_keeps_nothing_of_the_method_before(run):
    sheet = CurvesSheet(run.classifiers)
    cells = {m: {c: cell_curves(run, Cell("Ecoli", m, c)) for c in run.classifiers} for m in run.methods}
    sheet.draw("Ecoli", "class_weight", cells[ORIGINAL], cells["class_weight"])
    figure = sheet.draw("Ecoli", "SMOTE", cells[ORIGINAL], cells["SMOTE"])
    assert len(figure.axes[0].lines[1].get_xdata()) == 0, "SMOTE failed with the first classifier"
    assert any(text.startswith("RandomForest") and text.endswith("→ error") for text in texts_of(figure))


def test_a_sheet_of_few_panels_has_these_alone(run):
    curves = {"kNN": cell_curves(run, Cell("Ecoli", ORIGINAL, run.classifiers[0]))}
    figure = CurvesSheet(["kNN"], ["pr"]).draw("Ecoli", ORIGINAL, curves, curves)
    assert [ax.get_title() for ax in figure.axes] == ["precision-recall (average precision)"]
    assert len(CurvesSheet(["kNN"]).draw("Ecoli", ORIGINAL, curves, curves).axes) == 3


def test_a_png_that_reuses_the_axes_has_the_pixels_of_one_drawn_anew(run, tmp_path):
    from PIL import Image

    sheet = CurvesSheet(run.classifiers, ["roc", "pr"])
    pictures = []
    with paper_style():
        for method in (ORIGINAL, run.methods[1], "nothing"):
            cells = {c: cell_curves(run, Cell("Haberman", method, c)) for c in run.classifiers}
            before = {c: cell_curves(run, Cell("Haberman", ORIGINAL, c)) for c in run.classifiers}
            figure = sheet.draw("Haberman", method, before, cells)
            sheet.save_png(tmp_path / "reused.png")
            (anew,) = save(figure, tmp_path / "anew", ["png"])
            pictures.append(Image.open(tmp_path / "reused.png").convert("RGB").tobytes())
            assert pictures[-1] == Image.open(anew).convert("RGB").tobytes()
    assert len(set(pictures)) == 3


def test_a_sheet_says_which_class_is_positive_where_it_is_not_the_minority(tmp_path):
    run = open_run(made_up_run(tmp_path, datasets=2, methods=2, classifiers=1, positive={"Haberman": "1"}))
    for dataset, expected in (("Haberman", True), ("Ecoli", False)):
        curves = {name: cell_curves(run, Cell(dataset, ORIGINAL, name)) for name in run.classifiers}
        texts = texts_of(CurvesSheet(run.classifiers).draw(dataset, ORIGINAL, curves, curves))
        assert any(text.endswith("; positive: majority (1)") for text in texts) == expected
