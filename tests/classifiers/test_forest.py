"""The fast forest is scikit-learn's forest, byte for byte."""

import importlib.util
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

from smote_bench.classifiers import forest
from smote_bench.classifiers.fitting import fit_predict
from smote_bench.classifiers.forest import TESTED_SCIKIT_LEARN, FastRandomForestClassifier
from smote_bench.classifiers.registry import classifier_identity, parse_classifier

TREE_ARRAYS = (
    "children_left",
    "children_right",
    "feature",
    "threshold",
    "impurity",
    "n_node_samples",
    "value",
)


def table(n=120, d=5, seed=0, classes=2):
    return make_classification(
        n, d, n_informative=min(d, 3), n_redundant=0, n_classes=classes, weights=[0.8], random_state=seed
    )


def both(X, y, sample_weight=None, **params):
    return (
        cls(**params).fit(X, y, sample_weight=sample_weight)
        for cls in (RandomForestClassifier, FastRandomForestClassifier)
    )


def assert_same(slow, fast, X):
    assert fast.predict_proba(X).tobytes() == slow.predict_proba(X).tobytes()
    assert fast.predict(X).tolist() == slow.predict(X).tolist()
    for ours, theirs in zip(fast.estimators_, slow.estimators_, strict=True):
        for name in TREE_ARRAYS:
            assert getattr(ours.tree_, name).tobytes() == getattr(theirs.tree_, name).tobytes()


