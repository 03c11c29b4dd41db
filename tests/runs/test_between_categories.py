"""Which methods of a run made rows between categories: named on the first screen."""

from __future__ import annotations

from smote_bench.evaluation.between_categories import between_note
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.typed_step import FractionalRows
from smote_bench.report.analysis.caveats import caveats
from smote_bench.runs.between_categories import between_lines, methods_between
from tests.made_up_scores import scored_run


def test_the_first_screen_names_methods_data_sets_shares_and_the_remedy() -> None:
    note = between_note([FractionalRows(97, 100, ("sex", "status"))])
    outcomes = [
        Outcome(Cell(dataset, "SMOTE", classifier), "ok", warnings=("other", note))
        for dataset in "AB"
        for classifier in ("kNN", "tree")
    ]
    outcomes.append(Outcome(Cell("A", "Original", "kNN"), "ok"))
    found = {"SMOTE": {"A": ("97%", "sex, status"), "B": ("97%", "sex, status")}}
    assert methods_between(outcomes) == found
    (line,) = between_lines(outcomes)
    assert "0.37 of one and 0.63 of another (sex, status)" in line
    assert "SMOTE (A: 97% of the rows it added; B: 97% of the rows it added)" in line
    assert "SMOTENC" in line
    assert "repair: round" in line
    assert caveats(scored_run(outcomes), None, [])[0] == line
    assert between_lines(outcomes[4:]) == []


def test_a_cell_that_came_to_no_end_is_asked_last() -> None:
    first, all_fits = (between_note([FractionalRows(n, 100, ("sex",))]) for n in (97, 90))
    outcomes = [
        Outcome(Cell("A", "SMOTE", "Native"), "unavailable", "no frame", warnings=(first,)),
        Outcome(Cell("A", "SMOTE", "kNN"), "ok", warnings=(all_fits,)),
    ]
    assert methods_between(outcomes) == {"SMOTE": {"A": ("90%", "sex")}}
    assert methods_between(outcomes[:1]) == {"SMOTE": {"A": ("97%", "sex")}}


def test_what_is_not_named_is_counted() -> None:
    note = between_note([FractionalRows(97, 100, ("sex",))])
    outcomes = [
        Outcome(Cell(dataset, method, "kNN"), "ok", warnings=(note,))
        for method in "UVWXYZ"
        for dataset in "ABCDE"
    ]
    (line,) = between_lines(outcomes)
    assert "D: 97% of the rows it added; and 1 more)" in line
    assert "X (A: 97%" in line
    assert "Y (A" not in line
    assert ", and 2 more: these samplers" in line
