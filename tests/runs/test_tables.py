"""The tables of a run: outcomes in, rows out."""

from __future__ import annotations

import math
import random
import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs.tables import (
    SCORE_COLUMNS,
    cell_rows,
    improvement_rows,
    not_ok_rows,
    results_rows,
    score_rows,
    scoring_phase,
    seconds_rows,
)

NAN = math.nan


def _fit(phase: str, repeat: int, fold: int, **scores: float) -> Fit:
    return Fit(phase, repeat, fold, scores, 0.5, 0.25, 0.125, (9, 1), (9, 9))


def _cell(
    method: str = "SMOTE",
    classifier: str = "kNN",
    dataset: str = "Ecoli",
    *,
    cv: list[float] = (),
    holdout: list[float] = (0.5,),
    **more: object,
) -> Outcome:
    fits = [_fit("cv", 0, n, m=value) for n, value in enumerate(cv)]
    fits += [_fit("holdout", n, 0, m=value) for n, value in enumerate(holdout)]
    return Outcome(**{"cell": Cell(dataset, method, classifier), "status": "ok", "fits": tuple(fits), **more})


scores = st.dictionaries(st.sampled_from(["a", "b"]), st.floats(allow_infinity=False), min_size=1)
cells = st.builds(
    Outcome,
    cell=st.builds(Cell, *[st.sampled_from(["x", "y", "z"])] * 3),
    status=st.sampled_from(["ok", "noop", "error", "timeout"]),
    reason=st.just("why"),
    fits=st.lists(
        st.builds(
            lambda phase, repeat, fold, scores: _fit(phase, repeat, fold, **scores),
            st.sampled_from(["cv", "holdout"]),
            *[st.integers(0, 2)] * 2,
            scores,
        ),
        max_size=3,
        unique_by=lambda fit: (fit.phase, fit.repeat, fit.fold),
    ).map(tuple),
)
grids = st.lists(cells, max_size=5, unique_by=lambda outcome: outcome.cell)


