"""Naming and building classifiers."""

import importlib.util
import json
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from smote_bench.classifiers import registry as classifiers
from smote_bench.classifiers.decision_tree import FastDecisionTreeClassifier
from smote_bench.classifiers.registry import (
    CLASSIFIERS,
    build_classifier,
    check_available,
    classifier_identity,
    parse_classifier,
)
from smote_bench.errors import ConfigError, UnavailableError

NAMES = [
    "RandomForest",
    "SVM",
    "kNN",
    "LogisticRegression",
    "DecisionTree",
    "NaiveBayes",
    "HistGradientBoosting",
    "CatBoost",
    "KerasMLP",
]
OPTIONAL = {"CatBoost": "catboost", "KerasMLP": "tensorflow"}
INSTALLED = [name for name in NAMES if name not in OPTIONAL or importlib.util.find_spec(OPTIONAL[name])]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Fit as a worker does; two threads on two busy cores make gradient boosting 100 times slower."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def table():
    return make_classification(120, 5, n_informative=3, weights=[0.8], random_state=0)


def test_knows_the_classifiers_of_the_protocol():
    assert list(CLASSIFIERS) == NAMES


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("RandomForest", RandomForestClassifier(n_estimators=100, random_state=42)),
        ("DecisionTree", FastDecisionTreeClassifier(random_state=42)),
        ("LogisticRegression", LogisticRegression(random_state=42, max_iter=1000)),
        ("kNN", KNeighborsClassifier(n_neighbors=5)),
    ],
)
def test_builds_what_the_published_protocol_built(name, published, table):
    X, y = table
    ours = build_classifier(parse_classifier(name), 42)
    assert ours.get_params() == published.get_params()
    assert ours.fit(X, y).predict_proba(X).tobytes() == published.fit(X, y).predict_proba(X).tobytes()


@pytest.mark.parametrize("name", INSTALLED)
def test_same_seed_gives_the_same_bytes(name, table):
    X, y = table
    first, second = (
        np.asarray(build_classifier(parse_classifier(name), 7).fit(X, y).predict_proba(X)) for _ in range(2)
    )
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("name", INSTALLED)
def test_builds_a_fresh_estimator_each_time(name):
    spec = parse_classifier(name)
    assert build_classifier(spec, 0) is not build_classifier(spec, 0)


@pytest.mark.parametrize(
    ("name", "definition", "target", "params"),
    [
        ("kNN", {"n_neighbors": 3}, "sklearn.neighbors:KNeighborsClassifier", {"n_neighbors": 3}),
        ("Ridge", "sklearn.linear_model:RidgeClassifier", "sklearn.linear_model:RidgeClassifier", {}),
        ("sklearn.dummy:DummyClassifier", None, "sklearn.dummy:DummyClassifier", {}),
        (
            "kNN9",
            {"classifier": "kNN", "params": {"n_neighbors": 9}},
            "sklearn.neighbors:KNeighborsClassifier",
            {"n_neighbors": 9},
        ),
        ("near", "kNN", "sklearn.neighbors:KNeighborsClassifier", {"n_neighbors": 5}),
        (
            "Stump",
            {"classifier": "sklearn.tree:DecisionTreeClassifier", "params": {"max_depth": 1}},
            "sklearn.tree:DecisionTreeClassifier",
            {"max_depth": 1},
        ),
        ("Bare", {"classifier": "sklearn.naive_bayes:GaussianNB"}, "sklearn.naive_bayes:GaussianNB", {}),
    ],
)
def test_understands_every_form_of_definition(name, definition, target, params):
    spec = parse_classifier(name, definition)
    assert (spec.name, spec.target, spec.params) == (name, target, params)


