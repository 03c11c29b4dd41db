"""Step 0 of the gate: what is broken, what is new, what cannot be compared."""

from __future__ import annotations

import dataclasses

import pytest
from gating.judging.structures import has_three_parts, is_any, is_cell, structure_of
from gating.made_evidence import evidence, remove, undefine

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Unit
from smote_bench.gating.judging.structure import Structure

ALL = ("Ecoli", "Yeast")


def _with_status(given: Evidence, status: str, reason: str = "", case: int = 0) -> Evidence:
    cell = given.scores.cells[case]
    return dataclasses.replace(given, statuses={**given.statuses, cell: (status, reason)})


def test_finds_nothing_where_both_sides_have_the_same() -> None:
    assert structure_of(evidence(draws=(0, 1, 2, 3), splits=range(5)), evidence()) == Structure()


def test_names_each_missing_case() -> None:
    found = structure_of(evidence(), evidence(datasets=["Ecoli"]))
    assert [(problem.what, problem.where) for problem in found.problems] == [
        ("missing case", f"Yeast-{method}-{classifier}")
        for method in ("Original", "SMOTE")
        for classifier in ("LDA", "kNN")
    ]
    assert all(has_three_parts(problem.reason) for problem in found.problems)


def test_lists_what_a_part_of_the_grid_leaves_out_as_not_selected() -> None:
    found = structure_of(evidence(), evidence(datasets=["Ecoli"]), partial=True)
    assert found.problems == ()
    assert len(found.not_selected) == 4
    assert all(case.startswith("Yeast-") for case in found.not_selected)


def test_lists_new_cases_without_a_problem() -> None:
    found = structure_of(evidence(datasets=["Ecoli"], methods=["SMOTE"]), evidence(datasets=["Ecoli"]))
    assert found == Structure(new_cases=("Ecoli-Original-LDA", "Ecoli-Original-kNN"))


def test_finds_a_metric_that_is_gone() -> None:
    (problem,) = structure_of(evidence(), evidence(metrics=["g_mean"])).problems
    assert (problem.what, problem.where) == ("undefined score", "metric roc_auc")
    assert has_three_parts(problem.reason)


def test_looks_only_at_the_metrics_that_are_judged() -> None:
    current = undefine(evidence(), 0, 1, 0, 1)
    assert structure_of(evidence(), current, metrics=["g_mean"]).problems == ()
    assert structure_of(evidence(), evidence(metrics=["g_mean"]), metrics=["g_mean"]).problems == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [("ok", "noop"), ("ok", "error"), ("ok", "timeout"), ("ok", "unavailable"), ("noop", "error")],
)
def test_a_status_that_became_worse_is_a_problem(before: str, after: str) -> None:
    baseline, current = (_with_status(evidence(), status, "broke") for status in (before, after))
    (problem,) = structure_of(baseline, current).problems
    assert (problem.what, problem.where) == ("status", "Ecoli-Original-kNN")
    assert problem.reason.startswith(f"expected status {before}, got {after} (broke): ")


def test_a_case_that_broke_is_not_said_to_lack_fits_too() -> None:
    current = remove(evidence(), cell=is_cell("Ecoli", "Original", "kNN"), unit=is_any)
    problems = structure_of(evidence(), _with_status(current, "timeout", "60 s")).problems
    assert [problem.what for problem in problems] == ["status"]


@pytest.mark.parametrize(("before", "after"), [("noop", "ok"), ("error", "ok"), ("timeout", "error")])
def test_other_changes_of_status_are_notes(before: str, after: str) -> None:
    baseline, current = (_with_status(evidence(), status, "why") for status in (before, after))
    found = structure_of(baseline, current)
    assert found.problems == ()
    assert found.notes[0].startswith(f"1 case that was {before} in the baseline is {after} now")


def test_cases_that_fail_alike_on_both_sides_are_fine() -> None:
    sides = [_with_status(evidence(), "unavailable", why) for why in ("no package", "not installed")]
    assert structure_of(*sides) == Structure()


def test_cases_without_a_single_score_are_known_by_their_status() -> None:
    cell = Cell("Iris", "SMOTE", "kNN")
    failed = dataclasses.replace(evidence(), statuses={**evidence().statuses, cell: ("error", "no minority")})
    assert structure_of(failed, failed) == Structure()
    (problem,) = structure_of(failed, evidence()).problems
    assert (problem.what, problem.where) == ("missing case", cell.id)


@pytest.mark.parametrize("setting", ["test_size", "cv_folds", "random_state"])
def test_another_protocol_cannot_be_compared(setting: str) -> None:
    found = structure_of(evidence(protocol={setting: 5}), evidence(protocol={setting: 10}))
    (problem,) = found.incomparable
    assert (problem.what, problem.where) == ("protocol", setting)
    assert has_three_parts(problem.reason)


