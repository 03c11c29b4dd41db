"""The engine: shrinking, refusals, limits, repeatability.

Also of: kit, strategies, verdict.
"""

from __future__ import annotations

import functools
import itertools
import threading
import time

import numpy as np
import pytest
from broken_samplers.plain import GaussianNoise, PlainSMOTE
from imblearn.over_sampling import SMOTE

from smote_bench.properties import PROPERTIES, Case, Property, Subject, Violation, run_property, validate
from smote_bench.properties.strategies import cases
from smote_bench.properties.table import result_line
from smote_bench.properties.violations import OutOfTime, Refused


def make(check, **kwargs):
    settings = {"group": "contract", "meaning": "made up", "families": ("smote", "generic"), "needs": ()}
    return Property(**{"name": "made_up", "check": check, "cases": cases, **settings, **kwargs})


def fails_with_a_large_value(subject, case):
    if np.abs(case.X).max() >= 1:
        raise Violation("expected small values")


def test_shrinks_to_the_smallest_failing_case():
    on_lattice = functools.partial(cases, layouts=("lattice",))
    result = run_property(make(fails_with_a_large_value, cases=on_lattice), Subject(SMOTE))
    assert result.status == "failed"
    names: dict = {}
    exec(result.counterexample, names)
    X, y = names["X"], names["y"]
    assert X.shape == (5, 1), (
        "two rows of the minority and three of the majority are the fewest that are drawn"
    )
    assert np.abs(X).sum() == 1.0
    assert sorted(y) == [0, 0, 0, 1, 1]


def test_the_same_seed_finds_the_same_counterexample_and_others_search_elsewhere():
    seen = []

    def record(subject, case):
        seen.append(case.X.tobytes())

    for seed in (0, 0, 1):
        seen.append(seed)
        run_property(make(record), Subject(SMOTE), seed=seed)
    first, again, other = (
        list(group)
        for key, group in itertools.groupby(seen, key=lambda item: isinstance(item, int))
        if not key
    )
    assert first == again
    assert first != other


def test_refused_cases_are_discarded_and_a_sampler_that_refuses_all_fails():
    def refuse_some(subject, case):
        if case.seed % 2:
            raise Refused("odd")

    def refuse_all(subject, case):
        raise Refused("ValueError: never")

    assert run_property(make(refuse_some), Subject(SMOTE)).status == "passed"
    result = run_property(make(refuse_all), Subject(SMOTE))
    assert result.status == "failed"
    assert "ValueError: never" in result.reason
    assert "fit_resample(X, y)" in result.counterexample


def test_a_constructor_that_refuses_a_number_of_neighbours_refuses_that_case_only():
    class AtLeastThree(SMOTE):
        def __init__(self, *, sampling_strategy="auto", random_state=None, k_neighbors=5):
            if k_neighbors < 3:
                raise ValueError("three or more")
            super().__init__(
                sampling_strategy=sampling_strategy, random_state=random_state, k_neighbors=k_neighbors
            )

    subject = Subject(AtLeastThree, family="smote")
    for name in ("originals_come_first", "the_fewest_rows_are_enough", "answers_ordinary_data"):
        assert run_property(PROPERTIES[name], subject).status == "passed"


@pytest.mark.parametrize("whose", ["", "smote-bench"], ids=["of a law", "of a convention"])
def test_a_convention_that_breaks_first_does_not_hide_a_law_that_breaks_on_other_data(whose):
    n_cases = itertools.count(1)

    def breaks_one_then_the_other(subject, case):
        if next(n_cases) > 5 and len(case.X) % 3 == 0:
            raise Violation("a law", convention="")
        raise Violation("a choice", convention="smote-bench")

    result = run_property(make(breaks_one_then_the_other, convention=whose), Subject(SMOTE))
    assert (result.status, result.reason, result.is_remark) == ("failed", "a law", False)


def test_a_convention_that_breaks_alone_is_shown_on_the_smallest_data():
    def breaks(subject, case):
        if len(case.X) >= 7:
            raise Violation("a choice", convention="smote-bench")

    result = run_property(make(breaks), Subject(SMOTE))
    assert result.is_remark
    assert result.case is not None
    assert len(result.case.X) == 7


def test_a_failure_that_does_not_come_again_is_still_a_failure():
    calls = itertools.count()

    def once(subject, case):
        if next(calls) == 3:
            raise Violation("only the fourth time")

    assert run_property(make(once), Subject(SMOTE)).status == "failed"


def test_what_a_check_cannot_read_is_a_failure():
    def stumble(subject, case):
        return case.X[len(case.y) + 1]

    result = run_property(make(stumble), Subject(SMOTE))
    assert result.status == "failed"
    assert "checking it raised IndexError" in result.reason


def test_an_endless_sampler_fails(monkeypatch):
    monkeypatch.setattr("smote_bench.properties.engine._CHECK_SECONDS", 0.05)
    monkeypatch.setattr("smote_bench.properties.engine._FEWEST_SHRINK_SECONDS", 0.1)

    def hang(subject, case):
        while True:
            pass

    result = run_property(make(hang), Subject(SMOTE), limit_seconds=0.1)
    assert result.status == "failed"
    assert "none after 0.05 s" in result.reason


def test_a_slow_sampler_gets_fewer_cases_and_the_result_says_so():
    def slow(subject, case):
        until = time.perf_counter() + 0.02
        while time.perf_counter() < until:
            pass

    result = run_property(make(slow, examples=50), Subject(SMOTE), limit_seconds=0.01)
    assert result.status == "passed"
    assert result.cut
    assert 5 <= result.n_cases < 50


