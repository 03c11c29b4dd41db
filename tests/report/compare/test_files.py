"""What a comparison leaves on disk."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from pathlib import Path

import pytest
from report.two_runs import FOLDS, MORE, a_run, with_outcomes

from smote_bench.evaluation.outcome import Cell
from smote_bench.report.compare.files import comparison_name, run_labels, write_comparison
from smote_bench.report.compare.two_runs import Comparison, compare_runs
from smote_bench.runs.open import Run

_HOSTILE = "</title><img src=x onerror=alert(1)>|`"


def _at(run: Run, folder: str) -> Run:
    return dataclasses.replace(run, folder=Path(folder))


@pytest.fixture
def comparison() -> Comparison:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): MORE, ("two", "SMOTE"): [math.nan, *FOLDS[1:]]})
    return compare_runs(base, other)


def test_writes_four_files_and_nothing_else(tmp_path: Path, comparison: Comparison) -> None:
    paths = write_comparison(tmp_path / "deep" / "er", [comparison], ["x", "y"])
    assert sorted(path.name for path in paths) == [
        "cell_changes.csv",
        "compare.html",
        "compare.json",
        "compare.md",
    ]
    assert sorted(tmp_path.rglob("*.*")) == sorted(paths)


def test_writes_the_same_bytes_again(tmp_path: Path, comparison: Comparison) -> None:
    first, second = (write_comparison(tmp_path / name, [comparison], ["x", "y"]) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_json_has_null_for_what_is_undefined(tmp_path: Path, comparison: Comparison) -> None:
    write_comparison(tmp_path, [comparison], ["x", "y"])

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    plain = json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"), parse_constant=refuse)
    (compared,) = plain["comparisons"]
    (auc, _brier) = compared["scores"]
    assert (auc["metric"], auc["n"], auc["basis"], auc["n_left_out"]) == ("roc_auc", 5, "fits", 1)
    assert auc["mean"] == pytest.approx(0.1)
    assert auc["verdict"] == "better"
    assert compared["cells"]["in_common"] == 2


def test_csv_has_a_row_per_cell_and_metric(tmp_path: Path, comparison: Comparison) -> None:
    write_comparison(tmp_path, [comparison], ["x", "y"])
    with (tmp_path / "cell_changes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["run"], row["dataset"], row["metric"]) for row in rows] == [
        ("y", "one", "roc_auc"),
        ("y", "one", "brier"),
        ("y", "two", "roc_auc"),
        ("y", "two", "brier"),
    ]
    assert float(rows[0]["delta"]) == pytest.approx(0.1)
    assert rows[0]["verdict"] == "better"
    assert (rows[2]["delta"], rows[2]["verdict"]) == ("", "undefined")
    assert rows[3]["verdict"] == "identical"


def test_hostile_names_stay_text_in_page_and_markdown(tmp_path: Path) -> None:
    base = a_run({("one", _HOSTILE): FOLDS, (_HOSTILE, "SMOTE"): FOLDS})

    def break_(outcome):
        reason = _HOSTILE
        if outcome.cell == Cell("one", _HOSTILE, "kNN"):
            return dataclasses.replace(outcome, status="error", reason=reason, fits=())
        return outcome

    other = with_outcomes(base, break_)
    write_comparison(tmp_path, [compare_runs(base, other)], [_HOSTILE, "y"])
    page = (tmp_path / "compare.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert page.count("</title>") == 1
    markdown = (tmp_path / "compare.md").read_text(encoding="utf-8")
    assert "<img" not in markdown.replace(r"\<img", "")


def test_labels_are_the_folders_names_with_as_many_parents_as_it_takes() -> None:
    run = a_run({("one", "SMOTE"): FOLDS})
    assert run_labels([_at(run, "/r/runs/a"), _at(run, "/r/runs/b")]) == ["a", "b"]
    assert run_labels([_at(run, "/x/runs/a"), _at(run, "/y/runs/a")]) == ["x/runs/a", "y/runs/a"]
    assert run_labels([_at(run, "/x/a"), _at(run, "/x/a"), _at(run, "/x/a")]) == ["a", "a (2)", "a (3)"]


def test_a_folders_name_is_safe_and_not_too_long() -> None:
    assert comparison_name(["x/a", "y/a (2)"]) == "x_a-vs-y_a_2_"
    long = [comparison_name(["a" * 100, letter * 100]) for letter in "bc"]
    assert long[0] != long[1]
    assert max(map(len, long)) < 140
