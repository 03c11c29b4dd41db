"""The guide to the Flare study: tables from a run, pictures, the published class counts."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from made_up import made_up_run

from smote_bench.runs.open import Run, open_run

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "flare.md"

# As the study printed them; those of cleaning and of ADASYN depend on the rows that a split draws.
PUBLISHED = {
    "Original": ("707 / 145", "707 / 145"),
    "RandomUnderSampler": ("707 / 145", "145 / 145"),
    "RandomOverSampler": ("707 / 145", "707 / 707"),
    "SMOTE": ("707 / 145", "707 / 707"),
    "imblearn_SMOTE": ("707 / 145", "707 / 707"),
    "over_under_weights": ("707 / 145", "564 / 282"),
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("document_flare", ROOT / "tools" / "document_flare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = made_up_run(
        tmp_path_factory.mktemp("guide"),
        datasets=1,
        methods=4,
        classifiers=2,
        folds=0,
        repeats=5,
        points=None,
        effects={"SMOTE": 1.5, "class_weight": 0.0, "RandomOverSampler": 0.0},
        statuses={("Ecoli", "class_weight", "LogisticRegression"): "error"},
    )
    return open_run(folder)


def test_guide_holds_every_table_that_the_tool_writes(tool: ModuleType) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for name in [*(f"flare {part}" for part in tool.PARTS), "flare refit"]:
        between = re.search(f"<!-- {name}: begin -->(.*)<!-- {name}: end -->", text, re.S)
        assert between is not None, name
        assert between.group(1).strip(), name


def test_guide_shows_pictures_that_are_there_and_small() -> None:
    pictures = re.findall(r"\]\((images/flare[^)]*)\)", GUIDE.read_text(encoding="utf-8"))
    assert len(pictures) == 2
    for picture in pictures:
        assert 0 < (GUIDE.parent / picture).stat().st_size < 150_000


@pytest.mark.parametrize("treatment", PUBLISHED)
def test_class_counts_of_the_guide_are_the_published_ones(treatment: str) -> None:
    before, after = PUBLISHED[treatment]
    text = GUIDE.read_text(encoding="utf-8")
    assert f"| {treatment} | {before} | {after} |" in text
    assert "Hold-out: 177 majority and 37 minority rows." in text


def test_results_give_mean_and_corrected_interval_or_say_what_is_missing(tool: ModuleType, run: Run) -> None:
    text = tool.results_text(run)
    values = run.by_cell[next(cell for cell in run.by_cell if cell.method == "SMOTE")].values(
        "recall", "holdout"
    )
    mean = sum(values) / len(values)
    assert f"| SMOTE | {mean:.3f} ± " in text.split("**recall**")[1]
    assert re.search(r"\| class_weight \| 0\.\d{3} ± 0\.\d{3} \| not scored \|", text)
    assert text.count("**") == 2 * len(tool.METRICS)


def test_undefined_score_is_counted_and_no_mean_is_given(
    tool: ModuleType, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tool._values(run, "SMOTE", "RandomForest", "recall")
    found[1] = float("nan")
    monkeypatch.setattr(tool, "_values", lambda *_: found)
    assert tool._score(run, "SMOTE", "RandomForest", "recall") == "undefined in 1 of 5"


def test_differences_mark_what_is_beyond_its_interval_and_leave_equal_arms_alone(
    tool: ModuleType, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "METRICS", ("recall", "precision"))
    text = tool.differences_text(run)
    assert re.search(r"\| SMOTE \| \*\*\+0\.\d{3} ± 0\.\d{3}\*\*", text)
    assert re.search(r"\| RandomOverSampler \| [+-]0\.\d{3} ± ", text)
    assert "| class_weight |" in text


def test_run_is_told_with_its_statuses_and_hold_outs(tool: ModuleType, run: Run) -> None:
    assert "8 cells (7 ok, 1 error), 5 hold-outs each" in tool.facts_text(run)


def test_network_is_told_by_pairs_and_by_who_wins_each_hold_out(
    tool: ModuleType, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "METRICS", ("recall",))
    monkeypatch.setattr(tool, "NETWORK", "RandomForest")
    text = tool.network_text(run)
    assert "of the 3 pairs of treatments differ" in text
    assert text.endswith("Best in how many of the 5 hold-outs: SMOTE 5.")
