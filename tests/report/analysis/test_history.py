"""Training histories and class counts: what page and figures show of them, and when they say why not."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run
from report.page.test_page import chunks

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.report.analysis.class_counts import (
    ClassCounts,
    class_counts,
    holdout_counts,
    ratio_words,
    rows_words,
)
from smote_bench.report.analysis.history import classifiers_with_history, histories
from smote_bench.report.charts.cells import CellSource, folds
from smote_bench.report.charts.history import training_history
from smote_bench.report.charts.style import NothingToDraw, to_plotly
from smote_bench.report.figures.files import write_figures
from smote_bench.report.figures.history import draw_history
from smote_bench.report.page.page import build_page
from smote_bench.runs.open import Run, open_run

NETWORK, FOREST = "LogisticRegression", "RandomForest"
METRICS = ["loss", "accuracy", "precision", "recall", "AUC"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("history")
    failed = {("Ecoli", "class_weight", NETWORK): "error"}
    folder = made_up_run(
        out,
        datasets=1,
        methods=3,
        folds=0,
        repeats=4,
        epochs={NETWORK: 20},
        statuses=failed,
    )
    return open_run(folder)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(made_up_run(tmp_path_factory.mktemp("without"), datasets=1, methods=2))


def outcome_of(*repeats: dict[str, list[float]] | None) -> Outcome:
    fits = [
        Fit("holdout", n, 0, {"f1": 0.5}, 0.0, 0.1, 0.1, (9, 3), (9, 9), None, history)
        for n, history in enumerate(repeats)
    ]
    return Outcome(Cell("Ecoli", "SMOTE", "net"), "ok", fits=tuple(fits))


def panel(figure: dict, metric: str) -> list[dict]:
    """Return the traces of the panel with a title."""
    place = [note["text"] for note in figure["layout"]["annotations"]].index(metric)
    axis = "x" if place == 0 else f"x{place + 1}"
    return [trace for trace in figure["data"] if trace["xaxis"] == axis]


def test_history_of_a_fit_survives_json_with_its_gaps() -> None:
    told = outcome_of({"loss": [0.5, math.nan, math.inf], "val_loss": [0.6]}, None)
    read = Outcome.loads(told.dumps())
    history = read.fits[0].history
    assert history is not None
    assert history["loss"][0] == 0.5
    assert math.isnan(history["loss"][1])
    assert history["loss"][2] == math.inf
    assert list(history["val_loss"]) == [0.6]
    assert read.fits[1].history is None


def test_fit_stored_before_there_were_histories_has_none() -> None:
    plain = outcome_of(None).fits[0].to_json()
    del plain["history"]
    assert Fit.from_json(plain).history is None


def test_known_metrics_come_first_and_validation_beside_its_training() -> None:
    found = histories(outcome_of({"lift": [1.0], "val_auc": [0.7], "auc": [0.8], "loss": [0.4]}))
    assert [history.metric for history in found] == ["loss", "auc", "lift"]
    assert found[1].training.tolist() == [[0.8]]
    assert found[1].validation.tolist() == [[0.7]]
    assert found[0].validation.shape == (0, 0)


def test_mean_ends_where_the_first_repeat_stops() -> None:
    (loss,) = histories(outcome_of({"loss": [4.0, 2.0, 1.0]}, {"loss": [2.0, 0.0]}))
    np.testing.assert_array_equal(loss.mean("training"), [3.0, 1.0, np.nan])
    np.testing.assert_array_equal(loss.training[1], [2.0, 0.0, np.nan])


def test_metric_without_values_is_left_out() -> None:
    assert histories(outcome_of({"loss": [], "auc": [0.5]}))[0].metric == "auc"


def test_failed_cell_and_missing_cell_have_no_histories() -> None:
    failed = Outcome(Cell("Ecoli", "SMOTE", "net"), "error", "made up", fits=outcome_of({"loss": [1.0]}).fits)
    assert histories(failed) == histories(None) == []


def test_every_metric_has_a_panel_of_training_and_validation(run: Run) -> None:
    figure = training_history(CellSource(run), Cell("Ecoli", "SMOTE", NETWORK))
    assert [note["text"] for note in figure["layout"]["annotations"]] == METRICS
    for metric in METRICS:
        means = [trace for trace in panel(figure, metric) if trace["line"]["width"] > 1]
        assert [trace["legendgroup"] for trace in means] == ["training", "validation"]
        assert [trace["line"]["dash"] for trace in means] == ["solid", "dash"]
    assert to_plotly(figure).layout.title.text == f"Training history: Ecoli, SMOTE, {NETWORK}"


def test_repeats_are_thin_lines_with_gaps_between_them(run: Run) -> None:
    outcome = run.by_cell[Cell("Ecoli", "SMOTE", NETWORK)]
    thin, mean = panel(training_history(CellSource(run), outcome.cell), "loss")[:2]
    drawn = [[]]
    for x, y in zip(thin["x"], thin["y"], strict=True):
        if x is None:
            drawn.append([])
        elif y is not None:
            drawn[-1].append(y)
    told = [[round(v, 4) for v in (fit.history or {})["loss"]] for fit in outcome.fits]
    assert [values for values in drawn if values] == told
    assert mean["name"] == "training, mean of 4 repeats (thin: each)"
    assert mean["y"][0] == pytest.approx(np.mean([values[0] for values in told]), abs=1e-4)


def test_one_repeat_is_one_line_that_is_called_no_mean(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, epochs={FOREST: 5})
    run = open_run(folder)
    lines = panel(training_history(CellSource(run), Cell("Ecoli", "Original", FOREST)), "accuracy")
    assert [line["name"] for line in lines] == ["training", "validation"]
    assert lines[0]["x"] == [1, 2, 3, 4, 5]


def test_legend_names_each_part_once(run: Run) -> None:
    data = training_history(CellSource(run), Cell("Ecoli", "SMOTE", NETWORK))["data"]
    assert [trace["legendgroup"] for trace in data if trace.get("showlegend")] == ["training", "validation"]


def test_panels_share_their_epochs_where_a_metric_is_known_in_few() -> None:
    known = outcome_of({"loss": [0.4] * 9, "precision": [0.2, *[math.nan] * 8]})
    source = CellSource(Run.__new__(Run))
    source.outcome = lambda cell: known  # type: ignore[method-assign]
    layout = training_history(source, known.cell)["layout"]
    assert layout["xaxis"]["range"] == layout["xaxis2"]["range"] == [0, 10]


def test_shares_have_the_same_axis_for_every_method_and_loss_starts_at_zero(run: Run) -> None:
    layout = training_history(CellSource(run), Cell("Ecoli", "SMOTE", NETWORK))["layout"]
    assert layout["yaxis"] == {"rangemode": "tozero"}
    assert all(layout[f"yaxis{n}"] == {"range": [-0.02, 1.02]} for n in (2, 3, 4, 5))


def test_many_epochs_are_thinned_and_both_ends_stay(tmp_path: Path) -> None:
    run = open_run(made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, epochs={FOREST: 5000}))
    x = panel(training_history(CellSource(run), Cell("Ecoli", "Original", FOREST)), "loss")[0]["x"]
    assert len(x) == 200
    assert (x[0], x[-1]) == (1, 5000)


@pytest.mark.parametrize(
    ("method", "classifier", "reason"),
    [
        ("SMOTE", FOREST, "RandomForest keeps no training history"),
        ("class_weight", NETWORK, "error. ValueError: made up"),
    ],
)
def test_cell_without_a_history_says_why(run: Run, method: str, classifier: str, reason: str) -> None:
    with pytest.raises(NothingToDraw, match=reason):
        training_history(CellSource(run), Cell("Ecoli", method, classifier))


def test_page_has_the_place_of_histories_only_where_there_are_some(run: Run, without: Run) -> None:
    assert 'id="figure-history-method-classifier"' in build_page(run)
    assert "figure-history" not in build_page(without)
    assert not [key for key in chunks(build_page(without))["data-0"]["figures"] if key.startswith("history")]


def test_page_carries_the_history_of_every_cell_or_its_reason(run: Run) -> None:
    figures = chunks(build_page(run))["data-0"]["figures"]
    assert len(figures[f"history/SMOTE/{NETWORK}"]["traces"]) == 2 * 2 * len(METRICS)
    assert "keeps no training history" in figures[f"history/SMOTE/{FOREST}"]["message"]


def test_file_has_a_row_per_classifier_that_keeps_a_history(run: Run) -> None:
    figure = draw_history(run, "Ecoli", "SMOTE")
    assert [ax.get_title() for ax in figure.axes] == METRICS
    assert figure.axes[0].get_ylabel() == NETWORK
    assert {ax.get_xlim() for ax in figure.axes} == {(0, 22)}
    assert [len(ax.get_lines()) for ax in figure.axes] == [2 * (4 + 1)] * len(METRICS)
    assert "thin: each of 4 repeats" in figure.get_supxlabel()


def test_figures_have_histories_of_the_methods_that_have_some(run: Run, without: Run) -> None:
    names = {path.name for path in write_figures(run, run.folder) if path.name.startswith("history")}
    assert names == {
        f"history_Ecoli_{m}.{ending}" for m in ("Original", "SMOTE") for ending in ("png", "svg")
    }
    assert not [p for p in write_figures(without, without.folder) if p.name.startswith("history")]


def test_refuses_a_figure_of_no_history(run: Run) -> None:
    with pytest.raises(ValueError, match="expected a classifier with a training history, got none"):
        draw_history(run, "Ecoli", "class_weight_of_nobody")
    assert classifiers_with_history(run, "Ecoli", "SMOTE") == [NETWORK]


def test_class_counts_tell_rows_before_and_after_every_method(run: Run) -> None:
    original, smote, weights = class_counts(run, "Ecoli")
    assert original == ClassCounts("Original", ((180, 60),) * 4, ((180, 60),) * 4)
    assert smote.after == ((180, 180),) * 4
    assert weights.after == ((180, 60),) * 4  # of the classifier that did not fail
    assert holdout_counts(run, "Ecoli") == ((45, 15),) * 4


def test_method_whose_cells_all_failed_says_so_among_the_counts(tmp_path: Path) -> None:
    failed = {("Ecoli", "SMOTE", FOREST): "error"}
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, statuses=failed)
    html = chunks(build_page(open_run(folder)))["data-0"]["html"]["counts"]
    assert "SMOTE: no rows were counted. error: ValueError: made up" in html
    assert html.count('<th scope="row">') == 1


def test_counts_that_differ_over_repeats_are_shown_from_lowest_to_highest() -> None:
    counts = [(707, 145), (1_703, 149), (707, 145)]
    assert rows_words(counts, minority=False) == "707 to 1,703"
    assert rows_words(counts[:1], minority=True) == "145"
    assert ratio_words(counts) == "4.88 to 11.43"
    assert ratio_words([(5, 0)]) == "inf"


def test_class_counts_stand_in_the_data_sets_section(run: Run) -> None:
    page = build_page(run)
    assert 'id="part-counts"' in page
    html = chunks(page)["data-0"]["html"]["counts"]
    assert "Hold-out: 45 and 15." in html
    assert "<td>180</td><td>60</td><td>3.00</td><td>180</td><td>180</td><td>1.00</td>" in html


def test_hold_out_alone_is_not_called_a_cross_validation(run: Run, without: Run) -> None:
    html = chunks(build_page(run))["data-0"]["html"]["improvement/SMOTE"]
    assert "on the hold-out (mean over 4 splits)" in html
    axis = folds(CellSource(run), Cell("Ecoli", "SMOTE", FOREST))["layout"]["xaxis"]["title"]["text"]
    assert axis == "hold-out of each repeat; there is no cross-validation"
    assert "there is no cross-validation to choose it in" in build_page(run)
    assert (
        "one split: noisier than the cross"
        in chunks(build_page(without))["data-0"]["html"]["improvement/SMOTE"]
    )
    assert "chosen in cross-validation, compared" in build_page(without)
