"""`smote_bench.Run`: tables, ranking, figures, report of a finished run.

Also of: report.figures.shown.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import made_up_run

import smote_bench
from smote_bench.report.figures import files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_run(
        tmp_path_factory.mktemp("made") / "reports",
        datasets=2,
        methods=3,
        classifiers=1,
        folds=3,
        epochs={"RandomForest": 4},
        statuses={("Haberman", "class_weight", "RandomForest"): "error"},
    )


@pytest.fixture(scope="module")
def run(folder: Path) -> smote_bench.Run:
    return smote_bench.open_run(folder)


def test_scores_and_cells_are_those_of_the_files(run: smote_bench.Run, folder: Path) -> None:
    for frame, name in ((run.scores, "scores.csv"), (run.cells, "cells.csv")):
        stored = pd.read_csv(folder / name, keep_default_na=False)
        assert list(frame.columns) == list(stored.columns)
        assert len(frame) == len(stored)
    assert run.scores["value"].dtype == float
    assert list(run.cells["status"]).count("error") == 1


def test_what_is_handed_out_can_be_changed_without_changing_the_run(folder: Path) -> None:
    run = smote_bench.Run(folder)
    before = [run.deltas(), run.ranking(), run.intervals(), run.scores, run.cells]
    manifest, said = json.dumps(run.manifest), (repr(run), run.answer, run.caveats)
    for frame in (run.scores, run.cells, run.deltas(), run.ranking(), run.intervals()):
        frame.iloc[::2] = frame.iloc[::-2].to_numpy()
        frame.insert(0, "mine", 1)
        del frame[frame.columns[1]]
    run.manifest["experiment"]["protocol"]["test_size"] = 0.9
    run.manifest.clear()
    run.answer.clear()
    run.caveats.clear()
    after = [run.deltas(), run.ranking(), run.intervals(), run.scores, run.cells]
    for one, other in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert json.dumps(run.manifest) == manifest
    assert (repr(run), run.answer, run.caveats) == said


def test_deltas_stand_beside_originals_score_on_the_same_fold(run: smote_bench.Run) -> None:
    deltas, scores = run.deltas(), run.scores
    assert len(deltas) == (scores["method"] != "Original").sum()
    assert "Original" not in set(deltas["method"])
    row = deltas.iloc[-1]
    same = ["dataset", "classifier", "phase", "repeat", "fold", "metric"]
    original = scores[(scores["method"] == "Original") & (scores[same] == row[same]).all(axis=1)]
    assert row["original"] == original["value"].item()
    assert row["delta"] == row["treated"] - row["original"]


def test_deltas_without_original_are_undefined_and_still_there(tmp_path: Path) -> None:
    lost = {("Ecoli", "Original", "RandomForest"): "error"}
    run = smote_bench.Run(made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, statuses=lost))
    assert len(run.deltas()) == len(run.scores) > 0
    assert run.deltas()["delta"].isna().all()


def test_ranking_and_intervals_are_of_the_first_priority_metrics_unless_told(run: smote_bench.Run) -> None:
    assert run.ranking().equals(run.ranking("balanced_accuracy"))
    assert set(run.ranking("mcc")["method"]) == set(run.methods)
    assert set(run.intervals()["metric"]) == set(run.priority_metrics)
    assert set(run.intervals("mcc")["metric"]) == {"mcc"}
    assert set(run.intervals(["mcc", "roc_auc"])["metric"]) == {"mcc", "roc_auc"}
    assert np.isfinite(run.intervals()["delta"]).any()


def test_a_wrong_metric_gets_a_suggestion(run: smote_bench.Run) -> None:
    for call in (run.ranking, run.intervals, lambda name: run.figure("ranks", metric=name)):
        with pytest.raises(smote_bench.ConfigError, match=r"got 'gmean'\. Did you mean 'g_mean'\?"):
            call("gmean")


@pytest.mark.parametrize("metrics", [[], (), "", 3, [3]])
def test_no_metrics_are_told_in_place_of_an_empty_table(metrics: Any, run: smote_bench.Run) -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"^expected names for metrics, got"):
        run.intervals(metrics)


@pytest.mark.parametrize("name", sorted(files.FIGURES))
def test_every_kind_of_figure_is_drawn_as_a_picture_for_notebooks(name: str, run: smote_bench.Run) -> None:
    of = {"dataset": "Ecoli", "method": "SMOTE", "metric": "roc_auc"}
    figure = run.figure(name, **{what: of[what] for what in files.FIGURES[name]})
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_figures_are_those_that_the_folder_has(run: smote_bench.Run) -> None:
    assert {key[0] for key in files._stems(run._stored)} == set(files.FIGURES)


def test_figures_of_metrics_without_priority_are_drawn_too(run: smote_bench.Run) -> None:
    assert "mcc" not in run.priority_metrics
    for name in ("ranks", "heat_map", "bayes", "pareto"):
        assert run.figure(name, metric="mcc").axes


def test_deltas_are_over_all_data_sets_unless_one_is_named(run: smote_bench.Run) -> None:
    assert len(run.figure().axes) == len(run.priority_metrics)
    assert len(run.figure("deltas", dataset="Ecoli").axes) != 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "delta"}, r"got 'delta'\. Did you mean 'deltas'\? Choose from deltas, seconds, rows"),
        ({"name": "folds"}, r"expected dataset=, got none: choose from Ecoli, Haberman"),
        ({"name": "folds", "dataset": "Ecol"}, r"Did you mean 'Ecoli'\?"),
        ({"name": "curves", "dataset": "Ecoli", "method": "SMOT"}, r"Did you mean 'SMOTE'\?"),
        ({"name": "ranks", "dataset": "Ecoli"}, r"expected no dataset for the figure ranks, got 'Ecoli'"),
        ({"name": "deltas", "metric": "mcc"}, r"expected no metric for the figure deltas, got 'mcc'"),
        ({"name": "points", "dataset": "Ecoli", "method": "class_weight"}, r"expected something to draw"),
    ],
)
def test_a_figure_that_is_not_there_is_told(
    arguments: dict[str, str], words: str, run: smote_bench.Run
) -> None:
    with pytest.raises(smote_bench.ConfigError, match=words):
        run.figure(**arguments)


def test_it_shows_the_answer_and_the_ranking(run: smote_bench.Run) -> None:
    page = run._repr_html_()
    assert run.answer[0] in page.replace("&#x27;", "'")
    assert page.count("<tr>") == 1 + len(run.methods)
    assert "<script" not in page
    assert repr(run).startswith("<Run one-made-up: 6 cells (5 ok, 1 error) in ")
    assert run.caveats


def test_names_of_users_are_escaped_in_notebooks(tmp_path: Path) -> None:
    run = smote_bench.Run(made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=None))
    run._answer = lambda: _Answer()  # type: ignore[method-assign]
    assert "<b>" not in run._repr_html_()
    assert "&lt;b&gt;" in run._repr_html_()


class _Answer:
    verdict, subject, sentences = "helps", "<b>Oversampling</b>", ["<b>it</b> helped"]


def test_the_report_is_made_once_and_again_when_asked(tmp_path: Path) -> None:
    run = smote_bench.Run(made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, points=None))
    page = run.report(tsne="off")
    assert page == run.folder / "report.html"
    assert page.is_file()
    page.write_text("mine")
    assert run.report().read_text() == "mine"
    assert run.report(again=True, tsne="off").read_text() != "mine"
    with pytest.raises(smote_bench.ConfigError, match="expected tsne to be auto, on or off, got 'yes'"):
        run.report(again=True, tsne="yes")  # type: ignore[arg-type]


def test_a_report_can_be_made_against_another_run(tmp_path: Path) -> None:
    one, other = (
        smote_bench.Run(
            made_up_run(tmp_path / name, datasets=1, methods=2, classifiers=1, folds=2, points=None)
        )
        for name in ("one", "other")
    )
    page = one.report(tsne="off")
    assert other.folder.name not in page.read_text()
    assert other.folder.name in one.report(tsne="off", against=other).read_text()
    with pytest.raises(smote_bench.ConfigError, match="expected another run in 'against'"):
        one.report(against=one)


def test_runs_are_opened_by_folder_name_or_part_of_it(folder: Path) -> None:
    out = folder.parent.parent
    for word in (folder, str(folder), folder.name, "made-up", "latest"):
        assert os.path.samefile(smote_bench.open_run(word, out=out).folder, folder)
    with pytest.raises(smote_bench.ConfigError, match=r"Did you mean 'one-made-up'\?"):
        smote_bench.open_run("made-upp", out=out)
    with pytest.raises(smote_bench.ConfigError, match=r"expected a run's folder or name, got 3 \(int\)"):
        smote_bench.open_run(3)  # type: ignore[arg-type]
