"""Which fits and scores a run lacks that its baseline has, and which it may lack."""

from __future__ import annotations

from typing import Any

import pytest
from gating.judging.structures import has_three_parts, is_any, is_cell, structure_of
from gating.made_evidence import evidence, remove, undefine

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Unit
from smote_bench.gating.judging.structure import Structure

ALL = ("Ecoli", "Yeast")


def test_finds_a_fold_that_one_case_lacks() -> None:
    current = remove(evidence(), cell=is_cell("Ecoli", "SMOTE", "kNN"), unit=lambda unit: unit.fold == 1)
    (problem,) = structure_of(evidence(splits=range(5)), current).problems
    assert (problem.what, problem.where) == ("missing fit", "Ecoli-SMOTE-kNN")
    assert problem.reason.startswith(
        "expected the baseline's 20 fits, got none of fold 1 of split 0: run the case again"
    )


def test_finds_a_fold_that_no_case_has() -> None:
    current = evidence(folds=(0, 1, HOLDOUT_FOLD))
    problems = structure_of(evidence(), current).problems
    assert len(problems) == 8
    assert {problem.what for problem in problems} == {"missing fit"}
    assert len({problem.reason for problem in problems}) == 1


def test_says_in_one_problem_what_a_case_lacks_in_many_splits() -> None:
    current = remove(
        evidence(splits=range(5)),
        cell=is_cell("Ecoli", "SMOTE", "kNN"),
        unit=lambda unit: unit.fold == 1 or unit == Unit(3, HOLDOUT_FOLD),
    )
    (problem,) = structure_of(evidence(splits=range(5)), current).problems
    assert "got none of fold 1 of splits 0, 1, 2, 4; fold 1, the hold-out of split 3: run" in problem.reason


def test_finds_a_missing_hold_out() -> None:
    current = evidence(folds=(0, 1, 2))
    assert "got none of the hold-out" in structure_of(evidence(), current).problems[0].reason


def test_finds_folds_that_the_baseline_does_not_have() -> None:
    problems = structure_of(evidence(), evidence(folds=(0, 1, 2, 3, 4, HOLDOUT_FOLD))).problems
    assert len(problems) == 8
    assert "expected the baseline's 4 fits, got fold 3, fold 4 of split 0 too" in problems[0].reason


def test_a_run_of_fewer_splits_lacks_nothing() -> None:
    assert structure_of(evidence(splits=range(5)), evidence(splits=[0])).problems == ()


def test_splits_beyond_the_baseline_s_are_no_problem() -> None:
    assert structure_of(evidence(splits=[0]), evidence(splits=range(3))).problems == ()


@pytest.mark.parametrize("protocol", [{}, {"random_runs": 1}])
def test_later_splits_of_a_suspicious_method_alone_are_no_missing_fits(protocol: dict[str, Any]) -> None:
    current = remove(
        evidence(splits=range(3), protocol=protocol),
        cell=lambda cell: cell.method == "Original",
        unit=lambda unit: unit.split > 0,
    )
    assert structure_of(evidence(splits=range(5)), current).problems == ()


@pytest.mark.parametrize("protocol", [{"random_runs": 1}, {"cv_folds": 3}])
def test_later_splits_that_all_but_a_single_case_have_are_none_of_the_run_s_own(
    protocol: dict[str, Any],
) -> None:
    few: dict[str, Any] = {"datasets": ["Ecoli"], "classifiers": ["kNN"]}
    current = remove(
        evidence(**few, splits=range(3), protocol=protocol),
        cell=lambda cell: cell.method == "Original",
        unit=lambda unit: unit.split > 0,
    )
    assert structure_of(evidence(**few, splits=range(5)), current).problems == ()


def test_a_later_split_is_missing_where_another_classifier_on_the_same_rows_has_it() -> None:
    current = remove(
        evidence(splits=range(2), protocol={"random_runs": 1}),
        cell=lambda cell: cell.method == "Original" or cell == Cell("Ecoli", "SMOTE", "kNN"),
        unit=lambda unit: unit.split > 0,
    )
    (problem,) = structure_of(evidence(splits=range(5)), current).problems
    assert (problem.what, problem.where) == ("missing fit", "Ecoli-SMOTE-kNN")
    assert "of split 1:" in problem.reason


def test_a_split_of_the_run_s_own_protocol_is_missing_wherever_it_is() -> None:
    current = remove(
        evidence(splits=range(2), protocol={"random_runs": 2}),
        cell=lambda cell: cell.method == "Original",
        unit=lambda unit: unit.split > 0,
    )
    problems = structure_of(evidence(splits=range(5)), current).problems
    assert {problem.where for problem in problems} == {
        f"{dataset}-Original-{classifier}" for dataset in ALL for classifier in ("kNN", "LDA")
    }


def test_a_split_that_every_other_case_of_a_table_has_is_missing() -> None:
    one: dict[str, Any] = {"classifiers": ["kNN"], "splits": range(2)}
    current = remove(evidence(**one), cell=is_cell("Ecoli", "SMOTE", "kNN"), unit=lambda u: u.split == 1)
    (problem,) = structure_of(evidence(**one), current).problems
    assert problem.where == "Ecoli-SMOTE-kNN"


def test_finds_a_fit_that_one_seed_lacks() -> None:
    current = evidence(draws=(0, 1))
    current.scores.present[0, 1, 1] = False
    (problem,) = structure_of(evidence(draws=(0, 1)), current).problems
    assert problem.what == "missing fit"
    assert "got none in 1 fit of seed 1" in problem.reason


def test_a_case_that_lost_all_its_fits_is_found() -> None:
    current = remove(evidence(), cell=is_cell("Ecoli", "SMOTE", "kNN"), unit=is_any)
    (problem,) = structure_of(evidence(), current).problems
    assert problem.where == "Ecoli-SMOTE-kNN"
    assert "got none of fold 0, fold 1, fold 2, the hold-out" in problem.reason


def test_finds_a_score_that_became_undefined() -> None:
    current = undefine(undefine(evidence(), 0, 1, 0, 1), 0, 2, 0, 1)
    (problem,) = structure_of(evidence(draws=(0, 1)), current).problems
    assert (problem.what, problem.where) == ("undefined score", "Ecoli-Original-kNN")
    assert (
        "expected a value of roc_auc in each of 4 folds, as in the baseline, got none in 2" in problem.reason
    )
    assert has_three_parts(problem.reason)


def test_a_score_that_seeds_of_the_baseline_leave_undefined_may_be_so_again() -> None:
    found = structure_of(undefine(evidence(draws=(0, 1)), 0, 1, 1, 1), undefine(evidence(), 0, 1, 0, 1))
    assert found.problems == ()
    assert found.notes == ("1 score undefined on both sides (roc_auc) could not be compared",)


def test_notes_a_score_that_became_defined() -> None:
    found = structure_of(undefine(evidence(), 0, 1, 0, 1), evidence())
    assert found == Structure(notes=("1 score undefined in the baseline (roc_auc) came out defined",))
