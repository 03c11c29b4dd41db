"""Ours beside other libraries' in one line: equal within noise, different, or not known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench.report.analysis.same_method import same_method_lines
from smote_bench.report.page.answer import answer_section
from smote_bench.report.text.ci_summary import build_ci_summary
from smote_bench.runs.open import Run, open_run

METHODS = ("Original", "SMOTE", "sv.SMOTE", "imblearn.SMOTE", "ADASYN")


def _run(folder: Path, monkeypatch: pytest.MonkeyPatch, *, datasets: int = 7, **effects: float) -> Run:
    monkeypatch.setattr("made_up.METHODS", METHODS)
    monkeypatch.setattr("made_up.DATASETS", _NAMES)
    chosen = {"SMOTE": 0.3, "sv.SMOTE": 0.3, "imblearn.SMOTE": 0.3, **effects}
    return open_run(made_up_run(folder, datasets=datasets, methods=5, effects=chosen, rows=4000, folds=3))


_NAMES = ("Ecoli", "Haberman", "Ionosphere", "Pima_diabetes", "Flare", "Satimage", "Abalone")


def test_the_same_scores_are_equal_and_another_effect_is_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _run(tmp_path, monkeypatch, **{"imblearn.SMOTE": 1.2})
    (line,) = same_method_lines(run, "balanced_accuracy")
    assert line.startswith("SMOTE in other libraries, their balanced_accuracy against ours")
    first, second = line.split("): ", maxsplit=1)[1].split("; ")
    assert re.match(r"SMOTE \(sv\) [+-]0\.\d{4} ± 0\.\d{4} over 7 data sets, equal within noise", first), line
    assert re.match(r"SMOTE \(imblearn\) .* over 7 data sets, (better|worse)\.", second), line


def test_few_data_sets_carry_no_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = same_method_lines(_run(tmp_path, monkeypatch, datasets=3), "balanced_accuracy")
    assert line.count("over 3 data sets, too few to say more") == 2


def test_without_another_librarys_there_is_no_line(tmp_path: Path) -> None:
    assert same_method_lines(open_run(made_up_run(tmp_path)), "balanced_accuracy") == []


def test_page_and_summary_have_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from smote_bench.report.analysis.answer import answer

    run = _run(tmp_path, monkeypatch)
    assert "SMOTE in other libraries" in build_ci_summary(run).replace("\\", "")
    assert answer_section(run, answer(run)).count("SMOTE in other libraries") == len(run.priority_metrics)