def test_a_verdict_whose_time_is_over_still_looks_at_every_property(monkeypatch):
    monkeypatch.setattr("smote_bench.properties.verdict.SMOKE_SECONDS", 0.0)
    monkeypatch.setattr("smote_bench.properties.verdict._FEWEST_SECONDS", 0.0)
    verdict = validate(SMOTE, smoke=True, properties=["structure"])
    applied = [result for result in verdict.results if result.status == "passed"]
    assert len(applied) > 5
    assert {result.n_cases for result in applied} == {1}


def test_a_smoke_run_draws_fewer_cases():
    quick = make(lambda subject, case: None, examples=50)
    assert (
        run_property(quick, Subject(SMOTE), smoke=True).n_cases < run_property(quick, Subject(SMOTE)).n_cases
    )


def test_families_and_needs_decide_whether_a_property_applies():
    def never(subject, case):
        raise AssertionError("must not be called")

    result = run_property(make(never, families=("adasyn",)), Subject(SMOTE))
    assert (result.status, result.n_cases) == ("not applicable", 0)
    assert "this one is smote" in result.reason
    result = run_property(make(never, needs=("m",)), Subject(SMOTE))
    assert result.status == "not applicable"
    assert "no parameter for m" in result.reason


def test_numbers_of_neighbours_that_suit_no_data_are_not_held_against_a_sampler():
    from imblearn.over_sampling import BorderlineSMOTE

    # With a single neighbour at least half, but not all of them cannot be of another class.
    subject = Subject(BorderlineSMOTE(m_neighbors=1), params={"m_neighbors": 1})
    result = run_property(PROPERTIES["answers_ordinary_data"], subject)
    assert result.status == "not applicable"
    assert "no data set could be drawn" in result.reason


def test_a_design_is_checked_once():
    made = []

    def design(subject, seed, smoke):
        made.append((seed, smoke))
        return Case(np.zeros((3, 1)), np.array([0, 0, 1]), recipe="X, y = make(3)")

    def fail(subject, case):
        raise Violation("never good", setup="X = X + 1")

    result = run_property(make(fail, cases=None, design=design), Subject(SMOTE), seed=4, smoke=True)
    assert result.status == "failed"
    assert len(made) == 1
    assert made[0][1] is True
    assert "X, y = make(3)\nX = X + 1\nX_resampled" in result.counterexample


@pytest.mark.parametrize("prop", PROPERTIES.values(), ids=lambda prop: prop.name)
def test_every_property_says_what_its_failure_means(prop):
    assert prop.meaning
    assert prop.meaning[0].islower()
    assert not prop.meaning.endswith(".")
    assert 0 <= prop.false_alarm <= 1e-5


def test_a_property_that_starts_a_process_is_waited_for_longer(monkeypatch):
    monkeypatch.setattr("smote_bench.properties.engine._CHECK_SECONDS", 0.2)
    monkeypatch.setattr("smote_bench.properties.engine._OWN_SHARE", 0.05)

    def late(subject, case):
        until = time.perf_counter() + 0.5
        while time.perf_counter() < until:
            pass

    assert run_property(make(late, examples=1, full_only=True), Subject(SMOTE)).status == "passed"
    assert run_property(make(late, examples=1), Subject(SMOTE)).status == "failed"
    left_out = run_property(make(late, examples=1, full_only=True), Subject(SMOTE), smoke=True)
    assert (left_out.status, left_out.reason) == ("not applicable", "it takes its time: in full runs only")


def test_what_a_slow_sampler_leaves_no_time_for_is_said_and_no_failure():
    def too_long(subject, case):
        raise OutOfTime

    result = run_property(make(too_long, examples=1), Subject(SMOTE))
    assert (result.status, result.cut) == ("passed", True)
    assert result_line(result).endswith("(its time was over)")


def test_sizes_that_would_take_a_slow_sampler_too_long_are_left_out(monkeypatch):
    monkeypatch.setattr("smote_bench.properties.groups.degenerate_sizes._LONGEST_SECONDS", 0.0)
    sizes = []

    class Counts(PlainSMOTE):
        def new_rows(self, X, y, label, n, rng):
            sizes.append(int((y == label).sum()))
            return super().new_rows(X, y, label, n, rng)

    result = run_property(PROPERTIES["every_size_is_dealt_with"], Subject(Counts))
    assert (result.status, result.cut, len(sizes)) == ("passed", True, 1)


def test_time_that_a_busy_machine_took_is_not_the_samplers(monkeypatch):
    """Without an answer in time, and hardly any of it at the processor, it gets more time once."""
    monkeypatch.setattr("smote_bench.properties.engine._CHECK_SECONDS", 0.2)
    calls = []

    class WaitsOnce(GaussianNoise):
        def new_rows(self, X, y, label, n, rng):
            calls.append(n)
            if len(calls) == 1:
                threading.Event().wait(0.6)
            return super().new_rows(X, y, label, n, rng)

    result = run_property(PROPERTIES["originals_come_first"], Subject(WaitsOnce), examples=5)
    assert result.status == "passed", result.reason


def test_time_at_the_processor_is_the_samplers(monkeypatch):
    monkeypatch.setattr("smote_bench.properties.engine._CHECK_SECONDS", 0.2)

    class Works(GaussianNoise):
        def new_rows(self, X, y, label, n, rng):
            until = time.process_time() + 2.0
            while time.process_time() < until:
                pass
            return super().new_rows(X, y, label, n, rng)

    monkeypatch.setattr("smote_bench.properties.engine._OWN_SHARE", 0.05)
    result = run_property(PROPERTIES["originals_come_first"], Subject(Works), examples=2)
    assert result.status == "failed"
    assert "there was none after 0.2 s" in result.reason
