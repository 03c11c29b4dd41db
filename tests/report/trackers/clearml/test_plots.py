"""Interactive plots of a task: legends, colours and coordinates of the original test bench's plots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run
from report.trackers.clearml_sessions import record_removed_rows
from sklearn.metrics import average_precision_score, roc_auc_score

from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.points import GROUPS
from smote_bench.report.trackers.clearml.plots import colour, curve_reports, pca_reports, tsne_reports
from smote_bench.report.trackers.clearml.reports import Line, Plot, Report
from smote_bench.runs.open import Run, open_run

CLASSIFIERS = ("RandomForest", "LogisticRegression")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Methods that make rows, resample nothing, and remove rows as well."""
    folder = made_up_run(
        tmp_path_factory.mktemp("plots"),
        datasets=1,
        methods=4,
        classifiers=2,
        folds=2,
        repeats=2,
        rows=160,
        points=60,
        statuses={("Ecoli", "SMOTE", "LogisticRegression"): "error"},
    )
    record_removed_rows(folder, "Ecoli", "RandomOverSampler")
    return open_run(folder)


def plots(reports: Iterator[Report]) -> dict[tuple[str, str], dict]:
    return {(p.title, p.series): dict(p.figure) for p in reports if isinstance(p, Plot)}


@pytest.mark.parametrize(
    ("kind", "key", "score"),
    [
        ("roc", ("ROC", "ROC"), roc_auc_score),
        ("pr", ("Precision-Recall Curve", "PR"), average_precision_score),
    ],
)
def test_a_curve_per_classifier_before_and_after_has_the_area_of_the_pooled_hold_out(
    run: Run, kind: str, key: tuple[str, str], score
) -> None:
    (found,) = plots(curve_reports(run, kind, "Ecoli", "class_weight")).items()
    assert found[0] == key
    traces = {trace["name"]: trace for trace in found[1]["data"]}
    assert list(traces) == [f"{c} ({word})" for c in CLASSIFIERS for word in ("original", "synthetic")]
    for classifier in CLASSIFIERS:
        for method, word, dash in (
            ("Original", "original", "solid"),
            ("class_weight", "synthetic", "dash"),
        ):
            trace = traces[f"{classifier} ({word})"]
            assert trace["line"]["dash"] == dash
            fits = [
                fit
                for fit in run.predictions(Cell("Ecoli", method, classifier)).fits
                if fit.phase == "holdout"
            ]
            assert len(fits) == 2
            area = score(np.concatenate([f.truth for f in fits]), np.concatenate([f.score for f in fits]))
            assert np.trapezoid(trace["y"], trace["x"]) == pytest.approx(area, abs=1e-9)
    first, second = (traces[f"{classifier} (original)"]["line"]["color"] for classifier in CLASSIFIERS)
    assert first != second
    assert traces[f"{CLASSIFIERS[0]} (synthetic)"]["line"]["color"] == first


def test_original_has_its_own_curves_alone(run: Run) -> None:
    figure = plots(curve_reports(run, "roc", "Ecoli", "Original"))["ROC", "ROC"]
    assert [trace["name"] for trace in figure["data"]] == [f"{c} (original)" for c in CLASSIFIERS]


def test_a_cell_that_failed_has_no_curve(run: Run) -> None:
    figure = plots(curve_reports(run, "pr", "Ecoli", "SMOTE"))["Precision-Recall Curve", "PR"]
    assert [trace["name"] for trace in figure["data"]] == [
        "RandomForest (original)",
        "RandomForest (synthetic)",
        "LogisticRegression (original)",
    ]


def test_a_curve_that_cannot_be_drawn_is_named_with_the_reason(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "predictions", lambda self, cell: None)
    found = list(curve_reports(run, "roc", "Ecoli", "Original"))
    assert Line("ROC: no curve of RandomForest (original): no predictions were recorded") in found
    assert Line("ROC: no curve to draw") in found
    assert plots(iter(found)) == {}


