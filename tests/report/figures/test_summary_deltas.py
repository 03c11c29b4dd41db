"""The figure of deltas: a panel per metric, a marker per method, colours that say what the interval says."""

from __future__ import annotations

import csv
import json

import pytest
from matplotlib.colors import to_hex

from smote_bench.errors import ConfigError
from smote_bench.report.figures.summary_deltas import draw_deltas, save_figure

METRICS = ["balanced_accuracy", "roc_auc"]


@pytest.fixture
def run(tmp_path):
    (tmp_path / "tables").mkdir()
    manifest = {"experiment": {"priority_metrics": METRICS, "classifiers": {"kNN": {}, "SVM": {}}}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    rows = [
        {"method": "Original"},
        {"method": "Better", **_delta("balanced_accuracy", 0.1, 0.02), **_delta("roc_auc", 0.0, 0.0)},
        {"method": "Worse", **_delta("balanced_accuracy", -0.1, 0.02), **_delta("roc_auc", "", "")},
        {"method": "Unclear", **_delta("balanced_accuracy", 0.1, 0.2), **_delta("roc_auc", 0.01, 0.02)},
    ]
    with (tmp_path / "tables" / "summary.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[1]))
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def _delta(metric, mean, half):
    return {f"delta_{metric}": mean, f"delta_{metric}_half_width": half, f"delta_{metric}_n": 5}


def test_draws_each_method_once_per_metric_and_leaves_out_what_is_undefined(run):
    axes = draw_deltas(run).axes
    assert [ax.get_title() for ax in axes] == METRICS
    assert [len(ax.containers) for ax in axes] == [3, 2]
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["Better", "Worse", "Unclear"]


def test_colours_follow_the_interval(run):
    markers = [container[0] for container in draw_deltas(run).axes[0].containers]
    assert [marker.get_xdata()[0] for marker in markers] == [0.1, -0.1, 0.1]
    assert [to_hex(marker.get_color()) for marker in markers] == ["#0072b2", "#d55e00", "#7f7f7f"]


def test_a_delta_without_an_interval_is_as_grey_as_an_unclear_one(run):
    table = run / "tables" / "summary.csv"
    table.write_text(table.read_text().replace("0.1,0.02", "0.1,"))
    (marker, *_) = draw_deltas(run).axes[0].containers[0]
    assert (marker.get_xdata()[0], to_hex(marker.get_color())) == (0.1, "#7f7f7f")


def test_svg_has_text_as_text_and_the_same_bytes_twice(run):
    for name in ("one.svg", "two.svg"):
        save_figure(draw_deltas(run), run / name)
    assert (run / "one.svg").read_bytes() == (run / "two.svg").read_bytes()
    assert b">Better</text>" in (run / "one.svg").read_bytes()


def test_names_what_is_missing_in_a_folder_that_is_no_run(tmp_path):
    with pytest.raises(ConfigError, match=r"expected the folder of a finished run.*manifest\.json"):
        draw_deltas(tmp_path)


def test_refuses_a_run_of_original_alone(run):
    (run / "tables" / "summary.csv").write_text("method,seconds\nOriginal,1\n")
    with pytest.raises(ConfigError, match="expected a run with methods beside Original"):
        draw_deltas(run)


def test_says_where_cells_are_left_out_and_counts_no_classifiers_then(run):
    path = run / "tables" / "summary.csv"
    assert "n = 5, averaged over 2 classifiers" in draw_deltas(run).get_supxlabel()
    with path.open(newline="") as file:
        rows = [{**row, "delta_balanced_accuracy_left_out": ""} for row in csv.DictReader(file)]
    rows[2] |= {"delta_balanced_accuracy_n": "3", "delta_balanced_accuracy_left_out": "4"}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    said = draw_deltas(run).get_supxlabel()
    assert "n = 3 to 5, cells left out on both sides of: Worse" in said
    assert "averaged over 2 classifiers" not in said
