"""Rows of the input are put first in an answer that has them all, and an answer that has not stays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from broken_samplers.plain import GaussianNoise, PlainSMOTE
from broken_samplers.structure import DropsDuplicates, GroupsByClass, PutsNewRowsFirst, ShufflesItsAnswer
from scipy import sparse
from sklearn.utils import check_random_state

from smote_bench.properties import validate
from smote_bench.properties.row_order import input_rows_first

X = np.array([[1.0, 2.0], [3.0, np.nan], [1.0, 2.0], [5.0, 6.0]])
Y = np.array([0, 0, 1, 0])
MADE = np.vstack([X, [[1.5, 2.5], [1.0, 2.0]]])
LABELS = np.array([0, 0, 1, 0, 1, 1])
ORDER = np.array([4, 5, 3, 2, 1, 0])


def test_rows_of_an_array_are_put_first_in_their_order_and_the_others_after_them():
    came, labels = input_rows_first(X, Y, (MADE[ORDER], LABELS[ORDER]))
    np.testing.assert_array_equal(came[:4], X)
    np.testing.assert_array_equal(labels[:4], Y)
    # The copy of a row that came first stands for it.
    np.testing.assert_array_equal(came[4:], [[1.5, 2.5], [1.0, 2.0]])
    assert labels[4:].tolist() == [1, 1]


def test_a_frame_is_counted_anew_and_a_name_of_a_row_goes_with_it():
    columns = {"a": MADE[ORDER, 0], "kind": pd.Categorical(list("uvwxyz"))}
    frame = pd.DataFrame(columns)
    given = frame.iloc[[5, 4, 3, 2]].reset_index(drop=True)
    came, labels = input_rows_first(given, Y, (frame, LABELS[ORDER].tolist()))
    assert came.index.tolist() == list(range(6))
    assert came["kind"].tolist() == list("zyxwuv")
    assert labels == [0, 0, 1, 0, 1, 1]
    named = frame.set_axis(list("abcdef"))
    assert input_rows_first(given, Y, (named, LABELS[ORDER]))[0].index.tolist() == list("fedcab")


def test_a_sparse_matrix_stays_one():
    given = sparse.csr_matrix(np.nan_to_num(X))
    came, _ = input_rows_first(given, Y, (sparse.csc_matrix(np.nan_to_num(MADE)[ORDER]), LABELS[ORDER]))
    assert came.format == "csc"
    np.testing.assert_array_equal(came.toarray()[:4], np.nan_to_num(X))


@pytest.mark.parametrize(
    "answer",
    [
        (MADE, LABELS),
        (MADE[ORDER], LABELS),
        (MADE[ORDER] + 1, LABELS[ORDER]),
        (MADE[[4, 5, 3, 2, 1]], LABELS[[4, 5, 3, 2, 1]]),
        (MADE[ORDER, :1], LABELS[ORDER]),
        (None, LABELS),
    ],
    ids=["first already", "labels stay behind", "changed", "one lost", "another width", "nothing"],
)
def test_an_answer_that_has_not_all_rows_with_their_labels_stays_as_it_is(answer):
    assert input_rows_first(X, Y, answer) is answer


@pytest.mark.parametrize("sampler", [ShufflesItsAnswer, PutsNewRowsFirst, GroupsByClass])
def test_a_sampler_that_returns_its_rows_in_another_order_is_accepted_with_a_remark(sampler):
    verdict = validate(sampler, family="smote", smoke=True)
    assert verdict.accepted
    moved = next(r for r in verdict.results if r.property.name == "originals_come_first")
    assert moved.convention == "smote-bench"
    assert "all rows of the input are there, in other places" in moved.reason
    assert not validate(sampler, family="smote", properties=["originals_come_first"], strict=True).accepted


class ShufflesRowsAlone(GaussianNoise):
    """Shuffles rows and not their labels."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        return X[check_random_state(0).permutation(len(y))], y


class FarFromSeeds(PlainSMOTE):
    """Steps ten times as far as it may, and shuffles."""

    def combine(self, start, end, steps):
        return start + 10 * steps * (end - start)

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        order = check_random_state(0).permutation(len(y))
        return X[order], y[order]


@pytest.mark.parametrize("sampler", [ShufflesRowsAlone, DropsDuplicates])
def test_rows_that_are_lost_or_get_other_labels_are_no_matter_of_order(sampler):
    verdict = validate(sampler, properties=["originals_come_first"])
    assert not verdict.accepted


def test_what_is_wrong_with_new_rows_is_seen_in_any_order():
    verdict = validate(FarFromSeeds, properties=["rows_lie_between_neighbors"])
    assert not verdict.accepted
