"""One error that breaks many properties is shown once.

Also of: table.
"""

from __future__ import annotations

import pytest
from broken_samplers import BROKEN

from smote_bench.properties import validate
from smote_bench.properties.causes import cause_of, split_by_cause
from smote_bench.properties.table import failures_text


def parts(**reasons):
    telling, again = split_by_cause(reasons, lambda name: name, reasons.__getitem__)
    return set(telling), set(again)


def test_the_same_exception_is_shown_once():
    reasons = {
        "first": "expected an answer on valid data, it raised ValueError: need 6 rows, got 3",
        "second": "expected an answer on valid data, it raised on each of 12: ValueError: need 9 rows, got 3",
        "third": "expected an answer on valid data, it raised IndexError: 3",
    }
    assert parts(**reasons) == ({"first", "third"}, {"second"})


def test_a_property_whose_matter_it_is_goes_before_others():
    off = "expected every new row of class 1 between a row and another; 1 of 5 are not"
    outside = "expected column 0 of new rows of class 1 within [0.0, 1.0], got 2.0"
    assert parts(steps=off, rows_lie_between_neighbors=off, box=outside) == (
        {"rows_lie_between_neighbors"},
        {"steps", "box"},
    )


def test_a_failure_is_shown_where_the_property_whose_matter_it_is_holds():
    outside = "expected column 0 of new rows of class 1 within [0.0, 1.0], got 2.0"
    assert parts(heavy=outside, single=outside) == ({"heavy"}, {"single"})


def test_failures_of_their_own_are_all_shown():
    assert parts(a="expected 3, got 4", b="expected 3, got 4") == ({"a", "b"}, set())


@pytest.mark.parametrize(
    ("prop", "cause"),
    [
        ("originals_come_first", "originals_come_first"),
        ("rows_lie_between_neighbors", "rows_lie_between_neighbors"),
        ("the_minority_grows", "the_minority_grows"),
    ],
)
def test_the_messages_of_the_checks_tell_their_cause(prop, cause):
    """Of samplers broken in one way each, the kit's own words are understood."""
    for broken in (broken for broken in BROKEN.values() if prop in broken.killed_by):
        verdict = validate(broken.sampler, family=broken.family, properties=[prop], smoke=True)
        for failure in verdict.failures:
            assert cause_of(failure.reason) == cause or "raised" in failure.reason, failure.reason


def test_a_verdict_shows_an_extrapolating_sampler_in_a_few_failures():
    from broken_samplers.plain import PlainSMOTE

    class TooLong(PlainSMOTE):
        def new_rows(self, X, y, label, n, rng):
            rows = super().new_rows(X, y, label, n, rng)
            return rows + 0.3 * (rows - X[y == label].mean(axis=0))

    verdict = validate(TooLong, family="smote", smoke=True)
    telling, again = verdict.telling_failures
    assert set(telling) | set(again) == set(verdict.failures)
    assert "rows_lie_between_neighbors" in {result.property.name for result in telling}
    assert len(telling) < len(again)
    text = failures_text(verdict)
    assert all(result.property.name in text for result in verdict.failures)


def test_refusals_in_words_go_with_that_of_ordinary_data_and_accidents_do_not():
    said = {
        "answers_ordinary_data": "expected an answer on valid data, it raised RuntimeError: no cluster",
        "second": "expected an answer, it raised ValueError: n_samples=5 should be >= n_clusters=8",
        "third": "expected an answer, it raised ValueError: cannot convert float NaN to integer",
        "fourth": "expected an answer, it raised IndexError: list index out of range",
    }
    telling, again = split_by_cause(said, lambda name: name, said.__getitem__)
    assert (telling, again) == (["answers_ordinary_data", "third", "fourth"], ["second"])
    said.pop("answers_ordinary_data")
    assert split_by_cause(said, lambda name: name, said.__getitem__)[1] == []
