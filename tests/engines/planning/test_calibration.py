"""Timing samplers and classifiers in forks, under limits.

Also of: stopwatch, tables.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from smote_bench.engines.child import can_fork
from smote_bench.engines.planning.stopwatch import Mark, cpu_seconds, measured, points
from smote_bench.engines.planning.tables import Table, generated, read_tables, some_rows, to_measure_with
from smote_bench.experiment.file import experiment_from_text

forks = pytest.mark.skipif(not can_fork(), reason="processes cannot be forked here")


@forks
def test_every_job_is_run_and_its_marks_come_in_the_order_of_the_jobs() -> None:
    def job(number: int) -> Iterator[Mark]:
        yield Mark(0, 5.0)
        yield Mark(0, values=(float(number),))

    jobs = [lambda number=number: job(number) for number in range(5)]
    found = measured(jobs, at_once=2)
    assert [[mark.values for mark in marks] for marks in found] == [[(), (float(n),)] for n in range(5)]


@forks
def test_a_call_is_ended_when_it_has_had_its_cpu_seconds() -> None:
    def endless() -> Iterator[Mark]:
        yield Mark(0, 5.0)
        yield Mark(0, values=(0.1,))
        yield Mark(1, 0.2)
        while True:
            pass

    ended, stopped, failed = points(measured([endless])[0])
    assert [mark.table for mark in ended] == [0]
    assert stopped == Mark(1, 0.2)
    assert failed == []


@forks
def test_a_job_that_dies_leaves_what_it_had_told() -> None:
    def dying() -> Iterator[Mark]:
        yield Mark(0, values=(1.0,))
        os._exit(1)

    def well() -> Iterator[Mark]:
        yield Mark(0, values=(2.0,))

    first, second = measured([dying, well])
    assert [mark.values for mark in (*first, *second)] == [(1.0,), (2.0,)]


def test_short_calls_are_repeated() -> None:
    calls: list[str] = []

    def call() -> str:
        calls.append("called")
        return "made"

    seconds, answer = cpu_seconds(call)
    assert answer == "made"
    assert len(calls) > 1
    assert seconds >= 0


def test_generated_rows_have_the_size_and_the_minority_that_was_asked_for() -> None:
    table = generated(500, 7, 0.1)
    assert table.X.shape == (400, 7)
    assert len(table.y_test) == 100
    assert table.minority_share == pytest.approx(0.1)


def test_some_rows_have_both_classes_as_before() -> None:
    few = some_rows(generated(5000, 3, 0.1), 1000)
    assert len(few.X) == pytest.approx(1000, abs=2)
    assert np.mean(few.y) == pytest.approx(0.1, abs=0.02)


def test_tables_to_measure_with_double_and_have_some_rows_of_the_largest() -> None:
    tables = [generated(rows, 4, name=f"D{rows}") for rows in (100, 150, 300, 9000)]
    assert [len(table.X) for table in to_measure_with(tables)] == [80, 240, 1000, 7200]
    assert {table.name for table in to_measure_with(tables, each=True)} == {"D100", "D150", "D300", "D9000"}


def test_where_no_table_is_here_rows_of_its_size_are_generated() -> None:
    (made,) = to_measure_with([Table("far", 300, 5), Table("gone", 1, 1, why_not="no file")])
    assert made.X.shape == (240, 5)


def test_tables_are_read_as_a_run_reads_them_and_sized_after_the_time() -> None:
    experiment = experiment_from_text("methods: [SMOTE]\ndatasets: [Haberman, Flare]\n")
    read = read_tables(experiment, None, seconds=60)
    assert read["Haberman"].is_read
    assert read["Haberman"].X.shape[1] == 3
    sized = read_tables(experiment, None, seconds=-1)
    assert not sized["Haberman"].is_read
    assert sized["Haberman"].rows > 200


def test_a_data_set_that_is_nowhere_has_its_reason(tmp_path: Path) -> None:
    experiment = experiment_from_text("methods: [SMOTE]\ndatasets: [Oil]\n")
    (table,) = read_tables(experiment, tmp_path, seconds=60).values()
    assert table.is_read or table.why_not


_CALIBRATED = """
import json
from smote_bench.engines.planning.calibration import calibrate
from smote_bench.engines.planning.tables import read_tables
from smote_bench.experiment.file import experiment_from_text
experiment = experiment_from_text(
    "methods: [SMOTE, {Wrong: {method: 'collections:OrderedDict'}}]\\ndatasets: [Haberman]\\n"
    "selected_classifiers: [kNN]\\n"
)
tables = list(read_tables(experiment, None, seconds=60).values())
found = calibrate(experiment, tables, limit=1.0, methods=["SMOTE", "Wrong"], classifiers=["kNN"])
smote, wrong, neighbors = found.methods["SMOTE"], found.methods["Wrong"], found.classifiers["kNN"]
print(json.dumps({
    "grown": smote.grown,
    "timed": [one.seconds is not None for one in (smote, neighbors, wrong)],
    "seconds": neighbors.seconds.at(200, 3),
    "failures": wrong.failures,
    "beside": sorted(found.beside),
}))
"""


@forks
def test_samplers_and_classifiers_are_timed_and_failures_told() -> None:
    """In a process of its own: where other tests loaded a network's library, nothing is forked."""
    words = [sys.executable, "-c", _CALIBRATED]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["timed"] == [True, True, False]
    assert found["grown"] == pytest.approx(1.0)
    assert found["seconds"] < 1
    assert found["failures"]
    assert found["beside"] == ["describe", "points", "score"]
