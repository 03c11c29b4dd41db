"""Training histories in figures: a row per classifier that keeps one."""

from __future__ import annotations

import pytest
from report.histories import METRICS, NETWORK, run_with_history, run_without_history

from smote_bench.report.analysis.history import classifiers_with_history
from smote_bench.report.figures.files import write_figures
from smote_bench.report.figures.history import draw_history
from smote_bench.runs.open import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_with_history(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_without_history(tmp_path_factory.mktemp("without"))


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
