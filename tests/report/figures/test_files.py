"""The figures of a run: all there, the same bytes each time, readable for every eye, and honest on gaps."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import made_up_run

from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.cell_intervals import cell_intervals, heat_map
from smote_bench.report.analysis.over_datasets import tests as tests_of
from smote_bench.report.analysis.ranking import pareto
from smote_bench.report.figures.bayes import draw_bayes
from smote_bench.report.figures.confusion import draw_confusion
from smote_bench.report.figures.cost import draw_pareto, draw_seconds
from smote_bench.report.figures.critical_difference import draw_ranks
from smote_bench.report.figures.curves import CurvesSheet, cell_curves
from smote_bench.report.figures.deltas import draw_dataset_deltas
from smote_bench.report.figures.files import _stems, write_figures
from smote_bench.report.figures.folds import draw_folds
from smote_bench.report.figures.heat_map import draw_heat_map
from smote_bench.report.figures.points import draw_points
from smote_bench.report.figures.rows import draw_rows
from smote_bench.report.figures.style import COLOURS, new_figure, paper_style, save
from smote_bench.runs.open import open_run

pytestmark = pytest.mark.versions

METRIC = "balanced_accuracy"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    failed = {("Ecoli", "SMOTE", "RandomForest"): "error"}
    out = tmp_path_factory.mktemp("six")
    return open_run(made_up_run(out, datasets=6, methods=4, classifiers=2, statuses=failed))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return open_run(made_up_run(tmp_path_factory.mktemp("one"), datasets=1, methods=2, classifiers=1))


def _texts(figure):
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_every_figure_is_there_as_png_and_svg_under_a_predictable_name(small):
    names = {path.name for path in write_figures(small, small.folder)}
    stems = {
        f"{kind}_{metric}"
        for kind in ("ranks", "heat_map", "bayes", "pareto")
        for metric in small.priority_metrics
    }
    stems |= {"seconds", "rows", "deltas_Ecoli", "folds_Ecoli", "confusion_Ecoli", "curves_Ecoli_SMOTE"}
    stems |= {"points_Ecoli_Original", "points_Ecoli_SMOTE"}
    assert names == {f"{stem}.{ending}" for stem in stems for ending in ("png", "svg")}
    assert {path.name for path in (small.folder / "figures").iterdir()} == names


def test_the_bytes_repeat_and_do_not_depend_on_the_number_of_processes(small):
    first = {path.name: path.read_bytes() for path in write_figures(small, small.folder)}
    second = {path.name: path.read_bytes() for path in write_figures(small, small.folder, jobs=2)}
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_the_users_own_settings_of_matplotlib_change_nothing(small, tmp_path):
    import matplotlib

    with paper_style():
        save(draw_folds(small, "Ecoli"), tmp_path / "plain")
    with (
        matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.fonttype": "path"}),
        paper_style(),
    ):
        save(draw_folds(small, "Ecoli"), tmp_path / "own")
    for ending in ("png", "svg"):
        assert (tmp_path / f"plain.{ending}").read_bytes() == (tmp_path / f"own.{ending}").read_bytes()


def test_refuses_no_processes(small):
    with pytest.raises(ValueError, match="expected jobs of at least 1, got 0"):
        write_figures(small, small.folder, jobs=0)


def test_figures_that_cannot_be_drawn_leave_the_old_ones(small, monkeypatch):
    write_figures(small, small.folder)
    before = {path.name for path in (small.folder / "figures").iterdir()}
    monkeypatch.setattr("smote_bench.report.figures.folds.draw_folds", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_figures(small, small.folder)
    assert {path.name for path in (small.folder / "figures").iterdir()} == before
    assert not list(small.folder.glob(".figures*"))


def test_nothing_of_pyplot_is_loaded(small):
    code = (
        "import sys; from pathlib import Path; from smote_bench.runs.open import open_run;"
        "from smote_bench.report.figures.files import write_figures;"
        f"write_figures(open_run(Path({str(small.folder)!r})), Path({str(small.folder)!r}));"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_text_in_svg_is_text_and_a_dollar_in_a_name_is_no_formula(tmp_path):
    with paper_style():
        figure = new_figure(2, 1, layout=None)
        figure.text(0, 0.5, "pay $1 or $2 & more")
        save(figure, tmp_path / "dollar.v1")
    assert "pay $1 or $2 &amp; more</text>" in (tmp_path / "dollar.v1.svg").read_text()


@given(st.lists(st.text("aA:_/é", min_size=1, max_size=3), unique=True, min_size=1, max_size=6))
@settings(max_examples=50)
def test_no_two_figures_have_one_files_name(names):
    class Named:
        priority_metrics = datasets = methods = tuple(names)

    stems = list(_stems(Named()).values())
    assert len({stem.lower() for stem in stems}) == len(stems)
    assert all(re.fullmatch(r"[\w.+-]+", stem) for stem in stems)


def test_ranks_show_the_critical_difference_n_and_both_treatments_of_failed_cells(run):
    results = [tests_of(run, METRIC), tests_of(run, METRIC, failed="worst")]
    texts = _texts(draw_ranks(results))
    for result in results:
        assert any(f"CD = {result.cd:.2f}" in text for text in texts)
        assert any(f"n = {result.n_datasets} data sets" in text for text in texts)
    assert {f"{rank:.2f}" for rank in results[0].mean_ranks} <= set(texts)


def test_ranks_without_a_test_say_so(small):
    assert any(
        "no test: 1 data sets, 2 methods" in text for text in _texts(draw_ranks([tests_of(small, METRIC)]))
    )


def test_bars_of_the_bayesian_test_add_up_to_one_and_say_what_equivalent_means(run):
    figure = draw_bayes(tests_of(run, METRIC))
    ends = [bar.get_x() + bar.get_width() for bar in figure.axes[0].containers[-1]]
    assert ends == pytest.approx([1] * 3)
    assert any("equivalent: within ± 0.01" in text for text in _texts(figure))


def test_bars_of_the_bayesian_test_give_the_reason_where_there_is_none(small):
    assert any(text.startswith("no Bayesian test: ") for text in _texts(draw_bayes(tests_of(small, METRIC))))


def test_heat_map_shows_each_count(run):
    counts = heat_map(run)
    here = counts[counts["metric"] == METRIC]
    figure = draw_heat_map(counts, METRIC)
    for ax, prefix in zip(figure.axes, ("", "plain_"), strict=True):
        signs = {"improved": "+", "unchanged": "", "worsened": "−"}
        wanted = [f"{sign}{n}" for word, sign in signs.items() for n in here[f"{prefix}{word}"] if n]
        assert sorted(text.get_text() for text in ax.texts) == sorted(wanted)


def test_deltas_leave_out_a_failed_cell_and_fill_what_is_beyond_its_interval(run):
    intervals = cell_intervals(run)
    here = intervals[intervals["dataset"] == "Ecoli"]
    figure = draw_dataset_deltas("Ecoli", here)
    for ax, metric in zip(figure.axes, run.priority_metrics, strict=True):
        filled = [line for line in ax.lines if line.get_marker() not in ("", "None")]
        rows = here[(here["metric"] == metric) & here["delta"].notna()]
        assert sum(len(line.get_xdata()) for line in filled) == len(rows) == 5
        clear = [line for line in filled if line.get_markerfacecolor() != "white"]
        assert (
            sum(len(line.get_xdata()) for line in clear)
            == rows["verdict"].isin(["improved", "worsened"]).sum()
        )


def test_folds_have_a_line_per_metric_and_name_what_failed(run):
    figure = draw_folds(run, "Ecoli")
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(run.classifiers)
    assert [text.get_text() for text in figure.axes[0].texts] == ["error"]
    labels = [line.get_label() for line in figure.axes[1].lines]
    assert labels == list(run.priority_metrics)
    values = figure.axes[1].lines[0].get_ydata()
    folds = run.by_cell[Cell("Ecoli", ORIGINAL, run.classifiers[1])].values(METRIC, "cv")
    assert list(values[: len(folds)]) == folds


def test_confusion_shows_both_parts_before_and_after_and_what_failed(run):
    figure = draw_confusion(run, "Ecoli")
    for ax in figure.axes:
        texts = [text.get_text() for text in ax.texts]
        assert len(texts) == len(run.methods) * len(run.classifiers)
        assert texts.count("error") == 1
    fit = next(f for f in run.by_cell[Cell("Ecoli", ORIGINAL, "RandomForest")].fits if f.phase == "holdout")
    numbers = [int(n) for n in figure.axes[1].texts[0].get_text().split()]
    assert numbers == [fit.scores[name] for name in ("tn", "fp", "fn", "tp")]


def test_curves_are_solid_before_and_dashed_after_in_a_colour_per_classifier(run):
    cells = {m: {c: cell_curves(run, Cell("Haberman", m, c)) for c in run.classifiers} for m in run.methods}
    figure = CurvesSheet(run.classifiers).draw("Haberman", "SMOTE", cells[ORIGINAL], cells["SMOTE"])
    for ax in figure.axes:
        lines = [line for line in ax.lines if line.get_linestyle() in ("-", "--")]
        assert [line.get_linestyle() for line in lines] == ["-", "--"] * len(run.classifiers)
        assert [line.get_color() for line in lines] == [c for c in COLOURS[:2] for _ in range(2)]
        assert all(len(line.get_xdata()) for line in lines)
    auc = run.by_cell[Cell("Haberman", "SMOTE", "RandomForest")].mean("roc_auc", "holdout")
    assert any(text.startswith("RandomForest") and text.endswith(f"→ {auc:.3f}") for text in _texts(figure))


def test_a_sheet_of_curves_keeps_nothing_of_the_method_before(run):
    sheet = CurvesSheet(run.classifiers)
    cells = {m: {c: cell_curves(run, Cell("Ecoli", m, c)) for c in run.classifiers} for m in run.methods}
    sheet.draw("Ecoli", "class_weight", cells[ORIGINAL], cells["class_weight"])
    figure = sheet.draw("Ecoli", "SMOTE", cells[ORIGINAL], cells["SMOTE"])
    assert len(figure.axes[0].lines[1].get_xdata()) == 0, "SMOTE failed with the first classifier"
    assert any(text.startswith("RandomForest") and text.endswith("→ error") for text in _texts(figure))


def test_points_draw_each_group_and_a_line_to_both_parents(run):
    points = run.points("Ecoli", "SMOTE")
    figure = draw_points("Ecoli", "SMOTE", points, np.zeros((len(points.X), 2)))
    assert [ax.get_xlabel()[:5] for ax in figure.axes] == ["PC 1 ", "t-SNE"]
    shown = {line.get_label(): len(line.get_xdata()) for line in figure.axes[0].lines}
    assert shown == {name: n for name, n in points.totals.items() if n}
    n_lines = len(figure.axes[0].collections[0].get_segments())
    assert n_lines == 2 * (points.parents >= 0).all(axis=1).sum() > 0


def test_pareto_fills_the_methods_on_the_front(run):
    front = pareto(run, METRIC)
    lines = [line for line in draw_pareto(front, METRIC, "high").axes[0].lines if line.get_marker() != "None"]
    filled = {line.get_label() for line in lines if line.get_markerfacecolor() != "white"}
    assert filled == set(front.loc[front["on_front"], "method"])
    assert len(lines) == len(run.methods)


def test_seconds_are_those_of_the_tables(run):
    figure = draw_seconds(run)
    resample = figure.axes[0].containers[0]
    scored = [o for o in run.outcomes if o.cell.method == "SMOTE" and o.is_scored]
    assert resample[1].get_width() == pytest.approx(sum(outcome.seconds("resample") for outcome in scored))


def test_a_run_of_original_alone_has_figures(tmp_path):
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, points=None)
    with sqlite3.connect(folder / "cells.sqlite") as store:
        store.execute("DELETE FROM cells WHERE method <> ?", [ORIGINAL])
    store.close()
    run = open_run(folder)
    assert run.methods == (ORIGINAL,)
    names = {path.stem for path in write_figures(run, run.folder)}
    assert {"curves_Ecoli_Original", "folds_Ecoli", "confusion_Ecoli", "seconds"} <= names
    assert not any(name.startswith(("points", "deltas", "heat_map", "bayes")) for name in names)


def test_rows_after_resampling_are_shown_over_those_before(run):
    figure = draw_rows(run)
    assert _texts(figure).count("×1.50") > 0  # SMOTE fills 60 up to 180, beside 180
    assert _texts(figure).count("×1.00") > 0
    n_fields = len(run.datasets) * len(run.methods)
    assert sum(text.startswith("×") for text in _texts(figure)) <= n_fields