@pytest.mark.parametrize(
    ("name", "definition", "message"),
    [
        ("RandomForst", None, "expected a classifier, got 'RandomForst'. Did you mean 'RandomForest'?"),
        ("GradientBoostingClassifier", None, "write 'sklearn.ensemble:GradientBoostingClassifier'"),
        ("Mine", {"max_depth": 1}, "expected a classifier, got 'Mine'"),
        ("Mine", "not a target", "expected a classifier, got 'not a target'"),
        (
            "kNN",
            [5],
            "expected 'package.module:Class', a mapping of parameters or nothing, got [5] (type=list)",
        ),
        ("kNN", {"classifier": "kNN", "n_neighbors": 3}, "move other keys into 'params'"),
        ("kNN", {"classifier": 5}, "expected the keys 'classifier' (a name"),
        ("kNN", {"classifier": "kNN", "params": [3]}, "expected 'params' to map names to values, got [3]"),
        (
            "RandomForest",
            {"random_state": 0},
            "got random_state=0: remove it, seeds come from the experiment",
        ),
        ("RandomForest", {"n_jobs": -1}, "expected one job per worker, got n_jobs=-1"),
        ("CatBoost", {"random_seed": 0}, "got random_seed=0: remove it"),
        (
            "Bag",
            {
                "classifier": "sklearn.ensemble:BaggingClassifier",
                "params": {
                    "estimator": {
                        "classifier": "sklearn.tree:DecisionTreeClassifier",
                        "params": {"random_state": 1},
                    }
                },
            },
            "got random_state=1: remove it",
        ),
    ],
)
def test_rejects_what_it_does_not_understand(name, definition, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        parse_classifier(name, definition)


def test_takes_classifiers_registered_by_plugins():
    stump = parse_classifier(
        "Stump", {"classifier": "sklearn.tree:DecisionTreeClassifier", "params": {"max_depth": 1}}
    )
    assert parse_classifier("Stump", known={"Stump": stump}) == stump
    assert parse_classifier("Stump", {"max_depth": 2}, known={"Stump": stump}).params == {"max_depth": 2}


def test_names_a_parameter_that_the_class_does_not_have():
    spec = parse_classifier("kNN", {"n_neighbours": 3})
    with pytest.raises(ConfigError, match=r"got 'n_neighbours'\. Did you mean 'n_neighbors'"):
        build_classifier(spec, 0)


def test_says_which_argument_is_missing():
    spec = parse_classifier("Vote", "sklearn.ensemble:VotingClassifier")
    with pytest.raises(ConfigError, match=r"cannot be built from \{\}.*missing 1 required.*'estimators'"):
        build_classifier(spec, 0)


def test_seeds_nested_estimators_too():
    definition = {
        "classifier": "sklearn.pipeline:Pipeline",
        "params": {
            "steps": [
                ["scale", {"classifier": "sklearn.preprocessing:StandardScaler"}],
                [
                    "bag",
                    {
                        "classifier": "sklearn.ensemble:BaggingClassifier",
                        "params": {"estimator": {"classifier": "sklearn.tree:ExtraTreeClassifier"}},
                    },
                ],
            ]
        },
    }
    built = build_classifier(parse_classifier("Bagged", definition), 11).get_params()
    assert built["bag__random_state"] == built["bag__estimator__random_state"] == 11


def test_seeds_what_a_function_returns(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "factory_for_seeds.py").write_text(
        "from sklearn.ensemble import BaggingClassifier\nfrom sklearn.tree import DecisionTreeClassifier\n"
        "def bag(): return BaggingClassifier(DecisionTreeClassifier())\n"
    )
    built = build_classifier(parse_classifier("Bag", "factory_for_seeds:bag"), 11).get_params()
    assert built["random_state"] == built["estimator__random_state"] == 11


def test_explicit_scikit_learn_forest_is_scikit_learns():
    built = build_classifier(parse_classifier("Plain", "sklearn.ensemble:RandomForestClassifier"), 3)
    assert type(built) is RandomForestClassifier
    assert built.random_state == 3


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [
        ("CatBoost", "catboost", "catboost"),
        ("KerasMLP", "tensorflow", "keras"),
        ("KerasMLP", "keras", "keras"),
        ("catboost:CatBoostClassifier", "catboost", "catboost"),
    ],
)
@pytest.mark.parametrize("error", [None, ImportError, ValueError])
def test_a_missing_extra_is_unavailable_with_its_remedy(monkeypatch, name, package, extra, error):
    def find_spec(asked):
        if asked != package:
            return "found"
        if error:
            raise error(asked)
        return None

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(UnavailableError, match=f"needs {package}, which is not installed") as raised:
        build_classifier(parse_classifier(name), 0)
    assert raised.value.remedy == f"install it with: pip install 'smote-bench[{extra}]'"


def test_what_is_installed_is_available():
    for name in INSTALLED:
        check_available(parse_classifier(name))


@pytest.mark.skipif("CatBoost" not in INSTALLED, reason="the extra catboost is not installed")
def test_catboost_is_quiet_and_writes_no_files(tmp_path, table, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    build_classifier(parse_classifier("CatBoost", {"iterations": 3}), 0).fit(*table)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().out == ""


def test_a_spec_survives_pickle_and_is_hashable():
    spec = parse_classifier("kNN", {"n_neighbors": 3})
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert {spec: 1}[parse_classifier("kNN", {"n_neighbors": 3})] == 1


@pytest.mark.parametrize("name", NAMES)
def test_identity_is_json(name):
    identity = classifier_identity(parse_classifier(name))
    assert json.loads(json.dumps(identity)) == identity


def test_identity_changes_with_a_parameter_but_not_with_the_order_of_parameters():
    def identity(**params):
        return json.dumps(classifier_identity(parse_classifier("DecisionTree", params)))

    assert identity(max_depth=2) != identity(max_depth=3)
    assert identity(max_depth=2, splitter="best") == identity(splitter="best", max_depth=2)


def test_identity_changes_with_a_version_of_scikit_learn(monkeypatch):
    spec = parse_classifier("kNN")
    before = classifier_identity(spec)
    monkeypatch.setattr(classifiers, "package_version", lambda name: "0.0")
    assert classifier_identity(spec) != before


def test_identity_of_the_network_alone_changes_with_a_version_of_keras(monkeypatch):
    specs = [parse_classifier(name) for name in ("KerasMLP", "kNN")]
    before = [classifier_identity(spec)["needs"] for spec in specs]
    version = classifiers.package_version
    monkeypatch.setattr(
        classifiers, "package_version", lambda name: "0" if name == "keras" else version(name)
    )
    after = [classifier_identity(spec)["needs"] for spec in specs]
    assert [one == two for one, two in zip(before, after, strict=True)] == [False, True]


def test_identity_changes_with_the_source_of_a_nested_class(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    spec = parse_classifier(
        "Bag",
        {
            "classifier": "sklearn.ensemble:BaggingClassifier",
            "params": {"estimator": {"classifier": "nested_for_identity:Mine"}},
        },
    )
    source = tmp_path / "nested_for_identity.py"
    source.write_text("class Mine: pass\n")
    before = classifier_identity(spec)
    source.write_text("class Mine: changed = True\n")
    assert classifier_identity(spec) != before


def test_identity_of_the_forest_changes_with_our_source(tmp_path):
    package = Path(classifiers.__file__).parents[1]
    code = (
        "import json; from smote_bench.classifiers.registry import *; "
        "print(json.dumps(classifier_identity(parse_classifier('RandomForest'))['targets']))"
    )

    def shown():
        return subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    copy = tmp_path / "smote_bench"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = shown()
    with (copy / "classifiers" / "forest.py").open("a") as source:
        source.write("# changed\n")
    assert shown() != before
