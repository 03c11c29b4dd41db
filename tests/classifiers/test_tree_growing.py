"""The compiled code grows scikit-learn's trees, byte for byte, and steps aside where it is not there.

Also of: tree_params.
"""

from __future__ import annotations

import hashlib
import pickle
import platform
import shutil
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from tree_tables import growths, tables

from smote_bench.classifiers import forest, tree_growing
from smote_bench.classifiers.decision_tree import FastDecisionTreeClassifier
from smote_bench.classifiers.forest import FastRandomForestClassifier, why_not_fastest
from smote_bench.classifiers.tree_growing import NODE_FIELDS, Growth, grow_trees, why_not_compiled

ROOT = Path(__file__).resolve().parents[2]

compiled = pytest.mark.skipif(bool(why_not_fastest()), reason=f"not compiled here: {why_not_fastest()}")


@pytest.fixture
def looked_up_anew():
    """Forget what was found out of the library in this process, before and after."""
    forgotten = (why_not_compiled, tree_growing._library, forest._trial_of_compiled)
    for function in forgotten:
        function.cache_clear()
    yield
    for function in forgotten:
        function.cache_clear()


def nodes_of(trees):
    return np.concatenate([tree.tree_.__getstate__()["nodes"] for tree in trees])


def assert_same(fast, slow, X):
    """Compare what predicts, then the trees with all that scikit-learn keeps of a node."""
    assert "_grown" in vars(fast), "grown another way"
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()
    theirs = nodes_of(slow.estimators_)
    assert len(fast._grown.nodes) == len(theirs)
    for name in NODE_FIELDS:
        is_inner = theirs["left_child"] >= 0 if name == "missing_go_to_left" else slice(None)
        assert fast._grown.nodes[name][is_inner].tobytes() == theirs[name][is_inner].tobytes(), name
    for ours, tree in zip(fast.estimators_, slow.estimators_, strict=True):
        assert ours.tree_.value.tobytes() == tree.tree_.value.tobytes()
        assert ours.tree_.max_depth == tree.tree_.max_depth


@compiled
@settings(deadline=None, max_examples=300)
@given(tables(), growths(n_estimators=st.integers(1, 5), bootstrap=st.booleans()))
def test_grows_the_trees_of_scikit_learn(data, params):
    X, y = data
    slow, fast = (cls(**params).fit(X, y) for cls in (RandomForestClassifier, FastRandomForestClassifier))
    assert_same(fast, slow, X)


@compiled
@pytest.mark.parametrize(("n", "d"), [(2000, 3), (3000, 30), (20_000, 2)])
def test_grows_them_on_larger_tables(n, d):
    random = np.random.default_rng(n)
    X = random.normal(size=(n, d))
    X[:, -1] = np.round(X[:, -1], 1)
    y = (X[:, 0] + X[:, -1] + random.normal(size=n) > 1).astype(int)
    slow, fast = (
        cls(n_estimators=4, random_state=1).fit(X, y)
        for cls in (RandomForestClassifier, FastRandomForestClassifier)
    )
    assert_same(fast, slow, X[:500])


@compiled
def test_one_tree_on_all_rows_and_columns_is_the_decision_tree():
    random = np.random.default_rng(3)
    X = random.normal(size=(200, 5)).astype(np.float32)
    y = (random.random(200) < 0.3).astype(int)
    theirs = DecisionTreeClassifier(random_state=11).fit(X, y)
    grown = grow_trees(X, y.astype(np.uint8), [11], Growth(0, 5, 2, 1, 2**31 - 1, 0.0))
    assert grown.mean(X).tobytes() == theirs.predict_proba(X).tobytes()
    assert grown.depths == [theirs.get_depth()]


@compiled
def test_missing_values_at_prediction_go_where_scikit_learn_sends_them():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(150, 4)), random.integers(0, 2, 150)
    slow, fast = (
        cls(n_estimators=10, random_state=0).fit(X, y)
        for cls in (RandomForestClassifier, FastRandomForestClassifier)
    )
    holes = np.where(random.random(X.shape) < 0.3, np.nan, X)
    assert fast.predict_proba(holes).tobytes() == slow.predict_proba(holes).tobytes()
    with pytest.raises(ValueError, match="infinity"):
        fast.predict_proba(np.full((1, 4), np.inf))


