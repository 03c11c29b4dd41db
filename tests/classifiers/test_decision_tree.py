"""The fast decision tree is scikit-learn's, byte for byte."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.tree import DecisionTreeClassifier
from tree_tables import growths, tables

from smote_bench.classifiers import decision_tree
from smote_bench.classifiers.decision_tree import FastDecisionTreeClassifier
from smote_bench.classifiers.forest import why_not_fastest
from smote_bench.classifiers.tree_growing import NODE_FIELDS

compiled = pytest.mark.skipif(bool(why_not_fastest()), reason=f"not compiled here: {why_not_fastest()}")


@pytest.fixture
def parents_fits(monkeypatch):
    """Record the calls of the parent's fit."""
    calls = []
    original = DecisionTreeClassifier.fit

    def fit(self, *args, **kwargs):
        calls.append(type(self).__name__)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(DecisionTreeClassifier, "fit", fit)
    return calls


def table(n=90, d=4):
    random = np.random.default_rng(n)
    X = random.normal(size=(n, d))
    return X, (X[:, 0] + random.normal(size=n) > 0.5).astype(int)


def both(X, y, *more, **params):
    return (cls(**params).fit(X, y, *more) for cls in (DecisionTreeClassifier, FastDecisionTreeClassifier))


def assert_same(slow, fast, X):
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()
    assert fast.predict(X).tolist() == slow.predict(X).tolist()
    ours, theirs = (one.tree_.__getstate__() for one in (fast, slow))
    assert ours["max_depth"] == theirs["max_depth"]
    assert ours["values"].tobytes() == theirs["values"].tobytes()
    is_inner = theirs["nodes"]["left_child"] >= 0
    for name in NODE_FIELDS:
        rows = is_inner if name == "missing_go_to_left" else slice(None)
        assert ours["nodes"][name][rows].tobytes() == theirs["nodes"][name][rows].tobytes(), name


@compiled
@settings(deadline=None, max_examples=200)
@given(tables(), growths())
def test_grows_the_tree_of_scikit_learn(data, params):
    slow, fast = both(*data, **params)
    assert_same(slow, fast, data[0])


@compiled
def test_the_parents_fit_is_not_needed_and_its_attributes_are_there(parents_fits):
    X, y = table()
    fast = FastDecisionTreeClassifier(random_state=3).fit(X, y)
    assert parents_fits == []
    slow = DecisionTreeClassifier(random_state=3).fit(X, y)
    assert set(vars(fast)) == set(vars(slow))
    assert fast.feature_importances_.tobytes() == slow.feature_importances_.tobytes()
    assert (fast.n_classes_, fast.max_features_, fast.get_n_leaves()) == (2, 4, slow.get_n_leaves())


@compiled
@pytest.mark.parametrize("kind", ["frame", "strings", "bytes", "float32", "fortran"])
def test_other_rows_and_labels_give_the_parents_tree(kind, parents_fits):
    X, y = table()
    if kind == "frame":
        X = pd.DataFrame(X, columns=list("abcd"))
    elif kind == "strings":
        y = np.where(y == 1, "yes", "no")
    elif kind == "bytes":
        y = np.where(y == 1, b"yes", b"no")
    elif kind == "float32":
        X = X.astype(np.float32)
    else:
        X = np.asfortranarray(X)
    slow, fast = both(X, y, random_state=0)
    assert parents_fits == ["DecisionTreeClassifier"]
    assert_same(slow, fast, X)
    if kind == "frame":
        assert fast.feature_names_in_.tolist() == list("abcd")


