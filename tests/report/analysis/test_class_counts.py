"""Class counts: rows before and after every method, and their range over repeats."""

from __future__ import annotations

import pytest
from report.histories import run_with_history

from smote_bench.report.analysis.class_counts import (
    ClassCounts,
    class_counts,
    holdout_counts,
    ratio_words,
    rows_words,
)
from smote_bench.runs.open import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_with_history(tmp_path_factory.mktemp("history"))


def test_class_counts_tell_rows_before_and_after_every_method(run: Run) -> None:
    original, smote, weights = class_counts(run, "Ecoli")
    assert original == ClassCounts("Original", ((180, 60),) * 4, ((180, 60),) * 4)
    assert smote.after == ((180, 180),) * 4
    assert weights.after == ((180, 60),) * 4  # of the classifier that did not fail
    assert holdout_counts(run, "Ecoli") == ((45, 15),) * 4


def test_counts_that_differ_over_repeats_are_shown_from_lowest_to_highest() -> None:
    counts = [(707, 145), (1_703, 149), (707, 145)]
    assert rows_words(counts, minority=False) == "707 to 1,703"
    assert rows_words(counts[:1], minority=True) == "145"
    assert ratio_words(counts) == "4.88 to 11.43"
    assert ratio_words([(5, 0)]) == "inf"
