"""A user's classifiers, checked in source before anything is imported."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench.classifiers.check import check_classifier
from smote_bench.classifiers.registry import check_available, parse_classifier
from smote_bench.environment.targets import load_target
from smote_bench.errors import ConfigError, UnavailableError

CLASSES = [
    "sklearn.ensemble:RandomForestClassifier",
    "sklearn.ensemble:HistGradientBoostingClassifier",
    "sklearn.linear_model:LogisticRegression",
    "sklearn.svm:SVC",
    "sklearn.neighbors:KNeighborsClassifier",
    "sklearn.pipeline:Pipeline",
    "sklearn.neural_network:MLPClassifier",
    "sklearn.naive_bayes:GaussianNB",
]


@pytest.mark.parametrize("target", CLASSES)
def test_what_a_signature_has_is_accepted_and_nothing_else(target: str) -> None:
    names = set(inspect.signature(load_target(target)).parameters) - {"random_state", "n_jobs"}
    check_classifier(parse_classifier("X", {"classifier": target, "params": dict.fromkeys(names, 1)}))
    check_classifier(parse_classifier("X", target))
    with pytest.raises(ConfigError, match=f"classifier 'X': {target} has no parameter 'no_such'"):
        check_classifier(parse_classifier("X", {"classifier": target, "params": {"no_such": 1}}))


def test_a_misspelt_parameter_gets_a_suggestion() -> None:
    spec = parse_classifier("X", {"classifier": CLASSES[0], "params": {"n_estimator": 10}})
    with pytest.raises(ConfigError, match=r"no parameter 'n_estimator'\. Did you mean 'n_estimators'"):
        check_classifier(spec)


@pytest.mark.parametrize(
    "target",
    ["sklearn.linear_model:LinearRegression", "sklearn.ensemble:RandomForestRegressor", "sklearn.svm:SVR"],
)
def test_a_regressor_is_refused(target: str) -> None:
    with pytest.raises(ConfigError, match=f"{target} is a regressor; a classifier is needed"):
        check_classifier(parse_classifier("X", target))


def test_nested_estimators_are_written_as_such_and_checked() -> None:
    scaler, regression = "sklearn.preprocessing:StandardScaler", "sklearn.linear_model:LogisticRegression"

    def pipeline(*steps: object):
        params = {"steps": [[f"s{n}", step] for n, step in enumerate(steps)]}
        return parse_classifier("P", {"classifier": "sklearn.pipeline:Pipeline", "params": params})

    with pytest.raises(ConfigError, match=re.escape(f"{scaler!r} stays a text here; nested estimators")):
        check_classifier(pipeline(scaler, regression))
    check_classifier(pipeline({"classifier": scaler}, {"classifier": regression, "params": {"C": 2}}))
    with pytest.raises(ConfigError, match="no parameter 'c'"):
        check_classifier(pipeline({"classifier": scaler}, {"classifier": regression, "params": {"c": 2}}))


def test_nothing_is_imported_for_it() -> None:
    code = (
        "import sys\nfrom smote_bench.classifiers.check import check_classifier\n"
        "from smote_bench.classifiers.registry import parse_classifier\n"
        f"check_classifier(parse_classifier('X', {CLASSES[0]!r}))\n"
        "print({'sklearn', 'numpy'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_well_known_package_that_is_not_here_is_unavailable_and_a_misspelt_one_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smote_bench.environment.target_source.origin_of", lambda _module: None)
    spec = parse_classifier("X", "tabpfn:TabPFNClassifier")
    check_classifier(spec)
    with pytest.raises(UnavailableError, match="pip install tabpfn"):
        check_available(spec)
    with pytest.raises(ConfigError, match=r"no module 'xgbost'\. Did you mean 'xgboost'"):
        check_classifier(parse_classifier("X", "xgbost:XGBClassifier"))
    check_available(parse_classifier("X", "a_package_that_nobody_vouched_for:Model"))  # its cells say so


def test_a_parameter_may_look_like_the_name_of_a_class() -> None:
    params = {"objective": "binary:logistic"}
    check_classifier(parse_classifier("X", {"classifier": "xgboost:XGBClassifier", "params": params}))


def test_a_classifier_of_ones_own_may_be_made_from_a_regressor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "ridge_labels.py").write_text(
        "import sklearn.base as base\nfrom sklearn.linear_model import Ridge\n"
        "class Labels(base.ClassifierMixin, Ridge): ...\n"
        "class Typed(Ridge):\n    _estimator_type = 'classifier'\n"
    )
    for name in ("Labels", "Typed"):
        check_classifier(parse_classifier("X", f"ridge_labels:{name}"))


@pytest.mark.parametrize(
    ("nested", "said"),
    [
        ({"classifier": "kNN"}, r"got 'kNN'\. kNN is 'sklearn.neighbors:KNeighborsClassifier'"),
        ({"classifier": "kNNN"}, "got 'kNNN'. Did you mean 'kNN'"),
        ({"classifier": CLASSES[4], "parms": {}}, "got 'parms'. Did you mean 'params'"),
        ({"classifier": CLASSES[4], "params": {"n_neighbours": 3}}, "Did you mean 'n_neighbors'"),
        ({"classifier": "sklearn.neighbors:KNeighborClassifier"}, "Did you mean 'KNeighborsClassifier'"),
    ],
)
def test_a_nested_estimator_that_would_stay_data_is_refused(nested: dict, said: str) -> None:
    params = {"estimator": nested}
    spec = parse_classifier("B", {"classifier": "sklearn.ensemble:BaggingClassifier", "params": params})
    with pytest.raises(ConfigError, match=said):
        check_classifier(spec)


def test_a_mapping_that_is_no_estimator_is_left_alone() -> None:
    params = {"class_weight": {"classifier": "something else", "more": 1}}
    check_classifier(parse_classifier("X", {"classifier": CLASSES[0], "params": params}))


def test_a_number_in_quotes_is_refused_of_libraries_alone() -> None:
    params = {"n_neighbors": "5"}
    with pytest.raises(ConfigError, match=r"expected a number for n_neighbors .* write n_neighbors: 5"):
        check_classifier(parse_classifier("X", {"classifier": CLASSES[4], "params": params}))
    check_classifier(parse_classifier("X", {"classifier": CLASSES[4], "params": {"weights": "distance"}}))
    check_classifier(parse_classifier("X", {"classifier": "somebody.elses:Thing", "params": {"size": "5"}}))


@pytest.mark.parametrize(
    "target",
    [
        "LogisticRegression",
        "RandomForest",
        "KerasMLP",
        "sklearn.ensemble:ExtraTreesClassifier",
        "imblearn.ensemble:BalancedRandomForestClassifier",
    ],
)
def test_rows_with_categories_are_refused_for_what_takes_numbers(target: str) -> None:
    with pytest.raises(ConfigError, match=r"classifier 'X': expected a classifier that takes categories for"):
        check_classifier(parse_classifier("X", {"classifier": target, "rows": "typed"}))
    check_classifier(parse_classifier("X", target))


@pytest.mark.parametrize(
    "target",
    [
        "HistGradientBoosting",
        "CatBoost",
        "xgboost:XGBClassifier",
        "sklearn.pipeline:Pipeline",
        "sklearn.model_selection:GridSearchCV",
        "sklearn.ensemble:BaggingClassifier",
        "sklearn.dummy:DummyClassifier",
        "imblearn.ensemble:EasyEnsembleClassifier",
    ],
)
def test_rows_with_categories_go_to_what_may_take_them(target: str) -> None:
    check_classifier(parse_classifier("X", {"classifier": target, "rows": "typed"}))
