"""Outcomes: what a cell gave, through JSON and back."""

from __future__ import annotations

import dataclasses
import json
import math
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.evaluation.outcome import STATUSES, Cell, Fit, Outcome

words = st.text(max_size=12)
seconds = st.floats(0, 1e6)
counts = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))
fits = st.builds(
    Fit,
    phase=st.sampled_from(["cv", "holdout"]),
    repeat=st.integers(0, 9),
    fold=st.integers(0, 9),
    scores=st.dictionaries(words, st.floats(), max_size=4),
    resample_seconds=seconds,
    fit_seconds=seconds,
    predict_seconds=seconds,
    rows_before=counts,
    rows_after=counts,
    history=st.none() | st.dictionaries(words, st.lists(st.floats(), max_size=3), min_size=1, max_size=3),
    threshold=st.none() | st.floats(allow_nan=False),  # no score is NaN or higher
    tuned_scores=st.none() | st.dictionaries(words, st.floats(), max_size=3),
)
outcomes = st.builds(
    Outcome,
    cell=st.builds(Cell, words, words, words),
    status=st.sampled_from(STATUSES),
    reason=st.text(min_size=1, max_size=20),
    version=words,
    digest=words,
    fits=st.lists(fits, max_size=3).map(tuple),
    warnings=st.lists(words, max_size=3).map(tuple),
    n_workers=st.integers(1, 64),
    traceback=words,
    arm=st.none() | words,
    tuned_for=words,
)


def _fit(score: float, phase: str = "cv", **more: object) -> Fit:
    plain = {
        "phase": phase,
        "repeat": 0,
        "fold": 0,
        "scores": {"m": score},
        "rows_before": (9, 1),
        "rows_after": (9, 9),
    }
    return Fit(**{**plain, "resample_seconds": 0.5, "fit_seconds": 0.25, "predict_seconds": 0.125, **more})


def _outcome(*fits: Fit) -> Outcome:
    return Outcome(Cell("d", "m", "c"), "ok", fits=fits)


@given(outcomes)
@settings(max_examples=60, deadline=None)
def test_an_outcome_survives_its_json_whatever_it_holds(outcome: Outcome) -> None:
    text = outcome.dumps()
    again = Outcome.loads(text)
    assert repr(again) == repr(outcome)  # repr, since NaN is not equal to itself
    assert again.dumps() == text


@given(outcomes)
@settings(max_examples=30, deadline=None)
def test_its_json_is_strict_and_ascii(outcome: Outcome) -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    text = outcome.dumps()
    json.loads(text, parse_constant=refuse)
    assert text.isascii()


def test_every_field_is_in_its_json() -> None:
    plain = json.loads(_outcome(_fit(0.5)).dumps())
    # predictions are bytes, and stored beside the JSON; a cell has the name it had when the format was made
    fields = {field.name for field in dataclasses.fields(Outcome)} - {"predictions", "cell"}
    assert set(plain) == fields | {"task", "crc32"}
    assert set(plain["fits"][0]) == {field.name for field in dataclasses.fields(Fit)}


@pytest.mark.parametrize(
    ("scores", "mean"),
    [
        ([0.25, 0.75], 0.5),
        ([0.25, math.nan], math.nan),
        ([], math.nan),
        ([math.inf, 1.0], math.inf),
        ([math.inf, -math.inf], math.nan),
    ],
)
def test_a_mean_with_an_undefined_value_is_undefined(scores: list[float], mean: float) -> None:
    assert repr(_outcome(*map(_fit, scores)).mean("m", "cv")) == repr(mean)


def test_a_mean_does_not_depend_on_the_order_of_its_values() -> None:
    values = [0.1, 0.2, 0.3, 1e16, -1e16]
    assert _outcome(*map(_fit, values)).mean("m", "cv") == _outcome(*map(_fit, reversed(values))).mean(
        "m", "cv"
    )


def test_values_are_those_of_one_phase_in_order() -> None:
    outcome = _outcome(_fit(0.1), _fit(0.2), _fit(0.9, phase="holdout"))
    assert (outcome.values("m", "cv"), outcome.values("m", "holdout")) == ([0.1, 0.2], [0.9])
    assert outcome.values("other", "cv") == []


def test_seconds_are_summed_over_all_fits_and_parts() -> None:
    outcome = _outcome(_fit(0.1), _fit(0.2, phase="holdout"))
    assert (outcome.seconds("resample"), outcome.seconds("fit"), outcome.seconds("predict")) == (
        1.0,
        0.5,
        0.25,
    )
    assert outcome.total_seconds == 1.75


@pytest.mark.parametrize("status", STATUSES)
def test_only_complete_outcomes_are_scored(status: str) -> None:
    assert Outcome(Cell("d", "m", "c"), status, "why").is_scored == (status in ("ok", "noop"))


def test_every_status_but_ok_needs_a_reason() -> None:
    Outcome(Cell("d", "m", "c"), "ok")
    for status in set(STATUSES) - {"ok"}:
        with pytest.raises(AssertionError):
            Outcome(Cell("d", "m", "c"), status)


def test_a_task_is_known_by_its_names() -> None:
    cell = Cell("Satimage", "SMOTE", "RandomForest")
    assert cell.id == "Satimage-SMOTE-RandomForest"
    assert cell.group == Cell("Satimage", "SMOTE", "kNN").group != Cell("Satimage", "ADASYN", "kNN").group


def test_an_undefined_value_of_a_history_is_null_in_json() -> None:
    text = _outcome(_fit(1.0, history={"precision": [math.nan, 0.5]})).dumps()
    assert json.loads(text)["fits"][0]["history"] == {"precision": [None, 0.5]}
    history = Outcome.loads(text).fits[0].history
    assert history is not None
    assert math.isnan(history["precision"][0])


def test_an_outcome_stored_before_there_were_histories_is_read() -> None:
    plain = json.loads(_outcome(_fit(1.0)).dumps())
    del plain["fits"][0]["history"], plain["crc32"]
    assert Outcome.loads(json.dumps(plain)).fits[0].history is None


def test_scores_that_were_read_share_their_names_and_are_equal_to_those_that_were_computed() -> None:
    scores = {"roc_auc": 0.5, "f1": math.nan, "brier": math.inf}
    fit = Fit("cv", 0, 0, scores, 0.5, 0.25, 0.125, (9, 1), (9, 9))
    first, second = (Outcome.loads(Outcome(Cell("d", m, "c"), "ok", fits=(fit,)).dumps()) for m in "ab")
    read = first.fits[0].scores
    assert read == scores
    assert {**read} == pytest.approx(scores, nan_ok=True)
    assert read != {**scores, "f1": 0.5}
    assert next(iter(read.items())) == ("roc_auc", 0.5)
    assert read._places is second.fits[0].scores._places  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(first)) == first