@compiled
def test_a_fit_the_other_way_forgets_the_trees_and_a_warm_start_keeps_them():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(80, 4)), random.integers(0, 2, 80)
    weights = random.uniform(0.5, 2, 80)
    fast = FastRandomForestClassifier(n_estimators=3, random_state=0).fit(X, y)
    fast.fit(X, y, weights)
    slow = RandomForestClassifier(n_estimators=3, random_state=0).fit(X, y, weights)
    assert "_grown" not in vars(fast)
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()
    for one in (fast, slow):
        one.fit(X, y).set_params(warm_start=True, n_estimators=5).fit(X, y)
    assert len(fast.estimators_) == 5
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()


@compiled
@pytest.mark.parametrize(
    "case", ["weights", "balanced", "three classes", "one class", "entropy", "many rows"]
)
def test_what_it_does_not_grow_is_left_to_scikit_learns_builder(case, monkeypatch):
    random = np.random.default_rng(0)
    X, y = random.normal(size=(60, 3)), random.integers(0, 2, 60)
    params, weights = {"n_estimators": 3, "random_state": 0}, None
    match case:
        case "weights":
            weights = np.full(60, 0.1)
        case "balanced":
            params["class_weight"] = "balanced"
        case "three classes":
            y = random.integers(0, 3, 60)
        case "one class":
            y = np.zeros(60, dtype=int)
        case "entropy":
            params["criterion"] = "entropy"
        case "many rows":
            monkeypatch.setattr(forest, "TOO_MANY_ROWS", 60)
    slow, fast = (
        cls(**params).fit(X, y, weights) for cls in (RandomForestClassifier, FastRandomForestClassifier)
    )
    assert "_grown" not in vars(fast)
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()


@compiled
def test_of_a_fit_that_fails_the_forest_of_before_is_left():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(80, 4)), random.integers(0, 2, 80)
    fast = FastRandomForestClassifier(n_estimators=3, random_state=0).fit(X, y)
    before = fast.predict_proba(X).tobytes()
    spoilt = X.copy()
    spoilt[0, 0] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        fast.fit(spoilt, y)
    assert fast.predict_proba(X).tobytes() == before
    with pytest.raises(ValueError, match="Out of bag"):
        fast.set_params(oob_score=True, bootstrap=False).fit(X, y)
    assert fast.predict_proba(X).tobytes() == before


@compiled
def test_trees_have_the_parameters_that_they_were_grown_with():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(80, 4)), random.integers(0, 2, 80)
    slow, fast = (
        cls(n_estimators=3, random_state=0, max_features=np.int64(2)).fit(X, y).set_params(max_depth=1)
        for cls in (RandomForestClassifier, FastRandomForestClassifier)
    )
    for ours, theirs in zip(fast.estimators_, slow.estimators_, strict=True):
        assert ours.get_params() == theirs.get_params()
        assert vars(ours).keys() == vars(theirs).keys()


@compiled
def test_the_same_fit_is_the_same_pickle():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(80, 4)), random.integers(0, 2, 80)
    pickles = set()
    for number in range(10):
        kept = random.bytes(64 * 200 * number)  # other memory each time
        del kept
        pickles.add(pickle.dumps(FastRandomForestClassifier(n_estimators=3, random_state=0).fit(X, y)))
    assert len(pickles) == 1


@compiled
@pytest.mark.parametrize(
    "change", [{"max_depth": 2**63}, {"min_samples_split": 2**63}, {"min_samples_leaf": 2**62}], ids=str
)
def test_numbers_beyond_all_rows_are_scikit_learns_to_judge(change):
    X, y = np.arange(20.0).reshape(-1, 1), np.arange(20) % 2
    said = []
    for cls in (RandomForestClassifier, FastRandomForestClassifier):
        try:
            said.append(cls(n_estimators=2, random_state=0, **change).fit(X, y).predict_proba(X).tolist())
        except (OverflowError, ValueError) as error:
            said.append(type(error))
    assert said[0] == said[1]


