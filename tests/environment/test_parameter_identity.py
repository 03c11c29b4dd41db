"""Parameters that differ never have the same identity, and those that are equal do."""

from __future__ import annotations

import functools
import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from smote_bench.classifiers.registry import classifier_identity, parse_classifier
from smote_bench.environment.parameter_identity import parameter_identity

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.0, -0.0, 1.0, 0.1, float("inf"), float("nan")]),
    st.sampled_from(["", "0", "1", "True", "null", "None", "1.0", "!type", "nan"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(scalars, inner, max_size=3),
        st.frozensets(scalars, max_size=3),
    ),
    max_leaves=6,
)


def _typed(value: Any) -> Any:
    """Return what makes a value what it is; mappings and sets without their order."""
    if isinstance(value, dict):
        return "dict", frozenset((_typed(key), _typed(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(map(_typed, value))
    if isinstance(value, frozenset):
        return "frozenset", frozenset(map(_typed, value))
    return type(value).__name__, repr(value)


@given(values, values)
@settings(max_examples=300, deadline=None)
def test_identities_are_equal_just_where_values_are(one: Any, two: Any) -> None:
    same = json.dumps(parameter_identity(one), sort_keys=True) == json.dumps(
        parameter_identity(two), sort_keys=True
    )
    assert same == (_typed(one) == _typed(two))


@given(values)
@settings(max_examples=100, deadline=None)
def test_an_identity_is_json(value: Any) -> None:
    identity = parameter_identity(value)
    assert json.loads(json.dumps(identity, allow_nan=False)) == identity


def test_arrays_functions_and_estimators_are_told_apart() -> None:
    long = np.zeros(5000)
    later = long.copy()
    later[2500] = 1
    many = [
        long,
        later,
        long.astype("float32"),
        long.reshape(50, 100),
        long.tolist(),
        np.mean,
        np.median,
        functools.partial(np.mean, axis=0),
        functools.partial(np.median, axis=0),
        LogisticRegression(),
        LogisticRegression(C=2.0),
        LogisticRegression,
    ]
    texts = [json.dumps(parameter_identity(value), sort_keys=True) for value in many]
    assert len(set(texts)) == len(texts)
    assert json.dumps(parameter_identity(long.copy()), sort_keys=True) == texts[0]


def test_what_cannot_be_told_apart_is_like_nothing_else() -> None:
    value = lambda: 1  # noqa: E731
    assert parameter_identity(value) != parameter_identity(value)


def test_the_code_of_a_function_among_the_parameters_is_in_their_identity(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "weights_for_identity.py"
    file.write_text("def distance(d):\n    return 1 / d\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import weights_for_identity

    distance = weights_for_identity.distance
    before = [parameter_identity(value) for value in (distance, functools.partial(distance))]
    monkeypatch.delitem(__import__("sys").modules, "weights_for_identity")
    file.write_text("def distance(d):\n    return 2 / d\n")
    after = parameter_identity(distance)
    assert after != before[0]
    assert parameter_identity(distance) == after
    assert before[0] != before[1]


@pytest.mark.parametrize("other", [{"0": 1, "1": 9}, {False: 1, True: 9}, {0: 1, 1: 9.0}, {0: 1, 1: "9"}])
def test_keys_and_values_of_other_types_make_another_classifier(other: Any) -> None:
    one, two = (
        json.dumps(classifier_identity(parse_classifier("LogisticRegression", {"class_weight": weights})))
        for weights in ({0: 1, 1: 9}, other)
    )
    assert one != two


@pytest.mark.parametrize(
    "value",
    [np.float64(0.1), np.int64(2), np.bool_(True), math.sqrt, LogisticRegression(C=np.float64(2))],
    ids=lambda value: type(value).__name__,
)
def test_numbers_of_numpy_and_compiled_functions_are_like_themselves(value: Any) -> None:
    assert parameter_identity(value) == parameter_identity(pickle.loads(pickle.dumps(value)))


def test_numbers_of_numpy_differ_by_value_and_by_kind() -> None:
    kinds = [np.float64(1), np.float64(2), np.float64(-0.0), np.float64(0.0), np.float32(1), np.int64(1), 1.0]
    assert len({json.dumps(parameter_identity(value), sort_keys=True) for value in kinds}) == len(kinds)