@st.composite
def tables(draw):
    """Small tables: gaussian or coarse (many ties), a constant column at times, two or three classes."""
    n, d = draw(st.integers(4, 60)), draw(st.integers(1, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X = random.normal(size=(n, d))
    if draw(st.booleans()):
        X = np.round(X)
    if draw(st.booleans()):
        X[:, 0] = 1.0
    y = random.integers(0, draw(st.integers(1, 3)), n)
    return X, y


PARAMS = st.fixed_dictionaries(
    {"n_estimators": st.integers(1, 8), "random_state": st.integers(0, 2**31 - 1)},
    optional={
        "bootstrap": st.booleans(),
        "class_weight": st.just("balanced"),
        "criterion": st.sampled_from(["gini", "entropy", "log_loss"]),
        "max_depth": st.integers(1, 4),
        "max_features": st.one_of(
            st.sampled_from(["sqrt", "log2", None]), st.integers(1, 9), st.floats(0.05, 1)
        ),
        "min_impurity_decrease": st.floats(0, 0.1),
        "min_samples_leaf": st.integers(1, 5),
        "min_samples_split": st.integers(2, 6),
    },
)


@settings(deadline=None)
@given(tables(), PARAMS, st.booleans())
def test_grows_the_trees_of_scikit_learn(data, params, weighted):
    X, y = data
    weights = np.random.default_rng(0).uniform(0.1, 2.0, len(y)) if weighted else None
    slow, fast = both(X, y, weights, **params)
    assert_same(slow, fast, X)


@pytest.mark.parametrize("bootstrap", [True, False])
def test_combines_sample_and_class_weights_like_scikit_learn(bootstrap):
    X, y = table()
    weights = np.random.default_rng(0).uniform(0.1, 2.0, len(y))
    slow, fast = both(
        X, y, weights, class_weight="balanced", bootstrap=bootstrap, n_estimators=5, random_state=0
    )
    assert_same(slow, fast, X)


@pytest.mark.filterwarnings("ignore:Using the fractional value max_samples:UserWarning")
@settings(deadline=None)
@given(tables(), st.one_of(st.floats(0.1, 1.0), st.integers(1, 4)), st.integers(0, 100))
def test_draws_max_samples_like_scikit_learn(data, max_samples, seed):
    slow, fast = both(*data, max_samples=max_samples, n_estimators=5, random_state=seed)
    assert_same(slow, fast, data[0])


def test_equals_scikit_learn_on_5000_rows():
    X, y = table(5000, 10)
    slow, fast = both(X, y, n_estimators=10, random_state=42)
    assert_same(slow, fast, X)


def test_installed_scikit_learn_is_one_it_was_compared_with():
    minor = ".".join(sklearn.__version__.split(".")[:2])
    assert minor in TESTED_SCIKIT_LEARN, (
        f"scikit-learn {sklearn.__version__} takes the slow way: add {minor!r} to TESTED_SCIKIT_LEARN if the "
        "other tests of this file pass with it"
    )


def test_the_tested_case_never_enters_the_parents_fit(parents_fits):
    FastRandomForestClassifier(n_estimators=3, random_state=0).fit(*table())
    assert parents_fits == []


@pytest.mark.parametrize(
    "params",
    [
        {"oob_score": True},
        {"warm_start": True},
        {"n_jobs": 2},
        {"max_leaf_nodes": 5},
        {"ccp_alpha": 0.01},
        {"min_weight_fraction_leaf": 0.1},
        {"min_samples_leaf": 0.05},
        {"min_samples_split": 0.05},
        {"class_weight": "balanced_subsample"},
        {"class_weight": {0: 1, 1: 5}},
        {"monotonic_cst": [1, 0, 0, 0, 0]},
    ],
)
def test_other_parameters_give_the_parents_forest_too(params):
    X, y = table()
    slow, fast = both(X, y, n_estimators=15, random_state=0, **params)
    assert_same(slow, fast, X)


@pytest.mark.parametrize(
    "params", [{"warm_start": True}, {"n_jobs": 2}, {"max_leaf_nodes": 5}, {"oob_score": True}]
)
def test_what_was_not_compared_is_left_to_the_parent(params, parents_fits):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # three trees are few for an out-of-bag score
        FastRandomForestClassifier(n_estimators=3, random_state=0, **params).fit(*table())
    assert len(parents_fits) == 1


def test_an_untested_scikit_learn_takes_the_parents_way(monkeypatch, parents_fits):
    monkeypatch.setattr(forest, "TESTED_SCIKIT_LEARN", ("0.1",))
    with pytest.warns(RuntimeWarning, match=r"slower code, .* is not among the releases .* \(0\.1\)"):
        FastRandomForestClassifier(n_estimators=3, random_state=0).fit(*table())
    assert len(parents_fits) == 1


@pytest.mark.parametrize(
    "name",
    [
        "sklearn.base._fit_context",
        "sklearn.ensemble._forest._generate_sample_indices",
        "sklearn.ensemble._forest._get_n_samples_bootstrap",
        "sklearn.tree._classes.CRITERIA_CLF",
        "sklearn.tree._splitter.BestSplitter",
        "sklearn.tree._tree.DepthFirstTreeBuilder",
        "sklearn.tree._tree.Tree",
        "sklearn.utils.validation._check_sample_weight",
        "sklearn.utils.validation.validate_data",
    ],
)
def test_a_name_that_scikit_learn_no_longer_has_leaves_the_forest_to_the_parent(name, monkeypatch):
    with monkeypatch.context() as without:
        without.delattr(name)
        spec = importlib.util.spec_from_file_location("forest_without_a_name", forest.__file__)
        lacking = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(lacking)
    X, y = table()
    weights = np.random.default_rng(0).uniform(0.1, 2.0, len(y))
    slow = RandomForestClassifier(n_estimators=5, random_state=0).fit(X, y, weights)
    fast = lacking.FastRandomForestClassifier(n_estimators=5, random_state=0)
    with pytest.warns(RuntimeWarning, match=f"not all the internals .*{name.rpartition('.')[2]}"):
        fast.fit(X, y, weights)
    assert_same(slow, fast, X)
    assert set(vars(fast)) == set(vars(slow))


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("BestSplitter", lambda criterion, max_features: None, "TypeError"),
        ("_check_sample_weight", lambda weights: weights, "TypeError"),
        ("CRITERIA_CLF", {}, "KeyError"),
        (
            "_generate_sample_indices",
            lambda random, n, n_drawn, weights: np.zeros(n_drawn, dtype=np.int32),
            "a small forest came out otherwise",
        ),
    ],
)
def test_internals_that_do_something_else_leave_the_forest_to_the_parent(
    name, changed, message, monkeypatch, tried_anew
):
    monkeypatch.setattr(forest, name, changed)
    X, y = table()
    with pytest.warns(RuntimeWarning, match=f"slower code, with the same result: .*{message}"):
        slow, fast = both(X, y, n_estimators=5, random_state=0)
    assert_same(slow, fast, X)


def test_a_cell_says_that_its_forest_was_grown_the_slower_way_and_keeps_its_scores(monkeypatch):
    X, y = table()
    rows = (X[:80], y[:80], X[80:])
    fast = fit_predict(parse_classifier("RandomForest"), *rows, seed=0)
    monkeypatch.setattr(forest, "TESTED_SCIKIT_LEARN", ("0.1",))
    slow = fit_predict(parse_classifier("RandomForest"), *rows, seed=0)
    assert slow.score.tobytes() == fast.score.tobytes()
    assert not fast.warnings
    assert [text for text in slow.warnings if "slower code, with the same result" in text]


def test_the_release_of_scikit_learn_and_its_contents_are_in_the_classifiers_identity():
    identity = classifier_identity(parse_classifier("RandomForest"))
    assert identity["needs"]["sklearn"] == sklearn.__version__
    (code,) = identity["targets"]
    assert code["installed"]["sklearn"]


