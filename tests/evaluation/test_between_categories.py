"""The note of a cell on rows between categories."""

from __future__ import annotations

from smote_bench.evaluation.between_categories import between_note, noted_between
from smote_bench.evaluation.outcome import LONGEST_WARNING
from smote_bench.methods.typed_step import FractionalRows


def test_shares_are_of_all_fits_together_and_only_all_are_100_percent() -> None:
    found = [FractionalRows(300, 300, ("city", "plan")), FractionalRows(0, 100, ())]
    note = between_note(found)
    assert note == (
        "the sampler made rows between categories: 75% of the rows it added (city, plan), in 1 of 2 fits"
    )
    assert noted_between(["other", note]) == ("75%", "city, plan")
    assert "99% of" in between_note([FractionalRows(999, 1000, ("a",))])
    assert "100% of" in between_note([FractionalRows(10, 10, ("a",))])
    assert "less than 1% of" in between_note([FractionalRows(1, 1000, ("a",))])


def test_nothing_is_noted_where_there_are_none() -> None:
    assert between_note([]) == between_note([FractionalRows(0, 50, ())]) == ""
    assert noted_between(["other"]) is None


def test_repaired_rows_are_noted_in_other_words() -> None:
    note = between_note([FractionalRows(5, 10, ("city",), is_repaired=True)])
    assert (
        note
        == "rows between categories were set to the nearest: 50% of the rows that the sampler added (city)"
    )
    assert noted_between([note]) is None


def test_many_columns_are_counted() -> None:
    note = between_note([FractionalRows(5, 10, tuple("abcdefg"))])
    assert "(a, b, c and 4 more)" in note
    assert len(note) < LONGEST_WARNING