@compiled
@pytest.mark.parametrize("seed", [3, None, np.random.RandomState(4)], ids=["int", "none", "shared"])
def test_where_memory_does_not_suffice_scikit_learns_builder_grows_the_forest(seed, monkeypatch):
    random = np.random.default_rng(0)
    X, y = random.normal(size=(80, 4)), random.integers(0, 2, 80)

    def full(*_args):
        raise MemoryError

    if isinstance(seed, np.random.RandomState):
        np_state = seed.get_state()
    else:
        np_state = np.random.get_state()
    slow = RandomForestClassifier(n_estimators=3, random_state=seed).fit(X, y)
    (seed if isinstance(seed, np.random.RandomState) else np.random).set_state(np_state)
    monkeypatch.setattr(forest, "grow_trees", full)
    fast = FastRandomForestClassifier(n_estimators=3, random_state=seed).fit(X, y)
    assert "_grown" not in vars(fast)
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()


@compiled
def test_ranks_take_little_more_memory_than_the_table():
    X = np.random.default_rng(0).normal(size=(20_000, 40)).astype(np.float32)
    tracemalloc.start()
    tree_growing._ranked(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * X.nbytes  # ranks and distinct values


def test_an_unfitted_forest_has_no_trees():
    assert not hasattr(FastRandomForestClassifier(), "estimators_")


def test_is_compiled_where_there_is_a_compiler():
    if not (sys.platform == "linux" and platform.machine() == "x86_64" and shutil.which("cc")):
        pytest.skip("no C compiler for this processor here")
    assert why_not_compiled() == "", "install smote-bench again, or call `python hatch_build.py`"
    assert why_not_fastest() == ""


def test_the_digest_of_the_source_is_the_one_that_identifies_the_classifier():
    source = Path(tree_growing.__file__).with_suffix(".c").read_bytes()
    assert hashlib.sha256(source).hexdigest() == tree_growing._SOURCE_SHA256


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "was not compiled when smote-bench was installed"), (b"no library", "cannot be loaded: ")],
)
def test_without_a_library_forests_are_the_same(content, message, tmp_path, monkeypatch, looked_up_anew):
    library = tmp_path / "_tree_growing.so"
    if content is not None:
        library.write_bytes(content)
    monkeypatch.setattr(tree_growing, "_LIBRARY", library)
    assert message in why_not_fastest()
    random = np.random.default_rng(0)
    X, y = random.normal(size=(60, 3)), random.integers(0, 2, 60)
    slow, fast = (
        cls(n_estimators=3, random_state=0).fit(X, y)
        for cls in (RandomForestClassifier, FastRandomForestClassifier)
    )
    assert "_grown" not in vars(fast)
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()


@compiled
def test_a_forest_predicts_the_same_where_it_is_unpickled_without_a_library(
    tmp_path, monkeypatch, looked_up_anew
):
    random = np.random.default_rng(0)
    X, y = random.normal(size=(60, 3)), random.integers(0, 2, 60)
    fast = FastRandomForestClassifier(n_estimators=3, random_state=0).fit(X, y)
    before = fast.predict_proba(X).tobytes()
    pickled = pickle.dumps(fast)
    monkeypatch.setattr(tree_growing, "_LIBRARY", tmp_path / "none.so")
    why_not_compiled.cache_clear()
    tree_growing._library.cache_clear()
    assert pickle.loads(pickled).predict_proba(X).tobytes() == before


@compiled
def test_a_library_of_another_source_is_not_used(monkeypatch, looked_up_anew):
    monkeypatch.setattr(tree_growing, "_SOURCE_SHA256", "0" * 64)
    assert why_not_fastest() == "_tree_growing.so was compiled from another source: install smote-bench again"


@compiled
@pytest.mark.parametrize("wrong", ["trees", "layout"])
def test_a_scikit_learn_that_grows_other_trees_is_left_to_its_own_builder(wrong, monkeypatch, looked_up_anew):
    if wrong == "trees":
        monkeypatch.setattr(forest, "Growth", lambda *numbers: Growth(*numbers[:3], 5, *numbers[4:]))
    else:
        monkeypatch.setattr(forest, "NODE_DTYPE", np.dtype("f8"))
    assert "grows other trees than our compiled code" in why_not_fastest()
    X, y = np.arange(40.0).reshape(-1, 2), np.arange(20) % 2
    for cls in (FastRandomForestClassifier, FastDecisionTreeClassifier):
        with pytest.warns(RuntimeWarning, match="own, slower code, with the same result: .* other trees"):
            cls(random_state=0).fit(X, y)
