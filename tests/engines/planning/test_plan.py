"""What a plan says of cells whose seconds are known or made up.

Also of: words.
"""

from __future__ import annotations

import json

import pytest

from smote_bench.engines.planning.calibration import Calibration
from smote_bench.engines.planning.plan import Basis, Errors, Plan, Request, plan_of
from smote_bench.engines.planning.tables import Table
from smote_bench.engines.planning.words import duration, plan_words
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.known_work import Remembered, Work

EXPERIMENT = experiment_from_text(
    "name: small\nmethods: [SMOTE, ADASYN]\ndatasets: [Haberman, Ecoli]\n"
    "selected_classifiers: [kNN, DecisionTree]\ncv_folds: 4\n"
)
TABLES = {
    "Haberman": Table("Haberman", 300, 3, read_seconds=1.0, is_read=True),
    "Ecoli": Table("Ecoli", 340, 7, read_seconds=1.0, is_read=True),
}
ALL = list(EXPERIMENT.cells.values())
WORK = {cell: Work(0.0 if cell.method == "Original" else 2.0, 1.0) for cell in ALL}


def plan(
    work: dict[Cell, Work] | None = None,
    *,
    there: frozenset[Cell] = frozenset(),
    tables: dict[str, Table] = TABLES,
    workers: tuple[int, ...] = (1, 2, 100),
    calibrate: float = 0.0,
) -> Plan:
    return plan_of(
        EXPERIMENT,
        Request(workers=workers, calibrate=calibrate, engine="dask"),
        ALL,
        Basis(Remembered(there, work or {}), tables, Calibration(), 5.0),
    )


def test_known_cells_give_the_seconds_of_the_run() -> None:
    found = plan(WORK)
    # 12 cells x 5 fits x 1 s, and 4 groups x 5 x 2 s of resampling, and a little beside them
    assert found.cell_seconds == pytest.approx(100, rel=0.02)
    assert found.seconds == pytest.approx(found.cell_seconds + 5 + 2, rel=0.01)
    assert found.known_share > 0.98
    assert sum(found.by_method.values()) == pytest.approx(
        sum(found.by_classifier.values()) + found.resampling
    )
    assert found.by_method["SMOTE"] == pytest.approx(40, rel=0.02)


def test_what_is_in_the_memo_is_not_computed() -> None:
    found = plan(WORK, there=frozenset(ALL[:2]))
    assert (found.n_asked, found.n_known, found.n_left) == (12, 2, 10)
    assert found.cell_seconds == pytest.approx(90, rel=0.02)
    nothing = plan(WORK, there=frozenset(ALL))
    assert nothing.seconds == 0
    assert "nothing to compute" in plan_words(nothing)


def test_more_workers_are_not_slower_and_none_is_faster_than_the_longest_group() -> None:
    found = plan(WORK)
    one, two, many = (found.wall[n].seconds for n in (1, 2, 100))
    assert one > two > many
    assert found.longest is not None
    # both start-ups, the table, and 20 s
    assert many == pytest.approx(10 + 1 + found.longest.total)
    assert one == pytest.approx(found.seconds)


def test_what_cannot_be_had_is_counted_and_named() -> None:
    found = plan(WORK, tables={**TABLES, "Ecoli": Table("Ecoli", 1, 1, why_not="no such file")})
    assert (found.n_unavailable, found.n_left) == (6, 6)
    assert "note: Ecoli: not computed here: no such file" in plan_words(found)


def test_the_text_says_what_is_known_and_what_is_not() -> None:
    text = plan_words(plan())
    assert "small: 12 cells asked for, 0 in the memo, 12 to compute" in text
    assert "0% are known from the memo, 100% are estimated" in text
    assert "not calibrated" in text
    known = plan_words(plan(WORK))
    assert "where the memo knows, estimates without it are off by a factor of" in known
    for words in ("by method", "by classifier", "memory of a worker", "critical path", "resampling, shared"):
        assert words in known


def test_json_has_the_same() -> None:
    found = plan(WORK)
    read = json.loads(json.dumps(found.to_json()))
    assert read["cells"] == {
        "asked": 12,
        "in_the_memo": 0,
        "unavailable": 0,
        "left": 12,
        "over_the_time_limit": 0,
    }
    assert read["cpu_seconds"]["all"] == pytest.approx(found.seconds, abs=0.01)
    assert read["cpu_seconds"]["known"] + read["cpu_seconds"]["estimated"] == pytest.approx(
        read["cpu_seconds"]["cells"], abs=0.02
    )
    assert set(read["wall"]) == {"1", "2", "100"}


def test_errors_are_factors_in_either_direction() -> None:
    found = Errors.of([2.0, 0.5, 1.0, 4.0], 1.5)
    assert found == Errors(4, 2.0, 4.0, 1.5)
    assert Errors.of([]) is None


def test_durations_are_in_the_unit_that_fits() -> None:
    assert [duration(value) for value in (0.26, 61, 600, 36_000, 3.6e6)] == [
        "0.3 s",
        "61 s",
        "10 min",
        "10.0 h",
        "1,000 h",
    ]
