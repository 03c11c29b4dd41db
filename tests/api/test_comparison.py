"""`smote_bench.compare`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from made_up import made_up_run

import smote_bench


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("two") / "reports"
    size = {"datasets": 2, "methods": 2, "classifiers": 1, "folds": 3, "points": None}
    made_up_run(out, name="before", **size)
    made_up_run(out, name="after", effects={"SMOTE": 1.5}, **size)
    return out


def test_cells_differences_and_words_say_what_changed(out: Path) -> None:
    comparison = smote_bench.compare("before", smote_bench.open_run("after", out), out=out)
    assert not comparison.is_identical
    assert set(comparison.cells["method"]) == {"Original", "SMOTE"}
    by_method = comparison.by_method.set_index(["method", "metric"])["verdict"]
    assert by_method["Original", "g_mean"] == "identical"
    assert by_method["SMOTE", "g_mean"] != "identical"
    row = comparison.differences.set_index("metric").loc["g_mean"]
    cells = comparison.cells[comparison.cells["metric"] == "g_mean"]
    assert row["n_cells"] == len(cells) == 4
    assert row["mean"] == pytest.approx(cells["delta"].mean())
    assert "Comparison\n==========" in str(comparison)
    assert repr(comparison) == "<Comparison one-before -> one-after: 2 of 4 cells in common identical>"
    assert "<table>" in comparison._repr_html_()


def test_a_run_is_identical_to_itself_and_warned_of(out: Path) -> None:
    comparison = smote_bench.compare("before", "before", out=out)
    assert comparison.is_identical
    assert comparison.warnings == ["both are the same folder"]
    assert comparison.changes.empty
    assert len(comparison.changes.columns) > 2, "an empty table has its columns"


def test_what_is_handed_out_can_be_changed_without_changing_the_comparison(out: Path) -> None:
    comparison = smote_bench.compare("before", "after", out=out)
    names = ("cells", "differences", "by_method", "changes")
    before, said = [getattr(comparison, name).copy() for name in names], str(comparison)
    for name in names:
        frame = getattr(comparison, name)
        frame.insert(0, "mine", 1)
        del frame[frame.columns[1]]
    comparison.warnings.append("mine")
    for name, frame in zip(names, before, strict=True):
        pd.testing.assert_frame_equal(getattr(comparison, name), frame)
    assert str(comparison) == said
    assert "mine" not in comparison.warnings


def test_a_run_that_is_not_there_is_told(out: Path) -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"Did you mean 'one-before'\?"):
        smote_bench.compare("beffore", "after", out=out)
