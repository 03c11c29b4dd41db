"""Step 0 of the gate: what is missing, what is broken, what cannot be compared."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from gate.made_evidence import evidence, remove, undefine

from smote_bench.evaluation.outcome import Cell
from smote_bench.gate.evidence.evidence import Evidence
from smote_bench.gate.evidence.panel import HOLDOUT_FOLD, Unit
from smote_bench.gate.judging.structure import Structure, structure

ALL = ("Ecoli", "Yeast")


def _judge(baseline: Evidence, current: Evidence, **others: Any) -> Structure:
    return structure(baseline, current, **{"partial": False, **others})


def _is(*names: str) -> Any:
    return lambda cell: cell == Cell(*names)


def _any(_: object) -> bool:
    return True


def _with_status(given: Evidence, status: str, reason: str = "", case: int = 0) -> Evidence:
    cell = given.scores.cells[case]
    return dataclasses.replace(given, statuses={**given.statuses, cell: (status, reason)})


def _has_three_parts(reason: str) -> bool:
    return reason.startswith("expected ") and ", got " in reason and (": " in reason or "; " in reason)


def test_finds_nothing_where_both_sides_have_the_same() -> None:
    assert _judge(evidence(draws=(0, 1, 2, 3), splits=range(5)), evidence()) == Structure()


def test_names_each_missing_case() -> None:
    found = _judge(evidence(), evidence(datasets=["Ecoli"]))
    assert [(problem.what, problem.where) for problem in found.problems] == [
        ("missing case", f"Yeast-{method}-{classifier}")
        for method in ("Original", "SMOTE")
        for classifier in ("LDA", "kNN")
    ]
    assert all(_has_three_parts(problem.reason) for problem in found.problems)


def test_lists_what_a_part_of_the_grid_leaves_out_as_not_selected() -> None:
    found = _judge(evidence(), evidence(datasets=["Ecoli"]), partial=True)
    assert found.problems == ()
    assert len(found.not_selected) == 4
    assert all(case.startswith("Yeast-") for case in found.not_selected)


def test_lists_new_cases_without_a_problem() -> None:
    found = _judge(evidence(datasets=["Ecoli"], methods=["SMOTE"]), evidence(datasets=["Ecoli"]))
    assert found == Structure(new_cases=("Ecoli-Original-LDA", "Ecoli-Original-kNN"))


def test_finds_a_fold_that_one_case_lacks() -> None:
    current = remove(evidence(), cell=_is("Ecoli", "SMOTE", "kNN"), unit=lambda unit: unit.fold == 1)
    (problem,) = _judge(evidence(splits=range(5)), current).problems
    assert (problem.what, problem.where) == ("missing fit", "Ecoli-SMOTE-kNN")
    assert problem.reason.startswith(
        "expected the baseline's 20 fits, got none of fold 1 of split 0: run the case again"
    )


def test_finds_a_fold_that_no_case_has() -> None:
    current = evidence(folds=(0, 1, HOLDOUT_FOLD))
    problems = _judge(evidence(), current).problems
    assert len(problems) == 8
    assert {problem.what for problem in problems} == {"missing fit"}
    assert len({problem.reason for problem in problems}) == 1


def test_says_in_one_problem_what_a_case_lacks_in_many_splits() -> None:
    current = remove(
        evidence(splits=range(5)),
        cell=_is("Ecoli", "SMOTE", "kNN"),
        unit=lambda unit: unit.fold == 1 or unit == Unit(3, HOLDOUT_FOLD),
    )
    (problem,) = _judge(evidence(splits=range(5)), current).problems
    assert "got none of fold 1 of splits 0, 1, 2, 4; fold 1, the hold-out of split 3: run" in problem.reason


def test_finds_a_missing_hold_out() -> None:
    current = evidence(folds=(0, 1, 2))
    assert "got none of the hold-out" in _judge(evidence(), current).problems[0].reason


def test_finds_folds_that_the_baseline_does_not_have() -> None:
    problems = _judge(evidence(), evidence(folds=(0, 1, 2, 3, 4, HOLDOUT_FOLD))).problems
    assert len(problems) == 8
    assert "expected the baseline's 4 fits, got fold 3, fold 4 of split 0 too" in problems[0].reason


def test_a_run_of_fewer_splits_lacks_nothing() -> None:
    assert _judge(evidence(splits=range(5)), evidence(splits=[0])).problems == ()


def test_splits_beyond_the_baseline_s_are_no_problem() -> None:
    assert _judge(evidence(splits=[0]), evidence(splits=range(3))).problems == ()


@pytest.mark.parametrize("protocol", [{}, {"random_runs": 1}])
def test_later_splits_of_a_suspicious_method_alone_are_no_missing_fits(protocol: dict[str, Any]) -> None:
    current = remove(
        evidence(splits=range(3), protocol=protocol),
        cell=lambda cell: cell.method == "Original",
        unit=lambda unit: unit.split > 0,
    )
    assert _judge(evidence(splits=range(5)), current).problems == ()


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
    assert _judge(evidence(**few, splits=range(5)), current).problems == ()


def test_a_later_split_is_missing_where_another_classifier_on_the_same_rows_has_it() -> None:
    current = remove(
        evidence(splits=range(2), protocol={"random_runs": 1}),
        cell=lambda cell: cell.method == "Original" or cell == Cell("Ecoli", "SMOTE", "kNN"),
        unit=lambda unit: unit.split > 0,
    )
    (problem,) = _judge(evidence(splits=range(5)), current).problems
    assert (problem.what, problem.where) == ("missing fit", "Ecoli-SMOTE-kNN")
    assert "of split 1:" in problem.reason


def test_a_split_of_the_run_s_own_protocol_is_missing_wherever_it_is() -> None:
    current = remove(
        evidence(splits=range(2), protocol={"random_runs": 2}),
        cell=lambda cell: cell.method == "Original",
        unit=lambda unit: unit.split > 0,
    )
    problems = _judge(evidence(splits=range(5)), current).problems
    assert {problem.where for problem in problems} == {
        f"{dataset}-Original-{classifier}" for dataset in ALL for classifier in ("kNN", "LDA")
    }


def test_a_split_that_every_other_case_of_a_table_has_is_missing() -> None:
    one: dict[str, Any] = {"classifiers": ["kNN"], "splits": range(2)}
    current = remove(evidence(**one), cell=_is("Ecoli", "SMOTE", "kNN"), unit=lambda u: u.split == 1)
    (problem,) = _judge(evidence(**one), current).problems
    assert problem.where == "Ecoli-SMOTE-kNN"


def test_finds_a_fit_that_one_seed_lacks() -> None:
    current = evidence(draws=(0, 1))
    current.scores.present[0, 1, 1] = False
    (problem,) = _judge(evidence(draws=(0, 1)), current).problems
    assert problem.what == "missing fit"
    assert "got none in 1 fit of seed 1" in problem.reason


def test_a_case_that_lost_all_its_fits_is_found() -> None:
    current = remove(evidence(), cell=_is("Ecoli", "SMOTE", "kNN"), unit=_any)
    (problem,) = _judge(evidence(), current).problems
    assert problem.where == "Ecoli-SMOTE-kNN"
    assert "got none of fold 0, fold 1, fold 2, the hold-out" in problem.reason


def test_finds_a_score_that_became_undefined() -> None:
    current = undefine(undefine(evidence(), 0, 1, 0, 1), 0, 2, 0, 1)
    (problem,) = _judge(evidence(draws=(0, 1)), current).problems
    assert (problem.what, problem.where) == ("undefined score", "Ecoli-Original-kNN")
    assert (
        "expected a value of roc_auc in each of 4 folds, as in the baseline, got none in 2" in problem.reason
    )
    assert _has_three_parts(problem.reason)


def test_a_score_that_seeds_of_the_baseline_leave_undefined_may_be_so_again() -> None:
    found = _judge(undefine(evidence(draws=(0, 1)), 0, 1, 1, 1), undefine(evidence(), 0, 1, 0, 1))
    assert found.problems == ()
    assert found.notes == ("1 score undefined on both sides (roc_auc) could not be compared",)


def test_notes_a_score_that_became_defined() -> None:
    found = _judge(undefine(evidence(), 0, 1, 0, 1), evidence())
    assert found == Structure(notes=("1 score undefined in the baseline (roc_auc) came out defined",))


def test_finds_a_metric_that_is_gone() -> None:
    (problem,) = _judge(evidence(), evidence(metrics=["g_mean"])).problems
    assert (problem.what, problem.where) == ("undefined score", "metric roc_auc")
    assert _has_three_parts(problem.reason)


def test_looks_only_at_the_metrics_that_are_judged() -> None:
    current = undefine(evidence(), 0, 1, 0, 1)
    assert _judge(evidence(), current, metrics=["g_mean"]).problems == ()
    assert _judge(evidence(), evidence(metrics=["g_mean"]), metrics=["g_mean"]).problems == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [("ok", "noop"), ("ok", "error"), ("ok", "timeout"), ("ok", "unavailable"), ("noop", "error")],
)
def test_a_status_that_became_worse_is_a_problem(before: str, after: str) -> None:
    baseline, current = (_with_status(evidence(), status, "broke") for status in (before, after))
    (problem,) = _judge(baseline, current).problems
    assert (problem.what, problem.where) == ("status", "Ecoli-Original-kNN")
    assert problem.reason.startswith(f"expected status {before}, got {after} (broke): ")


def test_a_case_that_broke_is_not_said_to_lack_fits_too() -> None:
    current = remove(evidence(), cell=_is("Ecoli", "Original", "kNN"), unit=_any)
    problems = _judge(evidence(), _with_status(current, "timeout", "60 s")).problems
    assert [problem.what for problem in problems] == ["status"]


@pytest.mark.parametrize(("before", "after"), [("noop", "ok"), ("error", "ok"), ("timeout", "error")])
def test_other_changes_of_status_are_notes(before: str, after: str) -> None:
    baseline, current = (_with_status(evidence(), status, "why") for status in (before, after))
    found = _judge(baseline, current)
    assert found.problems == ()
    assert found.notes[0].startswith(f"1 case that was {before} in the baseline is {after} now")


def test_cases_that_fail_alike_on_both_sides_are_fine() -> None:
    sides = [_with_status(evidence(), "unavailable", why) for why in ("no package", "not installed")]
    assert _judge(*sides) == Structure()


def test_cases_without_a_single_score_are_known_by_their_status() -> None:
    cell = Cell("Iris", "SMOTE", "kNN")
    failed = dataclasses.replace(evidence(), statuses={**evidence().statuses, cell: ("error", "no minority")})
    assert _judge(failed, failed) == Structure()
    (problem,) = _judge(failed, evidence()).problems
    assert (problem.what, problem.where) == ("missing case", cell.id)


@pytest.mark.parametrize("setting", ["test_size", "cv_folds", "random_state"])
def test_another_protocol_cannot_be_compared(setting: str) -> None:
    found = _judge(evidence(protocol={setting: 5}), evidence(protocol={setting: 10}))
    (problem,) = found.incomparable
    assert (problem.what, problem.where) == ("protocol", setting)
    assert _has_three_parts(problem.reason)


def test_more_repeats_are_no_other_protocol() -> None:
    found = _judge(evidence(protocol={"random_runs": 5}), evidence(protocol={"random_runs": 1}))
    assert found.incomparable == ()


def test_other_data_cannot_be_compared() -> None:
    found = _judge(
        evidence(data={"Ecoli": "aa", "Yeast": "bb"}), evidence(data={"Ecoli": "cc", "Yeast": "bb"})
    )
    (problem,) = found.incomparable
    assert (problem.what, problem.where) == ("data", "Ecoli")
    assert "digest aa" in problem.reason
    assert "got cc" in problem.reason
    assert _has_three_parts(problem.reason)


def test_data_that_one_side_does_not_know_is_no_difference() -> None:
    assert _judge(evidence(data={"Ecoli": "aa"}), evidence()).incomparable == ()


def test_data_of_cases_that_were_not_selected_do_not_matter() -> None:
    current = evidence(datasets=["Ecoli"], data={"Ecoli": "aa", "Yeast": "zz"})
    found = _judge(evidence(data={"Ecoli": "aa", "Yeast": "bb"}), current, partial=True)
    assert found.incomparable == ()


def test_other_test_rows_cannot_be_compared() -> None:
    key, other = ("Ecoli", 0, 1), ("Ecoli", 0, HOLDOUT_FOLD)
    before = dataclasses.replace(evidence(), splits={key: "aa", other: "bb", ("Yeast", 0, 0): "cc"})
    after = dataclasses.replace(evidence(), splits={key: "zz", other: "bb"})
    (problem,) = _judge(before, after).incomparable
    assert (problem.what, problem.where) == ("splits", "Ecoli")
    assert "in 2 folds, got others in 1 of them, the first fold 1 of split 0" in problem.reason


def test_sides_without_a_common_case_cannot_be_compared() -> None:
    for partial in (False, True):
        (problem,) = _judge(evidence(), evidence(datasets=["Iris"]), partial=partial).incomparable
        assert problem.what == "cases"
        assert "'Ecoli-Original-LDA'" in problem.reason
        assert "'Iris-Original-LDA'" in problem.reason


def test_sides_without_a_common_fold_cannot_be_compared() -> None:
    (problem,) = _judge(evidence(splits=[0]), evidence(splits=[7])).incomparable
    assert problem.what == "splits"
    assert "from the hold-out of split 7 to fold 2 of split 7" in problem.reason


def test_sides_without_a_common_metric_cannot_be_compared() -> None:
    (problem,) = _judge(evidence(metrics=["g_mean"]), evidence(metrics=["mcc"])).incomparable
    assert problem.what == "metrics"
    assert "expected some of the metrics g_mean, got mcc" in problem.reason


def test_does_not_depend_on_the_order_of_cells_and_units() -> None:
    def turned(given: Evidence) -> Evidence:
        panel = given.scores
        units: list[Unit] = list(reversed(panel.units))
        return dataclasses.replace(given, scores=panel.take(cells=panel.cells[::-1], units=units))

    baseline, current = evidence(), remove(evidence(datasets=ALL[:1]), cell=_any, unit=lambda u: u.fold == 2)
    assert _judge(turned(baseline), turned(current)) == _judge(baseline, current)


def test_says_once_what_both_tables_say_of_themselves() -> None:
    note = "there is no column 'seed'"
    sides = [evidence(name=name, about={"notes": [note, name]}) for name in ("a.csv", "b.csv")]
    assert _judge(*sides).notes == (f"both sides: {note}", "a.csv: a.csv", "b.csv: b.csv")