def test_rows_lie_on_the_principal_axes_in_series_of_one_trace(run: Run) -> None:
    found = plots(pca_reports(run, "Ecoli", "SMOTE"))
    names = {key: [trace["name"] for trace in figure["data"]] for key, figure in found.items()}
    assert names == {
        ("Original Distribution", "Class_0"): ["Class_0 (majority)"],
        ("Original Distribution", "Class_1"): ["Class_1 (minority)"],
        ("Original + SMOTE", "Original_Class_0"): ["Original_Class_0 (majority)"],
        ("Original + SMOTE", "Original_Class_1"): ["Original_Class_1 (minority)"],
        ("Original + SMOTE", "Synthetic_Samples"): ["Synthetic_Samples (synthetic)"],
    }
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    for series, group in (("Original_Class_0", "majority"), ("Synthetic_Samples", "synthetic")):
        (trace,) = found["Original + SMOTE", series]["data"]
        places = points.pca[points.group == GROUPS.index(group)]
        np.testing.assert_array_equal(np.float32([trace["x"], trace["y"]]).T, places)
    colours = {series: figure["data"][0]["marker"]["color"] for (_, series), figure in found.items()}
    assert colours["Class_0"] == colours["Original_Class_0"]
    assert len(set(colours.values())) == 3


def test_removed_rows_are_a_series_of_their_own(run: Run) -> None:
    found = plots(pca_reports(run, "Ecoli", "RandomOverSampler"))
    n_rows = {
        series: len(figure["data"][0]["x"]) for (title, series), figure in found.items() if "+" in title
    }
    assert n_rows == {
        "Original_Class_0": 40,
        "Original_Class_1": 12,
        "Removed_Samples": 8,
        "Synthetic_Samples": 7,
    }
    (trace,) = found["Original + SMOTE", "Removed_Samples"]["data"]
    assert trace["name"] == "Removed_Samples (removed)"
    assert ("Original Distribution", "Removed_Samples") not in found


@pytest.mark.parametrize("method", ["Original", "class_weight"])
def test_a_method_that_resamples_nothing_shows_the_rows_before_alone(run: Run, method: str) -> None:
    place = {("Ecoli", "Original"): np.zeros((60, 2))}
    found = [*pca_reports(run, "Ecoli", method), *tsne_reports(run, "Ecoli", method, place)]
    assert {key[0] for key in plots(iter(found))} == {"Original Distribution", "Original Distribution TSNE"}


def test_tsne_has_the_same_series_under_titles_of_its_own(run: Run) -> None:
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    place = np.random.default_rng(0).normal(size=(len(points.X), 2)).astype(np.float32)
    found = plots(tsne_reports(run, "Ecoli", "SMOTE", {("Ecoli", "SMOTE"): place}))
    expected = plots(pca_reports(run, "Ecoli", "SMOTE"))
    assert set(found) == {(f"{title} TSNE", series) for title, series in expected}
    (trace,) = found["Original + SMOTE TSNE", "Synthetic_Samples"]["data"]
    chosen = points.group == GROUPS.index("synthetic")
    np.testing.assert_array_equal(np.float32([trace["x"], trace["y"]]).T, place[chosen])


def test_a_tsne_that_was_not_computed_is_said_to_be_missing(run: Run) -> None:
    (line,) = tsne_reports(run, "Ecoli", "SMOTE", {})
    assert line == Line("Original Distribution TSNE: no t-SNE of Ecoli, SMOTE: it was not computed")


def test_points_that_were_not_recorded_are_said_to_be_missing(tmp_path: Path) -> None:
    bare = open_run(
        made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, folds=2, rows=80, points=None)
    )
    for reports in (pca_reports(bare, "Ecoli", "SMOTE"), tsne_reports(bare, "Ecoli", "SMOTE", {})):
        (line,) = reports
        assert isinstance(line, Line)
        assert "points" in line.text


def test_forty_classifiers_have_forty_colours() -> None:
    names = [f"classifier {n}" for n in range(40)]
    assert len({colour(name, names).lower() for name in names}) == 40
