"""Which search is chosen: by seconds that the test sets, never by a clock."""

import numpy as np
import pytest

import smote_impls.nearest.search_choice as search_choice
from smote_impls.nearest.search_choice import N_FIRST, N_SAMPLE, TreeTrial, products_per_query

SAMPLE = np.arange(N_SAMPLE)


@pytest.fixture
def clock(monkeypatch):
    """A processor clock that goes when a search of the test says so."""
    now = [0.0]
    monkeypatch.setattr(search_choice, "thread_time", lambda: now[0])
    return now


def tree(clock, per_query, per_call=0.0):
    """A tree that takes some seconds, and remembers what it was asked."""
    asked = []

    def search(queries):
        asked.append(len(queries))
        clock[0] += per_call + per_query * len(queries)

    return search, asked


@pytest.mark.parametrize(("per_query", "wins"), [(0.5, True), (0.6, True), (0.7, False), (1.2, False)])
def test_a_tree_wins_when_it_is_faster_with_its_settling(clock, per_query, wins):
    search, asked = tree(clock, per_query)
    assert TreeTrial(1.0).wins(search, SAMPLE) is wins
    assert asked == [1, 8, 64]


def test_a_hopeless_tree_is_asked_nine_queries_only(clock):
    search, asked = tree(clock, 50.0)
    assert not TreeTrial(1.0).wins(search, SAMPLE)
    assert asked == [1, 8]


def test_what_a_call_takes_does_not_make_a_tree_hopeless(clock):
    search, asked = tree(clock, 0.1, per_call=20.0)
    assert TreeTrial(1.0).wins(search, SAMPLE)
    assert asked == [1, 8, 64]


def test_a_tree_that_takes_twice_what_products_take_is_given_up(clock):
    trial = TreeTrial(1.0)
    assert not trial.is_lost
    slow, fast = tree(clock, 2.5)[0], tree(clock, 1.0)[0]
    trial.follow(10, lambda: fast(range(10)))
    assert not trial.is_lost
    trial.follow(100, lambda: slow(range(100)))
    assert trial.is_lost


def test_products_are_timed_without_what_a_call_takes():
    per_query, per_call = 0.25, 3.0
    n_rest = N_SAMPLE - N_FIRST
    first, rest = per_call + N_FIRST * per_query, per_call + n_rest * per_query
    assert products_per_query(first, rest) == per_query


def test_products_of_a_slow_first_call_are_never_free():
    assert products_per_query(10.0, 1.0) == 0.5 / (N_SAMPLE - N_FIRST)