@given(grids, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_tidy_table_is_the_same_in_whatever_order_cells_came(
    grid: list[Outcome], shuffle: random.Random
) -> None:
    rows = list(score_rows(grid))
    shuffle.shuffle(grid)
    assert list(score_rows(grid)) == rows


@given(grids)
@settings(max_examples=40, deadline=None)
def test_the_tidy_table_has_a_row_for_every_score_of_complete_cells_and_no_other(grid: list[Outcome]) -> None:
    expected = {
        (*vars(outcome.cell).values(), fit.phase, fit.repeat, fit.fold, metric): None if math.isnan(v) else v
        for outcome in grid
        if outcome.status in ("ok", "noop")
        for fit in outcome.fits
        for metric, v in fit.scores.items()
    }
    rows = list(score_rows(grid))
    assert {row[:-1]: row[-1] for row in rows} == expected
    assert len(rows) == len(expected)
    assert all(len(row) == len(SCORE_COLUMNS) for row in rows)


def test_the_tidy_table_is_sorted_and_its_metrics_keep_the_experiments_order() -> None:
    fits = (
        _fit("holdout", 0, 0, z=1.0, a=2.0),
        _fit("cv", 0, 1, z=3.0, a=4.0),
        _fit("cv", 0, 0, z=5.0, a=6.0),
    )
    rows = list(score_rows([Outcome(Cell("d", "m", "c"), "ok", fits=fits)]))
    assert [row[3:] for row in rows] == [
        ("cv", 0, 0, "z", 5.0),
        ("cv", 0, 0, "a", 6.0),
        ("cv", 0, 1, "z", 3.0),
        ("cv", 0, 1, "a", 4.0),
        ("holdout", 0, 0, "z", 1.0),
        ("holdout", 0, 0, "a", 2.0),
    ]


def test_the_columns_are_the_published_ones() -> None:
    expected = ("dataset", "method", "classifier", "phase", "repeat", "fold", "metric", "value")
    assert expected == SCORE_COLUMNS


@pytest.mark.parametrize(
    ("before", "after", "absolute", "percent"),
    [
        (0.5, 0.6, 0.1, 20.0),
        (0.5, 0.4, -0.1, -20.0),
        (-0.5, -0.4, 0.1, 20.0),
        (0.0, 0.25, 0.25, None),
        (0.0, 0.0, 0.0, None),
        (NAN, 0.25, None, None),
        (0.25, NAN, None, None),
    ],
)
def test_a_percentage_of_zero_or_of_an_undefined_score_is_empty(
    before: float, after: float, absolute: float | None, percent: float | None
) -> None:
    (row,) = improvement_rows(
        {"kNN": _cell("Original", holdout=[before])}, {"kNN": _cell(holdout=[after])}, ["m"]
    )
    assert list(row) == ["Classifier", "Metric", "Original", "SMOTE", "Delta_Absolute", "Delta_Percent"]
    assert (row["Classifier"], row["Metric"]) == ("kNN", "m")
    assert row["Delta_Absolute"] == (None if absolute is None else pytest.approx(absolute))
    assert row["Delta_Percent"] == (None if percent is None else pytest.approx(percent))
    for name, value in (("Original", before), ("SMOTE", after)):
        assert row[name] == (None if math.isnan(value) else value)


def test_an_improvement_is_of_the_final_evaluation_and_averages_repeats() -> None:
    original = _cell("Original", cv=[0.9, 0.9], holdout=[0.2, 0.4])
    (row,) = improvement_rows({"kNN": original}, {"kNN": _cell(cv=[0.1, 0.1], holdout=[0.5, 0.7])}, ["m"])
    assert row["Delta_Absolute"] == pytest.approx(0.6 - 0.3)


@pytest.mark.parametrize("status", ["error", "timeout"])
def test_a_cell_that_failed_has_no_improvement(status: str) -> None:
    failed = _cell(status=status, reason="why")
    assert improvement_rows({"kNN": _cell("Original")}, {"kNN": failed}, ["m"]) == []
    assert improvement_rows({"kNN": failed}, {"kNN": _cell()}, ["m"]) == []
    assert improvement_rows({}, {"kNN": _cell()}, ["m"]) == []


def test_results_are_the_mean_and_deviation_of_cross_validation_with_the_number_of_fits() -> None:
    values = [0.5, 0.75, 0.85]
    (row,) = results_rows([_cell(cv=values, holdout=[0.1])], ["m"])
    assert row == {
        "Method": "SMOTE",
        "Classifier": "kNN",
        "Phase": "cv",
        "Fits": 3,
        "m": pytest.approx(0.7),
        "m_std": pytest.approx(math.sqrt((0.2**2 + 0.05**2 + 0.15**2) / 2)),
    }


def test_results_are_of_the_hold_out_where_there_is_no_cross_validation() -> None:
    (row,) = results_rows([_cell(holdout=[0.2, 0.4])], ["m"])
    assert (row["Phase"], row["Fits"], row["m_std"]) == (
        "holdout",
        2,
        pytest.approx(statistics.stdev([0.2, 0.4])),
    )


@pytest.mark.parametrize("values", [[0.5], [0.5, NAN], [0.5, math.inf]])
def test_a_deviation_that_the_data_do_not_carry_is_empty(values: list[float]) -> None:
    (row,) = results_rows([_cell(cv=values)], ["m"])
    assert row["m_std"] is None


@pytest.mark.parametrize("values", [[1e300, 2e300, 6e300], [-1e200, 1.0], [1e308, 1.2e308]])
def test_scores_whose_squares_are_beyond_all_floats_have_a_mean_and_a_deviation(values: list[float]) -> None:
    (row,) = results_rows([_cell(cv=values)], ["m"])
    assert row["m"] == pytest.approx(statistics.mean(map(Fraction, values)))
    assert row["m_std"] == pytest.approx(1e300 * statistics.stdev([value / 1e300 for value in values]))


def test_results_leave_failed_cells_to_the_table_of_what_was_not_ok() -> None:
    failed = _cell(status="error", reason="KeyError: 1")
    assert results_rows([failed], ["m"]) == []
    assert not_ok_rows([failed, _cell()]) == [
        {
            "dataset": "Ecoli",
            "method": "SMOTE",
            "classifier": "kNN",
            "status": "error",
            "reason": "KeyError: 1",
        }
    ]


def test_a_noop_has_results_and_is_not_ok() -> None:
    noop = _cell(status="noop", reason="the method returned its input")
    assert len(results_rows([noop], ["m"])) == len(not_ok_rows([noop])) == 1


def test_every_cell_has_a_row_with_status_reason_seconds_and_rows() -> None:
    ok = _cell(cv=[0.5], n_workers=3, other_seconds=4.5, version="raw", warnings=("one", "two"))
    gone = Outcome(Cell("Oil", "SMOTE", "kNN"), "unavailable", "no provider has it")
    first, second = cell_rows([gone, ok], {ok.cell})
    assert first == {
        "dataset": "Ecoli",
        "method": "SMOTE",
        "classifier": "kNN",
        "version": "raw",
        "status": "ok",
        "reason": "",
        "resample_seconds": 1.0,
        "fit_seconds": 0.5,
        "predict_seconds": 0.25,
        "other_seconds": 4.5,
        "n_workers": 3,
        "from_memo": True,
        "majority_before": 9,
        "minority_before": 1,
        "majority_after": 9,
        "minority_after": 9,
        "warnings": "one | two",
    }
    assert (second["status"], second["from_memo"], second["majority_before"]) == ("unavailable", False, None)
    assert list(second) == list(first)


def test_seconds_are_of_cells_that_fitted_anything_also_in_part() -> None:
    part = _cell(cv=[0.5], holdout=[], status="timeout", reason="too long")
    none = _cell(classifier="SVM", holdout=[], status="error", reason="why")
    (row,) = seconds_rows([part, none], set())
    assert (row["classifier"], row["n_fits"], row["resample_seconds"]) == ("kNN", 1, 0.5)


def test_a_cells_score_is_that_of_cross_validation_where_there_is_one() -> None:
    assert (scoring_phase(_cell(cv=[0.5])), scoring_phase(_cell())) == ("cv", "holdout")
