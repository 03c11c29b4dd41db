"""Training histories as the page draws them: a panel per metric, repeats thin, their mean thick."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run
from report.histories import FOREST, METRICS, NETWORK, outcome_of, run_with_history

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.charts.cells import CellSource
from smote_bench.report.charts.history import training_history
from smote_bench.report.charts.style import NothingToDraw, to_plotly
from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_with_history(tmp_path_factory.mktemp("history"))


def panel(figure: dict, metric: str) -> list[dict]:
    """Return the traces of the panel with a title."""
    place = [note["text"] for note in figure["layout"]["annotations"]].index(metric)
    axis = "x" if place == 0 else f"x{place + 1}"
    return [trace for trace in figure["data"] if trace["xaxis"] == axis]


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
