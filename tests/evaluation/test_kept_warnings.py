"""Warnings of a cell are kept up to a number and a length, and counted beyond; what was kept can be read."""

from __future__ import annotations

import csv
import string

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from smote_bench.evaluation.outcome import LONGEST_WARNING, MOST_WARNINGS, Cell, Outcome, kept_warnings
from smote_bench.report import build
from smote_bench.runs.store import Store

MANY = '''
import warnings

import numpy as np


class Talks:
    """Warns of every row, as a sampler that loops over seeds does."""

    def __init__(self, words="no majority neighbour within the radius, this row is skipped", many=1400):
        self.words = words
        self.many = many

    def fit_resample(self, X, y):
        for n in range(self.many):
            # digits as letters: each a kind of its own
            kind = f"{n:04d}".translate(str.maketrans("0123456789", "abcdefghij"))
            warnings.warn(f"row {kind}: {self.words}")
        rows = np.flatnonzero(y == 1)
        more = np.resize(rows, (y == 0).sum() - len(rows))
        return np.vstack([X, X[more] + 1e-3]), np.concatenate([y, y[more]])
'''
EXPERIMENT = """
methods:
  - {name: Talks, method: "talks:Talks"}
  - {name: Shouts, method: "talks:Talks", params: {words: %s, many: 1}}
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 2, selected_classifiers: [DecisionTree]}
"""


@pytest.fixture
def report(monkeypatch):
    """Make a run's tables and page, as after a session; figures take longer than all the rest."""
    parts = {name: make for name, make in build._PARTS.items() if name in ("tables", "page")}
    monkeypatch.setattr(build, "_PARTS", parts)

    def report(folder):
        before = csv.field_size_limit(131_072)  # the standard library's own
        try:
            failures = build.write_report(folder, build.ReportSettings(tsne="off", reuse=True)).failures
        finally:
            csv.field_size_limit(before)
        assert failures == []
        assert (folder / "report.html").is_file()

    return report


def test_a_sampler_that_warns_of_every_row_gets_its_report(bench, report):
    bench.table("one", 1)
    (bench.path / "talks.py").write_text(MANY)
    bench.experiment(EXPERIMENT % ("x" * 140_000))
    run = bench.run()
    assert run.code == 0, run.text
    names = ("one-Talks-DecisionTree", "one-Shouts-DecisionTree")
    talks, shouts = (run.cells[name]["warnings"].split(" | ") for name in names)
    assert len(talks) == MOST_WARNINGS + 1
    assert talks[-1] == f"and {1400 - MOST_WARNINGS:,} more kinds of warnings"
    assert talks[0].endswith("(in 3 fits)")
    assert len(shouts[0]) <= LONGEST_WARNING + len(" (in 3 fits)")
    report(run.folder)
    # as earlier releases wrote it
    rows = [{**row, "warnings": "y" * 200_000} for row in run.cells.values()]
    with (run.folder / "cells.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report(run.folder)


texts = st.text(string.ascii_letters + string.digits + " ,.", min_size=1, max_size=2 * LONGEST_WARNING)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(texts, st.integers(1, 30), max_size=4 * MOST_WARNINGS))
def test_warnings_are_bounded_and_none_is_lost_without_being_counted(n_fits):
    kept = kept_warnings(n_fits)
    assert len(kept) <= MOST_WARNINGS + 1
    assert all(len(text) <= LONGEST_WARNING + 60 for text in kept)
    if len(n_fits) <= MOST_WARNINGS:
        assert len(kept) == len(n_fits)
        assert all(
            text in shown for text, shown in zip(n_fits, kept, strict=True) if len(text) < LONGEST_WARNING
        )


@pytest.mark.parametrize("n", [MOST_WARNINGS + 1, 1400, 100_000])
def test_what_differs_in_numbers_is_one_kind_where_there_are_many(n):
    assert kept_warnings({f"row {i}: nothing near {i / 7:.3f}": 2 for i in range(n)}) == [
        f"row 0: nothing near 0.000 (in 2 fits) (and {n - 1:,} more that differ in numbers)"
    ]
    assert kept_warnings({"first": 1, **{f"row {i}": 1 for i in range(n)}, "last": 1}) == [
        "first",
        f"row 0 (and {n - 1:,} more that differ in numbers)",
        "last",
    ]


def test_a_few_warnings_are_kept_as_they_are():
    few = {f"row {n}: skipped": 1 for n in range(MOST_WARNINGS)}
    assert kept_warnings(few) == list(few)


def test_an_old_outcome_with_many_warnings_is_read(tmp_path):
    many = tuple(f"row {n}: " + "z" * 200 for n in range(2000))
    store = Store(tmp_path / "cells.sqlite")
    store.put("key", Outcome(Cell("one", "Talks", "kNN"), "ok", warnings=many))
    assert [outcome.warnings for outcome in store.outcomes()] == [many]
    store.close()