@pytest.mark.parametrize(
    "kind", ["missing", "sparse", "frame", "strings", "float32", "fortran", "multi-output"]
)
def test_other_input_gives_the_parents_forest_too(kind):
    X, y = table()
    if kind == "missing":
        X[::7, 1] = np.nan
    elif kind == "sparse":
        X = csr_matrix(X)
    elif kind == "frame":
        X = pd.DataFrame(X, columns=list("abcde"))
    elif kind == "strings":
        y = np.where(y == 1, "yes", "no")
    elif kind == "float32":
        X = X.astype(np.float32)
    elif kind == "fortran":
        X = np.asfortranarray(X)
    else:
        y = np.column_stack([y, 1 - y])
    slow, fast = both(X, y, n_estimators=5, random_state=0)
    assert np.array_equal(fast.predict_proba(X), slow.predict_proba(X))
    assert np.array_equal(fast.predict(X), slow.predict(X))
    assert list(getattr(fast, "feature_names_in_", [])) == list(getattr(slow, "feature_names_in_", []))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda X, y: (np.where(X > 2, np.inf, X), y), "infinity"),
        (lambda X, y: (X, y[:-1]), "inconsistent numbers of samples"),
        (lambda X, y: (X, y + 0.5 * (y == 0) + 0.1), "Unknown label type"),
        (lambda X, y: (X[:0], y[:0]), "0 sample"),
    ],
)
def test_raises_what_the_parent_raises(spoil, message):
    X, y = spoil(*table())
    raised = []
    for cls in (RandomForestClassifier, FastRandomForestClassifier):
        with pytest.raises(ValueError, match=message) as error:
            cls(random_state=0).fit(X, y)
        raised.append(str(error.value).replace(cls.__name__, "forest"))
    assert raised[0] == raised[1]


def test_rejects_wrong_parameters_like_the_parent():
    with pytest.raises(
        ValueError, match="'n_estimators' parameter of FastRandomForestClassifier must be an int"
    ):
        FastRandomForestClassifier(n_estimators=0).fit(*table())


def test_rejects_max_samples_without_bootstrap_like_the_parent():
    with pytest.raises(ValueError, match="`max_sample` cannot be set if `bootstrap=False`"):
        FastRandomForestClassifier(bootstrap=False, max_samples=5).fit(*table())


def test_rejects_other_columns_at_prediction():
    with pytest.raises(ValueError, match="X has 4 features, but FastRandomForestClassifier is expecting 5"):
        FastRandomForestClassifier(n_estimators=2).fit(*table()).predict_proba(np.zeros((3, 4)))


def test_survives_clone_and_pickle():
    X, y = table()
    slow, fast = both(X, y, n_estimators=5, random_state=3, min_samples_leaf=2)
    assert_same(slow, pickle.loads(pickle.dumps(fast)), X)
    assert_same(slow, clone(fast).fit(X, y), X)


def test_refitting_forgets_the_first_forest():
    slow, fast = both(*table(seed=1), n_estimators=5, random_state=0)
    X, y = table(80, 3, seed=2)
    assert_same(slow.fit(X, y), fast.fit(X, y), X)


def test_does_not_touch_the_global_random_state():
    np.random.seed(5)
    before = np.random.get_state()[1].tobytes()
    FastRandomForestClassifier(n_estimators=3, random_state=0).fit(*table())
    assert np.random.get_state()[1].tobytes() == before


def test_a_shared_random_state_is_left_where_the_parent_leaves_it():
    X, y = table()
    shared = [np.random.RandomState(8), np.random.RandomState(8)]
    RandomForestClassifier(n_estimators=5, random_state=shared[0]).fit(X, y)
    FastRandomForestClassifier(n_estimators=5, random_state=shared[1]).fit(X, y)
    assert shared[0].randint(2**31) == shared[1].randint(2**31)


def test_trees_and_derived_attributes_are_the_parents():
    X, y = table()
    slow, fast = both(X, y, n_estimators=5, random_state=0)
    assert fast.feature_importances_.tobytes() == slow.feature_importances_.tobytes()
    assert fast.apply(X).tolist() == slow.apply(X).tolist()
    for ours, theirs in zip(fast.estimators_samples_, slow.estimators_samples_, strict=True):
        assert ours.tolist() == theirs.tolist()
    for ours, theirs in zip(fast.estimators_, slow.estimators_, strict=True):
        assert ours.get_params() == theirs.get_params()
        assert ours.predict(X).tolist() == theirs.predict(X).tolist()
        assert ours.get_depth() == theirs.get_depth()
        assert set(vars(ours)) == set(vars(theirs))
    assert set(vars(fast)) - {"_grown", "_tree_params"} == set(vars(slow))


@pytest.fixture
def tried_anew():
    """Forget what the trial said of this process's scikit-learn, before and after."""
    forest._trial.cache_clear()
    yield
    forest._trial.cache_clear()


@pytest.fixture
def parents_fits(monkeypatch):
    """Record the calls of the parent's fit after the trial's."""
    forest.why_slow()
    calls = []
    original = RandomForestClassifier.fit

    def fit(self, *args, **kwargs):
        calls.append(type(self).__name__)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(RandomForestClassifier, "fit", fit)
    return calls