def test_more_repeats_are_no_other_protocol() -> None:
    found = structure_of(evidence(protocol={"random_runs": 5}), evidence(protocol={"random_runs": 1}))
    assert found.incomparable == ()


def test_other_data_cannot_be_compared() -> None:
    found = structure_of(
        evidence(data={"Ecoli": "aa", "Yeast": "bb"}), evidence(data={"Ecoli": "cc", "Yeast": "bb"})
    )
    (problem,) = found.incomparable
    assert (problem.what, problem.where) == ("data", "Ecoli")
    assert "digest aa" in problem.reason
    assert "got cc" in problem.reason
    assert has_three_parts(problem.reason)


def test_another_positive_class_is_named_as_such() -> None:
    found = structure_of(evidence(data={"Ecoli": "aa"}), evidence(data={"Ecoli": "aa, positive: majority"}))
    (problem,) = found.incomparable
    assert (
        "expected scores of the minority as the positive class, got those of the majority" in problem.reason
    )
    assert has_three_parts(problem.reason)


def test_data_that_one_side_does_not_know_is_no_difference() -> None:
    assert structure_of(evidence(data={"Ecoli": "aa"}), evidence()).incomparable == ()


def test_data_of_cases_that_were_not_selected_do_not_matter() -> None:
    current = evidence(datasets=["Ecoli"], data={"Ecoli": "aa", "Yeast": "zz"})
    found = structure_of(evidence(data={"Ecoli": "aa", "Yeast": "bb"}), current, partial=True)
    assert found.incomparable == ()


def test_other_test_rows_cannot_be_compared() -> None:
    key, other = ("Ecoli", 0, 1), ("Ecoli", 0, HOLDOUT_FOLD)
    before = dataclasses.replace(evidence(), splits={key: "aa", other: "bb", ("Yeast", 0, 0): "cc"})
    after = dataclasses.replace(evidence(), splits={key: "zz", other: "bb"})
    (problem,) = structure_of(before, after).incomparable
    assert (problem.what, problem.where) == ("splits", "Ecoli")
    assert "in 2 folds, got others in 1 of them, the first fold 1 of split 0" in problem.reason


def test_sides_without_a_common_case_cannot_be_compared() -> None:
    for partial in (False, True):
        (problem,) = structure_of(evidence(), evidence(datasets=["Iris"]), partial=partial).incomparable
        assert problem.what == "cases"
        assert "'Ecoli-Original-LDA'" in problem.reason
        assert "'Iris-Original-LDA'" in problem.reason


def test_sides_without_a_common_fold_cannot_be_compared() -> None:
    (problem,) = structure_of(evidence(splits=[0]), evidence(splits=[7])).incomparable
    assert problem.what == "splits"
    assert "from the hold-out of split 7 to fold 2 of split 7" in problem.reason


def test_sides_without_a_common_metric_cannot_be_compared() -> None:
    (problem,) = structure_of(evidence(metrics=["g_mean"]), evidence(metrics=["mcc"])).incomparable
    assert problem.what == "metrics"
    assert "expected some of the metrics g_mean, got mcc" in problem.reason


def test_does_not_depend_on_the_order_of_cells_and_units() -> None:
    def turned(given: Evidence) -> Evidence:
        panel = given.scores
        units: list[Unit] = list(reversed(panel.units))
        return dataclasses.replace(given, scores=panel.take(cells=panel.cells[::-1], units=units))

    baseline, current = (
        evidence(),
        remove(evidence(datasets=ALL[:1]), cell=is_any, unit=lambda u: u.fold == 2),
    )
    assert structure_of(turned(baseline), turned(current)) == structure_of(baseline, current)


def test_says_once_what_both_tables_say_of_themselves() -> None:
    note = "there is no column 'seed'"
    sides = [evidence(name=name, about={"notes": [note, name]}) for name in ("a.csv", "b.csv")]
    assert structure_of(*sides).notes == (f"both sides: {note}", "a.csv: a.csv", "b.csv: b.csv")


def test_rows_that_are_split_or_weighted_otherwise_cannot_be_compared() -> None:
    def side(**roles: str) -> Evidence:
        return dataclasses.replace(evidence(), about={"datasets": {"Ecoli": {"roles": roles}, "Yeast": {}}})

    assert (
        structure_of(side(), evidence()) == structure_of(side(groups="id"), side(groups="id")) == Structure()
    )
    for before, after, words in (
        (side(groups="id"), side(), "expected groups: id, as the baseline has it, got no groups, time"),
        (side(weights="a"), side(weights="b"), "expected weights: a, as the baseline has it, got weights: b"),
    ):
        (problem,) = structure_of(before, after).incomparable
        assert (problem.what, problem.where) == ("splits", "Ecoli")
        assert words in problem.reason
        assert has_three_parts(problem.reason)