@pytest.mark.parametrize(
    "change",
    [
        {"criterion": "entropy"},
        {"splitter": "random"},
        {"class_weight": "balanced"},
        {"min_samples_split": 0.1},
        {"min_samples_leaf": 0.05},
        {"min_weight_fraction_leaf": 0.1},
        {"max_leaf_nodes": 5},
        {"ccp_alpha": 0.01},
        {"monotonic_cst": [1, 0, 0, 0]},
        {"random_state": np.random.RandomState(0)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_parameters_are_left_to_the_parent(change, parents_fits):
    X, y = table()
    fast = FastDecisionTreeClassifier(**{"random_state": 0, **change}).fit(X, y)
    assert parents_fits == ["FastDecisionTreeClassifier"]
    if "random_state" in change:
        change = {"random_state": np.random.RandomState(0)}
    slow = DecisionTreeClassifier(**{"random_state": 0, **change}).fit(X, y)
    assert_same(slow, fast, X)


@pytest.mark.parametrize(
    "kind", ["missing", "sparse", "three classes", "one class", "two outputs", "weights"]
)
def test_other_input_is_left_to_the_parent(kind, parents_fits):
    X, y = table()
    more = ()
    match kind:
        case "missing":
            X[::7, 1] = np.nan
        case "sparse":
            X = csr_matrix(X)
        case "three classes":
            y = np.arange(len(y)) % 3
        case "one class":
            y = np.zeros_like(y)
        case "two outputs":
            y = np.column_stack([y, 1 - y])
        case "weights":
            more = (np.random.default_rng(0).uniform(0.1, 2.0, len(y)),)
    slow, fast = both(X, y, *more, random_state=0)
    assert parents_fits == ["DecisionTreeClassifier", "FastDecisionTreeClassifier"]
    assert np.array_equal(fast.predict_proba(X), slow.predict_proba(X))


def test_without_compiled_code_it_is_the_parents_fit(parents_fits, monkeypatch):
    monkeypatch.setattr(decision_tree, "is_compiled_here", lambda: False)
    X, y = table()
    slow, fast = both(X, y, random_state=0)
    assert parents_fits == ["DecisionTreeClassifier", "FastDecisionTreeClassifier"]
    assert_same(slow, fast, X)


@pytest.mark.parametrize(
    ("params", "spoil", "message"),
    [
        ({"max_depth": 0}, {}, "max_depth"),
        ({"random_state": -1}, {}, "random_state"),
        ({}, {"X": [[np.inf, 0.0]] * 4}, "infinity"),
        ({}, {"y": [0, 1, 0]}, "inconsistent numbers of samples|does not match number of samples"),
        ({}, {"y": [0.5, 1.5, 0.1, 0.2]}, "Unknown label type"),
    ],
)
def test_raises_what_the_parent_raises(params, spoil, message):
    data = {"X": [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 5.0]], "y": [0, 1, 0, 1], **spoil}
    raised = []
    for cls in (DecisionTreeClassifier, FastDecisionTreeClassifier):
        with pytest.raises(ValueError, match=message) as caught:
            cls(**{"random_state": 0, **params}).fit(data["X"], data["y"])
        raised.append(str(caught.value).replace("FastDecisionTree", "DecisionTree"))
    assert raised[0] == raised[1]


def test_survives_clone_and_pickle_and_a_second_fit():
    X, y = table()
    slow, fast = both(X, y, random_state=3, min_samples_leaf=2)
    assert_same(slow, pickle.loads(pickle.dumps(fast)), X)
    assert_same(slow, clone(fast).fit(X, y), X)
    X, y = table(40, 2)
    assert_same(slow.fit(X, y), fast.fit(X, y), X)


def test_does_not_touch_the_global_random_state():
    np.random.seed(5)
    before = np.random.get_state()[1].tobytes()
    FastDecisionTreeClassifier(random_state=0).fit(*table())
    assert np.random.get_state()[1].tobytes() == before


@compiled
def test_where_memory_does_not_suffice_the_parent_grows_the_tree(monkeypatch, parents_fits):
    def full(*_args):
        raise MemoryError

    monkeypatch.setattr(decision_tree, "grow_trees", full)
    X, y = table()
    slow, fast = both(X, y, random_state=0)
    assert parents_fits == ["DecisionTreeClassifier", "FastDecisionTreeClassifier"]
    assert_same(slow, fast, X)
