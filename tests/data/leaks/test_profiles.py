"""Profiles count what is there, and their bounds on chance hold against exact computations."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom
from sklearn.metrics import roc_auc_score

from smote_bench.data.leaks.profiles import ClassRows, log_chance, log_chance_of_runs, profile

CELLS = st.sampled_from([math.nan, -2.0, 0.0, 0.5, 3.0])
ROWS = st.lists(st.tuples(CELLS, st.integers(0, 1)), min_size=2, max_size=40)


@settings(deadline=None)
@given(ROWS)
def test_a_profile_counts_rows_of_each_class_for_each_value(rows: list[tuple[float, int]]) -> None:
    values, y = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = profile(pd.Series(values, name="a"), y)
    assert found.values.tolist() == sorted({v for v in values if v == v})
    for place, value in enumerate(found.values):
        assert found.rows.minority[place] == sum(y[values == value])
        assert found.rows.majority[place] == sum(1 - y[values == value])
    assert found.missing.total.tolist() == [int((values == values).sum()), int(np.isnan(values).sum())]
    read = np.where(found.codes < 0, np.nan, np.append(found.values, np.nan)[found.codes])
    assert np.array_equal(read, values, equal_nan=True)


@settings(deadline=None)
@given(ROWS)
def test_auc_and_cut_are_those_of_scikit_learn(rows: list[tuple[float, int]]) -> None:
    values = np.nan_to_num(np.array([row[0] for row in rows]), nan=9.0)
    y = np.array([row[1] for row in rows])
    found = profile(pd.Series(values, name="a"), y).rows
    if y.min() == y.max():
        assert math.isnan(found.auc)
        return
    assert found.auc == pytest.approx(roc_auc_score(y, values))
    place, is_above = found.best_cut()
    above = np.arange(len(found.total)) >= place
    best = max(
        abs(y[values >= cut].sum() / y.sum() - (1 - y)[values >= cut].sum() / (1 - y).sum()) for cut in values
    )
    reached = found.minority[above].sum() / y.sum() - found.majority[above].sum() / (1 - y).sum()
    assert abs(reached) == pytest.approx(best)
    assert is_above == (reached > 0) or best == 0


def test_categories_that_do_not_occur_are_no_values() -> None:
    column = pd.Series(pd.Categorical(["b", None, "d", "b"], ["a", "b", "c", "d"]), name="a")
    found = profile(column, np.array([1, 1, 0, 0]))
    assert found.codes.tolist() == [0, -1, 1, 0]
    assert (found.rows.minority.tolist(), found.rows.majority.tolist()) == ([1, 0], [1, 1])
    assert not found.is_ordered


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=6), st.integers(0, 63))
def test_the_bound_of_a_rule_is_never_below_its_exact_chance(
    counts: list[tuple[int, int]], chosen: int
) -> None:
    rows = ClassRows(np.array([a for a, _ in counts]), np.array([b for _, b in counts]))
    called = np.array([bool(chosen >> n & 1) for n in range(len(counts))])
    assume(rows.total.sum())
    hits, n = int(rows.minority[called].sum()), int(rows.total.sum())
    exact = hypergeom.sf(hits - 1, n, int(rows.minority.sum()), int(rows.total[called].sum()))
    assert log_chance(rows, called, 0.0) >= math.log(max(exact, 1e-300)) - 1e-9


@pytest.mark.parametrize(("n_minority", "n_majority"), [(2, 5), (3, 6), (4, 4)])
def test_the_bound_of_runs_is_never_below_the_share_of_all_orders(n_minority: int, n_majority: int) -> None:
    n = n_minority + n_majority
    counts: dict[int, int] = {}
    for places in itertools.combinations(range(n), n_minority):
        labels = [place in places for place in range(n)]
        runs = 1 + sum(a != b for a, b in itertools.pairwise(labels))
        counts[runs] = counts.get(runs, 0) + 1
    for runs in counts:
        exact = sum(count for r, count in counts.items() if r <= runs) / math.comb(n, n_minority)
        assert log_chance_of_runs(runs, n_minority, n_majority) >= math.log(exact) - 1e-9


def test_runs_are_counted_where_each_value_has_one_class() -> None:
    assert ClassRows(np.array([1, 2, 0, 1]), np.array([0, 0, 3, 0])).n_runs == 3
    assert ClassRows(np.array([1, 2]), np.array([0, 1])).n_runs == 0
