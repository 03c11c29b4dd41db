"""Which cells of two runs are compared, and how their fits are paired."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
from report.two_runs import FOLDS, a_run, said, with_outcomes

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.report.compare.two_runs import compare_runs
from smote_bench.runs.open import Run


def test_another_protocol_is_not_paired_and_says_why(runs: Any) -> None:
    comparison = compare_runs(runs(), runs(folds=10, seed=1))
    assert {pair.pairing for pair in comparison.compared} == {"unpaired"}
    assert any("not paired" in warning and "cv_folds 5 -> 10" in warning for warning in comparison.warnings)
    assert [(c.what, c.base, c.other) for c in comparison.changes] == [("cv_folds", "5", "10")]
    assert comparison.differences["balanced_accuracy"].n == 3


def test_repeats_that_both_runs_have_are_paired() -> None:
    base = a_run({("one", "SMOTE"): FOLDS + [0.9] * 5}, random_runs=2)
    # its first repeat has the seed of the base's second
    other = a_run({("one", "SMOTE"): [0.8] * 5}, random_state=43)
    comparison = compare_runs(base, other)
    (pair,) = comparison.compared
    assert (pair.pairing, len(pair.common)) == ("paired", 5)
    assert comparison.differences["roc_auc"].mean == pytest.approx(-0.1)
    assert any("paired by the fits on the same rows" in warning for warning in comparison.warnings)


def test_splits_of_other_sizes_are_not_the_same_rows() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})

    def resized(outcome: Outcome) -> Outcome:
        fits = tuple(dataclasses.replace(fit, rows_before=(81, 19)) for fit in outcome.fits)
        return dataclasses.replace(outcome, fits=fits)

    comparison = compare_runs(base, with_outcomes(base, resized))
    assert comparison.cells.n_rows_differ == 1
    assert not comparison.is_paired
    assert any("splitter changed" in warning for warning in comparison.warnings)


def test_another_digest_is_left_out_and_warned_of(runs: Any) -> None:
    base = runs()

    def other_table(outcome: Outcome) -> Outcome:
        is_ecoli = outcome.cell.dataset == "Ecoli"
        return dataclasses.replace(outcome, digest="another") if is_ecoli else outcome

    other = with_outcomes(runs(seed=1), other_table)
    comparison = compare_runs(base, other)
    assert comparison.differences["roc_auc"].n == 2
    assert "Ecoli" not in set(comparison.by_cell["dataset"])
    assert any("Ecoli" in warning and "8 cells not comparable" in warning for warning in comparison.warnings)
    as_asked = compare_runs(base, other, any_data=True)
    assert as_asked.differences["roc_auc"].n == 3
    assert any("as asked" in warning for warning in as_asked.warnings)


def test_cells_in_one_run_only_are_told_apart(runs: Any) -> None:
    small, large = runs(datasets=2, methods=2), runs(datasets=3, methods=2)
    comparison = compare_runs(small, large)
    assert comparison.cells.only_base == ()
    assert {cell.dataset for cell in comparison.cells.only_other} == {"Ionosphere"}
    assert {cell.dataset for cell in compare_runs(large, small).cells.only_base} == {"Ionosphere"}


def test_cells_that_broke_stand_first_among_changed_statuses(runs: Any) -> None:
    broke = {("Ionosphere", "SMOTE", "RandomForest"): "error", ("Ecoli", "SMOTE", "RandomForest"): "noop"}
    comparison = compare_runs(runs(), runs(statuses=broke))
    first, second = comparison.cells.status_changes
    assert (first.cell.dataset, first.base, first.other, first.is_loss) == ("Ionosphere", "ok", "error", True)
    assert first.reason == "ValueError: made up"
    assert (second.other, second.is_loss) == ("noop", False)
    assert len(comparison.compared) == 23


def test_the_same_scores_under_another_status_are_not_identical() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    other = with_outcomes(base, lambda o: dataclasses.replace(o, status="noop", reason="nothing to do"))
    assert compare_runs(base, other).n_identical == 0


def test_a_renamed_method_is_compared_under_the_bases_name() -> None:
    base = a_run({("one", "Original"): FOLDS, ("one", "SMOTE"): FOLDS})
    other = _with_method_renamed(base, "SMOTE", "mine")
    comparison = compare_runs(base, other)
    assert comparison.cells.renamed["methods"] == {"SMOTE": "mine"}
    assert comparison.n_identical == 2
    assert not comparison.cells.only_base
    assert not comparison.cells.only_other


def test_another_definition_is_no_new_name() -> None:
    base = a_run({("one", "Original"): FOLDS, ("one", "SMOTE"): FOLDS})
    other = _with_method_renamed(base, "SMOTE", "mine")
    other.manifest["experiment"]["methods"]["mine"]["steps"][0]["params"] = {"k": 7}
    comparison = compare_runs(base, other)
    assert not comparison.cells.renamed["methods"]
    assert [cell.method for cell in comparison.cells.only_base] == ["SMOTE"]
    assert [cell.method for cell in comparison.cells.only_other] == ["mine"]


def _with_method_renamed(run: Run, before: str, after: str) -> Run:
    def rename(outcome: Outcome) -> Outcome:
        cell = outcome.cell
        name = after if cell.method == before else cell.method
        return dataclasses.replace(outcome, cell=Cell(cell.dataset, name, cell.classifier))

    manifest: Any = copy.deepcopy(run.manifest)
    methods = manifest["experiment"]["methods"]
    methods[after] = methods.pop(before) | {"name": after}
    return dataclasses.replace(with_outcomes(run, rename), manifest=manifest)


def test_the_hold_out_is_compared_where_one_run_has_no_folds(runs: Any) -> None:
    comparison = compare_runs(runs(), runs(folds=0))
    assert {pair.phase for pair in comparison.compared} == {"holdout"}
    # same test_size and random_state: the same hold-out
    assert comparison.is_paired
    assert any("hold-out" in warning for warning in comparison.warnings)


def test_runs_without_a_cell_in_common_have_nothing_to_compare() -> None:
    comparison = compare_runs(a_run({("one", "SMOTE"): FOLDS}), a_run({("two", "SMOTE"): FOLDS}))
    assert not comparison.cells.pairs
    assert comparison.differences["roc_auc"].n == 0
    assert said(comparison, "roc_auc") == "undefined"
