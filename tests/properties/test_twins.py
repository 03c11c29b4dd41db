"""Twins are laid out as they say, whether a row leaves itself out of its neighbours or one of its twins."""

from __future__ import annotations

import numpy as np
import pytest
from broken_samplers.plain import PlainADASYN, PlainBorderline, PlainSMOTE

from smote_bench.properties import Subject, Twins
from smote_bench.properties.reference import danger_rows, majority_counts
from smote_bench.properties.twins import twins_case

TWINS = Twins(n_pairs=3, n_core=4, n_twins=2)


def test_pairs_are_equal_but_for_the_twins():
    X, y = TWINS.data()
    own = X[y == 1].reshape(6, 5, 2) - TWINS.middles()[:, None, :]
    assert np.allclose(own[::2], own[1::2])
    twins = X[:6].reshape(3, 2, 2)
    assert (twins == X[y == 1].reshape(6, 5, 2)[::2, -1][:, None]).all()
    assert np.bincount(y)[0] - np.bincount(y)[1] == TWINS.n_new


def test_rows_near_the_rows_outside_are_counted_by_kind():
    middles = TWINS.middles()
    new = np.vstack([middles[:2] + [18.0, 1.0], middles[2:3] + [12.0, 0.0], middles[:2] + [3.0, 0.0]])
    assert TWINS.from_outside(new).tolist() == [2, 1]


@pytest.mark.parametrize("beside", [0.0, 1e-9])
def test_only_rows_with_twins_are_hard_or_in_danger(beside):
    for sampler in (PlainADASYN, PlainBorderline):
        subject = Subject(sampler)
        case = twins_case(subject, 0, beside=beside)
        if sampler is PlainBorderline:
            certain, possible = danger_rows(case.X, case.y, 1, subject.m(case))
        else:
            certain, possible = (n > 0 for n in majority_counts(case.X, case.y, 1, subject.k(case)))
        outside = np.arange(len(certain)) % (2 * (subject.k(case) + 2)) == subject.k(case) + 1
        assert (certain == outside).all()
        assert (possible == outside).all()


def test_the_recipe_builds_the_case_again():
    case = twins_case(Subject(PlainSMOTE), 0, beside=0.0)
    names: dict[str, object] = {}
    exec(case.recipe, names)
    assert (names["X"] == case.X).all()
